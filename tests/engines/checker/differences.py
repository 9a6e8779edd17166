"""Where we and RMI's Checker differ on purpose: each difference as a rewriting of cells.

What we find in a declaration as it is has to be, row by row, what the Checker finds once the cells named here say what
we take them for. So the Checker itself has the last word on every difference too, also where several meet. A
difference that no rewriting explains is a mistake of ours. docs/CHECKER.md says the same for people.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from examples.specimen import NOT_LISTED, SCOPES, LookUpEntry
from tests.engines.checker.cells import (
    ANSWER_CELLS,
    COMPANY_ANSWER_CELLS,
    DECLARATION,
    ENTRY_CELLS,
    FAILED,
    POLICY_ADDRESS,
    PRODUCT_LIST,
    SMELTER_LIST,
    Cells,
    Changes,
    Failed,
    Value,
    changed,
    listed,
)
from tests.engines.checker.generated import LANGUAGES, METAL_WORDS, NO, YES, full_width
from tests.factories.official import VERSIONS

_WORD_CELLS = frozenset({*ANSWER_CELLS, *COMPANY_ANSWER_CELLS})
_INVISIBLE = "\u200b"
_SCOPE = re.compile(r"([ABC])\s*([.):].*)?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """A kind of cell that we take for something else than the Checker does.

    `rewritten` names the cells of that kind in a declaration, with what we take them for. `example` changes a complete
    declaration so that, beside what both find incomplete, only the Checker or only we find certain rows.
    """

    id: str
    rewritten: Callable[[str, Cells], Changes]
    example: Changes
    only_the_checker: frozenset[int] = frozenset()
    only_we: frozenset[int] = frozenset()
    versions: Sequence[str] = VERSIONS


def as_we_take_it(version: str, cells: Cells) -> tuple[Cells, tuple[str, ...]]:
    """A declaration as we take it, and the ids of the differences that it has."""
    ids = []
    for difference in DIFFERENCES:
        changes = difference.rewritten(version, cells) if version in difference.versions else {}
        if changes:
            cells = changed(cells, changes)
            ids.append(difference.id)
    return cells, tuple(ids)


def _judged(cells: Cells) -> Iterator[tuple[tuple[str, str], Value]]:
    """The cells that the Checker looks at, directly or through a formula of the Smelter List."""
    for (sheet, cell), value in cells.items():
        if (
            (sheet == DECLARATION and cell in (*ENTRY_CELLS, POLICY_ADDRESS))
            or (sheet == SMELTER_LIST and cell[0] in "ABCDEF")
            or (sheet, cell) == (PRODUCT_LIST, "B6")
        ):
            yield (sheet, cell), value


def _respelled(rule: Callable[[str], str | None]) -> Callable[[str, Cells], Changes]:
    """Rewrites each text that `rule` spells differently; a text that it makes empty is no entry."""

    def rewritten(version: str, cells: Cells) -> Changes:
        texts = ((place, value, rule(value)) for place, value in _judged(cells) if isinstance(value, str))
        return {place: text or None for place, value, text in texts if text != value}

    return rewritten


def _visible(text: str) -> str:
    return text.replace(_INVISIBLE, "")


def _failed_formulas(version: str, cells: Cells) -> Changes:
    return {place: None for place, value in _judged(cells) if isinstance(value, Failed)}


def _zeroes_in_a_list(version: str, cells: Cells) -> Changes:
    return {
        place: None
        for place, value in _judged(cells)
        if place[0] in (SMELTER_LIST, PRODUCT_LIST) and value == 0 and not isinstance(value, Failed)
    }


def _copyright_line_as_product(version: str, cells: Cells) -> Changes:
    place = (PRODUCT_LIST, "B6")
    return {place: None} if str(cells.get(place, "")).startswith("©") else {}


def _unknown_language(version: str, cells: Cells) -> Changes:
    place = (DECLARATION, "D3")
    known = {language.casefold() for language in LANGUAGES}
    return {} if str(cells.get(place, "")).casefold() in known else {place: LANGUAGES[0]}


def _date_zero(version: str, cells: Cells) -> Changes:
    place = (DECLARATION, "D22")
    return {place: "00:00:00"} if cells.get(place) == 0 else {}


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


_ANSWERS = {_letters(word): english for english, words in (("Yes", YES), ("No", NO)) for word in (english, *words)}
_METAL_NAMES = {_letters(word): metal.value for metal, words in METAL_WORDS.items() for word in (metal.value, *words)}


def _answers_in_other_words(version: str, cells: Cells) -> Changes:
    meant = {
        place: (value, _ANSWERS.get(_letters(value)))
        for place, value in cells.items()
        if place[0] == DECLARATION and place[1] in _WORD_CELLS and isinstance(value, str)
    }
    return {place: english for place, (value, english) in meant.items() if english and english != value.capitalize()}


def _scope_in_other_words(version: str, cells: Cells) -> Changes:
    place = (DECLARATION, "D9")
    typed = cells.get(place)
    if not isinstance(typed, str) or typed.upper() in (scope.upper() for scope in SCOPES.values()):
        return {}
    letter = _SCOPE.fullmatch(typed)
    if letter:
        return {place: SCOPES[letter[1].upper()]}
    spelled = {_letters(text): scope for scope in SCOPES.values() for text in (scope, scope[2:])}
    return {place: spelled[_letters(typed)]} if _letters(typed) in spelled else {}


def _lines(cells: Cells) -> Iterator[tuple[int, Mapping[str, Value]]]:
    """The Smelter List's typed rows by column."""
    places = sorted((int(cell[1:]), cell[0], value) for (sheet, cell), value in cells.items() if sheet == SMELTER_LIST)
    for row, columns in groupby(places, key=lambda place: place[0]):
        yield row, {column: value for _, column, value in columns}


