"""docs/REFERENCE.md names every key and column that a reference file may have, and none that nothing reads."""

import re
from dataclasses import fields

import pytest

from tests.docs.pages import ROOT
from tracelode.review.review import RULE_IDS
from tracelode.smelters import status
from tracelode.sources import last_year, register, roster, status_list
from tracelode.sources.program import Narrative, Program, Registrant, Risk, Signatory, parse_program

PAGE = (ROOT / "docs" / "REFERENCE.md").read_text(encoding="utf-8")
ELSEWHERE = {"edition", "actions", "supply_chain", "rollup"}
"""Tables of the profile that FILING.md and ROLLUP.md explain."""
OPTIONAL = {
    "suppliers.csv": {"attestation"},
    "smelter-list.csv": {"as_of", "basis", "last_audit", "cycle", "re_audit", "city", "state", "alias"},
}


def section(title: str) -> str:
    return PAGE.partition(f"## `{title}`\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> set[str]:
    """The names in the first column of the tables of a text."""
    cells = re.findall(r"^\| ([^|]*) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def keys_of(kind: type) -> set[str]:
    return {item.name for item in fields(kind)}


def test_the_profile_s_keys_are_all_there_and_no_others() -> None:
    text = section("program.toml")
    tables = {"registrant": Registrant, "narrative": Narrative, "risk": Risk}
    top = {"year", "vocabulary", "minimum_cmrt_version"}
    assert first_cells(text) == top.union(*map(keys_of, tables.values()))
    for key in keys_of(Signatory):
        assert f"`{key}`" in text
    assert keys_of(Program) - top - {"unknown_keys"} == {*tables, "signatory", "severities", *ELSEWHERE}
    for table in (*tables, "signatory", "severities", *ELSEWHERE):
        assert f"`[{table}]`" in text


def test_the_example_of_the_page_is_read_as_it_says() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    program = parse_program(b'year = 2025\nvocabulary = "rmap"\n' + example.encode(), RULE_IDS)
    assert not program.unknown_keys
    assert program.risk.countries == ("MM", "VE")
    assert program.risk.lists == {"EU CAHRA": ("CD", "RW", "ML")}


@pytest.mark.parametrize(
    ("file", "required"),
    [
        (roster.ROSTER_FILE, {*roster.ROSTER_COLUMNS}),
        (status.SMELTER_LIST_FILE, {*status_list.SMELTER_LIST_COLUMNS}),
        (register.DISPOSITIONS_FILE, {*register.COLUMNS}),
    ],
)
def test_the_columns_are_all_there_and_no_others(file: str, required: set[str]) -> None:
    assert first_cells(section(file)) == required | OPTIONAL.get(file, set())


def test_the_columns_of_last_year_s_list_are_named() -> None:
    assert set(last_year.LAST_YEAR_COLUMNS) <= set(re.findall(r"`(\w+)`", section(last_year.LAST_YEAR_FILE)))
