"""The tables and plots of docs/COST.md, from the figures that benchmarks/scale.py measured.

    python benchmarks/scale_page.py FIGURES.json

draws them again from figures that were kept (`scale.py --keep`). The same figures give the same bytes. What stands
between `<!-- NAME -->` and `<!-- end -->` in the page is replaced; everything else of it is written by hand.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import scale_plots  # noqa: E402 - the project's root is on the path only from here on

PAGE = ROOT / "docs" / "COST.md"
IMAGES = ROOT / "docs" / "images"
PRICES = ROOT / "benchmarks" / "scale_prices.toml"
MEMORY_GB = {"intake": 1769 / 1024, "tally": 1.0, "publish": 2.0}
WORKBOOK_KB = 150
"""What a filled official workbook weighs; a marked-up one comes back."""
LINES = 300
FUNCTIONS = ("intake", "tally")

Figures = Mapping[str, Any]


def write_page(figures: Figures) -> None:
    """Replace the page's tables and draw its plots."""
    scales = {int(number): scale for number, scale in figures["scales"].items()}
    tables = {
        "per upload": _per_upload(scales),
        "kinds": _kinds(scales),
        "publish": _publish(scales),
        "later day": _later_day(scales),
        "outputs": _outputs(scales),
        "burst": _burst(figures["bursts"]),
        "limits": _limits(figures["bursts"]),
        "fold": _full_fold(scales),
        "prices": _prices(scales),
        "list prices": _list_prices(),
    }
    text = PAGE.read_text(encoding="utf-8")
    for name, table in tables.items():
        text, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m, t=table: f"{m[1]}{t}\n{m[2]}", text, flags=re.DOTALL
        )
        if not found:
            raise ValueError(f"{PAGE.name} has no place for {name}")
    PAGE.write_text(text, encoding="utf-8")
    for name, plot in _plots(scales, figures["bursts"]).items():
        (IMAGES / f"scale-{name}.svg").write_text(plot, encoding="utf-8")


def _per_upload(scales: Mapping[int, Any]) -> str:
    rows = []
    for suppliers, scale in scales.items():
        cost = scale["upload"]
        for function in FUNCTIONS:
            rows.append([f"{suppliers:,}", function, *_amounts(cost, [function])])
        rows.append([f"**{suppliers:,}**", "**both**", *(f"**{cell}**" for cell in _amounts(cost, FUNCTIONS))])
    small, large = (scales[pick(scales)]["upload"] for pick in (min, max))
    changes = [
        f"{sum(large[name].values()) / sum(small[name].values()) - 1:+.1%}" for name in ("calls", "writes", "reads")
    ]
    rows.append([f"{min(scales):,} to {max(scales):,}", "change", changes[0], *changes[1:], "", ""])
    return _table(
        ("suppliers", "function", "AWS calls", "write units", "read units", "S3 requests", "CPU s"),
        rows,
    )


def _amounts(cost: Mapping[str, Mapping[str, float]], functions: Sequence[str]) -> list[str]:
    def of(name: str) -> float:
        return sum(cost[name].get(function, 0.0) for function in functions)

    return [
        f"{of('calls'):.1f}", f"{of('writes'):.1f}", f"{of('reads'):.1f}",
        f"{of('s3_writes') + of('s3_reads'):.1f}", f"{of('seconds'):.2f}",
    ]  # fmt: skip


def _kinds(scales: Mapping[int, Any]) -> str:
    kinds = scales[max(scales)]["kinds"]
    return _table(
        ("upload", "AWS calls", "write units", "read units", "S3 requests", "CPU s"),
        [[kind, *_amounts(cost, FUNCTIONS)] for kind, cost in kinds.items()],
    )


