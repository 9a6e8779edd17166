"""RMI's lists are read by what their columns mean, and errors name row and column as the file has them."""

from datetime import date

import pytest

from tests.unit.sources.exports import CONTAINERS, HEADING, facility, spreadsheetml
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.smelters.status import Assessment, FacilityId, Listing, ListOrigin, Status
from tracelode.sources.rmi_exports import parse_reference_list, parse_revisions, parse_status_export


def problems_of(data: bytes, standing: Listing | None = Listing.CONFORMANT, parse=parse_status_export) -> list[str]:
    with pytest.raises(ReferenceRefusedError) as refusal:
        parse("list.xml", data, standing) if parse is parse_status_export else parse("list.xml", data)
    return [str(problem) for problem in refusal.value.problems]


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_conformant_list_is_read_from_every_container(container: str) -> None:
    # GIVEN
    rows = [
        HEADING,
        facility(1, "Gold", None, date(2023, 5, 31), "3 Years", "No"),
        facility(2, "Tin", "PERU", "2024-02-29 00:00:00", "1 Year", "Yes"),
    ]
    # WHEN
    conformant, notes = parse_status_export("conformant.xml", CONTAINERS[container](rows), Listing.CONFORMANT)
    # THEN
    gold, tin = (
        conformant.facilities[FacilityId(Mineral.GOLD, "CID000001")],
        conformant.facilities[FacilityId(Mineral.TIN, "CID000002")],
    )
    assert (gold.status, gold.country, gold.row, gold.file) == (Status.CONFORMANT, "", 2, "conformant.xml")
    assert gold.assessment == Assessment("", date(2023, 5, 31), 3, reassessment=False)
    assert gold.assessment.lapses_on == date(2026, 5, 31)
    assert (tin.assessment.assessed_on, tin.assessment.lapses_on) == (date(2024, 2, 29), None)
    assert (conformant.origin, conformant.parts, notes) == (ListOrigin.PART, {Listing.CONFORMANT}, ())


@pytest.mark.parametrize(
    "heading",
    [
        "Metal,Smelter ID,Standard Smelter Name(s),Country",
        "mineral;Smelter Identification;Smelter Name;Smelter Facility Location: Country",
        "METAL\tCID\tStandard Facility Name\tcountry",
        "Metal,Facility ID,Standard_Smelter_Names,COUNTRY",
    ],
)
def test_columns_are_found_by_meaning(heading: str) -> None:
    delimiter = next(mark for mark in "\t;," if mark in heading)
    data = csv(heading, delimiter.join(("Gold", "CID000001", "Works", "JAPAN")))
    (listed,) = parse_status_export("active.csv", data, Listing.ACTIVE)[0].facilities.values()
    assert (listed.facility.cid, listed.name, listed.country, listed.status) == (
        "CID000001",
        "Works",
        "JAPAN",
        Status.ACTIVE,
    )


def test_of_several_names_the_standard_name_counts_and_columns_may_stand_in_any_order() -> None:
    data = csv("Smelter Look-up,Standard Smelter Name,Smelter ID,Metal", "Alias Co.,Standard Co.,CID000001,Gold")
    (listed,) = parse_status_export("active.csv", data, Listing.ACTIVE)[0].facilities.values()
    assert (listed.name, listed.aliases) == ("Standard Co.", ("Alias Co.",))


def test_a_list_of_every_standing_needs_a_status_column_and_reads_rmi_s_words() -> None:
    # GIVEN
    rows = (
        "Metal,CID,Smelter Name,RMAP Status,Basis",
        "Gold,CID000001,A,Conformant,RMAP",
        "Gold,CID000002,B,Cross-recognised,LBMA",
        "Gold,CID000003,C,Active - Extended Corrective Action Plan,",
        "Gold,CID000004,D,ELIGIBLE,",
        "Gold,CID000005,E,Outreach Required,",
    )
    # WHEN
    combined, _ = parse_status_export("facility-list.csv", csv(*rows), None)
    # THEN
    listed = list(combined.facilities.values())
    assert [entry.listed_as for entry in listed] == [
        Listing.CONFORMANT,
        Listing.CROSS_RECOGNIZED,
        Listing.EXTENDED_CORRECTIVE_ACTION_PLAN,
        Listing.ELIGIBLE,
        Listing.INDETERMINABLE,
    ]
    assert [entry.status for entry in listed] == [
        "conformant",
        "conformant",
        "active",
        "indeterminable",
        "indeterminable",
    ]
    assert (listed[1].assessment.basis, combined.origin) == ("LBMA", ListOrigin.COMBINED)
    assert problems_of(csv("Metal,CID,Smelter Name", "Gold,CID000001,A"), None) == [
        'row 1, column status: column is missing; it is headed "Due Diligence Assessment Program Status" or '
        '"RMAP Status" or "Assessment Status"'
    ]


