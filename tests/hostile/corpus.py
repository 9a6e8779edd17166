"""Hostile and broken files, each with how it has to end: the rule that refuses it, or "read"."""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import msoffcrypto
import olefile
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted

from examples.specimen import SmelterRow, complete_specimen, write_cmrt
from tests.factories.archives import parts_of, with_another, with_part, zipped
from tests.fuzz.specimens import family_sheets, record, sealed, xls, xls_stream
from tests.unit.declarations.workbooks import cmrt, sheet_part
from tracelode.workbooks import limits
from tracelode.workbooks.legacy import compound_file

READ = "read"
DECLARATION, SMELTERS, PRODUCTS, LOOK_UP = (sheet_part(number) for number in (2, 3, 4, 5))
SHARED = "xl/sharedStrings.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = b"http://schemas.openxmlformats.org/package/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Hostile:
    """A file and how it may end."""

    name: str
    build: Callable[[], bytes]
    ends: tuple[str, ...]


CORPUS: list[Hostile] = []


def hostile(*ends: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        CORPUS.append(Hostile(build.__name__, build, ends))
        return build

    return register


def sound() -> bytes:
    return cmrt({"D8": "Example Ltd"}, {"A5": "CID000920", "B6": "Gold", "C6": "Dowa"}, {"B6": "P-1"})


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    return with_part(sound(), part, change)


def with_smelter_rows(rows: bytes) -> bytes:
    return changed(SMELTERS, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def with_shared(strings: bytes, cells: bytes) -> bytes:
    """The workbook with another table of shared strings, and cells that refer to it."""
    parts = parts_of(with_smelter_rows(cells) if cells else sound())
    parts[SHARED] = b"<sst %s>%s</sst>" % (MAIN, strings)
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="s" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/sharedStrings"/></Relationships>',
    )
    for number in range(1, 6):
        parts[sheet_part(number)] = (
            re.sub(rb' t="s"><v>(\d+)</v>', rb' t="s"><v>0</v>', parts[sheet_part(number)])
            if number == 3
            else parts[sheet_part(number)]
        )
    return zipped(parts)


def rows(numbers: range, cells: Callable[[int], bytes]) -> bytes:
    return b"".join(b'<row r="%d">%s</row>' % (number, cells(number)) for number in numbers)


# What is no workbook


@hostile("F01")
def empty_file() -> bytes:
    return b""


@hostile("F03")
def one_byte() -> bytes:
    return b"P"


@hostile("F03")
def a_text_file() -> bytes:
    return b"supplier,answer\nExample,Yes\n"


@hostile("F03")
def a_web_page() -> bytes:
    return b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@hostile("F03")
def a_pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@hostile("F03")
def a_photograph() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(1000)


@hostile("F03")
def a_spreadsheet_in_one_xml_file() -> bytes:
    return b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'


@hostile("F03")
def an_entity_bomb_without_an_archive() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12))
    return f'<?xml version="1.0"?><!DOCTYPE a [{entities}]><a>&e11;</a>'.encode()


@hostile("F02")
def more_bytes_than_allowed() -> bytes:
    return b"PK\x03\x04" + bytes(limits.MAX_FILE_BYTES)


@hostile("F08")
def a_word_document() -> bytes:
    return zipped({"[Content_Types].xml": b"", "word/document.xml": b""})


@hostile("F08")
def an_opendocument_spreadsheet() -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": b""})


@hostile("F08")
def a_binary_workbook() -> bytes:
    return zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b"\x83\x01\x00"})


@hostile("F08")
def an_archive_of_workbooks() -> bytes:
    return zipped({"one.xlsx": sound(), "two.xlsx": sound()})


@hostile("F08")
def an_archive_in_an_archive_in_an_archive() -> bytes:
    inner = zipped({"zeros": bytes(1_000_000)})
    for _ in range(20):
        inner = zipped({"inner.zip": inner})
    return inner


@hostile("F08")
def a_workbook_without_its_content_types() -> bytes:
    parts = parts_of(sound())
    del parts["[Content_Types].xml"]
    return zipped(parts)


# Archives


@hostile("F07")
def an_archive_of_a_hundred_thousand_parts() -> bytes:
    return zipped(parts_of(sound()) | {f"x{number}": b"" for number in range(100_000)}, zipfile.ZIP_STORED)


@hostile("F07")
def a_part_that_shrinks_a_thousandfold() -> bytes:
    return changed(SMELTERS, lambda xml: xml.replace(b"</sheetData>", b" " * 90_000_000 + b"</sheetData>"))


