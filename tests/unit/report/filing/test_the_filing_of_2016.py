"""The example's documents hold every number that the filing of 2016 derives from its data, and not its slips.

The filing is Qualys, Inc.'s Form SD for 2016. Each row of what it derives is a test of its own, and each slip.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from defusedxml import ElementTree

from tests.factories.example import example
from tests.unit.report.prose import text_of
from tracelode.edgar.recount import recount_filing
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.report.report_set import build_report_set

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden" / "annex-2016.csv"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return build_report_set(example(), software_version="test")


@pytest.fixture(scope="module")
def form(files) -> str:
    return text_of(files["form-sd.htm"])


@pytest.fixture(scope="module")
def told(files) -> str:
    return text_of(files["exhibit-1-01.htm"])


@pytest.fixture(scope="module")
def annex(told) -> list[str]:
    return told.split("\nANNEX I ")[1].split("\n")[2:]


@pytest.fixture(scope="module")
def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


IN_THE_FORM = {
    "the registrant": "Qualys, Inc. (Exact name of registrant as specified in its charter)",
    "the state": "Delaware (State or other jurisdiction of incorporation)",
    "the commission file number": "001-35662 (Commission File Number)",
    "the employer identification number": "77-0534145 (IRS Employer Identification No.)",
    "the address": "1600 Bridge Parkway, Redwood City, California 94065 (Address of principal executive offices)",
    "the contact": "Bruce K. Posey, Vice President, General Counsel and Corporate Secretary (650) 801-6100",
    "the signatory": "Name: Bruce K. Posey",
    "the signatory's title": "Title: Vice President, General Counsel and Corporate Secretary",
    "the date": "Date: May 26, 2017",
    "the period": "for the reporting period from January 1 to December 31, 2016.",
    "the box of the rule": "☒ Rule 13p-1 under the Securities Exchange Act (17 CFR 240.13p-1)",
    "the metals": "contain gold, columbite-tantalite (coltan), cassiterite and wolframite",
    "the covered countries": "the Democratic Republic of the Congo, the Republic of the Congo, the Central African "
    "Republic, South Sudan, Uganda, Rwanda, Burundi, Tanzania, Zambia or Angola (the “Covered Countries”)",
    "may have originated": "may have originated in the Covered Countries and may not be from recycled or scrap sources",
    "not sufficient to determine": "does not allow it to determine conclusively in which countries",
    "the exhibit": "Exhibit 1.01 – Conflict Minerals Report of Qualys, Inc. for calendar year 2016",
    "the item of the exhibit": "Section 2 – Exhibits\nItem 2.01 Exhibits",
    "the website": "available to the public at http://investor.qualys.com/sec.cfm.",
}
IN_THE_EXHIBIT = {
    "the year": "For the reporting period from January 1 to December 31, 2016",
    "the metals in the order of the statute": "are gold, columbite-tantalite (coltan), cassiterite and wolframite",
    "the ten covered countries": "The “Covered Countries” of the Rule are the Democratic Republic of the Congo, the "
    "Republic of the Congo, the Central African Republic, South Sudan, Uganda, Rwanda, Burundi, Tanzania, Zambia and",
    "seven contract manufacturers": "We asked our seven contract manufacturers to complete a CMRT, and all seven did",
    "a response rate of 100%": "a response rate of 100%.",
    "one does not source there": "One contract manufacturer reported that it does not source Conflict Minerals from "
    "the Covered Countries.",
    "another sources from compliant ones": "Another informed us that, as far as the Covered Countries are concerned, "
    "it sources only from facilities there that CFSI lists as compliant with the CFSP.",
    "310 facilities": "Taken together, the CMRTs received name 310 smelters and refiners (“facilities”), each counted",
    "241 compliant": "241 were listed by CFSI as compliant with the CFSP",
    "14 active": "14 were listed as active",
    "55 on neither list": "the remaining 55 were on neither the list of compliant nor the list of active facilities",
    "most of the 55 elsewhere": "Most of them, 51, lie outside of Africa, the place that we treat as being of higher",
    "four in Africa": "Four may present a greater risk, because they are located in Africa: ",
    "company level only": "All declarations that we received were made at company level only, not for the Covered",
    "no guarantee of presence": "A facility may therefore be in Annex I without its minerals being in a",
    "product level asked for": "We encourage our contract manufacturers to declare at product level",
    "seven in step 2": "We depend on our seven contract manufacturers for information",
    "who names an indeterminable one is followed up": "contract manufacturers name facilities of indeterminable status",
    "no contract ended": "We have identified no circumstance in which it was necessary to end a contract",
    "known smelters only": "The annex holds only facilities that were named to us.",
    "may have originated": "may have originated in the Covered Countries and may not be from recycled or scrap sources",
    "not sufficient to determine": "we do not have sufficient information to determine conclusively the countries of",
    "the meaning of compliant": "“Compliant”: an independent third party has assessed the facility",
    "the meaning of active": "“Active”: the facility has agreed to such an assessment",
    "the meaning of indeterminable": "“Indeterminable”: the facility is on neither of these lists",
    "its own future steps with the numbers of the year": "to ask its seven contract manufacturers for declarations",
    "its own future steps with the facilities": "to raise the 55 indeterminable facilities with those that named them;",
}


@pytest.mark.parametrize("what", IN_THE_FORM)
def test_the_form_states(form: str, what: str) -> None:
    assert IN_THE_FORM[what] in form


@pytest.mark.parametrize("what", IN_THE_EXHIBIT)
def test_the_exhibit_states(told: str, what: str) -> None:
    assert IN_THE_EXHIBIT[what] in told


def test_nobody_s_response_is_said_to_be_incomplete_where_none_is(told: str) -> None:
    assert "correction." not in told


COUNTS = {
    Mineral.GOLD: (93, 6, 36, 135),
    Mineral.TANTALUM: (44, 0, 3, 47),
    Mineral.TIN: (65, 7, 12, 84),
    Mineral.TUNGSTEN: (39, 1, 4, 44),
    "All": (241, 14, 55, 310),
}


@pytest.mark.parametrize("metal", COUNTS)
def test_the_table_counts_by_metal_and_status(told: str, metal: str) -> None:
    assert f"\n{metal} {' '.join(map(str, COUNTS[metal]))}\n" in told


@pytest.mark.parametrize("metal", CONFLICT_MINERALS)
def test_the_annex_counts_by_metal_and_status(files, metal: Mineral) -> None:
    counted = {(m, word): n for m, word, n in recount_filing(files["exhibit-1-01.htm"]).by_metal_and_status}
    by_status = tuple(counted.get((metal, word), 0) for word in ("Compliant", "Active", "Indeterminable"))
    assert (*by_status, sum(by_status)) == COUNTS[metal]


def test_the_annex_has_the_facilities_of_the_filing_in_its_order(annex, golden) -> None:
    assert len(annex) == 310
    assert [line.split()[:2] for line in annex] == [[row["metal"], row["cid"]] for row in golden]
    assert [line.rsplit(" ", 1)[1].lower() for line in annex] == [
        {"conformant": "compliant"}.get(row["status"].lower(), row["status"].lower()) for row in golden
    ]


def test_the_annex_counts_by_country_as_the_filing_and_the_two_without_one_have_theirs(files) -> None:
    counted = dict(recount_filing(files["exhibit-1-01.htm"]).countries)
    top = {"CHINA": 84, "INDONESIA": 38, "JAPAN": 28, "UNITED STATES OF AMERICA": 27, "GERMANY": 14, "BRAZIL": 14}
    assert top.items() <= counted.items()
    assert len(counted) == 44
    assert next(number for country, number in counted.items() if country.startswith("BOLIVIA")) == 2


@pytest.mark.parametrize(
    ("name", "metal", "place"),
    [
        ("Fidelity Printers and Refiners Ltd.", "gold", "Zimbabwe"),
        ("Sudan Gold Refinery", "gold", "Sudan"),
        ("Universal Precious Metals Refining Zambia", "gold", "Zambia"),
        ("Phoenix Metal Ltd.", "tin", "Rwanda"),
    ],
)
def test_each_of_the_four_is_named(told: str, name: str, metal: str, place: str) -> None:
    assert f"{name} ({metal}, {place})" in told


@pytest.mark.parametrize("name", ["Rand Refinery (Pty) Ltd.", "AU Traders and Refiners"])
def test_a_compliant_facility_in_africa_is_at_no_risk(annex, told: str, name: str) -> None:
    assert any(name in line and line.endswith("Compliant") for line in annex)
    assert f"{name} (gold" not in told


def test_303_names_seven_of_them_under_two_metals(files) -> None:
    rows = csv.DictReader(io.StringIO(files["smelters.csv"].decode()))
    names = Counter(row["name"] for row in rows)
    assert len(names) == 303
    assert sum(number == 2 for number in names.values()) == 7


def test_status_belongs_to_metal_and_number_and_never_to_a_name(annex) -> None:
    hunan = [line for line in annex if "Hunan Chenzhou Mining Co., Ltd." in line]
    assert [(line.split()[0], line.split()[-1]) for line in hunan] == [
        ("Gold", "Indeterminable"),
        ("Tungsten", "Compliant"),
    ]


# The slips of the filing, in the order in which research lists them.


def test_slip_1_no_row_lacks_its_country_and_shifts_its_status(files, annex) -> None:
    counted = recount_filing(files["exhibit-1-01.htm"])
    assert (counted.misfits, counted.without_country) == ((), 0)
    for name in ("EM Vinto", "Operaciones Metalurgical S.A."):
        (line,) = [line for line in annex if name in line]
        assert re.search(r" BOLIVIA[^a-z]* Compliant$", line)


def test_slip_2_the_report_is_not_said_to_have_been_filed_in_the_year_that_it_is_about(told: str, form: str) -> None:
    for text in (told, form):
        assert "In 2016, we publicly filed" not in text
        assert "filed in 2016" not in text
    assert "We file this Report and our Form SD for the Reporting Period" in told


def test_slip_3_the_items_point_at_each_other(form: str) -> None:
    assert "listed under Item 2.01 below" in form
    assert "as required by Items 1.01 and 1.02 of this Form SD" in form
    assert form.index("Item 1.02 Exhibit") < form.index("Item 2.01 Exhibits")


def test_slip_4_active_is_not_said_to_include_who_is_recognized_by_another_program(told: str) -> None:
    active = next(line for line in told.split("\n") if line.startswith("“Active”"))
    for word in ("LBMA", "cross-recognized", "Responsible Jewel"):
        assert word not in active
    assert "Jewelry Program" not in told
    assert "under the CFSP or a program that it recognizes" in told


def test_slip_5_those_at_greater_risk_are_named_and_those_in_covered_countries_are_said_to_be(told: str) -> None:
    assert "Of these, two are in Covered Countries (Rwanda and Zambia)." in told


@pytest.mark.parametrize(
    "what",
    [
        "as of April 28, 2017",
        "received through April 19, 2017",
        "CMRT 6.5 7",
        "\nMetal Compliant Active Indeterminable Total\n",
        "Metal Smelter ID Smelter Name Country Status",
        "Gold CID000015 ",
    ],
)
def test_slip_6_dates_template_versions_subtotals_and_numbers_are_there(told: str, what: str) -> None:
    assert what in told


def test_slip_7_one_thing_has_one_name(told: str) -> None:
    for other in ("vendors", "facilities or smelters", "facilities and smelters", "CFSI-compliant", "CFSP-compliant"):
        assert other not in told
    assert "Democratic Republic of Congo" not in told


def test_slip_8_the_annex_comes_last_the_box_is_ticked_and_quotation_marks_are_of_one_kind(told, form, annex) -> None:
    assert told.index("\nFuture Steps") < told.index("\nLimits of This Report") < told.index("\nANNEX I ")
    assert "☒ Rule 13p-1" in form
    assert '"' not in told.split("\nANNEX I ")[0]
    assert all(line.split()[0] in set(CONFLICT_MINERALS) for line in annex)
    assert told.count("Step 4. Independent Audits of Smelters and Refiners") == 1


def test_slip_9_whatever_is_not_ascii_is_an_entity_and_reads_right(files, annex) -> None:
    assert files["exhibit-1-01.htm"].isascii()
    assert files["form-sd.htm"].isascii()
    assert sum(not line.isascii() for line in annex) >= 16
    assert any("Ögussa Österreichische Gold- und Silber-Scheideanstalt GmbH" in line for line in annex)


def test_slip_10_countries_are_named_as_the_year_named_them_whatever_they_are_called_today(annex) -> None:
    for name in ("KOREA (REPUBLIC OF)", "CZECH REPUBLIC", "MACEDONIA (THE FORMER YUGOSLAV REPUBLIC OF)"):
        assert any(f" {name} " in line for line in annex)
    assert not any("CZECHIA" in line or "NORTH MACEDONIA" in line for line in annex)


def test_recounted_the_exhibit_agrees_with_itself(files) -> None:
    counted = recount_filing(files["exhibit-1-01.htm"])
    assert counted.is_sound
    assert counted.not_understood == ()
    assert {310, 241, 14, 55, 4, 2} <= {held.stated for held in counted.held}


def test_the_word_document_has_the_same_tables(files, annex) -> None:
    with zipfile.ZipFile(io.BytesIO(files["exhibit-1-01.docx"])) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    tables = [
        [" ".join("".join(t.text or "" for t in cell.iter(f"{w}t")) for cell in row.iter(f"{w}tc")) for row in rows]
        for rows in (table.iter(f"{w}tr") for table in body.iter(f"{w}tbl"))
    ]
    assert [len(table) for table in tables] == [13, 6, 311]
    assert tables[1][-1] == "All 241 14 55 310"
    assert tables[2][1:] == annex


def test_as_the_filing_of_2016_was_without_what_later_filings_have_its_numbers_are_the_same() -> None:
    # GIVEN the example without its table [edition]
    profile = (Path(__file__).parents[4] / "examples/qualys-2016/program.toml").read_text("utf-8")
    bare = re.sub(r"\[edition\]\n(\w+ = true\n)+", "", profile)
    assert bare != profile
    # WHEN
    files = build_report_set(example({"program.toml": bare.encode()}), software_version="test")
    told = text_of(files["exhibit-1-01.htm"])
    # THEN
    assert "Metal Smelter Name Country Status" in told
    for absent in ("as of April", "received through", "Smelter ID", "CMRT 6.5", "Metal Compliant Active"):
        assert absent not in told
    for stays in (
        "310 smelters",
        "241 were listed",
        "14 were listed",
        "the remaining 55",
        "Most of them, 51",
        "Four may",
    ):
        assert stays in told


def test_a_number_of_the_team_s_that_has_grown_stale_is_left_out_of_the_example_and_said() -> None:
    # GIVEN
    text = b"Of the 312 smelters named to us, 241 are compliant. We go on."
    # WHEN
    files = build_report_set(example({"section-future-steps.txt": text}), software_version="test")
    # THEN
    assert "312 smelters" not in text_of(files["exhibit-1-01.htm"])
    assert "states 312 where figures.smelters.total is 310" in files["index.html"].decode()
    assert "states 312 where figures.smelters.total is 310" in files["manifest.json"].decode()


def test_the_same_text_prints_where_its_numbers_are_true() -> None:
    text = b"Of the 310 smelters named to us, 241 are compliant. We go on."
    files = build_report_set(example({"section-future-steps.txt": text}), software_version="test")
    assert "Of the 310 smelters named to us, 241 are compliant. We go on." in text_of(files["exhibit-1-01.htm"])
