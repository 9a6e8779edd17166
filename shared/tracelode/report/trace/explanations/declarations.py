"""How figures of the declarations, and what they say of each metal came about."""

from typing import Final

from tracelode.declarations.templates.questions import Question
from tracelode.report.trace import evidence
from tracelode.report.trace.explanations import rules
from tracelode.report.trace.explanations.explanation import SCOPES, Explanation, Reckoning

OF_DECLARATIONS: Final[tuple[Explanation, ...]] = (
    Explanation(
        "declarations.current", "Declarations of surveyed suppliers that count.", rules.COUNTS,
        evidence.declarations,
    ),
    Explanation(
        "declarations.scope_not_stated", "Declarations that count and state no scope.", rules.SCOPE_RULE,
        evidence.declarations_without_scope,
    ),
    Explanation(
        "declarations.dated_before_the_year", "Declarations that count and are dated before the year.",
        "CMRT 6.5, Declaration, effective date.", evidence.dated_before_the_year,
    ),
    Explanation(
        "declarations.dated_after_receipt", "Declarations that count and are dated after the day they came.",
        "CMRT 6.5, Declaration, effective date.", evidence.dated_after_receipt,
    ),
    Explanation(
        "origin.conclusion", "What the declarations allow to conclude on origin in Covered Countries.",
        "17 CFR 249b.400, Item 1.01; no conclusion stands against a fact of origin.against.", evidence.nothing,
        Reckoning.STATED,
    ),
    Explanation(
        "origin.against.{against}", "Suppliers that a fact against ruling Covered Countries out is about: {against}.",
        "17 CFR 249b.400, Item 1.01(b).", evidence.suppliers_against,
    ),
    Explanation(
        "declarations.template_versions.{version}", "Declarations that count and are of CMRT {version}.",
        "The revision that the workbook itself states.", evidence.declarations_of_version,
    ),
    Explanation(
        "metals.in_products", "The metals that a declaration says are in the products.", rules.QUESTIONS_1_AND_2,
        evidence.declared_metals, Reckoning.LISTED,
    ),
    Explanation(
        "metals.in_products_count", "How many metals a declaration says are in the products.", rules.QUESTIONS_1_AND_2,
        evidence.declared_metals,
    ),
    Explanation(
        "metals.possibly_from_covered_countries",
        "Metals of declarations for which neither Covered Countries nor newly mined ore are ruled out.",
        f"{rules.QUESTION_3} {rules.QUESTION_5}", evidence.possibly_from_covered_countries,
    ),
    Explanation(
        "metals.by_metal.{metal}.declarations", "Declarations that say that {metal} is in the products.",
        rules.QUESTIONS_1_AND_2, evidence.declaring_metal,
    ),
    Explanation(
        "metals.by_metal.{metal}.not_stated", "Declarations that do not say whether {metal} is in the products.",
        "CMRT 6.5, question 1.", evidence.leaving_metal_open,
    ),
    Explanation(
        "metals.by_metal.{metal}.covered_countries.{answer}",
        "Declarations with {metal} in the products whose answer on Covered Countries is: {answer}.", rules.QUESTION_3,
        evidence.answering(Question.COVERED_COUNTRIES),
    ),
    Explanation(
        "metals.by_metal.{metal}.recycled_or_scrap.{answer}",
        "Declarations with {metal} in the products whose answer on recycled or scrap sources is: {answer}.",
        rules.QUESTION_5, evidence.answering(Question.RECYCLED_OR_SCRAP),
    ),
    *(
        Explanation(
            f"declarations.{name}", f"Declarations that count and are for {covered}.", rules.SCOPE_RULE,
            evidence.declarations_with_scope(scope),
        )
        for name, (scope, covered) in SCOPES.items()
    ),
)  # fmt: skip