@hostile("F07")
def a_part_of_a_gigabyte() -> bytes:
    return with_declared_size(sound(), SMELTERS, 1_000_000_000)


@hostile("F06")
def a_part_that_is_larger_than_it_says() -> bytes:
    return with_declared_size(sound(), SMELTERS, 100)


@hostile("F06")
def a_part_that_is_smaller_than_it_says() -> bytes:
    return with_declared_size(sound(), SMELTERS, 3_000_000)


@hostile("F06", "F07")
def a_bomb_that_says_it_is_small() -> bytes:
    bomb = changed(SMELTERS, lambda xml: xml + b" " * 60_000_000)
    return with_declared_size(bomb, SMELTERS, 50_000)


@hostile("F06")
def parts_that_share_their_bytes() -> bytes:
    kernel = zipped(parts_of(sound()) | {"aaaa": b"x" * 5_000, "bbbb": b"x" * 5_000}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(kernel)) as archive:
        first, second = archive.getinfo("aaaa").header_offset, archive.getinfo("bbbb").header_offset
    return kernel.replace(struct.pack("<I", second) + b"bbbb", struct.pack("<I", first) + b"bbbb")


@hostile("F06")
def two_parts_of_one_name() -> bytes:
    return with_another(sound(), "XL/WORKBOOK.XML", b"<workbook/>")


@hostile("F05")
def a_part_that_is_encrypted_within_the_archive() -> bytes:
    data = bytearray(sound())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@hostile(READ)
def parts_with_names_that_lead_elsewhere() -> bytes:
    escape = {"../../etc/passwd": b"x", "/etc/shadow": b"x", "C:\\Windows\\x": b"x", "xl/../../y": b"x"}
    return zipped(parts_of(sound()) | escape)


@hostile("F06")
def an_unknown_compression() -> bytes:
    data = bytearray(sound())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SMELTERS.encode()))
    struct.pack_into("<H", data, at + 10, 99)
    return bytes(data)


