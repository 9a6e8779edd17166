import re
from dataclasses import replace

import pytest

from tests.factories.reviewing import review
from tests.unit.review.declarations import (
    complete,
    line,
    not_listed,
    with_answer,
    with_company,
    with_company_answer,
)
from tracelode.declarations.declaration import CidSource, Declaration, Product
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import Question, Scope
from tracelode.findings import Severity
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.review.rules.completeness import COMPLETENESS_RULES
from tracelode.template_kind import CMRT

LATER = tuple(Question)[2:]
Q1, Q2 = Question.INTENTIONALLY_ADDED, Question.REMAINS_IN_PRODUCT


def found(declaration: Declaration) -> list[tuple[str, str]]:
    """The completeness findings as (rule, cell)."""
    return [
        (finding.rule, finding.cell or "") for finding in review(declaration, year=2026) if finding.rule.startswith("K")
    ]


def rules(declaration: Declaration) -> list[str]:
    return [rule for rule, _ in found(declaration)]


def with_all(declaration: Declaration, question: Question, text: str) -> Declaration:
    for metal in CONFLICT_MINERALS:
        declaration = with_answer(declaration, question, metal, text)
    return declaration


def test_there_is_a_rule_for_each_row_of_the_checker():
    assert [rule.id for rule in COMPLETENESS_RULES] == [f"K{number:02}" for number in range(1, 57)]
    rows = [int(re.search(r"row (\d+)$", rule.source)[1]) for rule in COMPLETENESS_RULES]  # type: ignore[index]
    questions = [first + offset for first in range(14, 50, 5) for offset in range(4)]
    assert rows == [*range(4, 13), *questions, *range(54, 61), 62, 63, 64, *range(65, 70)]
    assert all(rule.severity is Severity.ERROR for rule in COMPLETENESS_RULES)


def test_a_complete_declaration_has_no_findings():
    assert review(complete(), year=2026) == ()


def test_an_empty_declaration_has_the_checkers_52_items():
    declaration = with_all(complete(smelters=()), Q1, "")
    for question in (Q2, *LATER):
        declaration = with_all(declaration, question, "")
    for letter in "ABCDEFGH":
        declaration = with_company_answer(declaration, letter, "")
    blank = dict.fromkeys(
        ["name", "scope_entry", "contact_name", "contact_email", "contact_phone", "authorizer_name",
         "authorizer_email", "effective_date_entry"], ""
    )  # fmt: skip
    declaration = with_company(declaration, **blank, scope=None)
    assert len(found(declaration)) == 52


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("name", "", ("K01", "D8")),
        ("scope_entry", "", ("K02", "D9")),
        ("contact_name", "", ("K04", "D15")),
        ("contact_email", "", ("K05", "D16")),
        ("contact_email", "not available", ("K05", "D16")),
        ("contact_phone", "", ("K06", "D17")),
        ("authorizer_name", "", ("K07", "D18")),
        ("authorizer_email", "authorizer.example.com", ("K08", "D20")),
        ("effective_date_entry", "", ("K09", "D22")),
    ],
)
def test_a_field_of_the_company_block_is_missing(field: str, text: str, expected: tuple[str, str]):
    assert found(with_company(complete(), **{field: text})) == [expected]


@pytest.mark.parametrize("field", ["scope_description", "unique_id", "address", "authorizer_title", "authorizer_phone"])
def test_the_other_fields_may_stay_empty(field: str):
    assert found(with_company(complete(), **{field: ""})) == []


def test_an_e_mail_address_needs_no_more_than_an_at_sign():
    assert found(with_company(complete(), contact_email="@", authorizer_email="a@b")) == []


@pytest.mark.parametrize("scope", [Scope.USER_DEFINED, None])
def test_any_scope_but_the_first_two_must_be_described(scope: Scope | None):
    undescribed = with_company(complete(), scope_entry="some text", scope=scope)
    assert found(undescribed) == [("K03", "D10")]
    assert found(with_company(undescribed, scope_description="two plants")) == []


@pytest.mark.parametrize(("offset", "metal"), list(enumerate(CONFLICT_MINERALS)))
def test_an_unanswered_first_question_leaves_the_whole_metal_open(offset: int, metal: Mineral):
    assert rules(with_answer(complete(), Q1, metal, "")) == [f"K{10 + 4 * block + offset}" for block in range(8)]


@pytest.mark.parametrize(("offset", "metal"), list(enumerate(CONFLICT_MINERALS)))
def test_a_first_answer_outside_the_choices_leaves_the_rest_of_the_metal_open(offset: int, metal: Mineral):
    assert rules(with_answer(complete(), Q1, metal, "<perhaps>")) == [
        f"K{10 + 4 * block + offset}" for block in range(1, 8)
    ]


@pytest.mark.parametrize(("offset", "metal"), list(enumerate(CONFLICT_MINERALS)))
@pytest.mark.parametrize(("block", "question"), list(enumerate(Question))[2:])
def test_an_unanswered_question_is_one_finding(block: int, question: Question, offset: int, metal: Mineral):
    cell = f"D{26 + 6 * block + offset}"
    assert found(with_answer(complete(), question, metal, "")) == [(f"K{10 + 4 * block + offset}", cell)]
    assert found(with_answer(complete(), question, metal, "<something>")) == []


@pytest.mark.parametrize(("first", "second"), [("No", ""), ("No", "Yes"), ("Yes", "No")])
def test_a_metal_that_is_out_needs_no_answers_and_no_smelters(first: str, second: str):
    declaration = with_answer(with_answer(complete(), Q1, Mineral.TIN, first), Q2, Mineral.TIN, second)
    for question in LATER:
        declaration = with_answer(declaration, question, Mineral.TIN, "")
    smelters = tuple(smelter for smelter in declaration.smelters if smelter.metal != Mineral.TIN)
    assert found(replace(declaration, smelters=smelters)) == []


