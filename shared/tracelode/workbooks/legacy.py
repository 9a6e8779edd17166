"""Excel 97-2003 workbooks (.xls): the records that hold cells, bounded and handed to the parser in a file of our own.

As with the newer format, the parser meets nothing that the checks did not see: records other than cells, shared strings
and number formats are left out, formulas come down to the values that they last had, and every sheet ends at the bounds
of `limits`. The positions and numbers of records are those of [MS-XLS].
"""

import io
import struct
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

import msoffcrypto
import olefile
from msoffcrypto.exceptions import InvalidKeyError

from tracelode.workbooks import file_rules, limits
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.grid import Grid, ParsedSheets, parsed
from tracelode.workbooks.preflight import BUILT_IN_PASSWORD

_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DATEMODE = 0x0809, 0x000A, 0x0085, 0x002F, 0x0022
_SST, _CONTINUE, _LABELSST, _FORMULA, _STRING = 0x00FC, 0x003C, 0x00FD, 0x0006, 0x0207
_LABEL, _RK, _MULRK = 0x0204, 0x027E, 0x00BD
_XF, _FORMAT = 0x00E0, 0x041E
_SHORTEST = {0x0203: 14, 0x0205: 8, _RK: 10}
"""Bytes of a cell's record by its number: a number, a truth value or error, a packed number."""

_BETWEEN_FORMULA_AND_STRING = frozenset({0x04BC, 0x0221, 0x0236, _CONTINUE})
_FORMULA_HEADER, _LABELSST_BYTES, _XF_BYTES = 20, 10, 20
_BIFF8 = 0x0600
_WORKSHEET = 0
_NO_TOKENS = b"\x03\x00\x1e\x00\x00"
_OTHER_DOCUMENTS = (
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an e-mail message"),
    ("Book", "an Excel 95 workbook"),
)

_START_OF_BOOK = struct.pack("<HHHHII", _BIFF8, 0x05, 0, 0, 0, 0)
_START_OF_SHEET = struct.pack("<HHHHII", _BIFF8, 0x10, 0, 0, 0, 0)

Record: TypeAlias = tuple[int, memoryview]


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: int
    number: int
    body: bytes


class LegacyWorkbook:
    """The sheets of an .xls workbook by name; each is parsed when it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Finds the sheets. Raises RefusedError (F05 to F08, F16) for a file that is no sound .xls workbook."""
        self._count = 0
        self._stream = _workbook_stream(data)
        records = list(self._walked(0))
        if any(number == _FILEPASS for number, _ in records):
            self._stream = _workbook_stream(_decrypted(data))
            records = list(self._walked(0))
        if not records or records[0][0] != _BOF or _word(records[0][1], 0) != _BIFF8:
            raise RefusedError(file_rules.UNREADABLE.finding(what="it is not of Excel 97 or later"))
        self.date1904 = any(number == _DATEMODE and _word(body, 0) == 1 for number, body in records)
        self._head = [(_BOF, _START_OF_BOOK), (_DATEMODE, struct.pack("<H", self.date1904)), *_formats(records)]
        self._strings = _SharedStrings(_string_table(records)).read()
        self._sheets = dict(_sheets(records))
        self.sheet_names = tuple(self._sheets)

    def links(self, _: str) -> Mapping[str, str]:
        """None are read of this format."""
        return {}

    def open_sheets(self, names: Iterable[str]) -> ParsedSheets:
        """These sheets, ready to be parsed. Raises RefusedError (F07) for sheets that are too large together."""
        cells: dict[str, list[_Cell]] = {}
        count = size = 0
        for name in names:
            if name not in self._sheets:
                continue
            cells[name] = []
            for cell in _cells(self._walked(self._sheets[name]), self._strings):
                # Counted while they come: sheets may lie in each other, and shared strings make much of little.
                count, size = count + 1, size + len(cell.body)
                if count > limits.MAX_LEGACY_CELLS or size > limits.MAX_REFERENCED_TEXT_BYTES:
                    raise RefusedError(file_rules.OVERSIZED.finding(what="its sheets hold too much", sheet=name))
                cells[name].append(cell)
        _refuse_too_large(cells.values())
        return _ParsedLegacySheets(parsed(compound_file(self._stream_of(cells.values()))), tuple(cells))

    def _walked(self, start: int) -> Iterator[Record]:
        """A sheet's records, counted over all sheets: a thousand of them may lie in one and the same place."""
        for record in _records(memoryview(self._stream)[start:]):
            self._count += 1
            if self._count > limits.MAX_LEGACY_RECORDS:
                raise RefusedError(file_rules.OVERSIZED.finding(what="it has too many records"))
            yield record

    def _stream_of(self, sheets: Collection[list[_Cell]]) -> bytes:
        """A stream with these sheets and nothing else. They are numbered: names would be one more thing to check."""
        entries = [struct.pack("<BBBB", 0, _WORKSHEET, len(str(n)), 0) + str(n).encode() for n in range(len(sheets))]
        head, tail = _joined(self._head), _joined([(_EOF, b"")])
        bodies = [
            _joined([(_BOF, _START_OF_SHEET), *((cell.number, cell.body) for cell in cells), (_EOF, b"")])
            for cells in sheets
        ]
        starts = accumulate(map(len, bodies), initial=len(head) + sum(8 + len(entry) for entry in entries) + len(tail))
        placed = [
            (_BOUNDSHEET, struct.pack("<I", start) + entry) for entry, start in zip(entries, starts, strict=False)
        ]
        return b"".join([head, _joined(placed), tail, *bodies])


