"""Reference files are taken whole or refused with every problem named by row and column."""

from datetime import date
from functools import partial

import pytest

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.review.review import RULE_IDS
from tracelode.smelters.status import FacilityId, Mineral, Status, Vocabulary
from tracelode.sources.program import parse_program
from tracelode.sources.roster import parse_roster
from tracelode.sources.status_list import parse_smelter_list


def problems_of(parse, data: str | bytes) -> list[str]:
    with pytest.raises(ReferenceRefusedError) as refusal:
        parse(data.encode() if isinstance(data, str) else data)
    return [str(problem) for problem in refusal.value.problems]


LIST = "metal,cid,name,country,status,as_of\n"
ROSTER = "supplier_id,name,contact_email,in_scope\n"


def test_a_program_needs_no_more_than_year_and_vocabulary() -> None:
    program = parse_program(b'year = 2016\nvocabulary = "cfsp-2016"\n', RULE_IDS)
    assert (program.year, program.vocabulary) == (2016, Vocabulary.CFSP_2016)
    assert program.risk.continents == ("Africa",)


def test_a_program_keeps_what_it_does_not_know_for_showing() -> None:
    program = parse_program(
        b'year = 2016\nvocabulary = "rmap"\nx = 1\n[registrant]\nnmae = "X"\nname = " Y "\n', RULE_IDS
    )
    assert program.unknown_keys == ("registrant.nmae", "x")
    assert program.registrant.name == "Y"


def test_every_problem_of_a_program_is_named() -> None:
    text = 'year = "2016"\nvocabulary = "old"\n[signatory]\ndate = "soon"\n[risk]\ncontinents = "Africa"\n'
    assert problems_of(partial(parse_program, rules=RULE_IDS), text) == [
        "year: a whole number such as 2016 is required (found '2016')",
        """vocabulary: one of "cfsp-2016", "rmap" is required (found 'old')""",
        "signatory.date: a date such as 2017-05-26 is required (found 'soon')",
        "risk.continents: a list of texts is required (found 'Africa')",
    ]


def test_what_is_not_toml_is_refused() -> None:
    assert problems_of(partial(parse_program, rules=RULE_IDS), "year = ")[0].startswith("not valid TOML")
    assert problems_of(partial(parse_program, rules=RULE_IDS), b"\xff\xfe")[0].startswith("not valid TOML")


def test_a_roster_reads_scope_and_attestation() -> None:
    text = (
        "supplier_id,name,contact_email,in_scope,attestation\n"
        "b,Beta,b@example.com,No,\na,Alpha,a@example.com,,conformant-only\n"
    )
    alpha, beta = parse_roster(text.encode()).suppliers
    assert (alpha.supplier_id, alpha.in_scope, alpha.attests_conformant_sourcing) == ("a", True, True)
    assert (beta.supplier_id, beta.in_scope, beta.attests_conformant_sourcing) == ("b", False, False)


def test_every_problem_of_a_roster_is_named_by_row_and_column() -> None:
    text = ROSTER + "a,Alpha,,yes\n\n../x,Beta,,maybe\na,,,yes\n"
    assert problems_of(parse_roster, text) == [
        "row 4, column supplier_id: letters, digits, space, dot, dash and underscore only, at most 64 (found '../x')",
        "row 4, column in_scope: yes or no is required (found 'maybe')",
        "row 5, column supplier_id: stands on an earlier row already (found 'a')",
        "row 5, column name: a name is required",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_smelter_list_is_read_whatever_its_delimiter_and_status_word(delimiter: str) -> None:
    text = "\ufeff" + (LIST + "gold,cid000001,Name,JAPAN,Compliant,2017-03-31\nTin,CID000002,N,PERU,active,\n").replace(
        ",", delimiter
    )
    listed = parse_smelter_list(text.encode())
    assert listed.status(FacilityId(Mineral.GOLD, "CID000001")) is Status.CONFORMANT
    assert listed.status(FacilityId(Mineral.TIN, "CID000002")) is Status.ACTIVE
    assert listed.status(FacilityId(Mineral.TIN, "CID000001")) is Status.INDETERMINABLE
    assert listed.as_of == date(2017, 3, 31)


def test_every_problem_of_a_smelter_list_is_named_by_row_and_column() -> None:
    text = LIST + "Silver,CID1,,X,fine,soon\nGold,CID000001,N,X,active,\nGold,CID000001,N,X,conformant,\n"
    assert problems_of(parse_smelter_list, text) == [
        "row 2, column metal: one of Tantalum, Tin, Gold, Tungsten is required (found 'Silver')",
        "row 2, column cid: CID and six digits are required (found 'CID1')",
        "row 2, column name: a name is required",
        "row 2, column status: one of conformant, cross-recognized, active, extended corrective action plan, eligible, "
        "indeterminable is required (found 'fine')",
        "row 2, column as_of: is no date; write it as 2017-03-31 (found 'soon')",
        "row 4, column status: row 3 gives this facility another status (found 'conformant')",
    ]


def test_a_row_that_ends_too_early_is_named() -> None:
    assert problems_of(parse_roster, ROSTER + "a\n") == ["row 2: 1 cells under 4 headings"]
    # but what may be left out may be left out
    (alpha,) = parse_roster((ROSTER + "a,Alpha\n").encode()).suppliers
    assert (alpha.supplier_id, alpha.contact_email, alpha.in_scope) == ("a", "", True)


def test_a_missing_column_and_an_overlong_row_are_named() -> None:
    assert problems_of(parse_smelter_list, "metal,cid,name,country\n") == [
        "row 1, column status: column is missing; the heading must have metal, cid, name, country, status. "
        'There are "metal", "cid", "name", "country"'
    ]
    assert problems_of(parse_roster, ROSTER + "a,b,c,yes,extra\n") == ["row 2: 5 cells under 4 headings"]
    assert problems_of(parse_roster, b"\xff\x00\x81") == ["not text (byte 0)"]


def test_a_program_has_severities_of_its_own() -> None:
    text = 'year = 2016\nvocabulary = "rmap"\n[severities]\nX17 = "error"\nX05 = "off"\n'
    assert parse_program(text.encode(), RULE_IDS).severities == {"X17": "error", "X05": None}


def test_every_problem_of_the_severities_is_named() -> None:
    text = 'year = 2016\nvocabulary = "rmap"\nminimum_cmrt_version = "new"\n[severities]\nX17 = "bad"\nX99 = "error"\n'
    assert problems_of(partial(parse_program, rules=RULE_IDS), text) == [
        "minimum_cmrt_version: a text such as \"6.1\" is required (found 'new')",
        'severities.X17: one of "error", "warning", "notice", "off" is required (found \'bad\')',
        "severities.X99: a rule such as X17 is required (docs/RULES.md)",
    ]
