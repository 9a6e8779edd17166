"""What the files of a report set are called."""

import hashlib
from collections.abc import Mapping
from typing import Final

FORM_SD: Final = "form-sd.htm"
FORM_SD_IN_WORD: Final = "form-sd.docx"
EXHIBIT: Final = "exhibit-1-01.htm"
EXHIBIT_IN_WORD: Final = "exhibit-1-01.docx"
ROLLUP_FILE: Final = "cmrt-rollup.xlsx"
INDEX: Final = "index.html"
REPORT_WORKBOOK: Final = "report.xlsx"
TO_DECIDE: Final = "to-decide.csv"
RESOLUTIONS: Final = "resolutions.csv"
FACILITIES: Final = "smelters.csv"
SUPPLIERS: Final = "suppliers.csv"
FIGURES: Final = "figures.json"
CHANGES: Final = "changes.json"
PROVENANCE: Final = "provenance.json"
MANIFEST: Final = "manifest.json"
SOURCES: Final = "sources.json"
"""Where each input is stored: the only file that holds storage coordinates, and no part of the content's hash."""
HELD_AGAINST_FROZEN: Final = (FORM_SD, EXHIBIT, FIGURES, SUPPLIERS, FACILITIES, MANIFEST)
"""What a later report is held against, of the run that was named as the one to file."""
FILED: Final = (FORM_SD, EXHIBIT)
"""What goes to EDGAR."""


def content_hash(report_set: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over the names and contents of all files but `sources.json`, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(report_set):
        if name != SOURCES:
            content = report_set[name]
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
