"""Smelter identification numbers as RMI writes them, and as its predecessors did."""

import re
import unicodedata

_CID = re.compile(r"[\W_]*C[ .]?I[ .]?D[\W_]*([0-9]{6})[\W_]*", re.IGNORECASE)
_LONGEST = 40
"""Characters of a text that can still be a number with what people type around it."""
_OLD_ID = re.compile(r"[1-4][A-Z]{3}[0-9]{3}", re.IGNORECASE)


def cid_of(text: str) -> str | None:
    """The CID that a text is, as RMI writes it; None if it is anything else (CMRT 6.5, Smelter Look-up column E).

    "CID 001105", "CID-001105", "cid: 001105;" and full-width letters are spellings of CID001105. Nothing is guessed:
    the letters and six digits have to be there, and no other letter or digit.
    """
    if len(text) > _LONGEST:
        return None
    found = _CID.fullmatch(unicodedata.normalize("NFKC", text))
    return f"CID{found[1]}" if found else None


def old_id_of(text: str) -> str | None:
    """The identification of CMRT 2.x that a text is, in capitals ("1DEU001": metal, country, number); else None."""
    return text.upper() if _OLD_ID.fullmatch(text) else None
