"""Whether a text names a function in a company where a person is asked for: "CEO", "Quality Department"."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
_LONGEST_UNSPACED: Final = 10


def names_a_function(text: str) -> bool:
    """Whether a text consists of nothing but words for a function or department; a name among them makes it a person's.

    "Maria Sales" is a person, "Sales Team" is none. In writing without spaces a short text that ends with such a word
    is meant as one.
    """
    words = {word.casefold() for word in _WORD.findall(text)}
    titles, beside = _words()["titles"], _words()["beside"]
    if words & titles and words <= titles | beside:
        return True
    return len(text) <= _LONGEST_UNSPACED and text.endswith(tuple(_words()["unspaced_endings"]))


@cache
def _words() -> Mapping[str, frozenset[str]]:
    text = files("tracelode.review.rules").joinpath("functions.toml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(text).items()}
