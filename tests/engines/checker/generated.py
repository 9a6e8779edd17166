"""Declarations as suppliers make them, and as they make them wrong: random changes to a complete one."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from examples.specimen import NOT_LISTED, NOT_YET_IDENTIFIED, SCOPES
from tests.engines.checker.cells import (
    ANSWER_CELLS,
    COMPANY_ANSWER_CELLS,
    DECLARATION,
    FAILED,
    POLICY_ADDRESS,
    PRODUCT_LIST,
    SMELTER_LIST,
    Cells,
    Changes,
    Value,
    changed,
    complete_cells,
    listed,
)
from tracelode.minerals import CONFLICT_MINERALS, Mineral

Row: TypeAlias = Mapping[str, Value]

LANGUAGES = ("English", "中文 Chinese", "日本語 Japanese", "한국어 Korean", "Français", "Português", "Deutsch",
             "Español", "Italiano", "Türkçe")  # fmt: skip
YES = ("是", "はい", "예", "Oui", "Sim", "Ja", "Sí", "sì", "Evet")
NO = ("否", "いいえ", "아니오", "Non", "Não", "Nein", "Hayır")
METAL_WORDS = {
    Mineral.TANTALUM: ("钽", "Tantale", "Ta"),
    Mineral.TIN: ("锡", "Zinn", "Sn", "Estaño"),
    Mineral.GOLD: ("金", "Or", "Gold (Au)", "Altın"),
    Mineral.TUNGSTEN: ("Wolfram", "タングステン", "W"),
}
BLANKS = (" ", "   ", "\u00a0", "\u3000", "\n", "\t", "\u200b")
NUMBERS = (0, 1, 0.5, -3, 45_000)
NOISE = ("n/a", "-", "0", "perhaps", "=1+1", "+", "'", "ne sait pas", "#N/A", *NUMBERS, FAILED)
FIRST_FREE_ROW, FIRST_OF_MANY, LAST_ROW = 9, 300, 2504


def full_width(text: str) -> str:
    """A text in the wide letters of East Asian keyboards."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _spelled(*words: str) -> tuple[str, ...]:
    """Words as people also type them."""
    return tuple(
        spelling
        for word in words
        for spelling in (f"{word} ", f" {word}", f"{word}\n", f"{word}.", f"\u200b{word}", full_width(word))
    )


_TIDY: Mapping[str, Sequence[Value | None]] = {
    "D3": (*LANGUAGES, None, "Klingon"),
    "D8": ("Example AG", "株式会社", "-", None),
    "D9": (*SCOPES.values(), SCOPES["B"], SCOPES["B"].upper(), None, "Copper wires only", 7),
    "D10": ("two plants", "0", None, 0),
    "D15": ("A. Example", None),
    "D16": ("@", "contact.example.com", "a@b", "n/a", None, 5),
    "D17": ("ext. 1", 5_550_100, None, 0),
    "D18": ("same", None),
    "D20": ("@", "authorizer.example.com", "x" * 300 + "@example.com", None),
    "D22": ("June 2025", date(2019, 1, 1), 45_838.5, 1, "30.06.2025", "0", None, 0),
    POLICY_ADDRESS: ("x", "xy", "see our website", 7, 42, 0, date(2025, 1, 1), None),
    **dict.fromkeys(ANSWER_CELLS[:8], ("Yes", "No", "yes", "NO", "Unknown", "perhaps", None, None, 0, 1)),
    **dict.fromkeys(ANSWER_CELLS[8:], ("No", "Unknown", "50% or less", "UNKNOWN", "whatever", "Oui", None, None, 0, 1)),
    **dict.fromkeys(COMPANY_ANSWER_CELLS, ("Yes", "No", "Yes, with the SEC", "perhaps", None, None, 0)),
}
_WILD: Mapping[str, Sequence[Value | None]] = {
    "D9": (*_spelled(SCOPES["A"], SCOPES["B"]), "A", "B", "b)", "C", "a. everything", "Company", "C. two plants",
           "Product (or List of Products)", "Brazil only"),
    "D16": ("contact@example.com ", full_width("c@d"), "a@b\nc@d"),
    "D20": (" @ ", full_width("@")),
    POLICY_ADDRESS: ("x ", " x", full_width("x"), "x\u200b"),
    **dict.fromkeys(ANSWER_CELLS, (*_spelled("Yes", "No"), *YES, *NO)),
    **dict.fromkeys(COMPANY_ANSWER_CELLS, (*_spelled("Yes"), *YES)),
}  # fmt: skip


