"""What a filing rests on is never moved by another template: the aggregate of a kind is the fold of that kind alone."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.submissions import identity, submission
from tests.unit.tally.test_aggregate import DAYS, renewed_standings
from tracelode.submission import SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Seat, Standing, as_of, fold
from tracelode.tally.by_kind import of_kind
from tracelode.tally.current import Counted
from tracelode.template_kind import CMRT, TemplateKind

OTHER = TemplateKind("IMRT")


@given(
    renewed_standings(), st.sampled_from([CMRT, OTHER, TemplateKind("none")]), st.sampled_from([*DAYS, "2017-03-01"])
)
def test_the_aggregate_of_a_kind_is_the_fold_of_its_submissions(
    everyone: list[Standing], kind: TemplateKind, day: str
) -> None:
    # GIVEN suppliers of whose submissions some are of another template, which asks about another mineral
    mixed = [_with_another_template(standing) for standing in everyone]
    alone = [_only(standing, kind) for standing in mixed]
    # WHEN / THEN
    told = of_kind(fold(mixed), kind)
    assert (told.standings, told.identities) == (fold(alone).standings, fold(alone).identities)
    # AND what counted before a day is of that kind too
    known = [replace(standing, day=min(standing.day, day)) for standing in mixed]
    then = as_of(of_kind(fold(known), kind), day)
    assert _bare(then) == _bare(as_of(fold([_only(standing, kind) for standing in known]), day))


@given(renewed_standings())
def test_where_nothing_else_came_nothing_is_touched(everyone: list[Standing]) -> None:
    whole = fold(everyone)
    assert of_kind(whole, CMRT) is whole


def test_a_supplier_of_which_only_another_template_came_stays_with_nothing_current() -> None:
    sent = replace(submission(identities={identity("Unobtainium"): 1}), template_kind=OTHER)
    told = of_kind(fold([Standing("acme", Seat(0, 0), (sent,))]), CMRT)
    assert told.standings["acme"].current == ()
    assert told.identities == {}


def _with_another_template(standing: Standing) -> Standing:
    """Every third supplier sent one of its files in the other template, every third one such a file before the rest."""
    number = int(standing.supplier_id[-4:]) % 3
    if number == 0:
        return standing
    if number == 1:
        return _mapped(standing, lambda submissions: tuple(map(_of_its_own_kind, submissions)))
    return _mapped(standing, lambda submissions: (*map(_of_another_kind, submissions[:1]), *submissions))


def _only(standing: Standing, kind: TemplateKind) -> Standing:
    return _mapped(standing, lambda submissions: tuple(each for each in submissions if each.template_kind == kind))


def _mapped(standing: Standing, change) -> Standing:
    before = standing.before
    return replace(
        standing,
        current=change(standing.current),
        before=Counted(change(before.current), before.rejected) if before else None,
    )


def _of_its_own_kind(sent: SubmissionSummary) -> SubmissionSummary:
    """The first file of a supplier is of the other template for every second one, the second for the rest."""
    return _of_another_kind(sent) if sent.key == f"{int(sent.supplier_id[-4:]) % 2}.xlsx" else sent


def _of_another_kind(sent: SubmissionSummary) -> SubmissionSummary:
    def renamed(named: Iterable) -> dict:
        return {replace(each, metal="Unobtainium"): value for each, value in dict(named).items()}

    joined: dict = {}
    for each, rows in sent.identities.items():
        joined.setdefault(replace(each, metal="Unobtainium"), []).extend(rows)
    return replace(
        sent,
        template_kind=OTHER,
        identities={each: tuple(sorted(rows)) for each, rows in joined.items()},
        origins=renamed(sent.origins),
    )


def _bare(aggregate: Aggregate) -> Aggregate:
    standings = {
        name: replace(standing, current=tuple(replace(sent, rows=()) for sent in standing.current))
        for name, standing in aggregate.standings.items()
    }
    return replace(aggregate, standings=standings, before={})
