"""What Excel is strict about: a workbook with one of these complaints is opened with an offer to repair it."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree

from tracelode.ooxml import schema

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
VML = "{urn:schemas-microsoft-com:vml}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
EXCEL = "{urn:schemas-microsoft-com:office:excel}"


def complaints(workbook: bytes) -> list[str]:
    """Everything wrong with the package, its workbook, styles, sheets and comments; empty if Excel has no reason."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"two parts {name}" for name in names if [other.casefold() for other in names].count(name.casefold()) > 1]
    found += [f"{name} is not well-formed" for name in parts if not well_formed(name, parts[name])]
    if found:
        return found
    checks = (undeclared_prefixes, content_types, links, book, styles)
    return [complaint for check in checks for complaint in check(parts)] + [
        f"{name}: {complaint}"
        for name in parts
        if name.startswith("xl/worksheets/") and name.endswith(".xml")
        for complaint in sheet(parts, name)
    ]


def well_formed(name: str, content: bytes) -> bool:
    if not name.endswith((".xml", ".rels", ".vml")):
        return True
    try:
        ElementTree.fromstring(content)
    except ParseError:
        return False
    return True


def undeclared_prefixes(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name, content in parts.items():
        for said in re.findall(rb"\bIgnorable=\"([^\"]*)\"", content):
            yield from (f"{name}: {prefix!r} is ignorable and not declared" for prefix in said.split()
                        if b"xmlns:" + prefix + b"=" not in content)  # fmt: skip


def content_types(parts: Mapping[str, bytes]) -> Iterator[str]:
    root = ElementTree.fromstring(parts["[Content_Types].xml"])
    defaults = [element.get("Extension", "").casefold() for element in root.iter(f"{TYPES}Default")]
    overrides = [element.get("PartName", "").lstrip("/") for element in root.iter(f"{TYPES}Override")]
    yield from (f"type of .{name} said twice" for name in set(defaults) if defaults.count(name) > 1)
    yield from (f"type of {name} said twice" for name in set(overrides) if overrides.count(name) > 1)
    yield from (f"type of {name}, which is absent" for name in overrides if name not in parts)
    for name in parts:
        if name not in overrides and name.rpartition(".")[2].casefold() not in defaults and "Content_Types" not in name:
            yield f"{name} has no type"


def related(parts: Mapping[str, bytes], source: str) -> dict[str, tuple[str, str]]:
    """The links of a part by id: the last word of the type, and the part."""
    folder, name = posixpath.split(source)
    rels = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if rels is None:
        return {}
    return {
        link.get("Id", ""): (
            link.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in ElementTree.fromstring(rels)
        if link.get("TargetMode") != "External"
    }


def links(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name in parts:
        if not name.endswith(".rels"):
            continue
        folder, own = posixpath.split(name)
        source = posixpath.join(posixpath.dirname(folder), own.removesuffix(".rels"))
        ids = [link.get("Id") for link in ElementTree.fromstring(parts[name])]
        yield from (f"{name}: two links {identifier}" for identifier in set(ids) if ids.count(identifier) > 1)
        for kind, target in related(parts, source).values():
            if target not in parts:
                yield f"{name}: {kind} {target} is absent"
        if source in parts and source.endswith(".xml"):
            used = {value for element in ElementTree.fromstring(parts[source]).iter()
                    for attribute, value in element.attrib.items() if attribute.startswith(REL)}  # fmt: skip
            yield from (f"{source}: no link {identifier}" for identifier in sorted(used - {str(i) for i in ids}))


def out_of_order(root: Element, order: tuple[str, ...]) -> Iterator[str]:
    names = [element.tag.removeprefix(MAIN) for element in root if element.tag.startswith(MAIN)]
    positions = [order.index(name) for name in names]
    if positions != sorted(positions):
        yield f"children are out of order: {names}"
    yield from (f"{name} twice" for name in set(names) - {"conditionalFormatting"} if names.count(name) > 1)


def book(parts: Mapping[str, bytes]) -> Iterator[str]:
    root = ElementTree.fromstring(parts["xl/workbook.xml"])
    yield from out_of_order(root, schema.WORKBOOK_ORDER)
    sheets = list(root.iter(f"{MAIN}sheet"))
    for attribute in ("name", "sheetId", f"{REL}id"):
        values = [element.get(attribute, "").casefold() for element in sheets]
        yield from (f"two sheets with {attribute} {value}" for value in set(values) if values.count(value) > 1)
    for element in sheets:
        name = element.get("name", "")
        if not 0 < len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name) or name[0] == "'" or name[-1] == "'":
            yield f"a sheet cannot be named {name}"
    for view in root.iter(f"{MAIN}workbookView"):
        active = int(view.get("activeTab", 0))
        if active >= len(sheets) or sheets[active].get("state", "visible") != "visible":
            yield "the active tab cannot be shown"
        if int(view.get("firstSheet", 0)) >= len(sheets):
            yield "the first tab is out of range"
    names = [(element.get("name", "").casefold(), element.get("localSheetId"))
             for element in root.iter(f"{MAIN}definedName")]  # fmt: skip
    yield from (f"two names {name}" for name in set(names) if names.count(name) > 1)
    yield from (f"{name} is of no sheet" for name, local in names if local and int(local) >= len(sheets))
    linked = related(parts, "xl/workbook.xml")
    selected = [
        element.get("name")
        for element in sheets
        if 'tabSelected="1"' in parts[linked[element.get(f"{REL}id", "")][1]].decode().partition("<sheetData")[0]
    ]
    if len(selected) > 1:
        yield f"sheets are grouped: {selected}"


def styles_part(parts: Mapping[str, bytes]) -> Element:
    return ElementTree.fromstring(next(parts[name] for kind, name in related(parts, "xl/workbook.xml").values()
                                       if kind == "styles"))  # fmt: skip


def items(root: Element, name: str) -> list[Element]:
    holder = root.find(f"{MAIN}{name}")
    return [] if holder is None else list(holder)


def styles(parts: Mapping[str, bytes]) -> Iterator[str]:
    root = styles_part(parts)
    yield from out_of_order(root, schema.STYLESHEET)
    for holder in root:
        if holder.get("count") not in (None, str(len(holder))) and holder.tag != f"{MAIN}colors":
            yield f"{holder.tag} counts {holder.get('count')} and has {len(holder)}"
    for element in items(root, "cellXfs"):
        for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"),
                                ("xfId", "cellStyleXfs")):  # fmt: skip
            number = element.get(attribute)
            if number is not None and int(number) >= len(items(root, name)):
                yield f"a format has {attribute} {number}"


def position(address: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]+)", address)
    assert found, address
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def sheet(parts: Mapping[str, bytes], name: str) -> Iterator[str]:
    root = ElementTree.fromstring(parts[name])
    if root.tag != f"{MAIN}worksheet":
        return
    yield from out_of_order(root, schema.WORKSHEET)
    stylesheet = styles_part(parts)
    yield from cells(root, len(items(stylesheet, "cellXfs")))
    dxfs = len(items(stylesheet, "dxfs"))
    for rule in root.iter(f"{MAIN}cfRule"):
        if int(rule.get("priority", 0)) < 1 or int(rule.get("dxfId", 0)) >= max(dxfs, 1):
            yield f"a conditional format has {rule.attrib}"
    if len(list(root.iter(f"{MAIN}hyperlink"))) > 65_530:
        yield "more links than Excel takes"
    yield from comments(parts, name, root)


