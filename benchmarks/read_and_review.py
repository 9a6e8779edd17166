"""One official workbook, read and reviewed, against openpyxl loading it and walking over the same sheets.

    python benchmarks/read_and_review.py [--smelters 400] [--rounds 7] [--libreoffice]

Promise: at most 0.10 of openpyxl's time. Both are timed in one process, best of several rounds each, taking turns.
Needs the official CMRT 6.5 template (folder named by TRACELODE_CMRT_TEMPLATES), which openpyxl fills here. With
--libreoffice the same workbook is measured again after LibreOffice has computed its formulas, which makes it larger.
Exits with 1 when the promise is broken, or when the reader does not find every smelter.
"""

import argparse
import datetime
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tracelode.declarations.read import read_declaration
from tracelode.review.review import review
from tracelode.review.rules.demands import Demands

PROMISE = 0.10
YEAR = 2025
ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "RMI_CMRT_6.5.xlsx"
SHEETS = ("Declaration", "Smelter List", "Product List", "Smelter Look-up")
METALS = 4


def template() -> Path:
    """The official template. Exits with a reason where there is none."""
    folder = Path(os.environ.get("TRACELODE_CMRT_TEMPLATES") or ROOT.parent / "shared" / "cmrt-templates")
    path = folder / TEMPLATE
    if not path.is_file():
        sys.exit(f"{TEMPLATE} is not in {folder} (set TRACELODE_CMRT_TEMPLATES)")
    return path


def filled(smelters: int) -> bytes:
    """The template with a complete declaration: every CID of its look-up tab once, then aliases, then CIDs again."""
    book = openpyxl.load_workbook(template())
    declaration, listed = book["Declaration"], book["Smelter List"]
    texts = {8: "Example Ltd", 9: "A. Company", 15: "A. Example", 16: "contact@example.com", 17: "555 0100",
             18: "B. Example", 20: "authorizer@example.com"}  # fmt: skip
    for row, text in texts.items():
        declaration[f"D{row}"] = text
    declaration["D22"] = datetime.date(2025, 6, 30)
    for question in range(8):
        for metal in range(METALS):
            declaration[f"D{26 + 6 * question + metal}"] = "100%" if question == 5 else "Yes"
    for row in range(75, 90, 2):
        declaration[f"D{row}"] = "No" if row in (77, 83, 89) else "Yes"
    rows = [row for row in book["Smelter Look-up"].iter_rows(min_row=5, max_col=5, values_only=True) if row[4]]
    by_cid = [{"A": cid} for cid in dict.fromkeys(row[4] for row in rows)]
    by_alias = [{"B": row[0], "C": row[1]} for row in rows if row[1] != row[2]]
    typed = (by_cid + by_alias) * (1 + smelters // len(rows))
    for number, cells in enumerate(typed[:smelters], start=5):
        for column, value in cells.items():
            listed[f"{column}{number}"] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def computed(workbook: bytes) -> bytes:
    """The workbook as LibreOffice computes and saves it."""
    soffice = shutil.which("soffice") or sys.exit("LibreOffice Calc is not installed")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in" / "book.xlsx"
        source.parent.mkdir()
        source.write_bytes(workbook)
        profile = (Path(folder) / "profile").as_uri()
        subprocess.run(
            [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to",
             "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{folder}/out", str(source)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180,
        )  # fmt: skip
        return (Path(folder) / "out" / "book.xlsx").read_bytes()


def with_openpyxl(workbook: bytes) -> None:
    """What a plain script would do before it looks at anything."""
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    for sheet in SHEETS:
        for _ in book[sheet].iter_rows(values_only=True):
            pass


def with_tracelode(workbook: bytes) -> int:
    """The smelter lines found; the workbook is reviewed too."""
    reading = read_declaration(workbook, "benchmark.xlsx")
    review(reading, Demands(YEAR))
    return len(reading.declaration.smelters) if reading.declaration else 0


def seconds(work: Callable[[bytes], object], workbook: bytes) -> float:
    """How long a piece of work takes."""
    start = time.perf_counter()
    work(workbook)
    return time.perf_counter() - start


def kept(name: str, workbook: bytes, smelters: int, rounds: int) -> bool:
    """Whether the promise is kept for a workbook; prints both times and their ratio."""
    found = with_tracelode(workbook)
    if found != smelters:
        print(f"{name}: {found} smelters found of {smelters}")
        return False
    pairs = [(seconds(with_tracelode, workbook), seconds(with_openpyxl, workbook)) for _ in range(rounds)]
    ours, theirs = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(
        f"{name}: {smelters} smelters, read and reviewed in {ours:.3f} s, openpyxl {theirs:.3f} s, "
        f"ratio {ours / theirs:.3f} (promise {PROMISE:.2f})"
    )
    return ours <= PROMISE * theirs


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smelters", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--libreoffice", action="store_true", help="measure the recalculated workbook as well")
    arguments = parser.parse_args()
    workbook = filled(arguments.smelters)
    good = kept("saved by openpyxl", workbook, arguments.smelters, arguments.rounds)
    if arguments.libreoffice:
        good &= kept("saved by LibreOffice", computed(workbook), arguments.smelters, arguments.rounds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