def _publish(scales: Mapping[int, Any]) -> str:
    rows = []
    for suppliers, scale in scales.items():
        found = scale["publish"]
        rows.append(
            [
                f"{suppliers:,}",
                f"{suppliers * LINES:,}",
                str(scale["groups"]),
                f"{found['seconds']:.1f}",
                f"{1000 * found['seconds'] / suppliers:.1f}",
                f"{found['peak_mb']:.0f}",
                str(found["dynamodb_calls"]),
                f"{found['reads']:.0f}",
                f"{found['largest_partial_kb']:.0f}",
                str(found["s3_reads"] + found["s3_writes"]),
                f"{sum(found['bytes'].values()) / 1e6:.1f}",
            ]
        )
    return _table(
        ("suppliers", "lines", "groups", "CPU s", "ms a supplier", "peak MB", "DynamoDB calls", "read units",
         "largest partial KB", "S3 requests", "report set MB"), rows,
    )  # fmt: skip


def _later_day(scales: Mapping[int, Any]) -> str:
    rows = []
    for suppliers, scale in scales.items():
        nothing, files, both = scale["publish"], scale["later"]["files"], scale["later"]["files_and_lists"]
        rows.append(
            [
                f"{suppliers:,}",
                *(f"{found['seconds']:.1f}" for found in (nothing, files, both)),
                *(f"{found['peak_mb']:.0f}" for found in (nothing, both)),
                f"{both['bytes']['changes.json'] / 1e3:,.0f}",
            ]
        )
    return _table(
        ("suppliers", "nothing before it, CPU s", "a fifth sent another file", "and five lists came",
         "peak MB without", "with both", "`changes.json` kB"), rows,
    )  # fmt: skip


def _outputs(scales: Mapping[int, Any]) -> str:
    names = sorted(scales[max(scales)]["publish"]["bytes"])
    return _table(
        ("file", *(f"at {suppliers:,}" for suppliers in scales)),
        [[f"`{name}`", *(f"{scale['publish']['bytes'][name] / 1e3:,.0f} kB" for scale in scales.values())]
         for name in names],
    )  # fmt: skip


def _burst(bursts: Mapping[str, Any]) -> str:
    return _table(
        ("1,000 first uploads", "intake done", "tally batches", "groups tallied", "publishes",
         "most in a window", "last begins", "it holds"),
        [
            [
                name, f"{found['ended']:.0f} s", str(found["tallies"]), str(found["groups_tallied"]),
                str(found["publishes"]), str(found["most_in_a_window"]), f"{found['last_publish']:.0f} s",
                f"{found['held']:,}",
            ]
            for name, found in bursts.items()
        ],
    )  # fmt: skip


def _limits(bursts: Mapping[str, Any]) -> str:
    rows = []
    for scenario in (name for name in bursts if "one shard" in name):
        for name, what in (
            ("key", "each partition key alone, nothing saved up"),
            ("partition", "4 partitions of the table, nothing saved up"),
            ("partition_saved", "the same with 300 s of unused capacity saved up"),
        ):
            found = bursts[scenario]["loads"][name]
            busiest = re.sub(r"#s-[0-9a-f]+$", "#... of a supplier", found["busiest"])
            rows.append(
                [
                    scenario.rpartition(",")[0],
                    what,
                    f"`{busiest}`",
                    f"{found['peak']:,.0f}",
                    f"{found['throttled']:,}",
                    f"{found['longest_wait']:.1f} s",
                ]
            )
    heading = ("burst", "buckets for", "busiest", "peak in a second", "writes that wait", "longest wait")
    return _table(heading, rows)


def _full_fold(scales: Mapping[int, Any]) -> str:
    rows = []
    for suppliers, scale in scales.items():
        whole = scale["summary_reads"]
        group = scale["upload"]["reads"]["tally"]
        rows.append([f"{suppliers:,}", f"{group:,.0f}", f"{whole:,.0f}", f"{group / whole:.4f}"])
    return _table(("suppliers", "tally of the group, read units", "fold of all submissions, read units", "ratio"), rows)


