"""A roll-up in an official template: what is written, and that nothing else is touched."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from examples.specimen import SmelterRow, complete_specimen, write_cmrt
from tests.factories.archives import with_part
from tests.factories.official import VERSIONS, find_template, missing_templates, official_template
from tests.unit.report.factories import Answers, facility, interpretation, profile, submission, supplier, unidentified
from tracelode.declarations.read import read_declaration
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.picture.facilities import DeclaredOrigins, Facility
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.rollup.roll_up import Rollup, roll_up
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.status import FacilityId
from tracelode.sources.official_template import template_version
from tracelode.sources.program import RollUpProfile

needs_templates = pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())

PROFILE = RollUpProfile(
    contact_email="jane.doe@example.com",
    authorizer_name="John Roe",
    authorizer_email="john.roe@example.com",
    answers={**dict.fromkeys("ABCDFG", "Yes"), "E": "No", "H": "No"},
)


LISTS = ("xl/worksheets/sheet5.xml", "xl/worksheets/sheet7.xml")
ROW = re.compile(rb'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', re.DOTALL)


def template(version: str = "6.5") -> bytes:
    path = find_template(version)
    assert path
    return path.read_bytes()


@cache
def short(version: str = "6.5") -> bytes:
    """The template with lists of sixty rows instead of thousands, most of which is formulas."""
    book = template(version)
    for part in LISTS:
        book = with_part(book, part, lambda xml: ROW.sub(lambda row: row[0] if int(row[1]) <= 60 else b"", xml))
    return book


def situation(*facilities: Facility, rollup: RollUpProfile = PROFILE, **more: object) -> Interpretation:
    sent = supplier("s1", submission("s1", answers=Answers(metals=(Mineral.TIN, Mineral.GOLD))))
    return interpretation([sent], facilities, program=profile(rollup=rollup), **more)  # type: ignore[arg-type]


def rolled_up(*facilities: Facility, version: str = "6.5", whole: bool = False, **more: object) -> Rollup:
    told = situation(*facilities, **more)  # type: ignore[arg-type]
    return roll_up(template(version) if whole else short(version), told, count_figures(told))


def cells(workbook: bytes | None, sheet: str) -> Mapping[str, object]:
    assert workbook
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    )
    return {
        f"{get_column_letter(column)}{row}": value
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if value != ""
    }


def listed(workbook: bytes | None) -> Sequence[Mapping[str, object]]:
    """The lines of the Smelter List: the visible columns that are not empty."""
    told = cells(workbook, "Smelter List")
    rows = ({c: told[f"{c}{row}"] for c in "ABCDEFGHIJKLMNOPQ" if f"{c}{row}" in told} for row in range(5, 2505))
    return [row for row in rows if row.keys() & {"A", "B", "C"}]


def parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def known(metal: Mineral = Mineral.TIN) -> Facility:
    entry = next(e for e in official_template("6.5").look_up if e.metal == metal and e.cid and e.alias == e.name)
    return replace(facility(metal, country=entry.country, name=entry.name), facility=FacilityId(metal, entry.cid))


@needs_templates
def test_a_known_smelter_is_a_cid_and_what_the_formulas_make_of_it():
    smelter = known()
    row = listed(rolled_up(smelter).workbook)[1]
    assert (row["A"], row["B"], row["C"], row["F"]) == (smelter.facility.cid, "Tin", smelter.name, smelter.facility.cid)
    assert row["G"] == "RMI"
    assert "D" not in row


@needs_templates
def test_an_unknown_one_is_not_listed_and_a_metal_without_any_is_not_yet_identified():
    rows = listed(rolled_up(facility(Mineral.TIN, 999_999, country="VIET NAM", name="Example Tin")).workbook)
    assert rows == [
        {"B": "Gold", "C": "Smelter not yet identified", "Q": "Suppliers' declarations name no smelter of this metal."},
        {
            "B": "Tin", "C": "Smelter not listed", "D": "Example Tin", "E": "VIET NAM", "F": "CID999999", "G": "RMI",
            "O": "Unknown",
        },
    ]  # fmt: skip


@needs_templates
def test_unidentified_lines_are_one_line_per_metal():
    names = [unidentified("Trader", "Tin", 2), unidentified("Other", "Tin"), unidentified("Third", "", 4)]
    rows = listed(rolled_up(known(), known(Mineral.GOLD), names=names).workbook)
    assert [row["C"] for row in rows if "A" not in row] == ["Smelter not yet identified"]
    assert rows[-1]["Q"] == "Three lines of suppliers' declarations name no smelter that could be identified."
    assert "Trader" not in str(rows)


@needs_templates
def test_origins_fill_the_mine_columns_as_the_instructions_say():
    def with_origins(number: int, **origins: object) -> Facility:
        made = facility(Mineral.TIN, 900_000 + number, suppliers=("s1", "s2"))
        return replace(made, origins=DeclaredOrigins(**origins))  # type: ignore[arg-type]

    both, one = ("s1", "s2"), ("s1",)
    rows = listed(
        rolled_up(
            with_origins(1, countries={"PE": both, "BO": one}),
            with_origins(2, statements={OriginKind.RECYCLED: both}),
            with_origins(3, statements={OriginKind.RECYCLED: one}),
            with_origins(4, countries={"PE": one}, statements={OriginKind.RECYCLED: one}),
            with_origins(5, statements={OriginKind.CONFIRMED_BY_RMI: one}),
        ).workbook
    )
    assert [(row.get("N"), row.get("O"), row.get("P")) for row in rows[1:]] == [
        (None, "BOLIVIA (PLURINATIONAL STATE OF), PERU", "No"),
        ("Recycled or scrap", "Recycled or scrap", "Yes"),
        (None, "Unknown", "Unknown"),
        (None, "PERU", "Unknown"),
        (None, "RCOI confirmed as per RMI", None),
    ]


@needs_templates
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('=HYPERLINK("http://example.com")', 'HYPERLINK("http://example.com")'),
        ("#+-@Example", "Example"),
        ("A\u202eB\r\n</t></is><f>1+1</f>", "AB </t></is><f>1+1</f>"),
        ("", "CID999999"),
        ("_x0041_ & <b>", "_x0041_ & <b>"),
        ("سميلتر 冶炼", "سميلتر 冶炼"),
        ("Exa*mple?", "Exa mple (CID999999)"),
    ],
)
def test_a_name_is_nothing_but_text(name: str, written: str):
    workbook = rolled_up(replace(facility(Mineral.TIN, 999_999), name=name)).workbook
    assert listed(workbook)[1]["D"] == written
    assert workbook
    sheet = parts(workbook)["xl/worksheets/sheet5.xml"]
    cell = re.search(rb'<c r="D6".*?</c>', sheet)
    assert cell
    assert b"<f" not in cell[0]
    assert b't="inlineStr"' in cell[0]


@needs_templates
def test_a_name_that_the_template_gives_to_another_smelter_has_its_cid():
    taken = known().name
    assert listed(rolled_up(facility(Mineral.TIN, 999_999, name=taken)).workbook)[1]["D"] == f"{taken} (CID999999)"


@needs_templates
def test_the_company_block_and_the_questions_hold_what_the_profile_says():
    told = cells(rolled_up(known(), known(Mineral.GOLD)).workbook, "Declaration")
    assert told["D8"] == "Example Devices, Inc."
    assert told["D9"] == "A. Company"
    assert told["D15"] == "Jane Doe, General Counsel"
    assert told["D22"] == date(2017, 3, 2)
    assert [told.get(f"D{row}") for row in range(26, 30)] == ["No", "Yes", "Yes", "No"]
    assert [told.get(f"D{row}") for row in range(56, 60)] == [None, "100%", "100%", None]
    assert told["G77"] == "www.example.com/policy"
    assert told["D83"] == "No"


@needs_templates
def test_question_6_is_a_number_before_6_31():
    assert cells(rolled_up(known(), version="6.22").workbook, "Declaration")["D57"] == 1


@needs_templates
def test_products_are_listed_under_scope_b_alone():
    scoped = replace(PROFILE, scope="B", products=("4711", "=4712"))
    told = cells(rolled_up(known(), rollup=scoped).workbook, "Product List")
    assert (told["B6"], told["B7"]) == ("4711", "=4712")
    assert "B6" not in cells(rolled_up(known(), rollup=replace(scoped, scope="A")).workbook, "Product List")


@needs_templates
@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_but_entry_cells_and_what_they_show_is_touched(version: str):
    before = parts(template(version))
    workbook = rolled_up(known(), version=version, whole=True).workbook
    assert workbook
    after = parts(workbook)
    # All other parts are the same to the byte.
    changed = {name for name in before if after.get(name) != before[name]}
    assert {name for name in changed if not re.fullmatch(r"xl/worksheets/sheet[4567]\.xml", name)} <= {
        "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/calcChain.xml"
    }  # fmt: skip
    assert set(before) - set(after) <= {"xl/calcChain.xml"}
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    # In the sheets, everything around the cells is too, and so is every formula that no entry replaces.
    for name in changed & {f"xl/worksheets/sheet{number}.xml" for number in (4, 5, 6, 7)}:
        frame, data = re.sub(rb"<sheetData>.*</sheetData>", b"", before[name], flags=re.S), before[name]
        assert re.sub(rb"<sheetData>.*</sheetData>", b"", after[name], flags=re.S) == frame
        assert re.findall(rb"<row [^>]*>", after[name]) == re.findall(rb"<row [^>]*>", data)
        lost = len(re.findall(rb"<f[ >/]", data)) - len(re.findall(rb"<f[ >/]", after[name]))
        # The copies of 6.31 and 6.4 have lost the formulas of the list's first line already.
        assert lost == (2 if name.endswith("sheet5.xml") and version not in ("6.31", "6.4") else 0)


@needs_templates
def test_styles_of_written_cells_stay():
    workbook = rolled_up(known(), whole=True).workbook
    assert workbook
    for part in ("xl/worksheets/sheet4.xml", "xl/worksheets/sheet5.xml"):
        styles = [
            re.findall(rb'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', archive[part])
            for archive in (parts(template()), parts(workbook))
        ]
        assert styles[0] == styles[1]


@needs_templates
def test_what_a_former_user_left_is_emptied():
    # GIVEN a copy in which somebody has answered everything and listed smelters
    entries = official_template("6.5").look_up
    theirs = complete_specimen("Somebody Else Ltd", [known_row()] * 6, entries, metals=CONFLICT_MINERALS)
    theirs = replace(
        theirs,
        company=replace(theirs.company, unique_id="left behind", authorizer_phone="left behind"),
        comments={3: dict.fromkeys(CONFLICT_MINERALS, "left behind")},
    )
    used = official_template("6.5").fill(theirs)
    assert "left behind" in str(cells(used, "Declaration"))
    told = situation(known())
    rollup = roll_up(used, told, count_figures(told))
    # THEN none of it is left
    assert "Somebody Else" not in str(cells(rollup.workbook, "Declaration"))
    assert "left behind" not in str(cells(rollup.workbook, "Declaration"))
    assert "left behind" not in str(cells(rollup.workbook, "Smelter List"))
    assert len(listed(rollup.workbook)) == 2
    declared = cells(rollup.workbook, "Declaration")
    assert [declared.get(f"D{row}") for row in (32, 38, 44, 50, 56, 62, 68)] == [None] * 7


def known_row() -> SmelterRow:
    return SmelterRow(cid=known().facility.cid, comments="left behind")


@needs_templates
def test_the_same_input_gives_the_same_bytes():
    assert rolled_up(known(), facility()).workbook == rolled_up(facility(), known()).workbook


@needs_templates
def test_the_list_can_be_full_and_no_fuller():
    many = [facility(Mineral.TIN, 910_000 + number) for number in range(2_500)]
    # GIVEN room for 2,500 lines, one of which says that gold has none
    full = rolled_up(*many[:2_499], whole=True)
    assert len(listed(full.workbook)) == 2_500
    reading = read_declaration(full.workbook or b"", "cmrt-rollup.xlsx")
    assert reading.declaration
    assert len({line.cid for line in reading.declaration.smelters}) == 2_500
    # THEN one more is a problem
    assert rolled_up(*many, whole=True) == Rollup(
        None, ("The template's list has room for 2,500 smelters; 2,501 are known.",)
    )


@needs_templates
def test_what_the_profile_lacks_is_named():
    lacking = rolled_up(known(), rollup=RollUpProfile(scope="C", effective_date=date(2017, 1, 1)))
    assert lacking.workbook
    assert len(lacking.problems) == 12
    assert "program.toml lacks rollup.scope_description, which scope C needs." in lacking.problems
    assert "rollup.effective_date is before the newest declaration that the roll-up contains." in lacking.problems


def test_without_any_answer_there_is_nothing_to_declare():
    told = interpretation([supplier("s1")], [], program=profile(rollup=PROFILE))
    assert roll_up(b"", told, count_figures(told)).problems == (
        "No supplier has answered yet, so there is nothing to declare.",
    )


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04", write_cmrt(complete_specimen("A", [], []))])
def test_what_is_no_official_template_is_a_problem(data: bytes):
    told = situation(facility())
    refused = roll_up(data, told, count_figures(told))
    assert refused.workbook is None
    assert len(refused.problems) == 1


@needs_templates
def test_the_newest_template_can_be_told():
    versions = [template_version(template(version)) for version in VERSIONS]
    assert [version.stated for version in versions] == list(VERSIONS)
    assert template_version(b"no workbook") is None
