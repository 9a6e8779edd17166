"""The build, the emulator and the runtime client; each test that lacks one of them says so and is skipped."""

import platform
import subprocess
from pathlib import Path

import pytest

from tests.runtime.emulator import Build, ManagedRuntime, read_build
from tests.template.conftest import runtime_python, sam
from tests.template.test_template_build import OWN_ARCHITECTURE, ROOT, build

__all__ = ["runtime_python", "sam"]

CLIENT = ROOT / ".ci/requirements/emulator.txt"
EMULATORS = {"x86_64": "aws-lambda-rie-x86_64", "arm64": "aws-lambda-rie-arm64"}


@pytest.fixture(scope="session")
def emulator(sam: Path) -> Path:
    """Lambda's runtime interface emulator, as it comes with the AWS SAM CLI."""
    if platform.system() != "Linux" or not OWN_ARCHITECTURE:
        pytest.skip(f"Lambda's emulator does not run on {platform.system()} {platform.machine()}")
    environment = sam.resolve().parent.parent
    name = EMULATORS[OWN_ARCHITECTURE]
    found = sorted(environment.glob(f"lib/python3*/site-packages/samcli/local/rapid/{name}"))
    if not found:
        pytest.skip(f"this AWS SAM CLI does not bring {name} along")
    return found[0]


@pytest.fixture(scope="session")
def managed_runtime(emulator: Path, runtime_python: Path, tmp_path_factory: pytest.TempPathFactory) -> ManagedRuntime:
    """Emulator, Python and runtime client; the client is not in a layer, because Lambda brings it along."""
    client = tmp_path_factory.mktemp("runtime-client")
    pip = [str(runtime_python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    ran = subprocess.run(
        [*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(client), "-r", str(CLIENT)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ManagedRuntime(emulator, runtime_python, client)


@pytest.fixture(scope="session")
def built(sam: Path, runtime_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The whole template, built once for this machine's processor."""
    folder = build(sam, runtime_python, tmp_path_factory.mktemp("built"), OWN_ARCHITECTURE)
    return read_build(folder, tmp_path_factory.mktemp("layers"), OWN_ARCHITECTURE)
