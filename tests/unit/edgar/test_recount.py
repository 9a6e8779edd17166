"""A filing is recounted in whatever form it comes, and only what is wrong in it is said to be."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.unit.edgar.filings import FORMS, PROSE, Line, annex, in_html, in_tabs, submission
from tests.unit.picture.test_figures import situations
from tests.unit.report.factories import interpretation, risk_view, the_filing
from tests.unit.report.filing.test_filing import SITUATIONS, hostile_situation
from tracelode.edgar.passages import MAX_TABLE_ROWS, FilingTooLargeError
from tracelode.edgar.recount import Recount, recount_filing
from tracelode.minerals import Mineral
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing.filing import exhibit

SEED = Path(
    os.environ.get("TRACELODE_FILING")
    or Path(__file__).resolve().parents[4] / "shared" / "seed" / "form-sd-qualys-2016.txt"
)
BY_METAL = ((Mineral.GOLD, 135), (Mineral.TANTALUM, 47), (Mineral.TIN, 84), (Mineral.TUNGSTEN, 44))
BY_STATUS = (("Active", 14), ("Compliant", 241), ("Indeterminable", 55))


def differing(counted: Recount) -> list[tuple[float, float, str]]:
    return [(held.stated, held.counted, held.meaning) for held in counted.held if not held.agrees]


def stated(prose: str) -> list[tuple[float, str]]:
    """What the sentences are taken to mean, over the example's annex."""
    return [(held.stated, held.meaning) for held in recount_filing(in_tabs(annex(), prose)).held]


def kinds(counted: Recount) -> list[str]:
    return [misfit.kind for misfit in counted.misfits]


@pytest.mark.skipif(not SEED.is_file(), reason="no filing to recount (set TRACELODE_FILING to the one for 2016)")
def test_the_filing_has_two_shifted_rows_and_nothing_else_is_wrong_in_it() -> None:
    # WHEN
    counted = recount_filing(SEED.read_bytes())
    # THEN the two rows are named, and every number that is stated agrees
    assert [(misfit.line, misfit.kind) for misfit in counted.misfits] == [(366, "shifted"), (376, "shifted")]
    assert "EM Vinto" in counted.misfits[0].message
    assert "Operaciones Metalurgical S.A." in counted.misfits[1].message
    assert [held.stated for held in counted.held] == [310, 310, 241, 14, 55, 55, 4, 55]
    assert (differing(counted), counted.not_understood) == ([], ())
    assert {held.line for held in counted.held} == {111}
    # AND the annex adds up as research counted it
    assert (counted.total, counted.by_metal, counted.by_status) == (310, BY_METAL, BY_STATUS)
    assert {(metal, word): number for metal, word, number in counted.by_metal_and_status if metal == Mineral.TIN} == {
        (Mineral.TIN, "Active"): 7,
        (Mineral.TIN, "Compliant"): 65,
        (Mineral.TIN, "Indeterminable"): 12,
    }
    assert (len(counted.countries), counted.without_country) == (43, 2)
    assert dict(counted.countries)["CHINA"] == 84
    assert len(counted.in_africa) == 6
    assert len(counted.in_covered_countries) == 2


@pytest.mark.parametrize("form", FORMS)
def test_a_filing_in_any_form_agrees_with_itself(form: str) -> None:
    counted = recount_filing(FORMS[form](annex()))
    assert (counted.total, counted.by_metal, counted.by_status) == (310, BY_METAL, BY_STATUS)
    assert (counted.misfits, differing(counted), counted.without_country) == ((), [], 0)
    assert [held.stated for held in counted.held] == [310, 310, 241, 14, 55, 4, 55, 2]
    assert counted.is_sound


@pytest.mark.parametrize("form", FORMS)
def test_a_facility_too_many_is_noticed_in_every_number_it_is_in(form: str) -> None:
    # GIVEN
    rows = [*annex(), ("Tungsten", "One More Works", "KENYA", "Indeterminable")]
    # WHEN
    counted = recount_filing(FORMS[form](rows))
    # THEN
    assert differing(counted) == [
        (310, 311, "all"), (310, 311, "all"), (55, 56, "indeterminable"), (4, 5, "indeterminable, in Africa"),
        (55, 56, "indeterminable"),
    ]  # fmt: skip
    assert not counted.is_sound


