"""The kinds of reference files: how they are named, what they are for, and what reads them.

One table for everybody who meets such a file: the function that adopts it, publish, and the local case directory.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tracelode.declarations.template_look_up import NoTemplateLookUpError, read_template_look_up
from tracelode.lists.dates import date_in_name
from tracelode.lists.problems import Problem, ReferenceRefusedError
from tracelode.reference.content import Names, OfficialNames, Revisions, Taken
from tracelode.review.review import RULE_IDS
from tracelode.smelters import status
from tracelode.smelters.known import KnownName, NameSource
from tracelode.smelters.status import FacilityId, Listing, SmelterList
from tracelode.sources import last_year, program, register, roster
from tracelode.sources.last_year import parse_last_year
from tracelode.sources.official_template import template_version
from tracelode.sources.program import parse_program
from tracelode.sources.register import parse_dispositions
from tracelode.sources.rmi_exports import parse_reference_list, parse_revisions, parse_status_export
from tracelode.sources.roster import parse_roster
from tracelode.sources.status_list import parse_smelter_list

MAX_REFERENCE_BYTES = 30_000_000
"""Larger than any list, roster or template; a file beyond it is refused."""
MAX_NAME = 200
"""Characters of a reference file's name: it becomes a part of keys."""
_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """A kind of reference file.

    A file is of the first kind whose pattern `named` matches its name once that is in lower-case words
    ("RMAP_ConformantSmelters-2024-05-01.xml" is "rmap conformant smelters 2024 05 01.xml"). `example` is a name to
    give such a file. A newer file of a kind replaces an earlier one whatever it is called, unless each file counts by
    itself (`each_counts`), or for the part that `part_of` tells of its name.
    """

    name: str
    named: str
    example: str
    purpose: str
    parse: Callable[[str, bytes], Taken]
    is_status_list: bool = False
    each_counts: bool = False
    part_of: Callable[[str], str] | None = None

    def kept_as(self, file: str) -> str:
        """Under which name the ledger keeps a file of this kind."""
        if self.part_of:
            return f"{self.name}:{self.part_of(file)}"
        return f"{self.name}:{file}" if self.each_counts else self.name


def kind_of(file: str) -> ReferenceKind | None:
    """The kind of a file by its name; None for a name that nothing reads."""
    words = _in_words(file)
    return next((kind for kind in KINDS if re.fullmatch(kind.named, words)), None)


def kind_kept_as(kept_as: str) -> ReferenceKind | None:
    """The kind of what the ledger keeps under a name; None for one that this release does not know."""
    return _BY_NAME.get(kept_as.partition(":")[0])


def missing_for_report(kept: Iterable[str]) -> tuple[ReferenceKind, ...]:
    """What a report cannot do without and is not among the names that the ledger keeps; of alternatives the first."""
    present = {name.partition(":")[0] for name in kept}
    return tuple(_BY_NAME[names[0]] for names in REQUIRED_KINDS if not present & set(names))


def recognised(file: str) -> ReferenceKind:
    """The kind of a file by its name. Raises ReferenceRefusedError for a name that nothing reads."""
    kind = kind_of(file)
    if kind is None or len(file) > MAX_NAME or not file.isprintable():
        known = ", ".join(kind.example for kind in KINDS)
        raise ReferenceRefusedError(file, (Problem(f"no reference file is called so; known are {known}"),))
    return kind


def take(file: str, data: bytes) -> Taken:
    """What a reference file says.

    Raises ReferenceRefusedError with every problem, also for a name that nothing reads.
    """
    kind = recognised(file)
    if len(data) > MAX_REFERENCE_BYTES:
        raise ReferenceRefusedError(file, (Problem(f"larger than {MAX_REFERENCE_BYTES} bytes"),))
    return kind.parse(file, data)


def _in_words(file: str) -> str:
    stem, _, ending = file.rpartition(".")
    parted = _NEW_WORD.sub(" ", stem)
    words = " ".join(_WORD.findall(parted)).lower()
    return f"{words}.{ending.lower()}"


