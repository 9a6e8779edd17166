"""The example case as an interpretation, read from its files without the system around it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tracelode.declarations.read import read_declaration
from tracelode.flow.record_submission import summarise
from tracelode.picture.facts import Facts
from tracelode.picture.interpretation import Interpretation, interpret
from tracelode.reference.kinds import Taken, kind_of, take
from tracelode.review.reading import review_reading
from tracelode.smelters.known import known_facilities
from tracelode.submission import State, SubmissionSummary
from tracelode.tally.aggregate import Standing, fold, seat_number

CASE = Path(__file__).parents[2] / "examples" / "qualys-2016"
RECEIVED = date(2017, 4, 19)


def example(replaced: Mapping[str, bytes] | None = None) -> Interpretation:
    """What the example's files mean, with some reference files replaced or added."""
    files = {path.name: path.read_bytes() for path in CASE.iterdir() if path.is_file() and kind_of(path.name)}
    taken = {name: take(name, data) for name, data in (files | dict(replaced or {})).items()}
    standings = [
        Standing(folder.name, seat_number(place), tuple(_submission(file) for file in sorted(folder.iterdir())))
        for place, folder in enumerate(sorted((CASE / "inbox").iterdir()))
    ]
    return interpret(
        Facts(
            program=_only(taken, "program"),
            roster=_only(taken, "suppliers"),
            smelter_list=_only(taken, "smelter_list"),
            aggregate=fold(standings),
            references=(),
            known=known_facilities(name for one in taken.values() for name in one.names),
            last_year=next((one.last_year for one in taken.values() if one.last_year), None),
            sections=tuple(one.section for one in taken.values() if one.section),
        )
    )


def _only(taken: Mapping[str, Taken], what: str):
    (said,) = [getattr(one, what) for one in taken.values() if getattr(one, what) is not None]
    return said


def _submission(file: Path) -> SubmissionSummary:
    data = file.read_bytes()
    reading = read_declaration(data, file.name)
    assert reading.declaration
    sha256 = hashlib.sha256(data).hexdigest()
    findings = review_reading(reading, year=2016, received=RECEIVED)
    rules: dict[str, dict[str, int]] = {}
    for finding in findings:
        by_severity = rules.setdefault(finding.rule, {})
        by_severity[finding.severity.value] = by_severity.get(finding.severity.value, 0) + 1
    received = SubmissionSummary(
        sha256[:12], file.parent.name, f"2016/{file.parent.name}/{file.name}", "v1", sha256,
        f"{RECEIVED.isoformat()}T09:00:00.000Z", State.NEEDS_CORRECTION, rules=rules,
    )  # fmt: skip
    return summarise(received, reading.declaration)
