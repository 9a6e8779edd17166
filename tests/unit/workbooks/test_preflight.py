import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.archives import parts_of, with_another, with_part, zipped
from tests.properties import examples
from tests.unit.declarations.workbooks import cmrt, encrypted, sheet_part
from tracelode.declarations.read import read_declaration
from tracelode.findings import Severity
from tracelode.workbooks import limits
from tracelode.workbooks.file_rules import RefusedError
from tracelode.workbooks.preflight import BUILT_IN_PASSWORD, open_package

SOUND = cmrt({"D8": "Example Ltd"})


def refusal(data: bytes) -> str:
    """The rule that refuses a file; fails if the file is read, or refused with anything but one error."""
    reading = read_declaration(data, "supplied.xlsx")
    assert reading.declaration is None
    (finding,) = reading.findings
    assert finding.severity is Severity.ERROR
    assert finding.message
    assert finding.remedy
    return finding.rule


def message(data: bytes) -> str:
    refusal(data)
    return read_declaration(data, "supplied.xlsx").findings[0].message


def test_a_sound_workbook_passes():
    reading = read_declaration(SOUND, "supplied.xlsx")
    assert reading.findings == ()
    assert reading.declaration
    assert reading.declaration.company.name.text == "Example Ltd"


def test_an_empty_file_is_refused():
    assert refusal(b"") == "F01"


def test_a_file_over_the_limit_is_refused_unseen():
    assert refusal(b"PK" + bytes(limits.MAX_FILE_BYTES)) == "F02"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"name,country\nDowa,Japan\n", "a text file"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "an image"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "a web page"),
        (b"<?xml version='1.0'?><Workbook/>", "an XML file"),
        (b"\x00\x01\x02\x03", "a file of unknown kind"),
    ],
)
def test_a_file_that_is_no_workbook_is_called_what_it_looks_like(content: bytes, what: str):
    assert refusal(content) == "F03"
    assert what in message(content)


def test_the_name_of_a_file_that_is_no_workbook_is_quoted_within_bounds():
    (finding,) = read_declaration(b"text", "x" * 1000 + ".xlsx").findings
    assert finding.found == "x" * limits.MAX_FOUND


