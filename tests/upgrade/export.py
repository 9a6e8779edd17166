"""Exports what a release stores: the raw items, objects and results of a small run, as a fixture for later releases.

    python -m tests.upgrade.export tests/fixtures/releases/0.1.0.json

Run it with the code of the release, before its successor changes any stored shape, and commit the file. It uses nothing
but the flows, so it can be copied into an older checkout.
"""

import argparse
import base64
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from examples.specimen import (
    LookUpEntry,
    ProductRow,
    SmelterRow,
    complete_specimen,
    not_listed,
    not_yet_identified,
    special_entries,
    write_cmrt,
)
from tests.integration.conftest import Account, new_account
from tracelode import __version__
from tracelode.flow.adopt_reference import adopt_reference
from tracelode.flow.publish_report import publish_report
from tracelode.flow.reconcile_year import reconcile_year
from tracelode.flow.record_submission import record_submission
from tracelode.flow.tally_group import tally_group
from tracelode.storage.objects import ObjectEvent

YEAR = 2016
PROGRAM = b'year = 2016\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n'
SUPPLIERS = ("acme", "beta", "gamma", "delta", "epsilon", "zeta", "eta")
LOOK_UP = (
    LookUpEntry("Gold", "One", "One", "JAPAN", "CID000001"),
    LookUpEntry("Gold", "One Refining", "One", "JAPAN", "CID000001"),
    LookUpEntry("Tin", "Two", "Two", "PERU", "CID000002"),
    LookUpEntry("Tantalum", "Three", "Three", "ZAMBIA", "CID000003"),
    LookUpEntry("Tungsten", "Four", "Four", "CHINA", "CID000004"),
    *special_entries(),
)


@dataclass
class Release:
    """A small account, and what was dropped into it, in order."""

    account: Account
    events: list[dict[str, Any]]

    def drop(self, bucket: str, key: str, body: bytes, at: str) -> None:
        """Put a file and have the release take it."""
        put = self.account.s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata={"received": at})
        self._take(bucket, ObjectEvent(key, put["VersionId"], at, deleted=False), body)

    def delete(self, key: str, at: str) -> None:
        """Delete a supplier's file and have the release take that."""
        self.account.s3.delete_object(Bucket="inbox", Key=key)
        self._take("inbox", ObjectEvent(key, "", at, deleted=True), b"")

    def _take(self, bucket: str, event: ObjectEvent, body: bytes) -> None:
        take(self.account, bucket, event)
        self.events.append(
            {
                "bucket": bucket,
                "key": event.key,
                "version_id": event.version_id,
                "received": event.time,
                "deleted": event.deleted,
                "content": base64.b64encode(body).decode(),
            }
        )

    def publish(self) -> None:
        """Do what is left to do."""
        its = self.account
        for group in its.ledger.groups.numbers(YEAR):
            tally_group(YEAR, group, its.ledger)
        publish_report(YEAR, its)


def take(account: Account, bucket: str, event: ObjectEvent) -> None:
    """Record a supplier's file, or adopt a reference file."""
    if bucket == "reference":
        adopt_reference(event, account)
    else:
        record_submission(event, account)


def history(release: Release) -> None:
    """What suppliers and the compliance team did: every state, scope and kind of line that is stored in its own way."""
    clock = (f"2017-02-01T08:{minute:02}:00.000Z" for minute in itertools.count(1))

    def refer(name: str, body: bytes) -> None:
        release.drop("reference", f"{YEAR}/{name}", body, next(clock))

    def upload(name: str, body: bytes) -> None:
        release.drop("inbox", f"{YEAR}/{name}", body, next(clock))

    refer("program.toml", PROGRAM)
    refer("suppliers.csv", _roster())
    refer("smelter-list.csv", _list("active"))
    upload("acme/cmrt.xlsx", _workbook("Acme", SmelterRow(cid="CID000001"), SmelterRow(cid="CID000002")))
    upload("beta/parts.xlsx", _workbook("Beta", *_of_every_kind(), scope="B"))
    upload("gamma/cmrt.xlsx", _workbook("Gamma", SmelterRow(cid="CID000003")))
    upload("gamma/newer.xlsx", b"not a workbook")
    upload("delta/cmrt.xlsx", _workbook("Delta", SmelterRow(cid="CID000004")))
    upload("epsilon/cmrt.xlsx", _workbook("", SmelterRow(cid="CID000001"), SmelterRow(cid="CID000003")))
    upload("eta/cmrt.xlsx", _workbook("Eta", SmelterRow(cid="CID000002")))
    release.publish()
    reconciled = reconcile_year(YEAR, release.account, full=True)
    if (reconciled.stale, reconciled.drift) != (0, 0):
        raise AssertionError(reconciled)
    refer("dispositions.csv", _decisions())
    refer("smelter-list.csv", _list("conformant"))
    upload("acme/cmrt.xlsx", _workbook("Acme", *_of_every_kind()))
    release.delete(f"{YEAR}/delta/cmrt.xlsx", next(clock))
    release.publish()


