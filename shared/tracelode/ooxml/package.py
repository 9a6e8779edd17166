"""Relationships and content types: how the parts of a package know of one another (ECMA-376 part 2)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import basename, dirname, join

from defusedxml import ElementTree

from tracelode.ooxml.archive import CONTENT_TYPES, Parts, relationships_of, resolved_target
from tracelode.ooxml.xml import Element, NotMarkableError, XmlPart, decoded
from tracelode.workbooks.limits import MAX_DIRECTORY_PART_BYTES

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_LINKS = ".rels"
_NO_RELATIONSHIPS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'
).encode()
_SPREADSHEETS = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": _TRANSITIONAL,
    "http://purl.oclc.org/ooxml/spreadsheetml/main": _STRICT,
}


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from a part to another: `kind` is the last word of its type, `part` the name of the part it leads to."""

    id: str
    kind: str
    part: str


def relationships(parts: Parts, source: str) -> tuple[Relationship, ...]:
    """The links of a part to other parts of the package; links to places outside are left out."""
    name = relationships_of(source)
    if name not in parts:
        return ()
    return tuple(
        Relationship(
            link.get("Id", ""), link.get("Type", "").rpartition("/")[2], resolved_target(source, link.get("Target", ""))
        )
        for link in ElementTree.fromstring(_small(parts.xml(name).content))
        if link.get("TargetMode") != "External"
    )


def external_links(links: XmlPart) -> Iterator[Element]:
    """The links of a part of relationships that lead out of the package."""
    for element in links.elements("Relationship"):
        if element.attribute(b"TargetMode") == b"External":
            yield element


def relationship_base(part: XmlPart) -> str:
    """What the types of relationships begin with: the strict form of the format has names of its own.

    Raises NotMarkableError if the part is no SpreadsheetML.
    """
    if part.namespace not in _SPREADSHEETS:
        raise NotMarkableError("A part of the workbook is not what its place says it is.")
    return _SPREADSHEETS[part.namespace]


def relate(parts: Parts, source: str, base: str, kind: str, target: str) -> str:
    """Link a part to another, and return the id of the link."""
    name = relationships_of(source)
    if name not in parts:
        parts.put(name, _NO_RELATIONSHIPS)
    part = parts.xml(name)
    taken = {element.get("Id") for element in ElementTree.fromstring(_small(part.edited()))}
    identifier = f"rIdTracelode{kind[:1].upper()}{kind[1:]}"
    while identifier in taken:
        identifier += "x"
    link = f'Id="{identifier}" Type="{base}/{kind}" Target="/{target}"'.encode()
    part.append_inside(part.root, b"<" + part.prefix + b"Relationship " + link + b"/>")
    return identifier


def declare(parts: Parts, name: str, content_type: str) -> None:
    """Say what a new part holds."""
    part = parts.xml(CONTENT_TYPES)
    said = f'PartName="/{name}" ContentType="{content_type}"'.encode()
    part.append_inside(part.root, b"<" + part.prefix + b"Override " + said + b"/>")


def declare_by_extension(parts: Parts, name: str, content_type: str) -> None:
    """Say what a new part holds by its extension, as Excel does for drawings, unless that is said already."""
    part = parts.xml(CONTENT_TYPES)
    extension = name.rpartition(".")[2]
    said = {
        element.get("Extension", "").casefold(): element.get("ContentType")
        for element in ElementTree.fromstring(_small(part.edited()))
        if element.tag.endswith("}Default")
    }
    if extension not in said:
        default = f'Extension="{extension}" ContentType="{content_type}"'.encode()
        part.insert(part.root.inner, b"<" + part.prefix + b"Default " + default + b"/>")
        said[extension] = content_type
    if said[extension] != content_type:
        declare(parts, name, content_type)


def _small(directory: bytes) -> bytes:
    """A part that goes to a parser which builds a tree of all of it."""
    if len(directory) > MAX_DIRECTORY_PART_BYTES:
        raise NotMarkableError("The workbook's list of parts is too large to be edited.")
    return directory


@dataclass(slots=True)
class Discard:
    """Takes parts out together with what only they lead to; `undeclare` says so once all are out."""

    _parts: Parts
    _leading: Counter[str] = field(init=False, default_factory=Counter)
    _gone: set[str] = field(init=False, default_factory=set)

    def part(self, source: str, link: Relationship) -> None:
        """Take out a link and, unless another part leads there too, the part that it leads to, with its own links.

        Raises NotMarkableError if the package's links cannot be read.
        """
        if not self._leading:
            self._leading.update(
                other.part.casefold()
                for name in self._parts.names()
                if name.casefold().endswith(_LINKS)
                for other in relationships(self._parts, join(dirname(dirname(name)), basename(name)[: -len(_LINKS)]))
            )
        self._unrelate(source, link.id)
        waiting = [link.part]
        while waiting:
            name = waiting.pop()
            self._leading[name.casefold()] -= 1
            if self._leading[name.casefold()] > 0 or name not in self._parts:
                continue
            waiting += [other.part for other in relationships(self._parts, name)]
            for gone in (relationships_of(name), name):
                if gone in self._parts:
                    self._parts.remove(gone)
                    self._gone.add(f"/{gone}".casefold())

    def orphans(self) -> None:
        """Take out the parts to which nothing leads, from the package's own links on."""
        reached, waiting = {CONTENT_TYPES.casefold()}, [""]
        while waiting:
            source = waiting.pop()
            reached |= {source.casefold(), relationships_of(source).casefold()}
            waiting += [link.part for link in relationships(self._parts, source) if link.part.casefold() not in reached]
        for name in list(self._parts.names()):
            if name.replace("\\", "/").lstrip("/").casefold() not in reached:
                self._parts.remove(name)
                self._gone.add(f"/{name}".casefold())

    def undeclare(self) -> None:
        """Take back what was said of the parts that are out."""
        if not self._gone:
            return
        types = self._parts.xml(CONTENT_TYPES)
        for element in types.elements("Override"):
            if decoded(element.attribute(b"PartName")).casefold() in self._gone:
                types.remove(element)
        self._undeclare_drawings(types)

    def _undeclare_drawings(self, types: XmlPart) -> None:
        """Take back what `declare_by_extension` said of drawings, which stands first, if none is left."""
        first = types.first("Default")
        if first is None or first.start != types.root.inner or decoded(first.attribute(b"Extension")) != "vml":
            return
        if not any(name.casefold().endswith(".vml") for name in self._parts.names()):
            types.remove(first)

    def _unrelate(self, source: str, identifier: str) -> None:
        name = relationships_of(source)
        part = self._parts.xml(name)
        for element in part.elements("Relationship"):
            if decoded(element.attribute(b"Id")) == identifier:
                part.remove(element)
                break
        # A list of links that `relate` began is taken out with its last link; one that the supplier has may be empty.
        if part.edited() == _NO_RELATIONSHIPS:
            self._parts.remove(name)
