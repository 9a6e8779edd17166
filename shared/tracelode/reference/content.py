"""What a reference file can say: one of these, by its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tracelode.declarations.templates.versions import TemplateVersion
from tracelode.smelters.dispositions import Dispositions
from tracelode.smelters.known import KnownName, NameSource
from tracelode.smelters.status import SmelterList
from tracelode.sources.last_year import LastYear
from tracelode.sources.own_section import OwnSection
from tracelode.sources.program import Program
from tracelode.sources.rmi_exports import Revision
from tracelode.sources.roster import Roster


@dataclass(frozen=True, slots=True)
class Names:
    """By which names RMI's reference list knows facilities."""

    names: tuple[KnownName, ...]


@dataclass(frozen=True, slots=True)
class OfficialNames:
    """By which names the look-up tab of an official template knows facilities; no version for one of the old format."""

    version: TemplateVersion | None
    names: tuple[KnownName, ...]


@dataclass(frozen=True, slots=True)
class Revisions:
    """What changed about facilities and why, in RMI's order."""

    revisions: tuple[Revision, ...]


Content: TypeAlias = (
    Program | Roster | SmelterList | Dispositions | Names | OfficialNames | Revisions | LastYear | OwnSection
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A reference file that was read: what it says, and what is doubtful in it.

    `as_of` is the date that the file is about, by its name or its content, None where it states none. `counted` has
    how much of what was found.
    """

    content: Content
    as_of: date | None = None
    notes: tuple[str, ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)


def known_names_in(content: Content) -> tuple[KnownName, ...]:
    """By which names a file says that facilities are known; none for a kind that says nothing of names."""
    match content:
        case Names(names) | OfficialNames(_, names):
            return names
        case SmelterList():
            return tuple(
                KnownName(listed.facility, name, listed.name, listed.country, NameSource.REFERENCE_LIST, listed.file)
                for listed in content.facilities.values()
                for name in (listed.name, *listed.aliases)
            )
        case _:
            return ()