def test_a_second_answer_outside_the_choices_leaves_the_later_questions_open():
    assert rules(with_answer(complete(), Q2, Mineral.GOLD, "<partly>")) == ["K20", "K24", "K28", "K32", "K36", "K40"]


@pytest.mark.parametrize(
    ("letter", "rule"),
    list(zip("ABCDEFGH", ["K42", "K43", "K45", "K46", "K47", "K48", "K49", "K50"], strict=True)),
)
def test_a_company_question_is_asked_while_one_metal_is_not_out(letter: str, rule: str):
    unanswered = with_company_answer(complete(), letter, "")
    assert rules(unanswered) == [rule]
    one_left = unanswered
    for metal in (Mineral.TANTALUM, Mineral.TIN, Mineral.TUNGSTEN):
        one_left = with_answer(one_left, Q1, metal, "No")
    assert rules(one_left) == [rule]
    assert rules(with_answer(one_left, Q1, Mineral.GOLD, "No")) == []


@pytest.mark.parametrize(
    ("answer", "comment", "expected"),
    [
        ("Yes", "", [("K44", "G77")]),
        ("Yes", "x", [("K44", "G77")]),
        ("Yes", "xx", []),
        ("No", "", []),
    ],
)
def test_a_public_policy_needs_an_address(answer: str, comment: str, expected: list[tuple[str, str]]):
    assert found(with_company_answer(complete(), "B", answer, comment)) == expected


@pytest.mark.parametrize(
    ("products", "expected"),
    [
        ((), [("K51", "B6")]),
        ((Product(6, "", "Widget", ""),), [("K51", "B6")]),
        ((Product(7, "W-1", "", ""),), [("K51", "B6")]),
        ((Product(6, "W-1", "", ""),), []),
    ],
)
def test_a_product_scope_needs_a_number_in_the_lists_first_row(
    products: tuple[Product, ...], expected: list[tuple[str, str]]
):
    scoped = with_company(complete(products=products), scope_entry="B. Product", scope=Scope.PRODUCT)
    assert found(scoped) == expected
    assert found(complete(products=products)) == []


@pytest.mark.parametrize(("offset", "metal"), list(enumerate(CONFLICT_MINERALS)))
def test_a_metal_that_is_not_out_needs_a_smelter(offset: int, metal: Mineral):
    others = tuple(smelter for smelter in complete().smelters if smelter.metal != metal)
    assert found(complete(smelters=others)) == [(f"K{52 + offset}", f"B{5 + offset}")]
    nameless = replace(line(9, metal), cid_source=CidSource.NONE)
    assert rules(complete(smelters=(*others, nameless))) == [f"K{52 + offset}"]
    typed = replace(line(9, metal, "CID000009", "Smelter"), typed_lookup="", cid_source=CidSource.TYPED)
    assert found(complete(smelters=(*others, typed))) == []


def test_a_missing_smelter_is_marked_where_it_can_be_listed():
    place = TEMPLATES.newest(CMRT).smelter_list
    others = [smelter for smelter in complete().smelters if smelter.metal != Mineral.TIN]

    def listed(*rows: int) -> list[tuple[str, str]]:
        smelters = tuple(replace(others[0], row=row, mine=str(row)) for row in rows)
        return [finding for finding in found(complete(smelters=smelters)) if finding[0] == "K53"]

    # GIVEN rows from the first one on, with a gap, and to the end of the list
    # THEN the first free row is marked, or where there is none the header
    assert listed() == [("K53", "B5")]
    assert listed(5, 6, 7) == [("K53", "B8")]
    assert listed(5, 7) == [("K53", "B6")]
    assert listed(*range(place.first_row, place.last_row)) == [("K53", f"B{place.last_row}")]
    assert listed(*range(place.first_row, place.last_row + 1)) == [("K53", "B4")]


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("", "Peru", [("K56", "D9")]),
        ("Example", "", [("K56", "E9")]),
        ("", "", [("K56", "D9"), ("K56", "E9")]),
        ("Example", "Peru", []),
    ],
)
def test_an_unlisted_smelter_needs_name_and_country(name: str, country: str, expected: list[tuple[str, str]]):
    unlisted = not_listed(9, Mineral.TIN, name=name, typed_country=country, country=country)
    assert found(complete(smelters=(*complete().smelters, unlisted))) == expected


@pytest.mark.parametrize(("version", "expected"), [("6.01", ["K56"]), ("6.1", ["K56"]), ("6.22", []), ("6.5", [])])
def test_the_country_of_a_known_unlisted_smelter_fills_itself_from_6_22_on(version: str, expected: list[str]):
    known = not_listed(9, Mineral.TIN, name="Alpha", typed_country="", country="PERU")
    assert rules(complete(smelters=(*complete().smelters, known), template_version=version)) == expected


def test_one_rule_makes_a_bounded_number_of_findings():
    unlisted = [not_listed(row, Mineral.TIN, name="", typed_country="", country="") for row in range(10, 2000)]
    assert len(found(complete(smelters=(*complete().smelters, *unlisted)))) == 100


def test_a_finding_says_where_what_and_what_to_do():
    (finding,) = review(with_company(complete(), contact_email="x" * 500), year=2026)
    assert (finding.sheet, finding.cell, finding.found) == ("Declaration", "D16", "x" * 200)
    assert finding.message
    assert finding.remedy
