"""Sheets as cells by position, read within bounds whatever a workbook claims.

The parser gets a package that we write ourselves: our own table of contents, and from the file only the bytes of the
sheets, shared strings and styles that have been looked at. It cannot meet anything that the checks did not see.
"""

import io
import posixpath
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast
from xml.etree.ElementTree import Element, ParseError

import python_calamine
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracelode.workbooks import file_rules, limits, sheet_xml
from tracelode.workbooks.budget import Budget
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.links import links_in
from tracelode.workbooks.preflight import Package
from tracelode.workbooks.text import CellValue, plain_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_LISTS = frozenset({"smelter list", "smelter and mine list"})
_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's cells; row and column count from 1 as on the sheet. Beyond what is stored, every cell is None."""

    rows: Sequence[Sequence[CellValue]]

    def value(self, row: int, column: int) -> CellValue:
        """The value at a position; None where nothing is stored."""
        if row > len(self.rows) or column > len(self.rows[row - 1]):
            return None
        return self.rows[row - 1][column - 1]

    def text(self, row: int, column: int) -> str:
        """The value at a position as `plain_text` reads it."""
        return plain_text(self.value(row, column))


class ParsedSheets(Protocol):
    """Some sheets of a workbook; each is parsed when it is asked for."""

    def grid(self, name: str) -> Grid | None:
        """The cells of a sheet, or None if it is none of these. Raises RefusedError where it cannot be parsed."""
        ...


class Book(Protocol):
    """A workbook of either format."""

    sheet_names: tuple[str, ...]
    date1904: bool

    def links(self, name: str) -> Mapping[str, str]:
        """The addresses that the cells of a sheet lead to, by cell, as far as its format has such."""
        ...

    def open_sheets(self, names: Iterable[str]) -> ParsedSheets:
        """The sheets of these names, as the workbook spells them. Raises RefusedError where they cannot be parsed."""
        ...


class Workbook:
    """The sheets of a package by name."""

    def __init__(self, package: Package) -> None:
        """Finds the sheets. Raises RefusedError (F06, F07, F09, F16) where the package does not hold what it should."""
        contents = _contents(package)
        self._package = package
        self._work = _Work()
        self._located = contents.sheets
        self.sheet_names = tuple(contents.sheets)
        self.date1904 = contents.date1904
        self._shared = _companion(package, contents.shared_strings)
        self._styles = _companion(package, contents.styles)

    def links(self, name: str) -> Mapping[str, str]:
        """The addresses outside of the workbook that cells of a sheet lead to, by cell; none where it is damaged."""
        part = self._located.get(name, "")
        if part not in self._package:
            return {}
        try:
            outside = {
                relationship.get("Id", ""): relationship.get("Target", "")
                for relationship in _relationships(self._package, part)
                if relationship.get("TargetMode") == "External"
            }
            return links_in(self._package.part(part), outside)
        except RefusedError:
            return {}

    def open_sheets(self, names: Iterable[str]) -> ParsedSheets:
        """The sheets of these names; of one that is a list, the rows behind the last filled one are left out."""
        located = {name: self._located.get(name, "") for name in names}
        parts = {
            name: _looked_at(self._package.part(part), is_list=sheet_key(name) in _LISTS)
            for name, part in located.items()
            if part in self._package
        }
        return _Sheets(parts, self._shared, self._styles, self._work, date1904=self.date1904)


@dataclass(frozen=True, slots=True)
class _Work:
    """What parsing the sheets of one workbook may cost, however many are opened one after another."""

    cells: Budget = field(default_factory=lambda: Budget(limits.MAX_CELLS))
    streamed_cells: Budget = field(default_factory=lambda: Budget(limits.MAX_STREAMED_CELLS))
    streamed_tags: Budget = field(default_factory=lambda: Budget(limits.MAX_STREAMED_TAGS))


