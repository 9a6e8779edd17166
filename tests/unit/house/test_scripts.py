"""What make and the docs call finds the project's own folders: nothing puts them on the path but what is called."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = frozenset(folder.name for folder in ROOT.iterdir() if folder.is_dir())
PAGES = [ROOT / "Makefile", ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SCRIPT = re.compile(r"python3? ((?!-)[\w./-]+\.py)\b")
MODULE = re.compile(r"python3? -m ((?:benchmarks|docs|examples|tests)[\w.]*)")


def called(pattern: re.Pattern[str]) -> list[str]:
    return sorted({name for page in PAGES for name in pattern.findall(page.read_text("utf-8"))})


def imported_first(source: str) -> set[str]:
    """The top-level packages that a module imports before it has said where its own folder lies."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if "sys.path" in ast.unparse(node):
            break
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
    return found


def test_there_are_scripts_and_modules_that_are_called() -> None:
    assert "examples.make_qualys_2016" in called(MODULE)
    assert "docs/generate.py" in called(SCRIPT)


@pytest.mark.parametrize("script", called(SCRIPT))
def test_a_script_that_is_called_by_its_path_imports_no_folder_of_the_project(script: str) -> None:
    assert imported_first((ROOT / script).read_text("utf-8")) & FOLDERS == set()


@pytest.mark.parametrize("module", called(MODULE))
def test_a_module_that_is_called_is_there(module: str) -> None:
    path = ROOT / module.replace(".", "/")
    assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_the_rule_sees_an_import_that_nothing_would_find() -> None:
    assert imported_first("import sys\nfrom examples.specimen import write_cmrt\n") & FOLDERS == {"examples"}
    assert imported_first("import sys\nsys.path.insert(0, '.')\nfrom tests import x\n") & FOLDERS == set()
