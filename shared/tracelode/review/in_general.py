"""A rule's words without a document: what a finding says of any declaration that breaks the rule."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tracelode.cmrt.file_rules import FILE_RULES
from tracelode.cmrt.layouts import layout_for, newest_layout, printed_version
from tracelode.cmrt.versions import TemplateVersion
from tracelode.review.review import RULES
from tracelode.review.rule import names_in, names_of

_GENERAL: Mapping[str, str] = {
    "metal": "the metal",
    "cid": "the CID",
    "country": "the country",
    "countries": "several countries",
    "field": "contact",
    "what": "name or country",
    "letter": "A to H",
    "about": "one of them",
}
"""What stands for a word that differs from finding to finding, where a reader would miss it."""
_DIFFERS = "…"
_LEFT_OUT = re.compile(r" \(…\)|: …")


@dataclass(frozen=True, slots=True)
class InGeneral:
    """What is wrong or doubtful wherever a rule is broken, and what to do about it."""

    message: str
    remedy: str


@cache
def rule_in_general(rule_id: str, version: str = "") -> InGeneral:
    """The words of a rule, with the question numbers of a version of the template, the newest where it is unknown.

    What differs from one finding to the next is told in general, or left out as "…". A rule that is not known here,
    because another version of this software found it, has no words.
    """
    parsed = TemplateVersion.parse(version)
    known = {"version": printed_version(parsed) if parsed else version} if version else {}
    if rule_id in _FILE_RULES:
        of_file = _FILE_RULES[rule_id]
        return InGeneral(_told(of_file.message, known), _told(of_file.remedy, known))
    if rule_id not in _RULES:
        return InGeneral("", "")
    rule = _RULES[rule_id]
    layout = (layout_for(parsed) if parsed else None) or newest_layout()
    numbers = {name: str(number) for name, number in names_of(layout).items()}
    known = {**_GENERAL, **known, **numbers, **rule.words}
    return InGeneral(_told(rule.message, known), _told(rule.remedy, known))


_FILE_RULES = {rule.id: rule for rule in FILE_RULES}
_RULES = {rule.id: rule for rule in RULES}


def _told(template: str, known: Mapping[str, str]) -> str:
    words = {name: known.get(name, _DIFFERS) for name in names_in(template)}
    text = _LEFT_OUT.sub("", template.format_map(words))
    return text[:1].upper() + text[1:]
