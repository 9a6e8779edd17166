"""The ways in which suppliers damage a smelter's name, one function a kind, each drawing from the dice it is given."""

import random
import re
from collections.abc import Callable, Mapping

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PLACES = ("Province", "City", "Plant", "Branch", "Industrial Park", "Head Office", "Factory", "Unit 2")
SOUNDS = (
    ("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("é", "e"), ("ç", "c"), ("ł", "l"), ("zh", "ch"), ("x", "hs"), ("q", "ch"),
    ("ts", "tz"), ("c", "k"), ("k", "c"), ("y", "i"), ("w", "v"), ("ph", "f"), ("j", "dj"), ("ou", "u"), ("ei", "ai"),
    ("sh", "sch"), ("z", "s"),
)  # fmt: skip
CYRILLIC = (
    ("shch", "щ"), ("sh", "ш"), ("zh", "ж"), ("kh", "х"), ("ch", "ч"), ("ts", "ц"), ("ya", "я"), ("yu", "ю"),
    ("ck", "к"), ("ce", "це"), ("ci", "ци"), ("cy", "ци"), ("x", "кс"),
    *zip("abvgdeziyklmnoprstufhcwqj", "абвгдезийклмнопрстуфхквкж", strict=True),
)  # fmt: skip
LEGAL_FORM = re.compile(
    r",? *\b(?:(?:Pvt\.?, *)?Co\.?, *(?:Ltd|Inc)\.?|Ltd\.?|Limited|Ltda\.?|Inc\.?|Corp\.?|Corporation|Company"
    r"|GmbH(?: & Co\. ?KG)?|S\.A\.|A\.S\.|S\.p\.A\.?|N\.V\.?|NV|B\.V\.|AG|AB|SE|LLC|L\.L\.C\.|JSC|OJSC|OAO"
    r"|Joint Stock Company|Sdn Bhd|Tbk|K\.K\.|S\.L\.U\.)(?=\W|$)"
    r"|^(?:PT|CV|OJSC|JSC|OAO|TOO) (?=\w)"
)


def _places_of_letters(name: str) -> list[int]:
    return [place for place, character in enumerate(name) if character.isalpha()]


def typo(name: str, _country: str, dice: random.Random) -> str:
    for _ in range(dice.choice((1, 1, 2))):
        place = dice.choice(_places_of_letters(name))
        name = name[:place] + dice.choice(LETTERS) + name[place + 1 :]
    return name


def swapped_letters(name: str, _country: str, dice: random.Random) -> str:
    pairs = [
        p for p in _places_of_letters(name)[:-1] if name[p + 1].isalpha() and name[p].lower() != name[p + 1].lower()
    ]
    if not pairs:
        return typo(name, _country, dice)
    place = dice.choice(pairs)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def dropped_letters(name: str, _country: str, dice: random.Random) -> str:
    for _ in range(dice.choice((1, 1, 2))):
        place = dice.choice(_places_of_letters(name))
        name = name[:place] + name[place + 1 :]
    return name


def doubled_letter(name: str, _country: str, dice: random.Random) -> str:
    place = dice.choice(_places_of_letters(name))
    return name[:place] + name[place] + name[place:]


def swapped_words(name: str, _country: str, dice: random.Random) -> str:
    words = name.split()
    if len(words) < 2:
        return typo(name, _country, dice)
    first = dice.randrange(len(words) - 1)
    second = dice.randrange(first + 1, len(words))
    words[first], words[second] = words[second], words[first]
    return " ".join(words)


def swapped_words_and_typo(name: str, country: str, dice: random.Random) -> str:
    return typo(swapped_words(name, country, dice), country, dice)


def dropped_legal_form(name: str, _country: str, _dice: random.Random) -> str:
    return LEGAL_FORM.sub("", name).strip(" ,") or name


def dropped_legal_form_and_typo(name: str, country: str, dice: random.Random) -> str:
    return typo(dropped_legal_form(name, country, dice), country, dice)


def transliteration(name: str, _country: str, dice: random.Random) -> str:
    lower = name.lower()
    fitting = [pair for pair in SOUNDS if pair[0] in lower]
    for old, new in dice.sample(fitting, min(len(fitting), dice.choice((1, 2)))):
        lower = lower.replace(old, new)
    return lower.title()


def in_cyrillic(name: str, _country: str, _dice: random.Random) -> str:
    lower = name.lower()
    for latin, cyrillic in CYRILLIC:
        lower = lower.replace(latin, cyrillic)
    return lower.title()


def missing_spaces(name: str, country: str, dice: random.Random) -> str:
    spaces = [place for place, character in enumerate(name) if character == " "]
    gone = set(spaces if dice.random() < 0.3 else dice.sample(spaces, min(len(spaces), dice.choice((1, 2)))))
    run_together = "".join(character for place, character in enumerate(name) if place not in gone)
    return dropped_letters(run_together, country, dice)


def extra_place_words(name: str, country: str, dice: random.Random) -> str:
    extra = dice.choice((country.title(), f"{country.title()} {dice.choice(PLACES)}", dice.choice(PLACES)))
    return f"{extra} {name}" if dice.random() < 0.3 else f"{name}, {extra}"


KINDS: Mapping[str, Callable[[str, str, random.Random], str]] = {
    kind.__name__.replace("_", " "): kind
    for kind in (
        typo,
        swapped_letters,
        dropped_letters,
        doubled_letter,
        swapped_words,
        swapped_words_and_typo,
        dropped_legal_form,
        dropped_legal_form_and_typo,
        transliteration,
        in_cyrillic,
        missing_spaces,
        extra_place_words,
    )
}
