"""The table [rollup] of the program's profile."""

from datetime import date

import pytest

from tracelode.lists.problems import ReferenceRefusedError
from tracelode.review.review import RULE_IDS
from tracelode.sources.program import RollUpProfile, parse_program

HEAD = 'year = 2024\nvocabulary = "rmap"\n'


def test_a_profile_without_the_table_declares_for_the_company():
    assert parse_program(HEAD.encode(), RULE_IDS).rollup == RollUpProfile(scope="A")


def test_answers_are_taken_in_the_templates_own_words():
    program = parse_program(
        (
            HEAD + '[rollup]\nscope = "B"\nproducts = ["4711"]\neffective_date = 2025-01-31\n'
            '[rollup.answers]\nA = "yes"\nE = "Yes, in conformance with IPC-1755 [e.g., CMRT]"\n'
            '[rollup.comments]\nC = " From 2018 on. "\nD = ""\n'
        ).encode(),
        RULE_IDS,
    )
    assert program.rollup == RollUpProfile(
        scope="B",
        products=("4711",),
        effective_date=date(2025, 1, 31),
        answers={"A": "Yes", "E": "Yes, in conformance with IPC1755 (e.g., CMRT)"},
        comments={"C": "From 2018 on."},
    )
    assert program.unknown_keys == ()


def test_a_misspelling_is_shown_and_not_lost():
    program = parse_program((HEAD + '[rollup]\nscop = "A"\n[rollup.answers]\nZ = "Yes"\n').encode(), RULE_IDS)
    assert program.unknown_keys == ("rollup.answers.Z", "rollup.scop")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ('[rollup]\nscope = "D"', "rollup.scope"),
        ('[rollup.answers]\nA = "Perhaps"', "rollup.answers.A"),
        ("[rollup.answers]\nA = true", "rollup.answers.A"),
        ('[rollup]\nanswers = "Yes"', "rollup.answers"),
        ("[rollup]\ncomments = [1]", "rollup.comments"),
        ('[rollup]\neffective_date = "soon"', "rollup.effective_date"),
        ("rollup = 1", "rollup"),
    ],
)
def test_what_the_template_does_not_offer_is_a_problem_by_key(table: str, column: str):
    # A key outside a table has to stand before all tables.
    text = f"{table}\n{HEAD}" if table.startswith("rollup =") else f"{HEAD}{table}\n"
    with pytest.raises(ReferenceRefusedError) as refused:
        parse_program(text.encode(), RULE_IDS)
    assert column in [problem.column for problem in refused.value.problems]
