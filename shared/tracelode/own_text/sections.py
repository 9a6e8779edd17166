"""The sections of Form SD and its exhibit: each a template of ours, and a text that the team may put in its place."""

from collections.abc import Mapping
from typing import Final

_EXHIBIT: Final = "report/filing/exhibit"
_IN_ORDER: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (_EXHIBIT, ("introduction", "company", "products")),
    (
        f"{_EXHIBIT}/inquiry",
        (
            "country-of-origin-inquiry",
            "responses",
            "facilities",
            "location-risk",
            "declared-origins",
            "origin-conclusion",
        ),
    ),
    (
        f"{_EXHIBIT}/due_diligence",
        (
            "due-diligence-design",
            "step-1-management-systems",
            "step-2-identified-risks",
            "status-counts",
            "sole-suppliers",
            "year-on-year",
            "step-3-response-to-risks",
            "step-4-independent-audits",
            "step-5-reporting",
            "mine-or-location-of-origin",
        ),
    ),
    (_EXHIBIT, ("findings", "future-steps", "limits", "annex-1")),
    ("report/filing/form_sd", ("item-1-01", "item-1-02", "exhibits")),
)
"""The sections in the order of the documents, by the folder of their templates."""

PRESCRIBED: Final[Mapping[str, str]] = {
    "cover": "the cover is the form's own: its blanks are [registrant] in program.toml",
    "signatures": "the signatures are the form's own: their blanks are [signatory] in program.toml",
    "explanatory-note": "the explanatory note says why a form is amended: that is edition.amendment in program.toml",
    "annex-1-table": "the table of Annex I is made from the data: section-annex-1.txt is the text above it",
}
"""Parts that no text of the team's can stand in for, and why."""

SECTIONS: Final[Mapping[str, str]] = {
    name: f"{folder}/{name.replace('-', '_')}.j2" for folder, names in _IN_ORDER for name in names
}
"""The template of each section by the section's name, in the order of the documents.

A section is the text below a heading: headings, the table of Annex I, the cover and the signatures stay as they are,
because the form prescribes them or the data make them.
"""
