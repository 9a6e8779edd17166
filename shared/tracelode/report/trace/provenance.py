"""`provenance.json`: every figure and every row of the annex, down to files, sheets and cells.

It numbers what there is once (`tracelode.report.trace.traced`) and then speaks of it in sets of numbers, so that a
line takes about twelve bytes. `tracelode.report.trace.explain` reads it; nothing else is needed for that.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tracelode.declarations.cells import cells_of
from tracelode.picture.facilities import Facility
from tracelode.picture.figures.figures import Figures
from tracelode.picture.interpretation import Interpretation, SupplierView
from tracelode.picture.seating import Seating
from tracelode.report.trace.explanations.explained import Explained, explained
from tracelode.report.trace.explanations.explanation import Reckoning
from tracelode.report.trace.number_sets import number_set
from tracelode.report.trace.traced import Traced, TracedFile, TracedName, traced
from tracelode.review.policy import errors_under
from tracelode.submission import UNKNOWN_ROW, DeclaredIdentity, Rows
from tracelode.template_kind import TemplateKind

PROVENANCE_SCHEMA = 1
"""Version of the file's shape."""
ROW_NOT_KNOWN = "?"

ProvenanceEntry = dict[str, Any]


def provenance(interpretation: Interpretation, figures: Figures, *, software_version: str) -> bytes:
    """What every figure was counted from, and who names each facility where.

    One entry a line: `lists` (reference files), `status_list` (those of them that the
    status list in force was read from), `layouts` (where a kind of workbook has what), `suppliers`, `files`,
    `facilities` in the annex's order, `names` (declared identities with `files` that declare them and, file by file,
    `rows` of the Smelter List: several of one file joined by "+", "?" where they are not known), and `figures`. What
    refers to suppliers, files, facilities and names does so by their place in these lists, from 0. Only names that
    suppliers in scope declare are in it.
    """
    known = traced(interpretation)
    layouts = _Layouts()
    files = [_file(known, file, layouts) for file in known.files]
    return _document(
        {
            "schema": PROVENANCE_SCHEMA,
            "year": interpretation.facts.program.year,
            "software_version": software_version,
            "lists": [*_lists(interpretation)],
            "status_list": list(interpretation.facts.smelter_list.files),
            "layouts": [*layouts.entries],
            "suppliers": [_supplier(known, view) for view in known.suppliers],
            "files": files,
            "facilities": _facilities(known),
            "names": _names(known),
            "figures": {each.name: _figure(known, each) for each in explained(figures)},
        }
    )