def test_a_legacy_workbook_is_no_package():
    with pytest.raises(RefusedError) as refused:
        open_package(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refused.value.finding.rule == "F04"


def test_a_container_without_a_directory_is_damaged():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "F06"


def test_a_workbook_with_a_password_is_refused():
    assert refusal(encrypted(SOUND, "a password of one's own")) == "F05"


def test_a_workbook_with_excels_built_in_password_is_read():
    assert read_declaration(encrypted(SOUND, BUILT_IN_PASSWORD), "") == read_declaration(SOUND, "")


def test_a_damaged_encrypted_container_is_refused():
    assert refusal(encrypted(SOUND, BUILT_IN_PASSWORD)[:4096]) == "F05"


@pytest.mark.parametrize("kept", [4, 100, 1000, len(SOUND) // 2, len(SOUND) - 1])
def test_a_truncated_archive_is_asked_for_again(kept: int):
    assert refusal(SOUND[:kept]) == "F26"


def test_a_part_that_does_not_unpack_is_damaged():
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        start = archive.getinfo(sheet_part(2)).header_offset + 30 + len(sheet_part(2))
    assert refusal(SOUND[:start] + bytes(40) + SOUND[start + 40 :]) == "F06"


def test_parts_that_overlap_are_refused():
    # GIVEN two entries of the directory that point at the same packed bytes
    stored = zipped(parts_of(SOUND) | {"a": b"x" * 500, "b": b"y" * 500}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        first, second = archive.getinfo("a").header_offset, archive.getinfo("b").header_offset
    spoilt = stored.replace(second.to_bytes(4, "little") + b"b", first.to_bytes(4, "little") + b"b")
    assert spoilt != stored
    # THEN nothing is unpacked
    assert "overlap" in message(spoilt)


def test_two_parts_of_one_name_are_refused():
    assert "same name" in message(with_another(SOUND, "XL/Workbook.xml", b"<workbook/>"))


def test_an_archive_of_too_many_parts_is_refused_before_its_directory_is_parsed():
    bomb = zipped({f"part{number}": b"" for number in range(limits.MAX_ENTRIES + 1)})
    assert refusal(bomb) == "F07"


def test_a_part_that_shrinks_too_much_is_refused():
    bomb = zipped(parts_of(SOUND) | {sheet_part(3): b" " * (limits.RATIO_MATTERS_FROM * 2)})
    assert "shrinks" in message(bomb)


def test_a_part_that_declares_too_much_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_PART_BYTES", 5_000)
    assert refusal(zipped(parts_of(SOUND) | {"xl/media/image1.png": bytes(5_001)})) == "F07"


def test_parts_that_together_declare_too_much_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_INFLATED_BYTES", 50_000)
    assert refusal(zipped(parts_of(SOUND) | {"a": bytes(30_000), "b": bytes(30_000)})) == "F07"


@pytest.mark.parametrize("declared", [10, 1_000_000])
def test_a_part_whose_size_is_not_the_declared_one_is_refused(declared: int):
    # GIVEN a sheet that unpacks to more (or less) than the archive's directory says
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        entry = archive.getinfo(sheet_part(3))
    sizes = entry.compress_size.to_bytes(4, "little") + entry.file_size.to_bytes(4, "little")
    lie = entry.compress_size.to_bytes(4, "little") + declared.to_bytes(4, "little")
    # THEN it is not believed
    assert refusal(SOUND.replace(sizes, lie)) == "F06"


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"word/document.xml": b""}, "a Word document"),
        ({"ppt/presentation.xml": b""}, "a PowerPoint presentation"),
        ({"[Content_Types].xml": b"", "xl/workbook.bin": b""}, "a binary Excel workbook"),
        ({"mimetype": b"", "META-INF/manifest.xml": b""}, "an OpenDocument file"),
        ({"cmrt.xlsx": SOUND}, "a ZIP archive with workbooks in it"),
        ({"readme.txt": b""}, "a ZIP archive"),
    ],
)
def test_an_archive_without_a_workbook_is_called_what_it_is(parts: dict[str, bytes], what: str):
    assert refusal(zipped(parts)) == "F08"
    assert what in message(zipped(parts))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", sheet_part(2), "xl/styles.xml"])
def test_a_document_type_definition_is_refused(part: str):
    declared = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    assert refusal(with_part(SOUND, part, lambda content: declared + content)) == "F09"


@pytest.mark.parametrize("part", ["xl/workbook.xml", sheet_part(2)])
def test_xml_that_is_not_utf_8_is_refused(part: str):
    assert refusal(with_part(SOUND, part, lambda content: content.decode().encode("utf-16"))) == "F09"


def test_a_table_of_contents_that_is_not_xml_is_refused():
    assert refusal(with_part(SOUND, "xl/workbook.xml", lambda _: b"<workbook>")) == "F06"


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_raise(content: bytes):
    refusal(content)
    refusal(b"PK\x03\x04" + content)


@examples(0.6)
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=30))
def test_no_damage_makes_the_reader_raise(position: int, damage: bytes):
    reading = read_declaration(SOUND[:position] + damage + SOUND[position + len(damage) :], "supplied.xlsx")
    assert reading.declaration or reading.findings


@examples(0.6)
@given(
    st.sampled_from([sheet_part(2), sheet_part(3), sheet_part(5), "xl/workbook.xml", "xl/styles.xml"]),
    st.floats(0, 1),
    st.sampled_from([b"<c>", b"</sheetData>", b'<c r="A5"/>', b"&x;", b"<v>9e999</v>", b'" t="s">', b"<row>", b"\xff"]),
)
def test_no_damaged_xml_makes_the_reader_raise(part: str, where: float, damage: bytes):
    def spoil(content: bytes) -> bytes:
        position = int(where * len(content))
        return content[:position] + damage + content[position:]

    reading = read_declaration(with_part(SOUND, part, spoil), "supplied.xlsx")
    assert reading.declaration or reading.findings
