"""`tracelode explain`: why a number of a report is what it is, and where a facility comes from; from its file alone."""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from openpyxl.utils.cell import coordinate_to_tuple
from rich.console import Console
from rich.text import Text

from tracelode.printing.printable import printable
from tracelode.report.files import MANIFEST, PROVENANCE
from tracelode.report.trace.answers import (
    CellReference,
    Choices,
    DeclaredName,
    FacilityAnswer,
    FacilityItem,
    FigureAnswer,
    FileItem,
    FileReference,
    ListReference,
    NameAnswer,
    Reply,
    ReplyItem,
    SupplierAnswer,
    SupplierItem,
    TextItem,
)
from tracelode.report.trace.explain import NoProvenanceError, Provenance, UnknownNameError
from tracelode_console.arguments.files import SHOWN
from tracelode_console.commands.files.report_folder import NoReportError, report_folder
from tracelode_console.json_output import print_json

EXPLAINED: Final = 0
UNKNOWN: Final = 1
UNREADABLE: Final = 2


def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Explain what is asked; returns the exit status."""
    # A name of several words needs no quotes.
    query = " ".join(options.what)
    try:
        folder = report_folder(options.folder, PROVENANCE)
        provenance = Provenance(_whole(folder))
        answers = provenance.explain(query)
    except (NoReportError, NoProvenanceError) as error:
        err.print(Text(printable(f"explain: {error}"), style="bold red"))
        return UNREADABLE
    except OSError as error:
        err.print(Text(printable(f"explain: {error.filename}: {error.strerror}"), style="bold red"))
        return UNREADABLE
    except UnknownNameError as unknown:
        err.print(Text(printable(f"explain: nothing in {folder} goes by \u201c{query}\u201d"), style="bold red"))
        for near in unknown.near:
            err.print(Text(printable(f"  did you mean {near}?")))
        return UNKNOWN
    if options.json:
        print_json(out, [asdict(answer) for answer in answers])
        return EXPLAINED
    most = None if options.all else SHOWN
    for number, answer in enumerate(answers):
        if number:
            out.print()
        for line in _lines(answer, most):
            out.print(Text(" " * (len(line) - len(line.lstrip(" "))) + printable(line)))
    return EXPLAINED


def _whole(folder: Path) -> bytes:
    """The provenance, which must be the one that the report's manifest names, where that is there too."""
    data = (folder / PROVENANCE).read_bytes()
    manifest = folder / MANIFEST
    if manifest.is_file():
        try:
            named = json.loads(manifest.read_bytes())["outputs"].get(PROVENANCE, {}).get("sha256")
        except (ValueError, LookupError, AttributeError) as error:
            raise NoReportError(f"{manifest} is no manifest of a report") from error
        if named != hashlib.sha256(data).hexdigest():
            raise NoReportError(f"{folder}: {PROVENANCE} is not the one that {MANIFEST} names; download both again")
    return data


# ---- printing --------------------------------------------------------------------------------------------------------


def _lines(answer: Reply, most: int | None) -> Iterator[str]:
    match answer:
        case FigureAnswer():
            yield from _figure(answer, most)
        case FacilityAnswer():
            yield from _facility(answer, most)
        case NameAnswer():
            yield from _declared(answer.declared, most, indent="")
        case SupplierAnswer():
            yield from _supplier(answer, most)
        case Choices():
            yield from _cut([f"{name} = {_value(value)}" for name, value in answer.figures], most)


def _figure(answer: FigureAnswer, most: int | None) -> Iterator[str]:
    yield f"{answer.name} = {_value(answer.value)}"
    if not answer.says:
        yield "  Nobody has written down how this figure comes about."
        return
    yield f"  {answer.says}"
    yield f"  Rule: {answer.rule}"
    if answer.parts:
        *parts, (whole, beneath) = answer.parts
        yield f"  {' + '.join(f'{name} ({_value(value)})' for name, value in parts)} of {whole} ({_value(beneath)})"
        return
    for listed in answer.lists:
        yield f"  List: {_list(listed)}"
    if answer.counted and not (answer.counted == "lists" and answer.items):
        one = _SINGULAR.get(answer.counted, answer.counted)
        yield f"  Counted: {_many(len(answer.items), one, answer.counted)}" + (":" if answer.items else "")
    shown = answer.items if most is None else answer.items[:most]
    for item in shown:
        yield from _item(item, most)
    if len(shown) < len(answer.items):
        yield f"    and {len(answer.items) - len(shown)} more (--all shows them)"
    if any(isinstance(item, FacilityItem) for item in answer.items):
        first = next(item for item in answer.items if isinstance(item, FacilityItem))
        yield f"  Who names one of them, and where: tracelode explain {first.cid}"