@hostile("F26")
def an_archive_that_ends_in_the_middle() -> bytes:
    return sound()[: len(sound()) // 2]


@hostile("F26")
def an_archive_without_its_last_bytes() -> bytes:
    return sound()[:-10]


@hostile("F26")
def an_archive_that_is_all_header() -> bytes:
    return b"PK\x03\x04" + b"\xff" * 5_000


@hostile(READ, "F26")
def an_archive_behind_a_comment_of_64_kilobytes() -> bytes:
    stream = io.BytesIO(sound())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = b"PK\x05\x06" * 16_000
    return stream.getvalue()


# Tables of contents


@hostile("F06")
def a_table_of_contents_that_is_not_xml() -> bytes:
    return changed("xl/workbook.xml", lambda _: b"not xml at all")


@hostile("F10")
def a_workbook_without_sheets() -> bytes:
    return changed("xl/workbook.xml", lambda xml: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", xml, flags=re.DOTALL))


@hostile("F10")
def relationships_that_are_missing() -> bytes:
    parts = parts_of(sound())
    del parts["xl/_rels/workbook.xml.rels"]
    return zipped(parts)


@hostile("F10")
def relationships_to_other_machines() -> bytes:
    return changed(
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"<Relationship ", b'<Relationship TargetMode="External" '),
    )


@hostile("F10")
def relationships_that_leave_the_archive() -> bytes:
    return changed("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"/xl/worksheets/", b"../../../../etc/"))


@hostile("F10", "F13", "F16")
def every_sheet_is_the_table_of_contents() -> bytes:
    return changed(
        "xl/_rels/workbook.xml.rels", lambda xml: re.sub(rb"/xl/worksheets/sheet\d.xml", b"/xl/workbook.xml", xml)
    )


@hostile("F10")
def a_sheet_that_is_missing_from_the_archive() -> bytes:
    parts = parts_of(sound())
    del parts[DECLARATION]
    return zipped(parts)


@hostile("F14")
def a_smelter_list_that_is_missing_from_the_archive() -> bytes:
    parts = parts_of(sound())
    del parts[SMELTERS]
    return zipped(parts)


@hostile(READ)
def content_types_that_are_wrong() -> bytes:
    return changed("[Content_Types].xml", lambda xml: xml.replace(b"worksheet+xml", b"chartsheet+xml"))


@hostile(READ)
def macros_and_links_to_other_files() -> bytes:
    extra = {"xl/vbaProject.bin": OLE + bytes(2_000), "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    return zipped(parts_of(sound()) | extra)


@hostile("F07", READ)
def ten_thousand_sheets() -> bytes:
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n + 10) for n in range(10_000))
    return changed("xl/workbook.xml", lambda xml: xml.replace(b"</sheets>", sheets + b"</sheets>"))


@hostile("F10", "F14", "F07", READ)
def unnamed_sheets_that_are_all_the_same_large_one() -> bytes:
    parts = parts_of(with_smelter_rows(rows(range(10, 4_000), lambda n: b'<c r="A%d"><v>1</v></c>' % n)))
    parts["xl/workbook.xml"] = re.sub(
        rb"<sheets>.*</sheets>",
        b"<sheets>"
        + b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId3"/>' % (n, n) for n in range(1, 400))
        + b"</sheets>",
        parts["xl/workbook.xml"],
        flags=re.DOTALL,
    )
    return zipped(parts)


@hostile("F10", "F07")
def thirty_unnamed_sheets_that_reach_as_far_as_they_may() -> bytes:
    parts = parts_of(sound())
    sheets, relationships = b"", b""
    for n in range(30):
        parts[f"xl/worksheets/far{n}.xml"] = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (
            MAIN,
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="9999"><c r="CZ9999"><v>1</v></c></row>',
        )
        sheets += b'<sheet name="far%d" sheetId="%d" q:id="far%d" xmlns:q="x"/>' % (n, n + 50, n)
        relationships += b'<Relationship Id="far%d" Type="worksheet" Target="/xl/worksheets/far%d.xml"/>' % (n, n)
    parts["xl/workbook.xml"] = re.sub(
        rb"<sheets>.*</sheets>", b"<sheets>" + sheets + b"</sheets>", parts["xl/workbook.xml"], flags=re.DOTALL
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", relationships + b"</Relationships>"
    )
    return zipped(parts)


# XML


@hostile("F09")
def entities_that_multiply() -> bytes:
    entities = b'<!ENTITY a0 "xxxxxxxxxx">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    return changed(DECLARATION, lambda xml: b"<!DOCTYPE x [" + entities + b"]>" + xml.replace(b"Example", b"&a11;"))


@hostile("F09")
def an_entity_that_reads_a_file() -> bytes:
    return changed("xl/workbook.xml", lambda xml: b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + xml)


@hostile("F09")
def a_definition_fetched_from_elsewhere() -> bytes:
    return changed(SMELTERS, lambda xml: b'<!DOCTYPE worksheet SYSTEM "https://example.com/x.dtd">' + xml)


@hostile("F09")
def a_sheet_in_utf_16() -> bytes:
    return changed(DECLARATION, lambda xml: xml.decode().encode("utf-16"))


@hostile("F09", "F16")
def a_definition_hidden_in_utf_16() -> bytes:
    return changed(SMELTERS, lambda xml: ("<!DOCTYPE x [<!ENTITY y 'z'>]>" + xml.decode()).encode("utf-16-be"))


@hostile("F06", "F16", READ)
def a_sheet_in_utf_7() -> bytes:
    return changed(SMELTERS, lambda xml: b'<?xml version="1.0" encoding="utf-7"?>' + xml)


@hostile("F16", READ)
def a_million_elements_inside_each_other() -> bytes:
    return changed(SMELTERS, lambda xml: xml.replace(b"</sheetData>", b"<a>" * 1_000_000 + b"</sheetData>"))


@hostile("F06", "F16", READ)
def a_table_of_contents_a_hundred_thousand_levels_deep() -> bytes:
    return changed(
        "xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"<sheets>")
    )


@hostile("F16", "F07", READ)
def an_attribute_of_ten_megabytes() -> bytes:
    return with_smelter_rows(b'<row r="9" x="' + b"A" * 10_000_000 + b'"><c r="A9"><v>1</v></c></row>')


@hostile("F16", "F07", READ)
def a_tag_with_a_hundred_thousand_attributes() -> bytes:
    return with_smelter_rows(b'<row r="9"><c ' + b"".join(b'a%d="" ' % n for n in range(100_000)) + b"/></row>")


@hostile("F06", "F07", "F16", READ)
def a_table_of_contents_with_an_endless_tag() -> bytes:
    tag = b"<x " + b"".join(b'a%d="" ' % n for n in range(60_000)) + b"/>"
    return changed("xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", tag + b"<sheets>"))


@hostile("F16", READ)
def bytes_that_are_no_characters() -> bytes:
    return changed(DECLARATION, lambda xml: xml.replace(b"Example", b"\xff\xfe\xfa"))


@hostile("F16", READ)
def references_to_characters_that_do_not_exist() -> bytes:
    return changed(DECLARATION, lambda xml: xml.replace(b"Example", b"&#0;&#xFFFFFFFF;&#xD800;"))


