"""Where a program year stands: who answered, what is open, what is still on its way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from tracelode.report.files import FIGURES, HELD_AGAINST_FROZEN, MANIFEST, SUPPLIERS
from tracelode.report.frozen_run import FrozenReport
from tracelode.report.trace.changes import DifferenceKind
from tracelode.report.trace.since_frozen import since_frozen
from tracelode.sources.program import due_date
from tracelode.submission import State
from tracelode_console.desk.choices import DEAD_LETTER_QUEUES
from tracelode_console.desk.installation import Installation
from tracelode_console.desk.published import Published, document, published, rows, tables

SOURCE_QUEUES: Final[Mapping[str, str]] = {"IntakeQueue": "suppliers' files", "ReferenceQueue": "reference files"}
_DEPTHS: Final = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_ORDER: Final = (
    State.REJECTED,
    State.NEEDS_CORRECTION,
    State.AWAITING,
    State.ACCEPTED_WITH_REMARKS,
    State.ACCEPTED,
)
"""What needs a person comes first."""


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """A supplier and what to do about it next; `received` is the date on which it last sent a CMRT, or ""."""

    supplier_id: str
    name: str
    state: str
    received: str
    errors: int
    warnings: int
    unidentified_lines: int
    next_step: str


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """The run that is to be filed, and how many figures, suppliers, facilities and passages the latest says otherwise.

    `readable` is False where the run is gone or damaged, so that these are not known.
    """

    run: str
    at: str
    by: str
    note: str
    data_cut_off: str
    responses_through: str
    readable: bool = True
    figures: int = 0
    suppliers: int = 0
    facilities: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """A program year at a moment. `run` is "" while nothing is published; `age` is the report's, in seconds.

    `frozen` is None while no run is named as the one to file.

    `pending` and `dead_letters` count messages by what they are about; `groups_behind` counts groups of suppliers of
    which something came in that their aggregate does not hold yet.
    """

    year: int
    run: str
    published_at: str
    age: int
    checked_at: str
    responded: int
    surveyed: int
    suppliers: tuple[SupplierLine, ...]
    open_names: int
    lapsing: int
    status_changed: int
    pending: Mapping[str, int]
    dead_letters: Mapping[str, int]
    groups_behind: int
    due: str
    days_left: int
    frozen: FrozenLine | None = None


def status_of(installation: Installation, year: int, *, now: datetime) -> Status:
    """Where a year stands. The report is read as published; queues and ledger say what it does not hold yet."""
    sqs, ledger = installation.clients.sqs, installation.ledger

    def depth(logical_id: str) -> int:
        answer = sqs.get_queue_attributes(QueueUrl=installation.queue_url(logical_id), AttributeNames=list(_DEPTHS))[
            "Attributes"
        ]
        return sum(int(answer[name]) for name in _DEPTHS)

    latest = published(installation, year)
    report = installation.results.frozen_report(year)
    wanted = HELD_AGAINST_FROZEN if report else (SUPPLIERS, FIGURES)
    files = tables(installation, latest, *wanted) if latest else {}
    status = assembled(
        year,
        latest,
        suppliers=rows(files[SUPPLIERS]) if latest else (),
        figures=document(files[FIGURES]) if latest else {},
        pending={about: depth(queue) for queue, about in SOURCE_QUEUES.items()},
        dead_letters={queue.name: depth(queue.logical_id) for queue in DEAD_LETTER_QUEUES},
        groups_behind=sum(ledger.groups.state(year, group).stale for group in ledger.groups.numbers(year)),
        now=now,
    )
    return replace(status, frozen=_frozen_line(report, files)) if report else status


_ABOUT: Final = {DifferenceKind.FIGURE: "figures", DifferenceKind.SUPPLIER: "suppliers"}


def _frozen_line(report: FrozenReport, files: Mapping[str, bytes]) -> FrozenLine:
    frozen = report.frozen
    version = document(files[MANIFEST])["software_version"] if files else ""
    since = since_frozen(report, files, software_version=version) if files else None
    about = Counter(_ABOUT.get(item.matter, "facilities") for item in since.differences) if since else Counter[str]()
    return FrozenLine(
        frozen.run,
        frozen.freeze.at,
        frozen.freeze.by,
        frozen.freeze.note,
        frozen.data_cut_off,
        frozen.responses_through,
        readable=report.files is not None,
        figures=about["figures"],
        suppliers=about["suppliers"],
        facilities=about["facilities"],
        passages=sum(since.texts.values()) if since else 0,
    )


def assembled(
    year: int,
    latest: Published | None,
    *,
    suppliers: Sequence[Mapping[str, str]],
    figures: Mapping[str, Any],
    pending: Mapping[str, int],
    dead_letters: Mapping[str, int],
    groups_behind: int,
    now: datetime,
) -> Status:
    """The status that these readings come down to. Suppliers out of scope are left out, as in the report's figures."""
    due = due_date(year)
    counted = figures.get("suppliers", {})
    smelters = figures.get("smelters", {})
    lines = [_line(row) for row in suppliers if row["in_scope"] == "yes" and row["on_roster"] == "yes"]
    return Status(
        year=year,
        run=latest.run if latest else "",
        published_at=_moment(latest.since) if latest else "",
        age=max(0, int((now - latest.since).total_seconds())) if latest else 0,
        checked_at=_moment(latest.confirmed) if latest else "",
        responded=counted.get("responded", 0),
        surveyed=counted.get("surveyed", 0),
        suppliers=tuple(sorted(lines, key=lambda line: (_ORDER.index(State(line.state)), line.supplier_id))),
        open_names=smelters.get("unidentified_names", 0),
        lapsing=smelters.get("lapsing_before_filing", 0),
        status_changed=smelters.get("status_changed", 0),
        pending=pending,
        dead_letters=dead_letters,
        groups_behind=groups_behind,
        due=due.isoformat(),
        days_left=(due - now.date()).days,
    )


def _line(row: Mapping[str, str]) -> SupplierLine:
    state, unidentified = State(row["state"]), int(row["unidentified_lines"])
    return SupplierLine(
        supplier_id=row["supplier_id"],
        name=row["name"],
        state=state.value,
        received=row["last_received"][:10],
        errors=int(row["errors"]),
        warnings=int(row["warnings"]),
        unidentified_lines=unidentified,
        next_step=_next_step(state, unidentified),
    )


def _next_step(state: State, unidentified: int) -> str:
    match state:
        case State.AWAITING:
            return "ask: tracelode remind"
        case State.REJECTED:
            return "ask for a readable CMRT: tracelode remind"
        case State.NEEDS_CORRECTION:
            return "ask for a correction: tracelode remind"
        case State.ACCEPTED_WITH_REMARKS:
            return "clear up the remarks on its feedback page"
    return "decide names in to-decide.csv" if unidentified else ""


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
