"""Where the cells of a sheet lead: hyperlinks of cells, and the HYPERLINK function. Nothing is followed."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

MAX_LINKS = 1_000
"""Links of a sheet that are looked at; an official CMRT 6.5 has five on its Declaration."""
_WINDOW = 1_000
"""Bytes before a function in which the tag of its cell is looked for."""

_LINK = re.compile(rb"<(?:\w{1,20}:)?hyperlink\b([^<>]{1,4000})>")
_ATTRIBUTE = re.compile(rb"([\w:]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]{0,4000})\"|'([^']{0,4000})')")
_CELL = re.compile(rb"<(?:\w{1,20}:)?c\b[^<>]{0,300}?\sr=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_FUNCTION = re.compile(rb"HYPERLINK\(\s{0,9}(?:\"|&quot;)([^\"<]{1,2000}?)(?:\"|&quot;)")


def links_in(sheet: bytes, targets: Mapping[str, str]) -> dict[str, str]:
    """The address that each cell of a sheet's XML leads to; `targets` has those of its relationships by id."""
    return {**dict(_of_cells(sheet, targets)), **dict(_of_functions(sheet))}


def _of_cells(sheet: bytes, targets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number, found in enumerate(_LINK.finditer(sheet)):
        if number == MAX_LINKS:
            return
        attributes = {
            name.rpartition(b":")[2]: (double or single).decode("utf-8", "replace")
            for name, double, single in _ATTRIBUTE.findall(found[1])
        }
        target = targets.get(attributes.get(b"id", ""), "")
        if target:
            yield attributes.get(b"ref", "").partition(":")[0], target


def _of_functions(sheet: bytes) -> Iterator[tuple[str, str]]:
    place = sheet.find(b"HYPERLINK(")
    for _ in range(MAX_LINKS):
        if place < 0:
            return
        before = sheet[max(0, place - _WINDOW) : place]
        cells = _CELL.findall(before)
        called = _FUNCTION.match(sheet, place)
        if cells and called:
            yield cells[-1].decode(), unescape(called[1].decode("utf-8", "replace"))
        place = sheet.find(b"HYPERLINK(", place + 1)