@hostile("F16", "F09", READ)
def a_sheet_that_is_a_processing_instruction() -> bytes:
    return changed(DECLARATION, lambda _: b'<?xml-stylesheet href="https://example.com/x.xsl"?>')


@hostile("F16", "F10", READ)
def a_sheet_that_is_empty() -> bytes:
    return changed(DECLARATION, lambda _: b"")


@hostile(READ, "F16")
def a_circle_of_merged_cells() -> bytes:
    merges = b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (n, 1_048_576 - n) for n in range(1, 20_000))
    return changed(
        SMELTERS, lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
    )


@hostile(READ, "F16")
def styles_that_are_spoilt() -> bytes:
    return changed("xl/styles.xml", lambda xml: xml.replace(b"numFmtId=", b"numFmtId_="))


@hostile("F06", "F07", "F16", READ)
def styles_of_twenty_megabytes() -> bytes:
    return changed("xl/styles.xml", lambda xml: xml.replace(b"</styleSheet>", noise(20_000_000) + b"</styleSheet>"))


# Grids


@hostile(READ)
def a_cell_in_the_last_corner() -> bytes:
    return with_smelter_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@hostile(READ)
def a_dimension_that_lies() -> bytes:
    return changed(
        SMELTERS, lambda xml: re.sub(rb'<dimension ref="[^"]*" ?/>', b'<dimension ref="A1:XFD1048576"/>', xml)
    )


@hostile(READ, "F07")
def a_sheet_formatted_to_its_last_row() -> bytes:
    return with_smelter_rows(rows(range(10, 1_048_577), lambda n: b'<c r="A%d" s="1"/>' % n))


@hostile(READ, "F07")
def a_sheet_filled_to_its_last_row() -> bytes:
    return with_smelter_rows(rows(range(10, 1_048_577), lambda n: b'<c r="A%d"><v>%d</v></c>' % (n, n)))