def _program(_file: str, data: bytes) -> Taken:
    return Taken(parse_program(data, RULE_IDS))


def _roster(file: str, data: bytes) -> Taken:
    surveyed = parse_roster(data, file)
    return Taken(surveyed, counted={"suppliers": len(surveyed.suppliers)})


def _smelter_list(file: str, data: bytes) -> Taken:
    return _status_list(parse_smelter_list(data, file))


def _status_export(standing: Listing | None) -> Callable[[str, bytes], Taken]:
    def parse(file: str, data: bytes) -> Taken:
        return _status_list(*parse_status_export(file, data, standing))

    return parse


def _status_list(listed: SmelterList, notes: tuple[str, ...] = ()) -> Taken:
    return Taken(listed, listed.as_of, notes, {"facilities": len(listed.facilities)})


def _dispositions(file: str, data: bytes) -> Taken:
    try:
        register = parse_dispositions(data)
    except ReferenceRefusedError as refusal:
        raise ReferenceRefusedError(file, refusal.problems) from None
    return Taken(register, date_in_name(file), counted={"decisions": len(register.decisions)})


def _reference_list(file: str, data: bytes) -> Taken:
    rows, notes, as_of = parse_reference_list(file, data)
    names = tuple(
        KnownName(row.facility, row.alias, row.standard_name, row.country, NameSource.REFERENCE_LIST, file)
        for row in rows
    )
    return Taken(Names(names), as_of, notes, _counted(names))


def _revisions(file: str, data: bytes) -> Taken:
    revisions, notes, as_of = parse_revisions(file, data)
    return Taken(Revisions(revisions), as_of, notes, {"revisions": len(revisions)})


def _template(file: str, data: bytes) -> Taken:
    try:
        rows = read_template_look_up(data)
    except NoTemplateLookUpError as error:
        raise ReferenceRefusedError(file, (Problem(error.reason),)) from None
    names = tuple(
        KnownName(FacilityId(row.metal, row.cid), row.alias, row.standard_name, row.country, NameSource.TEMPLATE, file)
        for row in rows
    )
    return Taken(OfficialNames(template_version(data), names), date_in_name(file), counted=_counted(names))


def _last_year(file: str, data: bytes) -> Taken:
    listed = parse_last_year(data, file)
    return Taken(listed, counted={"facilities": len(listed.facilities)})


def _section_of(file: str) -> str:
    """The section that a file's name says it is for: "Section Future Steps.txt" is for future-steps."""
    return _in_words(file).rpartition(".")[0].removeprefix("section ").replace(" ", "-")


def _section(file: str, data: bytes) -> Taken:
    # It knows every figure and every claim of a filing, which nobody who reads other kinds should load.

    # It knows every figure and every claim of a filing, which nobody who reads other kinds should load.
    from tracelode.own_text.own_sections import parse_own_section

    section = parse_own_section(_section_of(file), file, data)
    blank = () if section.text.strip() else ("blank: the section has the text again that it has without this file",)
    return Taken(section, notes=blank, counted={"characters": len(section.text)})


def _counted(names: tuple[KnownName, ...]) -> Mapping[str, int]:
    return {"facilities": len({known.facility for known in names}), "names": len(names)}


_LIST = r"\.(xml|xlsx|xls|csv)"
_STANDINGS = r".*\b(conformant|compliant|active|eligible|cross ?recogni)"

