"""`tracelode recount`: an existing filing's annex of smelters, recounted and held against what its text states."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from tracelode.edgar.passages import FilingTooLargeError
from tracelode.edgar.recount import MAX_FILING_BYTES, Held, Recount, recount_filing
from tracelode.printing.printable import printable
from tracelode_console.commands.files.given_files import FileRefusedError, say_refused, whole_file
from tracelode_console.json_output import print_json

_COUNTRIES_SHOWN = 6


def run(options: argparse.Namespace, out: Console, err: Console) -> int:
    """Recount the files; returns the exit status."""
    status = 0
    documents: list[dict[str, Any]] = []
    for path in options.files:
        try:
            counted = _counted(path)
        except FileRefusedError as refusal:
            say_refused(err, refusal)
            status = 2
            continue
        status = max(status, int(not counted.is_sound))
        if options.json:
            documents.append(_as_data(path, counted))
        else:
            _print(out, path, counted)
    if options.json:
        print_json(out, documents)
    return status


def _counted(path: Path) -> Recount:
    try:
        return recount_filing(whole_file(path, MAX_FILING_BYTES))
    except FilingTooLargeError as error:
        raise FileRefusedError(f"{path}: {error}") from error


def _as_data(path: Path, counted: Recount) -> dict[str, Any]:
    return {
        "file": str(path),
        "sound": counted.is_sound,
        "total": counted.total,
        "by_metal": {str(metal): number for metal, number in counted.by_metal},
        "by_status": dict(counted.by_status),
        "by_metal_and_status": [
            {"metal": str(metal), "status": status, "number": number}
            for metal, status, number in counted.by_metal_and_status
        ],
        "countries": dict(counted.countries),
        "without_country": counted.without_country,
        "in_africa": [_named(entry.name, entry.line) for entry in counted.in_africa],
        "in_covered_countries": [_named(entry.name, entry.line) for entry in counted.in_covered_countries],
        "misfits": [asdict(misfit) for misfit in counted.misfits],
        "stated": [_stated(one) for one in counted.held],
        "not_understood": [
            {"line": claim.line, "stated": claim.number, "quote": claim.quote} for claim in counted.not_understood
        ],
    }


def _stated(held: Held) -> dict[str, Any]:
    said = {name: value for name, value in asdict(held).items() if name != "scope"}
    return {**said, "agrees": held.agrees}


def _named(name: str, line: int) -> dict[str, Any]:
    return {"name": name, "line": line}


def _print(out: Console, path: Path, counted: Recount) -> None:
    if not counted.total:
        _say(out, f"{path}: no annex of smelters is found", "yellow")
        return
    _say(out, f"{path}: {counted.total} smelters are listed", "bold")
    for line in _counts(counted):
        _say(out, f"- {line}")
    for misfit in counted.misfits:
        _say(out, f"{path}:{misfit.line}: {misfit.message}", "red")
    for one in counted.held:
        if not one.agrees:
            unit = "%" if one.is_share else ""
            numbers = f"{one.stated}{unit} is stated, {one.counted}{unit} is listed"
            _say(out, f"{path}:{one.line}: {numbers} ({one.meaning}): \u201c{one.quote}\u201d", "red")
    for claim in counted.not_understood:
        _say(out, f"{path}:{claim.line}: {claim.number} is held against nothing: \u201c{claim.quote}\u201d", "dim")
    agreeing = sum(one.agrees for one in counted.held)
    _say(out, f"{agreeing} of {len(counted.held)} stated numbers agree; rows that do not fit: {len(counted.misfits)}")


def _counts(counted: Recount) -> Iterator[str]:
    """What the annex adds up to, a line each."""
    words = [word for word, _ in counted.by_status]
    numbers = {(metal, word): number for metal, word, number in counted.by_metal_and_status}
    for metal, total in counted.by_metal:
        by_word = ", ".join(f"{numbers.get((metal, word), 0)} {word}" for word in words)
        yield f"{metal}: {total}" + (f" ({by_word})" if by_word else "")
    if words:
        yield "All metals: " + ", ".join(f"{number} {word}" for word, number in counted.by_status)
    if counted.countries:
        shown = ", ".join(f"{name} {number}" for name, number in counted.countries[:_COUNTRIES_SHOWN])
        more = len(counted.countries) - _COUNTRIES_SHOWN
        yield f"{len(counted.countries)} countries: {shown}" + (f" and {more} more" if more > 0 else "")
        yield f"Without a country: {counted.without_country}"
        yield f"In Africa: {len(counted.in_africa)}"
        yield f"In Covered Countries: {len(counted.in_covered_countries)}"


def _say(out: Console, text: str, style: str = "") -> None:
    out.print(Text(printable(text), style=style))
