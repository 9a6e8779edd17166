"""Names of smelters made comparable: what is spelling falls away, what may tell two facilities apart stays."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii

_REMEMBERED = 20_000
"""Names whose forms are kept: a report compares the same few thousand again and again."""

_COMPARED = 200
"""Characters of a name that are compared: twice as many as the longest name that RMI lists. A cell can hold thousands,
and a list of such names would take a report all its time and memory."""

_APOSTROPHES = re.compile("['`´‘’ʼ′＇]")
_AND = re.compile("[&＆]")
_COMBINING_LATIN = re.compile("[\u0300-\u036f]")
_SEPARATORS = re.compile(r"[^\w\u0900-\u0e7f]+|_")
"""Everything but letters and digits; the vowel signs of Indic and Thai scripts are part of their words."""


def plain_name(name: str) -> str:
    """The name without regard to case, accents, width, punctuation and spaces; "&" reads "and".

    Two names with one plain name are one name, spelt twice. Latin letters lose their accents (Métaux, Miedź);
    letters of other scripts stay, because transliteration would let different names fall together. "" for a text
    without letters and digits.
    """
    return "".join(words(name))


def core_name(name: str) -> str:
    """The plain name without legal forms and without small words that distinguish nobody.

    A name that consists of nothing else keeps all of its words. Legal forms are data: `legal_forms.toml`.
    """
    return "".join(core_words(name))


def words(name: str) -> tuple[str, ...]:
    """The words of a plain name. Single letters that follow each other are one word: "S.A." and "S A" read "sa"."""
    return _words(name[:_COMPARED])


@lru_cache(maxsize=_REMEMBERED)
def _words(name: str) -> tuple[str, ...]:
    folded = _folded(name)
    return tuple(_initials_joined([word for word in _SEPARATORS.split(folded) if word]))


def core_words(name: str) -> tuple[str, ...]:
    """The words of a core name, in their order."""
    return _taken_apart(name[:_COMPARED])[0]


def legal_forms_differ(one: str, other: str) -> bool:
    """Whether two names state legal forms of different kinds: "X Inc." and "X Limited" may be two companies.

    False where one of them states none, and for two spellings or translations of one kind.
    """
    kinds = _taken_apart(one[:_COMPARED])[1], _taken_apart(other[:_COMPARED])[1]
    return all(kinds) and kinds[0].isdisjoint(kinds[1])


def spoken_words(name: str) -> tuple[str, ...]:
    """The words of a core name in Latin letters alone, whatever its script: for suggestions, never for identity."""
    return _spoken_words(name[:_COMPARED])


@lru_cache(maxsize=_REMEMBERED)
def _spoken_words(name: str) -> tuple[str, ...]:
    latin = " ".join(anyascii(word) for word in core_words(name)).casefold()
    # The one letter for both of them in Cyrillic comes back as "kh".
    return core_words(latin.replace("kh", "h"))


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", _AND.sub(" and ", _APOSTROPHES.sub("", name)))
    if not text.isascii():
        text = "".join(_unaccented(character) for character in text)
    return _COMBINING_LATIN.sub("", text.casefold())


def _unaccented(character: str) -> str:
    latin = not character.isascii() and unicodedata.name(character, "").startswith("LATIN ")
    return anyascii(character) if latin else character


def _initials_joined(parts: Sequence[str]) -> Iterator[str]:
    initials = ""
    for part in parts:
        if len(part) == 1 and part.isascii():
            initials += part
            continue
        if initials:
            yield initials
            initials = ""
        yield part
    if initials:
        yield initials


@lru_cache(maxsize=_REMEMBERED)
def _taken_apart(name: str) -> tuple[tuple[str, ...], frozenset[str]]:
    text, forms = _folded(name), _forms()
    for form in _glued():
        text = text.replace(form, " ")
    rest = list(_initials_joined([word for word in _SEPARATORS.split(text) if word]))
    kept: list[str] = []
    kinds: set[str] = set()
    while rest:
        length = next((n for n in range(min(_longest_form(), len(rest)), 0, -1) if tuple(rest[:n]) in forms), 0)
        if length:
            kinds.add(forms[tuple(rest[:length])])
        else:
            kept.append(rest[0])
        del rest[: length or 1]
    return tuple(kept) or words(name), frozenset(kinds - {""})


@cache
def _forms() -> Mapping[tuple[str, ...], str]:
    """The kind of each legal form, "" for what has none."""
    data = _data()
    without_kind = (*data["other"]["forms"], *data["other"]["small"])
    return {
        **{tuple(form.split()): "" for form in without_kind},
        **{tuple(form.split()): kind for kind, forms in data["kinds"].items() for form in forms},
    }


@cache
def _longest_form() -> int:
    return max(map(len, _forms()))


@cache
def _glued() -> tuple[str, ...]:
    return tuple(sorted(_data()["other"]["glued"], key=lambda form: (-len(form), form)))


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("tracelode.smelters").joinpath("legal_forms.toml").read_text(encoding="utf-8"))
