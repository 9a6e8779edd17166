"""A short profile of the fuzzing: what runs for half an hour by hand (docs/FUZZING.md) runs for seconds here."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.archives import parts_of, zipped
from tests.fuzz.mutations import spoilt
from tests.fuzz.run import RandomChoices, outcome
from tests.fuzz.specimens import specimens
from tests.properties import examples

SPECIMENS = specimens()
SEEDS = 200


class Drawn:
    """Decisions that hypothesis makes, so that it can shrink a file that breaks a promise."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def number(self, least: int, most: int) -> int:
        return self._data.draw(st.integers(least, most))


@pytest.mark.parametrize("name", SPECIMENS)
def test_a_sound_specimen_is_read(name: str):
    assert outcome(SPECIMENS[name]) == "read"


@examples(0.8)
@given(st.data())
def test_no_damage_makes_the_reader_break_a_promise(data: st.DataObject):
    choices = Drawn(data)
    name = data.draw(st.sampled_from(sorted(SPECIMENS)))
    outcome(spoilt(SPECIMENS[name], choices))


def test_many_damaged_files_break_no_promise():
    """A seed of its own on every run would make a failure hard to repeat, so the seeds are always the same."""
    names = sorted(SPECIMENS)
    for seed in range(SEEDS):
        data = spoilt(SPECIMENS[random.Random(seed).choice(names)], RandomChoices(seed))
        outcome(data)


def test_an_archive_with_a_nameless_part_is_no_surprise():
    # GIVEN what the fuzzing found: a part whose name begins with a null character, which zipfile takes for none
    workbook = zipped(parts_of(SPECIMENS["6.5.xlsx"]) | {"zzzz": b"x"})
    # THEN it makes no difference
    assert outcome(workbook.replace(b"zzzz", b"\x00zzz")) == "read"
