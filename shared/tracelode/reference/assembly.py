"""The reference files in force, put together to what they say as one."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from tracelode.picture.reference_in_force import ReferenceInForce
from tracelode.reference.content import Content, Revisions, known_names_in
from tracelode.smelters.dispositions import NOTHING_DECIDED, Dispositions
from tracelode.smelters.known import known_facilities
from tracelode.smelters.status import SmelterList, combine, placed
from tracelode.sources.last_year import LastYear
from tracelode.sources.own_section import OwnSection
from tracelode.sources.program import Program
from tracelode.sources.roster import Roster

_Kind = TypeVar("_Kind")

Dated = tuple[date, Content]
"""What a file says, and the date that it counts as of."""


def assemble(files: Iterable[Dated]) -> ReferenceInForce:
    """What files say together, in the order of their kinds: one of each, but of those that count each by itself."""
    standing = tuple(files)
    contents = [content for _, content in standing]
    roster = _first(Roster, contents)
    return ReferenceInForce(
        program=_first(Program, contents),
        suppliers=roster.suppliers if roster else (),
        smelter_list=status_picture(standing),
        known=known_facilities(name for content in contents for name in known_names_in(content)),
        dispositions=_first(Dispositions, contents) or NOTHING_DECIDED,
        revisions=tuple(each for content in contents if isinstance(content, Revisions) for each in content.revisions),
        last_year=_first(LastYear, contents),
        sections=tuple(content for content in contents if isinstance(content, OwnSection)),
    )


def status_picture(files: Iterable[Dated]) -> SmelterList:
    """The picture of the facilities' status that counts among the status lists; other kinds are passed over."""
    return combine(*(placed(content, as_of) for as_of, content in files if isinstance(content, SmelterList)))


def _first(kind: type[_Kind], contents: Sequence[Content]) -> _Kind | None:
    return next((content for content in contents if isinstance(content, kind)), None)
