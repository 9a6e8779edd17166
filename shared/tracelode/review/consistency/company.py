"""The company block: who declares, for what, and how to reach them."""

from collections.abc import Callable, Iterable, Iterator

from tracelode.declarations.declaration import Company, Entry
from tracelode.declarations.templates.questions import Scope
from tracelode.findings import Severity
from tracelode.review.rules.functions import names_a_function
from tracelode.review.rules.plausible import is_email, is_phone, is_placeholder
from tracelode.review.rules.rule import Case, Hit, Rule, at
from tracelode.workbooks.text import matching_key

_NAMES: tuple[tuple[str, Callable[[Company], Entry]], ...] = (
    ("contact name", lambda company: company.contact_name),
    ("authorizer's name", lambda company: company.authorizer_name),
)
_ADDRESSES: tuple[tuple[str, Callable[[Company], Entry]], ...] = (
    ("contact e-mail address", lambda company: company.contact_email),
    ("authorizer's e-mail address", lambda company: company.authorizer_email),
)


def _placeholder_names(case: Case) -> Iterator[Hit]:
    for field, entry_of in _NAMES:
        entry = entry_of(case.declaration.company)
        if entry and (is_placeholder(entry.text) or names_a_function(entry.text)):
            yield at(entry, field=field)


def _copied_or_empty_description(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    described = company.scope_description
    if company.scope in (Scope.COMPANY, Scope.PRODUCT) or not company.scope_entry or not described:
        return []
    key = matching_key(described.text)
    copied = any(key in map(matching_key, _spellings(choice)) for choice in case.layout.scopes)
    return [at(described)] if copied or is_placeholder(described.text) else []


def _spellings(choice: str) -> tuple[str, ...]:
    """A choice of the scope as it stands in the list, without what it asks for in brackets, and without its letter."""
    short = choice.partition("[")[0]
    return choice, short, short.partition(".")[2]


def _bad_addresses(case: Case) -> Iterator[Hit]:
    for field, entry_of in _ADDRESSES:
        entry = entry_of(case.declaration.company)
        if "@" in entry.text and not is_email(entry.text):
            yield at(entry, field=field)


def _bad_phone(case: Case) -> Iterable[Hit]:
    phone = case.declaration.company.contact_phone
    return [at(phone)] if phone and not is_phone(phone.text) else []


def _no_authorizer_phone(case: Case) -> Iterable[Hit]:
    phone = case.declaration.company.authorizer_phone
    return [at(phone)] if "authorizer_phone" in case.layout.demanded and phone.cell and not phone else []


def _placeholder_company(case: Case) -> Iterable[Hit]:
    name = case.declaration.company.name
    return [at(name)] if name and is_placeholder(name.text) else []


def _free_scope(case: Case) -> Iterable[Hit]:
    company = case.declaration.company
    return [at(company.scope_entry)] if company.scope_entry and company.scope is None else []


COMPANY_RULES = (
    Rule(
        id="X24",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the company information (authorizer)",
        message="The {field} is not the name of a person.",
        remedy="Write the name of a person who can answer questions about this declaration.",
        check=_placeholder_names,
    ),
    Rule(
        id="X28",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the company information (scope)",
        message="The description of the scope does not say what the declaration covers.",
        remedy="Describe the products, sites or business units that this declaration is for.",
        check=_copied_or_empty_description,
    ),
    Rule(
        id="X48",
        severity=Severity.WARNING,
        source="logic of the form: nobody can be reached at such an address",
        message="The {field} is not a complete e-mail address.",
        remedy="Write the address in full, like name@example.com.",
        check=_bad_addresses,
    ),
    Rule(
        id="X49",
        severity=Severity.WARNING,
        source="practice of reviewers: a contact that cannot be called",
        message="The contact phone number has too few digits.",
        remedy="Write the whole number with its country code.",
        check=_bad_phone,
    ),
    Rule(
        id="X50",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the company information (legal name)",
        message="The company name is not the name of a company.",
        remedy="Write the full legal name of your company.",
        check=_placeholder_company,
    ),
    Rule(
        id="X51",
        severity=Severity.WARNING,
        source="CMRT 6.5, Declaration D9",
        message="The declaration scope is not one of the choices of the list.",
        remedy="Choose scope A, B or C from the drop-down list. Describe scope C in the row below.",
        check=_free_scope,
    ),
    Rule(
        id="X76",
        severity=Severity.ERROR,
        source="CMRT 3.01, Checker row 12",
        message="The {field} is missing.",
        remedy="Fill in the {field}.",
        check=_no_authorizer_phone,
        words={"field": "authorizer's phone number"},
        family="K01",
    ),
)
