"""What the files of a report set are called."""

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
FILED: Final = (FORM_SD, EXHIBIT)
"""What goes to EDGAR."""
