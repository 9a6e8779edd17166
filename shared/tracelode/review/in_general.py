"""A rule's words without a document: what a finding says of any declaration that breaks the rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tracelode.declarations.templates.catalogue import TEMPLATES
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.review.review import RULES
from tracelode.review.rules.completeness import QUESTION_ABOUT
from tracelode.review.rules.rule import Rule, names_in, names_of
from tracelode.template_kind import CMRT, TemplateKind
from tracelode.workbooks.file_rules import FILE_RULES

_GENERAL: Mapping[str, str] = {
    "metal": "the metal",
    "field": "contact",
    "what": "name or country",
}
"""What stands for a word that differs from finding to finding, where the sentence still reads."""
_DIFFERS = "…"
_LEFT_OUT = re.compile(r" \(…\)|: …")
"""Counts in brackets and what follows a colon: a sentence is whole without them."""


@dataclass(frozen=True, slots=True)
class InGeneral:
    """What is wrong or doubtful wherever a rule is broken, and what to do about it."""

    message: str
    remedy: str


@cache
def rule_in_general(rule_id: str, version: str = "", kind: TemplateKind = CMRT) -> InGeneral:
    """The words of a rule, with the question numbers of a version of the template, the newest where it is unknown.

    Each is whole sentences: what differs from one finding to the next is told in general or left out. A rule that is
    not known here, because another version of this software found it, has no words.
    """
    rule = _FILE_RULES.get(rule_id) or _RULES.get(rule_id)
    if rule is None:
        return InGeneral("", "")
    known = _words_of(_RULES[rule_id], kind, version) if rule_id in _RULES else {}
    message, remedy = rule.in_general or rule.message, rule.remedy_in_general or rule.remedy
    return InGeneral(_told(message, known), _told(remedy, known))


def _words_of(rule: Rule, kind: TemplateKind, version: str) -> dict[str, str]:
    known = {**_GENERAL, **_numbers(kind, version), **rule.words}
    question = QUESTION_ABOUT.get(known.get("about", ""))
    return {**known, "number": known[question.value]} if question else known


def _numbers(kind: TemplateKind, version: str) -> dict[str, str]:
    """The questions' numbers in a version; the newest's where it does not ask one, which no rule then finds."""
    parsed = TemplateVersion.parse(kind, version)
    newest = TEMPLATES.newest(kind if TEMPLATES.of_kind(kind) else CMRT)
    layout = (TEMPLATES.layout_for(parsed) if parsed else None) or newest
    numbers = {**names_of(newest), **{name: said for name, said in names_of(layout).items() if said != ""}}
    return {name: str(number) for name, number in numbers.items()}


_FILE_RULES = {rule.id: rule for rule in FILE_RULES}
_RULES = {rule.id: rule for rule in RULES}


def _told(template: str, known: Mapping[str, str]) -> str:
    words = {name: known.get(name, _DIFFERS) for name in names_in(template)}
    text = _LEFT_OUT.sub("", template.format_map(words))
    return text[:1].upper() + text[1:]
