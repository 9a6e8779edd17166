"""What `sam build` packs: complete, for the right processor, and importable by the functions' runtime alone."""

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .translated import ROOT, TEMPLATE, TranslatedTemplate

pytestmark = pytest.mark.engine

UNZIPPED_LIMIT = 250 * 2**20
"""Bytes of a function and its layers together (AWS Lambda quotas, deployment package size)."""
MACHINES = {"x86_64": 0x3E, "arm64": 0xB7}
"""ELF's e_machine by architecture."""
OWN_ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "")


def run_sam(sam: Path, *arguments: str, python: Path | None = None) -> subprocess.CompletedProcess[str]:
    folders = [str(python.parent)] if python else []
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([*folders, os.environ["PATH"]]),
        "SAM_CLI_TELEMETRY": "0",
    }
    return subprocess.run(
        [sam, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def build(sam: Path, python: Path, folder: Path, architecture: str, *resource: str) -> Path:
    ran = run_sam(
        sam,
        "build",
        *resource,
        "--build-dir",
        str(folder),
        "--parameter-overrides",
        f"Architecture={architecture}",
        python=python,
    )
    assert ran.returncode == 0, ran.stderr
    subprocess.run([ROOT / "layers/add-bytecode", folder], check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def built(sam, runtime_python, tmp_path_factory) -> Path:
    """Everything, built for this machine's processor."""
    if not OWN_ARCHITECTURE:
        pytest.skip(f"Lambda does not run on {platform.machine()}")
    return build(sam, runtime_python, tmp_path_factory.mktemp("built"), OWN_ARCHITECTURE)


def machines(folder: Path) -> dict[str, int]:
    return {
        str(library.relative_to(folder)): int.from_bytes(library.read_bytes()[18:20], "little")
        for library in folder.rglob("*.so*")
    }


def test_sam_finds_nothing_wrong_with_the_template(sam):
    ran = run_sam(sam, "validate", "--lint")

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_cfn_lint_finds_nothing_wrong_with_the_translated_template(template, tmp_path):
    # cfn-lint does not translate SAM: on the template itself it misses what it finds here.
    translated = tmp_path / "template.json"
    translated.write_text(json.dumps(template.document))

    ran = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), str(translated)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("architecture", MACHINES)
def test_the_layer_holds_libraries_for_the_architecture_that_was_asked_for(
    sam, runtime_python, tmp_path, request, architecture
):
    if architecture == OWN_ARCHITECTURE:
        folder = request.getfixturevalue("built")
    else:
        folder = build(sam, runtime_python, tmp_path / "built", architecture, "DependenciesLayer")

    found = machines(folder / "DependenciesLayer")

    assert len(found) >= 4
    assert {name for name, machine in found.items() if machine != MACHINES[architecture]} == set()


def test_the_shared_layer_holds_the_whole_package_with_its_data(built):
    source, packed = ROOT / "shared/tracelode", built / "SharedLayer/python/tracelode"

    assert files(packed) == files(source)


def test_every_module_of_a_build_has_its_bytecode_which_stands_whatever_packing_does_to_times(built):
    # GIVEN every module but one for another Python, and where it is mounted
    modules = [path for path in built.rglob("*.py") if path.name != "olefile2.py"]
    mounts = dict.fromkeys(("DependenciesLayer", "SharedLayer"), "/opt")

    # WHEN each is looked for by the rule of the functions' own Python
    found = {path: path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc" for path in modules}

    # THEN it is there, unchecked (PEP 552: flags 1), and speaks of the place that it will have
    assert [path for path, bytecode in found.items() if not bytecode.is_file()] == []
    assert {bytecode.read_bytes()[4:8] for bytecode in found.values()} == {b"\x01\0\0\0"}
    for path, bytecode in found.items():
        part, *rest = path.relative_to(built).parts
        assert "/".join([mounts.get(part, "/var/task"), *rest]).encode() in bytecode.read_bytes()


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_function_with_its_layers_is_below_the_limit_of_lambda(built, template):
    layers = ("DependenciesLayer", "SharedLayer")
    for function in template.functions():
        packed = [path for name in (function, *layers) for path in (built / name).rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in packed) < UNZIPPED_LIMIT / 2


@pytest.mark.parametrize(
    "function", ["IntakeFunction", "ReferenceFunction", "TallyFunction", "PublishFunction", "ReconcileFunction"]
)
def test_a_function_starts_on_its_runtime_with_nothing_but_its_layers(
    built, runtime_python, template: TranslatedTemplate, function
):
    # GIVEN the runtime without any package of its own, and the function's folders as Lambda mounts them
    paths = [str(built / function), *(str(built / layer / "python") for layer in ("DependenciesLayer", "SharedLayer"))]
    program = (
        "import sys, json; sys.path[:0] = json.loads(sys.argv[1])\n"
        "import app, boto3\n"
        "print(json.dumps([callable(app.handler), app.__file__, boto3.__file__, sys.modules['tracelode'].__file__]))"
    )
    variables = template.functions()[function]["Environment"]["Variables"]
    environment = {name: value if isinstance(value, str) else "anything" for name, value in variables.items()}

    # WHEN its module is imported as at a cold start
    ran = subprocess.run(
        [runtime_python, "-I", "-S", "-c", program, json.dumps(paths)],
        env={**environment, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    # THEN its handler is there, and everything came from the build
    assert ran.returncode == 0, ran.stderr
    is_callable, *places = json.loads(ran.stdout)
    assert is_callable
    assert [next((path for path in paths if place.startswith(path)), place) for place in places] == paths


def test_the_layers_lock_is_the_lock_that_tests_run_on():
    """The versions that tests run on are the versions that are deployed, each pinned by hash."""
    layer = (ROOT / "layers/dependencies/requirements.txt").read_text()
    tested = (ROOT / ".ci/requirements/local.txt").read_text()

    assert pins(layer)
    assert pins(layer) <= pins(tested)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[a-z])", layer))


def pins(lock: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock, re.MULTILINE))


def test_the_template_says_first_how_a_document_travels():
    heads = re.findall(r"^ *# ([A-Z]+)$", TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE)

    assert heads == [
        "PARAMETERS",
        "INBOX",
        "INTAKE",
        "REFERENCE",
        "LEDGER",
        "TALLY",
        "PUBLISH",
        "RESULTS",
        "RECONCILE",
        "NOTICES",
        "DASHBOARD",
        "DEPENDENCIES",
        "OUTPUTS",
    ]
