"""What holds for all tests, before any of them is imported."""

import os
from pathlib import Path

import pytest

from tests.properties import register_profiles

# Some tests read with lxml, with which openpyxl would write other bytes than in the functions: their layers have none.
os.environ["OPENPYXL_LXML"] = "False"

register_profiles()

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Unit tests have no sockets, wherever they lie; what needs one says so (`allow_hosts`, `enable_socket`)."""
    for item in items:
        if item.path.relative_to(HERE).parts[0] == "unit":
            item.add_marker("disable_socket")