def _metals_in_other_words(version: str, cells: Cells) -> Changes:
    names = {row: line["B"] for row, line in _lines(cells) if isinstance(line.get("B"), str)}
    meant = {row: _METAL_NAMES.get(_letters(re.sub(r"\(.*?\)", "", str(name)))) for row, name in names.items()}
    return {
        (SMELTER_LIST, f"B{row}"): metal
        for row, metal in meant.items()
        if metal and str(names[row]).casefold() != metal.casefold()
    }


def _known(version: str) -> Mapping[str, LookUpEntry]:
    return {entry.cid: entry for entry in listed(version)}


def _text(line: Mapping[str, Value], column: str) -> str:
    return str(line.get(column, ""))


def _is_a_cid(text: str) -> bool:
    return re.fullmatch("CID[0-9]{6}", text, re.IGNORECASE) is not None


def _is_unlisted(line: Mapping[str, Value]) -> bool:
    return _text(line, "C").casefold() == NOT_LISTED.casefold()


def _metals_by_column_f(version: str, cells: Cells) -> Changes:
    known = _known(version)
    return {
        (SMELTER_LIST, f"B{row}"): entry.metal
        for row, line in _lines(cells)
        if "C" in line
        and not _is_a_cid(_text(line, "A"))
        and _letters(_text(line, "B")) not in _METAL_NAMES
        and (entry := known.get(_text(line, "F").upper()))
    }


def _metals_against_the_cid(version: str, cells: Cells) -> Changes:
    known = _known(version)
    return {
        (SMELTER_LIST, f"B{row}"): None
        for row, line in _lines(cells)
        if "B" in line
        and (entry := known.get(_text(line, "A").upper()))
        and _text(line, "B").casefold() != entry.metal.casefold()
    }


def _names_beside_an_unknown_cid(version: str, cells: Cells) -> Changes:
    known = _known(version)
    return {
        (SMELTER_LIST, f"C{row}"): line["D"]
        for row, line in _lines(cells)
        if _is_a_cid(_text(line, "A"))
        and _text(line, "A").upper() not in known
        and {"B", "C", "D"} & line.keys() == {"B", "D"}
    }


def _unknown_cids(version: str, cells: Cells) -> Changes:
    known = _known(version)
    return {
        (SMELTER_LIST, f"A{row}"): None
        for row, line in _lines(cells)
        if "A" in line and _text(line, "A").upper() not in known and not {"B", "C"} <= line.keys()
    }


def _countries_by_cid(version: str, cells: Cells) -> Changes:
    known = _known(version)

    def entry_of(line: Mapping[str, Value]) -> LookUpEntry | None:
        if _is_a_cid(_text(line, "A")):
            return known.get(_text(line, "A").upper())
        entry = known.get(_text(line, "F").upper())
        return entry if entry and _text(line, "B").casefold() == entry.metal.casefold() else None

    return {
        (SMELTER_LIST, f"E{row}"): entry.country
        for row, line in _lines(cells)
        if _is_unlisted(line) and "E" not in line and (entry := entry_of(line))
    }


def _wildcards_as_names(version: str, cells: Cells) -> Changes:
    return {
        (SMELTER_LIST, f"D{row}"): re.sub("([*?~])", r"~\1", _text(line, "D"))
        for row, line in _lines(cells)
        if _is_unlisted(line) and "E" not in line and set("*?") & set(_text(line, "D"))
    }


def _metals_in_the_name(version: str, cells: Cells) -> Changes:
    metals = [_text(line, "B").casefold() for _, line in _lines(cells) if "B" in line and not {"A", "C"} & line.keys()]
    return {
        (SMELTER_LIST, f"C{row}"): None
        for row, line in _lines(cells)
        if "C" in line and not {"A", "B"} & line.keys() and _text(line, "C").casefold().startswith(tuple(metals))
    }


def _question(metal: int) -> frozenset[int]:
    """The Checker rows of questions 2 to 8 for a metal: those that it asks for again when question 1 is not Yes."""
    return frozenset(row + metal for row in (19, 24, 29, 34, 39, 44, 49))


_FROM_6_22 = VERSIONS[VERSIONS.index("6.22") :]
_TIN, _TUNGSTEN = "CID000292", "CID000004"

DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "blanks-only",
        _respelled(lambda text: text if _visible(text).strip() else None),
        example={(DECLARATION, "D8"): "  "},
        only_we=frozenset({4}),
    ),
    Difference(
        "surplus-blanks",
        _respelled(lambda text: " ".join(_visible(text).split())),
        example={(DECLARATION, "D27"): "Yes "},
        only_the_checker=_question(1),
    ),
    Difference(
        "wide-letters",
        _respelled(lambda text: unicodedata.normalize("NFKC", text)),
        example={(DECLARATION, "D28"): full_width("Yes")},
        only_the_checker=_question(2),
    ),
    Difference(
        "error-text",
        _respelled(lambda text: None if text == "#N/A" else text),
        example={(DECLARATION, "D8"): "#N/A"},
        only_we=frozenset({4}),
    ),
    Difference("failed-formula", _failed_formulas, example={(DECLARATION, "D8"): FAILED}, only_we=frozenset({4})),
    Difference(
        "zero-in-a-list",
        _zeroes_in_a_list,
        example={
            (SMELTER_LIST, "B9"): "Tin",
            (SMELTER_LIST, "C9"): NOT_LISTED,
            (SMELTER_LIST, "D9"): 0,
            (SMELTER_LIST, "E9"): "PERU",
        },
        only_we=frozenset({69}),
    ),
    Difference(
        "unknown-language",
        _unknown_language,
        versions=_FROM_6_22,
        example={
            (DECLARATION, "D3"): "Klingon",
            (SMELTER_LIST, "B9"): "Tin",
            (SMELTER_LIST, "C9"): NOT_LISTED,
        },
        only_we=frozenset({69}),
    ),
    Difference("date-zero", _date_zero, example={(DECLARATION, "D22"): 0}, only_the_checker=frozenset({12})),
    Difference(
        "copyright-line",
        _copyright_line_as_product,
        example={(DECLARATION, "D9"): SCOPES["B"], (PRODUCT_LIST, "B6"): "© 2025"},
        only_we=frozenset({64}),
    ),
    Difference(
        "answer-in-other-words",
        _answers_in_other_words,
        example={(DECLARATION, "D29"): "是"},
        only_the_checker=_question(3),
    ),
    Difference(
        "scope-in-other-words",
        _scope_in_other_words,
        example={(DECLARATION, "D9"): "A"},
        only_the_checker=frozenset({6}),
    ),
    Difference(
        "metal-in-other-words",
        _metals_in_other_words,
        example={(SMELTER_LIST, "A6"): None, (SMELTER_LIST, "B9"): "Sn", (SMELTER_LIST, "C9"): "No such smelter"},
        only_the_checker=frozenset({66}),
    ),
    Difference(
        "metal-by-column-f",
        _metals_by_column_f,
        example={(SMELTER_LIST, "A8"): None, (SMELTER_LIST, "C9"): "No such smelter", (SMELTER_LIST, "F9"): _TUNGSTEN},
        only_the_checker=frozenset({68}),
    ),
    Difference(
        "metal-against-the-cid",
        _metals_against_the_cid,
        example={(SMELTER_LIST, "A7"): None, (SMELTER_LIST, "A9"): _TIN, (SMELTER_LIST, "B9"): "Gold"},
        only_we=frozenset({67}),
    ),
    Difference(
        "name-beside-an-unknown-cid",
        _names_beside_an_unknown_cid,
        example={
            (SMELTER_LIST, "A6"): None,
            (SMELTER_LIST, "A9"): "CID999999",
            (SMELTER_LIST, "B9"): "Tin",
            (SMELTER_LIST, "D9"): "Example Works",
        },
        only_the_checker=frozenset({66}),
    ),
    Difference(
        "unknown-cid",
        _unknown_cids,
        example={
            (SMELTER_LIST, "A9"): "CID999999",
            (SMELTER_LIST, "B10"): "Tin",
            (SMELTER_LIST, "C10"): NOT_LISTED,
        },
        only_we=frozenset({69}),
    ),
    Difference(
        "country-by-cid",
        _countries_by_cid,
        versions=_FROM_6_22,
        example={(SMELTER_LIST, "A9"): _TIN, (SMELTER_LIST, "C9"): NOT_LISTED, (SMELTER_LIST, "D9"): "Example Works"},
        only_the_checker=frozenset({69}),
    ),
    Difference(
        "wildcard-as-name",
        _wildcards_as_names,
        versions=_FROM_6_22,
        example={(SMELTER_LIST, "B9"): "Tin", (SMELTER_LIST, "C9"): NOT_LISTED, (SMELTER_LIST, "D9"): "*"},
        only_we=frozenset({69}),
    ),
    Difference(
        "metal-in-the-name",
        _metals_in_the_name,
        example={(SMELTER_LIST, "A6"): None, (SMELTER_LIST, "B9"): "Tin", (SMELTER_LIST, "C10"): "Tin Works"},
        only_we=frozenset({66}),
    ),
)
"""Every difference, in the order in which they apply: first how a text is spelled, then what it means."""
