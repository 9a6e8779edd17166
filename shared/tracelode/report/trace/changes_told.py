"""What changed, for readers: rows for the sheet of `report.xlsx`, sentences for `index.html`."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracelode.printing.wording import counted, listed
from tracelode.report.trace.changes import (
    DISMISSED,
    OPEN,
    SUPPLIERS_AT_MOST,
    Cause,
    Changes,
    Difference,
    DifferenceKind,
    InputKind,
    NewInput,
    StatedValue,
)

CHANGE_COLUMNS = (
    ("Through", 60), ("What", 18), ("Which", 44), ("Name", 44), ("Before", 26), ("After", 26), ("Suppliers", 40),
)  # fmt: skip

FILES_AT_MOST = 5
"""Files of a cause that a row names; of more it says how many."""
LINES_AT_MOST = 12
"""Causes, or suppliers of one, that the page tells."""
DIFFERENCES_AT_MOST = 40
"""Differences that the page shows of each kind."""


DifferenceTables = tuple[tuple[str, tuple[Difference, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A reference file or a supplier, and what it changes or sent: together they make a sentence."""

    title: str
    says: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the page tells. `tables` has the figures that changed, and what else did: each with its title and how many
    differences there are; of those it holds the first. `further` lines stand in the workbook only."""

    day: str
    uncompared: str
    lines: tuple[Line, ...]
    further: int
    tables: DifferenceTables


def change_rows(changes: Changes) -> Iterator[tuple[StatedValue, ...]]:
    """The rows of the sheet: each difference, and each input that made none."""
    if changes.uncompared:
        yield (changes.uncompared, "", "", "", "", "", "")
    for cause in changes.causes:
        together, sent = _files(cause.inputs), _by_supplier(cause.inputs)
        if not cause.differences:
            yield (together, "nothing", "", "", "", "", "")
        for item in cause.differences:
            through = _files([file for name in item.suppliers for file in sent[name]]) if item.suppliers else together
            yield (
                through, item.matter.value, item.subject, item.name, item.before, item.after, _named(item.suppliers),
            )  # fmt: skip


def changes_page(changes: Changes) -> ChangesPage:
    """What the page tells of the changes."""
    lines = [line for cause in changes.causes for line in _lines(cause)]
    in_all = sum(len(_by_supplier(cause.inputs)) for cause in changes.causes)
    return ChangesPage(
        day=changes.day,
        uncompared=changes.uncompared,
        lines=tuple(lines[:LINES_AT_MOST]),
        further=in_all - min(len(lines), LINES_AT_MOST),
        tables=difference_tables([item for cause in changes.causes for item in cause.differences]),
    )


def difference_tables(everything: Sequence[Difference]) -> DifferenceTables:
    """Differences as a page shows them: the figures, and what else there is."""
    named = [item for item in everything if item.matter is not DifferenceKind.FIGURE]
    numbers = [item for item in everything if item.matter is DifferenceKind.FIGURE]
    return tuple(
        (title, tuple(rows[:DIFFERENCES_AT_MOST]), len(rows))
        for title, rows in (("Suppliers, facilities, names and decisions", named), ("Figures", numbers))
        if rows
    )


def _lines(cause: Cause) -> Iterator[Line]:
    """A line for a cause, or for each of its suppliers: of those that changed most, as many as a page tells."""
    through: dict[str, list[Difference]] = {name: [] for name in _by_supplier(cause.inputs)}
    if "" in through:
        yield Line(listed([item.file for item in cause.inputs]), f"{_effects(cause.differences)}.")
        return
    for item in cause.differences:
        for name in item.suppliers:
            through[name].append(item)
    sent = _by_supplier(cause.inputs)
    for name in sorted(through, key=lambda name: (-len(through[name]), name))[:LINES_AT_MOST]:
        title = sent[name][0].supplier or name
        yield Line(title, f"{_sent(sent[name])}: {_effects(through[name])}.")


def _by_supplier(inputs: Iterable[NewInput]) -> dict[str, list[NewInput]]:
    """The inputs of each supplier, reference files under ""."""
    found: dict[str, list[NewInput]] = {}
    for item in inputs:
        found.setdefault(item.supplier_id, []).append(item)
    return found


def _sent(inputs: Iterable[NewInput]) -> str:
    by_kind: dict[InputKind, list[str]] = {}
    for item in inputs:
        by_kind.setdefault(item.kind, []).append(item.file)
    verbs: Mapping[InputKind, str] = {InputKind.SUBMISSION: "sent", InputKind.WITHDRAWAL: "deleted"}
    return listed([f"{verbs[kind]} {listed(files)}" for kind, files in by_kind.items() if kind in verbs])


def _effects(items: Iterable[Difference]) -> str:
    """What differences come to, each kind of them in a few words."""
    told: list[str] = []
    counts: Counter[str] = Counter()
    for item in items:
        if item.matter is DifferenceKind.SUPPLIER and item.suppliers:
            told.append(f"{item.after or 'not known'} now, {item.before or 'not known'} before")
        else:
            counts[_kind(item)] += 1
    for kind, (words, *nouns) in _WORDS.items():
        if counts[kind]:
            told.append(words.format(counted(counts[kind], *nouns)))
    return "; ".join(told) or "changes no facility, name, state or decision"


def _kind(item: Difference) -> str:
    if item.matter is DifferenceKind.NAME:
        return {OPEN: "opened", DISMISSED: "dismissed", "": "gone"}.get(str(item.after), "identified")
    if item.matter is DifferenceKind.NAMED_BY and isinstance(item.before, int) and isinstance(item.after, int):
        return "named by more" if item.after > item.before else "named by fewer"
    if item.matter in (DifferenceKind.FACILITY_ADDED, DifferenceKind.FACILITY_REMOVED) and len(item.suppliers) > 1:
        return f"{item.matter.value} with others"
    return item.matter.value


_WORDS: Mapping[str, tuple[str, ...]] = {
    DifferenceKind.FACILITY_ADDED.value: ("adds {}", "facility"),
    DifferenceKind.FACILITY_REMOVED.value: ("removes {}", "facility"),
    f"{DifferenceKind.FACILITY_ADDED.value} with others": ("together with others adds {}", "facility"),
    f"{DifferenceKind.FACILITY_REMOVED.value} with others": ("together with others removes {}", "facility"),
    DifferenceKind.STATUS.value: ("changes the status of {}", "facility"),
    DifferenceKind.COUNTRY.value: ("changes the country of {}", "facility"),
    "named by more": ("names {} that others name as well", "facility"),
    "named by fewer": ("no longer names {} that others still name", "facility"),
    "identified": ("identifies {}", "name"),
    "dismissed": ("dismisses {}", "name"),
    "opened": ("leaves {} to identify", "more name", "more names"),
    "gone": ("takes {} back", "name"),
    DifferenceKind.DECISION.value: ("affects {}", "decision"),
    DifferenceKind.SUPPLIER.value: ("changes where {} stands", "supplier", "suppliers"),
}
"""How a kind of difference reads, with a place for how many."""


def _named(suppliers: Sequence[str]) -> str:
    more = len(suppliers) - SUPPLIERS_AT_MOST
    return ", ".join(suppliers[:SUPPLIERS_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _files(inputs: Collection[NewInput]) -> str:
    if len(inputs) > FILES_AT_MOST:
        return f"{len(inputs)} files of the day"
    keys = [f"{item.key} (deleted)" if item.kind is InputKind.WITHDRAWAL else item.key for item in inputs]
    return ", ".join(keys)