def _item(item: ReplyItem, most: int | None) -> Iterator[str]:
    match item:
        case FacilityItem():
            by = "1 supplier" if item.suppliers == 1 else f"{item.suppliers} suppliers"
            place = f", {item.country}" if item.country else ""
            yield f"    {item.metal} {item.cid} {item.name}{place}: {_status(item.printed_status, item.listed)}; {by}"
            yield from _cut([f"      {_cell(cell)}" for cell in item.cells], most, "      ")
        case SupplierItem():
            yield f"    {_named(item.supplier_id, item.name)}: {item.state.replace('_', ' ')}"
            told = [_cell(cell) for cell in item.cells] or [_file(file) for file in item.files]
            yield from _cut([f"      {text}" for text in told], most, "      ")
        case FileItem():
            yield f"    {_cell(item.cells[0]) if item.cells else _file(item.file)}"
        case DeclaredName():
            yield from _declared(item, most, indent="    ")
        case TextItem():
            lying = f": {_many(len(item.facilities), 'facility', 'facilities')}" if item.facilities else ""
            yield f"    {item.name}{lying}"
        case ListReference():
            yield f"  From: {_list(item)}"


def _facility(answer: FacilityAnswer, most: int | None) -> Iterator[str]:
    yield f"{answer.cid} {answer.name}, {answer.country or 'country not known'} ({answer.metal})"
    yield f"  Status: {_status(answer.printed_status, answer.listed)}"
    for listed in answer.lists:
        yield f"  {'List' if answer.listed else 'Not on'}: {_list(listed)}"
    if answer.known_from:
        yield f"  Known from: {answer.known_from}"
    lines = sum(name.lines for name in answer.declared)
    yield f"  Named by {_many(answer.suppliers, 'supplier')} on {_many(lines, 'line')}:"
    for name in answer.declared:
        yield from _declared(name, most, indent="    ")
    yield "  Counted in: " + ", ".join(answer.figures)


def _declared(name: DeclaredName, most: int | None, *, indent: str) -> Iterator[str]:
    told = ", ".join(filter(None, (name.cid, f"\u201c{name.name}\u201d", name.country, name.metal)))
    yield f"{indent}{told}: {_many(name.lines, 'line')}, {_OUTCOMES.get(name.outcome, name.outcome)}"
    for said in name.trace[-1:] if name.outcome == "facility" else name.trace:
        yield f"{indent}  {said}"
    for doubt in name.doubts:
        yield f"{indent}  Doubt: {doubt}"
    yield from _cut([f"{indent}  {_cell(cell)}" for cell in name.cells], most, f"{indent}  ")


_SINGULAR = {
    "suppliers": "supplier",
    "files": "file",
    "answers": "answer",
    "facilities": "facility",
    "former facilities": "former facility",
    "names": "name",
    "countries": "country",
    "metals": "metal",
}
_OUTCOMES = {
    "facility": "identified",
    "not-a-smelter": "no smelter, as the team has decided",
    "unresolved": "not identified",
}


def _supplier(answer: SupplierAnswer, most: int | None) -> Iterator[str]:
    supplier = answer.supplier
    yield f"{_named(supplier.supplier_id, supplier.name)}: {supplier.state.replace('_', ' ')}"
    if not answer.counts:
        yield "  It is not on the roster or not in scope: what it declares counts nowhere."
    for file in supplier.files:
        yield f"  {_file(file)}"
        yield f"    received {file.received}, SHA-256 {file.sha256}"
    if answer.counts:
        yield f"  It names {_many(answer.facilities, 'facility', 'facilities')}."
    yield from _cut([f"  Counted in: {name}" for name in answer.figures], most, "  ")


def _cut(lines: Sequence[str], most: int | None, indent: str = "") -> Iterator[str]:
    shown = lines if most is None else lines[:most]
    yield from shown
    if len(shown) < len(lines):
        yield f"{indent}and {len(lines) - len(shown)} more (--all shows them)"


def _cell(reference: CellReference) -> str:
    """A cell as Excel writes it, with the file that it is in."""
    sheet = reference.sheet if reference.sheet.isalnum() else f"'{reference.sheet}'"
    cells = f"{sheet}!{_range(reference.cells)}" if reference.cells else "row not recorded by an earlier release"
    return f"{_file(reference.file, told=False)}: {cells}"


def _range(cells: Sequence[str]) -> str:
    """Cells with their first and last where they stand side by side, else one by one from top to bottom."""
    places = sorted((coordinate_to_tuple(cell), cell) for cell in cells)
    (row, column), first = places[0]
    if [place for place, _ in places] == [(row, column + step) for step in range(len(places))]:
        return first if len(places) == 1 else f"{first}:{places[-1][1]}"
    return ", ".join(cell for _, cell in places)


def _file(file: FileReference, *, told: bool = True) -> str:
    # A key is {year}/{supplier}/{file}, and both of the first are known already.
    name = f"{file.supplier_id}/{file.key.rpartition('/')[2]}"
    if not told:
        return name
    errors = ", ".join(f"{rule} \u00d7{count}" if count > 1 else rule for rule, count in file.errors.items())
    return f"{name}: {file.state.replace('_', ' ')}" + (f" ({errors})" if errors else "")


def _status(printed: str, listed: ListReference | None) -> str:
    return f"{printed}, {listed.name} row {listed.row}" if listed else f"{printed}, on no status list in force"


def _list(listed: ListReference) -> str:
    as_of = f" as of {listed.as_of}" if listed.as_of else ""
    row = f", row {listed.row}: {listed.says}" if listed.row else ""
    return f"{listed.name}{as_of}{row} (SHA-256 {listed.sha256[:12]}\u2026)"


def _named(supplier_id: str, name: str) -> str:
    return f"{supplier_id} ({name})" if name != supplier_id else supplier_id


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "none"
