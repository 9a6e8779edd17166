"""Where a CMRT 6.x has its cells, where its releases differ, and short labels of our own for what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

FIRST_SMELTER_ROW = 5
FIRST_PRODUCT_ROW = 6
FIRST_LOOK_UP_ROW = 5


@dataclass(frozen=True, slots=True)
class Edition:
    """Where the releases of the 6.x family differ."""

    released: str
    product_footer_row: int = 2006
    product_owner: str = "Manufacturer’s"
    full_response: str | int = "100%"
    unresolved_is_zero: bool = False
    names_unlisted_by_alias: bool = True


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {
        "6.01": Edition("May 19, 2020", 1001, full_response=1, unresolved_is_zero=True, names_unlisted_by_alias=False),
        "6.1": Edition("April 28, 2021", 1001, full_response=1, unresolved_is_zero=True, names_unlisted_by_alias=False),
        "6.22": Edition("May 11, 2022", full_response=1),
        "6.31": Edition("May 26, 2023"),
        "6.4": Edition("April 26, 2024"),
        "6.5": Edition("April 25, 2025", product_owner="Responder’s"),
    }
)
"""The layouts that can be written, by template version."""

TITLE = "Conflict Minerals Reporting Template"
NOTICE = (
    "Specimen written by Tracelode for its tests and examples. Not a publication of the Responsible Minerals "
    "Initiative; the official template is at responsiblemineralsinitiative.org."
)
COMPANY_LABELS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "name": (8, "Company name (*)"),
        "scope": (9, "Declaration scope or class (*)"),
        "scope_description": (10, "Description of scope"),
        "unique_id": (12, "Company unique ID"),
        "unique_id_authority": (13, "Company unique ID authority"),
        "address": (14, "Address"),
        "contact_name": (15, "Contact name (*)"),
        "contact_email": (16, "Contact e-mail (*)"),
        "contact_phone": (17, "Contact phone (*)"),
        "authorizer_name": (18, "Authorizer (*)"),
        "authorizer_title": (19, "Authorizer title"),
        "authorizer_email": (20, "Authorizer e-mail (*)"),
        "authorizer_phone": (21, "Authorizer phone"),
        "effective_date": (22, "Effective date (*)"),
    }
)
QUESTION_LABELS: Sequence[str] = (
    "1) Intentionally added or used?",
    "2) Remains in the product?",
    "3) Do smelters source from covered countries?",
    "4) Do smelters source from conflict-affected and high-risk areas?",
    "5) All from recycled or scrap sources?",
    "6) Share of suppliers that responded?",
    "7) All smelters identified?",
    "8) All smelter information reported?",
)
COMPANY_QUESTION_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "A": "A. Responsible minerals sourcing policy?",
        "B": "B. Policy public on the website? (address as comment)",
        "C": "C. Validated smelters required of direct suppliers?",
        "D": "D. Due diligence measures in place?",
        "E": "E. Suppliers surveyed?",
        "F": "F. Suppliers' information reviewed?",
        "G": "G. Corrective action management?",
        "H": "H. Annual disclosure required?",
    }
)
SMELTER_HEADERS: Sequence[tuple[str, str, int]] = (
    ("A", "Smelter ID input", 14),
    ("B", "Metal (*)", 11),
    ("C", "Smelter Look-up (*)", 42),
    ("D", "Smelter Name (1)", 32),
    ("E", "Smelter Country (*)", 28),
    ("F", "Smelter Identification", 14),
    ("G", "Source of ID", 18),
    ("H", "Street", 10),
    ("I", "City", 18),
    ("J", "State / Province", 18),
    ("K", "Contact name", 14),
    ("L", "Contact e-mail", 14),
    ("M", "Next steps", 14),
    ("N", "Mine name, or recycled / scrap", 22),
    ("O", "Mine country, or recycled / scrap", 22),
    ("P", "All feedstock recycled or scrap?", 14),
    ("Q", "Comments", 30),
    ("R", "Standard Smelter Name", 42),
    ("S", "Country Code", 10),
    ("T", "State / Province Code", 10),
)
LOOK_UP_HEADERS: Sequence[tuple[str, str, int]] = (
    ("A", "Metal", 11),
    ("B", "Smelter Look-up", 46),
    ("C", "Standard Smelter Name", 46),
    ("D", "Smelter Country", 34),
    ("E", "Smelter ID", 14),
    ("F", "Source of ID", 12),
    ("G", "Street", 10),
    ("H", "City", 18),
    ("I", "State / Province", 18),
    ("J", "Metal + alias", 46),
)
