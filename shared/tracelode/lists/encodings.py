"""Text of whatever spreadsheet program saved it: which encoding its bytes are in."""

import codecs

from charset_normalizer import from_bytes

from tracelode.lists.problems import Problem, ReferenceRefusedError

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that a spreadsheet program saved as "Unicode text"."""

_REGIONAL = ("cp1252", "cp1250", "cp1251", "cp1254", "cp932", "gb18030", "cp949", "big5")
"""What Excel saves "CSV" in, by the region that it is set to: the templates' languages and their neighbours."""

_JUDGED = 200_000
"""Bytes by which an encoding is judged."""


def decoded_text(file: str, data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16, with or without a mark, else the encoding of a region that fits it best.

    Raises ReferenceRefusedError for bytes that are text in none of them.
    """
    if data.startswith(UTF_16_MARKS):
        return _decoded(file, data, "utf-16")
    if _alternates_with_nul(data):
        return _decoded(file, data, "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise ReferenceRefusedError(file, (Problem(f"not text (byte {error.start})"),)) from None
        return _decoded(file, data, _regional(data))


def _alternates_with_nul(data: bytes) -> bool:
    start = data[:1_000]
    return b"\0" in start and max(start[::2].count(0), start[1::2].count(0)) > len(start) // 3


def _regional(data: bytes) -> str:
    lines = [line for line in data[:_JUDGED].splitlines() if not line.isascii()]
    matches = list(from_bytes(b"\n".join(lines), cp_isolation=list(_REGIONAL), threshold=0.9))
    least = min((match.chaos for match in matches), default=0.0)
    likely = {encoding for match in matches if match.chaos <= least for encoding in match.could_be_from_charset}
    # What fits several as well is of the region that most files are from.
    return next((encoding for encoding in _REGIONAL if encoding in likely), _REGIONAL[0])


def _decoded(file: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReferenceRefusedError(file, (Problem(f"not text (byte {error.start})"),)) from None
