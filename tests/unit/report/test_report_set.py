"""The report set as a whole: its files, the same bytes for the same inputs, and nothing hostile in any of them."""

import csv
import hashlib
import io
import json
import random
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from tests.unit.report.factories import (
    Answers,
    answered,
    facility,
    interpretation,
    profile,
    risk_facts,
    risk_view,
    submission,
    supplier,
    the_filing,
    unidentified,
)
from tests.unit.report.filing.test_filing import hostile_situation
from tracelode.declarations.templates.questions import Question
from tracelode.findings import Severity
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.ooxml.deterministic_archive import repack
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.picture.seating import Seating
from tracelode.printing.canonical_json import to_json
from tracelode.printing.printable import csv_cell, printable
from tracelode.report.files import content_hash
from tracelode.report.filing import filing
from tracelode.report.report_set import UnfilableDocumentError, build_report_set
from tracelode.submission import State
from tracelode.tally.aggregate import Standing, seat_number

FILES = {
    "form-sd.htm",
    "exhibit-1-01.htm",
    "exhibit-1-01.docx",
    "form-sd.docx",
    "index.html",
    "report.xlsx",
    "smelters.csv",
    "suppliers.csv",
    "to-decide.csv",
    "resolutions.csv",
    "figures.json",
    "changes.json",
    "provenance.json",
    "manifest.json",
    "sources.json",
}
SHEETS = [
    "Summary", "Suppliers", "Answers", "Findings", "To ask", "Facilities", "Unresolved", "Decisions", "Comparisons",
    "Changes", "Last year", "Sources",
]  # fmt: skip
SITUATIONS = {
    "the filing": the_filing(),
    "nothing": interpretation(),
    "hostile": hostile_situation(),
    "risk": risk_view(),
}


def built(situation: Interpretation) -> dict[str, bytes]:
    return build_report_set(situation, software_version="1.2.3")


def rows(report_set: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report_set[name].decode("utf-8"), newline="")))


def book(report_set: dict[str, bytes]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report_set["report.xlsx"]))


def shuffled(situation: Interpretation) -> Interpretation:
    """The same situation with every mapping in another order."""
    shuffler = random.Random(5)

    def mixed(mapping):
        items = [(key, mixed(value) if isinstance(value, dict) else value) for key, value in mapping.items()]
        shuffler.shuffle(items)
        return dict(items)

    def mixed_view(view):
        if view.standing is None:
            return view
        current = tuple(
            replace(
                item,
                answers=mixed(item.answers),
                company_answers=mixed(item.company_answers),
                findings=mixed(item.findings),
            )
            for item in view.standing.current
        )
        return replace(view, standing=replace(view.standing, current=current))

    aggregate = situation.facts.aggregate
    mixed_up = replace(
        aggregate, standings=mixed(dict(aggregate.standings)), identities=mixed(dict(aggregate.identities))
    )
    facts = replace(situation.facts, aggregate=mixed_up)
    counted = mixed({supplier.supplier_id: None for supplier in facts.roster if supplier.in_scope})
    return replace(
        situation,
        facts=facts,
        suppliers=tuple(mixed_view(view) for view in situation.suppliers),
        seating=Seating(mixed_up, counted),
    )


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_set_has_its_files(name: str) -> None:
    assert set(built(SITUATIONS[name])) == FILES


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ((), "No supplier has answered yet, so there is nothing to declare."),
        ((submission("s1"),), "This is a text file, not an Excel workbook."),
    ],
)
def test_where_no_roll_up_can_be_made_a_workbook_of_its_name_says_why(sent, reason: str) -> None:
    # GIVEN a template that somebody has dropped
    situation = interpretation([supplier("s1", *sent)])
    situation = replace(situation, facts=replace(situation.facts, template=b"is no workbook"))
    # WHEN
    report_set = built(situation)
    # THEN an earlier roll-up in `latest/` is replaced by something that nobody takes for one
    assert set(report_set) == FILES | {"cmrt-rollup.xlsx"}
    (sheet,) = openpyxl.load_workbook(io.BytesIO(report_set["cmrt-rollup.xlsx"])).worksheets
    assert sheet.title == "No roll-up"
    (told,) = [cell.value for (cell,) in sheet.iter_rows(min_row=2)]
    assert reason in told
    assert "cmrt-rollup.xlsx" not in report_set["index.html"].decode()


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_same_inputs_give_the_same_bytes(name: str) -> None:
    situation = SITUATIONS[name]

    assert built(situation) == built(situation) == built(shuffled(situation))


