"""Every hostile or broken file ends as it should, within 10 seconds of the processor and 512 MB."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.child import MEGABYTES, SECONDS
from tests.hostile.corpus import CORPUS, Hostile

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def child():
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def test_the_corpus_is_large_enough_and_names_each_file_once():
    names = [entry.name for entry in CORPUS]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry.name)
def test_a_hostile_file_ends_as_it_should(entry: Hostile, child, tmp_path: Path):
    # GIVEN
    path = tmp_path / "supplied.xlsx"
    path.write_bytes(entry.build())
    # WHEN it is read, reviewed and marked up in a process that may take no more than it must
    child.stdin.write(f"{path}\n")
    child.stdin.flush()
    answer = json.loads(child.stdout.readline())
    # THEN
    assert answer["ended"] in entry.ends, answer
    assert answer["seconds"] < SECONDS, answer
    assert answer["mb"] < MEGABYTES, answer
