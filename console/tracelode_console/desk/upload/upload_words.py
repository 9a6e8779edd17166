"""What the upload page says, in each of its languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def languages() -> tuple[str, ...]:
    """The codes (ISO 639-1) of the languages that the page speaks."""
    return tuple(upload_words())


@cache
def upload_words() -> Mapping[str, Mapping[str, str]]:
    """The page's texts by the code of their language."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
