"""What holds for all tests, before any of them is imported: profiles, tiers and what a tier may not touch."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.properties import QUICK, register_profiles

# Some tests read with lxml, with which openpyxl would write other bytes than in the functions: their layers have none.
os.environ["OPENPYXL_LXML"] = "False"

register_profiles()

HERE = Path(__file__).parent
QUICK_FOLDERS = frozenset({"template", "unit"})
"""Where tests lie that need nothing but this process, apart from those that a marker or a fixture tells apart."""
STARTING_FIXTURES = frozenset({"children", "sam", "shared_cloud"})
"""Fixtures that start a program."""
NOT_QUICK = {
    **dict.fromkeys(
        ("test_command_line.py", "test_environments.py", "test_imports.py", "test_schedules.py"), "starts programs"
    ),
    **dict.fromkeys(("test_cases.py", "test_fill.py", "test_own_marks.py"), "fills whole templates of RMI's"),
    "test_example.py": "writes the example case again",
    "test_mutations.py": "runs the tests of the review for each mutant",
}
"""Modules in these folders that a quick run leaves out, with the reason."""
STARTING = frozenset({"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "subprocess.Popen"})

_refused: set[str] = set()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only tests that need this process alone, with few examples")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick"):
        register_profiles(QUICK)
        sys.addaudithook(_refuse)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A quick run does not even read what it leaves out."""
    folders = collection_path.relative_to(HERE).parts if collection_path.is_relative_to(HERE) else ()
    if config.getoption("--quick") and folders and folders[0] not in {*QUICK_FOLDERS, "conftest.py"}:
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unit tests have no sockets, wherever they lie; what needs one says so with the fixture `socket_enabled`."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] == "unit":
            item.add_marker("disable_socket")
    if config.getoption("--quick"):
        left_out = [item for item in items if _needs_more(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish() -> None:
    """Thousands of tests and all they import are no garbage; to look through them time and again costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """In a quick run no test starts a program: one that does belongs elsewhere, or says so."""
    _refused.update(STARTING if item.config.getoption("--quick") else ())
    try:
        return (yield)
    finally:
        _refused.clear()


def _needs_more(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.path.name in NOT_QUICK or bool(STARTING_FIXTURES & fixtures) or bool(item.get_closest_marker("engine"))


def _refuse(event: str, _: object) -> None:
    if event in _refused:
        raise PermissionError(f"{event}: a quick test starts no program; say in tests/conftest.py that it is none")
