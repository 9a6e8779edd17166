"""Untrusted text made safe to print: nothing of it can hide, reorder or run."""

import re

_SPREADSHEET_TRIGGERS = frozenset("=+-@＝＋－＠")
"""First characters that spreadsheet programs take for a formula, full-width forms included (OWASP, CSV injection)."""

_LONGEST = 500
"""Characters of a text that is shortened to one line."""
_BREAKS = re.compile(r"[ \t\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+")
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f"  # controls
    r"\u200b\ufeff"  # invisible
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction-changing
    r"\ud800-\udfff\ufffe\uffff]"  # no characters in XML 1.0
)


def printable(text: str) -> str:
    """The text on one line, without control, invisible and direction-changing characters.

    Letters of every script stay as they are, so an ordinary name comes back unchanged.
    """
    return _UNPRINTABLE.sub("", _BREAKS.sub(" ", text)).strip()


def shortened(text: str) -> str:
    """The text on one line, printable and of bounded length."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula."""
    return bool(text) and text[0] in _SPREADSHEET_TRIGGERS


def csv_cell(text: str) -> str:
    """The text as a CSV cell: printable, and with an apostrophe in front if it could be taken for a formula."""
    cell = printable(text)
    return f"'{cell}" if looks_like_formula(cell) else cell
