"""Marks of earlier rounds are taken out of a workbook that a supplier corrected and sent back with them."""

from tracelode.feedback.markup.comments import take_out_comments
from tracelode.feedback.markup.highlight import SIGN, take_out_highlights
from tracelode.ooxml.archive import Parts
from tracelode.ooxml.book import sheets, take_out_findings
from tracelode.ooxml.package import Discard


def unmark(parts: Parts) -> None:
    """Leave the supplier's own content: no Findings sheet, comment, paragraph or colour of ours.

    A workbook may have been saved in between by a program that renumbers styles and renames parts, and nothing in it
    can be trusted, so only what carries our sign itself goes; no record of what was done is kept or believed. What a
    supplier's own workbook cannot tell from the format's default is left: unused formats, the order of priorities
    without gaps, a comment's box in the size that ours needed.

    Raises NotMarkableError if a part with a sign of ours is not as the format has it, RefusedError as the pre-flight.
    """
    discard = Discard(parts)
    take_out_findings(parts, discard)
    parts.settle()
    # Two tabs can share a part in a workbook that no program wrote.
    worksheets = dict.fromkeys(tab.part for tab in sheets(parts) if tab.worksheet and tab.part in parts)
    for part in worksheets:
        if SIGN in parts.current(part):
            take_out_highlights(parts.xml(part))
        take_out_comments(parts, part, discard)
    discard.undeclare()
    parts.settle()
