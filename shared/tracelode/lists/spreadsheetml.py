"""SpreadsheetML 2003 ("XML spreadsheet"), the container of RMI's downloads, read as a stream and within bounds."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.lists.tables import MAX_LIST_ROWS
from tracelode.workbooks.limits import MAX_COLUMN, MAX_TEXT
from tracelode.workbooks.text import plain_text

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
MAX_SPREADSHEETML_BYTES = 10_000_000
"""Size of a file; a list of 1,000 facilities has 0.4 MB."""
MAX_ELEMENTS = 1_000_000
"""Elements of a file; a list of 1,000 facilities has 15,000."""
MAX_SPREADSHEETML_CELLS = 500_000
"""Cells of a file, those that `ss:Index` leaves out included."""
MAX_SPREADSHEETML_DEPTH = 32
"""Elements within elements; a list needs six."""

_CELL = ("Workbook", "Worksheet", "Table", "Row", "Cell")


def read_spreadsheetml(file: str, data: bytes) -> tuple[tuple[tuple[int, tuple[str, ...]], ...], ...]:
    """The rows of each worksheet: their number as a spreadsheet shows it, and their cells as text, from column A on.

    `ss:Index` and merged cells are honoured; rows without cells are left out. Raises ReferenceRefusedError for what is
    not well-formed, no SpreadsheetML, carries a document type definition, or is larger than any list.
    """
    if len(data) > MAX_SPREADSHEETML_BYTES:
        raise ReferenceRefusedError(
            file, (Problem(f"XML of more than {MAX_SPREADSHEETML_BYTES} bytes; save it as CSV"),)
        )
    sheets = _Sheets(file)
    parser = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.forbid_dtd = True
    parser.setContentHandler(sheets)
    source = InputSource()
    source.setByteStream(BytesIO(data))
    try:
        parser.parse(source)
    except DefusedXmlException:
        raise ReferenceRefusedError(file, (Problem("XML with a document type definition is not read"),)) from None
    except ReferenceRefusedError:
        raise
    except (SAXException, LookupError, ValueError):
        raise ReferenceRefusedError(file, (Problem("not well-formed XML"),)) from None
    return tuple(tuple(rows) for rows in sheets.sheets)


class _Sheets(ContentHandler):
    """Collects what stands in Workbook/Worksheet/Table/Row/Cell/Data; everything else passes by unkept."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file
        self._path: list[str] = []
        self.sheets: list[list[tuple[int, tuple[str, ...]]]] = []
        self._row_number = 0
        self._row: list[str] = []
        self._next_column = 1
        self._merged = 0
        self._text: list[str] = []
        self._length = 0
        self._cells = 0
        self._elements = 0

    def startElementNS(self, name: tuple[str | None, str], _qname: str | None, attributes: Any) -> None:  # noqa: N802
        namespace, local = name
        if not self._path and name != (NAMESPACE, "Workbook"):
            raise self._refusal("XML, but no spreadsheet (SpreadsheetML 2003)")
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise self._refusal(f"XML with more than {MAX_ELEMENTS} elements")
        if len(self._path) >= MAX_SPREADSHEETML_DEPTH:
            raise self._refusal("XML with too many elements within elements")
        self._path.append(local if namespace == NAMESPACE else f"{namespace} {local}")
        above = tuple(self._path)
        if above == _CELL[:2]:
            self.sheets.append([])
            self._row_number = 0
        elif above == _CELL[:4]:
            self._row_number = self._place(attributes, "Index", self._row_number + 1)
            self._row, self._next_column = [], 1
        elif above == _CELL:
            self._start_cell(attributes)

    def endElementNS(self, _name: tuple[str | None, str], _qname: str | None) -> None:  # noqa: N802
        above = tuple(self._path)
        if above == _CELL:
            self._row.append(plain_text("".join(self._text)))
            self._next_column += 1 + self._merged
        elif above == _CELL[:4] and any(self._row):
            rows = self.sheets[-1]
            if len(rows) >= MAX_LIST_ROWS:
                raise self._refusal(f"more than {MAX_LIST_ROWS} rows")
            rows.append((self._row_number, tuple(self._row)))
        self._path.pop()

    def characters(self, content: str) -> None:
        # A comment has a Data element of its own, one level further down; markup within a cell's Data is content.
        if self._length < MAX_TEXT and tuple(self._path[:6]) == (*_CELL, "Data"):
            self._text.append(content)
            self._length += len(content)

    def _start_cell(self, attributes: Any) -> None:
        column = self._place(attributes, "Index", self._next_column)
        if column > MAX_COLUMN or column < self._next_column:
            raise self._refusal(f"a cell stands in column {column}")
        left_out = column - 1 - len(self._row)
        self._cells += left_out + 1
        if self._cells > MAX_SPREADSHEETML_CELLS:
            raise self._refusal(f"more than {MAX_SPREADSHEETML_CELLS} cells")
        self._row.extend([""] * left_out)
        self._next_column = column
        self._merged = min(self._place(attributes, "MergeAcross", 0), MAX_COLUMN)
        self._text, self._length = [], 0

    def _place(self, attributes: Mapping[Any, str], name: str, otherwise: int) -> int:
        text = attributes.get((NAMESPACE, name))
        if text is None:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) < len("10000000")):
            raise self._refusal(f"ss:{name} is not a whole number")
        return int(text)

    def _refusal(self, message: str) -> ReferenceRefusedError:
        return ReferenceRefusedError(self._file, (Problem(message, row=self._row_number or None),))
