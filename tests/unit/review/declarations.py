"""A complete declaration, and ways to take something out of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tracelode.cmrt.declaration import (
    Answer,
    CidSource,
    Company,
    Declaration,
    Entry,
    LineKind,
    Question,
    Scope,
    SmelterLine,
)
from tracelode.metals import Metal

ANSWERS: Mapping[Question, str] = dict.fromkeys(Question, "Yes") | {Question.SUPPLIER_RESPONSE: "100%"}


def answer(text: str, row: int, *, value: str | None = None, comment: str = "") -> Answer:
    return Answer(Entry(text, f"D{row}"), value if value is not None else (text or None), Entry(comment, f"G{row}"))


def line(row: int, metal: Metal | None, cid: str | None = None, name: str = "", country: str = "Japan") -> SmelterLine:
    """A line as a supplier chooses it from the look-up tab."""
    return SmelterLine(
        row=row,
        kind=LineKind.LISTED,
        typed_cid="",
        typed_metal=metal or "",
        typed_lookup=name,
        typed_name="",
        typed_country="",
        typed_identification="",
        metal=metal,
        cid=cid,
        cid_source=CidSource.LOOK_UP if cid else CidSource.NONE,
        name=name,
        country=country,
    )


def not_listed(row: int, metal: Metal, *, name: str, typed_country: str, country: str) -> SmelterLine:
    unlisted = line(row, metal, name=name, country=country)
    return replace(
        unlisted,
        kind=LineKind.NOT_LISTED,
        typed_lookup="Smelter not listed",
        typed_name=name,
        typed_country=typed_country,
    )


def complete(**changes: object) -> Declaration:
    """A declaration without findings, with these fields changed."""
    texts = {
        "name": 8, "scope_entry": 9, "scope_description": 10, "unique_id": 12, "unique_id_authority": 13, "address": 14,
        "contact_name": 15, "contact_email": 16, "contact_phone": 17, "authorizer_name": 18, "authorizer_title": 19,
        "authorizer_email": 20, "authorizer_phone": 21, "effective_date_entry": 22,
    }  # fmt: skip
    filled = {
        "name": "Example Ltd", "scope_entry": "A. Company", "contact_name": "A. Example", "contact_phone": "555 0100",
        "contact_email": "contact@example.com", "authorizer_name": "B. Example",
        "authorizer_email": "authorizer@example.com", "effective_date_entry": "2026-01-31",
    }  # fmt: skip
    company = Company(
        scope=Scope.COMPANY,
        effective_date=date(2026, 1, 31),
        **{field: Entry(filled.get(field, ""), f"D{row}") for field, row in texts.items()},
    )
    declaration = Declaration(
        kind="CMRT",
        template_version="6.5",
        language="English",
        company=company,
        answers={
            question: {
                metal: answer(ANSWERS[question], 26 + 6 * block + offset) for offset, metal in enumerate(Metal)
            }
            for block, question in enumerate(Question)
        },
        company_answers={
            letter: answer("Yes", 75 + 2 * place, comment="https://example.com/policy" if letter == "B" else "")
            for place, letter in enumerate("ABCDEFGH")
        },
        smelters=tuple(line(5 + offset, metal, f"CID00000{offset}", f"Smelter {offset}")
                       for offset, metal in enumerate(Metal)),
        products=(),
    )  # fmt: skip
    return replace(declaration, **changes)


def with_company(declaration: Declaration, **fields: object) -> Declaration:
    """The declaration with other texts (or other values) in its company block."""
    company = declaration.company
    changes = {
        field: Entry(value, getattr(company, field).cell) if isinstance(value, str) and field != "scope" else value
        for field, value in fields.items()
    }
    return replace(declaration, company=replace(company, **changes))


def with_answer(declaration: Declaration, question: Question, metal: Metal, text: str) -> Declaration:
    """The declaration with another answer; a text in <angles> stands for one outside the template's choices."""
    before = declaration.answers[question][metal]
    value = None if not text or text.startswith("<") else text
    after = replace(before, entry=Entry(text, before.entry.cell), value=value)
    return replace(
        declaration,
        answers={**declaration.answers, question: {**declaration.answers[question], metal: after}},
    )


def with_company_answer(declaration: Declaration, letter: str, text: str, comment: str = "") -> Declaration:
    before = declaration.company_answers[letter]
    after = Answer(Entry(text, before.entry.cell), text or None, Entry(comment, before.comment.cell))
    return replace(declaration, company_answers={**declaration.company_answers, letter: after})
