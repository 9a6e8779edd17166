"""Archives and workbooks with the same bytes for the same content, whenever and wherever they are written.

Every factory of tests writes through here: a length or an offset of what is written may name a test.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import openpyxl

_CORE = "docProps/core.xml"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_WRITTEN = rb"\g<1>2020-01-01T00:00:00Z"


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook as openpyxl saves it, but for the moment at which it does."""
    stream = io.BytesIO()
    book.save(stream)
    parts = parts_of(stream.getvalue())
    return zipped(parts | {_CORE: _MOMENT.sub(_WRITTEN, parts[_CORE])})


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts, in this order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def parts_of(archive: bytes) -> dict[str, bytes]:
    """The parts by name, in their order; folders are none."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def with_part(archive: bytes, name: str, change: Callable[[bytes], bytes] | bytes) -> bytes:
    """The archive with one part changed or replaced, which must make a difference."""
    parts = parts_of(archive)
    changed = change if isinstance(change, bytes) else change(parts[name])
    assert changed != parts[name]
    return zipped(parts | {name: changed})


def with_another(archive: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part more at its end, even under a name that it has already."""
    stream = io.BytesIO(archive)
    with zipfile.ZipFile(stream, "a") as added:
        added.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()
