"""Each engine that the shell asks for, started once; an empty table or bucket on it for each test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.contract.engines import WITHOUT_DYNAMODB, WITHOUT_S3, Bucket, Engine, Table, chosen, started

CHOSEN = chosen(os.environ)
WITH_DYNAMODB = tuple(name for name in CHOSEN if name not in WITHOUT_DYNAMODB)


@pytest.fixture(scope="session")
def engine() -> Iterator[Callable[[str], Engine]]:
    """Factory: an engine by name, running until the last test is done."""
    running: dict[str, Engine] = {}
    with ExitStack() as stack:

        def start(name: str) -> Engine:
            if name not in running:
                running[name] = stack.enter_context(started(name))
            return running[name]

        yield start


@pytest.fixture(params=WITH_DYNAMODB)
def table(request: pytest.FixtureRequest, engine: Callable[[str], Engine]) -> Iterator[Table]:
    """An empty table on each engine that has DynamoDB."""
    with engine(request.param).table() as made:
        yield made


@pytest.fixture(params=[name for name in CHOSEN if not name.startswith(WITHOUT_S3)])
def bucket(request: pytest.FixtureRequest, engine: Callable[[str], Engine]) -> Iterator[Bucket]:
    """An empty versioned bucket on each engine that has S3."""
    with engine(request.param).bucket() as made:
        yield made
