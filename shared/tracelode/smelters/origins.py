"""Where a mineral is said to come from: what a mine country cell holds. A smelter's own country is never its origin."""

import json
from functools import lru_cache
from itertools import pairwise

from tracelode.smelters.countries import countries, plain_country
from tracelode.smelters.origin import Origin, OriginKind, stated_origin
from tracelode.smelters.origin_reading import CellReading
from tracelode.smelters.origin_statements import covered_groups, recycled_stems, statement_of, words_of
from tracelode.smelters.origin_tokens import Role, data, tokens_of

_RECORDED = "origin:"
"""What an origin in recorded form begins with; a text of a release before 0.3.0 is a cell's own."""
_CUT = 200
"""Characters of a cell that such a release kept: the last name of a text that long may be cut off within."""


def recorded_origin(origin: Origin) -> str:
    """An origin as the ledger keeps it: codes, statements, and what was not understood, as `origin_of` reads it."""
    document = {
        "c": " ".join(country.code for country in origin.countries),
        "s": [kind.name.lower() for kind in origin.statements],
        "u": origin.not_understood,
        "p": origin.perhaps_covered,
    }
    kept = {name: value for name, value in document.items() if value}
    return _RECORDED + json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=4096)
def origin_of(stated: str) -> Origin:
    """The origin that a statement of the ledger holds: one in recorded form, or a cell's text of an earlier release."""
    if not stated.startswith(_RECORDED):
        return _read_cut(stated) if len(stated) == _CUT else read_origin(stated)
    kept = json.loads(stated.removeprefix(_RECORDED))
    found = [countries()[code] for code in kept.get("c", "").split()]
    statements = [OriginKind[name.upper()] for name in kept.get("s", ())]
    return stated_origin(found, statements, kept.get("u", ()), perhaps=kept.get("p", False))


def _read_cut(text: str) -> Origin:
    """What a text says that may be cut off within its last name, which is not read."""
    kept, separator, last = text.rpartition(",") if "," in text else text.rpartition(" ")
    origin = read_origin(kept) if separator else read_origin("")
    return stated_origin(
        origin.countries, origin.statements, [*origin.not_understood, last], perhaps=origin.perhaps_covered
    )


@lru_cache(maxsize=4096)
def read_origin(text: str) -> Origin:
    """What a mine country cell says: countries, or a statement that is none. Nothing is guessed.

    A country counts wherever it is named, in a list or in a sentence, unless it is denied, stands for a place
    elsewhere (Angola, Indiana), or has a share of 0%. A denial denies what it stands beside, and no more.
    """
    statement = statement_of(text)
    if statement is not None and not _is_category(text):
        perhaps = statement is OriginKind.COUNTRY_LEVELS and _speaks_of_a_group(text)
        return stated_origin((), (statement,), (), perhaps=perhaps)
    cell = tokens_of(text)
    if not any(token.is_word for token in cell.tokens):
        return stated_origin((), (OriginKind.UNKNOWN if "?" in text else OriginKind.NOTHING,), ())
    return CellReading(cell).origin()


def says_recycled(text: str) -> bool:
    """Whether a text about a mine says recycled or scrap, in any language of the template, and nothing else."""
    origin = read_origin(text)
    return origin.statements == (OriginKind.RECYCLED,) and not (origin.countries or origin.not_understood)


def speaks_of_recycled(text: str) -> bool:
    """Whether a text about a mine speaks of recycled material or scrap, whatever else it says."""
    stems, unspaced = recycled_stems()
    plain = plain_country(text)
    return any(word.startswith(stems) for word in words_of(text)) or any(stem in plain for stem in unspaced)


def _is_category(text: str) -> bool:
    category = text.strip()
    return category in data()["categories"] and category not in (*data()["level_codes"], "CC")


def _speaks_of_a_group(text: str) -> bool:
    tokens = [token for token in tokens_of(text).tokens if token.plain or token.role is Role.NUMBER]
    texts = [token.plain or plain_country(token.text) for token in tokens]
    pairs = ["".join(pair) for pair in pairwise(texts)]
    return bool(covered_groups() & {*texts, *pairs}) or ("level" in texts[:1] and "3" in texts)
