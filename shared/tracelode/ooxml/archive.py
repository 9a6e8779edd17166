"""A workbook's parts: read within the limits, changed, and packed again with all other parts as they were packed."""

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from urllib.parse import unquote

import msoffcrypto

from tracelode.ooxml.xml import NotMarkableError, XmlPart
from tracelode.workbooks.budget import Budget
from tracelode.workbooks.limits import MAX_EDITED_PART_BYTES, MAX_EDITING_STEPS, MAX_ENTRIES
from tracelode.workbooks.preflight import BUILT_IN_PASSWORD, Package, open_package

CONTENT_TYPES = "[Content_Types].xml"

_LEVEL = 6
_MS_DOS_1980 = (0, 0x21)
_UTF_8_NAME = 0x800
_VERSION_NEEDED = 20
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class _Member:
    """A part as it goes into an archive."""

    name: bytes
    flags: int
    method: int
    checksum: int
    packed: bytes
    size: int


@dataclass(slots=True)
class Parts:
    """The parts of a workbook that passed the pre-flight, by name without regard to case, and what becomes of them."""

    _data: bytes
    _package: Package
    _archive: zipfile.ZipFile
    work: Budget = field(default_factory=lambda: Budget(MAX_EDITING_STEPS))
    _open: dict[str, XmlPart] = field(default_factory=dict)
    _new: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _removed: set[str] = field(default_factory=set)
    _unpacked: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._new or (name in self._package and _key(name) not in self._removed)

    def xml(self, name: str) -> XmlPart:
        """A part, open for edits; the same object each time. Edits in it are packed.

        Raises RefusedError if it cannot be unpacked within the limits, NotMarkableError if it is absent or is not
        well-formed XML.
        """
        key = _key(name)
        if key not in self._open:
            content = self.current(name)
            if len(content) > MAX_EDITED_PART_BYTES:
                raise NotMarkableError("A part of the workbook is too large to be edited.")
            self._open[key] = XmlPart(content, self.work)
            self._unpacked.pop(key, None)
        return self._open[key]

    def current(self, name: str) -> bytes:
        """The bytes of a part as put, else as sent, without edits that wait. Raises as `xml` does."""
        key = _key(name)
        if name not in self:
            raise NotMarkableError("A part of the workbook is missing.")
        if key in self._new:
            return self._new[key][1]
        if key in self._open:
            return self._open[key].content
        if key not in self._unpacked:
            # Kept, because what is unpacked counts against the limits each time.
            self._unpacked[key] = self._package.part(name)
        return self._unpacked[key]

    def put(self, name: str, content: bytes) -> None:
        """A new part, or another content for a part that is there."""
        self._new[_key(name)] = (name, content)

    def remove(self, name: str) -> None:
        """Take a part out. One that is put under its name afterwards is a new one and stands last."""
        key = _key(name)
        self._new.pop(key, None)
        self._open.pop(key, None)
        self._removed.add(key)

    def settle(self) -> None:
        """Make the edits that wait, so that elements are found in what has come of them."""
        for key, part in list(self._open.items()):
            if part.changed:
                self._new[key] = (self._new[key][0] if key in self._new else key, part.edited())
                del self._open[key]

    def names(self) -> list[str]:
        """All parts, in the order in which they are packed."""
        known = [entry.filename for entry in self._archive.infolist()
                 if not entry.is_dir() and _key(entry.filename) not in self._removed]  # fmt: skip
        there = {_key(name) for name in known}
        return [*known, *(name for key, (name, _) in self._new.items() if key not in there)]

    def unused(self, pattern: str) -> str:
        """The first name of a pattern such as `xl/comments{}.xml` that no part bears."""
        taken = {name.casefold() for name in self.names()}
        return next(name for number in range(1, len(taken) + 2)
                    if (name := pattern.format(number)).casefold() not in taken)  # fmt: skip

    def packed(self) -> bytes:
        """The workbook with its changes: parts in their order, new ones last, under one timestamp.

        Raises NotMarkableError if it would have more parts than a workbook may have.
        """
        changed = {key: content for key, (_, content) in self._new.items()}
        changed |= {key: part.edited() for key, part in self._open.items() if part.changed}
        members = []
        for entry in self._archive.infolist():
            if entry.is_dir() or _key(entry.filename) in self._removed:
                continue
            content = changed.pop(_key(entry.filename), None)
            members.append(self._as_it_was(entry) if content is None else _deflated(entry.filename, content))
        members += [_deflated(name, changed[key]) for key, (name, _) in self._new.items() if key in changed]
        if len(members) > MAX_ENTRIES:
            raise NotMarkableError("The workbook has too many parts for another one.")
        return _archive(members)

    def _as_it_was(self, entry: zipfile.ZipInfo) -> _Member:
        header = _LOCAL.unpack_from(self._data, entry.header_offset)
        start = entry.header_offset + _LOCAL.size + header[-2] + header[-1]
        name = entry.filename.encode("utf-8" if entry.flag_bits & _UTF_8_NAME else "cp437")
        packed = self._data[start : start + entry.compress_size]
        # The sizes stand in the header now, so the bit that says they follow the data is cleared.
        return _Member(name, entry.flag_bits & _UTF_8_NAME, entry.compress_type, entry.CRC, packed, entry.file_size)


def open_parts(data: bytes) -> Parts:
    """The parts of a workbook, opened with Excel's built-in password if it is encrypted under that.

    Raises RefusedError as the pre-flight does: what cannot be read cannot be marked up.
    """
    package = open_package(data)
    opened = data if data.startswith(b"PK") else _decrypted(data)
    return Parts(opened, package, zipfile.ZipFile(io.BytesIO(opened)))


def resolved_target(source: str, target: str) -> str:
    """The name of the part that a relationship of the part `source` leads to."""
    path = unquote(target).replace("\\", "/")
    joined = path if path.startswith("/") else posixpath.join("/", posixpath.dirname(source), path)
    return posixpath.normpath(joined).lstrip("/")


def relationships_of(part: str) -> str:
    """The name of the part that holds another part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _decrypted(data: bytes) -> bytes:
    opened = io.BytesIO()
    # The pre-flight has done the same on these bytes without an error, so whatever is raised here is a bug.
    office = msoffcrypto.OfficeFile(io.BytesIO(data))
    office.load_key(password=BUILT_IN_PASSWORD)
    office.decrypt(opened)
    return opened.getvalue()


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _deflated(name: str, content: bytes) -> _Member:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = compressor.compress(content) + compressor.flush()
    flags = 0 if name.isascii() else _UTF_8_NAME
    return _Member(name.encode(), flags, zipfile.ZIP_DEFLATED, zlib.crc32(content), packed, len(content))


def _archive(members: list[_Member]) -> bytes:
    packed, directory = io.BytesIO(), io.BytesIO()
    for member in members:
        offset = packed.tell()
        common = (_VERSION_NEEDED, member.flags, member.method, *_MS_DOS_1980, member.checksum,
                  len(member.packed), member.size, len(member.name), 0)  # fmt: skip
        packed.write(_LOCAL.pack(b"PK\x03\x04", *common))
        packed.write(member.name)
        packed.write(member.packed)
        directory.write(_CENTRAL.pack(b"PK\x01\x02", _VERSION_NEEDED, *common, 0, 0, 0, 0, offset))
        directory.write(member.name)
    start, size = packed.tell(), directory.tell()
    packed.write(directory.getvalue())
    packed.write(_END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), size, start, 0))
    return packed.getvalue()
