"""The project's Markdown: headings as GitHub anchors them, links, paths in running text, and the commands of a page."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^(?P<mark>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=mark)\s*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_IN_HTML = re.compile(r"\b(?:src|srcset|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command of a page: the words of it, and the line that it stands in. `inline` is one in running text."""

    page: str
    line: str
    words: tuple[str, ...]
    inline: bool = False

    @property
    def program(self) -> str:
        """The program's name, without where it lies."""
        return self.words[0].rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def pages() -> list[Path]:
    """Every page that is read: at the top, in docs/, and beside the examples."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*/README.md"))]


def name_of(page: Path) -> str:
    """A page by its path in the project."""
    return page.relative_to(ROOT).as_posix()


@cache
def anchors(page: Path) -> frozenset[str]:
    """What a link to the page may have after the hash."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    found: list[str] = []
    for heading in _HEADING.findall(text):
        slug = slug_of(heading)
        found.append(slug if slug not in found else f"{slug}-{sum(each.startswith(slug) for each in found)}")
    return frozenset([*found, *_ANCHOR.findall(text)])


def slug_of(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")


def links(page: Path) -> list[str]:
    """Where a page's links and images lead."""
    prose = _CODE.sub("", _FENCE.sub("", page.read_text("utf-8")))
    return [*_LINK.findall(prose), *_IN_HTML.findall(prose)]


def code_spans(page: Path) -> list[str]:
    """What stands in backticks in running text."""
    return _CODE.findall(_FENCE.sub("", page.read_text("utf-8")))


def fences(page: Path) -> list[tuple[str, str]]:
    """Language and text of each fenced block."""
    return [(found["language"], found["text"]) for found in _FENCE.finditer(page.read_text("utf-8"))]


def lines_of(block: str) -> Iterator[str]:
    """The command lines of a block: continued ones joined, remarks and empty ones left out."""
    for line in re.sub(r"\\\n\s*", " ", block).splitlines():
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield bare


def commands(page: Path) -> list[Command]:
    """Every simple command of a page's shell blocks."""
    name = name_of(page)
    return [
        Command(name, line, words)
        for language, text in fences(page)
        if language == "sh"
        for line in lines_of(text)
        for words in simple_commands(line)
    ]


def inline_commands(page: Path, programs: frozenset[str]) -> list[Command]:
    """Code spans of running text that are a command of one of some programs with at least one argument."""
    name = name_of(page)
    return [
        Command(name, span, words, inline=True)
        for span in code_spans(page)
        if span.partition(" ")[0].rpartition("/")[2] in programs and " " in span
        for words in simple_commands(span)
    ]


def simple_commands(line: str) -> list[tuple[str, ...]]:
    """The words of each simple command of a line: of a pipe's or a list's parts, and of what `$(...)` holds."""
    inner, outer = _substitutions(line)
    found = [words for part in inner for words in simple_commands(part)]
    lexer = shlex.shlex(outer, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    current: list[str] = []
    redirected = False
    for word in lexer:
        if redirected:
            redirected = False
        elif set(word) <= set("|&;"):
            found.append(tuple(current))
            current = []
        elif set(word) <= set("<>&"):
            redirected = True
            if current and current[-1].isdigit():
                current.pop()
        elif current or not re.fullmatch(r"\w+=.*", word, re.DOTALL):
            current.append(word)
    found.append(tuple(current))
    return [words for words in found if words]


def _substitutions(line: str) -> tuple[list[str], str]:
    """What stands in each outermost `$(...)`, and the line with a word in its place."""
    inner, outer, depth, start = [], "", 0, 0
    for place, char in enumerate(line):
        if line.startswith("$(", place - 1) and char == "(":
            if depth == 0:
                outer, start = outer[:-1], place + 1
            depth += 1
        elif depth and char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                inner.append(line[start:place])
                outer += "SUBSTITUTED"
        elif not depth:
            outer += char
    return inner, outer