@hostile("F07")
def six_million_cells() -> bytes:
    line = b"".join(b'<c r="%s0000"><v>1</v></c>' % letter.encode() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return with_smelter_rows(rows(range(10, 9_999), lambda n: line.replace(b"0000", b"%d" % n)) * 23)


@hostile("F07", READ)
def countless_cells_that_do_not_say_where_they_stand() -> bytes:
    return with_smelter_rows(b"<row>" + b"<c><v>1</v></c>" * 2_000_000 + b"</row>")


@hostile("F07", READ)
def countless_rows_that_do_not_say_where_they_stand() -> bytes:
    return with_smelter_rows(b"<row><c><v>1</v></c></row>" * 500_000)


@hostile(READ, "F16")
def cells_that_run_backwards() -> bytes:
    return with_smelter_rows(
        rows(range(2_000, 8, -1), lambda n: b'<c r="Q%d"><v>1</v></c><c r="A%d"><v>2</v></c>' % (n, n))
    )


@hostile(READ, "F16")
def one_cell_a_hundred_thousand_times() -> bytes:
    return with_smelter_rows(b'<row r="9">' + b'<c r="A9"><v>1</v></c>' * 100_000 + b"</row>")


@hostile(READ, "F16")
def positions_that_are_none() -> bytes:
    return with_smelter_rows(b'<row r="0"><c r="A0"/><c r=""/><c r="5A"/><c r="A-1"/><c r="AAAAAAAA1"/></row>')


@hostile(READ, "F16")
def numbers_that_are_none() -> bytes:
    values = (b"1e999", b"-1e999", b"NaN", b"0x10", b"1,5", b"9" * 4_000, b"")
    return with_smelter_rows(rows(range(9, 16), lambda n: b'<c r="A%d"><v>%s</v></c>' % (n, values[n - 9])))


@hostile(READ, "F16")
def dates_that_are_none() -> bytes:
    values = (b"9999999999", b"-5", b"1e300", b"0", b"2958466", b"60", b"0.5")
    return with_smelter_rows(rows(range(9, 16), lambda n: b'<c r="Q%d" s="1"><v>%s</v></c>' % (n, values[n - 9])))


@hostile(READ, "F16")
def a_formula_of_thirty_thousand_brackets() -> bytes:
    return with_smelter_rows(b'<row r="9"><c r="A9"><f>' + b"(" * 30_000 + b"</f><v>1</v></c></row>")


# Text


@hostile("F07")
def a_shared_string_that_every_cell_repeats() -> bytes:
    long = b"<si><t>" + noise(1_000_000) + b"</t></si>"
    return with_shared(long, rows(range(9, 2_500), lambda n: b'<c r="C%d" t="s"><v>0</v></c>' % n))


@hostile(READ, "F16")
def shared_strings_that_do_not_exist() -> bytes:
    indexes = (b"999999", b"-1", b"4294967296", b"1.5", b"x", b"")
    return with_shared(
        b"<si><t>x</t></si>", rows(range(9, 15), lambda n: b'<c r="C%d" t="s"><v>%s</v></c>' % (n, indexes[n - 9]))
    )


@hostile("F07")
def shared_strings_of_twenty_megabytes() -> bytes:
    return with_shared(b"<si><t>" + noise(20_000_000) + b"</t></si>", b"")


@hostile("F07", READ)
def two_million_shared_strings() -> bytes:
    return with_shared(b"<si><t>a</t></si>" * 260_000, b"")


@hostile(READ, "F16")
def a_shared_string_of_a_million_pieces() -> bytes:
    return with_shared(
        b"<si>" + b"<r><t>a</t></r>" * 260_000 + b"</si>",
        rows(range(9, 11), lambda n: b'<c r="C%d" t="s"><v>0</v></c>' % n),
    )


@hostile(READ)
def texts_that_stand_in_their_cells() -> bytes:
    return with_smelter_rows(rows(range(9, 2_000), lambda n: b'<c r="C%d" t="inlineStr"><is><t>Dowa</t></is></c>' % n))


@hostile(READ)
def cells_of_32767_characters() -> bytes:
    return cmrt({f"D{row}": "x" * 32_767 for row in range(8, 90)}, {"C5": "y" * 32_767, "Q5": "z" * 32_767})


@hostile(READ)
def texts_that_would_be_formulas() -> bytes:
    rows_ = [SmelterRow(metal="Gold", lookup='=cmd|"/c calc"!A1', name="@SUM(1)", country="+1", comments="-1\t=2")]
    specimen = complete_specimen(company_name='=HYPERLINK("https://example.com","click")', smelters=rows_)
    return write_cmrt(specimen)


@hostile(READ)
def texts_with_control_and_invisible_characters() -> bytes:
    return cmrt({"D8": "a_x0000_b_x001F_\u202egnp.exe\u200b\ufeff", "D26": "Y\u200bes", "D9": "A\u2028Company"})


@hostile(READ)
def texts_that_grow_when_they_are_normalised() -> bytes:
    return cmrt({f"D{row}": "\ufdfa" * 32_000 for row in range(8, 30)})


@hostile(READ)
def texts_that_are_markup() -> bytes:
    return cmrt(
        {"D8": "<script>alert(1)</script>", "D14": "{{7*7}} ${7*7} %s %n {0.__class__}", "D10": "../../etc/passwd"}
    )


@hostile(READ)
def full_width_answers() -> bytes:
    return cmrt({f"D{row}": "ＹＥＳ" for row in range(26, 30)})


@hostile(READ)
def numbers_and_dates_as_text() -> bytes:
    return cmrt({"D22": "30-Jun-2025", "D17": "0015550100", "D56": "1", "D57": 1})


@hostile(READ)
def errors_in_every_cell() -> bytes:
    errors = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!")
    cells = {f"{column}{row}": errors[row % 5] for row in range(8, 95) for column in "BDG"}
    return cmrt(cells, {f"{column}{row}": errors[row % 5] for row in range(4, 200) for column in "ABCDEF"})


@hostile("F10")
def a_title_that_never_ends() -> bytes:
    return cmrt(title="C" * 32_000, first_title="M" * 32_000, without=("Smelter List",))


@hostile("F13")
def a_version_of_a_thousand_digits() -> bytes:
    return cmrt(revision="Revision " + "9" * 1_000)


# Encrypted workbooks


@hostile(READ)
def a_workbook_under_the_password_that_excel_sets() -> bytes:
    return sealed(sound())


@hostile("F05")
def a_workbook_under_a_password() -> bytes:
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(sound())).encrypt("a password of one's own", stream)
    assert msoffcrypto.OfficeFile(stream).is_encrypted()
    return stream.getvalue()


@hostile("F05")
def an_encrypted_workbook_that_asks_for_endless_hashing() -> bytes:
    return sealed(sound()).replace(b'spinCount="100000"', b'spinCount="999999"')


@hostile("F05", "F06")
def an_encrypted_workbook_whose_package_is_damaged() -> bytes:
    data = sealed(sound())
    return data[:-4_000] + b"\xaa" * 4_000


@hostile("F05", "F06")
def an_encrypted_workbook_that_ends_in_the_middle() -> bytes:
    return sealed(sound())[:4_000]