def edited(name: str, row: Line) -> list[Line]:
    return [row if own[1] == name else own for own in annex()]


@pytest.mark.parametrize("form", ["tabs", "bars", "html", "word processor"])
def test_a_status_in_the_column_of_the_country_still_counts_and_is_named(form: str) -> None:
    counted = recount_filing(FORMS[form](edited("Fenix Metals", ("Tin", "Fenix Metals", "Compliant", ""))))
    assert kinds(counted) == ["shifted"]
    assert "Fenix Metals" in counted.misfits[0].message
    assert (counted.by_status, differing(counted)) == (BY_STATUS, [])


def test_in_aligned_columns_a_gap_is_seen_for_what_it_is() -> None:
    counted = recount_filing(FORMS["spaces"](edited("Fenix Metals", ("Tin", "Fenix Metals", "", "Compliant"))))
    assert kinds(counted) == ["country-missing"]
    assert counted.by_status == BY_STATUS


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (("Tin", "Fenix Metals", "", "Compliant"), "country-missing"),
        (("Tin", "Fenix Metals", "Ruritania", "Compliant"), "country-unknown"),
        (("Tin", "Fenix Metals", "POLAND", ""), "status-missing"),
        (("Tin", "Fenix Metals", "POLAND", "Complaint"), "status-unknown"),
        (("Tin", "", "POLAND", "Compliant"), "name-missing"),
        (("Titanium", "Fenix Metals", "POLAND", "Compliant"), "metal-unknown"),
        (("Tin", "Alpha", "UNITED STATES OF AMERICA", "Compliant"), "repeated"),
        (("Tin", "Alpha", "UNITED STATES OF AMERICA", "Active"), "status-differs"),
        (("Tin", "Fenix Metals", "Compliant", "POLAND"), "shifted"),
    ],
)
@pytest.mark.parametrize("form", ["tabs", "html"])
def test_a_row_that_does_not_fit_is_named_with_its_line(form: str, row: Line, kind: str) -> None:
    # GIVEN
    document = FORMS[form](edited("Fenix Metals", row))
    # WHEN
    counted = recount_filing(document)
    # THEN
    assert kind in kinds(counted)
    misfit = next(one for one in counted.misfits if one.kind == kind)
    line = document.decode().split("\n")[misfit.line - 1]
    assert all(cell in line for cell in row)


def test_a_complete_submission_is_read_by_its_documents() -> None:
    # GIVEN the same annex as an exhibit, beside the form and a picture
    form = b"<html><body><p>Exhibit 1.01 is filed.</p></body></html>"
    whole = submission(
        ("SD", form), ("EX-1.01", in_html(annex())), ("GRAPHIC", b"begin 644 a.jpg\nM_]C_X  02D9)1@\nend")
    )
    # WHEN
    counted = recount_filing(whole)
    # THEN its lines are those of the file
    assert counted.is_sound
    assert counted.held[0].line == 1 + next(
        place for place, line in enumerate(whole.split(b"\n")) if b"310 smelters" in line
    )


def test_a_table_that_names_some_facilities_again_counts_once() -> None:
    rows = annex()
    again = in_html([row for row in rows if row[2] == "RWANDA"], "")
    assert recount_filing(in_html(rows) + again).is_sound


@pytest.mark.parametrize(
    ("prose", "meant"),
    [
        ("A total of 310 smelters were identified.", [(310, "all")]),
        ("Our suppliers reported three hundred smelters.", [(300, "all")]),
        ("Our suppliers reported three hundred and ten smelters, a hundred ten of them active.",
         [(310, "all"), (110, "active")]),
        ("Our suppliers reported two thousand three hundred smelters.", []),
        ("Of the 135 gold refiners named, 93 were compliant.", [(135, "gold"), (93, "gold, conformant")]),
        ("241 of the 310 facilities identified were compliant.", [(241, "conformant"), (310, "all")]),
        ("241 (78%) of the 310 smelters listed were compliant.",
         [(241, "conformant"), (78, "conformant, of all"), (310, "all")]),
        ("The number of active smelters was 14.", [(14, "active")]),
        ("In all, 255 smelters were either compliant or active.", [(255, "conformant or active")]),
        ("There are 69 smelters that are not compliant.", [(69, "active or indeterminable")]),
        ("Forty-four smelters of tungsten were listed.", [(44, "tungsten")]),
        ("Six smelters are located in Africa.", [(6, "in Africa")]),
        ("We list 1 smelter in Annex 3 of Form SD for 2016.", [(1, "all")]),
        ("We asked seven manufacturers to name smelters, and 100% did so by May 31.", []),
        ("The ten Covered Countries are known. In Item 1.01 we report 4 products with smelters.", []),
        ("One supplier reported facilities, 22 of them in the Covered Countries, for 3 years.", []),
    ],
)  # fmt: skip
def test_a_sentence_is_held_against_what_it_counts(prose: str, meant: list[tuple[float, str]]) -> None:
    assert stated(prose) == meant


