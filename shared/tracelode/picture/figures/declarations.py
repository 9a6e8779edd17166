"""Figures of the declarations that count: what they are for, and of which version of the template."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracelode.declarations.templates.questions import Scope
from tracelode.submission import SubmissionSummary


@dataclass(frozen=True, slots=True)
class DeclarationFigures:
    """Numbers of declarations; `template_versions` in the order of their texts, "" for one that states none."""

    current: int
    company_level: int
    product_level: int
    user_defined: int
    scope_not_stated: int
    template_versions: Mapping[str, int]


def count_declarations(declarations: Collection[SubmissionSummary]) -> DeclarationFigures:
    """The figures of the declarations."""
    scopes = Counter(declaration.scope for declaration in declarations)
    versions = Counter(declaration.template_version for declaration in declarations)
    stated = sum(scopes[scope] for scope in Scope)
    return DeclarationFigures(
        current=len(declarations),
        company_level=scopes[Scope.COMPANY],
        product_level=scopes[Scope.PRODUCT],
        user_defined=scopes[Scope.USER_DEFINED],
        scope_not_stated=len(declarations) - stated,
        template_versions={version: versions[version] for version in sorted(versions)},
    )
