"""Generated pages say what the code says."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["COMMANDS.md", "LIMITS.md", "RULES.md"])
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == generator().pages()[name], "run `make docs`"


def test_every_limit_is_explained() -> None:
    page = generator().pages()["LIMITS.md"]
    limits = (ROOT / "shared" / "tracelode" / "workbooks" / "limits.py").read_text("utf-8")
    for name in re.findall(r"^([A-Z_]+) = ", limits, re.MULTILINE):
        assert f"`{name}`" in page


def test_every_command_says_its_exit_status_or_needs_none() -> None:
    page = generator().pages()["COMMANDS.md"]
    for section in page.split("## tracelode ")[1:]:
        name = section.split()[0]
        assert "exit status" in section or name == "completion", name


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("feedback/markup/mark_up.py", ("MAX_MARKED_CELLS", "MAX_COMMENT_CHARACTERS")),
        ("feedback/markup/findings_sheet.py", ("MAX_LINKS",)),
        ("feedback/markup/styles.py", ("MAX_FORMATS",)),
        ("feedback/page.py", ("SHOWN_AT_MOST", "FOUND_AT_MOST")),
        ("review/rules/rule.py", ("MAX_HITS",)),
    ],
)
def test_limits_of_what_is_said_to_a_supplier_stand_with_their_values(module: str, names: tuple[str, ...]) -> None:
    page = generator().pages()["LIMITS.md"]
    source = (ROOT / "shared" / "tracelode" / module).read_text("utf-8")
    for name in names:
        value = int(re.search(rf"^_?{name} = ([0-9_]+)$", source, re.MULTILINE)[1])
        assert f"| `{name}` | {value:,} | " in page
