"""Genuine workbooks of older families, read to what a person sees in them.

The workbooks are not ours to ship. Their folder is named by the variable TRACELODE_CMRT_SAMPLES. What they say was
written down by looking at them in a spreadsheet program, label by label.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.factories.reviewing import review
from tracelode.declarations.declaration import Declaration, Reading
from tracelode.declarations.read import read_declaration
from tracelode.declarations.templates.questions import LineKind, Question, Scope
from tracelode.findings import Severity
from tracelode.minerals import CONFLICT_MINERALS, Mineral

FOLDER = Path(os.environ.get("TRACELODE_CMRT_SAMPLES") or Path(__file__).resolve().parents[3] / "shared" / "samples")

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="no folder of genuine older workbooks (set TRACELODE_CMRT_SAMPLES to one)"
    ),
]

# Answers stand for Tantalum, Tin, Gold, Tungsten, as in the blocks of the sheet.
SOURCING_2 = ("No", "No", "Uncertain or Unknown", "No")
SHARES_2 = ("Yes", "No but > 75%", "Yes", "Yes")
IDENTIFIED_2 = ("Yes all smelters have been provided", "No", *("Yes all smelters have been provided",) * 2)
ALL = ("Yes",) * 4
LINES = (
    (5, Mineral.GOLD, "Allgemeine Gold- & Silberscheideanstalt", "Allgemeine Gold", "GERMANY"),
    (6, Mineral.TIN, "Alpha Metals", "Alpha Metal", "UNITED STATES"),
    (7, Mineral.TANTALUM, "Cabot Supermetals", "Cabot Supermetals", "UNITED STATES"),
    (8, Mineral.TUNGSTEN, "Ganzhou Huaxing Tungsten", "Ganzhou Huaxing Tungsten", "CHINA"),
)
PERSONAL = frozenset(f"{who}_{what}" for who in ("contact", "authorizer") for what in ("name", "email", "phone")) | {
    "address"
}
DRAWN_UP = date(2014, 5, 31)
# What identifies a person stands here as a digest.
ADDRESS, PERSON, EMAIL, PHONE = ("40a8c09504f6", "103d9588df66", "6fb7b94e2c57", "da2066c24702")


@dataclass(frozen=True)
class Seen:
    """What a person reads in a workbook. Company texts are those beside the labels, even where the typist slipped."""

    version: str
    company: dict[str, str]
    scope: Scope | None
    effective: date | None
    answers: dict[Question, tuple[str, ...]]
    company_answers: dict[str, str]
    comments: dict[str, str]
    lines: tuple[tuple[int, Mineral, str, str, str], ...] = LINES
    products: tuple[tuple[int, str, str, str], ...] = ()


def two(scope: Scope | None, named: bool, covered: tuple[str, ...], comments: dict[str, str], **rest) -> Seen:
    """A 2.02 workbook: the address was typed beside the representative's name."""
    name = {"name": "Green Status Pro", "scope_entry": "A. Company Level"} if named else {}
    return Seen(
        "2.02",
        {
            **name,
            "unique_id": "A999666333000",
            "authorizer_name": ADDRESS,
            "authorizer_title": "Chief Technology Officer",
            "authorizer_email": EMAIL,
            "authorizer_phone": PHONE,
        },
        scope,
        DRAWN_UP,
        answers_of_two(covered),
        {**dict.fromkeys("ABCDEFGIJ", "Yes"), "H": "Yes (documentation review only)"},
        {"B": "http://company/policy", **comments},
        **rest,
    )


def answers_of_two(covered: tuple[str, ...]) -> dict[Question, tuple[str, ...]]:
    return {
        Question.INTENTIONALLY_ADDED: ALL,
        Question.REMAINS_IN_PRODUCT: ALL,
        Question.COVERED_COUNTRIES: covered,
        Question.RECYCLED_OR_SCRAP: SOURCING_2,
        Question.SUPPLIER_RESPONSE: SHARES_2,
        Question.SMELTERS_IDENTIFIED: IDENTIFIED_2,
    }


def three(covered: tuple[str, ...], recycled: str, share_of_tin: str, comments: dict[str, str], **rest) -> Seen:
    return Seen(
        "3.01",
        {
            "name": "Green Status Pro",
            "scope_entry": "A. Company",
            "unique_id": "A999666333000",
            "unique_id_authority": "Database",
            "address": ADDRESS,
            "contact_name": PERSON,
            "contact_email": EMAIL,
            "contact_phone": PHONE,
            "authorizer_name": PERSON,
            "authorizer_email": EMAIL,
            "authorizer_phone": PHONE,
        },
        Scope.COMPANY,
        DRAWN_UP,
        {
            Question.INTENTIONALLY_ADDED: ALL,
            Question.REMAINS_IN_PRODUCT: ALL,
            Question.COVERED_COUNTRIES: covered,
            Question.RECYCLED_OR_SCRAP: (recycled,) * 4,
            Question.SUPPLIER_RESPONSE: ("Yes, 100%", share_of_tin, "Yes, 100%", "Yes, 100%"),
            Question.SMELTERS_IDENTIFIED: ALL,
            Question.SMELTER_INFORMATION_REPORTED: ALL,
        },
        dict.fromkeys("ABCDEFGHIJ", "Yes"),
        {"B": "http://company/policy", **comments},
        **rest,
    )


