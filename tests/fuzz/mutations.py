"""Damage that knows what it damages: archives, XML, records, bytes. What is chosen comes from outside."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from tracelode.workbooks.legacy import compound_file

T = TypeVar("T")

_TAG = re.compile(rb"<[^<>]{1,300}>")
_TEXT = re.compile(rb">([^<>]{1,200})<")
_ATTRIBUTE = re.compile(rb'="([^"<>]{0,200})"')
_NASTY = (
    *(
        b"",
        b"0",
        b"-1",
        b"1",
        b"65536",
        b"1048577",
        b"4294967296",
        b"99999999999999999999",
        b"1e308",
        b"-1e-400",
        b"NaN",
    ),
    *(b"XFD1048576", b"A0", b"ZZZZ1", b"A1:XFD1048576", b"a5", b"$B$5", b"s", b"str", b"inlineStr", b"b", b"e", b"d"),
    *(b"#N/A", b"=1+1", b"&amp;lt;", b"&#x0;", b"&#xD800;", b"&nbsp;", b"\xff\xfe", b"\xed\xa0\x80", b"\x00", b"]]>"),
    *(b"rId1", b"../../etc/passwd", b"/xl/workbook.xml", b"worksheets/sheet2.xml", b"External", b"true", b"CMRT"),
    *(
        b"Conflict Minerals",
        b"Revision 6.5",
        b"Revision 99.99",
        b"1)",
        b"A.",
        b"Gold",
        b"CID000001",
        b"Yes",
        b"x" * 40_000,
    ),
)
_SNIPPETS = (
    *(
        b"<c/>",
        b'<c r="A5"><v>1</v></c>',
        b'<c r="XFD1048576"><v>1</v></c>',
        b"<row/>",
        b'<row r="1048576"/>',
        b"</row>",
    ),
    *(
        b'<c r="B6" t="s"><v>999999</v></c>',
        b'<c r="B7" t="inlineStr"><is><t>x</t></is></c>',
        b"<is><t/></is>",
        b"<v/>",
    ),
    *(b'<!DOCTYPE x [<!ENTITY y "z">]>', b"&y;", b"<!-- - -->", b"<![CDATA[x]]>", b"<?x y?>", b"<a:b/>", b"<a " * 50),
    *(
        b"<x>" * 200,
        b"</sheetData>",
        b"</worksheet>",
        b'<mergeCell ref="A1:D9"/>',
        b"<f>SUM(A1)</f>",
        b"<si/>",
        b"<r><t>",
    ),
    *(b'<f t="shared" si="0" ref="A1:A9">B1</f>', b'<sheet name="Declaration" sheetId="1"/>', b"<rPh/>", b"<extLst/>"),
)
_RECORDS = (0x06, 0x0A, 0x22, 0x2F, 0x3C, 0x85, 0xBD, 0xE0, 0xFC, 0xFD, 0x200, 0x203, 0x204, 0x205, 0x207, 0x27E, 0x809)


class Choices(Protocol):
    """Where decisions come from: a random generator, hypothesis, or a fuzzer that is guided by coverage."""

    def number(self, least: int, most: int) -> int:
        """A whole number between these, both included."""
        ...


def spoilt(specimen: bytes, choices: Choices) -> bytes:
    """The specimen with one to six injuries."""
    data = specimen
    for _ in range(choices.number(1, 6)):
        data = _injured(data, choices)
    return data


def _injured(data: bytes, choices: Choices) -> bytes:
    deep = choices.number(0, 9) > 0
    if deep and data.startswith(b"PK"):
        return _injured_archive(data, choices)
    if deep and data.startswith(b"\xd0\xcf") and b"W\x00o\x00r\x00k\x00b" in data:
        return _injured_records(data, choices)
    return _injured_bytes(data, choices)


def _pick(choices: Choices, values: Sequence[T]) -> T:
    return values[choices.number(0, len(values) - 1)]


def _injured_archive(data: bytes, choices: Choices) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001  an earlier injury went deep enough
        return _injured_bytes(data, choices)
    if not parts:
        return data
    sheets = [name for name in parts if "sheet" in name or "shared" in name or "workbook" in name]
    name = _pick(choices, sheets if sheets and choices.number(0, 4) else list(parts))
    method = zipfile.ZIP_DEFLATED if choices.number(0, 3) else zipfile.ZIP_STORED
    kind = choices.number(0, 11)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[_pick(choices, list(parts))] = parts[name]
    elif kind == 2:
        parts[_pick(choices, ("xl/vbaProject.bin", "../x", "/abs", "xl//workbook.xml", "XL/WORKBOOK.XML", "é"))] = (
            parts.pop(name)
        )
    else:
        parts[name] = _injured_xml(parts[name], choices)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content, method)
    return stream.getvalue()


def _injured_xml(content: bytes, choices: Choices) -> bytes:
    injuries: Sequence[Callable[[bytes, Choices], bytes]] = (
        _replaced_attribute, _replaced_attribute, _replaced_text, _inserted_snippet, _inserted_snippet,
        _repeated_tag, _removed_tag, _moved_tag, _injured_bytes,
    )  # fmt: skip
    return _pick(choices, injuries)(content, choices)


def _replaced_attribute(content: bytes, choices: Choices) -> bytes:
    return _replaced(content, _ATTRIBUTE, choices)


def _replaced_text(content: bytes, choices: Choices) -> bytes:
    return _replaced(content, _TEXT, choices)


def _replaced(content: bytes, pattern: re.Pattern[bytes], choices: Choices) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    at = _pick(choices, found)
    return content[: at.start(1)] + _pick(choices, _NASTY) + content[at.end(1) :]


def _inserted_snippet(content: bytes, choices: Choices) -> bytes:
    tags = list(_TAG.finditer(content))
    at = _pick(choices, tags).end() if tags else 0
    return content[:at] + _pick(choices, _SNIPPETS) * _pick(choices, (1, 1, 1, 2, 300)) + content[at:]


def _repeated_tag(content: bytes, choices: Choices) -> bytes:
    tags = list(_TAG.finditer(content))
    if not tags:
        return content
    at = _pick(choices, tags)
    return content[: at.end()] + at[0] * _pick(choices, (1, 2, 500, 20_000)) + content[at.end() :]


def _removed_tag(content: bytes, choices: Choices) -> bytes:
    tags = list(_TAG.finditer(content))
    if not tags:
        return content
    at = _pick(choices, tags)
    return content[: at.start()] + content[at.end() :]


def _moved_tag(content: bytes, choices: Choices) -> bytes:
    tags = list(_TAG.finditer(content))
    if not tags:
        return content
    at, to = _pick(choices, tags), _pick(choices, tags)
    without = content[: at.start()] + content[at.end() :]
    return without[: to.start()] + at[0] + without[to.start() :]


def _injured_records(data: bytes, choices: Choices) -> bytes:
    # The stream of a specimen is the tail of its container, after a header, a table, a directory and a short sector.
    records: list[tuple[int, bytes]] = []
    position, stream = 0, data[4 * 4096 :]
    while position + 4 <= len(stream) and len(records) < 5_000:
        number, length = struct.unpack_from("<HH", stream, position)
        if not number:
            break
        records.append((number, stream[position + 4 : position + 4 + length]))
        position += 4 + length
    if not records:
        return _injured_bytes(data, choices)
    at = choices.number(0, len(records) - 1)
    number, body = records[at]
    kind = choices.number(0, 5)
    if kind == 0:
        records[at] = (_pick(choices, _RECORDS), body)
    elif kind == 1:
        records[at] = (number, _injured_bytes(body, choices))
    elif kind == 2:
        records[at : at + 1] = [(number, body)] * _pick(choices, (0, 2, 1_000))
    elif kind == 3:
        records[at] = (number, body[: choices.number(0, len(body))])
    elif kind == 4:
        records.insert(
            at, (_pick(choices, _RECORDS), bytes(choices.number(0, 255) for _ in range(choices.number(0, 30))))
        )
    else:
        records[at] = (number, body + b"\xff" * choices.number(1, 5_000))
    return compound_file(b"".join(struct.pack("<HH", n, min(len(b), 65_535)) + b[:65_535] for n, b in records))


def _injured_bytes(data: bytes, choices: Choices) -> bytes:
    if not data:
        return b"\x00"
    at = choices.number(0, len(data) - 1)
    kind = choices.number(0, 4)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([data[at] ^ (1 << choices.number(0, 7))]) + data[at + 1 :]
    if kind == 2:
        return (
            data[:at]
            + _pick(choices, (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"PK\x01\x02"))
            + data[at + 4 :]
        )
    if kind == 3:
        return data[:at] + data[at : at + choices.number(1, 2_000)] + data[at:]
    return data[:at] + data[at + choices.number(1, 200) :]
