"""What a function's answer says about its batch (Lambda, ReportBatchItemFailures), and its log about errors."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracelode.printing.printable import shortened
from tracelode_local.delivery.environments import Outcome

_BAD_LEVELS: Final = ("CRITICAL", "ERROR", "WARNING")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which items of a batch failed, and whether the batch failed as a whole rather than item by item."""

    failed: frozenset[str]
    whole: bool = False


def verdict(outcome: Outcome, identifiers: Collection[str], reports_failures: bool) -> Verdict:
    """What an invocation's outcome means for the items of its batch.

    The whole batch failed after an exception, a crash or a time-out; also where the answer has an empty or unknown
    identifier or is no answer of this kind at all. Nothing failed where the mapping does not ask for reports or the
    answer has no list.
    """
    everything = Verdict(frozenset(identifiers), whole=True)
    if outcome.failed:
        return everything
    if not reports_failures or outcome.answer is None:
        return Verdict(frozenset())
    if not isinstance(outcome.answer, Mapping):
        return everything
    listed = outcome.answer.get("batchItemFailures") or ()
    failed: list[Any] = [entry.get("itemIdentifier") if isinstance(entry, Mapping) else None for entry in listed]
    return Verdict(frozenset(failed)) if all(item in everything.failed for item in failed) else everything


def explanation(outcome: Outcome, identifier: str = "") -> str:
    """Why an item failed, on one line.

    The invocation's own error, or else the last bad line of its log: one that names the item before any other.
    """
    if outcome.failed:
        return shortened(outcome.error)
    bad = [entry for entry in map(_log_entry, outcome.log.splitlines()) if entry]
    naming = [text for line, text in bad if identifier and identifier in line]
    return shortened((naming or [text for _, text in bad] or ["reported as failed, without a word in the log"])[-1])


def _log_entry(line: str) -> tuple[str, str] | None:
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, Mapping) or entry.get("level") not in _BAD_LEVELS:
        return None
    exception = str(entry.get("exception", "")).strip().rpartition("\n")[2]
    said = (str(entry.get(name, "")) for name in ("message", "error", "code"))
    return line, ": ".join(part for part in (*said, exception) if part)
