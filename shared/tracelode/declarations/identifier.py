"""Smelter identification numbers as RMI writes them, and as its predecessors did."""

import re

_CID = re.compile(r"CID[0-9]{6}", re.IGNORECASE)
_OLD_ID = re.compile(r"[1-4][A-Z]{3}[0-9]{3}", re.IGNORECASE)


def cid_of(text: str) -> str | None:
    """The CID that a text is, in capitals; None if it is anything else (CMRT 6.5, Smelter Look-up column E)."""
    return text.upper() if _CID.fullmatch(text) else None


def old_id_of(text: str) -> str | None:
    """The identification of CMRT 2.x that a text is, in capitals ("1DEU001": metal, country, number); else None."""
    return text.upper() if _OLD_ID.fullmatch(text) else None
