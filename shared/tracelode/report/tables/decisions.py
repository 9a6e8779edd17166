"""Who is who: `to-decide.csv` for the team to fill in, `resolutions.csv` for how every declared name was identified.

Both are for the compliance team alone; neither a decision nor who took it is ever shown to a supplier.
"""

from collections.abc import Iterator

from tracelode.picture.declared import declared, evidence
from tracelode.picture.interpretation import Interpretation
from tracelode.report.tables.tables import csv_table
from tracelode.sources.register import Undecided, to_decide_csv
from tracelode.submission import DeclaredIdentity

RESOLUTION_COLUMNS = (
    "metal", "declared_cid", "declared_name", "declared_country", "outcome", "step", "cid", "facility_metal",
    "evidence", "doubts", "lines", "suppliers",
)  # fmt: skip


def to_decide(interpretation: Interpretation) -> bytes:
    """`to-decide.csv`: the decisions in force as they stand, then each unidentified name with empty decision columns.

    With the decision columns filled in it is the register of dispositions (tracelode.smelters.dispositions): dropped
    into the reference bucket it resolves the names.
    """
    return to_decide_csv(interpretation.facts.dispositions, undecided(interpretation))


def undecided(interpretation: Interpretation) -> tuple[Undecided, ...]:
    """The unidentified names as the register takes them; it puts together those that one decision covers."""
    return tuple(
        Undecided(
            DeclaredIdentity(name.metal, name.cid, name.name, name.country),
            name.lines,
            name.suppliers,
            name.resolution.suggestions if name.resolution else (),
        )
        for name in interpretation.unidentified
    )


def resolutions_csv(interpretation: Interpretation) -> bytes:
    """Every declared identity of in-scope suppliers, one a row; `evidence` has each step taken and what it came to."""
    return csv_table(RESOLUTION_COLUMNS, _resolution_rows(interpretation))


def _resolution_rows(interpretation: Interpretation) -> Iterator[tuple[str, ...]]:
    for item in declared(interpretation):
        resolution = item.resolution
        identity, facility = resolution.identity, resolution.facility
        yield (
            identity.metal, identity.cid, identity.name, identity.country, resolution.outcome.value,
            resolution.step.value, facility.cid if facility else "", facility.metal.value if facility else "",
            evidence(resolution), " ".join(resolution.doubts), str(item.lines), str(item.suppliers),
        )  # fmt: skip