def test_what_a_row_says_goes_before_what_the_list_is_of() -> None:
    data = csv("Metal,CID,Name,Status", "Gold,CID000001,A,Extended CAP", "Gold,CID000002,B,")
    listed = parse_status_export("active.csv", data, Listing.ACTIVE)[0].facilities.values()
    assert [entry.listed_as for entry in listed] == [Listing.EXTENDED_CORRECTIVE_ACTION_PLAN, Listing.ACTIVE]


def test_rows_that_cannot_be_used_are_left_out_and_told_by_the_file_s_own_heading() -> None:
    rows = [
        ("Metal", "Smelter Identification", "Smelter Name", "Status"),
        ("Gold", "000001", "A", ""),
        (None, "CID000002", "B", ""),
        ("Gold", "CID000003", None, "Active"),
        ("Gold", "CID000004", "D", "fine"),
        ("Gold", "CID000005", "E", "Active"),
        ("Gold", "CID000005", "E", "Conformant"),
        ("Gold", "CID000006", "F", "Facility Standard Assessed"),
        ("Gold", "CID000007", "G", "Facility Standard Assessed"),
        ("Gold", "CID000008", "H", "-"),
        ("Gold", "CID000009", "I", "Removed"),
    ]
    # GIVEN a list with sound rows and others WHEN it is read
    listed, notes = parse_status_export("facility-list.xml", spreadsheetml(rows), None)
    # THEN the sound ones count, and neither word makes a facility conformant
    assert {one.cid: said.listed_as for one, said in listed.facilities.items()} == {
        "CID000008": Listing.INDETERMINABLE,
        "CID000009": Listing.INDETERMINABLE,
    }
    # AND each kind of the others is told once
    assert notes == (
        "row 2, column Smelter Identification: CID and six digits are required; left out (found '000001')",
        "row 3, column Metal: one of Tantalum, Tin, Gold, Tungsten is required; left out",
        "row 4, column Smelter Name: a name is required; left out",
        "row 5, column Status: \"fine\" is no status that is known; left out (found 'fine')",
        "row 7, column Status: row 6 gives this facility another status; left out (found 'Conformant')",
        'rows 8, 9, column Status: "Facility Standard Assessed" is no status that is known; left out '
        "(found 'Facility Standard Assessed' first)",
    )


def test_a_list_of_which_nothing_sound_is_left_is_refused_with_every_problem() -> None:
    rows = [("Metal", "Smelter Identification", "Smelter Name", "Status"), ("Gold", "000001", "A", "")]
    assert problems_of(spreadsheetml(rows)) == [
        "no row about tantalum, tin, gold or tungsten can be used",
        "row 2, column Smelter Identification: CID and six digits are required (found '000001')",
    ]


def test_a_list_without_its_columns_says_which_are_missing_from_the_most_likely_heading() -> None:
    data = csv("Conformant facilities,,", "Metal,Facility Name,Country", "Gold,Works,JAPAN")
    assert problems_of(data) == [
        'row 2, column facility: column is missing; it is headed "Smelter ID" or "Smelter Identification" or '
        '"Smelter Identification Number"'
    ]


def test_other_minerals_and_footnotes_are_passed_over_and_told() -> None:
    data = csv(
        "Metal,CID,Name", "Cobalt,CID003001,Cobalt Works", "Tin,CID000001,Tin Works", "Mica,CID003002,M", "(c) Example"
    )
    conformant, notes = parse_status_export("conformant.csv", data, Listing.CONFORMANT)
    assert list(conformant.facilities) == [FacilityId(Mineral.TIN, "CID000001")]
    assert notes == ("2 rows of other minerals are passed over: 'Cobalt', 'Mica'",)
    assert problems_of(csv("Metal,CID,Name", "Cobalt,CID003001,Cobalt Works")) == [
        "no row about tantalum, tin, gold or tungsten can be used"
    ]


