"""What tests know of facilities: the example's annex, and a few made-up facilities."""

import csv
import io
from functools import cache
from pathlib import Path

from tracelode.minerals import Mineral
from tracelode.smelters.known import KnownFacilities, KnownName, NameSource, known_facilities
from tracelode.smelters.status import FacilityId
from tracelode.submission import DeclaredIdentity

ANNEX = Path(__file__).resolve().parents[3] / "examples" / "annex-2016.csv"


def known(
    metal: str,
    cid: str,
    name: str,
    country: str = "",
    *,
    standard: str = "",
    source: NameSource = NameSource.REFERENCE_LIST,
    file: str = "smelter-list.csv",
) -> KnownName:
    return KnownName(FacilityId(Mineral(metal), cid), name, standard or name, country, source, file)


def line(metal: str, name: str, country: str = "", cid: str = "", evidence: str = "") -> DeclaredIdentity:
    return DeclaredIdentity(metal, cid, name, country, evidence or ("typed" if cid else "none"))


@cache
def annex_names() -> tuple[KnownName, ...]:
    rows = csv.DictReader(io.StringIO(ANNEX.read_text("utf-8")))
    return tuple(known(row["metal"], row["cid"], row["name"], row["country"]) for row in rows)


@cache
def annex() -> KnownFacilities:
    return known_facilities(annex_names())
