"""A small change to any line of the review makes one of its tests fail."""

import pytest

from tests.properties import every
from tests.unit.review.mutants import MODULES, mutants, survivors

SAMPLED = every(23)
"""Every so many mutants are tried here; `make mutants` tries them all."""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.rpartition(".")[2])
def test_no_mutant_of_the_review_lives(module: str):
    assert [str(mutant) for mutant in survivors(module, SAMPLED)] == []


def test_there_are_mutants_to_kill():
    assert sum(1 for module in MODULES for _ in mutants(module)) > 800
