"""The functions as `sam build` packed them, under Lambda's own runtime interface, behind the local event pump."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.emulator import Build, BuiltSystem, Emulators, ManagedRuntime
from tests.runtime.scenario import YEARS, latest, results, second_thoughts, two_suppliers
from tracelode_local.delivery.environments import Outcome
from tracelode_local.engine import LocalSystem
from tracelode_local.template.stack import Function
from tracelode_local.template.translation import load

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(
    name
    for name, resource in load(ROOT / "template.yaml")["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
)
NOTHING = {"Records": []}
NOWHERE = "http://127.0.0.1:9"
PROBE = """
import os, sys
def handler(event, context):
    return {
        "path": sys.path,
        "variables": dict(os.environ),
        "folder": os.getcwd(),
        "python": list(sys.version_info[:2]),
        "remaining": context.get_remaining_time_in_millis(),
        "memory": context.memory_limit_in_mb,
        "name": context.function_name,
    }
"""
SLOW = """
import os, time
def handler(event, context):
    if event.get("late"):
        time.sleep(30)
    return os.getpid()
"""


def direct_requirements() -> list[str]:
    lines = (ROOT / "layers/requirements.in").read_text().splitlines()
    named = [re.split(r"[\[<>=~!; ]", line)[0] for line in lines if line and not line.startswith("#")]
    return [*named, "tracelode"]


@contextmanager
def emulators(built: Build, runtime: ManagedRuntime, folder: Path) -> Iterator[Emulators]:
    environments = Emulators(built, runtime, NOWHERE, folder)
    try:
        yield environments
    finally:
        environments.close()


@pytest.fixture
def invoke(built: Build, managed_runtime: ManagedRuntime, tmp_path: Path) -> Iterator[Callable[..., Outcome]]:
    """Invoke a function with an event of no records; it finds no AWS."""
    with emulators(built, managed_runtime, tmp_path) as environments:
        yield lambda function, event=NOTHING: environments.invoke(function, event)


@contextmanager
def without(package: str, opt: Path, aside: Path) -> Iterator[None]:
    """Take a package's files out of a layer, and put them back."""
    found = {re.sub(r"[-_.]+", "-", d.name).lower(): d for d in Distribution.discover(path=[str(opt / "python")])}
    files = found[package].files or () if package in found else [Path(package)]
    tops = sorted({file.parts[0] for file in files if ".." not in file.parts})
    taken = [opt / "python" / top for top in tops if (opt / "python" / top).exists()]
    assert taken, f"{package} is not in the layer"
    aside.mkdir()
    for path in taken:
        path.rename(aside / path.name)
    try:
        yield
    finally:
        for path in taken:
            (aside / path.name).rename(path)


def an_event(built: Build, logical_id: str) -> Mapping[str, Any]:
    """An event that the function has work with: one of events/, or what its schedule sends."""
    kept = sorted((ROOT / "events").glob(f"{logical_id.removesuffix('Function').lower()}-*.json"))
    if kept:
        event: Mapping[str, Any] = json.loads(kept[0].read_text())
        return event
    return next(entry.event for entry in built.stack.schedules if entry.function == built.stack.functions[logical_id])


def with_program(function: Function, folder: Path, program: str) -> Function:
    """The function with another program under the same handler's name."""
    module, _, _ = function.handler.rpartition(".")
    folder.mkdir()
    (folder / f"{module}.py").write_text(program)
    return replace(function, folder=folder)


def test_what_was_built_makes_the_report_that_the_checkout_makes(built, managed_runtime, tmp_path):
    # GIVEN the built functions and the checkout's, each with a cloud of its own
    year = YEARS[0]
    with BuiltSystem(built, managed_runtime, tmp_path / "logs") as deployed:
        # WHEN both go through the same scenario
        second_thoughts(deployed, tmp_path, two_suppliers(deployed, tmp_path))
        assert deployed.dead_letters() == ()
        published, told = latest(deployed, year), results(deployed, f"{year}/feedback/")
        answered = results(deployed, f"{year}/reference/")
    with LocalSystem(in_process=True) as checkout:
        second_thoughts(checkout, tmp_path, two_suppliers(checkout, tmp_path))
        assert checkout.dead_letters() == ()
        # THEN every byte is the same: report, feedback, answers
        assert {"exhibit-1-01.htm", "figures.json", "manifest.json", "report.xlsx"} <= set(published)
        assert published == latest(checkout, year)
        assert told == results(checkout, f"{year}/feedback/")
        assert answered == results(checkout, f"{year}/reference/")


