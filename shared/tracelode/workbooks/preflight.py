"""What a file is, and whether its archive is sound, before any spreadsheet parser sees a byte of it."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

import msoffcrypto
import olefile
from msoffcrypto.exceptions import InvalidKeyError

from tracelode.workbooks import file_rules, limits
from tracelode.workbooks.file_rules import RefusedError

BUILT_IN_PASSWORD = "VelvetSweatshop"  # noqa: S105  the password is public: older Excel sets it by itself

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTION_INFO = "EncryptionInfo"
_DOCUMENT_TYPE = b"<!DOCTYPE"
_PACKED_AS_EXCEL_DOES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_LOOKS_LIKE: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"BM", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Rar!", "an archive (RAR)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"\x1f\x8b", "an archive (gzip)"),
)
_ARCHIVES_OF: tuple[tuple[str, str], ...] = (
    ("word/", "a Word document"),
    ("ppt/", "a PowerPoint presentation"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("index/document.iwa", "a Numbers document"),
    ("meta-inf/manifest.xml", "an OpenDocument file"),
)
_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED_FLAG = 0x1


@dataclass(slots=True)
class Package:
    """An archive that passed: its parts are unpacked one by one, each within its bounds.

    Part names are matched as the format demands, without regard to case (ECMA-376 part 2, 6.2.2.3).
    """

    _archive: zipfile.ZipFile
    _parts: dict[str, zipfile.ZipInfo]
    _read: int = field(default=0)

    def __contains__(self, name: str) -> bool:
        return _part_key(name) in self._parts

    def part(self, name: str, limit: int = limits.MAX_READ_PART_BYTES) -> bytes:
        """The bytes of one part. Raises RefusedError if it is damaged, too large, or carries a DTD."""
        entry = self._parts[_part_key(name)]
        self._read += entry.file_size
        if entry.file_size > limit or self._read > limits.MAX_READ_BYTES:
            raise RefusedError(file_rules.OVERSIZED.finding(what="a sheet is too large", found=entry.filename))
        try:
            with self._archive.open(entry) as stream:
                # A bounded read: asking for everything would inflate whatever is packed before comparing sizes.
                content = stream.read(entry.file_size) if entry.file_size else b""
                honest = len(content) == entry.file_size and not stream.read(1)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  whatever a foreign part does to the inflater, the document is at fault
            raise RefusedError(
                file_rules.DAMAGED.finding(what="a part does not unpack", found=entry.filename)
            ) from None
        if not honest:
            raise RefusedError(file_rules.DAMAGED.finding(what="a part is shorter than declared", found=entry.filename))
        _refuse_unsafe_xml(entry.filename, content)
        return content


def open_package(data: bytes) -> Package:
    """The workbook's archive, once its size, container, encryption, directory and parts are in order.

    Raises RefusedError with the finding (F01 to F09, F26) that says what the file is instead, or what is wrong with it.
    """
    if is_legacy(data):
        raise RefusedError(file_rules.LEGACY_WORKBOOK.finding())
    if data.startswith(_OLE):
        data = _decrypted(data)
    if not data.startswith(b"PK"):
        raise RefusedError(file_rules.NOT_A_WORKBOOK.finding(looks_like=_looks_like(data)))
    return _package(data)


def is_legacy(data: bytes) -> bool:
    """Whether a file is an OLE container, as an .xls workbook is, that holds no encrypted newer workbook.

    Raises RefusedError (F01, F02) for a file that is empty or too large to be looked at.
    """
    _refuse_size(data)
    return data.startswith(_OLE) and _ENCRYPTED_PACKAGE not in data


def _refuse_size(data: bytes) -> None:
    if not data:
        raise RefusedError(file_rules.EMPTY.finding())
    if len(data) > limits.MAX_FILE_BYTES:
        raise RefusedError(
            file_rules.TOO_LARGE.finding(megabytes=len(data) // 1_000_000, limit=limits.MAX_FILE_BYTES // 1_000_000)
        )


def _decrypted(data: bytes) -> bytes:
    opened = io.BytesIO()
    try:
        _refuse_costly_encryption(data)
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        if int(getattr(office, "info", {}).get("spinValue", 0)) > limits.MAX_SPIN_COUNT:
            raise RefusedError(file_rules.ENCRYPTED.finding())
        office.load_key(password=BUILT_IN_PASSWORD, verify_password=True)
        office.decrypt(opened)
    except InvalidKeyError:
        raise RefusedError(file_rules.ENCRYPTED.finding()) from None
    except (RefusedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  whatever a foreign container does to its parser, the document is at fault
        raise RefusedError(file_rules.ENCRYPTED.finding()) from None
    return opened.getvalue()


def _refuse_costly_encryption(data: bytes) -> None:
    """What says how a workbook is encrypted goes to a parser that builds a tree of all of it."""
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.get_size(_ENCRYPTION_INFO) > limits.MAX_ENCRYPTION_INFO_BYTES:
            raise RefusedError(file_rules.DAMAGED.finding(what="what says how it is encrypted is too large"))
        if _DOCUMENT_TYPE in container.openstream(_ENCRYPTION_INFO).read().replace(b"\x00", b""):
            raise RefusedError(file_rules.UNSAFE_XML.finding(what="a document type definition", found=_ENCRYPTION_INFO))


def _package(data: bytes) -> Package:
    # Counted on the raw bytes, because parsing a directory of a million entries is the attack itself.
    if data.count(_CENTRAL_ENTRY) > limits.MAX_ENTRIES:
        raise RefusedError(file_rules.OVERSIZED.finding(what="the archive has too many parts"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  whatever a foreign archive does to its parser, the document is at fault
        raise RefusedError(file_rules.CUT_OFF.finding()) from None
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    _refuse_bombs(entries)
    _refuse_overlaps(archive.infolist(), len(data))
    parts = {_part_key(entry.filename): entry for entry in entries}
    _refuse_other_documents(parts)
    if len(parts) < len(entries):
        raise RefusedError(file_rules.DAMAGED.finding(what="the archive has two parts of the same name"))
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise RefusedError(file_rules.ENCRYPTED.finding())
    for entry in entries:
        # Others ask for memory by what they say of themselves, before anything of them is unpacked.
        if entry.compress_type not in _PACKED_AS_EXCEL_DOES:
            raise RefusedError(
                file_rules.DAMAGED.finding(
                    what="a part is packed as no spreadsheet program does it", found=entry.filename
                )
            )
    return Package(archive, parts)


def _refuse_bombs(entries: Iterable[zipfile.ZipInfo]) -> None:
    total = 0
    for entry in entries:
        total += entry.file_size
        if entry.file_size > limits.MAX_PART_BYTES or total > limits.MAX_INFLATED_BYTES:
            raise RefusedError(file_rules.OVERSIZED.finding(what="its parts are too large", found=entry.filename))
        if entry.file_size > limits.RATIO_MATTERS_FROM and entry.file_size > limits.MAX_RATIO * entry.compress_size:
            raise RefusedError(
                file_rules.OVERSIZED.finding(
                    what=f"a part shrinks more than {limits.MAX_RATIO} times", found=entry.filename
                )
            )


def _refuse_overlaps(entries: Iterable[zipfile.ZipInfo], size: int) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise RefusedError(file_rules.DAMAGED.finding(what="parts of the archive overlap", found=entry.filename))
        end = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
    if end > size:
        raise RefusedError(file_rules.CUT_OFF.finding())


def _refuse_other_documents(parts: Iterable[str]) -> None:
    names = set(parts)
    sheets = any(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names)
    if "[content_types].xml" in names and ("xl/workbook.xml" in names or sheets):
        return
    for mark, what in _ARCHIVES_OF:
        if any(name.startswith(mark) for name in names):
            raise RefusedError(file_rules.NOT_A_SPREADSHEET.finding(looks_like=what))
    if any(name.endswith((".xlsx", ".xlsm", ".xls")) for name in names):
        raise RefusedError(file_rules.NOT_A_SPREADSHEET.finding(looks_like="a ZIP archive with workbooks in it"))
    raise RefusedError(file_rules.NOT_A_SPREADSHEET.finding(looks_like="a ZIP archive"))


def _refuse_unsafe_xml(name: str, content: bytes) -> None:
    if b"\x00" in content:
        raise RefusedError(file_rules.UNSAFE_XML.finding(what="a part that is not UTF-8", found=name))
    if _DOCUMENT_TYPE in content:
        raise RefusedError(file_rules.UNSAFE_XML.finding(what="a document type definition", found=name))


def _part_key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _looks_like(data: bytes) -> str:
    for magic, what in _LOOKS_LIKE:
        if data.startswith(magic):
            return what
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith(b"<?xml"):
        return "an XML file"
    if b"\x00" not in data[:4096]:
        return "a text file"
    return "a file of unknown kind"
