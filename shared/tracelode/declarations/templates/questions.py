"""What a template asks: its questions by meaning, its scopes, and what a line of its list can be."""

from enum import StrEnum


class Scope(StrEnum):
    """What a declaration covers (CMRT 6.5, Declaration D9)."""

    COMPANY = "A"
    PRODUCT = "B"
    USER_DEFINED = "C"


class Question(StrEnum):
    """The per-metal questions by meaning: their numbers shift between template families."""

    INTENTIONALLY_ADDED = "intentionally_added"
    REMAINS_IN_PRODUCT = "remains_in_product"
    COVERED_COUNTRIES = "covered_countries"
    CAHRA = "cahra"
    RECYCLED_OR_SCRAP = "recycled_or_scrap"
    SUPPLIER_RESPONSE = "supplier_response"
    SMELTERS_IDENTIFIED = "smelters_identified"
    SMELTER_INFORMATION_REPORTED = "smelter_information_reported"


class LineKind(StrEnum):
    """What a row of the Smelter List claims."""

    LISTED = "listed"
    NOT_LISTED = "not-listed"
    """'Smelter not listed': the supplier names a smelter that the template's look-up lacks."""
    NOT_YET_IDENTIFIED = "not-yet-identified"
