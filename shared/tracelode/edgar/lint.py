"""Whether EDGAR would take a document: the HTML that it allows, and what else it asks of a file.

EDGAR Filer Manual, volume II, sections 5.2.1 and 5.2.2. The allowed elements are data: `html_subset.toml`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

MAX_NAME_CHARACTERS: Final = 32
"""Characters of a file name (Filer Manual, volume II, 5.2.1)."""
MAX_VIOLATIONS: Final = 500
"""Violations told of one document; a document that has more is not worth more reading."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)?")
_ENDINGS = (".htm", ".txt", ".jpg", ".gif", ".pdf")
_ALLOWED_HOST = "sec.gov"
_IMAGES = (".jpg", ".jpeg", ".gif")
_END_TAG_OPTIONAL = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "head"})
_STYLE_THAT_ACTS = re.compile(r"url\s*\(|expression\s*\(|@import|javascript:|behavior\s*:", re.IGNORECASE)
_ANY_TEXT = "#text"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that EDGAR would refuse or drop: a rule's id, where (line and column from 1), what, and what to do."""

    rule: str
    line: int
    column: int
    message: str
    remedy: str


def lint(document: bytes, name: str, *, companions: Iterable[str] = ()) -> tuple[Violation, ...]:
    """Every violation of a document that is to be filed under a file name, in the order of the text.

    `companions` are the names of the other files of the submission, which local links and images may lead to.
    The document is untrusted: nothing of it is executed, and at most MAX_VIOLATIONS are told.
    """
    checked = _Document(frozenset(companions))
    found = list(_name_violations(name))
    text = document.decode("latin-1")
    found += _character_violations(document)
    if name.lower().endswith((".htm", ".html")):
        checked.feed(text)
        checked.close()
        found += checked.finish()
    return tuple(sorted(found[: 4 * MAX_VIOLATIONS], key=lambda v: (v.line, v.column, v.rule))[:MAX_VIOLATIONS])


def _name_violations(name: str) -> Iterable[Violation]:
    if len(name) > MAX_NAME_CHARACTERS:
        yield Violation("E01", 1, 1, f"the file name has {len(name)} characters", "use at most 32")
    if not _NAME.fullmatch(name) or not name.endswith(_ENDINGS):
        yield Violation(
            "E02", 1, 1, "the file name is not one that EDGAR takes",
            "use lower-case letters, digits, - and _, beginning with a letter or digit, and an ending such as .htm",
        )  # fmt: skip


