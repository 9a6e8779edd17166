"""K01 to K56: a row of RMI's own Checker each (CMRT 6.01 to 6.5, which behave alike).

The conditions are the Checker's. Its view of a cell is rawer than ours, so verdicts differ on purpose in these cases,
where a person would side with us:

- A cell of blanks only is empty here; the Checker takes it for an answer.
- "Yes " with a trailing blank, "YES" in full-width letters, or the word in another of the template's languages is the
  answer here; the Checker does not see it, and calls the metal's whole column incomplete.
- A failed formula (#N/A, #REF!) is empty here; in the Checker it spoils the total.
- A scope retyped in the words or with the letter of a choice is that choice here; for the Checker it is free text.
- Lines that the sheet's formulas would complete count as completed, also where no program has computed them yet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tracelode.declarations.declaration import CidSource, Company, Declaration, Entry, SmelterLine
from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.questions import LineKind, Question, Scope
from tracelode.findings import Severity
from tracelode.minerals import Mineral
from tracelode.review.rules.rule import Case, Hit, Rule, at
from tracelode.template_kind import CMRT

SHORTEST_URL = 2
"""Characters that the Checker takes for the address of a policy (CMRT 6.5, Checker row 56)."""

_QUESTIONS: tuple[tuple[Question, str, int], ...] = (
    (Question.INTENTIONALLY_ADDED, "is it intentionally added or used?", 14),
    (Question.REMAINS_IN_PRODUCT, "does it remain in the product?", 19),
    (Question.COVERED_COUNTRIES, "do smelters source from the covered countries?", 24),
    (Question.CAHRA, "do smelters source from conflict-affected and high-risk areas?", 29),
    (Question.RECYCLED_OR_SCRAP, "does all of it come from recycled or scrap sources?", 34),
    (Question.SUPPLIER_RESPONSE, "what share of suppliers responded?", 39),
    (Question.SMELTERS_IDENTIFIED, "are all smelters identified?", 44),
    (Question.SMELTER_INFORMATION_REPORTED, "is all smelter information reported?", 49),
)
"""The questions in order, in our words, with the Checker row of their first metal."""

_METALS = TEMPLATES.newest(CMRT).minerals
_COMPANY_QUESTIONS: tuple[tuple[str, int, str], ...] = (
    ("K42", 54, "A"),
    ("K43", 55, "B"),
    ("K45", 57, "C"),
    ("K46", 58, "D"),
    ("K47", 59, "E"),
    ("K48", 60, "F"),
    ("K49", 62, "G"),
    ("K50", 63, "H"),
)
COMPANY_QUESTIONS: Mapping[str, str] = {
    "A": "does your company have a responsible sourcing policy?",
    "B": "does your company publish its sourcing policy?",
    "C": "does your company require its suppliers to source from validated smelters?",
    "D": "does your company take due diligence measures?",
    "E": "does your company survey its suppliers?",
    "F": "does your company review what its suppliers report?",
    "G": "does your company manage corrective actions?",
    "H": "does your company have to disclose conflict minerals every year?",
}
"""The company-level questions of CMRT 6 by letter, in our words."""


@dataclass(frozen=True, slots=True)
class _CompanyField:
    id: str
    row: int
    field: str
    entry: Callable[[Company], Entry]
    complete: Callable[[str], bool] = bool


def _has_an_at_sign(text: str) -> bool:
    return "@" in text


_COMPANY_FIELDS = (
    _CompanyField("K01", 4, "company name", lambda company: company.name),
    _CompanyField("K02", 5, "declaration scope", lambda company: company.scope_entry),
    _CompanyField("K04", 7, "contact name", lambda company: company.contact_name),
    _CompanyField("K05", 8, "contact e-mail address", lambda company: company.contact_email, _has_an_at_sign),
    _CompanyField("K06", 9, "contact phone number", lambda company: company.contact_phone),
    _CompanyField("K07", 10, "authorizer's name", lambda company: company.authorizer_name),
    _CompanyField("K08", 11, "authorizer's e-mail address", lambda company: company.authorizer_email, _has_an_at_sign),
    _CompanyField("K09", 12, "effective date", lambda company: company.effective_date_entry),
)


QUESTION_ABOUT: Mapping[str, Question] = {about: question for question, about, _ in _QUESTIONS}
"""The question of the Declaration that a rule here is about, by the words that say so."""


def _source(row: int) -> str:
    return f"CMRT 6.5, Checker row {row}"


def _company_field(place: _CompanyField) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        entry = place.entry(case.declaration.company)
        # An entry without a cell is one that this template does not ask for.
        return [at(entry)] if entry.cell and not place.complete(entry.text) else []

    address = place.complete is _has_an_at_sign
    return Rule(
        id=place.id,
        severity=Severity.ERROR,
        source=_source(place.row),
        message="The {field} is missing or not valid." if address else "The {field} is missing.",
        remedy="Fill in the {field} (with an @ sign)." if address else "Fill in the {field}.",
        check=check,
        words={"field": place.field},
        family="K05" if address else "K01",
    )


def _scope_description(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    described = company.scope in (Scope.COMPANY, Scope.PRODUCT) or company.scope_description
    return [at(company.scope_description)] if company.scope_entry and not described else []


def _question(number: int, question: Question, about: str, row: int, metal: Mineral) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        answer = case.answer(question, metal)
        if answer is None or not _demanded(case.declaration, question, metal, bool(answer.entry)):
            return []
        return [at(answer.entry, number=case.layout.questions[question].number)]

    return Rule(
        id=f"K{number}",
        severity=Severity.ERROR,
        source=_source(row),
        message="Question {number} ({about}) has no usable answer for {metal}.",
        remedy="Choose an answer for {metal}. The questions before it must be answered too.",
        check=check,
        words={"about": about, "metal": metal.value},
        family="K10",
        minerals=(metal,),
    )


def _demanded(declaration: Declaration, question: Question, metal: Mineral, answered: bool) -> bool:
    """Whether a question is incomplete for a metal (CMRT 6.5, Checker columns F and G, rows 14 to 52)."""
    added = declaration.answers[Question.INTENTIONALLY_ADDED][metal].value
    if question is Question.INTENTIONALLY_ADDED:
        return not answered
    if question is Question.REMAINS_IN_PRODUCT:
        return added != "No" and not (added == "Yes" and answered)
    return not declaration.out_of_scope(metal) and not (declaration.in_scope(metal) and answered)


def _company_question(rule: str, row: int, letter: str) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        answer = case.company_answer(letter)
        return [at(answer.entry)] if answer and not answer.entry and any_metal_counts(case.declaration) else []

    return Rule(
        id=rule,
        severity=Severity.ERROR,
        source=_source(row),
        message="Question {letter} ({about}) is not answered.",
        remedy="Choose an answer to question {letter}.",
        check=check,
        words={"letter": letter, "about": COMPANY_QUESTIONS[letter]},
        family="K42",
    )


def _policy_address(case: Case) -> Iterable[Hit]:
    answer = case.company_answer("B")
    if (
        answer is None
        or answer.value != "Yes"
        or max(map(len, (answer.comment.text, answer.comment.link))) >= SHORTEST_URL
    ):
        return []
    return [at(answer.comment)] if any_metal_counts(case.declaration) else []


def any_metal_counts(declaration: Declaration) -> bool:
    """Whether the company-level questions are asked: some metal is not taken out by its first two answers."""
    return any(not declaration.out_of_scope(metal) for metal in declaration.minerals)


def _products(case: Case) -> Iterable[Hit]:
    place = case.layout.product_list
    listed = any(product.row == place.first_row and product.number for product in case.declaration.products)
    cell = f"{place.columns['number']}{place.first_row}"
    return [Hit(place.sheet, cell)] if case.declaration.company.scope is Scope.PRODUCT and not listed else []


def _smelters(number: int, row: int, metal: Mineral) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        if case.declaration.out_of_scope(metal):
            return []
        named = any(names_a_smelter(case, line) for line in case.lines[metal])
        return [] if named else [_first_free_row(case)]

    return Rule(
        id=f"K{number}",
        severity=Severity.ERROR,
        source=_source(row),
        message="The Smelter List names no smelter for {metal}.",
        remedy="List the smelters of {metal}. If {metal} is not in your products, answer No to question "
        "{intentionally_added} or {remains_in_product}.",
        check=check,
        words={"metal": metal.value},
        family="K52",
        minerals=(metal,),
    )


def _first_free_row(case: Case) -> Hit:
    """The metal's cell where another smelter can be listed; its header where the list is full."""
    place = case.layout.smelter_list
    taken = {line.row for line in case.declaration.smelters}
    free = (row for row in range(place.first_row, place.last_row + 1) if row not in taken)
    return Hit(place.sheet, f"{place.columns['metal']}{next(free, place.header_row)}")


