"""The fixed texts of a marked-up workbook, so that a translation can be passed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """What the Findings sheet and the comments say besides the findings. The sheet's tab is always "Findings"."""

    title: str = "Findings in this workbook"
    introduction: str = (
        "Correct the marked cells, save the workbook and send it again. The cell addresses below lead to the cells."
    )
    nothing_found: str = "Nothing was found that needs a correction."
    severity: str = "Severity"
    sheet: str = "Sheet"
    cell: str = "Cell"
    rule: str = "Rule"
    found: str = "What was found"
    meaning: str = "What it means"
    remedy: str = "What to do"
    whole_file: str = "Whole file"
    error: str = "Please correct"
    warning: str = "Please check"
    notice: str = "For information"


ENGLISH = Labels()
"""The texts in English."""
