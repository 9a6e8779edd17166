"""The ledger's keys: every question that a function asks is answered by a key, never by a scan.

| question                                   | answered by                                                        |
|--------------------------------------------|--------------------------------------------------------------------|
| a supplier's submissions and withdrawals   | pk SUPPLIER#year#supplier, sk begins with SUBMISSION#, WITHDRAWAL# |
| what tally folds of a submission           | pk SUPPLIER#year#supplier, sk SUMMARY#...                          |
| which of its uploads were announced again  | pk SUPPLIER#year#supplier, sk begins with ANNOUNCED_AGAIN#         |
| where a supplier sits                      | pk SUPPLIER#year#supplier, sk SEAT                                 |
| which smelters a submission names          | pk SUPPLIER#year#supplier, sk begins with SMELTERS#...             |
| the same, as recorded before 0.2.0         | pk LINES#year#supplier#sha256, sk begins with LINE#                |
| a group's current submissions              | pk GROUP#year#group, sk begins with CURRENT#                       |
| the year's partials                        | pk GROUP#year#0..n, sk PARTIAL, n from YEAR#year SEATS             |
| which of a group's partials was announced  | pk GROUP#year#group, sk ANNOUNCED                                  |
| the parts of a value too large for an item | pk BLOB#year#sha256, sk begins with PART#                          |
| the reference data in force                | pk YEAR#year, sk begins with REFERENCE#                            |
| all reference data that was ever taken     | pk YEAR#year, sk begins with SNAPSHOT#                             |
| what the report was last found to rest on  | pk YEAR#year, sk VERIFIED                                          |
| how often what a report is made of changed | pk YEAR#year, sk CHANGED; publish listens to it alone              |
"""

import hashlib

SEATS = "SEATS"
VERIFIED = "VERIFIED"
CHANGED = "CHANGED"
ANNOUNCED = "ANNOUNCED"
SEAT = "SEAT"
PARTIAL = "PARTIAL"
CURRENT_PREFIX = "CURRENT#"
LINE_PREFIX = "LINE#"
PART_PREFIX = "PART#"
SUBMISSION_PREFIX = "SUBMISSION#"
SUMMARY_PREFIX = "SUMMARY#"
SMELTERS_PREFIX = "SMELTERS#"
WITHDRAWAL_PREFIX = "WITHDRAWAL#"
ANNOUNCED_AGAIN_PREFIX = "ANNOUNCED_AGAIN#"
REFERENCE_PREFIX = "REFERENCE#"
SNAPSHOT_PREFIX = "SNAPSHOT#"
LONGEST_VERSION_ID = 128
"""Characters of an object's version id that a sort key holds as it is; a longer one is hashed."""


def year_partition(year: int) -> str:
    """Partition of what a program year has one of: the count of seats dealt, the reference data in force."""
    return f"YEAR#{year}"


def supplier_partition(year: int, supplier_id: str) -> str:
    """Partition of a supplier's seat, submissions and withdrawals."""
    return f"SUPPLIER#{year}#{supplier_id}"


def lines_partition(year: int, supplier_id: str, sha256: str) -> str:
    """Partition of the smelter lines of one workbook, as releases before 0.2.0 recorded them; nothing is put there."""
    return f"LINES#{year}#{supplier_id}#{sha256}"


def group_partition(year: int, group: int) -> str:
    """Partition of a group's partial and of its suppliers' current submissions."""
    return f"GROUP#{year}#{group:05}"


def blob_partition(year: int, sha256: str) -> str:
    """Partition of the parts of a value that is too large for one item."""
    return f"BLOB#{year}#{sha256}"


def current(supplier_id: str) -> str:
    """Sort key of which of a supplier's submissions count."""
    return f"{CURRENT_PREFIX}{supplier_id}"


def submission(received: str, key: str, version_id: str) -> str:
    """Sort key of a submission's receipt, in order of receipt."""
    return f"{SUBMISSION_PREFIX}{_place(received, key, version_id)}"


def summary(received: str, key: str, version_id: str) -> str:
    """Sort key of a submission's summary."""
    return f"{SUMMARY_PREFIX}{_place(received, key, version_id)}"


def smelters(received: str, key: str, version_id: str, part: int) -> str:
    """Sort key of a part, counted from 1, of the smelters that a submission names."""
    return f"{smelters_prefix(received, key, version_id)}{part:02}"


def smelters_prefix(received: str, key: str, version_id: str) -> str:
    """What the sort keys of all parts of a submission's smelters begin with, and no other submission's."""
    return f"{SMELTERS_PREFIX}{_place(received, key, version_id)}#"


def withdrawal(at: str, key: str, version_id: str) -> str:
    """Sort key of a deletion."""
    return f"{WITHDRAWAL_PREFIX}{_place(at, key, version_id)}"


def announced_again(key: str, version_id: str) -> str:
    """Sort key of when a version, or a delete marker, was announced again."""
    return f"{ANNOUNCED_AGAIN_PREFIX}{_short_key(key)}#{_short(version_id)}"


def reference(kind: str) -> str:
    """Sort key of the snapshot in force of a kind of reference data."""
    return f"{REFERENCE_PREFIX}{kind}"


def snapshot(kind: str, received: str, key: str, version_id: str) -> str:
    """Sort key of a snapshot in the history of a kind of reference data."""
    return f"{SNAPSHOT_PREFIX}{kind}#{_place(received, key, version_id)}"


def blob_part(number: int) -> str:
    """Sort key of a part, counted from 0, of a value that is too large for one item."""
    return f"{PART_PREFIX}{number:05}"


def supplier_of(partition: str) -> str:
    """The supplier of a supplier's partition."""
    return partition.split("#", 2)[2]


def group_of(partition: str) -> tuple[int, int] | None:
    """The (year, group) of a group's partition; None for any other partition."""
    kind, *rest = partition.split("#")
    return (int(rest[0]), int(rest[1])) if kind == "GROUP" else None


def year_of(partition: str) -> int:
    """The program year that a partition belongs to."""
    return int(partition.split("#")[1])


def _place(time: str, key: str, version_id: str) -> str:
    return f"{time}#{_short_key(key)}#{_short(version_id)}"


def _short_key(key: str) -> str:
    # A file name may be long and in any script; its hash keeps sort keys short, and their order is by time anyway.
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _short(version_id: str) -> str:
    # S3 promises no more than 1,024 bytes, which is all that a sort key may have; what it gives out has 32.
    if len(version_id) <= LONGEST_VERSION_ID:
        return version_id
    return hashlib.sha256(version_id.encode()).hexdigest()
