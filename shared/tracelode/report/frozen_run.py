"""The run that is to be filed: which it is, who said so and when, and what it was made of."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tracelode.printing.canonical_json import to_json
from tracelode.printing.printable import shortened
from tracelode.report.files import FIGURES, HELD_AGAINST_FROZEN, MANIFEST


@dataclass(frozen=True, slots=True)
class Freeze:
    """Somebody named a run as the one to file: `at` in ISO 8601 (UTC), `by` and `note` as they were typed."""

    run: str
    at: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FrozenRun:
    """The run in force as the one to file. `files` are its files by name with their SHA-256.

    `data_cut_off` is the UTC date of its newest response, `responses_through` the last day whose responses count by its
    profile, "" for none; `inputs` counts the files that it was made of, all of which its manifest names. `replaced` are
    the freezes before, the newest first. `etag` is what replacing it has to match, "" where it is not stored yet.
    """

    freeze: Freeze
    files: Mapping[str, str]
    data_cut_off: str = ""
    responses_through: str = ""
    inputs: int = 0
    replaced: tuple[Freeze, ...] = ()
    etag: str = ""

    @property
    def run(self) -> str:
        """The run's name."""
        return self.freeze.run

    @property
    def held(self) -> Mapping[str, str]:
        """The files that a later report is held against, with their SHA-256. Raises KeyError where one is missing."""
        return {name: self.files[name] for name in HELD_AGAINST_FROZEN}


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """The frozen run with those of its files that a later report is held against; None where one of them is gone or is
    another."""

    frozen: FrozenRun
    files: Mapping[str, bytes] | None


def frozen_as(
    freeze: Freeze, files: Mapping[str, str], report: Mapping[str, bytes], before: FrozenRun | None
) -> FrozenRun:
    """What there is to store of a run that is named as the one to file; `report` has its figures and its manifest."""
    figures, manifest = json.loads(report[FIGURES]), json.loads(report[MANIFEST])
    typed = Freeze(freeze.run, freeze.at, shortened(freeze.by), shortened(freeze.note))
    return FrozenRun(
        typed,
        files,
        data_cut_off=figures.get("data_cut_off", ""),
        responses_through=figures.get("responses_through", ""),
        inputs=len(manifest["inputs"]),
        replaced=(before.freeze, *before.replaced) if before and before.run else (),
        etag=before.etag if before else "",
    )


def frozen_json(frozen: FrozenRun) -> bytes:
    """`frozen.json`."""
    stored: dict[str, Any] = {name: value for name, value in asdict(frozen).items() if name not in ("etag", "freeze")}
    return to_json({**asdict(frozen.freeze), **stored})


def read_frozen(data: bytes, etag: str) -> FrozenRun:
    """What `frozen.json` says; of one that is none of ours only that it is there, with "" for the run.

    A report must not fail because somebody has edited the file by hand.
    """
    try:
        stored = json.loads(data)
        frozen = FrozenRun(
            _freeze(stored),
            {str(name): str(sha256) for name, sha256 in stored["files"].items()},
            data_cut_off=_day(stored["data_cut_off"]),
            responses_through=_day(stored["responses_through"]),
            inputs=int(stored["inputs"]),
            replaced=tuple(_freeze(each) for each in stored["replaced"]),
            etag=etag,
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return FrozenRun(Freeze("", "", ""), {}, etag=etag)
    return frozen


def _freeze(stored: Any) -> Freeze:
    run, by, note = (shortened(stored[name]) for name in ("run", "by", "note"))
    return Freeze(run, datetime.fromisoformat(stored["at"]).isoformat().replace("+00:00", "Z"), by, note)


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat() if text else ""
