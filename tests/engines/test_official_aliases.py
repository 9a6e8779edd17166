"""Every alias of every official look-up tab resolves to its own CID; nothing of a list is kept in the project."""

from collections import defaultdict
from functools import cache

import pytest

from tests.engines.declared import listed
from tests.factories.official import VERSIONS, missing_templates
from tests.unit.smelters.knowledge import known, line
from tracelode.minerals import Mineral
from tracelode.smelters.dispositions import NOTHING_DECIDED
from tracelode.smelters.identity import Outcome, Step, resolve
from tracelode.smelters.known import KnownName, NameSource, known_facilities
from tracelode.smelters.names import core_name

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())]


@cache
def official_names() -> tuple[KnownName, ...]:
    return tuple(
        known(
            entry.metal, entry.cid, entry.alias, entry.country,
            standard=entry.name, source=NameSource.TEMPLATE, file=f"{version}.xlsx",
        )
        for version in VERSIONS
        for entry in listed(version)
    )  # fmt: skip


def test_every_alias_of_every_version_resolves_to_its_own_cid() -> None:
    everything = known_facilities(official_names())
    for name in official_names():
        found = resolve(line(name.facility.metal, name.name, name.country), everything, NOTHING_DECIDED)
        assert (found.outcome, found.step, found.facility) == (Outcome.FACILITY, Step.TEMPLATE, name.facility), name


def test_shouted_unaccented_and_without_punctuation_it_is_the_same_alias() -> None:
    everything = known_facilities(official_names())
    for name in official_names():
        shouted = name.name.upper().replace(".", "").replace(",", " ").replace("-", " ")
        found = resolve(line(name.facility.metal, shouted), everything, NOTHING_DECIDED)
        assert found.facility == name.facility, (name, shouted)


def test_two_facilities_share_a_core_name_in_few_cases_and_none_of_them_is_merged() -> None:
    everything = known_facilities(official_names())
    sharing: dict[tuple[Mineral, str], set[str]] = defaultdict(set)
    for name in official_names():
        sharing[name.facility.metal, core_name(name.name)].add(name.facility.cid)
    ambiguous = {key: cids for key, cids in sharing.items() if len(cids) > 1}
    # H.C. Starck and its successor Taniobis under tantalum, Johnson Matthey under gold.
    assert len(ambiguous) == 3
    for metal, core in ambiguous:
        found = resolve(line(metal, core), everything, NOTHING_DECIDED)
        assert found.outcome is Outcome.UNRESOLVED
        assert {each.facility.cid for each in found.suggestions} >= ambiguous[metal, core]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_names_of_a_facility_that_a_version_dropped_are_nobody_elses(version: str) -> None:
    # GIVEN one version's tab alone
    own = [name for name in official_names() if name.file == f"{version}.xlsx"]
    facilities = known_facilities(own)
    for name in official_names():
        # WHEN a line names, without a CID, a facility of another version
        found = resolve(line(name.facility.metal, name.name, name.country), facilities, NOTHING_DECIDED, suggest=False)
        # THEN it is that very facility or unresolved
        assert found.facility in (None, name.facility), (name, found.facility)
