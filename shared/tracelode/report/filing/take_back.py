"""What a lawyer has written in Word, taken back into the team's own sections as far as these can hold it.

The edited document is held against the one that the report came with: which paragraph belongs to which section says the
report's own, so that it does not matter what Word has made of bookmarks and styles.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.own_text.language import Block, in_blocks
from tracelode.own_text.own_sections import parse_own_section
from tracelode.own_text.sections import SECTIONS
from tracelode.report.filing.read_word import WordBlock, WordText

_QUOTED: Final = 60
"""Characters of a text that is quoted where it could not be taken."""
_PRINTED: Final = re.compile(r"\{\{.*?\}\}")
_LANGUAGE: Final = ("{{", "{%", "{#")
_HELD: Final = ("p", "li")
"""What a section of the team's own can hold."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The sections whose text is another, by name, each as the text of `section-<name>.txt`; and what was not taken."""

    sections: Mapping[str, str]
    not_taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edited:
    """A block of the edited document: its section, and whether it is as it was printed."""

    block: WordBlock
    section: str
    as_printed: bool


def take_back(printed: WordText, edited: WordText, own: Mapping[str, str]) -> TakenBack:
    """What to put into own sections so that they say what the edited document says.

    `own` are the texts that print now, by section: a paragraph that nobody has changed keeps the names of its figures.
    Elsewhere numbers stand as they read. Tables, headings and what belongs to no section stay as the report makes them.
    """
    not_taken = sorted(edited.noted - printed.noted)
    blocks, outside = _by_section(printed.blocks, edited.blocks)
    not_taken += outside
    taken: dict[str, str] = {}
    for section in SECTIONS:
        before = [block for block in printed.blocks if block.section == section]
        after = [each for each in blocks if each.section == section]
        if [_said(block) for block in before] == [_said(each.block) for each in after]:
            continue
        hindrance = _hindrance(before, after)
        if hindrance:
            not_taken.append(f"{section}: {hindrance}")
            continue
        text, notes = _text_of(after, own.get(section, ""))
        try:
            parse_own_section(section, f"section-{section}.txt", text.encode())
        except ReferenceRefusedError as refusal:
            not_taken += [f"{section}: {problem.message}" for problem in refusal.problems]
            continue
        taken[section] = text
        not_taken += [f"{section}: {note}" for note in notes]
    return TakenBack(taken, tuple(not_taken))


def in_common(printed: WordText, edited: WordText) -> int:
    """How many blocks two documents have in common, to tell which of several one was made from."""
    return len({_said(block) for block in printed.blocks} & {_said(block) for block in edited.blocks})


def _said(block: WordBlock) -> tuple[str, str]:
    return block.kind, block.text


def _by_section(printed: Sequence[WordBlock], edited: Sequence[WordBlock]) -> tuple[list[_Edited], list[str]]:
    """The edited blocks with the sections that they belong to, and what changed outside of all sections."""
    matcher = difflib.SequenceMatcher(None, list(map(_said, printed)), list(map(_said, edited)), autojunk=False)
    blocks: list[_Edited] = []
    outside: list[str] = []
    for tag, first, end, other_first, other_end in matcher.get_opcodes():
        gone, come = printed[first:end], edited[other_first:other_end]
        if tag == "equal":
            blocks += [_Edited(new, old.section, as_printed=True) for old, new in zip(gone, come, strict=True)]
            continue
        outside += [f"outside of the sections, gone: {_quote(block)}" for block in gone if not block.section]
        beside = _beside(printed, first, end)
        for number, block in enumerate(come):
            section = _section_for(block, number, gone, beside)
            if block.kind == "h" or not section:
                outside.append(f"outside of the sections, new: {_quote(block)}")
            else:
                blocks.append(_Edited(block, section, as_printed=False))
    return blocks, outside


def _beside(printed: Sequence[WordBlock], first: int, end: int) -> str:
    """The section of what is inserted between two blocks: that of the one above it, below a heading that below it."""
    above = printed[first - 1].section if first else ""
    below = printed[end].section if end < len(printed) else ""
    return above or below


def _section_for(block: WordBlock, number: int, gone: Sequence[WordBlock], beside: str) -> str:
    """The section of the replaced block that a new one is most like; of none like it, of that in its place."""
    sections = {old.section for old in gone if old.section}
    if len(sections) > 1:
        words = set(block.text.split())
        alike = [(len(words & set(old.text.split())), old.section) for old in gone if old.section]
        shared, section = max(alike, key=lambda each: each[0])
        return section if 2 * shared >= len(words) else gone[min(number, len(gone) - 1)].section or beside
    return next(iter(sections), beside)


def _hindrance(before: Sequence[WordBlock], after: Sequence[_Edited]) -> str:
    """Why a section's text cannot be taken, "" where it can."""
    if not after:
        return "all of its text is gone, and a section without a text of yours prints ours"
    if any(block.kind not in _HELD for block in before) or any(each.block.kind not in _HELD for each in after):
        return "it holds a table or a heading, which a text of your own cannot"
    if braces := [each for each in after if not each.as_printed and any(mark in each.block.text for mark in _LANGUAGE)]:
        return f"a text with braces would be taken for the name of a figure: {_quote(braces[0].block)}"
    return ""


def _text_of(blocks: Sequence[_Edited], source: str) -> tuple[str, list[str]]:
    """The section's text, and what of it is not as it should be."""
    named = list(_units(source))
    written: list[str] = []
    kept = 0
    for number, each in enumerate(blocks):
        begins_list = each.block.kind == "li" and (number == 0 or blocks[number - 1].block.kind != "li")
        if number and (each.block.kind == "p" or begins_list):
            written.append("")
        found = next((unit for unit in named if each.as_printed and _prints(unit, each.block)), None)
        if found:
            named.remove(found)
            kept += "{{" in found[1]
        text = found[1] if found else each.block.text
        written.append(f"- {text}" if each.block.kind == "li" else text)
    notes = []
    lost = sum("{{" in text or "{%" in text for _, text in _units(source)) - kept
    if lost:
        notes.append(f"{lost} of your paragraphs with figures by name or conditions stand as they read in Word")
    if any(each.block.dressed and not each.as_printed for each in blocks):
        notes.append("bold, italic and other formats are not kept")
    return "\n".join(written) + "\n", notes


def _units(source: str) -> Iterator[tuple[str, str]]:
    """The paragraphs and items of a text in the language of sections, as it is written."""
    for block in in_blocks(source):
        yield from ((_kind_of(block), text) for text in block.sentences)


def _kind_of(block: Block) -> str:
    return "li" if block.is_list else "p"


def _prints(unit: tuple[str, str], block: WordBlock) -> bool:
    """Whether a paragraph as it is written may print a block: the same text, with something where a name stands."""
    kind, text = unit
    if kind != block.kind or "{%" in text or "{#" in text:
        return False
    first, *between = (" ".join(part.split()) for part in _PRINTED.split(text))
    if not between:
        return first == block.text
    if not block.text.startswith(first):
        return False
    place = len(first)
    for part in between[:-1]:
        found = block.text.find(part, place + 1)
        if found < 0:
            return False
        place = found + len(part)
    return block.text.endswith(between[-1]) and len(block.text) - len(between[-1]) > place


def _quote(block: WordBlock) -> str:
    kind = {"h": "heading", "table": "table"}.get(block.kind, "text")
    text = block.text if len(block.text) <= _QUOTED else f"{block.text[: _QUOTED - 1]}…"
    return f"{kind} “{text}”"
