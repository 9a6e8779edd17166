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

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracelode.cmrt.declaration import CidSource, Company, Declaration, Entry, LineKind, Question, Scope, SmelterLine
from tracelode.cmrt.layouts import PRODUCT_LIST, SMELTER_LIST
from tracelode.findings import Severity
from tracelode.metals import Metal
from tracelode.review.rule import Case, Hit, Rule, at

_SHORTEST_URL = 2
_QUESTIONS: tuple[tuple[Question, str, int], ...] = (
    (Question.INTENTIONALLY_ADDED, "1 (is it intentionally added or used?)", 14),
    (Question.REMAINS_IN_PRODUCT, "2 (does it remain in the product?)", 19),
    (Question.COVERED_COUNTRIES, "3 (do smelters source from the covered countries?)", 24),
    (Question.CAHRA, "4 (do smelters source from conflict-affected and high-risk areas?)", 29),
    (Question.RECYCLED_OR_SCRAP, "5 (does all of it come from recycled or scrap sources?)", 34),
    (Question.SUPPLIER_RESPONSE, "6 (what share of suppliers responded?)", 39),
    (Question.SMELTERS_IDENTIFIED, "7 (are all smelters identified?)", 44),
    (Question.SMELTER_INFORMATION_REPORTED, "8 (is all smelter information reported?)", 49),
)
"""The questions in order, in our words, with the Checker row of their first metal."""

_METALS = tuple(Metal)
_COMPANY_QUESTIONS: tuple[tuple[str, int, str, str], ...] = (
    ("K42", 54, "A", "have a responsible sourcing policy"),
    ("K43", 55, "B", "publish its sourcing policy"),
    ("K45", 57, "C", "require its suppliers to source from validated smelters"),
    ("K46", 58, "D", "take due diligence measures"),
    ("K47", 59, "E", "survey its suppliers"),
    ("K48", 60, "F", "review what its suppliers report"),
    ("K49", 62, "G", "manage corrective actions"),
    ("K50", 63, "H", "have to disclose conflict minerals every year"),
)


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


def _source(row: int) -> str:
    return f"CMRT 6.5, Checker row {row}"


def _company_field(place: _CompanyField) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        entry = place.entry(case.declaration.company)
        return [] if place.complete(entry.text) else [at(entry)]

    valid = " (with an @ sign)" if place.complete is _has_an_at_sign else ""
    return Rule(
        id=place.id,
        severity=Severity.ERROR,
        source=_source(place.row),
        message=f"The {place.field} is missing{' or not valid' if valid else ''}.",
        remedy=f"Fill in the {place.field}{valid}.",
        check=check,
    )


def _scope_description(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    described = company.scope in (Scope.COMPANY, Scope.PRODUCT) or company.scope_description
    return [at(company.scope_description)] if company.scope_entry and not described else []


def _question(number: int, question: Question, words: str, row: int, metal: Metal) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        answer = case.declaration.answers[question][metal].entry
        return [at(answer)] if _demanded(case.declaration, question, metal, bool(answer)) else []

    return Rule(
        id=f"K{number}",
        severity=Severity.ERROR,
        source=_source(row),
        message=f"Question {words} has no usable answer for {metal.value}.",
        remedy=f"Choose an answer for {metal.value}; the questions before it must be answered too.",
        check=check,
    )


def _demanded(declaration: Declaration, question: Question, metal: Metal, answered: bool) -> bool:
    """Whether a question is incomplete for a metal (CMRT 6.5, Checker columns F and G, rows 14 to 52)."""
    added = declaration.answers[Question.INTENTIONALLY_ADDED][metal].value
    if question is Question.INTENTIONALLY_ADDED:
        return not answered
    if question is Question.REMAINS_IN_PRODUCT:
        return added != "No" and not (added == "Yes" and answered)
    return not declaration.out_of_scope(metal) and not (declaration.in_scope(metal) and answered)


def _company_question(rule: str, row: int, letter: str, words: str) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        answer = case.declaration.company_answers[letter].entry
        return [at(answer)] if _any_metal_counts(case.declaration) and not answer else []

    return Rule(
        id=rule,
        severity=Severity.ERROR,
        source=_source(row),
        message=f"Question {letter} (does your company {words}?) is not answered.",
        remedy=f"Choose an answer to question {letter}.",
        check=check,
    )


def _policy_address(case: Case) -> Iterable[Hit]:
    answer = case.declaration.company_answers["B"]
    public = _any_metal_counts(case.declaration) and answer.value == "Yes"
    return [at(answer.comment)] if public and len(answer.comment.text) < _SHORTEST_URL else []


def _any_metal_counts(declaration: Declaration) -> bool:
    return any(not declaration.out_of_scope(metal) for metal in _METALS)


def _products(case: Case) -> Iterable[Hit]:
    first_row = case.layout.product_list.first_row
    listed = any(product.row == first_row and product.number for product in case.declaration.products)
    cell = f"{case.layout.product_list.columns['number']}{first_row}"
    return [Hit(PRODUCT_LIST, cell)] if case.declaration.company.scope is Scope.PRODUCT and not listed else []


def _smelters(number: int, row: int, metal: Metal) -> Rule:
    def check(case: Case) -> Iterable[Hit]:
        if case.declaration.out_of_scope(metal):
            return []
        named = any(line.metal is metal and _names_a_smelter(line) for line in case.declaration.smelters)
        return [] if named else [Hit(SMELTER_LIST, f"B{case.layout.smelter_list.first_row}")]

    return Rule(
        id=f"K{number}",
        severity=Severity.ERROR,
        source=_source(row),
        message=f"The Smelter List names no smelter for {metal.value}.",
        remedy=f"List the smelters of {metal.value}, or answer No to question 1 or 2 if it is not in your products.",
        check=check,
    )


def _names_a_smelter(line: SmelterLine) -> bool:
    """Whether column C holds something, or would once column A's formulas ran."""
    return bool(line.typed_lookup) or (line.cid_source is CidSource.TYPED and bool(line.name))


def _unlisted_smelters(case: Case) -> Iterable[Hit]:
    for line in case.declaration.smelters:
        if line.kind is not LineKind.NOT_LISTED:
            continue
        country = line.country if case.layout.fills_known_unlisted_smelters else line.typed_country
        if not line.typed_name:
            yield Hit(SMELTER_LIST, f"D{line.row}", line.typed_lookup, {"what": "name"})
        if not country:
            yield Hit(SMELTER_LIST, f"E{line.row}", line.typed_name, {"what": "country"})


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
