"""Every country that official templates of any version print is understood, and printed again as they print it."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.engines.test_samples import FOLDER as SAMPLES
from tests.factories.official import ROOT, VERSIONS, find_template, missing_templates
from tracelode.smelters.countries import candidates_of, countries, country_of
from tracelode.smelters.origin import OriginKind
from tracelode.smelters.origins import read_origin, says_recycled

pytestmark = pytest.mark.engine
needs_templates = pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="no folder of genuine older workbooks (set TRACELODE_CMRT_SAMPLES to one)"
)
DISSOLVED = {"YUGOSLAVIA": ("YUG", {"ME", "RS"}), "NETHERLANDS ANTILLES": ("ANT", {"BQ", "CW", "SX"})}
"""On the lists of CMRT 2.x and 3.x with their codes; what is there today is several countries."""


def rows(path: Path, sheet: str) -> list[list[str]]:
    workbook = CalamineWorkbook.from_path(str(path))
    return [[str(cell) for cell in row] for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def template(version: str) -> Path:
    path = find_template(version)
    assert path
    return path


@needs_templates
@pytest.mark.parametrize("version", VERSIONS)
def test_the_drop_down_list_of_a_template_is_understood_and_printed_in_its_own_form(version: str) -> None:
    # GIVEN the template's sheet of countries, by ISO code
    listed = {row[0]: row[1] for row in rows(template(version), "C")[1:]}
    assert len(listed) == len(countries()) == 249
    # THEN each name means the country of its code, and is what we print; an asterisk leads to a note of RMI's
    assert {code: country_of(name) for code, name in listed.items()} == dict(countries())
    assert {code: name.removesuffix(" *") for code, name in listed.items()} == {
        code: country.name for code, country in countries().items()
    }


@needs_templates
@pytest.mark.parametrize("version", VERSIONS)
def test_the_countries_of_the_look_up_tab_are_understood_in_the_form_that_is_printed(version: str) -> None:
    spelled = {row[3] for row in rows(template(version), "Smelter Look-up")[4:]} - {"", "Unknown"}
    assert len(spelled) > 45
    assert {name for name in spelled if country_of(name) is None} == set()
    # 6.1 alone spells one country otherwise than its own drop-down list.
    assert {name for name in spelled if (country := country_of(name)) and country.name != name} == (
        {"NORTH MACEDONIA, REPUBLIC OF"} if version == "6.1" else set()
    )


@needs_templates
@pytest.mark.parametrize("version", VERSIONS)
def test_the_codes_of_the_table_of_provinces_are_those_of_countries(version: str) -> None:
    codes = {row[0].split("-")[0] for row in rows(template(version), "SorP") if "-" in row[0]}
    assert len(codes) > 150
    assert codes <= set(countries())


@needs_templates
@pytest.mark.parametrize("version", VERSIONS)
def test_the_statement_that_the_instructions_allow_is_understood_and_is_no_country(version: str) -> None:
    # GIVEN the instructions about mines in every language of the template
    labels = [
        row for row in rows(template(version), "L") if row[1:3] in (["Instructions", "A63"], ["Instructions", "A64"])
    ]
    texts = [text for row in labels for text in row[3:13]]
    assert len(texts) == 20
    # WHEN what they put into quotation marks is read as a statement of origin
    quoted = {quote.strip() for text in texts for quote in _quoted(text)}
    kinds = {quote: read_origin(quote).kind for quote in quoted}
    # THEN each is a statement but the answer of column P
    assert set(kinds.values()) >= {OriginKind.CONFIRMED_BY_RMI, OriginKind.RECYCLED, OriginKind.UNKNOWN}
    yes = {"Yes", "Yes（はい）", "是", "Oui", "Sim", "Ja", "Sì", "Evet", "Sí"}
    assert {quote for quote, kind in kinds.items() if kind is OriginKind.NOT_UNDERSTOOD} <= yes
    assert OriginKind.COUNTRIES not in kinds.values()


@needs_templates
@pytest.mark.parametrize("version", VERSIONS)
def test_the_words_that_the_headers_ask_for_mean_recycled_or_scrap(version: str) -> None:
    # GIVEN the headers of the columns of mines and their countries in every language of the template
    labels = [
        row for row in rows(template(version), "L") if row[1:3] in (["Smelter List", "N4"], ["Smelter List", "O4"])
    ]
    texts = [text for row in labels for text in row[3:13]]
    assert len(texts) == 20
    # THEN what they put into quotation marks says recycled or scrap; only the Italian ones have none
    quoted = [{quote.strip(" .") for quote in _quoted(text)} for text in texts]
    assert sorted(map(len, quoted)) == [0] * 2 + [2] * 18
    assert {quote for quotes in quoted for quote in quotes if not says_recycled(quote)} == set()


def _quoted(text: str) -> Iterator[str]:
    pairs = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
    closing, start = "", 0
    for place, character in enumerate(text):
        if closing and character == closing:
            yield text[start:place]
            closing = ""
        elif not closing and character in pairs:
            closing, start = pairs[character], place + 1


@needs_samples
@pytest.mark.parametrize("sample", ["2.03a/validation_needed.xlsx", "3.01/green.xlsx", "3.01/high_risk.xlsx"])
def test_the_country_list_of_an_older_family_is_understood(sample: str) -> None:
    # GIVEN names and three-letter codes as they were before 2002
    listed = {row[0]: row[1] for row in rows(SAMPLES / sample, "C")[1:] if row[0]}
    assert len(listed) == 238
    # THEN each name and its code mean one country, and those that dissolved mean none
    for name, code in listed.items():
        if name in DISSOLVED:
            assert (code, {country.code for country in candidates_of(name)}) == DISSOLVED[name]
            assert country_of(name) is country_of(code) is None
        else:
            assert country_of(name) is not None, name
            assert country_of(name) is country_of(code), name


@needs_samples
@pytest.mark.parametrize(
    ("sample", "sheet", "column", "least"),
    [
        ("2.02/green.xlsx", "Standard Smelter Names", 3, 180),
        ("2.03a/validation_needed.xlsx", "Standard Smelter Names", 3, 190),
        ("2.03a/validation_needed.xlsx", "K", 2, 400),
        ("3.01/green.xlsx", "Standard Smelter Names", 2, 210),
        ("3.01/green.xlsx", "K", 2, 380),
    ],
)
def test_the_smelters_of_an_older_family_lie_in_countries_that_are_understood(
    sample: str, sheet: str, column: int, least: int
) -> None:
    smelters = [
        row for row in rows(SAMPLES / sample, sheet) if row[0].split(" ")[0] in ("Gold", "Tin", "Tantalum", "Tungsten")
    ]
    spelled = [row[column] for row in smelters if row[column]]
    assert len(spelled) > least
    assert {name for name in spelled if country_of(name) is None} == set()


def test_all_44_countries_of_the_2016_annex_are_understood_and_printed_in_its_own_form() -> None:
    with (ROOT / "examples" / "annex-2016.csv").open(encoding="utf-8", newline="") as annex:
        spelled = {row["country"] for row in csv.DictReader(annex)} - {""}
    assert len(spelled) == 44
    printed = {name: country.name_2016 for name in spelled if (country := country_of(name))}
    assert printed == {name: name for name in spelled}
