"""X01 and following: what the Checker does not look at (domain page, section 8)."""

from collections.abc import Iterable, Iterator

from tracelode.cmrt.declaration import SmelterLine
from tracelode.cmrt.layouts import DECLARATION, SMELTER_LIST, newest_layout
from tracelode.cmrt.versions import TemplateVersion
from tracelode.findings import Severity
from tracelode.metals import Metal
from tracelode.review.rule import Case, Hit, Rule


def _out_of_scope_but_listed(case: Case) -> Iterator[Hit]:
    for metal in Metal:
        lines = [line for line in case.declaration.smelters if line.metal is metal]
        if lines and case.declaration.out_of_scope(metal):
            words = {"metal": metal.value, "lines": len(lines), "are": "is" if len(lines) == 1 else "are"}
            yield Hit(SMELTER_LIST, _naming_cell(lines[0]), _naming_text(lines[0]), words)


def _older_than_demanded(case: Case) -> Iterable[Hit]:
    version, minimum = _version(case), case.minimum_version
    if version is None or minimum is None or version >= minimum:
        return []
    return [Hit(DECLARATION, "J3", str(version), {"version": version, "wanted": minimum})]


def _older_than_newest(case: Case) -> Iterable[Hit]:
    version, newest = _version(case), newest_layout().version
    if version is None or version >= newest or list(_older_than_demanded(case)):
        return []
    return [Hit(DECLARATION, "J3", str(version), {"version": version, "wanted": newest})]


def _version(case: Case) -> TemplateVersion | None:
    return TemplateVersion.parse(case.declaration.template_version)


def _duplicates(case: Case) -> Iterator[Hit]:
    first_rows: dict[tuple[str, ...], int] = {}
    for line in case.declaration.smelters:
        identity = _identity(line)
        if identity is None:
            continue
        first = first_rows.setdefault(identity, line.row)
        if first != line.row:
            yield Hit(SMELTER_LIST, _naming_cell(line), _naming_text(line), {"first": first})


def _identity(line: SmelterLine) -> tuple[str, ...] | None:
    """What two lines have in common if they name the same smelter; None for a line that names none.

    A smelter may stand on a line for each country of its mines (CMRT 6.5, Instructions), so those tell lines apart.
    """
    mines = (line.mine.casefold(), line.mine_country.casefold())
    if line.cid:
        return (line.cid, *mines)
    if line.name:
        return (line.metal or "", line.name.casefold(), line.country.casefold(), *mines)
    return None


def _naming_cell(line: SmelterLine) -> str:
    return f"{'A' if line.typed_cid else 'C'}{line.row}"


def _naming_text(line: SmelterLine) -> str:
    return line.typed_cid or line.name or line.typed_lookup


CONSISTENCY_RULES: tuple[Rule, ...] = (
    Rule(
        id="X01",
        severity=Severity.WARNING,
        source="domain page, section 8",
        message="{metal} is declared not to be in the products, but {lines} of its smelters {are} listed.",
        remedy="Remove these lines from the Smelter List, or correct questions 1 and 2.",
        check=_out_of_scope_but_listed,
    ),
    Rule(
        id="X26",
        severity=Severity.ERROR,
        source="minimum version of the program year",
        message="The template is version {version}; version {wanted} or newer is asked for.",
        remedy="Copy the answers into a CMRT of version {wanted} or newer, and send that.",
        check=_older_than_demanded,
    ),
    Rule(
        id="X26",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Revision sheet",
        message="The template is version {version}; {wanted} is the newest.",
        remedy="Use version {wanted} for the next declaration.",
        check=_older_than_newest,
    ),
    Rule(
        id="X29",
        severity=Severity.NOTICE,
        source="CMRT 6.5, Instructions to the Smelter List",
        message="This line names the same smelter as row {first}.",
        remedy="Keep one line for each smelter, or tell the lines apart by the country of the mine.",
        check=_duplicates,
    ),
)
"""The rules in the order of their ids. X26 weighs twice: an error below what is demanded, else a notice."""