def _prices(scales: Mapping[int, Any]) -> str:
    prices = tomllib.loads(PRICES.read_text(encoding="utf-8"))

    def costs(name: str, units: float) -> float:
        return float(units * prices[name]["price"] / prices[name]["per"])

    rows = []
    largest = scales[max(scales)]
    for what, cost, functions in (
        ("intake of 1,000 uploads", largest["upload"], ["intake"]),
        ("tally after each of them", largest["upload"], ["tally"]),
    ):
        parts = (
            costs("dynamodb_write", 1000 * _sum(cost, ("writes",), functions)),
            costs("dynamodb_read", 1000 * _sum(cost, ("reads",), functions)),
            costs("s3_write", 1000 * _sum(cost, ("s3_writes",), functions))
            + costs("s3_read", 1000 * _sum(cost, ("s3_reads",), functions)),
            costs("lambda_gb_seconds", 1000 * sum(cost["seconds"][f] * MEMORY_GB[f] for f in functions))
            + costs("lambda_requests", 1000),
            costs("sqs", 3000) if functions == ["intake"] else 0.0,
        )
        rows.append([what, *_money(parts)])
    storage = costs("dynamodb_storage", 1000 * largest["kept_bytes"] / 1e9) + costs(
        "s3_storage", 1000 * 2 * WORKBOOK_KB / 1e6
    )
    for suppliers, scale in scales.items():
        found = scale["publish"]
        parts = (
            0.0, costs("dynamodb_read", found["reads"]),
            costs("s3_write", found["s3_writes"]) + costs("s3_read", found["s3_reads"]),
            costs("lambda_gb_seconds", found["seconds"] * MEMORY_GB["publish"]) + costs("lambda_requests", 1), 0.0,
        )  # fmt: skip
        rows.append([f"one publish at {suppliers:,} suppliers", *_money(parts)])
    rows.append(["keeping 1,000 uploads, a month", "", "", "", "", "", f"{storage:.4f}"])
    return _table(("what", "DynamoDB writes", "reads", "S3 requests", "Lambda", "SQS", "sum, USD"), rows)


def _money(parts: Sequence[float]) -> list[str]:
    return [*(f"{part:.4f}" if part else "" for part in parts), f"**{sum(parts):.4f}**"]


def _sum(cost: Mapping[str, Mapping[str, float]], names: Iterable[str], functions: Iterable[str]) -> float:
    return sum(cost[name].get(function, 0.0) for name in names for function in functions)


def _list_prices() -> str:
    prices = tomllib.loads(PRICES.read_text(encoding="utf-8"))
    rows = [
        [entry["label"], f"{entry['price']:.10f}".rstrip("0"), f"{entry['per']:,}"]
        for entry in prices.values()
        if isinstance(entry, Mapping)
    ]
    return f"As noted on {prices['noted']}, {prices['region']}, in {prices['currency']}:\n\n" + _table(
        ("what", "price", "for"), rows
    )


def _plots(scales: Mapping[int, Any], bursts: Mapping[str, Any]) -> dict[str, str]:
    groups = [f"{suppliers:,} suppliers" for suppliers in scales]

    def of(function: str, names: Sequence[str]) -> list[float]:
        return [_sum(scale["upload"], names, [function]) for scale in scales.values()]

    found = next(iter(bursts.values()))
    by_second = {name: {int(at): units for at, units in entries} for name, entries in found["table_by_second"].items()}
    last = int(found["ended"]) + 5
    return {
        "per-upload": scale_plots.bars(
            "Request units of an upload",
            groups,
            [
                ("intake, writes", of("intake", ["writes"])),
                ("tally, writes", of("tally", ["writes"])), ("reads, both", [a + b for a, b in zip(
                    of("intake", ["reads"]), of("tally", ["reads"]), strict=True)]),
            ],
            "units",
        ),
        "publish": scale_plots.bars(
            "Processor time of a publish for each supplier",
            groups,
            [("publish", [1000 * scale["publish"]["seconds"] / n for n, scale in scales.items()])],
            "ms",
        ),
        "burst": scale_plots.lines(
            "Write units a second, 1,000 uploads at 100 a second",
            "seconds since the first upload",
            [(name, [(at, units.get(at, 0.0)) for at in range(last)]) for name, units in by_second.items()],
            "units",
            limit=4_000,
        ),
    }  # fmt: skip


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    numeric = ["---" if place == 0 else "---:" for place in range(len(heading))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, numeric, *rows))


if __name__ == "__main__":
    write_page(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
