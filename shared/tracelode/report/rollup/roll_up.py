"""The company's own CMRT, to pass on to its customers: what its suppliers declare, in an official template."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracelode.declarations.templates.questions import Scope
from tracelode.ooxml.spreadsheet import Sheet, spreadsheet
from tracelode.ooxml.xml import NotMarkableError
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.rollup.answers import MetalAnswers, RollUpAnswer, metal_answers
from tracelode.report.rollup.fill import OwnDeclaration, fill
from tracelode.report.rollup.smelter_lines import smelter_entries
from tracelode.sources.official_template import OfficialTemplate, UnsuitableTemplateError, read_template
from tracelode.sources.program import Program
from tracelode.workbooks.file_rules import RefusedError

_REQUIRED: Mapping[str, str] = {
    "name": "registrant.name",
    "contact_name": "rollup.contact_name",
    "contact_phone": "rollup.contact_phone",
    "authorizer_name": "rollup.authorizer_name",
}
"""Fields of the company block that may not be empty (CMRT 6.5, Checker rows 4, 7, 9, 10), and where to state them."""
_ADDRESSES: Mapping[str, str] = {
    "contact_email": "rollup.contact_email",
    "authorizer_email": "rollup.authorizer_email",
}
"""Fields that have to be e-mail addresses (rows 8 and 11)."""
_POLICY_PUBLIC, _SURVEY = "B", "E"
_OTHER_FORMAT = "other format"


@dataclass(frozen=True, slots=True)
class Rollup:
    """The workbook, or None where there can be none, and what a person has to see to, in plain English.

    Problems beside a workbook are what it still lacks; they never hold text of a supplier's.
    """

    workbook: bytes | None
    problems: tuple[str, ...] = ()


def roll_up(template: bytes, interpretation: Interpretation, figures: Figures) -> Rollup:
    """The template filled in for the company whose suppliers the interpretation is about; same input, same bytes.

    `template` is an official CMRT 6.x, empty or not; `figures` are the interpretation's. No supplier is named in it.
    Never raises for an unsuitable template: that is a problem, and no workbook.
    """
    if not figures.suppliers.responded:
        return Rollup(None, ("No supplier has answered yet, so there is nothing to declare.",))
    try:
        place = read_template(template)
        declaration = own_declaration(place, interpretation, figures)
        short = tuple(_without_room(place, declaration))
        if short:
            return Rollup(None, short)
        return Rollup(fill(template, place, declaration), tuple(_lacking(declaration, figures)))
    except UnsuitableTemplateError as unsuitable:
        return Rollup(None, (str(unsuitable),))
    except NotMarkableError as unsuitable:
        return Rollup(None, (str(unsuitable),))
    except RefusedError as refused:
        return Rollup(None, (refused.finding.message,))


def no_roll_up(problems: Sequence[str]) -> bytes:
    """A workbook that says why there is no roll-up.

    It takes the place of an earlier one beside the report, from where nothing is ever deleted: a declaration of last
    week must not pass for one of today.
    """
    heading = ("There is no roll-up CMRT with this report", 110)
    return spreadsheet([Sheet("No roll-up", (heading,), [(problem,) for problem in problems], wrapped=True)])


def own_declaration(template: OfficialTemplate, interpretation: Interpretation, figures: Figures) -> OwnDeclaration:
    """What the company declares: its profile, and its suppliers' answers and smelters (docs/ROLLUP.md)."""
    program = interpretation.facts.program
    answers = metal_answers(interpretation, figures)
    return OwnDeclaration(
        scope=Scope(program.rollup.scope),
        company=_company(program),
        effective_date=program.rollup.effective_date or _cut_off(figures),
        answers=answers,
        company_answers=_company_answers(program, answers),
        smelters=smelter_entries(interpretation.facilities, answers, template),
        products=program.rollup.products if program.rollup.scope == Scope.PRODUCT else (),
    )


