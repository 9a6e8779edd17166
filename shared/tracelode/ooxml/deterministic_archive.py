"""Office files with the same bytes for the same content: no clock, no file system, no order of creation."""

import io
import zipfile
from collections.abc import Iterable, Mapping

_TIMESTAMP = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_CORE = "docProps/core.xml"
_CORE_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Tracelode</dc:creator></cp:coreProperties>'
)


NOTHING_ADDED: Mapping[str, tuple[bytes, Iterable[bytes]]] = {}


def repack(archive: bytes, added: Mapping[str, tuple[bytes, Iterable[bytes]]] = NOTHING_ADDED) -> bytes:
    """The same parts in a fixed order, under one timestamp, with core properties that name no date and no person.

    `added` has, by the name of a part, what comes before the last place of a text in it, piece by piece.

    Raises zipfile.BadZipFile if `archive` is no zip file.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(packed, "w", compresslevel=_LEVEL) as target:
        for name in sorted(source.namelist(), key=_content_types_first):
            content = _CORE_PROPERTIES.encode() if name == _CORE else source.read(name)
            part = zipfile.ZipInfo(name, _TIMESTAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            part.external_attr = 0
            before, (place, pieces) = len(content), added.get(name, (b"", ()))
            if place:
                before = content.rindex(place)
            with target.open(part, "w") as written:
                written.write(content[:before])
                for piece in pieces:
                    written.write(piece)
                written.write(content[before:])
    return packed.getvalue()


def _content_types_first(name: str) -> tuple[bool, str]:
    return (name != "[Content_Types].xml", name)
