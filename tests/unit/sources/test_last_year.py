"""Last year's `smelters.csv` is read as it was written, and a mistake in it is named."""

import pytest

from tests.unit.report.factories import the_filing
from tracelode.lists.problems import ReferenceRefusedError
from tracelode.minerals import Mineral
from tracelode.reference.kinds import take
from tracelode.report.tables.tables import smelters_csv
from tracelode.smelters.status import FacilityId, Status
from tracelode.sources.last_year import parse_last_year
from tracelode.submission import NAME_CHARACTERS


def test_a_report_s_own_table_is_what_the_next_year_reads() -> None:
    filing = the_filing()
    assert parse_last_year(smelters_csv(filing)).facilities == {f.facility: f.status for f in filing.facilities}
    assert parse_last_year(smelters_csv(filing)).names == {f.facility: f.name for f in filing.facilities}
    assert take("last-year.csv", smelters_csv(filing)).counted == {"facilities": 310}


@pytest.mark.parametrize("word", ["Compliant", "conformant", "CFSP compliant", "Conformant (cross-recognized)"])
def test_statuses_are_read_by_what_they_mean(word: str) -> None:
    listed = parse_last_year(f"metal,cid,status\ngold,cid000001,{word}\n".encode())
    assert listed.facilities == {FacilityId(Mineral.GOLD, "CID000001"): Status.CONFORMANT}


def test_names_are_read_where_there_are_any_and_are_never_endless() -> None:
    listed = parse_last_year(
        f"metal,cid,status,name\nTin,CID000001,active,{'x' * 9000}\nTin,CID000002,active,\n".encode()
    )
    assert {facility.cid: len(name) for facility, name in listed.names.items()} == {"CID000001": NAME_CHARACTERS}
    assert not parse_last_year(b"metal,cid,status\nTin,CID000001,active\n").names


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Lead,CID000001,active", "row 2, column metal: one of"),
        ("Tin,1,active", "row 2, column cid: CID and six digits"),
        ("Tin,CID000001,fine", "row 2, column status: one of"),
        ("Tin,CID000001,active\nTin,CID000001,eligible", "row 3, column status: an earlier row gives"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(row: str, problem: str) -> None:
    with pytest.raises(ReferenceRefusedError, match=problem):
        parse_last_year(f"metal,cid,status\n{row}\n".encode())