@pytest.mark.parametrize(
    "prose",
    [
        "During the year 22 smelters were removed.",
        "We visited 3 smelters.",
        "12 facilities are known to source from the Covered Countries.",
        "In the previous year, we identified 298 smelters.",
        "More than 300 smelters were identified.",
    ],
)
def test_what_an_annex_cannot_tell_is_held_against_nothing_and_said(prose: str) -> None:
    counted = recount_filing(in_tabs(annex(), prose))
    assert counted.held == ()
    assert len(counted.not_understood) == 1


def test_a_table_of_counts_is_held_cell_by_cell() -> None:
    counts = (
        "<table><tr><td>Mineral</td><td>Compliant</td><td>Active</td><td>Total</td></tr>"
        "<tr><td>Gold</td><td>93</td><td>7</td><td>135</td></tr>"
        "<tr><td>Total</td><td>241</td><td>14</td><td>311</td></tr></table>"
    )
    counted = recount_filing(in_html(annex(), "") + counts.encode())
    assert differing(counted) == [(7, 6, "gold, active"), (311, 310, "all")]
    assert len(counted.held) == 6


def test_a_share_that_does_not_follow_is_said() -> None:
    counted = recount_filing(in_tabs(annex(), "Of 310 smelters named, 241 (84%) were compliant."))
    assert [(held.stated, held.counted) for held in counted.held if not held.agrees] == [(84, 77.7)]


OURS = {
    "the filing": the_filing(),
    "nothing": interpretation(),
    "risk": risk_view(),
    "hostile": hostile_situation(),
    **{what: told[0] for what, told in SITUATIONS.items()},
}


@pytest.mark.parametrize("what", OURS)
def test_our_own_exhibit_agrees_with_itself(what: str) -> None:
    situation: Interpretation = OURS[what]
    counted = recount_filing(exhibit(situation, count_figures(situation)))
    assert counted.total == len(situation.facilities)
    assert differing(counted) == []
    assert set(kinds(counted)) <= {"country-unknown", "country-missing"}
    unknown = sum(facility.country is None for facility in situation.facilities)
    assert len(counted.misfits) == unknown


@examples(0.4)
@given(situations)
def test_our_own_exhibit_agrees_with_itself_in_any_situation(situation: Interpretation) -> None:
    counted = recount_filing(exhibit(situation, count_figures(situation)))
    assert counted.total == len(situation.facilities)
    assert differing(counted) == []


def test_our_exhibit_for_the_example_states_what_its_annex_holds() -> None:
    counted = recount_filing(exhibit(the_filing(), count_figures(the_filing())))
    assert {310.0, 241.0, 14.0, 55.0, 4.0, 2.0} <= {held.stated for held in counted.held}
    assert counted.is_sound


def test_a_file_without_an_annex_holds_nothing() -> None:
    counted = recount_filing(PROSE.encode())
    assert (counted.total, counted.held, counted.is_sound) == (0, (), False)


@given(st.binary(max_size=300) | st.text(alphabet="<>/ \t|\n10tdrhp-!;&#TinGold", max_size=200).map(str.encode))
def test_whatever_bytes_come_are_answered(data: bytes) -> None:
    assert recount_filing(data).total >= 0


def test_a_table_longer_than_any_filing_has_is_refused() -> None:
    with pytest.raises(FilingTooLargeError):
        recount_filing(b"<table>" + b"<tr><td>a</td></tr>" * (MAX_TABLE_ROWS + 1))
