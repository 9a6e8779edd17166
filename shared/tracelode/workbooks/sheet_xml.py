"""A sheet's XML looked at as bytes, before a parser turns it into cells.

Searching bytes costs a tenth of parsing them, and what a search finds a parser cannot make explode.
"""

import re
from collections.abc import Iterable, Mapping

from tracelode.workbooks import file_rules, limits
from tracelode.workbooks.budget import Budget, OverBudgetError
from tracelode.workbooks.file_rules import RefusedError

_UNUSUAL_CELL = re.compile(
    rb"<c(?=[\s/>])(?!"
    rb' r="[A-C]?+[A-Z]?+[1-9]\d{0,3}+"'
    rb'(?: (?:s="\d{1,6}+"|t="(?:s|str|n|b|e|d|inlineStr)"|[cv]m="\d{1,6}+"))*+'
    rb" ?+/?+>)"
)
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_ROW_BELOW = re.compile(rb'<row(?=\s)[^<>]*?\sr="(?:[1-9]\d{4,})"')
_ROW_WITHOUT_ENTRY = re.compile(
    rb'<row r="\d{2,7}+"[^<>]*+>'
    rb'(?:<c r="[A-F]\d++"[^<>]*?(?:/>|>(?:<f[^<>]*+>(?:[^<]*+</f>)?+)?+(?:<v></v>|<v ?+/>)?+</c>))*+'
    rb'(?!<c r="[A-F]\d)(?=<c r="[A-Z]|</row>)'
)
_SHARED_STRING_CELL = re.compile(rb't="s"[^<>]{0,64}><v>(\d{1,9})</v>')
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % limits.MAX_STREAMED_TAG_BYTES)


def is_unusual(part: bytes) -> bool:
    """Whether some cell does not say plainly that it stands within A1:CZ9999.

    The fast parser keeps a dense grid up to the outermost cell, so a single XFD1048576 costs gigabytes, and cells
    without a position can be piled up to any width. What spreadsheet programs write for a CMRT is never unusual.
    """
    return _UNUSUAL_CELL.search(part) is not None or _PREFIXED_CELL.search(part) is not None


def without_rows_below_the_bound(part: bytes) -> bytes:
    """The sheet up to row `MAX_ROW`. Rows stand in order; a sheet where they do not is malformed."""
    below = _ROW_BELOW.search(part)
    return part if below is None else part[: below.start()] + b"</sheetData></worksheet>"


def without_trailing_rows(part: bytes) -> bytes:
    """The sheet without the rows behind the last one that has a value in columns A to F.

    An official Smelter List has 2,500 rows of 34 columns, whose formulas come to nothing in every row that the supplier
    left alone. A row that is written in any other way than spreadsheet programs do is taken for one with values; the
    first nine rows stay. Cells stand in order; a row where they do not is malformed.
    """
    end = kept = part.rfind(b"</sheetData>")
    if end < 0:
        return part
    for _ in range(limits.MAX_ROW):
        row = part.rfind(b"<row ", 0, kept)
        if row < 0 or _ROW_WITHOUT_ENTRY.match(part, row, kept) is None:
            break
        kept = row
    return part if kept == end else part[:kept] + part[end:]


def spend_cells(sheets: Mapping[str, bytes], left: Budget) -> None:
    """Raises RefusedError (F07) for the sheet whose cells are more than the workbook's budget of them has left."""
    for name, part in sheets.items():
        try:
            left.spend(part.count(b"<c "))
        except OverBudgetError:
            raise RefusedError(file_rules.OVERSIZED.finding(what="it has too many cells", sheet=name)) from None


def refuse_amplified_text(sheets: Iterable[bytes], shared: bytes) -> None:
    """Raises RefusedError (F07) where cells repeat shared strings beyond `MAX_REFERENCED_TEXT_BYTES`.

    The fast parser copies a shared string into every cell that refers to it, so a little XML can become gigabytes.
    """
    references = [(part, part.count(b't="s"')) for part in sheets]
    total = sum(count for _, count in references)
    if total * len(shared) <= limits.MAX_REFERENCED_TEXT_BYTES:
        return
    lengths = [len(string) for string in shared.split(b"</si>")]
    longest = max(lengths)
    if total * longest <= limits.MAX_REFERENCED_TEXT_BYTES:
        return
    for part, count in references:
        referred = [min(int(found), len(lengths) - 1) for found in _SHARED_STRING_CELL.findall(part)]
        text = sum(lengths[index] for index in referred) + (count - len(referred)) * longest
        if text > limits.MAX_REFERENCED_TEXT_BYTES:
            raise RefusedError(file_rules.OVERSIZED.finding(what="it repeats too much text"))


def spend_streaming(name: str, part: bytes, cells: Budget, tags: Budget) -> None:
    """Raises RefusedError (F07) for a sheet that the bounded but slower streaming parser would take too long over."""
    try:
        cells.spend(part.count(b"<c") + part.count(b":c"))
        tags.spend(part.count(b"<"))
    except OverBudgetError:
        raise RefusedError(file_rules.OVERSIZED.finding(what="it has too many cells", sheet=name)) from None
    if _LONG_TAG.search(part):
        raise RefusedError(file_rules.OVERSIZED.finding(what="a sheet has oversized XML", sheet=name))
