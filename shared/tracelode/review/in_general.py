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

_IN_GENERAL: Mapping[str, tuple[str, str]] = {
    "F02": ("The file is too large to be read.", ""),
    "F03": ("This is not an Excel workbook.", ""),
    "F08": ("This is not an Excel workbook (.xlsx).", ""),
    "F11": ("This is another template of RMI's, not the Conflict Minerals Reporting Template (CMRT).", ""),
    "F12": ("This is a CMRT of a version that RMI replaced long ago.", ""),
    "F14": ("A sheet of the template is missing.", ""),
    "F17": ("The version of this CMRT is not known here yet; it was read as if it were the newest that is.", ""),
    "F18": ("A sheet of the template is missing, so that not everything could be read.", ""),
    "F19": ("Entries below the row where the template's list ends were not read.", ""),
    "F21": ("This version was read by its likely layout: most labels stand where they are expected.", ""),
    "F23": ("A text is too long; only its beginning was read.", ""),
    "F25": ("A sheet goes by another name than the template's; it was found by what stands on it.", ""),
    "X04": ("An answer for {metal} is not one of the choices of the list.", ""),
    "X07": (
        "A question says No for {metal}, but another answer says that not all suppliers or smelters are known.",
        "Answer Unknown until all suppliers have answered and all smelters are known.",
    ),
    "X08": (
        "",
        "Answer Yes to question {covered_countries} if any of it comes from there, even from conformant smelters. If "
        "none does, say so in the comment.",
    ),
    "X19": ("One of the questions A to H says No.", ""),
    "X26": (
        "The template is of an older version than is asked for.",
        "Copy the answers into a CMRT of the newest version, and send that.",
    ),
    "X29": ("This row names the same smelter as an earlier row.", ""),
    "X32": ("The CID belongs to a smelter of another metal than column B says. The metal of the CID was used.", ""),
    "X33": ("The CID is not on the sheet {look_up_sheet} of this template.", ""),
    "X35": (
        "This row says Smelter not listed, but the smelter is on the sheet {look_up_sheet} with a CID.",
        "Write that CID into column A, or choose the name in column C.",
    ),
    "X41": ("The Checker sheet, as it was saved, counts other required fields as missing than we do.", ""),
    "X43": (
        "The template is not of the newest version.",
        "Use the newest version for the next declaration.",
    ),
    "X45": ("The effective date is earlier than the release of this template.", ""),
    "X46": (
        "The effective date is before the reporting year.",
        "Check all answers for the reporting year, and write the date on which you did so.",
    ),
    "X55": ("The CID belongs to another smelter than the name in column C. The smelter of the CID was used.", ""),
    "X56": ("The CID belongs to a smelter in another country than column E says. The country of the CID was used.", ""),
    "X63": ("This product number already stands in an earlier row.", ""),
    "X65": ("The declaration is for single products, but names very many different smelters.", ""),
    "X70": ("", "Answer Yes to question {covered_countries} if any of it comes from there."),
    "X71": ("The answer to one of the questions A to H is not one of the choices of the list.", ""),
    "X73": (
        "This name stands for more than one country. It was counted as none of them.",
        "Write which of them is meant.",
    ),
    "X74": (
        "Something here is not the name of a country, but close to one. It was not counted as that.",
        "If that country is meant, write its name in full. Otherwise write the right country.",
    ),
    "X75": ("One of the questions about the company is not answered.", "Choose an answer to it."),
}
"""Message and remedy, by rule, where the rule's own has a hole without a document; "" for the rule's own.

A test holds that no text has one: whoever writes a rule with a word that differs says here what it says in general.
"""


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
    message, remedy = _IN_GENERAL.get(rule_id, ("", ""))
    return InGeneral(_told(message or rule.message, known), _told(remedy or rule.remedy, known))


def _words_of(rule: Rule, kind: TemplateKind, version: str) -> dict[str, str]:
    known = {**_GENERAL, **_numbers(kind, version), **rule.words}
    question = QUESTION_ABOUT.get(known.get("about", ""))
    return {**known, "number": known[question.value]} if question else known


def _numbers(kind: TemplateKind, version: str) -> dict[str, str]:
    """The questions' numbers in a version; the newest's where it does not ask one, which no rule then finds."""
    parsed = TemplateVersion.parse(kind, version)
    newest = TEMPLATES.newest(kind if TEMPLATES.of_kind(kind) else CMRT)
    layout = (TEMPLATES.layout_for(parsed) if parsed else None) or newest
    numbers = {**names_of(newest), **names_of(layout)}
    return {name: str(number) for name, number in numbers.items()}


_FILE_RULES = {rule.id: rule for rule in FILE_RULES}
_RULES = {rule.id: rule for rule in RULES}


def _told(template: str, known: Mapping[str, str]) -> str:
    words = {name: known.get(name, _DIFFERS) for name in names_in(template)}
    text = _LEFT_OUT.sub("", template.format_map(words))
    return text[:1].upper() + text[1:]
