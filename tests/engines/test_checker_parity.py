"""Our completeness findings name the rows that RMI's own Checker calls incomplete, declaration by declaration."""

import re

import pytest

from tests.engines.declared import complete, gapped, listed, rare_gaps
from tests.engines.libreoffice import incomplete_checker_rows, needs_libreoffice, recalculated
from tests.factories.official import missing_templates, official_template
from tracelode.cmrt.read import read_cmrt
from tracelode.metals import Metal
from tracelode.review.completeness import COMPLETENESS_RULES
from tracelode.review.review import review
from tracelode_local.specimen import CmrtSpecimen, SmelterRow

pytestmark = [
    pytest.mark.engine,
    needs_libreoffice,
    pytest.mark.skipif(bool(missing_templates()), reason=missing_templates()),
]

CHECKER_ROW = {rule.id: int(re.findall(r"\d+$", rule.source)[0]) for rule in COMPLETENESS_RULES}


def our_rows(workbook: bytes) -> set[int]:
    declaration = read_cmrt(workbook, "supplied.xlsx").declaration
    assert declaration
    return {CHECKER_ROW[finding.rule] for finding in review(declaration, year=2025) if finding.rule in CHECKER_ROW}


@pytest.mark.parametrize("version", ["6.01", "6.5"])
def test_the_same_rows_are_incomplete_as_in_rmis_checker(version: str):
    # GIVEN an empty declaration, some with rare gaps, some with random ones
    declarations = [CmrtSpecimen(), *rare_gaps(version), *(gapped(version, seed) for seed in range(4))]
    plain = [official_template(version).fill(declaration) for declaration in declarations]
    # WHEN the Checker has its say
    computed = recalculated(plain)
    verdicts = [incomplete_checker_rows(workbook) for workbook in computed]
    # THEN ours is the same, on the computed workbook as on the plain one
    assert [our_rows(workbook) for workbook in computed] == verdicts
    assert [our_rows(workbook) for workbook in plain] == verdicts
    assert len(verdicts[0]) == 52
    assert set.union(*verdicts) == set(CHECKER_ROW.values())


def test_where_we_read_kinder_than_the_checker_is_known():
    # GIVEN answers that a person understands, but that are not the Checker's exact words
    smelters = [SmelterRow(cid=entry.cid) for entry in listed("6.5")[::60]]
    whole = complete("6.5", smelters)
    whole.answers[1][Metal.TIN] = "Yes "  # type: ignore[index]
    whole.answers[1][Metal.GOLD] = "是"  # type: ignore[index]
    plain = official_template("6.5").fill(whole)
    # WHEN both judge
    (computed,) = recalculated([plain])
    # THEN the Checker asks for seven answers again for either metal, and we do not
    asked_again = {row + offset for row in (19, 24, 29, 34, 39, 44, 49) for offset in (1, 2)}
    assert incomplete_checker_rows(computed) == asked_again
    assert our_rows(computed) == set()
