"""One story that goes through everything the functions do: what arrives, changes, is taken back, and what is wrong."""

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msoffcrypto

from examples.specimen import SAMPLE_LOOK_UP, SmelterRow, complete_specimen, write_cmrt
from tests.factories.cases import ListRow, RosterRow, write_case
from tracelode.smelters import status
from tracelode.sources import program, roster
from tracelode_local.engine import LocalSystem
from tracelode_local.feed import Feed

YEARS = (2016, 2017)
REFERENCES = (program.PROGRAM_FILE, roster.ROSTER_FILE, status.SMELTER_LIST_FILE)
EXCELS_OWN_PASSWORD = "VelvetSweatshop"  # noqa: S105  known to everybody: Excel opens such a file without asking
RECEIVED = datetime(2017, 3, 1, 9, 30, tzinfo=UTC)
TWO_LISTED = [ListRow(e.metal, e.cid, e.name, e.country, "conformant") for e in SAMPLE_LOOK_UP[:2]]
ONE_LISTED = TWO_LISTED[:1]


def workbook(name: str, *cids: str) -> bytes:
    """A complete declaration that names these of the sample's facilities, or all of them."""
    rows = [SmelterRow(cid=cid) for cid in cids] if cids else None
    return write_cmrt(complete_specimen(name, rows, SAMPLE_LOOK_UP))


def incomplete_workbook() -> bytes:
    """A declaration without its company's name: it comes back with that cell marked."""
    specimen = complete_specimen("Example", None, SAMPLE_LOOK_UP)
    return write_cmrt(replace(specimen, company=replace(specimen.company, name="")))


@cache
def protected_workbook(name: str) -> bytes:
    """A declaration under the password that Excel itself uses for write protection; salted once, then the same."""
    locked = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(workbook(name))).encrypt(EXCELS_OWN_PASSWORD, locked)
    return locked.getvalue()


def reference_files(tmp_path: Any, year: int, smelters: Iterable[ListRow] = TWO_LISTED) -> dict[str, bytes]:
    """A year's three reference files by name."""
    folder = tmp_path / f"reference-{year}"
    suppliers = [RosterRow("acme"), RosterRow("other"), RosterRow("locked")]
    write_case(folder, year=year, suppliers=suppliers, smelter_list=smelters, inbox={})
    return {name: (folder / name).read_bytes() for name in REFERENCES}


def two_suppliers(system: LocalSystem, tmp_path: Any, year: int = YEARS[0]) -> Feed:
    """The first half: reference files and three suppliers' workbooks, one of which lacks an answer."""
    feed = Feed(system, year)
    for name, content in reference_files(tmp_path, year).items():
        feed.reference(name, content, RECEIVED)
    # What suppliers are told speaks of the reference data in force when they are told.
    system.drain()
    feed.document("acme/a.xlsx", workbook("Acme"), RECEIVED)
    feed.document("other/b.xlsx", incomplete_workbook(), RECEIVED)
    feed.document("locked/c.xlsx", protected_workbook("Locked"), RECEIVED)
    system.drain()
    return feed


def second_thoughts(system: LocalSystem, tmp_path: Any, feed: Feed, year: int = YEARS[0]) -> None:
    """The second half: replaced, repeated, withdrawn and unreadable files, a refused roster, a new smelter list;
    then the schedules come round."""
    feed.document("acme/a.xlsx", workbook("Acme", "CID900001", "CID900002"), RECEIVED)
    feed.document("acme/copy of a.xlsx", workbook("Acme", "CID900001", "CID900002"), RECEIVED)
    feed.document("other/d.xlsx", b"this is no workbook", RECEIVED)
    feed.withdraw("locked/c.xlsx")
    feed.reference(roster.ROSTER_FILE, b"supplier_id,name\nb?d,Bad Ltd\n", RECEIVED)
    system.drain()
    feed.reference(
        status.SMELTER_LIST_FILE, reference_files(tmp_path, year, ONE_LISTED)[status.SMELTER_LIST_FILE], RECEIVED
    )
    system.drain()
    assert system.tick() == ()


def latest(system: LocalSystem, year: int) -> dict[str, bytes]:
    """The files of `latest/` by name, but for the one that holds storage coordinates."""
    found = results(system, f"{year}/latest/")
    return {name: content for name, content in found.items() if name != "sources.json"}


def results(system: LocalSystem, prefix: str) -> dict[str, bytes]:
    """What lies in the results bucket below a prefix."""
    s3, bucket = system.clients.s3, system.results_bucket
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return {key.removeprefix(prefix): s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
