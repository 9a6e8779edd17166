"""The wheel, away from the checkout: the plain install does what needs no emulator, the extra runs a case as well."""

import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from examples.specimen import complete_specimen, write_cmrt
from tests.e2e.wheels import ROOT, Environment, Ran, build_wheel, environment
from tests.factories.deployment import STACK, Deployed, deployed
from tracelode_console.cli import COMMANDS
from tracelode_console.local_extra import LIBRARIES

CASE = {
    "program.toml": 'year = 2025\nvocabulary = "rmap"\n[registrant]\nname = "Example Inc."\n',
    "suppliers.csv": "supplier_id,name,contact_email,in_scope\nacme,Acme,a@example.com,yes\nlate,Late,,yes\n",
    "smelter-list.csv": "metal,cid,name,country,status\nGold,CID900001,Example Gold Refinery,SWITZERLAND,conformant\n",
}
RUNS = [name for name, command in COMMANDS.items() if command.needs_local]
SPEAKS = {
    "status": (),
    "latest": ("--download", "got"),
    "invite": ("late",),
    "remind": ("--out", "letters"),
    "redrive": ("--dry-run",),
    "smelters": ("acme",),
    "freeze": (),
    "redline": ("latest",),
}
FILES = {
    "review": "case/inbox/acme/cmrt.xlsx",
    "lint-edgar": "out/2025/latest/exhibit-1-01.htm",
    "recount": "out/2025/latest/exhibit-1-01.htm",
    "explain": "smelters.total",
    "take-back": "out/2025/latest/form-sd.docx --into case",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def plain(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment(tmp_path_factory.mktemp("plain"), wheel)


@pytest.fixture(scope="module")
def desk(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from the checkout in which a case was run by the installed extra."""
    folder = tmp_path_factory.mktemp("desk")
    inbox = folder / "case" / "inbox" / "acme"
    inbox.mkdir(parents=True)
    (inbox / "cmrt.xlsx").write_bytes(write_cmrt(complete_specimen("Acme")))
    for name, text in CASE.items():
        (folder / "case" / name).write_text(text, encoding="utf-8")
    whole = environment(tmp_path_factory.mktemp("whole"), wheel, extra="local")
    ran = whole.tracelode("run", "case", "--out", "out", at=folder)
    assert ran.status == 0, ran
    return folder


@pytest.fixture(scope="module")
def stack() -> Iterator[tuple[Deployed, str]]:
    """A deployed stack with a report, and where it listens."""
    with deployed() as made:
        for file, text in CASE.items():
            made.refer(file, text.replace("2025", "2016").encode())
        made.drop("acme", "cmrt.xlsx", write_cmrt(complete_specimen("Acme")), "2017-02-01T08:00:00.000Z")
        made.publish()
        server = ThreadedMotoServer(port=0)
        server.start()
        try:
            host, port = server.get_host_and_port()
            yield made, f"http://{host}:{port}"
        finally:
            server.stop()


@pytest.fixture
def asks(plain: Environment, stack: tuple[Deployed, str], tmp_path: Path) -> Callable[..., Ran]:
    made, endpoint = stack
    account = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_ENDPOINT_URL": endpoint,
               "AWS_DEFAULT_REGION": made.installation.deployment.region, "TRACELODE_STACK": STACK}  # fmt: skip
    return lambda *command: plain.tracelode(*command, at=tmp_path, more=account)


def test_every_file_of_the_packages_is_in_the_wheel(wheel):
    # GIVEN the files that the checkout keeps in the packages
    kept = subprocess.run(["git", "ls-files", "-z", "shared", "local", "console"], cwd=ROOT, capture_output=True,
                          text=True, check=False)  # fmt: skip
    if kept.returncode:
        pytest.skip("not a checkout of git")
    files = {path.partition("/")[2] for path in kept.stdout.split("\0") if path}
    files = {path for path in files if path.startswith("tracelode")}
    # THEN the wheel has them, and beside them the template and the functions
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert files - names == set()
    for function in (ROOT / "functions").glob("*/app.py"):
        assert f"tracelode_local/packed/{function.relative_to(ROOT)}" in names
    # AND nothing of the machine that built it
    with zipfile.ZipFile(wheel) as packed:
        assert not [name for name in names if str(wheel.parent).encode() in packed.read(name)]


def test_the_plain_install_has_nothing_of_the_extra(plain):
    assert [library for library in LIBRARIES if (plain.packages / library).exists()] == []


@pytest.mark.parametrize("name", RUNS)
def test_without_the_extra_a_command_that_runs_a_case_says_what_to_install(plain, name, tmp_path):
    # WHEN it is asked of the plain install
    ran = plain.tracelode(name, "case", *(("--out", "out") if name in ("run", "watch") else ()), at=tmp_path)
    # THEN it says so and writes nothing
    assert ran.status == 2
    assert "pip install 'tracelode[local]'" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


def test_the_extra_runs_a_case_away_from_the_checkout(desk):
    figures = json.loads((desk / "out/2025/latest/figures.json").read_text())
    assert figures["smelters"]["total"] == 4


@pytest.mark.parametrize("name", FILES)
def test_the_plain_install_reads_files(plain, desk, name):
    ran = plain.tracelode(name, *FILES[name].split(), at=desk)
    assert ran.status in (0, 1), ran
    assert ran.out
    assert not ran.err


@pytest.mark.parametrize("name", SPEAKS)
def test_the_plain_install_speaks_to_a_stack(asks, name):
    ran = asks(name, *SPEAKS[name])
    assert ran.status in (0, 1), ran
    assert ran.out
    assert "Traceback" not in ran.err


def test_the_plain_install_knows_the_template_that_a_stack_should_be(asks):
    # WHEN the doctor of the plain install, which cannot translate a template, looks at a stack
    ran = asks("doctor", "--json")
    found = json.loads(ran.out)
    # THEN it has held the functions against the template
    assert ran.status in (0, 1), ran
    assert {item["subject"] for item in found if item["check"] == "function-settings"} >= {"IntakeFunction"}, found


def test_the_plain_install_completes_command_lines(plain, tmp_path):
    assert "lint-edgar" in plain.tracelode("completion", "bash", at=tmp_path).out


def test_every_command_is_used_here():
    assert {*RUNS, *FILES, *SPEAKS, "doctor", "completion"} == set(COMMANDS)