@pytest.mark.parametrize("logical_id", FUNCTIONS)
def test_a_function_sees_what_the_template_gives_it_and_nothing_of_this_machine(
    built, invoke, tmp_path, monkeypatch, logical_id
):
    # GIVEN a program that tells what it sees
    monkeypatch.setenv("OF_THIS_MACHINE", "yes")
    function = built.stack.functions[logical_id]
    probe = with_program(function, tmp_path / "probe", PROBE)
    # WHEN
    outcome = invoke(probe)
    # THEN
    seen = outcome.answer
    assert not outcome.failed, outcome.error
    assert seen["python"] == [3, 13]
    assert seen["name"] == function.name
    assert seen["memory"] == str(function.memory)
    assert function.timeout - 20 < seen["remaining"] / 1000 <= function.timeout
    assert seen["folder"] == str(probe.folder)
    opt = built.opt[logical_id]
    packages = [str(opt / "python/lib/python3.13/site-packages"), str(opt / "python")]
    assert seen["path"][:3] == [str(probe.folder), *packages]
    assert not [place for place in seen["path"] if place.endswith("site-packages") and place not in packages]
    assert dict(function.environment).items() <= seen["variables"].items()
    assert not {"OF_THIS_MACHINE", "HOME", "VIRTUAL_ENV"} & set(seen["variables"])


def test_an_invocation_is_cut_off_at_its_time_limit_and_the_next_one_starts_anew(built, invoke, tmp_path):
    # GIVEN
    function = replace(built.stack.functions["TallyFunction"], timeout=2.0)
    slow = with_program(function, tmp_path / "slow", SLOW)
    before = invoke(slow)
    # WHEN
    outcome = invoke(slow, {"late": True})
    # THEN
    assert outcome.failed
    assert "timed out after 2.00 seconds" in outcome.error
    assert invoke(slow).answer not in (None, before.answer)


MAY_BE_EMPTY = frozenset({"TOPIC_ARN", "ENVIRONMENT_NAME", "SCAN_UPLOADS"})
"""Settings that a deployment without notices, a name or scanning does not have."""


@pytest.mark.parametrize("logical_id", FUNCTIONS)
def test_a_function_without_its_settings_fails_and_names_them_all(built, invoke, logical_id):
    # GIVEN
    function = built.stack.functions[logical_id]
    own = [name for name in function.environment if not name.startswith("POWERTOOLS_") and name not in MAY_BE_EMPTY]
    # WHEN
    outcome = invoke(replace(function, environment={}), an_event(built, logical_id))
    # THEN
    assert "MissingSettingsError" in outcome.error
    assert [name for name in own if name not in outcome.error] == []


def test_a_handler_that_is_not_there_fails_by_name(built, invoke):
    function = replace(built.stack.functions["IntakeFunction"], handler="app.handle")

    outcome = invoke(function)

    assert outcome.failed
    assert "handle" in outcome.error


@pytest.mark.parametrize("package", direct_requirements())
def test_a_package_that_is_missing_in_the_layer_fails_a_function(built, managed_runtime, tmp_path, package):
    errors = {}
    for logical_id in FUNCTIONS:
        function, opt = built.stack.functions[logical_id], built.opt[logical_id]
        # GIVEN the layer without one of the packages that the functions ask for
        with (
            without(package, opt, tmp_path / f"aside-{logical_id}"),
            emulators(built, managed_runtime, tmp_path) as environments,
        ):
            # WHEN
            errors[logical_id] = environments.invoke(function, NOTHING).error
        if errors[logical_id].startswith("Runtime.ImportModuleError"):
            break
    # THEN
    assert any(error.startswith("Runtime.ImportModuleError") for error in errors.values()), errors
