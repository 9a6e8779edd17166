"""Which system is meant: what is said first counts, and where nothing is meant, what to give is said."""

import json
from dataclasses import asdict, replace

import pytest

from tracelode_console.desk.installation import NoInstallationError, chosen
from tracelode_console.desk.running import NOTE, Running, announced, running_in

RUNNING = Running("http://127.0.0.1:1", 2016, "template.yaml", {"InboxBucket": "inbox"})


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def asked(**changes):
    return chosen(**{"stack": None, "local": None, "region": None, "profile": None, "environment": {}} | changes)


def test_without_a_system_the_ways_to_name_one_are_said():
    with pytest.raises(NoInstallationError, match=r"--stack NAME \(or TRACELODE_STACK=NAME\).*--local DIR"):
        asked()


def test_a_folder_in_which_nothing_runs_is_said(tmp_path):
    with pytest.raises(NoInstallationError, match="no local system runs in"):
        asked(local=tmp_path)


def test_the_note_stands_while_the_system_runs_and_not_longer(tmp_path):
    with announced(tmp_path, RUNNING):
        assert running_in(tmp_path) == RUNNING
    assert not (tmp_path / NOTE).exists()


def test_a_note_that_outlived_its_system_is_said_to_be_stale(tmp_path, socket_enabled):
    with announced(tmp_path / "out", RUNNING), pytest.raises(NoInstallationError, match="without a farewell"):
        asked()


def test_an_older_watch_does_not_take_the_note_of_a_newer_one_away(tmp_path):
    newer = Running("http://127.0.0.1:2", 2016, "template.yaml", {})
    with announced(tmp_path, RUNNING):
        (tmp_path / NOTE).write_text(json.dumps(asdict(newer)))
    assert running_in(tmp_path) == newer


ELSEWHERE = json.dumps(asdict(replace(RUNNING, endpoint="http://evil.example:80")))


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"endpoint": 1}', ELSEWHERE])
def test_a_note_that_is_none_of_ours_is_none(tmp_path, note):
    (tmp_path / NOTE).write_text(note)
    assert running_in(tmp_path) is None


def test_the_environment_names_a_stack_only_where_the_command_line_names_nothing(tmp_path, monkeypatch):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    environment = {"TRACELODE_STACK": "reports"}
    with pytest.raises(NoInstallationError, match="no region"):
        asked(environment=environment)
    with pytest.raises(NoInstallationError, match="no local system"):
        asked(environment=environment, local=tmp_path)
    with pytest.raises(NoInstallationError, match="list-profiles"):
        asked(stack="reports", profile="nobody")
