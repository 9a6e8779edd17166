"""What happens to the system in the sweep: several suppliers, changes of mind, lists, a decision, bad files."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from examples.specimen import complete_specimen
from tests.fault.lab import YEAR, Lab
from tests.integration.test_flows import LIST, PROGRAM, workbook

ROSTER = (
    b"supplier_id,name,contact_email,in_scope\n"
    b"acme,Acme,a@example.com,yes\nbeta,Beta,b@example.com,yes\ngamma,Gamma,c@example.com,yes\n"
)
NEWER_LIST = LIST.replace(b"active", b"conformant")
DECIDED = (
    b"metal,declared_cid,declared_name,declared_country,decision,cid,decided_by,decided_on,reason\n"
    b"Tin,,Two,,is,CID000002,Example Person,2017-01-05,the only one of that name\n"
)

Step = Callable[[Lab], object]


@lru_cache(maxsize=64)
def file(*cids: str, scope: str = "A") -> bytes:
    """A workbook that lists these facilities, for the company (A) or for some of its products (C)."""
    company = replace(complete_specimen().company, scope=scope, scope_description="" if scope == "A" else "Part 7")
    return workbook(*cids, company=company)


def moments() -> Iterator[str]:
    """Receipt times, each later than the one before."""
    return (f"2017-02-01T08:{number // 60:02}:{number % 60:02}.000Z" for number in itertools.count(1))


def steps() -> tuple[Step, ...]:
    """The scenario, each step of which is delivered before the next comes. Built anew for each run."""
    clock = moments()
    inbox = f"{YEAR}/"

    def upload(key: str, body: bytes) -> Step:
        at = next(clock)
        return lambda lab: lab.upload(inbox + key, body, at)

    def delete(key: str) -> Step:
        at = next(clock)
        return lambda lab: lab.delete(inbox + key, at)

    def refer(name: str, body: bytes) -> Step:
        at = next(clock)
        return lambda lab: lab.refer(name, body, at)

    def together(*parts: Step) -> Step:
        return lambda lab: [part(lab) for part in parts]

    return (
        together(refer("program.toml", PROGRAM), refer("suppliers.csv", ROSTER), refer("smelter-list.csv", LIST)),
        upload("acme/cmrt.xlsx", file("CID000001", "CID000002")),
        together(
            upload("beta/cmrt.xlsx", file("CID000003")),
            upload("gamma/part.xlsx", file("CID000004", "CID000001", "CID000002", scope="C")),
        ),
        upload("beta/cmrt.xlsx", file("CID000001", "CID000003")),
        together(upload("beta/broken.xlsx", b"PK broken"), upload("gamma/part.xlsx", file("CID000004", scope="C"))),
        upload("acme/newer.xlsx", file("CID000004")),
        delete("acme/newer.xlsx"),
        refer("smelter-list.csv", NEWER_LIST),
        refer("dispositions.csv", DECIDED),
        upload("acme/again.xlsx", file("CID000001", "CID000002")),
    )
