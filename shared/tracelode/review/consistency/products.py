"""The Product List, and whether the scope asks for it."""

from collections.abc import Iterable, Iterator

from tracelode.declarations.declaration import Product
from tracelode.declarations.templates.questions import Scope
from tracelode.findings import Severity
from tracelode.review.rules.rule import Case, Hit, Rule, together

_MANY_SMELTERS = 200
"""Different smelters that a declaration for single products hardly has; whole companies name 150 to 300."""


def _number_of(case: Case, product: Product, **words: object) -> Hit:
    place = case.layout.product_list
    return Hit(place.sheet, f"{place.columns['number']}{product.row}", product.number, words)


def _without_number(case: Case) -> Iterator[Hit]:
    if case.declaration.company.scope is not Scope.PRODUCT:
        return
    for product in case.declaration.products:
        # An empty first row is the Checker's to find (K51).
        if not product.number and product.row != case.layout.product_list.first_row:
            yield _number_of(case, product)


def _number_again(case: Case) -> Iterator[Hit]:
    first_rows: dict[str, int] = {}
    for product in case.declaration.products:
        first = first_rows.setdefault(product.number.casefold(), product.row)
        if product.number and first != product.row:
            yield _number_of(case, product, first=first)


def _unwanted_products(case: Case) -> Iterable[Hit]:
    company, products = case.declaration.company, case.declaration.products
    if company.scope is not Scope.COMPANY or not products:
        return []
    return together([_number_of(case, product) for product in products])


def _many_smelters(case: Case) -> Iterable[Hit]:
    lines = case.declaration.smelters
    named = {line.cid for line in lines if line.cid}
    if case.declaration.company.scope is not Scope.PRODUCT or len(named) < _MANY_SMELTERS:
        return []
    return [case.naming(lines[0], count=len(named))]


PRODUCT_RULES = (
    Rule(
        id="X27",
        severity=Severity.WARNING,
        source="CMRT 6.5, Instructions to the company information (scope B)",
        message="This product has no number.",
        remedy="Write the product's number into column {product_number_column}, or clear the row.",
        check=_without_number,
    ),
    Rule(
        id="X63",
        severity=Severity.NOTICE,
        source="logic of the form: one row for each product",
        message="This product number is already in row {first}.",
        remedy="Delete this row, or correct the number.",
        check=_number_again,
        in_general="This product number already stands in an earlier row.",
    ),
    Rule(
        id="X64",
        severity=Severity.NOTICE,
        source="logic of the form: the Product List belongs to scope B",
        message="The declaration is for the whole company, but the Product List has entries ({count}).",
        remedy="Choose scope B if the declaration is for these products only. Otherwise clear the Product List.",
        check=_unwanted_products,
    ),
    Rule(
        id="X65",
        severity=Severity.NOTICE,
        source="practice of reviewers: a long list is often a copy of the company's",
        message="The declaration is for single products, but names {count} different smelters.",
        remedy="List only the smelters of these products, or choose scope A if the list is for the whole company.",
        check=_many_smelters,
        in_general="The declaration is for single products, but names very many different smelters.",
    ),
)