def test_a_date_or_cycle_that_says_nothing_certain_is_left_out_and_told() -> None:
    rows = [
        HEADING,
        facility(1, "Gold", "JAPAN", "03/04/2024", "often", "perhaps"),
        facility(2, "Gold", "", "N/A", "-", ""),
    ]
    conformant, notes = parse_status_export("conformant.xml", spreadsheetml(rows), Listing.CONFORMANT)
    assert {listed.assessment for listed in conformant.facilities.values()} == {Assessment()}
    assert notes == (
        "row 2, column Last Audit Date: no unambiguous date, left out (found '03/04/2024')",
        "row 2, column Audit Cycle: no number of years, left out (found 'often')",
        "row 2, column Re-audit in progress: neither yes nor no, taken for no (found 'perhaps')",
    )


def test_a_list_full_of_doubts_is_told_in_few_words() -> None:
    rows = [HEADING, *(facility(number, "Gold", "", "soon") for number in range(1, 40))]
    _, notes = parse_status_export("conformant.xml", spreadsheetml(rows), Listing.CONFORMANT)
    assert notes == (
        "rows 2, 3, 4 and 36 more, column Last Audit Date: no unambiguous date, left out (found 'soon' first)",
    )


@pytest.mark.parametrize(
    ("file", "above", "column", "expected"),
    [
        ("conformant-2024-05-01.csv", "As of March 2, 2023", "2022-01-01", date(2024, 5, 1)),
        ("RMAP_Conformant_20240501.csv", "", "", date(2024, 5, 1)),
        ("conformant.csv", "As of March 2, 2023", "2022-01-01", date(2022, 1, 1)),
        ("conformant.csv", "Facilities as of March 2, 2023", "", date(2023, 3, 2)),
        ("conformant.csv", "exported 2023-03-02 by hand", "", date(2023, 3, 2)),
        ("conformant.csv", "Facilities", "", None),
    ],
)
def test_a_list_is_as_of_the_date_in_its_name_then_in_its_column_then_above_its_heading(
    file, above, column, expected
) -> None:
    data = csv(f'"{above}",,,', "Metal,CID,Name,As of", f"Gold,CID000001,A,{column}")
    conformant, _ = parse_status_export(file, data, Listing.CONFORMANT)
    assert conformant.as_of == expected
    assert {listed.as_of for listed in conformant.facilities.values()} == {expected}


def test_a_name_with_an_impossible_date_is_refused() -> None:
    with pytest.raises(ReferenceRefusedError, match=r"the date in its name is no day \(found '2024-02-30'\)"):
        parse_status_export("conformant-2024-02-30.csv", csv("Metal,CID,Name", "Gold,CID000001,A"), Listing.CONFORMANT)


def test_the_reference_list_gives_every_name_of_a_facility() -> None:
    data = csv(
        "Metal,Smelter Reference,Standard Smelter Names,Country,Smelter ID,State Province,City",
        "Gold,Alias Gold,Standard Gold Co.,JAPAN,CID000001,Hyogo,Kobe",
        "Gold,,Standard Gold Co.,JAPAN,CID000001,Hyogo,Kobe",
    )
    names, notes, as_of = parse_reference_list("reference-list-2024-05-01.csv", data)
    assert [(name.alias, name.standard_name, name.city, name.state) for name in names] == [
        ("Alias Gold", "Standard Gold Co.", "Kobe", "Hyogo"),
        ("Standard Gold Co.", "Standard Gold Co.", "Kobe", "Hyogo"),
    ]
    assert (notes, as_of) == ((), date(2024, 5, 1))
    assert problems_of(csv("Metal,CID,Name,Alias", "Tin,CID000001,,"), parse=parse_reference_list) == [
        "no row about tantalum, tin, gold or tungsten can be used",
        "row 2, column Name: a name is required",
    ]


def test_the_revision_list_says_what_changed_and_why() -> None:
    data = csv(
        "Metal,Smelter ID,Smelter Name,Basis for Revision,Details,Revision Date",
        "Gold,CID000001,A,Name change,Formerly B,2024-03-04",
        "Tin,CID000002,C,Removed,,tomorrow",
    )
    (renamed, removed), notes, _ = parse_revisions("revision-list.csv", data)
    assert (renamed.basis, renamed.details, renamed.revised_on, renamed.row) == (
        "Name change",
        "Formerly B",
        date(2024, 3, 4),
        2,
    )
    assert removed.revised_on is None
    assert notes == ("row 3, column Revision Date: no unambiguous date, left out (found 'tomorrow')",)
