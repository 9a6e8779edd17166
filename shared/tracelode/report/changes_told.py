"""What changed, for readers: rows for the sheet of `report.xlsx`, sentences for `index.html`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracelode.report.changes import DISMISSED, OPEN, Cause, Changes, Difference, InputKind, Matter, NewInput, Value
from tracelode.report.wording import capitalized, counted, listed

CHANGE_COLUMNS = (
    ("Through", 60), ("What", 18), ("Which", 44), ("Name", 44), ("Before", 26), ("After", 26), ("Suppliers", 40),
)  # fmt: skip

FILES_AT_MOST = 5
"""Files of a cause that a row names; of more it says how many."""
LINES_AT_MOST = 12
"""Causes, or suppliers of one, that the page tells."""
ROWS_AT_MOST = 40
"""Differences that the page shows of each kind."""


@dataclass(frozen=True, slots=True)
class Line:
    """A file or a supplier's files, and in a sentence what came of them."""

    title: str
    file: str
    effect: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the page tells. `tables` has the figures that changed, and what else did: each with its title and how many
    differences there are; of those it holds the first. `further` lines stand in the workbook only."""

    day: str
    uncompared: str
    lines: tuple[Line, ...]
    further: int
    tables: tuple[tuple[str, tuple[Difference, ...], int], ...]


def change_rows(changes: Changes) -> Iterator[tuple[Value, ...]]:
    """The rows of the sheet: each difference, and each input that made none."""
    if changes.uncompared:
        yield (changes.uncompared, "", "", "", "", "", "")
    for cause in changes.causes:
        if not cause.differences:
            yield (_files(cause.inputs), "nothing", "", "", "", "", "")
        for item in cause.differences:
            through = _files(cause.inputs_of(item))
            yield (
                through, item.matter.value, item.subject, item.name, item.before, item.after, ", ".join(item.suppliers),
            )  # fmt: skip


def told(changes: Changes) -> Told:
    """What the page tells of the changes."""
    lines = [line for cause in changes.causes for line in _lines(cause)]
    everything = [item for cause in changes.causes for item in cause.differences]
    named = [item for item in everything if item.matter is not Matter.FIGURE]
    numbers = [item for item in everything if item.matter is Matter.FIGURE]
    return Told(
        day=changes.day,
        uncompared=changes.uncompared,
        lines=tuple(lines[:LINES_AT_MOST]),
        further=max(0, len(lines) - LINES_AT_MOST),
        tables=tuple(
            (title, tuple(rows[:ROWS_AT_MOST]), len(rows))
            for title, rows in (("Suppliers, facilities, names and decisions", named), ("Figures", numbers))
            if rows
        ),
    )


def _lines(cause: Cause) -> Iterator[Line]:
    senders = {item.supplier_id: item.supplier for item in cause.inputs if item.supplier_id}
    if not senders:
        yield Line(_titles(cause.inputs), "", _sentence(_effects(cause.differences)))
    lines = [_sender(cause, supplier_id, senders[supplier_id]) for supplier_id in sorted(senders)]
    # What changed most comes first: a page shows a few of them.
    yield from (line for _, line in sorted(lines, key=lambda line: -line[0]))


def _sender(cause: Cause, supplier_id: str, name: str) -> tuple[int, Line]:
    inputs = [item for item in cause.inputs if item.supplier_id == supplier_id]
    mine = [item for item in cause.differences if supplier_id in item.suppliers]
    return len(mine), Line(name or supplier_id, _sent(inputs), _sentence(_effects(mine)))


def _titles(inputs: Iterable[NewInput]) -> str:
    return listed([item.file for item in inputs])


def _sent(inputs: Iterable[NewInput]) -> str:
    by_kind: dict[InputKind, list[str]] = {}
    for item in inputs:
        by_kind.setdefault(item.kind, []).append(item.file)
    verbs: Mapping[InputKind, str] = {InputKind.SUBMISSION: "sent", InputKind.WITHDRAWAL: "deleted"}
    return listed([f"{verbs[kind]} {listed(files)}" for kind, files in by_kind.items() if kind in verbs])


def _effects(items: Iterable[Difference]) -> list[str]:
    """What differences come to, each kind of them in a few words."""
    told: list[str] = []
    counts: Counter[str] = Counter()
    for item in items:
        if item.matter is Matter.SUPPLIER and item.suppliers:
            told.append(f"{_state(item.before)} before, {_state(item.after)} now")
        else:
            counts[_kind(item)] += 1
    return told + [
        words.format(counted(counts[kind], *nouns)) for kind, (words, *nouns) in _WORDS.items() if counts[kind]
    ]


def _state(state: Value) -> str:
    return str(state) or "not known"


def _kind(item: Difference) -> str:
    if item.matter is Matter.NAME:
        return {OPEN: "opened", DISMISSED: "dismissed", "": "gone"}.get(str(item.after), "identified")
    if item.matter is Matter.NAMED_BY and isinstance(item.before, int) and isinstance(item.after, int):
        return "named by more" if item.after > item.before else "named by fewer"
    return item.matter.value


_WORDS: Mapping[str, tuple[str, ...]] = {
    Matter.FACILITY_ADDED.value: ("adds {}", "facility"),
    Matter.FACILITY_REMOVED.value: ("removes {}", "facility"),
    Matter.STATUS.value: ("changes {}", "status", "statuses"),
    Matter.COUNTRY.value: ("changes {} of facilities", "country"),
    "named by more": ("names {} that others name as well", "facility"),
    "named by fewer": ("no longer names {} that others still name", "facility"),
    "identified": ("identifies {}", "name"),
    "dismissed": ("dismisses {}", "name"),
    "opened": ("leaves {} to identify", "more name", "more names"),
    "gone": ("takes {} to identify back", "name"),
    Matter.DECISION.value: ("touches {}", "decision"),
    Matter.SUPPLIER.value: ("changes where {} stands", "supplier", "suppliers"),
}
"""How a kind of difference reads, with a place for how many."""


def _sentence(effects: list[str]) -> str:
    return f"{capitalized('; '.join(effects))}." if effects else "Changes nothing that is compared."


def _files(inputs: Iterable[NewInput]) -> str:
    keys = [f"{item.key} (deleted)" if item.kind is InputKind.WITHDRAWAL else item.key for item in inputs]
    return ", ".join(keys) if len(keys) <= FILES_AT_MOST else f"{len(keys)} files of the day"