@dataclass(slots=True)
class _ParsedLegacySheets:
    _sheets: ParsedSheets
    _names: tuple[str, ...]

    def grid(self, name: str) -> Grid | None:
        return self._sheets.grid(str(self._names.index(name))) if name in self._names else None


def _workbook_stream(data: bytes) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if container.exists("Workbook"):
                if container.get_size("Workbook") > limits.MAX_LEGACY_BYTES:
                    raise RefusedError(file_rules.OVERSIZED.finding(what="the workbook is too large"))
                return bytes(container.openstream("Workbook").read())
            for name, what in _OTHER_DOCUMENTS:
                if container.exists(name):
                    raise RefusedError(file_rules.NOT_A_SPREADSHEET.finding(looks_like=what))
    except (RefusedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  whatever a foreign container does to its parser, the document is at fault
        raise RefusedError(file_rules.DAMAGED.finding(what="its container cannot be read")) from None
    raise RefusedError(file_rules.NOT_A_SPREADSHEET.finding(looks_like="an old Office document"))


def _decrypted(data: bytes) -> bytes:
    opened = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=BUILT_IN_PASSWORD)
        office.decrypt(opened)
    except InvalidKeyError:
        raise RefusedError(file_rules.ENCRYPTED.finding()) from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever a foreign container does to its parser, the document is at fault
        raise RefusedError(file_rules.ENCRYPTED.finding()) from None
    return opened.getvalue()


def _records(stream: bytes | memoryview) -> Iterator[Record]:
    """The records of a substream up to its end (EOF), which a truncated one lacks."""
    view, position = memoryview(stream), 0
    while position + 4 <= len(view):
        number, length = struct.unpack_from("<HH", view, position)
        body = view[position + 4 : position + 4 + length]
        yield number, body
        if number == _EOF:
            return
        position += 4 + length


def _sheets(records: Iterable[Record]) -> Iterator[tuple[str, int]]:
    """Worksheets with the position of each (BoundSheet8, [MS-XLS] 2.4.28); charts and macro sheets are none."""
    for number, body in records:
        if number == _BOUNDSHEET and len(body) > 8 and body[5] == _WORKSHEET:
            length, wide = body[6], body[7] & 1
            name = bytes(body[8 : 8 + length * (1 + wide)])
            yield name.decode("utf-16-le" if wide else "latin-1", "replace"), struct.unpack_from("<I", body)[0]


def _formats(records: Iterable[Record]) -> Iterator[tuple[int, bytes]]:
    """What tells dates from other numbers: the formats of cells, and the texts of formats that are not built in."""
    for number, body in records:
        if number == _XF and len(body) >= _XF_BYTES:
            yield number, bytes(body[:_XF_BYTES])
        elif number == _FORMAT and len(body) > 2:
            yield number, bytes(body[:2]) + _string(_text_of(body[2:]))


def _string_table(records: Iterable[Record]) -> list[memoryview]:
    """The shared string table and what continues it."""
    kept: list[memoryview] = []
    for number, body in records:
        if number == _SST or (number == _CONTINUE and kept):
            kept.append(body)
        elif kept:
            break
    return kept


def _cells(records: Iterable[Record], strings: Sequence[str]) -> Iterator[_Cell]:
    """The cells within bounds, formulas as their last values, shared strings as their text."""
    shown: tuple[int, int] | None = None
    for number, body in records:
        if number == _STRING and shown:
            yield _Cell(*shown, number, _string(_text_of(body)))
        if number not in _BETWEEN_FORMULA_AND_STRING:
            shown = None
        if len(body) < 6 or _word(body, 0) >= limits.MAX_ROW or _word(body, 2) >= limits.MAX_COLUMN:
            continue
        if number == _MULRK:
            yield from _numbers(body)
        elif written := _written(number, body, strings):
            shown = (_word(body, 0), _word(body, 2)) if number == _FORMULA else None
            yield _Cell(_word(body, 0), _word(body, 2), *written)


