"""What a year's status comes down to."""

from datetime import UTC, datetime

from tracelode_console.commands.everyday.status import _ago, _due
from tracelode_console.desk.published import Published, rows
from tracelode_console.desk.status import assembled

MADE = datetime(2017, 3, 1, 8, 0, tzinfo=UTC)
LATEST = Published(2016, "000003-abc", {}, MADE, MADE)
COLUMNS = "supplier_id,name,in_scope,state,current_submissions,scope,facilities,unidentified_lines,template_versions,"
TABLE = f"""{COLUMNS}on_roster,attests_conformant_sourcing,errors,warnings,last_received,not_conformant
acme,Acme,yes,accepted,1,A,3,0,6.5,yes,no,0,1,2017-02-01T08:00:00.000Z,0
beta,'=Beta,yes,needs_correction,1,A,3,2,6.5,yes,no,4,1,2017-02-02T08:00:00.000Z,0
gone,Gone,yes,awaiting,0,,0,0,,yes,no,0,0,,0
junk,Junk,yes,rejected,0,,0,0,,yes,no,0,0,,0
aside,Aside,no,awaiting,0,,0,0,,yes,no,0,0,,0
stray,Stray,yes,accepted,1,A,1,0,6.5,no,no,0,0,2017-02-01T08:00:00.000Z,0
names,Names,yes,accepted,1,A,1,7,6.5,yes,no,0,0,2017-02-01T08:00:00.000Z,0
""".encode()
FIGURES = {
    "suppliers": {"responded": 3, "surveyed": 5},
    "smelters": {"unidentified_names": 4, "lapsing_before_filing": 2, "status_changed": 1},
}


def status(**changes):
    return assembled(
        2016,
        **{
            "latest": LATEST,
            "suppliers": rows(TABLE),
            "figures": FIGURES,
            "pending": {"suppliers' files": 0},
            "dead_letters": {"intake": 1},
            "groups_behind": 0,
            "now": datetime(2017, 3, 2, 9, 0, tzinfo=UTC),
        }
        | changes,
    )


def test_what_needs_a_person_comes_first_and_says_what_to_do():
    lines = status().suppliers
    assert [line.supplier_id for line in lines] == ["junk", "beta", "gone", "acme", "names"]
    assert [bool(line.next_step) for line in lines] == [True, True, True, False, True]
    assert lines[1].errors == 4
    assert lines[1].name == "=Beta"


def test_the_report_has_an_age_and_the_filing_a_day():
    found = status()
    assert (found.responded, found.surveyed) == (3, 5)
    assert found.age == 25 * 3600
    assert _ago(found.age) == "1 day ago"
    assert (found.due, found.days_left) == ("2017-05-31", 90)
    assert _due(found) == "2017-05-31, in 90 days"
    assert "days ago" in _due(status(now=datetime(2017, 6, 2, tzinfo=UTC)))


def test_before_the_first_report_there_is_a_status_as_well():
    found = status(latest=None, suppliers=(), figures={})
    assert found.run == ""
    assert (found.responded, found.surveyed) == (0, 0)
    assert found.dead_letters == {"intake": 1}