class _Sheets:
    def __init__(
        self, parts: Mapping[str, "_Sheet"], shared: bytes, styles: bytes, work: _Work, *, date1904: bool
    ) -> None:
        self._work = work
        self._shared, self._styles, self._date1904 = shared, styles, date1904
        self._streamed = {name: part.xml for name, part in parts.items() if part.unusual}
        dense = {name: part.xml for name, part in parts.items() if not part.unusual}
        self._numbers = {name: str(number) for number, name in enumerate(dense, start=1)}
        sheet_xml.spend_cells(dense, work.cells)
        sheet_xml.refuse_amplified_text(dense.values(), shared)
        self._grids: dict[str, Grid] = {}
        self._dense = parsed(_written(dense.values(), shared, styles, date1904=date1904))

    def grid(self, name: str) -> Grid | None:
        if name not in self._grids:
            grid = Grid(self._stream(name)) if name in self._streamed else self._parse(name)
            if grid is None:
                return None
            self._grids[name] = grid
        return self._grids[name]

    def _parse(self, name: str) -> Grid | None:
        return self._dense.grid(self._numbers[name]) if name in self._numbers else None

    def _stream(self, name: str) -> Sequence[Sequence[CellValue]]:
        # A sheet in a hundred is read so, and no start should wait for what reads it.
        from openpyxl import load_workbook

        part = self._streamed[name]
        sheet_xml.spend_streaming(name, part, self._work.streamed_cells, self._work.streamed_tags)
        if len(self._shared) > limits.MAX_STREAMED_SHARED_BYTES:
            raise RefusedError(file_rules.OVERSIZED.finding(what="it holds too much text", sheet=name))
        styles = self._styles if len(self._styles) <= limits.MAX_STREAMED_STYLE_BYTES else b""
        try:
            book = load_workbook(
                io.BytesIO(_written([part], self._shared, styles, date1904=self._date1904)),
                read_only=True,
                data_only=True,
            )
            rows = book.worksheets[0].iter_rows(
                min_row=1, max_row=limits.MAX_ROW, min_col=1, max_col=limits.MAX_COLUMN, values_only=True
            )
            return cast(Sequence[Sequence[CellValue]], list(rows))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  whatever a foreign sheet does to its parser, the document is at fault
            raise RefusedError(file_rules.UNREADABLE.finding(what="a sheet is damaged", sheet=name)) from None


class _Parsed:
    """What the fast parser made of a file that we wrote: dense sheets, up to their outermost cells."""

    def __init__(self, book: python_calamine.CalamineWorkbook) -> None:
        self._book = book
        self._names = frozenset(book.sheet_names)

    def grid(self, name: str) -> Grid | None:
        return Grid(_guarded_rows(self._book, name)) if name in self._names else None


def parsed(workbook: bytes) -> ParsedSheets:
    """The sheets of a workbook that is known to be bounded. Raises RefusedError (F16) where the parser fails."""
    return _Parsed(_guarded_open(workbook))


@dataclass(frozen=True, slots=True)
class _Sheet:
    xml: bytes
    unusual: bool


@dataclass(frozen=True, slots=True)
class _Contents:
    sheets: Mapping[str, str]
    shared_strings: str
    styles: str
    date1904: bool


def sheet_key(name: str) -> str:
    """What two sheet names must have in common to be the same sheet: their text, whatever case and outer spaces."""
    return plain_text(name).casefold()


def _contents(package: Package) -> _Contents:
    main = _main_part(package)
    book = _parsed(package, main)
    related: dict[str, str] = {}
    by_type: dict[str, str] = {}
    for relationship in _relationships(package, main):
        if relationship.get("TargetMode") == "External":
            continue
        target = _part_of(main, relationship.get("Target", ""))
        related[relationship.get("Id", "")] = target
        by_type.setdefault(relationship.get("Type", "").rpartition("/")[2], target)
    sheets: dict[str, str] = {}
    date1904 = False
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "sheet":
            part = related.get(_attribute(element, "id"), "")
            sheets.setdefault(element.get("name", ""), part)
        elif tag == "workbookPr":
            date1904 = element.get("date1904", "") in ("1", "true")
    return _Contents(sheets, by_type.get("sharedStrings", ""), by_type.get("styles", ""), date1904)


