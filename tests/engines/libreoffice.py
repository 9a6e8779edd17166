"""LibreOffice computes a workbook's formulas; then RMI's own Checker tab has a verdict that we did not write."""

import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.factories.archives import parts_of, zipped
from tests.factories.kept import kept

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(not SOFFICE, reason="LibreOffice Calc is not installed")


def recalculated(workbooks: Sequence[bytes]) -> list[bytes]:
    """The workbooks as LibreOffice computes and saves them, all in one run of it, or as it did in another run."""
    assert SOFFICE
    program = Path(SOFFICE).resolve()
    version = f"{program} {program.stat().st_mtime_ns}"
    parts = parts_of(kept(lambda: _packed(_converted(workbooks)), "recalculated", version, *workbooks))
    return [parts[f"{number}.xlsx"] for number in range(len(workbooks))]


def _packed(workbooks: Sequence[bytes]) -> bytes:
    return zipped({f"{number}.xlsx": workbook for number, workbook in enumerate(workbooks)}, zipfile.ZIP_STORED)


def _converted(workbooks: Sequence[bytes]) -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(folder) / "in" / f"book{number}.xlsx" for number in range(len(workbooks))]
        sources[0].parent.mkdir()
        for source, workbook in zip(sources, workbooks, strict=True):
            source.write_bytes(workbook)
        subprocess.run(
            [str(SOFFICE), f"-env:UserInstallation={Path(folder).as_uri()}/profile", "--headless", "--convert-to",
             "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{folder}/out", *map(str, sources)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600,
        )  # fmt: skip
        return [(Path(folder) / "out" / source.name).read_bytes() for source in sources]


def incomplete_checker_rows(workbook: bytes) -> set[int]:
    """The rows that the Checker of a recalculated 6.x workbook calls incomplete (column H is 1)."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=True)["Checker"]
    rows = sheet.iter_rows(min_row=4, max_row=69, min_col=1, max_col=8, values_only=True)
    return {number for number, row in enumerate(rows, start=4) if row[0] and row[7] == 1}
