"""Which shown values no longer hold once cells are written."""

import pytest

from tracelode.report.rollup.stale import Changed, stale_cells

CHANGED = Changed(frozenset({"Smelter List"}), {"Declaration": frozenset({"D26", "AA3"})})
NAMES = {"Metals": "'Smelter List'!$B$5:$B$2504", "Language": "Declaration!$P$3"}


def is_stale(formula: str | None, sheet: str = "Checker") -> bool:
    return "A1" in stale_cells({sheet: {"A1": formula}}, CHANGED, NAMES)[sheet]


@pytest.mark.parametrize(
    "formula",
    ["Declaration!D26", "Declaration!$D$26&L!A1", "SUM(Declaration!$D$20:$E$30)", "COUNTIF(Metals,B3)",
     "LEN('Smelter List'!Q7)", "COUNTA('Smelter List'!A:A)", 'INDIRECT("Q"&1)', "COUNTA(Declaration!$D:$E)", None],
)  # fmt: skip
def test_what_looks_at_a_written_cell_is_stale(formula: str | None):
    assert is_stale(formula)


@pytest.mark.parametrize(
    "formula",
    ["Declaration!D27", 'OFFSET(L!$C$1,MATCH("D26"&ROW(),L!$A:$A,0)-1,Language,,)', "LOG10(B2)", "D26", "1+1",
     "SUM(Declaration!D27:Z40)", "'Product List'!D26", 'IF(B1="Declaration!D26",1,0)', "Declaration!AD26"],
)  # fmt: skip
def test_what_looks_elsewhere_holds(formula: str):
    assert not is_stale(formula)


def test_an_own_cell_needs_no_sheets_name():
    assert is_stale("$D$26", sheet="Declaration")


def test_staleness_travels():
    # GIVEN a cell that looks at one that looks at a written one, across sheets
    formulas = {
        "Declaration": {"P26": 'IF(D26="No",1,0)', "B26": "P26&X1", "B27": "X1"},
        "Checker": {"A1": "SUM(B1:B3)", "B2": "Declaration!B26", "B3": "Declaration!B27"},
    }
    stale = stale_cells(formulas, CHANGED, NAMES)
    assert stale == {"Declaration": {"P26", "B26"}, "Checker": {"B2", "A1"}}
