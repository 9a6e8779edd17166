"""Values as bytes for the ledger: canonical JSON, compressed; the same value always gives the same bytes."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from tracelode.submission import UNKNOWN_ROW, DeclaredIdentity, Rows, State, SubmissionSummary
from tracelode.tally.aggregate import Naming, Partial, Seat, Standing
from tracelode.tally.current import Counted

_IDENTITY = len(fields(DeclaredIdentity))

SCHEMA = 2
"""Version of these shapes; stands in every blob, so that a later release can read what an earlier one wrote.

Schema 1 counted the lines of an identity and did not say on which rows they stand.
"""


def encode_summary(summary: SubmissionSummary) -> bytes:
    """A submission's summary as bytes."""
    return _pack(_summary_document(summary))


def decode_summary(blob: bytes) -> SubmissionSummary:
    """The summary that `encode_summary` made bytes of."""
    document = _unpack(blob)
    if document["schema"] == 1:
        document["identities"] = [[*named, *[UNKNOWN_ROW] * lines] for *named, lines in document["identities"]]
    return _summary(document)


def encode_partial(partial: Partial) -> bytes:
    """A group's partial as bytes."""
    return _pack(
        {
            "group": partial.group,
            "standings": [
                {
                    "supplier_id": standing.supplier_id,
                    "seat": standing.seat.seat,
                    "current": [_summary_document(summary) for summary in standing.current],
                    "rejected": _summary_document(standing.rejected) if standing.rejected else None,
                    "day": standing.day,
                    "before": _counted_document(standing.before) if standing.before else None,
                    "withdrawn": standing.withdrawn,
                    "taken_back": standing.taken_back,
                }
                for standing in partial.standings
            ],
            "identities": _namings_document(partial.identities),
            "before": _namings_document(partial.before),
        }
    )


def decode_partial(blob: bytes) -> Partial:
    """The partial that `encode_partial` made bytes of."""
    document = _unpack(blob)
    group = document["group"]
    return Partial(
        group=group,
        standings=tuple(
            Standing(
                supplier_id=standing["supplier_id"],
                seat=Seat(group, standing["seat"]),
                current=tuple(_summary(summary) for summary in standing["current"]),
                rejected=_summary(standing["rejected"]) if standing["rejected"] else None,
                # A release that knew nothing of the time before wrote none of these.
                day=standing.get("day", ""),
                before=_counted(standing["before"]) if standing.get("before") else None,
                withdrawn=tuple(standing.get("withdrawn", ())),
                taken_back=tuple(standing.get("taken_back", ())),
            )
            for standing in document["standings"]
        ),
        identities=_namings(document["identities"]),
        before=_namings(document.get("before", ())),
    )


def _counted_document(counted: Counted[SubmissionSummary]) -> dict[str, Any]:
    return {
        "current": [_summary_document(summary) for summary in counted.current],
        "rejected": _summary_document(counted.rejected) if counted.rejected else None,
    }


def _counted(document: dict[str, Any]) -> Counted[SubmissionSummary]:
    return Counted(
        current=tuple(_summary(summary) for summary in document["current"]),
        rejected=_summary(document["rejected"]) if document["rejected"] else None,
    )


def _namings_document(namings: Mapping[DeclaredIdentity, Naming]) -> list[list[Any]]:
    return [[*astuple(identity), *_naming_document(naming)] for identity, naming in sorted(namings.items())]


def _namings(entries: Iterable[list[Any]]) -> dict[DeclaredIdentity, Naming]:
    return {DeclaredIdentity(*entry[:_IDENTITY]): _naming(*entry[_IDENTITY:]) for entry in entries}


def _summary_document(summary: SubmissionSummary) -> dict[str, Any]:
    # Identities are keys that JSON cannot have, so they are set aside before the generic conversion.
    document = asdict(replace(summary, identities={}, origins={}, rows=()))
    document["rows"] = [rows[0] if len(rows) == 1 else rows for rows in summary.rows]
    document["identities"] = [[*astuple(identity), *rows] for identity, rows in sorted(summary.identities.items())]
    document["origins"] = [[*astuple(identity), *stated] for identity, stated in sorted(summary.origins.items())]
    return document


def _summary(document: dict[str, Any]) -> SubmissionSummary:
    known = {name: document[name] for name in SubmissionSummary.__dataclass_fields__ if name in document}
    known["state"] = State(known["state"])
    known["identities"] = {
        DeclaredIdentity(*entry[:_IDENTITY]): tuple(entry[_IDENTITY:]) for entry in document["identities"]
    }
    known["rows"] = tuple(map(_rows, document.get("rows", ())))
    known["origins"] = {DeclaredIdentity(*entry[:_IDENTITY]): tuple(entry[_IDENTITY:]) for entry in document["origins"]}
    return SubmissionSummary(**known)


@cache
def _alone(row: int) -> Rows:
    # One value for the many lines that stand on the same row of their lists: millions, of a few thousand rows.
    return (row,)


def _rows(stored: int | list[int]) -> Rows:
    return _alone(stored) if isinstance(stored, int) else tuple(stored)


def _naming_document(naming: Naming) -> list[Any]:
    origins = {stated: format(mask, "x") for stated, mask in naming.origins.items()}
    # Most namings have neither, and there are many of them.
    rest = [sorted(naming.partly.items()), origins] if naming.partly or origins else []
    return [format(naming.mask, "x"), sorted(naming.repeats.items()), *rest]


def _naming(
    mask: str,
    repeats: list[tuple[int, int]],
    partly: Iterable[tuple[int, list[int]]] = (),
    origins: Mapping[str, str] = MappingProxyType({}),
) -> Naming:
    return Naming(
        mask=int(mask, 16),
        repeats=dict(repeats),
        partly={seat: tuple(places) for seat, places in partly},
        origins={stated: int(held, 16) for stated, held in origins.items()},
    )


def _pack(document: dict[str, Any]) -> bytes:
    text = json.dumps({"schema": SCHEMA, **document}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode(), 6)


def _unpack(blob: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(zlib.decompress(blob))
    return document