def _character_violations(document: bytes) -> Iterable[Violation]:
    for number, line in enumerate(document.split(b"\n"), start=1):
        odd = next(
            (place for place, byte in enumerate(line) if byte > 0x7E or (byte < 0x20 and byte not in b"\t\r\f")), -1
        )
        if odd >= 0:
            yield Violation(
                "E03", number, odd + 1, f"a character outside ASCII (byte 0x{line[odd]:02X})",
                "write it as a numeric entity such as &#8220;",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Element:
    """What the subset says of an element."""

    children: frozenset[str]
    attributes: frozenset[str]
    values: Mapping[str, frozenset[str]]
    needed: frozenset[str]
    sequence: re.Pattern[str] | None

    @property
    def is_empty(self) -> bool:
        return not self.children


@cache
def _subset() -> Mapping[str, _Element]:
    data: dict[str, Any] = tomllib.loads(
        files("tracelode.edgar").joinpath("html_subset.toml").read_text(encoding="utf-8")
    )
    inline = frozenset(data["classes"]["inline"].split()) | {_ANY_TEXT}
    flow = inline | frozenset(data["classes"]["block"].split())
    models = {"flow": flow, "inline": inline, "text": frozenset({_ANY_TEXT}), "nothing": frozenset()}
    elements = {}
    for tag, said in data["elements"].items():
        contains = said["contains"]
        children = models[contains] if isinstance(contains, str) else frozenset(contains)
        group = said.get("group", "common")
        elements[tag] = _Element(
            children=(children | frozenset(said.get("also", ()))) - frozenset(said.get("except", ())),
            attributes=frozenset(said["attributes"]) | frozenset(data["groups"][group] if group else ()),
            values={name: frozenset(values) for name, values in {**data["values"], **said.get("values", {})}.items()},
            needed=frozenset(said.get("needs", ())),
            sequence=re.compile(said["sequence"]) if "sequence" in said else None,
        )
    return elements


class _Document(HTMLParser):
    """Walks a document once, collecting violations."""

    def __init__(self, companions: frozenset[str]) -> None:
        super().__init__(convert_charrefs=False)
        self._companions = companions
        self._open: list[str] = []
        self._children: list[list[str]] = []
        self._seen: set[str] = set()
        self._anchors: set[str] = set()
        self._links: list[tuple[str, int, int]] = []
        self._skipped = ""
        self._found: list[Violation] = []

    def finish(self) -> list[Violation]:
        """All violations, those included that show only at the end of the document."""
        while self._open:
            if (tag := self._pop()) not in _END_TAG_OPTIONAL:
                self._violation("E12", f"<{tag}> is never closed", f"close it with </{tag}>")
        for tag in ("html", "body"):
            if tag not in self._seen:
                self._violation("E13", f"there is no <{tag}>", "wrap the document in <html> and <body>")
        for target, line, column in self._links:
            if target not in self._anchors:
                self._found.append(
                    Violation(
                        "E10",
                        line,
                        column,
                        f"a link to #{target[:40]!r}, which is nowhere in the document",
                        "name the place that it leads to, or remove the link",
                    )
                )
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            return
        subset = _subset()
        if tag not in subset:
            active = tag in ("script", "object", "applet", "embed", "iframe", "form", "input", "button")
            self._violation(
                "E05" if active else "E04",
                f"<{tag[:30]}> is {'active content' if active else 'not an element that EDGAR takes'}",
                "remove it",
            )
            self._skipped = tag if tag in ("script", "style") else ""
            return
        self._close_what_this_ends(tag)
        if tag == "table" and "table" in self._open:
            self._violation("E06", "a table within a table", "put the inner table before or after the outer one")
        elif self._open and tag not in subset[self._open[-1]].children:
            self._violation("E07", f"<{tag}> within <{self._open[-1]}>", "move it to where EDGAR's HTML allows it")
        elif self._open and subset[self._open[-1]].sequence:
            self._children[-1].append(tag)
        elif not self._open and tag != "html":
            self._violation("E07", f"<{tag}> outside <html>", "wrap the document in <html>")
        self._seen.add(tag)
        self._check_attributes(tag, attrs)
        if not subset[tag].is_empty:
            self._open.append(tag)
            self._children.append([])

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped = "" if tag == self._skipped else self._skipped
            return
        if tag not in _subset() or _subset()[tag].is_empty:
            return
        if tag not in self._open:
            self._violation("E12", f"</{tag}> closes nothing", "remove it, or open the element")
            return
        while (last := self._pop()) != tag:
            if last not in _END_TAG_OPTIONAL:
                self._violation("E12", f"<{last}> is still open at </{tag}>", f"close it with </{last}> before")

    def handle_data(self, data: str) -> None:
        if self._skipped or not data.strip():
            return
        if "<" in data:
            self._violation("E12", "a < that begins no element", "write it as &#60;")
        if self._open and _ANY_TEXT not in _subset()[self._open[-1]].children:
            self._violation("E07", f"text directly within <{self._open[-1]}>", "put it into an element that holds text")

    def handle_entityref(self, name: str) -> None:
        self.handle_data("&")
        if name not in ("amp", "lt", "gt", "quot", "nbsp"):
            self._violation(
                "E08", f"the entity &{name[:30]};", "write the character as a numeric entity such as &#8220;"
            )

    def handle_charref(self, name: str) -> None:
        self.handle_data("&")
        try:
            code = int(name[1:], 16) if name[:1] in "xX" else int(name)
        except ValueError:
            code = 0
        if not (code in (9, 10, 13) or 32 <= code <= 126 or 160 <= code <= 0xD7FF or 0xE000 <= code <= 0x10FFFF):
            self._violation("E08", f"the entity &#{name[:12]}; stands for no printable character", "remove it")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        self._violation("E05", "a processing instruction", "remove it")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        self._violation("E12", "a marked section", "remove it")

    def _close_what_this_ends(self, tag: str) -> None:
        while (
            self._open
            and self._open[-1] in _END_TAG_OPTIONAL
            and tag not in _subset()[self._open[-1]].children
            and not (tag == "table" and "table" in self._open)
        ):
            self._pop()

    def _pop(self) -> str:
        """End the innermost element; it has to hold what it needs."""
        tag, children = self._open.pop(), self._children.pop()
        sequence = _subset()[tag].sequence
        if sequence and not sequence.fullmatch("".join(f"{child} " for child in children)):
            self._violation(
                "E07", f"<{tag}> {'holds its parts in another order' if children else 'is empty'}",
                "put into it what EDGAR's HTML expects, in that order, or remove it",
            )  # fmt: skip
        return tag

    def _check_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: name if value is None else value for name, value in attrs}
        for name, value in given.items():
            self._check_attribute(tag, name, value)
            if name in ("id", "name") and tag != "meta":
                self._check_anchor(name, value)
        for name in sorted(_subset()[tag].needed - given.keys()):
            self._violation("E09", f"<{tag}> without {name}", "state it")
        if "href" in given:
            self._check_link(given["href"].strip())
        if "src" in given:
            self._check_image(given["src"].strip())
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self._violation("E05", "a page that forwards its reader", "remove it")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        element = _subset()[tag]
        if name.startswith("on"):
            self._violation("E05", f"the attribute {name[:30]} is active content", "remove it")
        elif name not in element.attributes:
            self._violation("E09", f"the attribute {name[:30]!r} of <{tag}>", "remove it")
        elif name in element.values and value.lower() not in element.values[name]:
            allowed = ", ".join(sorted(element.values[name]))
            self._violation("E09", f"the value {value[:30]!r} of {name}", f"use one of: {allowed}")
        elif name == "style" and _STYLE_THAT_ACTS.search(value):
            self._violation("E05", "a style that loads or executes something", "state plain properties only")

    def _check_anchor(self, name: str, value: str) -> None:
        if name == "id" and value in self._anchors:
            self._violation("E14", f"the id {value[:30]!r} stands twice", "use each id once")
        self._anchors.add(value)

    def _check_link(self, target: str) -> None:
        line, column = self.getpos()
        if target.startswith("#"):
            self._links.append((target[1:], line, column + 1))
            return
        try:
            parts = urlsplit(target)
        except ValueError:
            self._violation("E11", "a link that cannot be read", "remove it")
            return
        host = parts.hostname or ""
        if parts.scheme in ("http", "https"):
            if host != _ALLOWED_HOST and not host.endswith(f".{_ALLOWED_HOST}"):
                self._violation(
                    "E11", f"a link to {host[:60]!r}", "print the address as text; only sec.gov may be linked"
                )
        elif parts.scheme or parts.netloc:
            self._violation("E11", f"a link of the kind {(parts.scheme or '//')[:20]!r}", "remove it")
        elif parts.path not in self._companions:
            self._violation(
                "E10", f"a link to {parts.path[:40]!r}, which is not filed with it", "file it, or remove the link"
            )

    def _check_image(self, source: str) -> None:
        if "/" in source or ":" in source or not source.lower().endswith(_IMAGES):
            self._violation("E15", f"the image {source[:40]!r}", "file a .jpg or .gif with it and name just that")
        elif source not in self._companions:
            self._violation("E10", f"the image {source[:40]!r}, which is not filed with it", "file it, or remove it")

    def _violation(self, rule: str, message: str, remedy: str) -> None:
        line, column = self.getpos()
        self._found.append(Violation(rule, line, column + 1, message, remedy))


EDGAR_RULES: Final[Mapping[str, str]] = {
    "E01": "file name of at most 32 characters",
    "E02": "file name in lower case, of letters, digits, - and _, with a known ending",
    "E03": "ASCII alone",
    "E04": "allowed elements alone",
    "E05": "no active content",
    "E06": "no nested tables",
    "E07": "elements where they may stand",
    "E08": "numeric entities alone, for printable characters",
    "E09": "allowed attributes and values alone",
    "E10": "local links and images resolve",
    "E11": "no external references but to sec.gov",
    "E12": "elements opened and closed",
    "E13": "a document of html and body",
    "E14": "each id once",
    "E15": "images in JPEG or GIF beside the document",
}
"""What each rule asks for."""
