"""A soak's figures as plots, and as the tables of docs/SOAK.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import scale_plots

ROOT = Path(__file__).resolve().parents[2]


def write_plots(soak: Mapping[str, Any], folder: Path) -> None:
    """Draw memory and queue depths over time."""
    samples = soak["samples"]
    minutes = [sample["at"] / 60 for sample in samples]

    def over_time(name: str) -> list[tuple[float, float]]:
        return [(minute, sample[name]) for minute, sample in zip(minutes, samples, strict=True)]

    memory = [
        ("the engine", over_time("engine")),
        ("largest function", over_time("largest")),
        ("moto, which holds all that was dropped", over_time("moto")),
    ]
    queues = [("waiting in queues", over_time("waiting")), ("in dead-letter queues", over_time("dead"))]
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, series, unit in (
        ("memory", "Memory over a soak", memory, "MB"),
        ("queues", "Messages over a soak", queues, "messages"),
    ):
        drawn = scale_plots.lines(title, "minutes", series, unit)
        (folder / f"soak-{name}.svg").write_text(drawn, encoding="utf-8")


def write_page(soak: Mapping[str, Any]) -> None:
    """Put the figures into docs/SOAK.md and the plots beside it."""
    write_plots(soak, ROOT / "docs" / "images")