class _Layouts:
    """The distinct arrangements of cells, numbered as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[TemplateKind, str, tuple[tuple[str, str], ...]], int] = {}
        self.entries: list[ProvenanceEntry] = []

    def number(self, kind: TemplateKind, template_version: str, elsewhere: Mapping[str, str]) -> int:
        key = (kind, template_version, tuple(sorted(elsewhere.items())))
        if key not in self._numbers:
            self._numbers[key] = len(self.entries)
            cells = cells_of(kind, template_version, elsewhere)
            self.entries.append({"template_version": template_version, "places": dict(sorted(cells.places.items()))})
        return self._numbers[key]


def _lists(interpretation: Interpretation) -> Iterator[ProvenanceEntry]:
    for reference in sorted(interpretation.facts.references, key=lambda each: (each.key, each.received, each.sha256)):
        yield {
            "name": reference.name,
            "key": reference.key,
            "sha256": reference.sha256,
            "received": reference.received,
            "as_of": reference.as_of,
            "in_force": reference.in_force,
        }


def _supplier(known: Traced, view: SupplierView) -> ProvenanceEntry:
    first = known.first_file.get(view.supplier_id, 0)
    return {
        "id": view.supplier_id,
        "name": view.name,
        "state": view.state.value,
        "counts": view.counts,
        "files": number_set(range(first, first + len(view.sent))),
    }


def _file(known: Traced, file: TracedFile, layouts: _Layouts) -> ProvenanceEntry:
    submission = file.submission
    entry: ProvenanceEntry = {
        "supplier": file.supplier,
        "key": submission.key,
        "sha256": submission.sha256,
        "received": submission.received,
        "state": submission.state.value,
    }
    if file.current:
        entry["layout"] = layouts.number(submission.template_kind, submission.template_version, submission.elsewhere)
        entry["errors"] = errors_under(known.interpretation.facts.program, submission)
    return entry


def _facilities(known: Traced) -> list[ProvenanceEntry]:
    names: dict[int, list[int]] = {}
    for number, name in enumerate(known.names):
        if name.facility is not None:
            names.setdefault(name.facility, []).append(number)
    place = {view.supplier_id: number for number, view in enumerate(known.suppliers)}
    return [
        _facility(known, facility, names.get(number, ()), place) for number, facility in enumerate(known.facilities)
    ]


def _facility(known: Traced, facility: Facility, names: Sequence[int], place: Mapping[str, int]) -> ProvenanceEntry:
    listed = facility.listed
    standard = known.interpretation.facts.known.facility(facility.facility)
    entry: ProvenanceEntry = {
        "metal": facility.facility.metal.value,
        "cid": facility.facility.cid,
        "name": facility.name,
        "country": facility.printed_country,
        "country_code": facility.country.code if facility.country else "",
        "status": facility.status.value,
        "printed_status": facility.printed_status,
        "names": number_set(names),
        "suppliers": number_set(place[each] for each in facility.suppliers if each in place),
    }
    if listed:
        as_of = listed.as_of.isoformat() if listed.as_of else ""
        entry["listed"] = {"file": listed.file, "row": listed.row, "as_of": as_of, "says": listed.listed_as.value}
    elif standard:
        entry["known_from"] = standard.file
    return entry


def _names(known: Traced) -> list[ProvenanceEntry]:
    seating = known.interpretation.seating
    place = {view.supplier_id: number for number, view in enumerate(known.suppliers)}
    declared: dict[DeclaredIdentity, tuple[str, str]] = {}
    told = _RowsTold()
    for identity, submissions, rows in seating.rows():
        # The declarations that count are the seating's submissions, in the same order.
        files = number_set(map(known.declarations.__getitem__, submissions))
        declared[identity] = (files, " ".join(map(told.__getitem__, rows)))
    return [_name(name, declared.get(name.identity, ("", "")), seating, place) for name in known.names]


def _name(name: TracedName, declared: tuple[str, str], seating: Seating, place: Mapping[str, int]) -> ProvenanceEntry:
    identity, resolution = name.identity, name.resolution
    files, rows = declared
    entry: ProvenanceEntry = {
        "metal": identity.metal,
        "cid": identity.cid,
        "name": identity.name,
        "country": identity.country,
        "found_by": identity.evidence,
        "outcome": name.outcome.value,
        "facility": name.facility,
        "lines": name.lines,
        "files": files,
        "rows": rows,
    }
    if resolution:
        entry["step"] = resolution.step.value
        entry["trace"] = [trace.said for trace in resolution.trace]
        entry["doubts"] = list(resolution.doubts)
        stated = seating.origins(identity)
        entry["origins"] = {text: number_set(sorted(place[each] for each in stated[text])) for text in sorted(stated)}
    return {key: value for key, value in entry.items() if value not in ("", [], {}, None)}


class _RowsTold(dict[Rows, str]):
    """Rows as text. Kept, because there are millions of lines and few thousands of rows that they stand on."""

    def __missing__(self, rows: Rows) -> str:
        text = "+".join(str(row) for row in rows if row != UNKNOWN_ROW) or ROW_NOT_KNOWN
        return self.setdefault(rows, text)


def _figure(known: Traced, each: Explained) -> ProvenanceEntry:
    entry: ProvenanceEntry = {"value": each.value}
    explanation = each.explanation
    if explanation is None:
        return entry
    entry |= {"says": each.says, "rule": explanation.rule, "by": explanation.reckoning.value}
    if explanation.reckoning is Reckoning.SHARE:
        return {**entry, "parts": list(explanation.parts), "whole": explanation.whole}
    pieces = explanation.evidence(known, each.values)
    return {**entry, "from": [_piece(piece.of, piece.numbers, piece.texts, piece.cells) for piece in pieces]}


def _piece(of: str, numbers: Iterable[int], texts: Sequence[str], cells: Sequence[str]) -> ProvenanceEntry:
    piece: ProvenanceEntry = {"of": str(of)}
    piece |= {"texts": list(texts)} if texts else {"numbers": number_set(numbers)}
    return {**piece, "cells": list(cells)} if cells else piece


def _document(parts: Mapping[str, Any]) -> bytes:
    """JSON with one entry a line: people and `diff` can read it, and it is a third of the size of an indented one."""
    lines = []
    for name, value in parts.items():
        if isinstance(value, list):
            text = "[" + ",".join(f"\n{_compact(each)}" for each in value) + "\n]"
        elif isinstance(value, dict):
            text = "{" + ",".join(f"\n{_compact(key)}:{_compact(value[key])}" for key in sorted(value)) + "\n}"
        else:
            text = _compact(value)
        lines.append(f"{_compact(name)}:{text}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "replace")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
