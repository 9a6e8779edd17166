"""A section's text that the team puts in place of the project's own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A text for a section (own_text/sections.py), from a `file`; the project's own stands where it is blank.

    The text is a template of paragraphs and lists, in the language of tracelode.own_text.language.
    """

    section: str
    file: str
    text: str