def generated(version: str, seed: str) -> Cells:
    """A declaration in an official template; the same for the same seed.

    Half of them are tidy: incomplete in every way, but only with what the Checker and we are to understand alike.
    """
    dice = random.Random(f"{version} {seed}")
    tidy = dice.random() < 0.5
    changes: Changes = {}
    _change_fields(dice, changes, tidy=tidy)
    _change_smelters(dice, version, changes, tidy=tidy)
    _change_products(dice, changes, tidy=tidy)
    return changed(complete_cells(version), changes)


def _change_fields(dice: random.Random, changes: Changes, *, tidy: bool) -> None:
    share = dice.choice((0.02, 0.05, 0.1, 0.3, 0.7))
    for cell, values in _TIDY.items():
        if dice.random() < share:
            wild = [] if tidy else [dice.choice(BLANKS), dice.choice(NOISE), *_some(dice, _WILD.get(cell, ()), 2)]
            changes[DECLARATION, cell] = dice.choice([*_some(dice, values, 3), *wild])
    for metal in range(4):
        if dice.random() < 0.3:
            _leave_out(dice, metal, changes)
    if dice.random() < 0.1:
        for metal in range(4):
            _leave_out(dice, metal, changes)
    if dice.random() < 0.03:
        changes |= dict.fromkeys(((DECLARATION, cell) for cell in _TIDY), None)


def _some(dice: random.Random, values: Sequence[Value | None], most: int) -> list[Value | None]:
    return dice.sample(values, min(most, len(values)))


def _leave_out(dice: random.Random, metal: int, changes: Changes) -> None:
    """Makes a metal one that is not in the products, for question 1 or for question 2."""
    ways: Sequence[tuple[Value, Value | None]] = (
        ("No", None),
        ("Yes", "No"),
        ("no", "Yes"),
        ("YES", "NO"),
        ("No", "-"),
    )
    first, second = dice.choice(ways)
    changes[DECLARATION, ANSWER_CELLS[metal]] = first
    changes[DECLARATION, ANSWER_CELLS[4 + metal]] = second
    if dice.random() < 0.7:
        changes |= dict.fromkeys(((DECLARATION, cell) for cell in ANSWER_CELLS[8 + metal :: 4]), None)


def _change_smelters(dice: random.Random, version: str, changes: Changes, *, tidy: bool) -> None:
    for row in range(5, FIRST_FREE_ROW):
        if dice.random() < 0.4:
            changes[SMELTER_LIST, f"A{row}"] = None
    row = FIRST_FREE_ROW
    for _ in range(dice.choice((0, 0, 1, 2, 3, 6))):
        _type_row(changes, row, _tidy_line(dice, version) if tidy or dice.random() < 0.3 else _wild_line(dice, version))
        row += dice.choice((1, 1, 1, 2, 40))
    if dice.random() < 0.06:
        for row, line in enumerate(_many(dice, version), start=FIRST_OF_MANY):
            _type_row(changes, row, line)
    if dice.random() < 0.03:
        _type_row(changes, LAST_ROW, _tidy_line(dice, version))


def _type_row(changes: Changes, number: int, row: Row) -> None:
    changes |= {(SMELTER_LIST, f"{column}{number}"): value for column, value in row.items() if value != ""}


