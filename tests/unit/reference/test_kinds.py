"""A file's name says what it is; a newer file of a kind replaces an older one whatever it is called."""

import pytest

from tests.factories.official import find_template
from tests.unit.sources.exports import HEADING, facility, spreadsheetml
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.reference.content import known_names_in
from tracelode.reference.kinds import KINDS, MAX_REFERENCE_BYTES, kind_kept_as, kind_of, missing_for_report, take
from tracelode.smelters.known import NameSource
from tracelode.smelters.status import FacilityId

NAMED = {
    "program.toml": ["program.toml"],
    "suppliers.csv": ["suppliers.csv"],
    "smelter-list.csv": ["smelter-list.csv", "Smelter_List.CSV", "smelter-list-2024-05-01.csv"],
    "dispositions.csv": ["dispositions.csv", "to-decide.csv", "dispositions-2024-05-01.csv"],
    "last-year.csv": ["last-year.csv", "LastYear.csv", "last_year 2023.csv"],
    "section": ["section-limits.txt", "Section Future Steps.txt", "section_step-1-management-systems.TXT"],
    "cmrt-template": ["cmrt-template.xlsx", "CMRT-Template-6.5.xlsx", "RMI_CMRT_6.5.xlsx", "cmrt-template-3.01.xls"],
    "revision-list": ["revision-list.xml", "Revisions 2024.xlsx", "Smelter Reference List Revisions.csv"],
    "reference-list": ["reference-list.xml", "smelter-reference-list.xlsx", "SmelterReferenceList-2024-05-01.xml"],
    "facility-list": [
        "facility-list.xlsx",
        "smelter-list.xlsx",
        "conformant-and-active.csv",
        "RMAP facilities list.xml",
    ],
    "cross-recognized-list": ["cross-recognized.xml", "Cross_Recognised_Smelters.csv", "CrossRecognizedGold.xlsx"],
    "eligible-list": ["eligible.csv", "RMAP Eligible Smelters.xml"],
    "conformant-list": [
        "conformant-2024-05-01.xml",
        "RMAP_ConformantSmelters.xls",
        "Conformant Smelter List.xml",
        "conformants.csv",
        "CFSP compliant smelters.xlsx",
    ],
    "active-list": ["active.xml", "ActiveFacilities20240501.xlsx", "RMAP active smelter list.csv"],
}
UNKNOWN = [
    "CMRT_acme.xlsx",
    "inactive.csv",
    "non-conformant.xml",
    "suppliers.pdf",
    "notes.csv",
    "program.json",
    "active",
    "conformant.pdf",
    "smelter-list.csv.bak",
    "",
]


@pytest.mark.parametrize(("kind", "file"), [(kind, file) for kind, files in NAMED.items() for file in files])
def test_a_name_says_what_kind_a_file_is(kind: str, file: str) -> None:
    found = kind_of(file)
    assert found
    assert found.name == kind


@pytest.mark.parametrize("file", UNKNOWN)
def test_a_name_that_says_nothing_is_of_no_kind_and_refused(file: str) -> None:
    assert kind_of(file) is None
    with pytest.raises(ReferenceRefusedError, match=r"known are program\.toml, suppliers\.csv"):
        take(file, b"")


def test_the_example_of_a_kind_is_of_that_kind_and_no_name_has_the_mark_that_parts_kind_and_file() -> None:
    assert {kind.name for kind in KINDS} == set(NAMED)
    for kind in KINDS:
        assert kind_of(kind.example) is kind
        assert ":" not in kind.name
        assert kind_kept_as(kind.kept_as(kind.example)) is kind


def test_each_template_counts_by_itself_each_section_for_itself_and_of_every_other_kind_the_newest_alone() -> None:
    by_file = {kind.name for kind in KINDS if kind.kept_as("a.csv") != kind.kept_as("b.csv")}
    assert by_file == {"cmrt-template", "section"}
    section = kind_of("section-limits.txt")
    assert section.kept_as("section-limits.txt") == section.kept_as("Section Limits.TXT") == "section:limits"
    assert section.kept_as("section-findings.txt") == "section:findings"


@pytest.mark.parametrize("own", ["smelter-list.csv", "facility-list", "conformant-list"])
def test_a_report_needs_a_profile_a_roster_and_a_list_of_either_form(own: str) -> None:
    assert missing_for_report(["program.toml", "suppliers.csv", own]) == ()
    assert [kind.example for kind in missing_for_report(["active-list", "cmrt-template:a.xlsx"])] == [
        "program.toml",
        "suppliers.csv",
        "smelter-list.csv",
    ]


def test_a_file_that_is_too_large_or_too_long_a_name_is_refused() -> None:
    with pytest.raises(ReferenceRefusedError, match="larger than"):
        take("suppliers.csv", b" " * (MAX_REFERENCE_BYTES + 1))
    with pytest.raises(ReferenceRefusedError, match="no reference file is called so"):
        take(f"conformant-{'x' * 300}.csv", b"")


def test_a_status_list_is_also_a_source_of_names() -> None:
    rows = [(*HEADING, "Alias"), (*facility(1), None, None, None, "Alias Works")]
    taken = take("conformant-2024-05-01.xml", spreadsheetml(rows))
    assert [(known.name, known.standard_name, known.source) for known in known_names_in(taken.content)] == [
        ("Example Gold Works 1", "Example Gold Works 1", NameSource.REFERENCE_LIST),
        ("Alias Works", "Example Gold Works 1", NameSource.REFERENCE_LIST),
    ]
    assert taken.counted == {"facilities": 1}


def test_decisions_with_errors_are_refused_under_the_name_that_the_file_has() -> None:
    with pytest.raises(ReferenceRefusedError, match=r"^to-decide\.csv: row 1"):
        take("to-decide.csv", b"nothing,of,use\n")


def test_an_official_template_becomes_knowledge_of_names() -> None:
    template = find_template("6.5")
    if template is None:
        pytest.skip("no official templates on this machine")
    taken = take("cmrt-template-6.5.xlsx", template.read_bytes())
    assert taken.counted["names"] == len(known_names_in(taken.content)) > taken.counted["facilities"] > 300
    assert {known.source for known in known_names_in(taken.content)} == {NameSource.TEMPLATE}
    assert any(known.name != known.standard_name for known in known_names_in(taken.content))


def test_what_is_no_template_is_refused_with_a_reason() -> None:
    with pytest.raises(ReferenceRefusedError, match=r"^cmrt-template\.xlsx: This is a text file"):
        take("cmrt-template.xlsx", b"hello")


def test_a_list_of_another_kind_than_its_name_says_is_refused() -> None:
    rows = [("Metal", "Smelter ID", "Basis for Revision"), ("Gold", "CID000001", "Name change")]
    assert take("revisions.xml", spreadsheetml(rows)).content.revisions[0].facility == FacilityId(
        Mineral.GOLD, "CID000001"
    )
    with pytest.raises(ReferenceRefusedError, match="row 1, column name: column is missing"):
        take("conformant.xml", spreadsheetml(rows))
