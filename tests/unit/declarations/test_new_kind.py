"""A template kind and a mineral are data: one of each is added here without a line of code, and nothing else moves."""

from dataclasses import replace

import pytest

from tests.factories.invented_kind import IMRT, UNOBTAINIUM, invented_sheets, templates_with_the_invented
from tests.factories.reviewing import review_reading
from tests.fuzz.specimens import family_sheets, xlsx
from tracelode.declarations.cells import elsewhere
from tracelode.declarations.declaration import Declaration, Reading
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.catalogue import TEMPLATES, read_templates, template_data
from tracelode.declarations.templates.questions import Question
from tracelode.minerals import CONFLICT_MINERALS, Mineral, read_minerals
from tracelode.review.review import RULES
from tracelode.template_kind import CMRT

INVENTED = templates_with_the_invented()
WORKBOOK = xlsx(invented_sheets(INVENTED.newest(IMRT)))


def read(data: bytes = WORKBOOK) -> tuple[Reading, Declaration]:
    reading = read_declaration(data, "supplied.xlsx", INVENTED)
    assert reading.declaration, reading.findings
    return reading, reading.declaration


def test_a_workbook_of_a_new_kind_is_read_by_its_data_alone() -> None:
    # WHEN
    reading, declaration = read()
    # THEN it is of its own kind and version, and speaks of its own minerals
    assert (declaration.kind, declaration.template_version) == (IMRT, "1.2")
    assert declaration.minerals == (UNOBTAINIUM, Mineral.TIN)
    assert declaration.in_scope(UNOBTAINIUM)
    assert declaration.answers[Question.SMELTERS_IDENTIFIED][UNOBTAINIUM].entry.cell == "E16"
    # AND its list names facilities of its minerals alone
    assert [(line.metal, line.cid, line.name) for line in declaration.smelters] == [
        (UNOBTAINIUM, "CID990001", "Pandora Works"),
        (UNOBTAINIUM, None, "Polyphemus"),
        (None, None, "Example Gold"),
    ]
    assert (reading.findings, elsewhere(reading, INVENTED)) == ((), {})


def test_a_mineral_goes_by_its_names_in_other_languages() -> None:
    _, declaration = read(xlsx(invented_sheets(INVENTED.newest(IMRT), "Introuvable")))
    assert declaration.smelters[0].metal == UNOBTAINIUM


def test_a_kind_whose_data_nobody_has_is_answered_as_before() -> None:
    reading = read_declaration(WORKBOOK, "supplied.xlsx")
    assert reading.declaration is None
    assert [finding.rule for finding in reading.findings] == ["F11"]


def test_a_rule_is_held_against_the_kinds_and_about_the_minerals_that_it_names() -> None:
    # GIVEN a declaration that answers a question with something else than its choices, for both minerals
    sheets = invented_sheets(INVENTED.newest(IMRT))
    sheets["Declaration"] |= {"E16": "perhaps", "E17": "perhaps"}
    reading, _ = read(xlsx(sheets))
    (rule,) = (rule for rule in RULES if rule.id == "X04")

    def found(*rules) -> list[str | None]:
        return [finding.cell for finding in review_reading(reading, year=2026, rules=rules, templates=INVENTED)]

    # WHEN / THEN by default a rule is about the CMRT
    assert found(*RULES) == []
    # AND where it says that it is about this kind too, about whatever that asks about, or about a mineral alone
    of_both = replace(rule, kinds=(CMRT, IMRT))
    assert found(of_both) == ["E16", "E17"]
    assert found(replace(of_both, minerals=(UNOBTAINIUM,))) == ["E16"]
    assert found(replace(of_both, minerals=(Mineral.GOLD,))) == []


@pytest.mark.parametrize("version", [layout.version.stated for layout in TEMPLATES.of_kind(CMRT)])
def test_beside_a_new_kind_a_cmrt_is_read_and_reviewed_as_before(version: str) -> None:
    # GIVEN a CMRT, also one that lost its titles and the names of its sheets
    sheets = family_sheets(version)
    lost = {f"Tab {place}": cells for place, cells in enumerate(sheets.values())}
    lost["Tab 1"] = {cell: value for cell, value in lost["Tab 1"].items() if cell != "D2"}
    for data in map(xlsx, (sheets, lost)):
        # WHEN
        before, beside = (read_declaration(data, "a.xlsx", templates) for templates in (TEMPLATES, INVENTED))
        # THEN
        assert (beside.declaration, beside.findings) == (before.declaration, before.findings)
        assert review_reading(beside, year=2026, templates=INVENTED) == review_reading(before, year=2026)


def test_two_more_minerals_in_the_registry_are_nobodys_until_a_template_asks_about_them() -> None:
    # GIVEN a registry with minerals that no template asks about
    more = read_minerals({"mineral": [{"name": "Cobalt", "symbol": "Co"}, {"name": "Mica"}]})
    known = read_minerals({"mineral": [{"name": mineral, "conflict_mineral": True} for mineral in CONFLICT_MINERALS]})
    # WHEN
    fuller = read_templates(
        template_data("kinds.toml")["kind"], {"CMRT": template_data("cmrt.toml")}, {**known, **more}
    )
    # THEN
    assert fuller.minerals == CONFLICT_MINERALS
    assert fuller.mineral_of("Cobalt") is None


def test_a_layout_about_a_mineral_that_is_not_registered_is_a_mistake_in_the_data() -> None:
    with pytest.raises(ValueError, match="not in the registry of minerals: Tantalum"):
        read_templates(template_data("kinds.toml")["kind"], {"CMRT": template_data("cmrt.toml")}, {})
