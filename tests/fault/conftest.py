"""A laboratory for each file of tests."""

from collections.abc import Iterator

import pytest

from tests.fault.lab import Lab, new_lab


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A system that nothing has come to yet, for all tests of a file."""
    with new_lab() as made:
        yield made
