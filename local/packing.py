"""What the wheel has beside the packages: the template and the functions, which lie at the top of the checkout.

setuptools runs it (pyproject.toml); `tracelode_local.template.own` finds what it packs.
"""

import json
import shutil
import sys
from pathlib import Path

from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "local"))

from tracelode_local.template.own import PACKED, TRANSLATION  # noqa: E402  found from here on
from tracelode_local.template.translation import LOCAL_CODE, translate  # noqa: E402


class BuildWithSystem(build_py):
    """Packs the template, its translation and the functions into tracelode_local; not where the checkout is used."""

    def run(self) -> None:
        """Build the packages, then put the system beside them."""
        if self.editable_mode:
            super().run()
            return
        # What an earlier build left is not of this one: a module that was moved since would be in both places.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        for source in _sources():
            packed = self._packed(source)
            packed.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / source, packed)
        self._packed(Path(TRANSLATION)).write_text(json.dumps(_translation(), indent=1), encoding="utf-8")

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """What is built, which setuptools puts into the wheel's record."""
        packed = [*_sources(), Path(TRANSLATION)]
        return [*super().get_outputs(include_bytecode), *(str(self._packed(source)) for source in packed)]

    def get_source_files(self) -> list[str]:
        """What it is built from, which a source distribution has as well."""
        return [*super().get_source_files(), str(Path("local/packing.py")), *map(str, _sources())]

    def _packed(self, source: Path) -> Path:
        return Path(self.build_lib) / "tracelode_local" / PACKED / source


def _sources() -> list[Path]:
    """The template and the functions' modules, by their place in the checkout."""
    modules = sorted((ROOT / "functions").rglob("*.py"))
    return [Path("template.yaml"), *(module.relative_to(ROOT) for module in modules)]


def _translation() -> dict[str, object]:
    """The translated template, without the folders of the machine that translated it."""
    translated = translate(ROOT / "template.yaml", {})
    for resource in translated["Resources"].values():
        resource.get("Metadata", {}).pop(LOCAL_CODE, None)
    return translated
