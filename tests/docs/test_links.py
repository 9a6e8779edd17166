"""Every link of every page leads somewhere: files, anchors, images, and the paths that running text names."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.pages import ROOT, anchors, code_spans, fences, links, name_of, pages, slug_of

_TOP = "benchmarks|console|docs|events|examples|functions|layers|local|shared|tests"
_PATH = re.compile(rf"(?:(?:{_TOP})/[\w./*-]+|[\w/-]+\.(?:py|toml|md|yaml))")
_OF_A_READER = frozenset({"program.toml", "samconfig.toml"})
"""Files that a page speaks of and the reader makes."""
_LANGUAGES = {"", "sh", "toml", "python", "json", "yaml", "csv", "mermaid", "text"}

each_page = pytest.mark.parametrize("page", pages(), ids=name_of)


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not leads_somewhere(page, target)] == []


def leads_somewhere(page: Path, target: str) -> bool:
    parts = urlsplit(target)
    if parts.scheme:
        return parts.scheme in ("https", "mailto") and bool(parts.netloc or parts.path)
    to = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not to.exists() or not to.is_relative_to(ROOT):
        return False
    return not parts.fragment or (to.suffix == ".md" and parts.fragment in anchors(to))


@each_page
def test_paths_in_running_text_are_there(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        pytest.skip("it speaks of what was")
    named = [span for span in code_spans(page) if _PATH.fullmatch(span) and span not in _OF_A_READER]
    assert [path for path in named if not is_there(page, path)] == []


def is_there(page: Path, path: str) -> bool:
    beside = any(any(folder.glob(path.rstrip("/"))) for folder in (page.parent, ROOT))
    return beside or any(known.endswith(f"/{path}") for known in known_files())


@cache
def known_files() -> frozenset[str]:
    """The project's own files, from its top."""
    folders = (folder for folder in ROOT.iterdir() if folder.name in _TOP.split("|"))
    found = (file for folder in folders for file in folder.rglob("*") if "node_modules" not in file.parts)
    return frozenset(f"/{file.relative_to(ROOT).as_posix()}" for file in found)


@each_page
def test_blocks_say_what_they_are(page: Path) -> None:
    # A block in another dialect would go by the test of commands.
    assert {language for language, _ in fences(page)} <= _LANGUAGES


@each_page
def test_commands_do_not_hide_in_indented_blocks(page: Path) -> None:
    indented = re.findall(r"^\n    (?! )(\S+ .*)$", page.read_text("utf-8"), re.MULTILINE)
    assert [line for line in indented if re.match(r"(\.venv/bin/|make |python|tracelode|aws |sam )", line)] == []


def test_anchors_are_those_that_a_reader_gets() -> None:
    assert slug_of("What may go wrong, and when?") == "what-may-go-wrong-and-when"
    assert slug_of("Anhänge `a_b` & [more](x.md)") == "anhänge-a_b--more"


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = ROOT / "docs/ARCHITECTURE.md"
    assert leads_somewhere(page, "adr/")
    assert not leads_somewhere(page, "adr/9999-nothing.md")
    assert not leads_somewhere(page, "FAULTS.md#no-such-heading")
    assert not leads_somewhere(page, "../../elsewhere")
    assert not leads_somewhere(page, "http://example.com")
