"""Which engines a shell asks for, and what keeps tests out of an account that nobody named."""

import json
from pathlib import Path

import pytest

from tests.contract.engines import ACCOUNT, CHOICE, HERE, NAME, RefusedAccountError, allowed, chosen

FOLDER = Path(__file__).parent
MINE = "123456789012"


def test_without_a_word_it_is_all_that_run_here() -> None:
    assert chosen({}) == HERE


def test_a_shell_chooses_engines_by_name_and_address() -> None:
    assert chosen({CHOICE: "moto, http://127.0.0.1:8000"}) == ("moto", "http://127.0.0.1:8000")
    assert chosen({CHOICE: "aws"}) == ("aws",)


@pytest.mark.parametrize("choice", ["", " ,", "moto,dynalyte"])
def test_a_choice_that_means_nothing_is_refused(choice) -> None:
    with pytest.raises(ValueError, match=CHOICE):
        chosen({CHOICE: choice})


def test_an_account_that_was_named_is_allowed() -> None:
    assert allowed({ACCOUNT: MINE, NAME: "contract-of-today"}, MINE) == "contract-of-today"


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({NAME: "contract-of-today"}, ACCOUNT),
        ({NAME: "contract-of-today", ACCOUNT: "210987654321"}, ACCOUNT),
        ({ACCOUNT: MINE}, NAME),
        ({ACCOUNT: MINE, NAME: "Ledger"}, NAME),
    ],
    ids=["no account", "another account", "no name", "no name for a bucket"],
)
def test_an_account_is_refused_unless_it_and_a_name_are_given(environment, missing) -> None:
    with pytest.raises(RefusedAccountError, match=missing):
        allowed(environment, MINE)


def test_what_node_installs_is_locked_by_content_and_names_no_registry() -> None:
    # GIVEN
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    packages = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}
    # THEN
    assert packages[""]["dependencies"] == wanted
    assert all(version[0].isdigit() for version in wanted.values())
    assert all(package["integrity"].startswith("sha512-") for package in installed.values())
    assert not [name for name, package in installed.items() if "resolved" in package]