def _tidy_line(dice: random.Random, version: str) -> Row:
    """A line as the instructions want it, or with a gap."""
    entry = dice.choice(listed(version))
    metal = dice.choice([metal.value for metal in CONFLICT_MINERALS])
    name, country = dice.choice(("Example Works", "Example Works", "")), dice.choice(("PERU", "PERU", ""))
    return dice.choice(
        (
            {"A": dice.choice((entry.cid, entry.cid.lower()))},
            {"A": entry.cid, "B": entry.metal, "C": entry.alias},
            {"B": dice.choice((entry.metal, entry.metal.upper())), "C": entry.alias},
            {"B": metal, "C": dice.choice(("No such smelter", "-", 12))},
            {"B": metal, "C": dice.choice((NOT_LISTED, NOT_LISTED.upper())), "D": name, "E": country},
            {"B": entry.metal, "C": NOT_LISTED, "D": entry.alias, "E": dice.choice(("", country))},
            {"B": metal, "C": NOT_YET_IDENTIFIED, "D": dice.choice(("", "Unknown")), "E": dice.choice(("", "Unknown"))},
            {"B": metal, "D": name},
            {"B": metal},
            {"C": entry.alias, "E": country},
            {"D": name, "E": country, "Q": "see attachment"},
            {"A": "n/a", "B": metal, "C": "No such smelter"},
        )
    )


def _wild_line(dice: random.Random, version: str) -> Row:
    """A line with anything in any of its columns."""
    entry = dice.choice(listed(version))
    other = dice.choice([metal.value for metal in CONFLICT_MINERALS])
    columns: Mapping[str, Sequence[Value]] = {
        "A": (entry.cid, entry.cid, f"{entry.cid} ", full_width(entry.cid), "CID999999", "n/a", 58, "CID*"),
        "B": (entry.metal, other, f"{entry.metal} ", full_width(other), f"{other}.", "Cobalt",
              *METAL_WORDS[Mineral(entry.metal)]),
        "C": (entry.alias, f"{entry.alias} ", NOT_LISTED, NOT_LISTED, f"{NOT_LISTED} ", full_width(NOT_LISTED),
              NOT_YET_IDENTIFIED, "No such smelter", f"{other} Works", "?"),
        "D": (entry.alias, "Example Works", "Unknown", "-", "*", "?"),
        "E": ("PERU", "Unknown", "-"),
        "F": (entry.cid, "CID999999", 5),
    }  # fmt: skip
    filled = dice.choice(
        ("A", "AB", "AC", "ABCDE", "AD", "BD", "ABD", "BC", "BCD", "BCDE", "CDE", "C", "BCF", "CF", "ADF")
    )
    oddities: Sequence[Value] = (*BLANKS, 0, "0", FAILED, "#N/A")
    return {column: dice.choice(oddities if dice.random() < 0.12 else columns[column]) for column in filled}


def _many(dice: random.Random, version: str) -> Iterator[Row]:
    """Hundreds of lines, as suppliers send them that copy the look-up tab."""
    every = dice.choice((1, 2, 3))
    way = dice.choice(("by CID", "by name", "unlisted", "unlisted with a gap"))
    for number, entry in enumerate(listed(version)[: dice.choice((100, 300, 1_000))]):
        if number // 25 % every:
            yield {}
        elif way == "by CID":
            yield {"A": entry.cid}
        elif way == "by name":
            yield {"B": entry.metal, "C": entry.alias}
        else:
            yield {"B": entry.metal, "C": NOT_LISTED, "D": f"Works {number}", "E": "PERU"}
    if way == "unlisted with a gap":
        yield {"B": "Gold", "C": NOT_LISTED, "D": "Works"}


def _change_products(dice: random.Random, changes: Changes, *, tidy: bool) -> None:
    numbers: list[Value] = ["P-1", 77, "0", "n/a"]
    if not tidy:
        numbers += [*BLANKS[:3], 0, FAILED, "© 2025", full_width("P-1")]
    for row in (6, 7, 8):
        for column, values in (("B", numbers), ("C", ["Widget"]), ("D", ["blue"])):
            if dice.random() < 0.3:
                changes[PRODUCT_LIST, f"{column}{row}"] = dice.choice(values)
