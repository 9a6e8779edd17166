"""Findings in the language that a supplier chose in its CMRT, beside English. The texts are data: languages/*.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from tracelode.findings import Finding
from tracelode.review.consistency.countries import NAMES_APART
from tracelode.review.wording import TEMPLATE_IDS
from tracelode.workbooks.text import plain_text

_DISPLAYED: Mapping[str, str] = {
    "中文 chinese": "zh",
    "日本語 japanese": "ja",
    "한국어 korean": "ko",
    "français": "fr",
    "português": "pt",
    "deutsch": "de",
    "español": "es",
    "italiano": "it",
    "türkçe": "tr",
}
"""The languages of CMRT 6.5 besides English, as Declaration D3 names them, and their codes (ISO 639-1)."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language's texts: a message and a remedy by rule family, terms by the name that they fill, labels by key.

    `smelters` are the sentences on a submission's smelters; `writing` is how the language writes dates and lists.
    """

    code: str
    rules: Mapping[str, Mapping[str, str]]
    terms: Mapping[str, Mapping[str, str]]
    page: Mapping[str, str]
    workbook: Mapping[str, str]
    smelters: Mapping[str, str]
    writing: Mapping[str, str]

    def told(self, finding: Finding) -> Finding:
        """The same finding in this language; unchanged where the language has no words for its rule."""
        texts = self.rules.get(TEMPLATE_IDS.get(finding.rule, finding.rule))
        if texts is None:
            return finding
        words = {name: self._word(name, word) for name, word in finding.words.items()}
        try:
            return replace(
                finding, message=texts["message"].format_map(words), remedy=texts["remedy"].format_map(words)
            )
        except KeyError:
            # A finding that does not carry its words can only be told as it was written.
            return finding

    def term(self, name: str, word: str) -> str:
        """An English word in this language, among the terms of that name; unchanged where it is none of them."""
        return self.terms.get(name, {}).get(word, word)

    def _word(self, name: str, word: str) -> str:
        if name == "countries":
            return NAMES_APART.join(self.term("country", country) for country in word.split(NAMES_APART))
        return self.term(name, word)

    def dated(self, day: date) -> str:
        """A date as it is written within a sentence."""
        return self.writing["date"].format(
            day=self.writing["first_day"] if day.day == 1 else day.day,
            month=self.writing["months"].split()[day.month - 1],
            year=day.year,
        )

    def listed(self, names: Iterable[str]) -> str:
        """Names one after the other."""
        return self.writing["between_names"].join(names)


def language_codes() -> tuple[str, ...]:
    """The codes of all languages besides English."""
    return tuple(_DISPLAYED.values())


def language_of(displayed: str) -> Language | None:
    """The language that a CMRT shows itself in; None for English and for what is none of the template's languages."""
    code = _DISPLAYED.get(plain_text(displayed).casefold())
    return language(code) if code else None


@cache
def language(code: str) -> Language:
    """The texts of a language. Raises FileNotFoundError for a code that is not among `language_codes()`."""
    text = files("tracelode.review").joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
    return Language(code, **tomllib.loads(text))
