"""A soak's figures as plots, and as the tables of docs/SOAK.md."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import scale_plots

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs/SOAK.md"
_FIGURES: Final = re.compile(r"(?<=<!-- begin -->\n).*?(?=<!-- end -->)", re.DOTALL)


def write_plots(soak: Mapping[str, Any], folder: Path) -> None:
    """Draw memory and queue depths over time."""
    samples = soak["samples"]

    def over_time(name: str) -> list[tuple[float, float]]:
        return [(sample["at"] / 60, sample[name]) for sample in samples]

    memory = [
        ("the engine", over_time("engine")),
        ("largest function", over_time("largest")),
        ("moto, which holds all that was dropped and made", over_time("moto")),
    ]
    queues = [("waiting in queues", over_time("waiting")), ("in dead-letter queues", over_time("dead"))]
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, series, unit in (
        ("memory", "Memory over the soak", memory, "MB"),
        ("queues", "Messages over the soak", queues, "messages"),
    ):
        drawn = scale_plots.lines(title, "minutes", series, unit)
        (folder / f"soak-{name}.svg").write_text(drawn, encoding="utf-8")


def write_page(soak: Mapping[str, Any]) -> None:
    """Put the figures into docs/SOAK.md and the plots beside it. Raises ValueError for a soak that did not finish."""
    if not soak["finished"]:
        raise ValueError("this soak did not come to its end; its figures are no result")
    write_plots(soak, ROOT / "docs" / "images")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_FIGURES.sub(lambda _: "\n".join(figures(soak)) + "\n", page), encoding="utf-8")


def figures(soak: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the page between its two marks."""
    wrong = soak["wrong"]
    done, struck, given_up = (sum(soak[name].values()) for name in ("deeds", "faults", "dead_letters"))
    yield (
        f"On {soak['date']}, seed {soak['seed']}: {soak['seconds'] / 60:.0f} minutes of traffic, {done:,} deeds, "
        f"{struck:,} faults in {soak['calls']:,} calls of the functions, {soak['rests']} times at rest, {given_up:,} "
        "dead letters. " + ("**Nothing was wrong.**" if not wrong else f"**{len(wrong)} things were wrong.**")
    )
    yield f"The report, {soak['fresh_run_files']} files, was held against a fresh run of {soak['dropped']:,} inputs."
    yield from (f"- {each}" for each in wrong)
    yield from _counts("done", "times", soak["deeds"])
    yield from _counts("fault", "times", soak["faults"])
    yield from _counts("dead letters", "number", soak["dead_letters"])
    yield from _growth(soak)
    yield from _counts("items", "number", soak["items"])
    yield ""
    yield f"It took {soak['processor_seconds']:,} seconds of processor time, the fresh run included."
    yield ""
    yield "![Memory of engine, functions and moto over time](images/soak-memory.svg)"
    yield ""
    yield "![Messages waiting and given up on over time](images/soak-queues.svg)"


def _counts(what: str, number: str, counted: Mapping[str, int]) -> Iterator[str]:
    yield from _table((what, number), ((name, f"{count:,}") for name, count in counted.items()))


def _growth(soak: Mapping[str, Any]) -> Iterator[str]:
    """What was measured in the second quarter and in the last."""
    last = soak["samples"][-1]["at"]
    early = [sample for sample in soak["samples"] if 0.25 * last <= sample["at"] <= 0.5 * last]
    late = [sample for sample in soak["samples"] if 0.75 * last <= sample["at"]]
    rows = [
        (f"memory of {told}, MB, median", *(f"{median(sample[name] for sample in part):.0f}" for part in (early, late)))
        for name, told in (("engine", "the engine"), ("largest", "the largest function"), ("moto", "moto"))
    ]
    for name in late[0]["files"]:
        most = (max(sample["files"][name] for sample in part) for part in (early, late))
        rows.append((f"open files of {name}, at most", *map(str, most)))
    for name, told in (("temporary", "temporary files, at most"), ("waiting", "messages waiting, at most")):
        rows.append((told, *(str(max(sample[name] for sample in part)) for part in (early, late))))
    yield from _table(("", "second quarter", "last quarter"), rows)
    lives = ((p["environment"], f"{p['seconds'] / 60:.0f}", f"{p['warm']}", f"{p['end']}") for p in soak["processes"])
    yield from _table(("longest-lived process of", "minutes", "MB after five minutes", "MB at its end"), lives)


def _table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = tuple(heading)
    yield ""
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'---:|' * (len(names) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