def _main_part(package: Package) -> str:
    """The part that says which sheets there are: the one that the package names as its document."""
    for relationship in _relationships(package, ""):
        if relationship.get("Type", "").rpartition("/")[2] == "officeDocument":
            main = _part_of("", relationship.get("Target", ""))
            if main in package:
                return main
    return "xl/workbook.xml"


def _part_of(part: str, target: str) -> str:
    """The part that a target means in the relationships of another."""
    return posixpath.normpath(posixpath.join("/", part.rpartition("/")[0], target)).lstrip("/")


def _relationships(package: Package, part: str) -> list[Element]:
    """What a part says of others; nothing where it says nothing."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".lstrip("/")
    return list(_parsed(package, name).iter()) if name in package else []


def _attribute(element: Element, local_name: str) -> str:
    return next((value for name, value in element.items() if name.rpartition("}")[2] == local_name), "")


def _parsed(package: Package, name: str) -> Element:
    try:
        root: Element = fromstring(package.part(name, limits.MAX_DIRECTORY_PART_BYTES), forbid_dtd=True)
    except DefusedXmlException:
        raise RefusedError(file_rules.UNSAFE_XML.finding(what="a document type definition", found=name)) from None
    except (ParseError, ValueError, LookupError):
        raise RefusedError(file_rules.DAMAGED.finding(what="its table of contents is not XML", found=name)) from None
    return root


def _companion(package: Package, name: str) -> bytes:
    return package.part(name, limits.MAX_COMPANION_BYTES) if name and name in package else b""


def _looked_at(xml: bytes, *, is_list: bool) -> _Sheet:
    if is_list:
        xml = sheet_xml.without_trailing_rows(xml)
    if sheet_xml.is_unusual(xml):
        xml = sheet_xml.without_rows_below_the_bound(xml)
        return _Sheet(xml, sheet_xml.is_unusual(xml))
    return _Sheet(xml, unusual=False)


def _guarded_open(package: bytes) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(package))
    except BaseException as error:  # noqa: BLE001  its fate is decided one line down
        raise _refusal_of(error) from None


def _guarded_rows(book: python_calamine.CalamineWorkbook, name: str) -> Sequence[Sequence[CellValue]]:
    try:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BaseException as error:  # noqa: BLE001  its fate is decided one line down
        raise _refusal_of(error, name) from None


def _refusal_of(error: BaseException, sheet: str | None = None) -> BaseException:
    """What a parser's failure comes down to: the document's fault, unless it is none of the parser's own.

    A Rust panic arrives as a PanicException, which is no Exception and cannot be imported.
    """
    if isinstance(error, MemoryError):
        return error
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return RefusedError(file_rules.UNREADABLE.finding(what="a sheet is damaged", sheet=sheet))
    return error


def _written(sheets: Collection[bytes], shared: bytes, styles: bytes, *, date1904: bool) -> bytes:
    """A package with these sheets, numbered from 1, and nothing else, uncompressed."""
    parts = {f"xl/worksheets/sheet{number}.xml": content for number, content in enumerate(sheets, start=1)}
    companions = {"sharedStrings": shared, "styles": styles}
    parts |= {f"xl/{name}.xml": content for name, content in companions.items() if content}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_MEDIA}.{_kind(name)}+xml"/>'
        for name in ("xl/workbook.xml", *parts)
    )
    relationships = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATIONSHIPS}/{_relation(name)}" Target="/{name}"/>'
        for number, name in enumerate(parts, start=1)
    )
    listed = "".join(
        f'<sheet name="{number}" sheetId="{number}" r:id="r{number}"/>' for number in range(1, len(sheets) + 1)
    )
    ours = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r0" '
        f'Type="{_RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONSHIPS}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relationships}</Relationships>",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, text in ours.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode())
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def _kind(part: str) -> str:
    if part == "xl/workbook.xml":
        return "sheet.main"
    return _relation(part)


def _relation(part: str) -> str:
    return part.removeprefix("xl/").removesuffix(".xml") if "/worksheets/" not in part else "worksheet"
