"""Figures of the declarations that count: what they are for, and of which version of the template."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracelode.declarations.templates.questions import Scope
from tracelode.picture.conclusion import dated_ahead, dated_before
from tracelode.submission import SubmissionSummary


@dataclass(frozen=True, slots=True)
class DeclarationFigures:
    """Numbers of declarations; `template_versions` in the order of their texts, "" for one that states none."""

    current: int
    company_level: int
    product_level: int
    user_defined: int
    scope_not_stated: int
    dated_before_the_year: int
    dated_after_receipt: int
    template_versions: Mapping[str, int]


def count_declarations(declarations: Collection[SubmissionSummary], year: int) -> DeclarationFigures:
    """The figures of the declarations for a year."""
    scopes = Counter(declaration.scope for declaration in declarations)
    versions = Counter(declaration.template_version for declaration in declarations)
    stated = sum(scopes[scope] for scope in Scope)
    return DeclarationFigures(
        current=len(declarations),
        company_level=scopes[Scope.COMPANY],
        product_level=scopes[Scope.PRODUCT],
        user_defined=scopes[Scope.USER_DEFINED],
        scope_not_stated=len(declarations) - stated,
        dated_before_the_year=sum(dated_before(declaration, year) for declaration in declarations),
        dated_after_receipt=sum(map(dated_ahead, declarations)),
        template_versions={version: versions[version] for version in sorted(versions)},
    )
