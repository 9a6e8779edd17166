"""Every official 6.x template is read to what was typed, as openpyxl saves it and as LibreOffice computes it."""

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from examples.specimen import SmelterRow
from tests.engines.declared import ANSWERS, COMPANY, COMPANY_ANSWERS, complete, listed, some_of_everything
from tests.engines.libreoffice import SOFFICE, incomplete_checker_rows, needs_libreoffice, recalculated
from tests.factories.official import VERSIONS, find_template, missing_templates, official_template
from tests.factories.reviewing import review
from tracelode.declarations.declaration import CidSource, Declaration
from tracelode.declarations.place import located_header
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import LineKind, Scope
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.template_kind import CMRT
from tracelode.workbooks.grid import Grid

pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(missing_templates()), reason=missing_templates())]


def read(workbook: bytes) -> Declaration:
    reading = read_declaration(workbook, "supplied.xlsx")
    assert reading.declaration, reading.findings
    assert reading.findings == ()
    return reading.declaration


def meaning(declaration: Declaration) -> Declaration:
    """The declaration without what the sheet's formulas add to the cells that a supplier left empty."""
    added = {f"typed_{field}": "" for field in ("metal", "lookup", "country", "identification")}
    return replace(declaration, smelters=tuple(replace(line, **added) for line in declaration.smelters))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_template_itself_is_recognised(version: str):
    template = find_template(version)
    assert template
    declaration = read(template.read_bytes())
    assert (declaration.kind, declaration.template_version) == ("CMRT", version)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_filled_template_is_read_to_what_was_typed(version: str):
    # GIVEN an official template with everything filled, saved by a program that computes no formulas
    entries = listed(version)
    declaration = read(official_template(version).fill(complete(version, some_of_everything(version))))
    # THEN the company and every answer is what was typed
    company = declaration.company
    assert (company.name.text, company.scope, company.effective_date) == (
        COMPANY.name,
        Scope.COMPANY,
        date(2025, 6, 30),
    )
    assert (company.contact_email.text, company.authorizer_phone.text) == (COMPANY.contact_email, "555 0101")
    for (number, text), by_metal in zip(ANSWERS.items(), declaration.answers.values(), strict=True):
        assert {metal: (answer.value, answer.comment.text) for metal, answer in by_metal.items()} == {
            metal: (text, f"{number} {metal}") for metal in CONFLICT_MINERALS
        }
    assert {letter: answer.value for letter, answer in declaration.company_answers.items()} == COMPANY_ANSWERS
    assert declaration.company_answers["B"].comment.text == "https://example.com/policy"
    # AND the lines are completed from the workbook's own look-up tab
    *known, unlisted, unidentified, unknown = declaration.smelters
    by_cid = {entry.cid: (entry.metal, entry.name, entry.country) for entry in entries}
    assert [(line.metal, line.name, line.country) for line in known] == [by_cid[line.cid or ""] for line in known]
    assert {line.cid_source for line in known} == {CidSource.TYPED, CidSource.LOOK_UP}
    assert (unlisted.kind, unlisted.cid, unlisted.name) == (LineKind.NOT_LISTED, None, "Example Tin Works")
    assert (unidentified.kind, unidentified.metal) == (LineKind.NOT_YET_IDENTIFIED, Mineral.GOLD)
    assert (unknown.kind, unknown.cid, unknown.name) == (LineKind.LISTED, None, "No such smelter")
    # AND so are the products
    assert [(product.row, product.number, product.name) for product in declaration.products] == [
        (6, "P-1", "Widget"),
        (7, "", "Gadget"),
        (8, "77", ""),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_smelter_of_the_look_up_tab_is_found_by_cid_and_by_alias(version: str):
    entries = listed(version)
    rows = [SmelterRow(cid=entry.cid) for entry in entries]
    rows += [SmelterRow(metal=entry.metal, lookup=entry.alias) for entry in entries]
    lines = read(official_template(version).fill(complete(version, rows))).smelters
    assert [line.cid for line in lines] == [entry.cid for entry in entries] * 2


@pytest.mark.parametrize("version", VERSIONS)
def test_the_headers_of_the_lists_are_known_in_every_language(version: str):
    # GIVEN the template's own labels: a row for each cell, a column for each language
    template, layout = find_template(version), TEMPLATES.layout_for(TemplateVersion(CMRT, Decimal(version)))
    assert template
    assert layout
    labels = CalamineWorkbook.from_path(str(template)).get_sheet_by_name("L").to_python(skip_empty_area=False)
    for place in (layout.smelter_list, layout.product_list):
        own = {f"{letter}{place.header_row}": letter for letter in place.columns.values()}
        rows = [row for row in labels if row[1] == place.sheet and row[2] in own]
        for language in range(3, 13):
            # WHEN they stand in a row in the order of the sheet L, not of the list
            shown = [row for row in rows if row[language]]
            if len(shown) <= 2:
                continue  # the Product List of 6.01 lacks a text in one language
            header = located_header(Grid([[str(row[language]) for row in shown]]), place.headers)
            assert header
            # THEN each column is found by its own text
            found = {shown[ord(letter) - ord("A")][2][0]: field for field, letter in header.columns.items()}
            assert found == {row[2][0]: field for row in shown for field, letter in place.columns.items()
                             if letter == row[2][0]}  # fmt: skip


@needs_libreoffice
def test_it_makes_no_difference_whether_formulas_were_computed():
    # GIVEN the same declaration in each template, saved without computed values
    plain = [official_template(version).fill(complete(version, some_of_everything(version))) for version in VERSIONS]
    # WHEN LibreOffice computes and saves them
    computed = recalculated(plain)
    # THEN they say the same, and RMI's Checker and we find them complete
    for version, before, after in zip(VERSIONS, plain, computed, strict=True):
        declaration = read(after)
        assert meaning(declaration) == meaning(read(before))
        assert incomplete_checker_rows(after) == set()
        severities = {finding.rule: finding.severity for finding in review(declaration, year=2025)}
        # X32 is at home in RMI's own copy of 6.4, whose first row somebody had filled in.
        assert set(severities) <= {"X10", "X15", "X29", "X32", "X34", "X43", "X64", "X69"}
        assert ("X32" in severities) <= (version == "6.4")
        assert ("X43" in severities) == (version != TEMPLATES.newest(CMRT).version.stated)


@needs_libreoffice
def test_the_format_makes_no_difference(tmp_path: Path):
    # GIVEN an official workbook with every smelter that it knows, and LibreOffice's copy of it in the legacy format
    rows = [SmelterRow(cid=entry.cid) for entry in listed("6.5")]
    plain = official_template("6.5").fill(complete("6.5", [*rows, *some_of_everything("6.5")]))
    (tmp_path / "book.xlsx").write_bytes(plain)
    assert SOFFICE
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--headless", "--convert-to",
         "xls:MS Excel 97", "--outdir", str(tmp_path), str(tmp_path / "book.xlsx")],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    # THEN both say the same, whatever the copy is named
    legacy = (tmp_path / "book.xls").read_bytes()
    assert legacy.startswith(b"\xd0\xcf\x11\xe0")
    assert meaning(read(legacy)) == meaning(read(plain))