def test_storage_coordinates_stand_in_sources_alone() -> None:
    # GIVEN the same report from objects that were stored under other version ids
    situation = the_filing()
    moved = replace(
        situation,
        facts=replace(
            situation.facts,
            references=tuple(replace(item, version_id="elsewhere") for item in situation.facts.references),
        ),
    )

    # WHEN both are built
    here, there = built(situation), built(moved)

    # THEN nothing but sources.json differs, and the content hash is the same
    assert [name for name in here if here[name] != there[name]] == ["sources.json"]
    assert content_hash(here) == content_hash(there)
    assert not [name for name, content in here.items() if b"version-" in content and name != "sources.json"]


def test_the_content_hash_covers_every_other_file() -> None:
    report_set = built(the_filing())

    for name in FILES - {"sources.json"}:
        assert content_hash(report_set | {name: report_set[name] + b" "}) != content_hash(report_set)
    assert content_hash({"a": b"bc"}) != content_hash({"ab": b"c"})


def test_the_manifest_names_every_input_and_output() -> None:
    views = [
        supplier("s1", submission("s1", 1), submission("s1", 2, scope="B")),
        supplier("s2", rejected=submission("s2", state=State.REJECTED)),
        supplier("s3"),
    ]
    report_set = built(interpretation(views))
    manifest = json.loads(report_set["manifest.json"])

    assert (manifest["year"], manifest["software_version"]) == (2016, "1.2.3")
    assert [(item["kind"], item["key"]) for item in manifest["inputs"]] == [
        ("reference", "2016/program.toml"),
        ("reference", "2016/smelter-list.csv"),
        ("submission", "2016/s1/cmrt-1.xlsx"),
        ("submission", "2016/s1/cmrt-2.xlsx"),
        ("submission", "2016/s2/cmrt-1.xlsx"),
    ]
    assert all(len(item["sha256"]) == 64 and item["received"] for item in manifest["inputs"])
    assert set(manifest["outputs"]) == FILES - {"manifest.json", "sources.json"}
    for name, output in manifest["outputs"].items():
        assert output == {"sha256": hashlib.sha256(report_set[name]).hexdigest(), "size": len(report_set[name])}


def test_an_earlier_list_is_an_input_that_is_marked_as_not_in_force() -> None:
    situation = the_filing()
    listed, profile_file = situation.facts.references
    earlier = replace(listed, key="2016/old.csv", name="old.csv", in_force=False)
    facts = replace(situation.facts, references=(listed, earlier, profile_file))
    report_set = built(replace(situation, facts=facts))

    inputs = {item["key"]: item for item in json.loads(report_set["manifest.json"])["inputs"]}
    assert inputs["2016/old.csv"]["in_force"] == "no"
    assert "in_force" not in inputs["2016/smelter-list.csv"]
    lists = {item["key"]: item["in_force"] for item in json.loads(report_set["provenance.json"])["lists"]}
    assert lists == {"2016/old.csv": False, "2016/program.toml": True, "2016/smelter-list.csv": True}


def test_sources_add_the_version_id_to_each_input() -> None:
    report_set = built(the_filing())
    manifest, sources = json.loads(report_set["manifest.json"]), json.loads(report_set["sources.json"])

    assert [{key: item[key] for key in item if key != "version_id"} for item in sources["inputs"]] == manifest["inputs"]
    assert all(item["version_id"].startswith("version-") for item in sources["inputs"])


