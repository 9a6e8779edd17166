"""A workbook of another template kind is recorded and tallied beside a supplier's CMRT, and moves nothing of it."""

import itertools

from tests.factories.invented_kind import IMRT, UNOBTAINIUM, invented_sheets, templates_with_the_invented
from tests.fuzz.specimens import xlsx
from tests.integration.test_flows import YEAR, World, workbook
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.submission import State
from tracelode.tally.aggregate import merge
from tracelode.tally.by_kind import of_kind
from tracelode.template_kind import CMRT


def test_a_new_kind_is_recorded_and_tallied_in_a_slot_of_its_own(account) -> None:
    # GIVEN a supplier with a company-level CMRT, and a published report
    templates = templates_with_the_invented()
    world = World(account, itertools.count(10))
    world.set_up()
    world.take(world.drop("2016/acme/cmrt.xlsx", workbook()))
    world.publish()
    before, report = merge(account.ledger.partials.of_year(YEAR)), world.latest()
    # WHEN a company-level workbook of the new kind comes from it
    event = world.drop("2016/acme/imrt.xlsx", xlsx(invented_sheets(templates.newest(IMRT))))
    recorded = record_submission(event, account, templates)
    assert (recorded.state, recorded.rules) == (State.ACCEPTED, {})
    assert f"2016/feedback/acme/{recorded.submission_id}" in " ".join(account.keys("2016/"))
    tally_group(YEAR, 0, account.ledger)
    # THEN both are current, and the new one's facilities are named under its mineral
    after = merge(account.ledger.partials.of_year(YEAR))
    current = after.standings["acme"].current
    assert [(item.template_kind, item.template_version) for item in current] == [(CMRT, "6.5"), (IMRT, "1.2")]
    assert current[1].answers["smelters_identified"] == {"Unobtainium": "Yes", "Tin": "Yes"}
    named = {identity.cid for identity in after.identities if identity.metal == UNOBTAINIUM}
    assert named == {"CID990001", ""}
    # AND of the CMRT nothing has moved, nor has a byte of what was published
    alone = of_kind(after, CMRT)
    assert alone.identities == before.identities
    assert alone.standings["acme"].current == before.standings["acme"].current
    world.publish()
    assert world.latest() == report
