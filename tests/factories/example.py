"""The example case as an interpretation, read from its files without the system around it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.factories.reviewing import review_reading
from tracelode.declarations.read import read_declaration
from tracelode.picture.facts import Facts
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.reference.assembly import assemble
from tracelode.reference.content import Content
from tracelode.reference.kinds import kind_of, take
from tracelode.review.summary import summarise
from tracelode.smelters.status import SmelterList, combine
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Aggregate, Standing, fold, seat_number

CASE = Path(__file__).parents[2] / "examples" / "qualys-2016"
RECEIVED = date(2017, 4, 19)


def example(replaced: Mapping[str, bytes] | None = None) -> Interpretation:
    """What the example's files mean, with some reference files replaced or added."""
    files = {path.name: path.read_bytes() for path in CASE.iterdir() if path.is_file() and kind_of(path.name)}
    contents = [take(name, data).content for name, data in sorted((files | dict(replaced or {})).items())]
    standings = [
        Standing(folder.name, seat_number(place), tuple(_submission(file) for file in sorted(folder.iterdir())))
        for place, folder in enumerate(sorted((CASE / "inbox").iterdir()))
    ]
    return interpret(facts_of(contents, fold(standings)))


def facts_of(contents: Sequence[Content], aggregate: Aggregate) -> Facts:
    """What files in force and an aggregate come to; lists keep the dates that they state themselves."""
    in_force = assemble((RECEIVED, content) for content in contents)
    lists = [content for content in contents if isinstance(content, SmelterList)]
    assert in_force.program
    return Facts(
        program=in_force.program,
        roster=in_force.suppliers,
        smelter_list=combine(*lists),
        aggregate=aggregate,
        references=(),
        known=in_force.known,
        last_year=in_force.last_year,
        sections=in_force.sections,
    )


def _submission(file: Path) -> SubmissionSummary:
    data = file.read_bytes()
    reading = read_declaration(data, file.name)
    assert reading.declaration
    sha256 = hashlib.sha256(data).hexdigest()
    findings = review_reading(reading, year=2016, received=RECEIVED)
    received = SubmissionSummary(
        sha256[:12], file.parent.name, f"2016/{file.parent.name}/{file.name}", "v1", sha256,
        f"{RECEIVED.isoformat()}T09:00:00.000Z", State.REJECTED,
    )  # fmt: skip
    return replace(summarise(received, reading, findings), state=State.NEEDS_CORRECTION)