@hostile("F05", "F06", "F08", "F16")
def an_encrypted_package_that_is_no_package() -> bytes:
    return compound_file("EncryptedPackage".encode("utf-16-le") + bytes(5_000))


# The legacy format


@hostile(READ)
def a_legacy_workbook() -> bytes:
    return xls(family_sheets("3.01"), date1904=True)


@hostile(READ)
def a_newer_workbook_in_the_legacy_format() -> bytes:
    return xls(family_sheets("6.5"))


@hostile("F06")
def a_container_of_noise() -> bytes:
    return OLE + noise(50_000)


@hostile("F06")
def a_container_without_content() -> bytes:
    return OLE


@hostile("F06", "F08", "F16", READ)
def a_container_whose_table_runs_in_circles() -> bytes:
    data = bytearray(xls(family_sheets("3.01")))
    for at in range(4096, 8192, 4):
        struct.pack_into("<I", data, at, 2)
    return bytes(data)


@hostile("F16")
def a_legacy_workbook_of_noise() -> bytes:
    return compound_file(noise(50_000))


@hostile("F10", "F13", "F16")
def a_legacy_workbook_that_ends_in_the_middle() -> bytes:
    stream = xls_stream(family_sheets("3.01"))
    return compound_file(stream[: len(stream) // 3])


@hostile(READ)
def a_legacy_cell_in_the_last_corner() -> bytes:
    sheets = family_sheets("3.01")
    sheets["Smelter List"] |= {"IV65536": 1, "A65000": "x", "IV5": "x"}
    return xls(sheets)


@hostile("F07")
def a_legacy_string_that_every_cell_repeats() -> bytes:
    sheets = family_sheets("3.01")
    sheets["Smelter List"] |= {f"{column}{row}": "x" * 3_900 for row in range(10, 4_000) for column in "CDEQ"}
    return xls(sheets)


@hostile("F07")
def legacy_sheets_that_are_large_together() -> bytes:
    sheets = family_sheets("3.01")
    for name in sheets:
        sheets[name] = sheets[name] | {"CZ9999": 1}
    return xls(sheets)


@hostile("F07")
def a_legacy_workbook_of_thirteen_megabytes() -> bytes:
    return compound_file(xls_stream(family_sheets("3.01")) + bytes(13_000_000))


@hostile("F07")
def two_million_empty_legacy_records() -> bytes:
    return compound_file(record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + record(0x00E1) * 2_000_000)


@hostile("F10", "F16", READ)
def legacy_sheets_that_start_in_each_other() -> bytes:
    stream = bytearray(xls_stream(family_sheets("3.01")))
    at = stream.index(struct.pack("<H", 0x85))
    struct.pack_into("<I", stream, at + 4, 2)
    return compound_file(bytes(stream))


@hostile("F07")
def legacy_sheets_that_all_lie_in_one_place() -> bytes:
    """What the fuzzing found: the same records walked once for every sheet that begins before them."""
    many = record(0x0201, struct.pack("<HHH", 9, 0, 0)) * 400_000
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    titles = [name.encode() for name in family_sheets("3.01")]
    length = len(start) + sum(12 + len(name) for name in titles) + 4
    entries = (record(0x85, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name) for name in titles)
    return compound_file(start + b"".join(entries) + record(0x000A) + many)


@hostile("F07")
def two_million_empty_legacy_strings() -> bytes:
    table = record(0x00FC, struct.pack("<II", 1, 1) + bytes(8_000)) + record(0x003C, bytes(8_220)) * 800
    stream = xls_stream(family_sheets("3.01"))
    return compound_file(stream[:20] + table + stream[20:])


@hostile("F05")
def a_legacy_workbook_that_says_it_is_encrypted() -> bytes:
    stream = xls_stream(family_sheets("3.01"))
    return compound_file(stream[:20] + record(0x002F, bytes(54)) + stream[20:])


# Other templates and lost sheets


@hostile("F11")
def another_of_rmis_templates() -> bytes:
    return cmrt(title="Extended Minerals Reporting Template (EMRT)", first_title="", revision="Revision 2.1")


@hostile("F15")
def questions_in_no_order() -> bytes:
    return cmrt({"B25": "3) c", "B31": "1) a", "B37": "2) b", "B43": "8) h"})


@hostile("F24", READ)
def a_smelter_list_with_columns_in_no_order() -> bytes:
    return cmrt(smelters={"A4": "Comments", "B4": "Smelter City", "C4": "Smelter Country", "D4": "Metal", "D5": "Gold"})


@hostile(READ)
def thousands_of_origins_that_are_nowhere() -> bytes:
    letters = noise(600 * 2_400).decode()
    cells = [letters[600 * row : 600 * (row + 1)] for row in range(2_400)]
    origins = [", ".join(text[place : place + 6] for place in range(0, 560, 6))[:600] for text in cells]
    return cmrt(smelters={f"A{row}": "CID000920" for row in range(5, 2_405)}
                | {f"O{row}": origin for row, origin in enumerate(origins, start=5)})  # fmt: skip


def noise(size: int) -> bytes:
    """Characters that hardly shrink, the same on every machine."""
    out, seed = bytearray(), b"seed"
    while len(out) < size:
        chunk = bytearray()
        value = zlib.crc32(seed)
        for _ in range(4_096):
            value = (value * 1_103_515_245 + 12_345) & 0x7FFFFFFF
            chunk.append(97 + (value >> 16) % 26)
        out += bytes(chunk)
        seed = bytes(chunk[-8:])
        if len(out) >= 200_000:
            break
    return (bytes(out) * (size // len(out) + 1))[:size]


def with_declared_size(workbook: bytes, part: str, declared: int) -> bytes:
    """The archive with another unpacked size in both of a part's headers."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        entry = archive.getinfo(part)
    sizes = struct.pack("<II", entry.compress_size, entry.file_size)
    return workbook.replace(sizes, struct.pack("<II", entry.compress_size, declared))


def files() -> Mapping[str, Hostile]:
    return {entry.name: replace(entry) for entry in CORPUS}


# What is dear to mark up: the declaration is read, the copy is left out or made


def with_mistakes() -> bytes:
    """Many cells to mark: 2,400 lines with several mistakes each."""
    names = {"A": "CIDX{}", "B": "Gould", "C": "zz {}", "D": "unknown", "E": "Nowhereland", "P": "maybe"}
    return with_smelter_rows(
        rows(
            range(10, 2_400),
            lambda number: b"".join(
                f'<c r="{column}{number}" t="inlineStr"><is><t>{text.format(number)}</t></is></c>'.encode()
                for column, text in names.items()
            ),
        )
    )


@hostile(READ)
def titles_opened_in_a_comment() -> bytes:
    opened = b"<!--" + b"<vt:vector>" * 350_000 + b"-->"
    return changed("docProps/app.xml", lambda xml: xml.replace(b"</Properties>", opened + b"</Properties>"))


@hostile(READ)
def merged_cells_by_marked_cells() -> bytes:
    merges = b"".join(b'<mergeCell ref="ZZ%d:ZZ1048576"/>' % (number % 3 + 1) for number in range(200_000))
    return with_part(
        with_mistakes(),
        SMELTERS,
        lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>"),
    )


@hostile(READ)
def columns_by_marked_cells() -> bytes:
    columns = b"".join(b'<col min="16000" max="16000" width="%d"/>' % (number % 200) for number in range(100_000))
    whole = b"<cols>" + columns + b"</cols><sheetData>"
    return with_part(with_mistakes(), SMELTERS, lambda xml: xml.replace(b"<sheetData>", whole))


def with_comments(comments: bytes, drawing: bytes) -> bytes:
    """The workbook with comments on its Declaration."""
    parts = parts_of(sound())
    held = b"<authors><author>a</author></authors><commentList>" + comments + b"</commentList>"
    parts["xl/comments1.xml"] = b"<comments %s>%s</comments>" % (MAIN, held)
    parts["xl/drawings/vml1.vml"] = drawing
    links = b"".join(
        b'<Relationship Id="h%s" Type="%s/%s" Target="/xl/%s"/>' % (kind, OFFICE, kind, target)
        for kind, target in ((b"comments", b"comments1.xml"), (b"vmlDrawing", b"drawings/vml1.vml"))
    )
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = b'<Relationships xmlns="%s">%s</Relationships>' % (LINKS, links)
    parts[DECLARATION] = parts[DECLARATION].replace(
        b"</worksheet>", b'<legacyDrawing xmlns:r="%s" r:id="hvmlDrawing"/></worksheet>' % OFFICE
    )
    return zipped(parts)


@hostile(READ)
def shapes_that_never_end() -> bytes:
    return with_comments(b"", b"<xml " + b"<shape " * 550_000 + b"</xml")


@hostile(READ)
def roots_of_a_drawing_that_never_end() -> bytes:
    return with_comments(b"", b"<xml " * 550_000 + b"</xml>")


@hostile(READ)
def a_list_of_taken_numbers_that_never_ends() -> bytes:
    return with_comments(b"", b"<xml>" + b"<idmap " * 550_000 + b"</xml>")


@hostile(READ)
def countless_comments_signed_like_ours() -> bytes:
    ours = (
        b'<comment ref="D%d" authorId="0"><text><t>Tracelode: x</t></text></comment>' % n for n in range(100, 200_000)
    )
    return with_comments(b"".join(ours), b"<xml></xml>")


@hostile(READ)
def boxes_that_all_have_to_grow() -> bytes:
    cells = [(row, column) for row in range(1, 1_000) for column in range(10)]
    comments = (b'<comment ref="%c%d" authorId="0"><text><t>x</t></text></comment>' % (65 + c, r) for r, c in cells)
    box = (
        b'<v:shape id="_x0000_s%d"><x:ClientData ObjectType="Note"><x:Anchor>1</x:Anchor><x:Row>%d</x:Row>'
        b"<x:Column>%d</x:Column></x:ClientData></v:shape>"
    )
    boxes = (box % (9_000 + number, row - 1, column) for number, (row, column) in enumerate(cells))
    padding = b"".join(b"<!--%d%s-->" % (number, b"a" * 900) for number in range(20_000))
    return with_comments(b"".join(comments), b"<xml>" + padding + b"".join(boxes) + b"</xml>")


# What is dear to put into one form


@hostile(READ)
def letters_with_thousands_of_marks() -> bytes:
    marks = ("a" + "\u0301\u0316" * 1_900).encode()
    cell = b'<c r="%c%d" t="inlineStr"><is><t>%s%s</t></is></c>'

    def named(number: int) -> bytes:
        apart = [hashlib.sha512(b"%d %d" % (number, column)).hexdigest().encode() for column in b"CDE"]
        return b"".join(cell % (column, number, marks, noise) for column, noise in zip(b"CDE", apart, strict=True))

    return with_smelter_rows(rows(range(10, 400), named))


@hostile("F06")
def a_part_that_asks_for_a_dictionary_of_four_gigabytes() -> bytes:
    data = bytearray(zipped(parts_of(sound()), zipfile.ZIP_LZMA))
    names, extra = struct.unpack_from("<HH", data, 26)
    struct.pack_into("<I", data, 30 + names + extra + 5, 0xFFFFFFFF)
    return bytes(data)


@hostile("F07")
def sheets_that_are_each_streamed_because_nobody_knows_them() -> bytes:
    row = b'<row r="1"><c  r="A1"><v>1</v></c></row>' + b"<a/>" * 400_000
    strange = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, row)
    tab = b'<sheet xmlns:r="%s" name="u%d" sheetId="%d" r:id="u%d"/>'
    link = b'<Relationship Id="u%d" Type="%s/worksheet" Target="/xl/worksheets/u%d.xml"/>'
    tabs = b"".join(tab % (OFFICE, number, number + 1, number) for number in range(8))
    links = b"".join(link % (number, OFFICE, number) for number in range(8))
    parts = parts_of(sound())
    parts |= {f"xl/worksheets/u{number}.xml": strange + b" " * number for number in range(8)}
    parts["xl/workbook.xml"] = b"<workbook %s><sheets>%s</sheets></workbook>" % (MAIN, tabs)
    parts["xl/_rels/workbook.xml.rels"] = b'<Relationships xmlns="%s">%s</Relationships>' % (LINKS, links)
    return zipped(parts)


# What says how a workbook is encrypted


def encrypted_with(change: Callable[[bytes], bytes]) -> bytes:
    """The workbook under Excel's built-in password, with another statement of how it is encrypted."""
    sealed_book = io.BytesIO()
    OOXMLFile(io.BytesIO(sound())).encrypt("VelvetSweatshop", sealed_book)
    with olefile.OleFileIO(io.BytesIO(sealed_book.getvalue())) as container:
        info = container.openstream("EncryptionInfo").read().rstrip(b"\0")
        package = container.openstream("EncryptedPackage").read()
    written = io.BytesIO()
    ECMA376Encrypted(package, info[:8] + change(info[8:])).write_to(written)
    return written.getvalue()


@hostile("F06")
def an_encryption_of_countless_elements() -> bytes:
    return encrypted_with(lambda xml: xml.replace(b"</encryption>", b"<a/>" * 1_350 + b"</encryption>"))


@hostile("F09")
def an_encryption_with_a_document_type() -> bytes:
    return encrypted_with(
        lambda xml: xml.replace(b"<encryption", b'<!DOCTYPE encryption [<!ENTITY e "x">]><encryption', 1)
    )