KINDS: tuple[ReferenceKind, ...] = (
    ReferenceKind(
        program.PROGRAM_FILE, r"program\.toml", program.PROGRAM_FILE, "the program year and the registrant", _program
    ),
    ReferenceKind(
        roster.ROSTER_FILE,
        r"suppliers\.(csv|xlsx)",
        roster.ROSTER_FILE,
        "the suppliers surveyed: supplier_id,name,contact_email,in_scope",
        _roster,
    ),
    ReferenceKind(
        status.SMELTER_LIST_FILE,
        rf"(?!{_STANDINGS})smelter ?list( .*)?\.csv",
        status.SMELTER_LIST_FILE,
        "the smelters' status: metal,cid,name,country,status",
        _smelter_list,
        is_status_list=True,
    ),
    ReferenceKind(
        register.DISPOSITIONS_FILE,
        r"(dispositions|to decide)( .*)?\.(csv|xlsx)",
        register.DISPOSITIONS_FILE,
        "what the team has decided about names: to-decide.csv of the report, filled in",
        _dispositions,
    ),
    ReferenceKind(
        last_year.LAST_YEAR_FILE,
        r"last ?year( .*)?\.(csv|xlsx)",
        last_year.LAST_YEAR_FILE,
        "last year's facilities: smelters.csv of last year's report",
        _last_year,
    ),
    ReferenceKind(
        "section",
        r"section .*\.txt",
        "section-future-steps.txt",
        "your own text for a section of the filing, with figures by name",
        _section,
        part_of=_section_of,
    ),
    ReferenceKind(
        "cmrt-template",
        r"(cmrt template.*|(.* )?rmi cmrt \d.*)\.(xlsx|xls)",
        "cmrt-template-6.5.xlsx",
        "an official CMRT, whose look-up tab says by which names smelters are known",
        _template,
        each_counts=True,
    ),
    ReferenceKind(
        "revision-list",
        rf"(.* )?revision\S*( .*)?{_LIST}",
        "revision-list.xml",
        "RMI's list of revisions: what changed about a facility, and why",
        _revisions,
    ),
    ReferenceKind(
        "reference-list",
        rf"(.* )?(reference ?list|(smelter|facility) ?reference)\S*( .*)?{_LIST}",
        "reference-list.xml",
        "RMI's smelter reference list: by which names smelters are known",
        _reference_list,
    ),
    ReferenceKind(
        "facility-list",
        rf"((?!{_STANDINGS})(.* )?(smelters?|facility|facilities) ?(list|status)\S*( .*)?"
        rf"|(?=.*\b(conformant|compliant))(?=.*\bactive).*){_LIST}",
        "facility-list.xlsx",
        "facilities of every standing in one list, with a status column",
        _status_export(None),
        is_status_list=True,
    ),
    ReferenceKind(
        "cross-recognized-list",
        rf"(.* )?cross ?recogni[sz]ed\S*( .*)?{_LIST}",
        "cross-recognized.xml",
        "RMI's list of facilities assessed under another programme",
        _status_export(Listing.CROSS_RECOGNIZED),
        is_status_list=True,
    ),
    ReferenceKind(
        "eligible-list",
        rf"(.* )?eligible\S*( .*)?{_LIST}",
        "eligible.xml",
        "RMI's list of facilities that are able to undergo an assessment",
        _status_export(Listing.ELIGIBLE),
        is_status_list=True,
    ),
    ReferenceKind(
        "conformant-list",
        rf"(?!.*\bnon (conformant|compliant))(.* )?(conformant|compliant)\S*( .*)?{_LIST}",
        "conformant-2024-05-01.xml",
        "RMI's list of conformant facilities; it counts together with the list of active ones",
        _status_export(Listing.CONFORMANT),
        is_status_list=True,
    ),
    ReferenceKind(
        "active-list",
        rf"(.* )?active\S*( .*)?{_LIST}",
        "active-2024-05-01.xml",
        "RMI's list of active facilities; it counts together with the list of conformant ones",
        _status_export(Listing.ACTIVE),
        is_status_list=True,
    ),
)
_BY_NAME: Mapping[str, ReferenceKind] = {kind.name: kind for kind in KINDS}

REQUIRED_KINDS: tuple[tuple[str, ...], ...] = (
    (program.PROGRAM_FILE,),
    (roster.ROSTER_FILE,),
    (status.SMELTER_LIST_FILE, "facility-list", "conformant-list"),
)
"""What a report cannot do without: of each row one kind. A status list without the conformant says too little."""
