"""Which changes of a case directory are handed on, and when."""

from pathlib import Path

import pytest

from tracelode_local.case import CaseFile, Listing, Stamp
from tracelode_local.watch import ChangeFinder


def listing(references=(), warnings=(), **inbox):
    """A listing: inbox files by name with a number that stands for their content."""
    return Listing(
        {name: CaseFile(Path(name), name, Stamp(0, 0, 0)) for name in references},
        {name: CaseFile(Path(name), name, Stamp(content, content, 1)) for name, content in inbox.items()},
        tuple(warnings),
    )


@pytest.fixture
def finder():
    return ChangeFinder(listing(a=1), quiet=0.5)


def test_nothing_new_is_nothing_to_hand_on(finder):
    assert not finder.look(listing(a=1), 0)
    assert not finder.unsettled


def test_a_new_file_is_handed_on_once_and_only_when_it_has_stopped_growing(finder):
    assert not finder.look(listing(a=1, b=1), 0.0)
    assert not finder.look(listing(a=1, b=2), 0.4)
    assert not finder.look(listing(a=1, b=3), 0.8)
    assert finder.unsettled
    assert [file.name for file in finder.look(listing(a=1, b=3), 1.3).dropped] == ["b"]
    assert not finder.look(listing(a=1, b=3), 9)


def test_a_replaced_file_is_handed_on_again(finder):
    finder.look(listing(a=2), 0)
    assert [file.stamp.size for file in finder.look(listing(a=2), 1).dropped] == [2]


def test_a_deleted_file_is_handed_on_as_deleted(finder):
    assert not finder.look(listing(), 0)
    assert finder.look(listing(), 1).deleted == ("a",)
    assert not finder.look(listing(), 2)


def test_a_file_that_is_gone_for_a_moment_only_is_not_deleted(finder):
    finder.look(listing(), 0.0)
    assert not finder.look(listing(a=1), 0.3)
    assert not finder.look(listing(a=1), 9)
    assert not finder.unsettled


def test_a_file_that_comes_and_goes_unsettled_is_never_handed_on(finder):
    finder.look(listing(a=1, b=1), 0.0)
    assert not finder.look(listing(a=1), 0.2)
    assert not finder.unsettled


def test_reference_files_come_by_themselves_and_a_missing_one_is_told():
    # GIVEN
    finder = ChangeFinder(listing(references=["suppliers.csv"]), quiet=0.5)
    # WHEN
    finder.look(listing(references=["program.toml"]), 0)
    changes = finder.look(listing(references=["program.toml"]), 1)
    # THEN
    assert [file.name for file in changes.references] == ["program.toml"]
    assert changes.missing_references == ("suppliers.csv",)


def test_a_warning_is_told_once(finder):
    assert finder.look(listing(a=1, warnings=["stray"]), 0).warnings == ("stray",)
    assert not finder.look(listing(a=1, warnings=["stray"]), 1).warnings