def unfinished(release: Release) -> None:
    """One more upload, recorded and neither tallied nor published: an upgrade does not wait for a quiet moment."""
    body = _workbook("Beta", SmelterRow(cid="CID000004"), SmelterRow(cid="CID000002"))
    release.drop("inbox", f"{YEAR}/beta/all.xlsx", body, "2017-02-01T09:00:00.000Z")


def _of_every_kind() -> Iterator[SmelterRow]:
    yield SmelterRow(cid="CID000001", mine="Mine A", mine_country="RWANDA", recycled="No")
    yield SmelterRow(metal="Gold", lookup="One Refining")
    yield SmelterRow(metal="Gold", lookup="One Refining", mine_country="JAPAN", recycled="Yes")
    yield SmelterRow(cid="CID000002", city="Lima", comments="asked again")
    yield not_listed("Tin", "Works that nobody knows", "BRAZIL")
    yield not_listed("Tin", "Works that nobody knows", "BRAZIL")
    yield not_listed("Gold", "A dealer", "PERU")
    yield not_yet_identified("Tin")


def _workbook(company: str, *rows: SmelterRow, scope: str = "A") -> bytes:
    specimen = complete_specimen(company, list(rows), LOOK_UP)
    products = (ProductRow("P-1", "Part"),) if scope == "B" else ()
    return write_cmrt(
        replace(specimen, company=replace(specimen.company, name=company, scope=scope), products=products)
    )


def _roster() -> bytes:
    rows = [f"{s},{s.title()},{s}@example.com,{'no' if s == 'eta' else 'yes'}" for s in SUPPLIERS]
    return "\n".join(("supplier_id,name,contact_email,in_scope", *rows, "")).encode()


def _list(tin: str) -> bytes:
    rows = ("Gold,CID000001,One,JAPAN,conformant", f"Tin,CID000002,Two,PERU,{tin}")
    return "\n".join(("metal,cid,name,country,status", *rows, "")).encode()


def _decisions() -> bytes:
    heading = "metal,declared_cid,declared_name,declared_country,decision,cid,decided_by,decided_on,reason"
    rows = (
        "Tin,,Works that nobody knows,,is,CID000002,Example Person,2017-01-05,asked by telephone",
        "Gold,,A dealer,,not a smelter,,Example Person,2017-01-05,trades only",
    )
    return "\n".join((heading, *rows, "")).encode()


def exported(release: Release) -> dict[str, Any]:
    """All that is stored, as JSON takes it: at rest, and what is another item once there is unfinished work."""
    s3 = release.account.s3
    stored = {key: s3.get_object(Bucket="results", Key=key)["Body"].read() for key in release.account.keys("")}
    pointer = json.loads(stored[f"{YEAR}/latest.json"])
    # `latest/` is a copy of the run.
    wanted = (f"{YEAR}/latest.json", f"{YEAR}/runs/{pointer['run']}/")
    return {
        "release": __version__,
        "year": YEAR,
        "events": release.events,
        "items": _items(release),
        "results": {
            key: base64.b64encode(body).decode() for key, body in sorted(stored.items()) if key.startswith(wanted)
        },
    }


def _items(release: Release) -> list[dict[str, Any]]:
    return sorted(map(_plain, release.account.items()), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in sorted(item.items())
    }


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade.export", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write, named by the release")
    given = parser.parse_args(arguments)
    with new_account() as account:
        release = Release(account, [])
        history(release)
        document = exported(release)
        unfinished(release)
        document["unfinished"] = {
            "event": release.events.pop(),
            "items": [item for item in _items(release) if item not in document["items"]],
        }
    given.file.parent.mkdir(parents=True, exist_ok=True)
    given.file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
