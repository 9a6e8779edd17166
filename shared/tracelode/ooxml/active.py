"""What comes alive in a workbook is left out of a copy: macros, links to other files, objects, formulas that call.

Which kinds of parts may stay is stated (active.toml); of formulas that reach outside the value stays.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from posixpath import basename, dirname, join

from tracelode.ooxml.archive import CONTENT_TYPES, Parts, relationships_of
from tracelode.ooxml.book import WORKBOOK, sheets, take_out_tabs
from tracelode.ooxml.package import Discard, external_links, relationships
from tracelode.ooxml.xml import Element, NotMarkableError, XmlPart, decoded

_LINKS = ".rels"
_MACRO_BOOK = re.compile(rb"application/vnd\.ms-excel\.(sheet|template|addin)\.macroEnabled\.main\+xml")
_PLAIN_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ENCODING = re.compile(rb"\A\s*<\?xml[^<>]*?encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS = (b"utf-8", b"us-ascii", b"ascii", b"utf8")
_STRINGS = re.compile(r'"(?:[^"]|"")*+"')
_OUTSIDE = re.compile(r"\||\[[^\[\]]*+\][^\[\]]*!")
_FORMULA = re.compile(rb"<f(?:ormula[12]?)?(?=[\s>])[^<>]*+>([^<]*+)")
_PREFIXED = re.compile(rb":f(?:ormula[12]?)?[\s>]")
_RULES = (("conditionalFormatting", "cfRule"), ("dataValidations", "dataValidation"))
_RULE_FORMULAS = ("formula", "formula1", "formula2")
_HOLDERS = frozenset(("oleObjects", "controls", "webPublishItems", "customSheetViews"))
_ALTERNATE = "AlternateContent"


@dataclass(frozen=True, slots=True)
class _Kinds:
    stays: frozenset[str]
    goes: frozenset[str]
    tabs: frozenset[str]
    schemes: frozenset[str]
    calls: re.Pattern[str]
    names: tuple[str, ...]


def take_out_active(parts: Parts) -> None:
    """Leave out of a workbook whatever does something by itself or reaches outside when it is opened or clicked.

    Macros, macro sheets, links to other workbooks and to DDE, connections, embedded objects, controls, ribbons and
    add-ins go with what only they lead to. Links that lead neither to the web nor to mail lead nowhere. Formulas that
    reach outside become their values, and the names that spreadsheet programs run by themselves go.

    Raises NotMarkableError if the workbook has a kind of part that is not known to be passive, or names such a thing in
    a way that cannot be edited; RefusedError as the pre-flight.
    """
    discard = Discard(parts)
    gone = _take_out_parts(parts, discard)
    _clear_book(parts, gone)
    for tab in sheets(parts):
        if tab.worksheet and tab.part in parts:
            _clear_sheet(parts, tab.part, gone, discard)
    _plain_type(parts)
    discard.orphans()
    discard.undeclare()
    parts.settle()


def _take_out_parts(parts: Parts, discard: Discard) -> dict[str, set[str]]:
    """Take out the parts that go; returns the ids of the links to them by the part that has them."""
    gone: dict[str, set[str]] = {}
    tabs = sheets(parts)
    positions = {tab.part: position for position, tab in enumerate(tabs)}
    instructions: set[int] = set()
    for name in list(parts.names()):
        if not name.casefold().endswith(_LINKS) or name not in parts:
            continue
        source = join(dirname(dirname(name)), basename(name)[: -len(_LINKS)])
        _refuse_encoding(parts, name)
        for link in relationships(parts, source):
            kind = link.kind.casefold()
            if kind in _kinds().tabs and link.part in positions:
                instructions.add(positions[link.part])
            elif kind in _kinds().goes:
                gone.setdefault(source.casefold(), set()).add(link.id)
            elif kind not in _kinds().stays:
                raise NotMarkableError("The workbook holds a kind of part that is not copied.")
        _clear_links(parts, source)
    take_out_tabs(parts, tabs, sorted(instructions), discard)
    for source, identifiers in gone.items():
        for link in relationships(parts, source):
            if link.id in identifiers:
                discard.part(source, link)
    parts.settle()
    return gone


def _clear_links(parts: Parts, source: str) -> None:
    """Take the place from links that lead neither to the web nor to mail, and from pictures that lie elsewhere."""
    part = parts.xml(relationships_of(source)) if relationships_of(source) in parts else None
    if part is None:
        return
    for link in external_links(part):
        scheme, colon, _ = decoded(link.attribute(b"Target")).strip().partition(":")
        kind = decoded(link.attribute(b"Type")).rpartition("/")[2].casefold()
        web = bool(colon) and scheme.casefold() in _kinds().schemes
        inside = not colon and scheme.startswith("#")
        if kind in _kinds().goes or (kind == "hyperlink" and (web or inside)):
            continue
        part.set_attribute(link, b"Target", b"#")


def _clear_book(parts: Parts, gone: dict[str, set[str]]) -> None:
    book = parts.xml(WORKBOOK)
    _refuse_encoding(parts, WORKBOOK)
    if gone.get(WORKBOOK.casefold()):
        for holder in ("externalReferences", "webPublishObjects", "functionGroups"):
            if element := book.first(holder):
                book.remove(element)
    names = list(book.elements("definedName"))
    active = [name for name in names if _is_active_name(book, name)]
    whole = book.first("definedNames") if active and len(active) == len(names) else None
    for element in [whole] if whole else active:
        book.remove(element)
    parts.settle()


def _is_active_name(book: XmlPart, element: Element) -> bool:
    called = decoded(element.attribute(b"name")).casefold().removeprefix("_xlnm.")
    if called.startswith(_kinds().names):
        return True
    if any(element.attribute(flag) in (b"1", b"true") for flag in (b"function", b"xlm", b"macro", b"vbProcedure")):
        return True
    return _is_active(book.content[element.inner : element.close])


def _clear_sheet(parts: Parts, name: str, gone: dict[str, set[str]], discard: Discard) -> None:
    _refuse_encoding(parts, name)
    content = parts.current(name)
    identifiers = gone.get(name.casefold(), set())
    if not identifiers and not _may_be_active(content):
        return
    part = parts.xml(name)
    changed = _take_out_formulas(part)
    _take_out_rules(part)
    for child, element in part.children(part.root) if identifiers else ():
        says = part.text(element)
        if child in _HOLDERS or (child == _ALTERNATE and any(f'"{each}"'.encode() in says for each in identifiers)):
            part.remove(element)
    parts.settle()
    if changed:
        _take_out_chain(parts, discard)


def _may_be_active(sheet: bytes) -> bool:
    """Whether some formula of a sheet may be active: a tenth of the time of looking at them one by one."""
    if b"<!" in sheet or sheet.find(b"<?", 1) >= 0 or _PREFIXED.search(sheet):
        return True
    # Without the numbers of their rows, the formulas of a list are a few dozen.
    formulas = {each if b"&#" in each else each.translate(None, b"0123456789") for each in _FORMULA.findall(sheet)}
    return any(map(_is_active, formulas))


def _take_out_formulas(part: XmlPart) -> bool:
    """Take active formulas from their cells, with all that share one; says whether there were any."""
    active: list[Element] = []
    shared: set[bytes] = set()
    sharing: list[Element] = []
    for element in part.tagged("f"):
        group = element.attribute(b"si")
        if _is_active(part.content[element.inner : element.close]):
            active.append(element)
            shared |= {group} if group is not None else set()
        elif group is not None:
            sharing.append(element)
    active += [element for element in sharing if element.attribute(b"si") in shared]
    for element in active:
        part.remove(element)
    return bool(active)


def _take_out_rules(part: XmlPart) -> None:
    """Take out conditional formats and validations whose formulas are active; those of extensions cannot be edited."""
    edited: set[int] = set()
    for holder_name, rule_name in _RULES:
        for holder in part.elements(holder_name):
            rules = list(part.elements(rule_name, holder))
            active = [rule for rule in rules if any(map(_is_active, _formulas(part, rule)))]
            edited |= {formula.start for rule in rules for formula in _formula_elements(part, rule)}
            if active and len(active) == len(rules):
                part.remove(holder)
                continue
            for rule in active:
                part.remove(rule)
            if active and holder.attribute(b"count") is not None:
                part.set_attribute(holder, b"count", b"%d" % (len(rules) - len(active)))
    for name in _RULE_FORMULAS:
        for element in part.tagged(name):
            if element.start not in edited and _is_active(part.content[element.inner : element.close]):
                raise NotMarkableError("A rule of the workbook reaches outside of it.")


def _formulas(part: XmlPart, rule: Element) -> Iterator[bytes]:
    for element in _formula_elements(part, rule):
        yield part.content[element.inner : element.close]


def _formula_elements(part: XmlPart, rule: Element) -> Iterator[Element]:
    for name in _RULE_FORMULAS:
        yield from part.elements(name, rule)


def _is_active(formula: bytes) -> bool:
    """Whether a formula reaches outside of its workbook. What hides in a comment or CDATA section is taken for that."""
    if b"<" in formula:
        return True
    said = _STRINGS.sub('""', decoded(formula))
    return _OUTSIDE.search(said) is not None or _kinds().calls.search(said) is not None


def _take_out_chain(parts: Parts, discard: Discard) -> None:
    """Take out the order of calculation, which names cells that have no formula any more; programs make it anew."""
    for link in relationships(parts, WORKBOOK):
        if link.kind == "calcChain":
            discard.part(WORKBOOK, link)
            parts.settle()


def _plain_type(parts: Parts) -> None:
    types = parts.xml(CONTENT_TYPES)
    for element in types.elements("Override"):
        if _MACRO_BOOK.fullmatch(element.attribute(b"ContentType") or b""):
            types.set_attribute(element, b"ContentType", _PLAIN_BOOK)
    parts.settle()


def _refuse_encoding(parts: Parts, name: str) -> None:
    """Bytes are searched for what they say in ASCII, so they have to be in an encoding in which that is so."""
    if name in parts:
        said = _ENCODING.match(parts.current(name)[:1000])
        if said and said[1].lower() not in _ENCODINGS:
            raise NotMarkableError("A part of the workbook is in an encoding that no spreadsheet program writes.")


@cache
def _kinds() -> _Kinds:
    said = tomllib.loads(files("tracelode.ooxml").joinpath("active.toml").read_text(encoding="utf-8"))
    functions = said["formulas"]["functions"]
    return _Kinds(
        stays=frozenset(said["kinds"]["stays"]),
        goes=frozenset(said["kinds"]["goes"]),
        tabs=frozenset(said["kinds"]["tabs"]),
        schemes=frozenset(said["links"]["schemes"]),
        calls=re.compile(rf"(?<![\w.])(?:_xl\w+\.)*(?:{'|'.join(map(re.escape, functions))})\s*\(", re.IGNORECASE),
        names=tuple(said["formulas"]["names"]),
    )