def _company(program: Program) -> dict[str, str]:
    """The company block; what the table [rollup] leaves out comes from the cover and signature of Form SD."""
    profile, registrant, signatory = program.rollup, program.registrant, program.signatory
    return {
        "name": registrant.name,
        "scope_description": profile.scope_description if profile.scope != Scope.PRODUCT else "",
        "unique_id": profile.unique_id,
        "unique_id_authority": profile.unique_id_authority,
        "address": profile.address or registrant.address,
        "contact_name": profile.contact_name or registrant.contact,
        "contact_email": profile.contact_email,
        "contact_phone": profile.contact_phone or registrant.contact_phone,
        "authorizer_name": profile.authorizer_name or signatory.name,
        "authorizer_title": profile.authorizer_title or ("" if profile.authorizer_name else signatory.title),
        "authorizer_email": profile.authorizer_email,
        "authorizer_phone": profile.authorizer_phone,
    }


def _company_answers(program: Program, answers: tuple[MetalAnswers, ...]) -> dict[str, RollUpAnswer]:
    """Questions A to H, asked if any metal is in the products (CMRT 6.5, Instructions A37)."""
    if not any(answer.in_products for answer in answers):
        return {}
    profile = program.rollup
    stated = {
        letter: RollUpAnswer(profile.answers.get(letter, ""), profile.comments.get(letter, ""))
        for letter in sorted({*profile.answers, *profile.comments, *"ABCDEFGH"})
    }
    public = stated[_POLICY_PUBLIC]
    if public.value == "Yes":
        # The comment is where the policy's address stands (A40, Checker row 56).
        address = profile.policy_url or program.registrant.policy_website
        stated[_POLICY_PUBLIC] = RollUpAnswer(public.value, " ".join(filter(None, (address, public.comment))))
    return stated


def _cut_off(figures: Figures) -> date | None:
    """The day of the newest declaration: what a roll-up says is as of then, unless the company states another day."""
    day = figures.data_cut_off
    return date.fromisoformat(day) if day else None


def _without_room(template: OfficialTemplate, declaration: OwnDeclaration) -> Iterator[str]:
    if len(declaration.smelters) > template.room:
        yield f"The template's list has room for {template.room:,} smelters; {len(declaration.smelters):,} are known."
    place = template.layout.product_list
    room = place.last_row - place.first_row + 1
    if len(declaration.products) > room:
        yield f"The template's list has room for {room:,} products; rollup.products has {len(declaration.products):,}."


def _lacking(declaration: OwnDeclaration, figures: Figures) -> Iterator[str]:
    """What the template's own Checker, or its instructions, will ask for, and where to state it in the profile."""
    for name, key in _REQUIRED.items():
        if not declaration.company[name]:
            yield f"program.toml lacks {key}, which the Checker asks for."
    for name, key in _ADDRESSES.items():
        if "@" not in declaration.company[name]:
            yield f"program.toml lacks an e-mail address in {key}, which the Checker asks for."
    if declaration.scope is Scope.USER_DEFINED and not declaration.company["scope_description"]:
        yield "program.toml lacks rollup.scope_description, which scope C needs."
    if declaration.scope is Scope.PRODUCT and not declaration.products:
        yield "program.toml lacks rollup.products, which scope B needs."
    if declaration.effective_date is None:
        yield "program.toml lacks rollup.effective_date, which the Checker asks for."
    elif declaration.effective_date.isoformat() < figures.data_cut_off:
        yield "rollup.effective_date is before the newest declaration that the roll-up contains."
    yield from _lacking_answers(declaration.company_answers)


def _lacking_answers(answers: Mapping[str, RollUpAnswer]) -> Iterator[str]:
    for letter, stated in answers.items():
        if not stated.value:
            yield f"program.toml lacks rollup.answers.{letter}, which the Checker asks for."
    if answers and answers[_POLICY_PUBLIC].value == "Yes" and len(answers[_POLICY_PUBLIC].comment) < 2:
        yield "program.toml lacks rollup.policy_url, which the Checker asks for."
    if answers and _OTHER_FORMAT in answers[_SURVEY].value and not answers[_SURVEY].comment:
        yield "program.toml lacks rollup.comments.E, which has to describe the other format."
