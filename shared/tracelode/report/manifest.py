"""What a report set was made from and what it consists of: `manifest.json`, and `sources.json` for where it lay."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from tracelode.own_text.own_sections import NOTHING_PLACED, PlacedSections
from tracelode.picture.interpretation import Interpretation
from tracelode.printing.canonical_json import to_json


@dataclass(frozen=True, slots=True)
class Input:
    """A file that the report rests on. `version_id` is a storage coordinate: it goes to `sources.json` alone."""

    kind: str
    key: str
    sha256: str
    received: str
    version_id: str
    details: Mapping[str, str]


def inputs(interpretation: Interpretation) -> tuple[Input, ...]:
    """The reference files, then each supplier's current submissions and its standing rejected one, by key.

    Earlier status lists, which are read for what changed, are among the reference files and marked as not in force.
    A rejected submission is an input as well: that nothing readable came is a statement of the report.
    """
    return (
        *sorted(_references(interpretation), key=_by_key),
        *sorted(_submissions(interpretation), key=_by_key),
    )


def manifest(
    interpretation: Interpretation,
    outputs: Mapping[str, bytes],
    *,
    own: PlacedSections = NOTHING_PLACED,
    software_version: str,
) -> bytes:
    """`manifest.json`: year, software version, inputs by key and SHA-256, outputs by name, SHA-256 and size.

    `own_sections` says which sections print a text of the team's, and which one was left out for which reasons.
    """
    return to_json(
        {
            "year": interpretation.facts.program.year,
            "software_version": software_version,
            "inputs": [_described(item) for item in inputs(interpretation)],
            "own_sections": [
                *({"section": name, "file": own.files[name], "printed": True} for name in own.texts),
                *({**asdict(left_out), "printed": False} for left_out in own.left_out),
            ],
            "outputs": {
                name: {"sha256": hashlib.sha256(outputs[name]).hexdigest(), "size": len(outputs[name])}
                for name in sorted(outputs)
            },
        }
    )


def sources(interpretation: Interpretation) -> bytes:
    """`sources.json`: the same inputs with their version ids, outside the content hash (invariant 5)."""
    return to_json(
        {
            "year": interpretation.facts.program.year,
            "inputs": [{**_described(item), "version_id": item.version_id} for item in inputs(interpretation)],
        }
    )


def _references(interpretation: Interpretation) -> Iterator[Input]:
    for reference in interpretation.facts.references:
        details = {"name": reference.name} | ({"as_of": reference.as_of} if reference.as_of else {})
        if not reference.in_force:
            details["in_force"] = "no"
        yield Input("reference", reference.key, reference.sha256, reference.received, reference.version_id, details)


def _submissions(interpretation: Interpretation) -> Iterator[Input]:
    for view in interpretation.suppliers:
        for submission in view.sent:
            yield Input(
                "submission",
                submission.key,
                submission.sha256,
                submission.received,
                submission.version_id,
                {"supplier_id": submission.supplier_id, "state": submission.state.value},
            )


def _described(item: Input) -> dict[str, str]:
    return {
        "kind": item.kind,
        "key": item.key,
        "sha256": item.sha256,
        "received": item.received,
        **item.details,
    }


def _by_key(item: Input) -> tuple[str, str, str]:
    return (item.key, item.received, item.sha256)
