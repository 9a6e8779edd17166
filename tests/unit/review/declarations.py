"""A complete declaration, and ways to take something out of it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

from tracelode.declarations.declaration import Answer, CidSource, Company, Declaration, Entry, SmelterLine
from tracelode.declarations.look_up import ListedSmelter, LookUp
from tracelode.declarations.templates.layouts import Layout
from tracelode.declarations.templates.questions import LineKind, Question, Scope
from tracelode.minerals import CONFLICT_MINERALS, Mineral
from tracelode.template_kind import CMRT

ANSWERS: Mapping[Question, str] = dict.fromkeys(Question, "Yes") | {
    Question.COVERED_COUNTRIES: "Unknown",
    Question.CAHRA: "Unknown",
    Question.RECYCLED_OR_SCRAP: "No",
    Question.SUPPLIER_RESPONSE: "100%",
}
COMPANY_ANSWERS: Mapping[str, tuple[str, str]] = dict.fromkeys("ACDF", ("Yes", "")) | {
    "B": ("Yes", "https://example.com/policy"),
    "E": ("Yes, in conformance with IPC1755 (e.g., CMRT)", ""),
    "G": ("Yes", "We ask again until the answer is complete."),
    "H": ("No", ""),
}


def answer(text: str, row: int, *, value: str | None = None, comment: str = "") -> Answer:
    return Answer(Entry(text, f"D{row}"), value if value is not None else (text or None), Entry(comment, f"G{row}"))


def line(
    row: int, metal: Mineral | None, cid: str | None = None, name: str = "", country: str = "Japan"
) -> SmelterLine:
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


def not_listed(row: int, metal: Mineral, *, name: str, typed_country: str, country: str) -> SmelterLine:
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
        kind=CMRT,
        template_version="6.5",
        language="English",
        company=company,
        answers={
            question: {
                metal: answer(ANSWERS[question], 26 + 6 * block + offset)
                for offset, metal in enumerate(CONFLICT_MINERALS)
            }
            for block, question in enumerate(Question)
        },
        company_answers={
            letter: answer(COMPANY_ANSWERS[letter][0], 75 + 2 * place, comment=COMPANY_ANSWERS[letter][1])
            for place, letter in enumerate("ABCDEFGH")
        },
        smelters=tuple(line(5 + offset, metal, f"CID00000{offset}", f"Smelter {offset}")
                       for offset, metal in enumerate(CONFLICT_MINERALS)),
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


def with_answer(
    declaration: Declaration, question: Question, metal: Mineral, text: str, comment: str = "", *, means: str = ""
) -> Declaration:
    """The declaration with another answer; a text in <angles> stands for one outside the template's choices.

    `means` is the choice that a text in another language stands for.
    """
    before = declaration.answers[question][metal]
    value = means or (None if not text or text.startswith("<") else text)
    after = Answer(Entry(text, before.entry.cell), value, Entry(comment, before.comment.cell))
    return replace(
        declaration,
        answers={**declaration.answers, question: {**declaration.answers[question], metal: after}},
    )


def with_company_answer(declaration: Declaration, letter: str, text: str, comment: str = "") -> Declaration:
    before = declaration.company_answers[letter]
    value = None if not text or text.startswith("<") else text
    after = Answer(Entry(text, before.entry.cell), value, Entry(comment, before.comment.cell))
    return replace(declaration, company_answers={**declaration.company_answers, letter: after})


def with_lines(*lines: SmelterLine, **changes: object) -> Declaration:
    """A declaration without findings, with these lines added to its Smelter List."""
    return complete(smelters=(*complete().smelters, *lines), **changes)


def not_yet_identified(row: int, metal: Mineral, *, name: str = "") -> SmelterLine:
    unidentified = line(row, metal, name=name, country="")
    return replace(
        unidentified,
        kind=LineKind.NOT_YET_IDENTIFIED,
        typed_lookup="Smelter not yet identified",
        typed_name=name,
    )


def typed(row: int, cid: str, listed: SmelterLine | None = None, **cells: str) -> SmelterLine:
    """A line whose CID is typed into column A; `listed` is what the look-up tab knows of it, `cells` is typed too."""
    known = listed or line(row, None, country="")
    return replace(
        line(row, known.metal, cid, known.name, known.country),
        cid_source=CidSource.TYPED,
        **{"typed_cid": cid, "typed_metal": "", "typed_lookup": "", **cells},
    )


def look_up_of(*lines: SmelterLine) -> LookUp:
    """A look-up tab that knows these lines' smelters, each under its name."""
    listed = [ListedSmelter(found.metal, found.cid, found.name, found.country, "", "") for found in lines
              if found.metal and found.cid]  # fmt: skip
    return LookUp(
        {smelter.cid: smelter for smelter in listed},
        {(smelter.metal, smelter.name.casefold()): smelter for smelter in listed},
    )


def on_template(declaration: Declaration, layout: Layout) -> Declaration:
    """The declaration with its answers where a template has them; a question that it does not ask has no cell."""
    answers = {
        question: {
            metal: replace(found, entry=Entry(found.entry.text, f"D{layout.questions[question].row + place}"))
            if question in layout.questions and layout.questions[question].number
            else Answer(Entry("", ""), None, Entry("", ""))
            for place, (metal, found) in enumerate(by_metal.items(), start=1)
        }
        for question, by_metal in declaration.answers.items()
    }
    return replace(declaration, template_version=layout.version.stated, answers=answers)


def emptied(declaration: Declaration) -> Declaration:
    """The declaration with no answer and no field of the company block filled in."""
    for question in Question:
        for metal in CONFLICT_MINERALS:
            declaration = with_answer(declaration, question, metal, "")
    for letter in declaration.company_answers:
        declaration = with_company_answer(declaration, letter, "")
    texts = [field.name for field in fields(Company) if isinstance(getattr(declaration.company, field.name), Entry)]
    return with_company(declaration, **dict.fromkeys(texts, ""), scope=None, effective_date=None)
