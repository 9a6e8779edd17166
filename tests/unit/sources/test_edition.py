"""What an edition holds: by its vocabulary unless the profile says otherwise."""

import pytest

from tests.unit.report.factories import the_filing
from tests.unit.report.prose import text_of
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.picture.figures.figures import count_figures
from tracelode.report.filing.filing import form_sd
from tracelode.review.review import RULE_IDS
from tracelode.smelters.status import Vocabulary
from tracelode.sources.program import Edition, Program, parse_program
from tracelode.sources.stated_facts import Actions


def program(vocabulary: str = "rmap", rest: str = "") -> Program:
    return parse_program(f'year = 2024\nvocabulary = "{vocabulary}"\n{rest}'.encode(), RULE_IDS)


def test_the_edition_of_2016_holds_nothing_more_unless_asked_for() -> None:
    assert program("cfsp-2016").edition == Edition()
    asked = program("cfsp-2016", "[edition]\nstatus_counts = true\n")
    assert asked.edition == Edition(status_counts=True)


def test_editions_of_today_hold_what_good_filings_do_unless_it_is_switched_off() -> None:
    edition = program().edition
    assert edition.status_counts
    assert edition.dates
    assert edition.identification_numbers
    assert not edition.declared_origins
    assert not edition.sole_suppliers
    assert not program(rest="[edition]\ndates = false\n").edition.dates
    assert program(rest="[edition]\ndeclared_origins = true\n").edition.declared_origins


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ('[edition]\ndates = "yes"\n', "edition.dates: true or false is required"),
        ('[edition]\nexhibits_item = "4.01"\n', 'edition.exhibits_item: one of "2.01", "3.01" is required'),
        ("[actions]\ncontracts_ended = -1\n", "actions.contracts_ended: a whole number"),
        ("[actions]\ncontracts_ended = true\n", "actions.contracts_ended: a whole number"),
        ("[actions]\ncorrections_requested = 1\n", "actions.corrections_requested: true or false is required"),
        ("edition = 1\n", "edition: a table"),
        ("actions = 1\n", "actions: a table"),
    ],
)
def test_what_an_option_cannot_be_is_named(rest: str, problem: str) -> None:
    with pytest.raises(ReferenceRefusedError, match=problem):
        program(rest=rest)


def test_an_option_that_nothing_reads_is_shown_rather_than_lost() -> None:
    told = program(rest="[edition]\nstatus_count = true\n[actions]\nended = 1\n")
    assert told.unknown_keys == ("actions.ended", "edition.status_count")
    assert told.actions == Actions()


def test_none_stated_is_not_none_ended() -> None:
    assert program().actions.contracts_ended is None
    assert program(rest="[actions]\ncontracts_ended = 0\n").actions.contracts_ended == 0


@pytest.mark.parametrize(
    ("year", "item", "headings", "absent"),
    [
        (2016, "", ["Section 2 – Exhibits\nItem 2.01 Exhibits"], ["Item 3.01", "13q-1"]),
        (2016, "3.01", ["Section 3 – Exhibits\nItem 3.01 Exhibits", "Item 2.01 Resource"], ["13q-1"]),
        (2024, "", ["Section 3 – Exhibits\nItem 3.01 Exhibits", "☐ Rule 13q-1"], ["Item 2.01 Exhibits"]),
        (2024, "2.01", ["Section 2 – Exhibits\nItem 2.01 Exhibits", "☐ Rule 13q-1"], ["Item 3.01", "Resource"]),
    ],
)
def test_the_exhibits_stand_where_the_year_or_the_profile_says(year, item, headings, absent) -> None:
    situation = the_filing(year=year, vocabulary=Vocabulary.RMAP, edition=Edition(exhibits_item=item))
    told = text_of(form_sd(situation, count_figures(situation)))
    assert [heading for heading in headings if heading not in told] == []
    assert [heading for heading in absent if heading in told] == []
