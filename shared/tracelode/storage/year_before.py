"""Last year's facilities, as the latest report of the year before lists them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from tracelode.picture.facts import ReferenceInput
from tracelode.report.files import FACILITIES
from tracelode.sources import last_year
from tracelode.sources.last_year import LastYear, parse_last_year
from tracelode.storage import places
from tracelode.storage.results import Results


@dataclass(frozen=True, slots=True)
class YearBefore:
    """What the latest report of the year before lists, and what it is as an input of this year's.

    The input is named by where the file is always found and by its content's hash. The run's name, which depends on
    how often that year was published, is a storage coordinate like a version id.
    """

    listed: LastYear
    source: ReferenceInput


def facilities_of_the_year_before(year: int, kinds: Collection[str], results: Results) -> YearBefore | None:
    """The facilities of the latest report on the year before `year`; None where there is none.

    None as well where a file that says it is among the `kinds` of reference data in force: then the report before is
    no input, not even of what is said of the time before that file came.

    Runs are immutable, so that what was found stays what the pointer named. Raises AWS errors for what is worth
    another try.
    """
    if last_year.LAST_YEAR_FILE in kinds:
        return None
    pointer = results.pointer(year - 1)
    if FACILITIES not in pointer.files:
        return None
    data = results.read_run(year - 1, pointer.run, FACILITIES)
    if data is None:
        return None
    source = ReferenceInput(
        name=FACILITIES,
        key=places.latest_file(year - 1, FACILITIES),
        version_id=pointer.run,
        sha256=hashlib.sha256(data).hexdigest(),
        received="",
        kind=last_year.LAST_YEAR_FILE,
    )
    return YearBefore(parse_last_year(data, FACILITIES), source)


def digest_of_year_before(year: int, kinds: Collection[str], results: Results) -> str:
    """The SHA-256 of what `facilities_of_the_year_before` reads, without reading it; "" where it reads nothing."""
    if last_year.LAST_YEAR_FILE in kinds:
        return ""
    return results.pointer(year - 1).files.get(FACILITIES, "")
