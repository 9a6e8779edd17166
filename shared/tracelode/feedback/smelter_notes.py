"""What a supplier is told about the smelters of one submission: status, names that are not recognised, what to ask.

Rests on the submission and the reference data alone. Nothing in here knows another supplier, and of a decision of the
compliance team only its effect is seen, never who took it, when or why.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tracelode.declarations.declaration import SmelterLine
from tracelode.declarations.templates.questions import LineKind
from tracelode.picture.edition import printed_country
from tracelode.smelters.countries import Country
from tracelode.smelters.dispositions import Dispositions
from tracelode.smelters.identity import Outcome, Resolution, resolve
from tracelode.smelters.known import KnownFacilities
from tracelode.smelters.origins import origin_of
from tracelode.smelters.status import PRINTED, FacilityId, SmelterList, Status
from tracelode.smelters.suggestions import Suggestion
from tracelode.sources.program import Program, due_date
from tracelode.submission import UNKNOWN_ROW, DeclaredIdentity, SubmissionSummary

ROWS_AT_MOST: Final = 12
"""Rows of the list that are told of one smelter."""


class Ask(StrEnum):
    """What the supplier is asked to do about smelters; a key of `SENTENCES`. In the order in which it is asked."""

    NOT_KNOWN = "not_known"
    """A CID that no list and no template has."""
    NOT_ASSESSED = "not_assessed"
    """Known, but not assessed or not conformant."""
    BEING_ASSESSED = "being_assessed"
    """On a list, with an assessment that is not finished."""
    LAPSES = "lapses"
    """Conformant, but for less long than until the report is due."""


SENTENCES: Mapping[str, str] = {
    "heading": "Your smelters",
    "accepted_point": "Your declaration is accepted. There is one point about its smelters below.",
    "accepted_points": "Your declaration is accepted. There are {points} points about its smelters below.",
    "how_to_answer": "You may correct the workbook and send it again, answer by e-mail to whoever asked you for this "
    "declaration, or answer with your next one.",
    "also_point": "There is also one point about the smelters below. Answer it in the same workbook if you can, "
    "otherwise by e-mail.",
    "also_points": "There are also {points} points about the smelters below. Answer them in the same workbook if you "
    "can, otherwise by e-mail.",
    "summary": "Smelters and refiners that we recognise in your workbook: {smelters}. Of these {conformant_word}: "
    "{conformant}.",
    "as_of": "Statuses are those of the lists as of {date}.",
    "not_recognised_heading": "Smelters that we do not recognise",
    "not_recognised": "We could not tell which facility these lines mean. Please ask whoever sells you the metal, and "
    "enter the smelter identification number (CID) and the standard name in the Smelter List sheet.",
    "only_if_sure": "Enter a suggested CID only if you are sure that it is the same facility.",
    "did_you_mean": "Did you mean one of these?",
    "no_suggestion": "We know no similar name for this metal.",
    "not_smelters_heading": "Names that are no smelter",
    "not_smelters": "These names are not those of a smelter or refiner, but for instance of a trader, a mine or a "
    "manufacturer. Please name the facility that processes the metal instead, or delete the line.",
    "not_known_heading": "Identification numbers that we do not know",
    "not_assessed_heading": "Smelters without a finished assessment",
    "being_assessed_heading": "Smelters that are being assessed",
    "lapses_heading": "Smelters whose assessment runs out soon",
    "being_assessed": "These are being assessed. Please ask when the results are expected, and tell us if you stop "
    "using one of them.",
    "not_assessed": "Of these no finished assessment is on record. Please check that each one is really in your supply "
    "chain. If it is, ask it to be assessed, or have the metal bought from a facility that is {conformant_word}; if it "
    "is not, delete the line.",
    "not_known": "No list that we hold has these identification numbers. Please check number and name; if they are "
    "right, tell us where the facility is and who sells its metal to you.",
    "lapses": "The assessments of these run out before our report is due on {due}. Please ask whether new ones are "
    "planned.",
    "runs_out": "runs out on {date}",
    "covered_origin": "You state that its mineral comes from {countries}. Please send us what you know about the mine "
    "and the way from there.",
    "lines": "{lines} lines",
    "one_line": "one line",
    "declared_as": "named as",
    "no_name": "(no name)",
    "no_metal": "metal not stated",
    "not_a_metal": "none of the four metals",
    "row": "row {rows}",
    "rows": "rows {rows}",
    "number_is_of": "The number that stands there is that of:",
    "nothing_to_look_for": "No name and no complete number (CID and six digits) stands there that we could look for.",
    "number_unknown": "No list that we hold has this number.",
    "no_metal_to_look_for": "Without one of the four metals in column B we cannot look for a smelter.",
    "copied_single": "Points on single smelters: {points}. They go away with the lines that you delete.",
}
"""Everything that the page says about smelters, by key. A translation has the same keys and the same {fields}."""


@dataclass(frozen=True, slots=True)
class SmelterNote:
    """One smelter of the submission about which there is something to do.

    `name` is the list's or the template's, `declared` what the lines call it where that is another name. `country` is
    printed in the form of the edition's year. `as_of` is the date of the list that has it, None for one on no list;
    `lapses_on` is given for `Ask.LAPSES` alone. `covered_origins` are the covered countries that the supplier itself
    states as origin of the mineral, as they read in a sentence.
    """

    facility: FacilityId
    name: str
    declared: tuple[str, ...]
    country: str
    status: Status
    printed_status: str
    as_of: date | None
    ask: Ask
    lines: int
    rows: tuple[int, ...] = ()
    lapses_on: date | None = None
    covered_origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnrecognisedSmelter:
    """Lines that name no facility, as declared, with what they may mean: the CID to type stands in each suggestion.

    `rows` are theirs on the list, as far as they are known. `quoted` is what stands in rows of which the name alone
    says too little; `typed_metal` what stands in the place of a metal and is none. `by_number` says that the
    suggestions are the facilities of the number that stands there.
    """

    metal: str
    cid: str
    name: str
    country: str
    lines: int
    suggestions: tuple[Suggestion, ...] = ()
    rows: tuple[int, ...] = ()
    quoted: tuple[tuple[int, str], ...] = ()
    typed_metal: str = ""
    by_number: bool = False


@dataclass(frozen=True, slots=True)
class SmelterNotes:
    """The notes on one submission's smelters.

    `smelters` counts the distinct facilities that it names and `conformant` those of them that are; `as_of` is the
    date of the lists, `due` the day on which the report has to be filed. `not_yet_identified` counts the lines that say
    of themselves that their smelter is not identified yet: an answer, about which there is nothing to do.
    """

    smelters: int
    conformant: int
    conformant_word: str
    as_of: date | None
    due: date
    not_recognised: tuple[UnrecognisedSmelter, ...] = ()
    not_smelters: tuple[UnrecognisedSmelter, ...] = ()
    not_conformant: tuple[SmelterNote, ...] = ()
    lapsing: tuple[SmelterNote, ...] = ()
    not_yet_identified: int = 0

    @property
    def by_ask(self) -> tuple[tuple[Ask, tuple[SmelterNote, ...]], ...]:
        """The facilities that are not conformant, together where the same is asked of them."""
        groups = [(ask, tuple(note for note in self.not_conformant if note.ask is ask)) for ask in Ask]
        return tuple((ask, notes) for ask, notes in groups if notes)

    @property
    def to_do(self) -> int:
        """Entries that ask the supplier for something."""
        return len(self.not_recognised) + len(self.not_smelters) + len(self.not_conformant) + len(self.lapsing)


def smelter_notes(
    submission: SubmissionSummary,
    *,
    known: KnownFacilities,
    dispositions: Dispositions,
    smelter_list: SmelterList,
    program: Program,
    lines: Sequence[SmelterLine] = (),
) -> SmelterNotes:
    """What the reference data in force says of the smelters that a submission names, each one once.

    `lines` are the submission's own, to quote what stands in them. Facilities come by metal, the worst status first,
    then by CID; unrecognised names by metal and name.
    """
    named: dict[FacilityId, list[Resolution]] = defaultdict(list)
    aside: dict[Outcome, list[Resolution]] = defaultdict(list)
    by_row = {line.row: line for line in lines}
    open_rows: set[int] = set()
    for identity in sorted(submission.identities):
        resolution = resolve(identity, known, dispositions)
        if resolution.outcome is Outcome.UNRESOLVED and not (identity.name or identity.cid):
            open_rows.update(_not_yet_identified(submission.identities[identity], by_row))
        if resolution.facility:
            named[resolution.facility].append(resolution)
        else:
            aside[resolution.outcome].append(resolution)
    telling = knows_unlisted(known, smelter_list)
    notes = [_note(submission, known, smelter_list, program, telling, *item) for item in named.items()]
    notes.sort(key=lambda note: (note.facility.metal.value, -list(Status).index(note.status), note.facility.cid))
    return SmelterNotes(
        smelters=len(notes),
        conformant=sum(note.status is Status.CONFORMANT for note in notes),
        conformant_word=PRINTED[program.vocabulary][Status.CONFORMANT].lower(),
        as_of=smelter_list.as_of,
        due=due_date(program.year),
        not_recognised=_aside(submission, aside[Outcome.UNRESOLVED], known, by_row, open_rows),
        not_smelters=_aside(submission, aside[Outcome.NOT_A_SMELTER], known, by_row, open_rows),
        not_conformant=tuple(note for note in notes if note.status is not Status.CONFORMANT),
        lapsing=tuple(note for note in notes if note.lapses_on),
        not_yet_identified=len(open_rows),
    )


def knows_unlisted(known: KnownFacilities, smelter_list: SmelterList) -> bool:
    """Whether more facilities are known than have a status: only then does an unknown CID tell anything."""
    return any(name.facility not in smelter_list.facilities for name in known.of_metal(None))


def _note(
    submission: SubmissionSummary,
    known: KnownFacilities,
    smelter_list: SmelterList,
    program: Program,
    telling: bool,
    facility: FacilityId,
    resolutions: list[Resolution],
) -> SmelterNote:
    identities = [resolution.identity for resolution in resolutions]
    listed, standard = smelter_list.facilities.get(facility), known.facility(facility)
    status = smelter_list.status(facility)
    name = listed.name if listed else standard.standard_name if standard else identities[0].name
    spellings = [listed.country if listed else "", standard.country if standard else "", identities[0].country]
    lapses_on = listed.assessment.lapses_on if listed and status is Status.CONFORMANT else None
    if lapses_on and lapses_on >= due_date(program.year):
        lapses_on = None
    if lapses_on:
        ask = Ask.LAPSES
    elif status is Status.ACTIVE:
        ask = Ask.BEING_ASSESSED
    else:
        ask = Ask.NOT_ASSESSED if listed or standard or not telling else Ask.NOT_KNOWN
    return SmelterNote(
        facility=facility,
        name=name,
        declared=tuple(dict.fromkeys(identity.name for identity in identities if identity.name not in ("", name))),
        country=printed_country(spellings, program.vocabulary),
        status=status,
        printed_status=PRINTED[program.vocabulary][status],
        as_of=(listed.as_of or smelter_list.as_of) if listed else None,
        ask=ask,
        lines=sum(len(submission.identities[identity]) for identity in identities),
        rows=_known_rows(row for identity in identities for row in submission.identities[identity]),
        lapses_on=lapses_on,
        covered_origins=_covered_origins(submission, identities),
    )


def _covered_origins(submission: SubmissionSummary, identities: list[DeclaredIdentity]) -> tuple[str, ...]:
    stated: dict[str, Country] = {
        country.code: country
        for identity in identities
        for text in submission.origins.get(identity, ())
        for country in origin_of(text).countries
        if country.covered
    }
    return tuple(stated[code].in_prose for code in sorted(stated))


def _not_yet_identified(rows: Iterable[int], by_row: Mapping[int, SmelterLine]) -> Iterator[int]:
    return (row for row in rows if row in by_row and by_row[row].kind is LineKind.NOT_YET_IDENTIFIED)


def _known_rows(rows: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({row for row in rows if row != UNKNOWN_ROW}))


def _aside(
    submission: SubmissionSummary,
    resolutions: list[Resolution],
    known: KnownFacilities,
    by_row: Mapping[int, SmelterLine],
    left_out: Collection[int],
) -> tuple[UnrecognisedSmelter, ...]:
    """Each name once, however its CID was found; lines that say nothing but what was typed in vain by themselves."""
    together: dict[tuple[str, str, str, str, str], list[tuple[Resolution, list[int]]]] = defaultdict(list)
    for resolution in resolutions:
        identity = resolution.identity
        by_metal: dict[str, list[int]] = defaultdict(list)
        for row in submission.identities[identity]:
            if row not in left_out:
                typed = by_row[row].typed_metal if row in by_row and not identity.metal else ""
                by_metal[typed].append(row)
        for typed, rows in by_metal.items():
            key = (identity.metal, identity.name, identity.country, identity.cid, typed)
            together[key].append((resolution, rows))
    return tuple(
        _unrecognised(key, same[0][0], [row for _, rows in same for row in rows], known, by_row)
        for key, same in sorted(together.items(), key=lambda item: item[0])
    )


def _unrecognised(
    key: tuple[str, str, str, str, str],
    resolution: Resolution,
    all_rows: list[int],
    known: KnownFacilities,
    by_row: Mapping[int, SmelterLine],
) -> UnrecognisedSmelter:
    metal, name, country, cid, typed_metal = key
    rows = _known_rows(all_rows)
    by_number = _of_number(cid or name, known)
    return UnrecognisedSmelter(
        metal=metal,
        cid=cid,
        name=name,
        country=country,
        lines=len(all_rows),
        suggestions=by_number or resolution.suggestions,
        rows=rows,
        quoted=tuple((row, _quoted(by_row[row])) for row in rows[:ROWS_AT_MOST] if row in by_row) if not name else (),
        typed_metal=typed_metal,
        by_number=bool(by_number),
    )


def _of_number(text: str, known: KnownFacilities) -> tuple[Suggestion, ...]:
    """The facilities whose number a text is."""
    number = text.strip().upper()
    named = [(facility, known.facility(facility)) for facility in known.with_cid(number)] if number else []
    return tuple(
        Suggestion(facility, standard.standard_name, standard.country, number, 100)
        for facility, standard in named
        if standard
    )


def _quoted(line: SmelterLine) -> str:
    """What stands in columns A to F of a row, the metal aside where it was understood."""
    metal = "" if line.metal else line.typed_metal
    texts = (line.typed_cid, metal, line.typed_lookup, line.typed_name, line.typed_country, line.typed_identification)
    return " | ".join(text for text in texts if text)
