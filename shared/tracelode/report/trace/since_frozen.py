"""What a report says otherwise than the run that was named as the one to file: figures, suppliers, facilities, text."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tracelode.minerals import Mineral
from tracelode.report.files import EXHIBIT, FACILITIES, FIGURES, FORM_SD, MANIFEST, SUPPLIERS
from tracelode.report.filing.redline import passages_that_differ
from tracelode.report.frozen_run import FrozenReport, FrozenRun
from tracelode.report.trace.changes import (
    Difference,
    FacilityStatement,
    ReportStatements,
    StatedValue,
    differences,
)
from tracelode.smelters.status import FacilityId

_TEXTS: Final = {FORM_SD: "Form SD", EXHIBIT: "Exhibit 1.01"}


@dataclass(frozen=True, slots=True)
class SinceFrozen:
    """What differs from the frozen run. `texts` counts the passages that differ by document, those that have any.

    `unread` says that the run's files are not what they were, so that nothing can be said.
    """

    frozen: FrozenRun
    differences: tuple[Difference, ...] = ()
    texts: Mapping[str, int] = field(default_factory=dict)
    unread: bool = False


def since_frozen(
    report: FrozenReport, now: Mapping[str, bytes], *, software_version: str, counting: Mapping[str, str] | None = None
) -> SinceFrozen | None:
    """What a report, its files by name, says otherwise than the frozen run; None where it says the same.

    Another version of the software may know other figures: then those that both have are compared. `counting` says
    what each figure counts.
    """
    if report.files is None:
        return SinceFrozen(report.frozen, unread=True)
    then, current = _stated(report.files), replace(_stated(now), counting=counting or {})
    if json.loads(report.files[MANIFEST])["software_version"] != software_version:
        both = then.figures.keys() & current.figures.keys()
        then, current = (
            replace(stated, figures={name: stated.figures[name] for name in sorted(both)}) for stated in (then, current)
        )
    texts = {title: passages_that_differ(report.files[name], now[name]) for name, title in _TEXTS.items()}
    found = SinceFrozen(
        report.frozen, differences(then, current), {title: count for title, count in texts.items() if count}
    )
    return found if found.differences or found.texts else None


def _stated(files: Mapping[str, bytes]) -> ReportStatements:
    """What a report's own tables state, as far as two reports are compared by them."""
    return ReportStatements(
        figures=dict(_flat(json.loads(files[FIGURES]))),
        counting={},
        suppliers={row["supplier_id"]: (row["name"], _where_it_stands(row)) for row in _rows(files[SUPPLIERS])},
        facilities={
            # The table says how many suppliers name a facility and not which, and the filing says neither.
            FacilityId(Mineral(row["metal"]), row["cid"]): FacilityStatement(
                row["name"], row["status"], row["country"], suppliers=()
            )
            for row in _rows(files[FACILITIES])
        },
        names={},
        naming={},
    )


def _where_it_stands(row: Mapping[str, str]) -> str:
    if row["on_roster"] != "yes":
        return "not on the roster"
    return row["state"].replace("_", " ") if row["in_scope"] == "yes" else "out of scope"


def _rows(table: bytes) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")):
        yield {name: cell.removeprefix("'") for name, cell in row.items()}


def _flat(group: Mapping[str, Any], *path: str) -> Iterator[tuple[str, StatedValue]]:
    for name, value in group.items():
        if isinstance(value, Mapping):
            yield from _flat(value, *path, name)
        else:
            yield ".".join((*path, name)), ", ".join(value) if isinstance(value, list) else value