def test_smelters_csv_has_the_facilities_in_order_with_printed_status() -> None:
    report_set = built(the_filing())
    lines = rows(report_set, "smelters.csv")

    assert report_set["smelters.csv"].startswith(b"metal,cid,name,country,status,suppliers\n")
    assert b"\r" not in report_set["smelters.csv"]
    assert len(lines) == 310
    assert [(line["metal"], line["status"], line["cid"]) for line in lines] == sorted(
        (line["metal"], line["status"], line["cid"]) for line in lines
    )
    assert {line["status"] for line in lines} == {"Compliant", "Active", "Indeterminable"}
    assert {line["suppliers"] for line in lines} <= {"1", "2"}


@pytest.mark.parametrize(
    "name",
    [
        "Cendres + Métaux S.A.",
        'OJSC "The Gulidov Krasnoyarsk Non-Ferrous Metals Plant" (OJSC Krastsvetmet)',
        "Nadir Metal Rafineri San. Ve Tic. A.Ş.",
        "L'azurde Company For Jewelry",
        "Heraeus Precious Metals GmbH & Co. KG",
        "無錫精密電子",
        "شركة الصهر",
    ],
)
def test_ordinary_names_come_through_every_table_unchanged(name: str) -> None:
    report_set = built(interpretation([answered("s1")], [facility(name=name)]))

    assert rows(report_set, "smelters.csv")[0]["name"] == name
    assert book(report_set)["Facilities"]["C2"].value == name


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("＝1", "'＝1"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_no_csv_cell_can_become_a_formula(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


def test_printable_text_hides_and_reorders_nothing() -> None:
    assert printable("a\u202eb\x00c\ud800d\n\te\u2028f\u200b") == "abcd e f"


def test_suppliers_csv_tells_where_each_supplier_stands() -> None:
    views = [
        supplier("a", submission("a", 1, scope="B"), submission("a", 2, scope="A"), facilities=5, unidentified_lines=2),
        supplier("b", rejected=submission("b", state=State.REJECTED), in_scope=False),
        supplier("c", on_roster=False),
    ]
    lines = rows(built(interpretation(views)), "suppliers.csv")

    assert [(line["supplier_id"], line["state"]) for line in lines] == [
        ("a", "accepted"),
        ("b", "rejected"),
        ("c", "awaiting"),
    ]
    first = lines[0]
    assert (first["current_submissions"], first["scope"], first["template_versions"]) == ("2", "A B", "4.20")
    assert (first["facilities"], first["unidentified_lines"], first["warnings"]) == ("5", "2", "0")
    assert [(line["in_scope"], line["on_roster"]) for line in lines] == [("yes", "yes"), ("no", "yes"), ("yes", "no")]
    assert [line["last_received"] for line in lines] == ["2017-03-02T10:00:00.000Z", "2017-03-02T10:00:00.000Z", ""]


def test_errors_and_warnings_count_as_the_program_weighs_them_wherever_they_are_told() -> None:
    # GIVEN a warning that the program makes an error of, and one that it switches off
    sent = replace(submission("one"), findings={"warning": 3}, rules={"X17": {"warning": 2}, "X05": {"warning": 1}})
    program = profile(severities={"X17": Severity.ERROR, "X05": None})
    told = interpret(risk_facts(standings=[Standing("one", seat_number(0), (sent,))], program=program))
    # WHEN
    report_set = built(told)
    # THEN the table, the workbook and the page say two errors and no warning
    line = next(line for line in rows(report_set, "suppliers.csv") if line["supplier_id"] == "one")
    assert (line["state"], line["errors"], line["warnings"]) == ("needs_correction", "2", "0")
    heading, first, *_ = book(report_set)["Suppliers"].iter_rows(values_only=True)
    row = dict(zip(heading, first, strict=True))
    assert (row["Errors"], row["Warnings"]) == (2, 0)
    page = report_set["index.html"].decode()
    assert "2 errors" in page
    assert "warning</span>" not in page


def test_what_is_not_counted_of_a_supplier_is_no_zero() -> None:
    # GIVEN a supplier that counts and names nothing, one out of scope and one that is not on the roster
    views = [
        answered("a"),
        supplier("b", submission("b"), in_scope=False),
        supplier("c", submission("c"), on_roster=False),
    ]
    report_set = built(interpretation(views))
    # THEN the table leaves it empty, and the workbook and the page say so
    counts = ("facilities", "unidentified_lines", "not_conformant")
    told = [[line[name] for name in counts] for line in rows(report_set, "suppliers.csv")]
    assert told == [["0"] * 3, [""] * 3, [""] * 3]
    heading, *lines = book(report_set)["Suppliers"].iter_rows(values_only=True)
    columns = [heading.index(name) for name in ("Facilities", "Unidentified lines", "Not conformant")]
    assert [[line[column] for column in columns] for line in lines] == [[0] * 3, *[["not counted"] * 3] * 2]
    assert report_set["index.html"].decode().count("not counted</td>") == 6


def test_the_tables_hold_no_address_of_a_person() -> None:
    # GIVEN a roster whose contacts have addresses
    situation = the_filing()
    roster = tuple(replace(item, contact_email="jane@example.com") for item in situation.facts.roster)
    situation = replace(situation, facts=replace(situation.facts, roster=roster))

    assert not [name for name, content in built(situation).items() if b"jane@" in content]


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_workbook_opens_and_has_no_formula(name: str) -> None:
    report_set = built(SITUATIONS[name])
    opened = book(report_set)

    assert opened.sheetnames == SHEETS
    types = {cell.data_type for sheet in opened for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(report_set["report.xlsx"])) as archive:
        assert not [part for part in archive.namelist() if b"<f>" in archive.read(part) or b"<f " in archive.read(part)]
    for sheet in opened:
        assert sheet.freeze_panes in ("A2", "C2", "D2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"


def test_a_text_that_looks_like_a_formula_stays_a_text_when_it_is_edited() -> None:
    cell = book(built(interpretation([answered("s1")], [facility(name="=HYPERLINK(1)")])))["Facilities"]["C2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_a_text_that_looks_like_an_error_stays_a_text() -> None:
    cell = book(built(interpretation([answered("s1")], [facility(name="#REF!")])))["Facilities"]["C2"]

    assert (cell.value, cell.data_type) == ("#REF!", "s")


def test_the_workbook_holds_numbers_as_numbers() -> None:
    opened = book(built(the_filing()))

    assert opened["Facilities"]["R2"].data_type == "n"
    summary = {row[0].value: row[1].value for row in opened["Summary"].iter_rows(min_row=2)}
    assert summary["Smelters: total"] == 310
    assert summary["Suppliers: response rate"] == 1
    assert opened["Suppliers"]["G2"].value == 81


def test_the_workbook_puts_declarations_side_by_side_by_question_and_metal() -> None:
    # GIVEN two declarations of one supplier and one of another
    gold, tin = Answers(metals=(Mineral.GOLD,), covered="No"), Answers(metals=(Mineral.TIN,), covered="Yes")
    views = [
        supplier("s1", submission("s1", 1, answers=gold), submission("s1", 2, scope="B", answers=tin)),
        answered("s2", answers=tin),
    ]

    # WHEN their workbook is opened
    heading, *answers = book(built(interpretation(views)))["Answers"].iter_rows(values_only=True)

    # THEN each is one row, and every question has a column for each metal
    told = [dict(zip(heading, row, strict=True)) for row in answers]
    assert [(row["Supplier id"], row["File"], row["Scope"]) for row in told] == [
        ("s1", "cmrt-1.xlsx", "A"), ("s1", "cmrt-2.xlsx", "B"), ("s2", "cmrt-1.xlsx", "A"),
    ]  # fmt: skip
    assert [row["Covered countries: Gold"] for row in told] == ["No", None, None]
    assert [row["Covered countries: Tin"] for row in told] == [None, "Yes", "Yes"]
    assert [row["Company question B"] for row in told] == ["No", "No", "No"]
    assert sum(": " in str(name) for name in heading) == len(Question) * len(CONFLICT_MINERALS)


def test_the_workbook_lists_what_each_document_breaks_as_the_program_weighs_it() -> None:
    # GIVEN a program that makes an error of one rule and ignores another
    sent = replace(
        submission("s1"),
        template_version="6.5",
        rules={"X17": {"warning": 2}, "X05": {"warning": 1}, "X64": {"warning": 3}, "Z99": {"notice": 1}},
    )
    unreadable = replace(submission("s2", state=State.REJECTED), rules={"F01": {"error": 1}})
    program = profile(severities={"X17": Severity.ERROR, "X05": None})

    # WHEN the findings of two suppliers are listed
    situation = interpretation([supplier("s1", sent), supplier("s2", rejected=unreadable)], program=program)
    heading, *rows_found = book(built(situation))["Findings"].iter_rows(values_only=True)

    # THEN they come worst first, with their weight in this program, and in our own words
    told = [dict(zip(heading, row, strict=True)) for row in rows_found]
    assert [(row["Supplier id"], row["Rule"], row["Severity"], row["How often"]) for row in told] == [
        ("s1", "X17", "error", 2), ("s1", "X64", "warning", 3), ("s1", "Z99", "notice", 1), ("s2", "F01", "error", 1),
    ]  # fmt: skip
    assert str(told[0]["What is wrong or doubtful"]).startswith("Question 8 says that known smelters of the metal")
    assert told[2]["What is wrong or doubtful"] is None
    assert told[3]["What the supplier should do"] == "Check the file on your side and send it again."


def test_the_workbook_names_neither_a_day_nor_a_person_as_its_author() -> None:
    with zipfile.ZipFile(io.BytesIO(built(the_filing())["report.xlsx"])) as archive:
        core = archive.read("docProps/core.xml")
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    assert b"<dc:creator>Tracelode</dc:creator>" in core
    assert b"dcterms" not in core


def test_repacking_forgets_order_and_time() -> None:
    def packed(names, when):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name, when), name * 100)
        return data.getvalue()

    one = packed(["b.xml", "[Content_Types].xml", "a.xml"], (2001, 1, 1, 0, 0, 0))
    other = packed(["a.xml", "b.xml", "[Content_Types].xml"], (2024, 5, 6, 7, 8, 10))

    assert repack(one) == repack(other)
    with zipfile.ZipFile(io.BytesIO(repack(one, {"a.xml": (b"xml", iter((b"1", b"2")))}))) as archive:
        assert archive.read("a.xml") == b"a.xml" * 99 + b"a.12xml"
        assert archive.read("b.xml") == b"b.xml" * 100
    with zipfile.ZipFile(io.BytesIO(repack(one))) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "a.xml", "b.xml"]
        assert archive.read("a.xml") == b"a.xml" * 100


def test_json_has_one_form_for_one_value() -> None:
    assert to_json({"b": 1, "a": "ü"}) == to_json({"a": "ü", "b": 1}) == '{\n  "a": "ü",\n  "b": 1\n}\n'.encode()


def test_another_software_version_changes_the_manifest() -> None:
    situation = interpretation([answered("s1")], names=[unidentified()], program=profile())

    assert content_hash(build_report_set(situation, software_version="2")) != content_hash(built(situation))


def test_a_document_that_edgar_would_refuse_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a template that lost its way
    made = filing.exhibit_by_section
    spoilt = lambda *given: made(*given).replace(b"<body>", b"<body><script></script>")  # noqa: E731
    monkeypatch.setattr(filing, "exhibit_by_section", spoilt)
    # WHEN, THEN
    with pytest.raises(UnfilableDocumentError, match=r"exhibit-1-01\.htm:.* is active content"):
        build_report_set(the_filing(), software_version="1.0")