def blank(version: str) -> Seen:
    return Seen(version, {}, None, None, {}, {}, {}, lines=())


TOOL = (6, "ABCDEFG12345678", "Tool", "This is the main product")
SAMPLES = {
    "1.00/empty.xlsx": blank("1.0"),
    "2.02/empty.xlsx": blank("2.02"),
    "2.02/green.xlsx": two(Scope.COMPANY, True, SOURCING_2, {"I": "We run GSP"}, products=(TOOL,)),
    "2.02/high_risk.xlsx": two(Scope.COMPANY, True, ("Yes", *SOURCING_2[1:]), {}),
    "2.02/validation_needed.xlsx": two(None, False, SOURCING_2, {}),
    "2.03a/validation_needed.xlsx": Seen(
        "2.03a",
        {
            "unique_id": "A999666333000",
            "address": ADDRESS,
            "authorizer_name": PERSON,
            "authorizer_title": "Chief Technology Officer",
            "authorizer_email": EMAIL,
            "authorizer_phone": PHONE,
        },
        None,
        DRAWN_UP,
        answers_of_two(SOURCING_2),
        {**dict.fromkeys("ABCDEFGIJ", "Yes"), "H": "Yes (documentation review only)"},
        {"B": "http://company/policy"},
    ),
    "3.01/empty.xls": blank("3.01"),
    "3.01/green.xlsx": three(("No", "No", "Unknown", "No"), "Yes", "Yes, 100%", {"I": "We use GSP"}, products=(TOOL,)),
    "3.01/high_risk.xlsx": three(ALL, "No", "No, but greater than 75%", {}),
}


def reading(name: str) -> Reading:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"the folder of genuine older workbooks has no {name}")
    return read_declaration(path.read_bytes(), name)


def company_of(declaration: Declaration) -> dict[str, str]:
    company = declaration.company
    texts = {name: getattr(company, name).text for name in company.__slots__ if hasattr(getattr(company, name), "text")}
    del texts["effective_date_entry"]
    return {name: digest(text) if name in PERSONAL else text for name, text in texts.items() if text}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_genuine_older_workbook_is_read_to_what_a_person_sees(name: str):
    # GIVEN
    seen = SAMPLES[name]
    # WHEN
    read = reading(name)
    # THEN
    declaration = read.declaration
    assert declaration, read.findings
    assert (declaration.kind, declaration.template_version, declaration.language) == ("CMRT", seen.version, "English")
    assert company_of(declaration) == seen.company
    assert (declaration.company.scope, declaration.company.effective_date) == (seen.scope, seen.effective)
    answered = {
        question: tuple(answer.entry.text for answer in by_metal.values())
        for question, by_metal in declaration.answers.items()
    }
    nothing = ("",) * len(CONFLICT_MINERALS)
    assert answered == {question: seen.answers.get(question, nothing) for question in Question}
    assert {k: a.entry.text for k, a in declaration.company_answers.items() if a.entry} == seen.company_answers
    assert {k: a.comment.text for k, a in declaration.company_answers.items() if a.comment} == seen.comments
    lines = [(line.row, line.metal, line.typed_lookup, line.name, line.country) for line in declaration.smelters]
    assert lines == list(seen.lines)
    assert {line.kind for line in declaration.smelters} <= {LineKind.LISTED}
    products = [(product.row, product.number, product.name, product.comments) for product in declaration.products]
    assert products == list(seen.products)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_genuine_older_workbook_is_outdated_and_nothing_else(name: str):
    findings = reading(name).findings
    assert [(finding.rule, finding.severity, finding.cell) for finding in findings] == [("F12", Severity.WARNING, "J3")]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_genuine_older_workbook_can_be_reviewed(name: str):
    declaration = reading(name).declaration
    assert declaration
    review(declaration, year=2014)


def test_answers_come_to_the_words_of_today():
    declaration = reading("2.02/green.xlsx").declaration
    assert declaration

    def values(question: Question) -> list[str | None]:
        return [answer.value for answer in declaration.answers[question].values()]

    assert values(Question.COVERED_COUNTRIES) == ["No", "No", "Unknown", "No"]
    assert values(Question.SUPPLIER_RESPONSE) == ["100%", "Greater than 75%", "100%", "100%"]
    assert values(Question.SMELTERS_IDENTIFIED) == ["Yes", "No", "Yes", "Yes"]
    assert values(Question.CAHRA) == [None] * len(CONFLICT_MINERALS)


def test_a_picture_named_as_a_workbook_is_rejected_for_what_it_is():
    read = reading("not-a-workbook.xls")
    assert read.declaration is None
    (finding,) = read.findings
    assert (finding.rule, "an image" in finding.message) == ("F03", True)


def test_no_genuine_workbook_is_left_out():
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.xls*")}
    assert files - {"not-a-workbook.xls"} <= set(SAMPLES)
