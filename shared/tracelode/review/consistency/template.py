"""The version of the template."""

from collections.abc import Iterable

from tracelode.cmrt.layouts import DECLARATION, newest_layout
from tracelode.findings import Severity
from tracelode.review.rule import Case, Hit, Rule

_REVISION_CELL = "J3"


def _older_than_accepted(case: Case) -> Iterable[Hit]:
    version, minimum = case.version, case.minimum_version
    if version is None or minimum is None or version >= minimum:
        return []
    return [Hit(DECLARATION, _REVISION_CELL, str(version), {"version": version, "wanted": minimum})]


def _older_than_newest(case: Case) -> Iterable[Hit]:
    version, newest = case.version, newest_layout().version
    if version is None or version >= newest or list(_older_than_accepted(case)):
        return []
    return [Hit(DECLARATION, _REVISION_CELL, str(version), {"version": version, "wanted": newest})]


RULES = (
    Rule(
        id="X26",
        severity=Severity.ERROR,
        source="minimum version of the program year",
        message="The template is version {version}. Version {wanted} or newer is asked for.",
        remedy="Copy the answers into a CMRT of version {wanted} or newer, and send that.",
        check=_older_than_accepted,
    ),
    Rule(
        id="X43",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Revision sheet",
        message="The template is version {version}. Version {wanted} is the newest.",
        remedy="Use version {wanted} or newer for the next declaration.",
        check=_older_than_newest,
    ),
)
