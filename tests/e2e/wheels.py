"""The wheel, and environments that have what it declares and nothing else."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "template.yaml", "functions", "shared", "console", "local",
              "layers/requirements.in")  # fmt: skip
"""What of the checkout the build may look at."""
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with the package in it."""

    folder: Path

    @property
    def packages(self) -> Path:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    def make(self) -> None:
        """Make it, empty."""
        _succeed(sys.executable, "-m", "venv", "--without-pip", str(self.folder))

    def pip(self, *arguments: str) -> None:
        """Run this process's pip on it."""
        _succeed(*PIP, "--python", str(self.folder / "bin" / "python"), *arguments)

    def link(self, distributions: Iterable[Distribution]) -> None:
        """Put distributions of this process into it as links, so that nothing has to be fetched."""
        for entry in {entry for needed in distributions for entry in _entries(needed)}:
            link = self.packages / entry.name
            if not link.exists():
                link.symlink_to(entry)

    def tracelode(self, *arguments: str, at: Path, more: Mapping[str, str] | None = None) -> "Ran":
        """Run the installed command in a folder, with nothing of this process's surroundings but the system's PATH."""
        surroundings = {"PATH": os.defpath, "HOME": str(at), "LANG": "C.UTF-8", **(more or {})}
        done = subprocess.run([self.folder / "bin" / "tracelode", *arguments], cwd=at, env=surroundings,
                              capture_output=True, text=True, timeout=600, check=False)  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str


def build_wheel(folder: Path) -> Path:
    """The wheel, built in a copy of what it is built from by an environment that has what the build declares: neither
    leftovers nor the rest of the checkout are there, nor any other library."""
    copy = folder / "source"
    for name in BUILT_FROM:
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copyfile(source, target)
    builds = Environment(folder / "builds")
    builds.make()
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    builds.link(needed_for(Requirement(line) for line in asked))
    builds.pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(copy))
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment(folder: Path, wheel: Path, *, extra: str = "") -> Environment:
    """An environment with the wheel and what it, or its extra, declares."""
    made = Environment(folder)
    made.make()
    made.pip("install", "--no-index", "--no-deps", "--no-compile", str(wheel))
    (own,) = Distribution.discover(name="tracelode", path=[str(made.packages)])
    made.link(needed_for(_requirements(own, {extra})))
    return made


def needed_for(requirements: Iterable[Requirement]) -> list[Distribution]:
    """The distributions that are asked for, and all that these ask for in turn."""
    found: dict[str, Distribution] = {}
    waiting = list(requirements)
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        key = (re.sub(r"[-_.]+", "-", requirement.name).lower(), frozenset(requirement.extras))
        if key not in seen:
            seen.add(key)
            found[key[0]] = needed = distribution(requirement.name)
            assert requirement.specifier.contains(needed.version), f"{requirement}, not {needed.version}"
            waiting += _requirements(needed, requirement.extras)
    return list(found.values())


def _requirements(of: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in of.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield requirement


def _entries(of: Distribution) -> set[Path]:
    """What a distribution has right below site-packages."""
    tops = {file.parts[0] for file in of.files or () if file.parts[0] not in ("..", "__pycache__")}
    return {Path(str(of.locate_file(top))) for top in tops}


def _succeed(*command: str) -> None:
    # A search path of this process would show pip a package that the environment does not have.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=Path("/"), env=own, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
