"""One reading of a mine country cell: what it mentions, what it says of each mention, and what is left over."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from tracelode.smelters.countries import Country, candidates_of, countries, country_names, plain_country
from tracelode.smelters.origin import Origin, OriginKind, stated_origin
from tracelode.smelters.origin_statements import (
    begins_a_name,
    covered_groups,
    phrases,
    state_names,
    statement_of,
    states_alone,
)
from tracelode.smelters.origin_tokens import Role, Token, Tokens, data, is_numbering

MOST_WORDS = 12
"""Words that one name can have."""

_USA = "US"
_SHORT = 4
"""Letters from which a name counts within a sentence whatever its case: shorter ones are other languages' words."""


class _Names(StrEnum):
    """What a mention names."""

    COUNTRY = "country"
    SHARED = "shared"
    """A name that several countries share."""
    CODE = "code"
    STATE = "state"
    """A state of the USA."""
    GROUP = "group"
    """A group that holds covered countries."""
    STATEMENT = "statement"


class _Mention(NamedTuple):
    """Tokens that name something: the first, and the one behind the last."""

    names: _Names
    first: int
    behind: int
    country: Country | None = None
    statement: OriginKind | None = None


class CellReading:
    """One reading of a cell: mentions first, then what is said of each, then what is left."""

    def __init__(self, cell: Tokens) -> None:
        self._cell = cell
        self._tokens = cell.tokens
        self._pieces = _pieces(self._tokens)
        self._mentions = self._found()
        self._firsts = [mention.first for mention in self._mentions]
        self._at = {mention.first: mention for mention in self._mentions}
        self._denied: set[int] = set()
        self._hedged: set[int] = set()
        self._denial_begins: dict[int, int] = {}
        """Where the words begin that deny a mention from before it, by the mention's first token."""
        self._used: set[int] = set()
        """Words that are not left over: they belong to a mention, deny one or leave one open."""

    def origin(self) -> Origin:
        """What the cell says."""
        self._denials_behind()
        self._denials_before()
        self._hedges()
        elsewhere = self._elsewhere()
        counted = [m for m in self._mentions if m.first not in self._denied and m.first not in elsewhere]
        codes = self._supported(counted)
        found: list[Country] = []
        statements: list[OriginKind] = []
        left: list[tuple[int, str]] = []
        perhaps = not self._cell.complete
        for mention in counted:
            if mention.statement:
                statements.append(mention.statement)
            elif mention.names is _Names.GROUP:
                statements.append(OriginKind.COUNTRY_LEVELS)
                perhaps = True
            elif mention.names is _Names.SHARED:
                left.append((mention.first, self._text(mention.first, mention.behind)))
            elif mention.country and mention.first in self._hedged:
                perhaps |= mention.country.covered
                left.append((mention.first, self._text(mention.first, mention.behind)))
            elif mention.names is _Names.CODE and self._tokens[mention.first].text in data()["level_codes"]:
                statements.append(OriginKind.COUNTRY_LEVELS)
            elif mention.country and (mention.names is not _Names.CODE or mention.first in codes):
                found.append(mention.country)
            elif mention.country:
                perhaps |= mention.country.covered and len(counted) > 1
                left.append((mention.first, self._text(mention.first, mention.behind)))
        more_statements, unread = self._left_over()
        parts = [text for _, text in sorted([*left, *unread, *self._denied_parts()])]
        if not (found or statements or more_statements or parts):
            parts = [self._cell.text]
        return stated_origin(found, [*statements, *more_statements], parts, perhaps=perhaps)

    # ---- mentions ----

    def _found(self) -> list[_Mention]:
        mentions: list[_Mention] = []
        place = 0
        while place < len(self._tokens):
            token = self._tokens[place]
            # One sign of an unspaced script is a rest of a word, and begins no name.
            begins = token.role is Role.WORD and (len(token.text) > 1 or token.text.isascii())
            mention = self._longest(place) if begins else None
            if mention:
                mentions.append(mention)
            place = mention.behind if mention else place + 1
        return mentions

    def _longest(self, first: int) -> _Mention | None:
        """The longest name that begins with a token: of a country, a state, a group; or a statement of some words."""
        plain, best, words = "", None, 0
        for behind, token in enumerate(self._tokens[first : first + 2 * MOST_WORDS], start=first + 1):
            if token.role is Role.STOP or words == MOST_WORDS:
                break
            if token.plain or token.role is Role.NUMBER:
                words += 1
                plain += token.plain or plain_country(token.text)
                if not begins_a_name(plain):
                    break
                best = self._named(first, behind, plain) or best
            elif token.text == "&":
                plain += "and"
        return best or self._code(first)

    def _named(self, first: int, behind: int, plain: str) -> _Mention | None:
        alone = behind == first + 1
        text, word = self._tokens[first].text, self._tokens[first].word
        if plain in covered_groups() and not (alone and text in data()["categories"] and text != "CC"):
            return _Mention(_Names.GROUP, first, behind)
        named = country_names().get(plain, ())
        if alone and not named:
            named = () if word.code else word.candidates
        if (
            len(named) == 1
            and self._stands_for_itself(first, behind, plain)
            and not self._is_a_list(first, behind, named[0])
        ):
            return _Mention(_Names.COUNTRY, first, behind, named[0])
        if len(named) > 1 and not any(token.role in (Role.COMMA, Role.AND) for token in self._tokens[first:behind]):
            return _Mention(_Names.SHARED, first, behind)
        if plain in states_alone():
            return _Mention(_Names.STATE, first, behind, countries()[_USA])
        if not alone and plain in phrases():
            return _Mention(_Names.STATEMENT, first, behind, statement=phrases()[plain])
        return None

    def _code(self, first: int) -> _Mention | None:
        if self._is_a_state_s_code(first):
            return _Mention(_Names.STATE, first, first + 1, countries()[_USA])
        country = self._tokens[first].word.code
        alone = country and self._pieces[first].codes_alone
        return _Mention(_Names.CODE, first, first + 1, country) if alone else None

    def _is_a_state_s_code(self, first: int) -> bool:
        """Whether it is the postal abbreviation of a state that has no other meaning, before the USA."""
        if self._tokens[first].text not in data()["us_states"] or self._tokens[first].word.code:
            return False
        behind = [token for token in self._tokens[first + 1 : first + 3] if token.text != ","]
        return bool(behind) and [country.code for country in behind[0].word.candidates] == [_USA]

    def _stands_for_itself(self, first: int, behind: int, plain: str) -> bool:
        """Whether a short name is meant as one: written in capitals, or alone in its piece."""
        if len(plain) >= _SHORT or not plain.isascii() or self._tokens[first].text.isupper():
            return True
        return self._pieces[first].words == behind - first

    def _is_a_list(self, first: int, behind: int, one: Country) -> bool:
        """Whether parts that together read as one country are several, each by itself.

        "China, Taiwan" is a list. "Taiwan, China" is not: what qualifies a name stands behind it, or in brackets.
        """
        between = [place for place in range(first, behind) if self._tokens[place].role is Role.COMMA]
        if not between:
            return False
        edges = [first, *between, behind]
        parts = [self._text(start + (start != first), end) for start, end in pairwise(edges)]
        each = [found[0] if len(found := candidates_of(part)) == 1 else None for part in parts]
        return all(each) and each[0] is not one

    def _supported(self, counted: Sequence[_Mention]) -> set[int]:
        """The codes that something else in the cell supports: a name or another code; one alone supports itself."""
        codes = [m for m in counted if m.names is _Names.CODE and not self._is_category(m)]
        names = [m for m in counted if m.names in (_Names.COUNTRY, _Names.STATE)]
        words = [token for token in self._tokens if token.is_word]
        supported = bool(names) or len(codes) > 1 or len(words) == 1
        return {mention.first for mention in codes} if supported else set()

    def _is_category(self, mention: _Mention) -> bool:
        return self._tokens[mention.first].text in data()["categories"]

    # ---- what is said of a mention ----

    def _denials_before(self) -> None:
        denying: list[int] = []
        denied_one = False
        place = 0
        while place < len(self._tokens):
            token, mention = self._tokens[place], self._at.get(place)
            if mention:
                if denying:
                    self._denied.add(place)
                    self._denial_begins[place] = denying[0]
                    self._used.update(denying)
                    denied_one = True
                    if self._is_joined(denying[-1], place):
                        denying = []
                place = mention.behind
                continue
            if self._starts_denial(place):
                denying, denied_one = [place], False
            elif denying and self._ends_denial(token, denied=denied_one):
                if token.role in _PARTS and denying == [place - 1]:
                    self._hedge_next(place)
                denying = []
            elif denying:
                denying.append(place)
            place += 1

    def _starts_denial(self, place: int) -> bool:
        token = self._tokens[place]
        if (
            place in self._used
            or token.role is not Role.WORD
            or is_numbering(token, self._tokens[place + 1 : place + 3])
        ):
            return False
        if token.word.denies:
            return True
        behind = self._tokens[place + 1 : place + 2]
        return bool(behind) and behind[0].word.than and token.word.other

    def _ends_denial(self, token: Token, *, denied: bool) -> bool:
        """Whether a denial does not reach beyond a token: it ends, or denies the word that it meets."""
        if token.role in (Role.STOP, Role.CLOSE, Role.SHARE):
            return True
        if token.role in (Role.COMMA, Role.AND):
            return not denied
        if token.role is not Role.WORD:
            return False
        word = token.word
        return not (word.reaches or word.hedges or word.than) or word.but

    def _is_joined(self, denial: int, mention: int) -> bool:
        """Whether a hyphen alone stands between: non-DRC."""
        between = self._tokens[denial + 1 : mention]
        return [token.text for token in between] == ["-"] or (
            self._tokens[denial].text == "-" and self._tokens[denial].end == self._tokens[mention].start
        )

    def _hedge_next(self, place: int) -> None:
        """A "No" that stands for itself leaves open what is listed behind it."""
        nearest = bisect_right(self._firsts, place)
        self._hedged.update(self._firsts[nearest : nearest + 1])

    def _denials_behind(self) -> None:
        for number, mention in enumerate(self._mentions):
            words = self._denying_behind(mention.behind)
            if words:
                self._deny_list(number, words)

    def _denying_behind(self, place: int) -> list[int]:
        """The tokens that deny what stands right before them; none if they do not."""
        taken: list[int] = []
        ahead = self._tokens[place : place + 5]
        for offset, token in enumerate(ahead):
            if token.role in (Role.SIGN, Role.OPEN):
                continue
            if token.role is Role.SHARE or (offset and token.role is Role.NUMBER):
                return [place + offset] if _is_zero(token.text) else []
            if token.plain in ("conflict", "is", "are", "is", "was") or token.word.unspaced_reaches:
                taken.append(place + offset)
                continue
            if token.role is not Role.WORD or not (token.word.denies_behind):
                return []
            following = self._tokens[place + offset + 1 : place + offset + 2]
            ends = not following or following[0].role is not Role.WORD
            always = not token.word.denies
            return [*taken, place + offset] if ends or always else []
        return []

    def _deny_list(self, number: int, words: Sequence[int]) -> None:
        """Deny a mention and those joined to it by "and"; what a comma parts from it in its list is left open."""
        self._used.update(words)
        share = self._tokens[words[-1]].role is Role.SHARE
        denied = True
        for place in range(number, -1, -1):
            mention = self._mentions[place]
            (self._denied if denied else self._hedged).add(mention.first)
            if share or not place:
                return
            between = self._tokens[self._mentions[place - 1].behind : mention.first]
            roles = {token.role for token in between}
            if not between or not roles <= {Role.COMMA, Role.AND}:
                return
            denied = denied and roles == {Role.AND}
            if not denied and not self._is_unspaced_denial(words):
                return

    def _is_unspaced_denial(self, words: Sequence[int]) -> bool:
        return any(self._tokens[place].text in data()["unspaced_denials_behind"] for place in words)

    def _hedges(self) -> None:
        hedging = False
        place = 0
        while place < len(self._tokens):
            token, mention = self._tokens[place], self._at.get(place)
            if mention:
                if hedging or self._hedged_behind(mention.behind):
                    self._hedged.add(place)
                place = mention.behind
                continue
            if token.role is Role.WORD:
                hedging = token.word.hedges or (hedging and token.word.reaches)
                if token.word.hedges:
                    self._used.add(place)
            elif token.role in (Role.STOP, Role.COMMA, Role.CLOSE):
                hedging = False
            place += 1

    def _hedged_behind(self, place: int) -> bool:
        for token in self._tokens[place : place + 2]:
            if token.role is Role.ASKS:
                return True
            if token.role is Role.WORD:
                return token.word.hedges
            if token.role not in (Role.SIGN, Role.OPEN):
                return False
        return False

    def _elsewhere(self) -> set[int]:
        """The mentions that are no country's: towns and states of the USA, streets, and shares of nothing."""
        gone: set[int] = set()
        all_codes = len(self._mentions) > 2 and all(mention.names is _Names.CODE for mention in self._mentions)
        for number in range(len(self._mentions) - 1, -1, -1):
            mention = self._mentions[number]
            behind = self._mentions[number + 1] if number + 1 < len(self._mentions) else None
            before = self._tokens[mention.first - 1] if mention.first else None
            if (
                (before and before.role is Role.SHARE and _is_zero(before.text) and not self._share_is_taken(number))
                or self._is_a_street(mention)
                or (behind and not all_codes and self._is_a_place(mention, behind))
            ):
                gone.add(mention.first)
        return gone

    def _share_is_taken(self, number: int) -> bool:
        """Whether the share before a mention is that of the mention before it: Peru 0% Rwanda."""
        if not number:
            return False
        between = self._tokens[self._mentions[number - 1].behind : self._mentions[number].first - 1]
        return all(token.role in (Role.SIGN, Role.OPEN) for token in between)

    def _is_a_street(self, mention: _Mention) -> bool:
        behind = self._tokens[mention.behind : mention.behind + 1]
        return bool(behind) and behind[0].word.of_a_place and mention.statement is None

    def _is_a_place(self, mention: _Mention, behind: _Mention) -> bool:
        """Whether a name is that of a town or state of the USA, because of what stands behind it."""
        between = self._tokens[mention.behind : behind.first]
        if any(token.text != "," for token in between) or mention.country is None or behind.country is None:
            return False
        if behind.names is _Names.STATE:
            return mention.names is not _Names.STATE and mention.country.code != _USA
        state = plain_country(data()["us_states"].get(self._tokens[mention.first].text, ""))
        plain = "".join(token.plain for token in self._tokens[mention.first : mention.behind])
        return behind.country.code == _USA and (bool(state) or plain in state_names())

    # ---- what is left ----

    def _left_over(self) -> tuple[list[OriginKind], list[tuple[int, str]]]:
        """What the words between the mentions say: statements, and parts that say nothing that is understood."""
        statements: list[OriginKind] = []
        parts: list[tuple[int, str]] = []
        for run in self._runs():
            whole = statement_of(self._text(run[0], run[-1] + 1))
            for part in [run] if whole else self._apart(run):
                text = self._text(part[0], part[-1] + 1)
                statement = whole if part == run else statement_of(text)
                if statement and not (statement is OriginKind.NOTHING and self._mentions):
                    statements.append(statement)
                elif not all(self._is_filler(place) for place in part):
                    parts.append((part[0], text))
        return statements, parts

    def _apart(self, run: Sequence[int]) -> Iterator[list[int]]:
        """The parts of a run between what joins them, without what stands around the words."""
        part: list[int] = []
        for place in (*run, None):
            if place is not None and self._tokens[place].role is not Role.AND:
                part.append(place)
                continue
            while part and self._tokens[part[-1]].role not in (Role.WORD, Role.NUMBER):
                part.pop()
            if part:
                yield part
            part = []

    def _runs(self) -> Iterator[list[int]]:
        """Words that follow one another and belong to no mention."""
        run: list[int] = []
        place = 0
        while place < len(self._tokens):
            token, mention = self._tokens[place], self._at.get(place)
            stops = mention is not None or token.role in _PARTS or place in self._used
            if stops and run:
                yield run
            if stops:
                run = []
            elif run or token.role is Role.WORD:
                run.append(place)
            place = mention.behind if mention else place + 1
        if run:
            yield run

    def _is_filler(self, place: int) -> bool:
        token = self._tokens[place]
        if token.role is not Role.WORD:
            return True
        known = token.word.fills or token.word.reaches or token.word.but
        return (known and bool(self._mentions)) or token.word.unspaced_reaches

    def _denied_parts(self) -> Iterator[tuple[int, str]]:
        """What is denied, with the words that deny it, so that a person sees it."""
        ends: dict[int, int] = {}
        for mention in self._mentions:
            if mention.first in self._denied and not self._has_no_share(mention):
                begin = self._denial_begins.get(mention.first, mention.first)
                ends[begin] = self._denial_end(mention)
        return ((begin, self._text(begin, end)) for begin, end in ends.items())

    def _denial_end(self, mention: _Mention) -> int:
        end = mention.behind
        while end < len(self._tokens) and (end in self._used or self._tokens[end].role in (Role.SIGN, Role.OPEN)):
            end += 1
        return end

    def _has_no_share(self, mention: _Mention) -> bool:
        return any(token.role is Role.SHARE for token in self._tokens[mention.behind : mention.behind + 3])

    def _text(self, first: int, behind: int) -> str:
        return self._cell.text[self._tokens[first].start : self._tokens[behind - 1].end].strip()


_PARTS = (Role.COMMA, Role.STOP)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two separators: how many words, and whether they are nothing but codes and countries."""

    words: int
    codes_alone: bool


def _pieces(tokens: Sequence[Token]) -> list[_Piece]:
    """The piece that each token lies in, by the token's place."""
    pieces: list[_Piece] = []
    begin = 0
    for behind in (*(place for place, token in enumerate(tokens) if token.role in _PARTS), len(tokens)):
        within = tokens[begin:behind]
        codes = all(
            token.role is not Role.WORD or token.word.code or len(token.word.candidates) == 1 for token in within
        )
        piece = _Piece(sum(token.is_word for token in within), codes)
        pieces += [piece] * (behind + 1 - begin)
        begin = behind + 1
    return pieces


def _is_zero(share: str) -> bool:
    return not share.strip("%％ 0.,")