def _numbers(body: memoryview) -> Iterator[_Cell]:
    """The cells of a record that holds several numbers side by side (MulRk)."""
    row, column = _word(body, 0), _word(body, 2)
    for offset in range(min((len(body) - 6) // 6, limits.MAX_COLUMN - column)):
        value = bytes(body[4 + 6 * offset : 10 + 6 * offset])
        yield _Cell(row, column + offset, _RK, struct.pack("<HH", row, column + offset) + value)


def _written(number: int, body: memoryview, strings: Sequence[str]) -> tuple[int, bytes] | None:
    """What is handed on for a record of one cell: itself, unless it is a formula or refers to a shared string."""
    if number == _FORMULA and len(body) >= _FORMULA_HEADER:
        return number, bytes(body[:_FORMULA_HEADER]) + _NO_TOKENS
    if number == _LABELSST and len(body) >= _LABELSST_BYTES:
        index = struct.unpack_from("<I", body, 6)[0]
        return _LABEL, bytes(body[:6]) + _string(strings[index] if index < len(strings) else "")
    if number == _LABEL:
        return _LABEL, bytes(body[:6]) + _string(_text_of(body[6:]))
    shortest = _SHORTEST.get(number)
    return (number, bytes(body[:shortest])) if shortest and len(body) >= shortest else None


def _text_of(body: memoryview) -> str:
    """The characters of a string that one record holds (XLUnicodeString); what is continued elsewhere is left out."""
    if len(body) < 3:
        return ""
    wide = body[2] & 1
    return _decoded(bytes(body[3 : 3 + _word(body, 0) * (1 + wide)]), wide)


def _string(text: str) -> bytes:
    encoded = text.encode("utf-16-le", "replace")
    return struct.pack("<HB", len(encoded) // 2, 1) + encoded


def _decoded(characters: bytes, wide: int) -> str:
    text = characters.decode("utf-16-le" if wide else "latin-1", "replace")
    return text[: limits.MAX_TEXT + 1]


class _SharedStrings:
    """The shared string table ([MS-XLS] 2.4.265) read from its records laid end to end."""

    def __init__(self, records: Sequence[memoryview]) -> None:
        self._data = b"".join(bytes(body) for body in records)
        self._ends = list(accumulate(len(body) for body in records))
        self._at = 8

    def read(self) -> list[str]:
        """The strings, as many as there are, each without its formatting and at most a little over `MAX_TEXT` long."""
        strings = []
        while self._at + 3 <= len(self._data):
            count, flags = struct.unpack_from("<HB", self._data, self._at)
            self._at += 3
            runs = self._number(2) if flags & 0x08 else 0
            extra = self._number(4) if flags & 0x04 else 0
            strings.append(self._characters(count, flags & 1))
            if len(strings) > limits.MAX_LEGACY_STRINGS:
                raise RefusedError(file_rules.OVERSIZED.finding(what="it holds too much text"))
            self._at += 4 * runs + extra
        return strings

    def _number(self, width: int) -> int:
        self._at += width
        return int.from_bytes(self._data[self._at - width : self._at], "little")

    def _characters(self, count: int, wide: int) -> str:
        """Characters that a continuation may cut; it then begins with a byte that says how wide the rest is."""
        text = ""
        while count > 0 and self._at < len(self._data):
            end = self._ends[bisect_right(self._ends, self._at)]
            taken = min(count, (end - self._at) // (1 + wide))
            text += _decoded(self._data[self._at : self._at + taken * (1 + wide)], wide)
            self._at += taken * (1 + wide)
            count -= taken
            if count > 0:
                if end >= len(self._data):
                    break
                wide = self._data[end] & 1
                self._at = end + 1
        return text[: limits.MAX_TEXT + 1]


def _refuse_too_large(sheets: Iterable[list[_Cell]]) -> None:
    """The parser keeps a dense grid up to each sheet's outermost cell."""
    area = sum((1 + max(c.row for c in cells)) * (1 + max(c.column for c in cells)) for cells in sheets if cells)
    if area > limits.MAX_CELLS:
        raise RefusedError(file_rules.OVERSIZED.finding(what="its sheets have too many cells"))


def _joined(records: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack("<HH", number, len(body)) + body for number, body in records)


def _word(body: memoryview, position: int) -> int:
    return int.from_bytes(body[position : position + 2], "little")


def compound_file(stream: bytes) -> bytes:
    """A compound file ([MS-CFB], version 4) with this one stream, "Workbook"."""
    size = 4096
    stream = stream.ljust(size, b"\x00")
    sectors = -(-len(stream) // size)
    tables = 1
    while tables * (size // 4) < tables + 2 + sectors:
        tables += 1
    directory_at, short_at, stream_at, last = tables, tables + 1, tables + 2, tables + 1 + sectors
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE, 0xFFFFFFFE] + [*range(stream_at + 1, last + 1), 0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * (size // 4) - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 4, 0xFFFE, 12, 6, 1, tables, directory_at, 0, size,
                          0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
    header += struct.pack("<109I", *range(tables), *([0xFFFFFFFF] * (109 - tables)))
    directory = _entry("Root Entry", 5, 1, short_at, 64) + _entry("Workbook", 2, 0xFFFFFFFF, stream_at, len(stream))
    return (
        header.ljust(size, b"\x00")
        + struct.pack(f"<{len(chain)}I", *chain)
        + directory.ljust(size, b"\x00")
        + bytes(size)
        + stream.ljust(sectors * size, b"\x00")
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\x00").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
