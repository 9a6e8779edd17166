"""The two tables that say what lies under which key: the ledger's, by question, and the template's, by partition."""

import re
from pathlib import Path

import pytest

from tracelode.ledger import keys

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
SORT_KEYS = sorted({value for name, value in vars(keys).items() if name.isupper() and isinstance(value, str)})


def by_question() -> list[tuple[str, str]]:
    rows = [re.split(r" *\| *", line.strip("| ")) for line in (keys.__doc__ or "").splitlines() if line.startswith("|")]
    return [(question, answer) for question, answer in rows[2:]]


def by_partition() -> str:
    (table,) = re.findall(r"^  # LEDGER\n.*?^  # ---", TEMPLATE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return str(table)


@pytest.mark.parametrize("sort_key", SORT_KEYS)
def test_every_kind_of_item_stands_in_the_template_s_table(sort_key: str) -> None:
    assert re.search(rf"^  # .*\s{re.escape(sort_key)}(?!\w)", by_partition(), re.MULTILINE)


@pytest.mark.parametrize("sort_key", SORT_KEYS)
def test_every_kind_of_item_that_is_asked_for_stands_in_the_ledger_s_table(sort_key: str) -> None:
    assert any(re.search(rf"\b{re.escape(sort_key)}(?!\w)", answer) for _, answer in by_question())


def test_no_question_is_answered_twice() -> None:
    questions, answers = zip(*by_question(), strict=True)
    assert len(set(questions)) == len(questions)
    assert len(set(answers)) == len(answers)