def cells(root: Element, formats: int) -> Iterator[str]:
    before = (0, 0)
    dimension = root.find(f"{MAIN}dimension")
    last = position(dimension.get("ref", "").rpartition(":")[2]) if dimension is not None else None
    for row in root.iter(f"{MAIN}row"):
        for cell in row:
            if "r" not in cell.attrib or "r" not in row.attrib:
                continue
            place = position(cell.attrib["r"])
            if place[0] != int(row.attrib["r"]) or place <= before:
                yield f"{cell.attrib['r']} is out of place"
            before = place
            if last and (place[0] > last[0] or place[1] > last[1]):
                yield "a cell lies outside the dimension"
            if int(cell.get("s", 0)) >= formats:
                yield f"{cell.attrib['r']} has no format"
            if cell.get("t") == "inlineStr" and cell.find(f"{MAIN}is") is None:
                yield f"{cell.attrib['r']} has no text"


def comments(parts: Mapping[str, bytes], name: str, root: Element) -> Iterator[str]:
    linked = related(parts, name)
    texts = [target for kind, target in linked.values() if kind == "comments"]
    if not texts:
        return
    legacy = root.find(f"{MAIN}legacyDrawing")
    if len(texts) > 1 or legacy is None:
        yield "comments without a drawing"
        return
    tree = ElementTree.fromstring(parts[texts[0]])
    authors = len(list(tree.iter(f"{MAIN}author")))
    of_comments = [(element.get("ref", ""), int(element.get("authorId", 0))) for element in tree.iter(f"{MAIN}comment")]
    yield from (f"a comment of author {author}" for _, author in of_comments if author >= authors)
    commented = [position(ref) for ref, _ in of_comments]
    yield from (f"two comments on {cell}" for cell in set(commented) if commented.count(cell) > 1)
    yield from drawing(parts[linked[legacy.attrib[f"{REL}id"]][1]].decode(), commented)


def drawing(vml: str, commented: list[tuple[int, int]]) -> Iterator[str]:
    root = ElementTree.fromstring(vml)
    shapes = [element for element in root.iter(f"{VML}shape") if element.find(f"{EXCEL}ClientData") is not None]
    ids = [shape.get("id", "") for shape in shapes]
    yield from (f"two shapes {identifier}" for identifier in set(ids) if ids.count(identifier) > 1)
    blocks = {int(block) for element in root.iter(f"{OFFICE}idmap") for block in element.get("data", "").split(",")}
    for identifier in ids:
        number = re.fullmatch(r"_x0000_s([0-9]+)", identifier)
        # Programs other than Excel number from 1 and are not refused for it.
        if number and blocks and int(number[1]) > 1024 and int(number[1]) // 1024 not in blocks:
            yield f"shape {identifier} is outside {blocks}"
    if root.find(f"{VML}shapetype") is None:
        yield "the shapes are of no type"
    boxes = []
    for shape in shapes:
        data = shape.find(f"{EXCEL}ClientData")
        assert data is not None
        if data.get("ObjectType") == "Note":
            boxes.append((int(data.findtext(f"{EXCEL}Row", "0")) + 1, int(data.findtext(f"{EXCEL}Column", "0")) + 1))
            if len(data.findtext(f"{EXCEL}Anchor", "0,0,0,0,0,0,0,0").split(",")) != 8:
                yield f"the box at {boxes[-1]} has no anchor"
    yield from (f"no box for the comment on {cell}" for cell in commented if boxes.count(cell) != 1)
