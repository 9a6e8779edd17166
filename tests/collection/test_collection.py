"""The same tests are found whenever, in whatever process and under whatever hash seed they are looked for.

xdist refuses to run otherwise, by chance: "Different tests were collected between gw0 and gw1".
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Surroundings:
    """A time in seconds since 1970, and what Python mixes into the order of sets."""

    time: int
    hash_seed: int


EARLY = Surroundings(time=1_000_000_000, hash_seed=0)
LATE = Surroundings(time=2_111_234_567, hash_seed=4_294_967_295)


def collected(where: Path, out: Path, surroundings: Surroundings) -> list[str]:
    """The names of the tests below a folder, as a process of its own finds them."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.collection.elsewhen", "-p", "no:cacheprovider",
         "--assert=plain", "--collect-only", "-qq",
         "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(where), str(where)],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "ELSEWHEN": str(surroundings.time),
            "COLLECTED": str(out),
            "PYTHONHASHSEED": str(surroundings.hash_seed),
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return out.read_text(encoding="utf-8").splitlines()


def test_the_same_tests_are_found_at_another_time_in_another_process_under_another_hash_seed(tmp_path: Path) -> None:
    early = collected(ROOT / "tests", tmp_path / "early", EARLY)
    late = collected(ROOT / "tests", tmp_path / "late", LATE)
    assert [name for name in early if name not in set(late)] == []
    assert early == late


NAMED_BY_SURROUNDINGS = """
import datetime, io, os, time

import openpyxl, pytest


def as_openpyxl_saves_it():
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("at", [int(time.time())])
def test_seconds(at): ...


@pytest.mark.parametrize("at", [time.time_ns()])
def test_nanoseconds(at): ...


@pytest.mark.parametrize("at", [time.strftime("%Y")])
def test_written_time(at): ...


@pytest.mark.parametrize("at", [time.localtime().tm_year])
def test_local_time(at): ...


@pytest.mark.parametrize("at", [time.gmtime().tm_year])
def test_world_time(at): ...


@pytest.mark.parametrize("at", [str(datetime.date.today())])
def test_day(at): ...


@pytest.mark.parametrize("at", [str(datetime.datetime.now(datetime.UTC))])
def test_moment(at): ...


@pytest.mark.parametrize("at", [str(datetime.datetime.utcnow())])
def test_moment_of_no_zone(at): ...


@pytest.mark.parametrize("process", [os.getpid()])
def test_process(process): ...


@pytest.mark.parametrize("one", list({"a", "b", "c", "d", "e", "f", "g", "h"})[:1])
def test_order_of_a_set(one): ...


@pytest.mark.parametrize("size", [len(as_openpyxl_saves_it())])
def test_size_of_a_workbook(size): ...
"""


def test_a_test_that_is_named_by_its_surroundings_is_found_out(tmp_path: Path) -> None:
    # GIVEN
    (tmp_path / "test_named.py").write_text(NAMED_BY_SURROUNDINGS, encoding="utf-8")
    # WHEN
    early = collected(tmp_path, tmp_path / "early", EARLY)
    late = collected(tmp_path, tmp_path / "late", LATE)
    # THEN
    assert len(early) == NAMED_BY_SURROUNDINGS.count("def test_")
    assert set(early) & set(late) == set()