def names_a_smelter(case: Case, line: SmelterLine) -> bool:
    """Whether the Checker sees a smelter: column C holds something, or would once column A's formulas ran."""
    if not case.lists("look_up"):
        return bool(line.name)
    return bool(line.typed_lookup) or (line.cid_source is CidSource.TYPED and bool(line.name))


def _unlisted_smelters(case: Case) -> Iterable[Hit]:
    for line in case.declaration.smelters:
        if line.kind is not LineKind.NOT_LISTED:
            continue
        country = line.country if case.layout.fills_known_unlisted_smelters else line.typed_country
        if not line.typed_name:
            yield case.on_line(line, "name", what="name")
        if not country:
            yield case.on_line(line, "country", what="country")


COMPLETENESS_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *(_company_field(place) for place in _COMPANY_FIELDS),
            Rule(
                id="K03",
                severity=Severity.ERROR,
                source=_source(6),
                message="The scope is neither the company nor a product list, and is not described.",
                remedy="Describe what the declaration covers, or choose scope A or B.",
                check=_scope_description,
            ),
            *(
                _question(10 + 4 * block + offset, question, words, row + offset, metal)
                for block, (question, words, row) in enumerate(_QUESTIONS)
                for offset, metal in enumerate(_METALS)
            ),
            *(_company_question(*place) for place in _COMPANY_QUESTIONS),
            Rule(
                id="K44",
                severity=Severity.ERROR,
                source=_source(56),
                message="Question B says that the policy is public, but not where.",
                remedy="Put the web address of the policy into the comment beside question B.",
                check=_policy_address,
            ),
            Rule(
                id="K51",
                severity=Severity.ERROR,
                source=_source(64),
                message="The declaration is for a list of products, but the list's first row has no product number.",
                remedy="List the products from the first row on, each with its number, or choose another scope.",
                check=_products,
            ),
            *(_smelters(52 + offset, 65 + offset, metal) for offset, metal in enumerate(_METALS)),
            Rule(
                id="K56",
                severity=Severity.ERROR,
                source=_source(69),
                message='A line "Smelter not listed" has no {what}.',
                remedy="Give both the name and the country of this smelter.",
                check=_unlisted_smelters,
            ),
        ),
        key=lambda rule: rule.id,
    )
)
"""The rules in the order of the Checker's rows."""
