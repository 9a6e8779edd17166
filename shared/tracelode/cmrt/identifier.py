"""Smelter identification numbers as RMI writes them."""

import re

_CID = re.compile(r"CID[0-9]{6}", re.IGNORECASE)


def cid_of(text: str) -> str | None:
    """The CID that a text is, in capitals; None if it is anything else (CMRT 6.5, Smelter Look-up column E)."""
    return text.upper() if _CID.fullmatch(text) else None
