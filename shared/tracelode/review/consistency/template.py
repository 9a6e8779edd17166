"""The template itself: its version, and what its own Checker showed."""

from collections.abc import Iterable

from tracelode.declarations.templates.layouts import CHECKER, DECLARATION
from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.findings import Severity
from tracelode.review.rules.completeness import COMPLETENESS_RULES
from tracelode.review.rules.rule import Case, Hit, Rule

_REVISION_CELL = "J3"
_TOTAL_CELL = "D2"


def _older_than_accepted(case: Case) -> Iterable[Hit]:
    version, minimum = case.version, case.demands.oldest_accepted
    if version is None or minimum is None or version >= minimum:
        return []
    return [_older(case, version, minimum)]


def _older_than_newest(case: Case) -> Iterable[Hit]:
    version, newest = case.version, case.templates.newest(case.declaration.kind).version
    if version is None or version >= newest or version.family < newest.family or list(_older_than_accepted(case)):
        return []  # of an older family the reader speaks (F12), of one that is not accepted X26
    return [_older(case, version, newest)]


def _older(case: Case, version: TemplateVersion, wanted: TemplateVersion) -> Hit:
    printed = case.templates.as_printed(version)
    return Hit(DECLARATION, _REVISION_CELL, printed, {"version": printed, "wanted": case.templates.as_printed(wanted)})


def _checker_says_otherwise(case: Case) -> Iterable[Hit]:
    """Whether the Checker, as it was saved, takes the declaration for complete and we do not, or the reverse.

    Where both miss something, our own findings say what.
    """
    shown = case.checker_count
    if shown is None:
        return []
    count = sum(any(True for _ in rule.hits(case)) for rule in COMPLETENESS_RULES)
    if (shown == 0) == (count == 0):
        return []
    return [Hit(CHECKER, _TOTAL_CELL, str(shown), {"shown": shown, "count": count})]


TEMPLATE_RULES = (
    Rule(
        id="X26",
        severity=Severity.ERROR,
        source="minimum version of the program year",
        message="The template is version {version}. Version {wanted} or newer is asked for.",
        remedy="Copy the answers into a CMRT of version {wanted} or newer, and send that.",
        check=_older_than_accepted,
        in_general="The template is of an older version than is asked for.",
        remedy_in_general="Copy the answers into a CMRT of the newest version, and send that.",
    ),
    Rule(
        id="X41",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Checker D2",
        message="The Checker sheet, as it was saved, counts {shown} required fields as missing; by our count it is "
        "{count}.",
        remedy="Open the workbook in Excel, let it calculate, save it, and look at the Checker sheet before you "
        "send it.",
        check=_checker_says_otherwise,
        in_general="The Checker sheet, as it was saved, counts other required fields as missing than we do.",
    ),
    Rule(
        id="X43",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Revision sheet",
        message="The template is version {version}. Version {wanted} is the newest.",
        remedy="Use version {wanted} or newer for the next declaration.",
        check=_older_than_newest,
        in_general="The template is not of the newest version.",
        remedy_in_general="Use the newest version for the next declaration.",
    ),
)
