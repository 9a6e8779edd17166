"""What a review can say, for whoever translates it: templates by family of rules, and the terms that fill them.

A finding is told in another language in three steps: look up the family of its rule, look up the translation of each
of its words that is a term, fill the family's translated templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.review.review import RULES
from tracelode.workbooks.file_rules import FILE_RULES


@dataclass(frozen=True, slots=True)
class Wording:
    """The English templates of a family of rules, and the names in them."""

    message: str
    remedy: str
    names: tuple[str, ...]


TEMPLATE_IDS: Mapping[str, str] = {rule.id: rule.template_id for rule in RULES}
"""The family of each rule: the id of the first of the rules that share its templates."""

WORDINGS: Mapping[str, Wording] = {
    rule.template_id: Wording(rule.message, rule.remedy, rule.names) for rule in reversed(RULES)
}
"""The templates of each family."""

TERMS: Mapping[str, tuple[str, ...]] = {
    "about": tuple(dict.fromkeys(rule.words["about"] for rule in RULES if "about" in rule.words)),
    "field": tuple(dict.fromkeys(rule.words["field"] for rule in RULES if "field" in rule.words)),
    "metal": tuple(mineral.value for mineral in TEMPLATES.minerals),
    "what": ("name", "country"),
    **{name: words for rule in FILE_RULES for name, words in rule.terms.items()},
}
"""The words that have to be translated, by the name that they fill. All other words are numbers, letters and dates."""
