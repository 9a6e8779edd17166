"""What is edited in Word comes back as a text of the team's own that prints what the lawyer wrote, or is said."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.archives import parts_of, zipped
from tests.properties import examples
from tests.unit.report.factories import the_filing
from tests.unit.report.prose import text_of
from tracelode.own_text.own_sections import parse_own_section
from tracelode.picture.figures.figures import count_figures
from tracelode.picture.interpretation import Interpretation
from tracelode.report.filing import read_word as reading
from tracelode.report.filing.filing import exhibit, exhibit_by_section
from tracelode.report.filing.read_word import NotAWordDocumentError, read_word
from tracelode.report.filing.take_back import TakenBack, take_back
from tracelode.report.filing.word import word

FILED = the_filing()
TOTAL = "We know {{ figures.smelters.total }} facilities.\n\n"
NAMED = TOTAL + "Nothing else\nis known.\n\n- first\n- {{ words.program }}\n"


def with_own(situation: Interpretation, **texts: str) -> Interpretation:
    sections = tuple(
        parse_own_section(name.replace("_", "-"), f"section-{name}.txt", text.encode()) for name, text in texts.items()
    )
    return replace(situation, facts=replace(situation.facts, sections=sections))


def printed(situation: Interpretation = FILED) -> bytes:
    return word(exhibit_by_section(situation, count_figures(situation)))


def edited(docx: bytes, change: Callable[[str], str]) -> bytes:
    """The document with another text, as an editor would save it."""
    return zipped(parts_of(docx) | {"word/document.xml": change(unpacked(docx)).encode()})


def unpacked(docx: bytes) -> str:
    return parts_of(docx)["word/document.xml"].decode()


def packed(document: str | bytes) -> bytes:
    return zipped({"word/document.xml": document.encode() if isinstance(document, str) else document})


def back(situation: Interpretation, change: Callable[[str], str], **own: str) -> TakenBack:
    docx = printed(situation)
    return take_back(read_word(docx), read_word(edited(docx, change)), {k.replace("_", "-"): v for k, v in own.items()})


def paragraph_with(text: str, document: str) -> str:
    found = re.search(rf"<w:p>(?:(?!</w:p>).)*{re.escape(text)}.*?</w:p>\n", document, re.DOTALL)
    assert found
    return found[0]


def test_a_document_that_nobody_has_edited_gives_nothing_back() -> None:
    assert back(FILED, lambda text: text) == TakenBack({}, ())


def test_every_section_of_the_filing_is_found_by_its_bookmark() -> None:
    sections = {block.section for block in read_word(printed()).blocks}
    assert {"introduction", "responses", "facilities", "due-diligence-design", "findings", "limits"} <= sections


def test_an_edited_paragraph_comes_back_with_its_section_and_prints_what_was_written() -> None:
    # WHEN a sentence of one section is edited, and an item added to another's list
    taken = back(FILED, lambda text: text.replace("sets out what it did", "says what it did"))
    # THEN that section alone is taken
    assert list(taken.sections) == ["introduction"]
    assert taken.not_taken == ()
    # AND the report that is made with it prints the lawyer's text, and else what it printed before
    again = with_own(FILED, introduction=taken.sections["introduction"])
    before, after = (text_of(exhibit(situation, count_figures(situation))) for situation in (FILED, again))
    assert after == before.replace("sets out what it did", "says what it did")


def test_an_item_added_to_a_list_stays_an_item() -> None:
    def change(text: str) -> str:
        item = paragraph_with("active", text)
        assert "ListBullet" in item
        return text.replace(item, item + re.sub(r"<w:t [^>]*>.*?</w:t>", "<w:t>one more</w:t>", item, flags=re.DOTALL))

    taken = back(FILED, change)
    assert list(taken.sections) == ["facilities"]
    assert "\n- one more\n" in taken.sections["facilities"]


def test_a_paragraph_of_your_own_that_nobody_changed_keeps_the_names_of_its_figures() -> None:
    situation = with_own(FILED, findings=NAMED)
    taken = back(situation, lambda text: text.replace("is known.", "has come to be known."), findings=NAMED)
    assert taken.sections["findings"] == (
        "We know {{ figures.smelters.total }} facilities.\n\nNothing else has come to be known.\n\n"
        "- first\n- {{ words.program }}\n"
    )
    assert taken.not_taken == ()


def test_names_and_conditions_that_are_lost_are_told() -> None:
    own = TOTAL + "{% if claims.somebody_responded %}\nThey came.\n{% endif %}\n"
    situation = with_own(FILED, findings=own)
    taken = back(situation, lambda text: text.replace("We know", "We have heard of"), findings=own)
    assert re.match(r"We have heard of \d+ facilities\.\n\nThey came\.\n", taken.sections["findings"])
    assert "findings: 2 of your paragraphs with figures by name or conditions" in taken.not_taken[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace(">Due Diligence<", ">Our Due Diligence<"), "new: heading “Our Due Diligence”"),
        (lambda text: text.replace(">Tantalum<", ">Cobalt<", 1), "table"),
        (lambda text: text.replace("sets out", "{{ registrant.name }} sets out"), "introduction: a text with braces"),
        (
            lambda text: text.replace("sets out</w:t>", "sets out</w:t>").replace(
                '<w:r><w:t xml:space="preserve">In this report', '<w:r><w:rPr><w:b/></w:rPr><w:t>In our report'
            ),
            "introduction: bold, italic and other formats are not kept",
        ),
        (
            lambda text: text.replace("</w:p>", '<w:r><w:commentReference w:id="1"/></w:r></w:p>', 1),
            "comments",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told(change: Callable[[str], str], told: str) -> None:
    assert told in " / ".join(back(FILED, change).not_taken)


def test_a_section_that_was_emptied_is_told_because_a_blank_text_would_print_ours() -> None:
    def emptied(text: str) -> str:
        begin, end = text.index('w:name="section_limits"'), text.index("<w:bookmarkEnd", text.index("section_limits"))
        return text[: text.index("/>", begin) + 2] + text[end:]

    taken = back(FILED, emptied)
    assert taken.sections == {}
    assert any("limits: all of its text is gone" in told for told in taken.not_taken)


def test_tracked_changes_are_taken_as_accepted() -> None:
    def tracked(text: str) -> str:
        return text.replace(
            "sets out what it did",
            'sets out </w:t></w:r><w:del w:id="900" w:author="L"><w:r><w:delText>what it did</w:delText></w:r></w:del>'
            '<w:ins w:id="901" w:author="L"><w:r><w:t>its efforts</w:t></w:r></w:ins><w:r><w:t xml:space="preserve">',
        )

    taken = back(FILED, tracked)
    assert "sets out its efforts" in taken.sections["introduction"]
    assert "tracked changes, taken as accepted" in taken.not_taken


WORDS = st.lists(st.sampled_from(["We", "asked", "seven", "suppliers.", "it's", "“so”", "&amp;", "7", "%"]), min_size=1)
EDITS = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from(["rewrite", "delete", "add", "double"]), WORDS),
    min_size=1,
    max_size=6,
)


@examples(0.3)
@given(EDITS)
def test_whatever_is_edited_every_section_prints_it_or_is_told(edits: list[tuple[int, str, list[str]]]) -> None:
    # GIVEN paragraphs and items anywhere that are rewritten, deleted, added
    docx = printed()
    paragraphs = re.split(r"(?<=</w:p>\n)", unpacked(docx))
    for place, what, words in edits:
        number = place % len(paragraphs)
        if '"Heading' in paragraphs[number] or "<w:tbl" in paragraphs[number] or "sectPr" in paragraphs[number]:
            continue
        new = re.sub(r"<w:t [^>]*>.*?</w:t>", f"<w:t>{' '.join(words)}</w:t>", paragraphs[number], flags=re.DOTALL)
        paragraphs[number] = {"rewrite": new, "delete": "", "add": paragraphs[number] + new, "double": new + new}[what]
        if "bookmark" in paragraphs[number] or not paragraphs[number]:
            continue
    try:
        lawyers = read_word(packed("".join(paragraphs)))
    except NotAWordDocumentError:
        return
    taken = take_back(read_word(docx), lawyers, {})
    # THEN what was taken prints, paragraph by paragraph, as the lawyer has it
    again = with_own(FILED, **{name.replace("-", "_"): text for name, text in taken.sections.items()})
    blocks = {name: [] for name in taken.sections}
    for block in read_word(printed(again)).blocks:
        if block.section in blocks:
            blocks[block.section].append(block.text)
    for name, text in taken.sections.items():
        lines = [line.removeprefix("- ") for line in text.split("\n") if line]
        assert blocks[name] in (lines, [])
        assert all(line in {block.text for block in lawyers.blocks} for line in lines)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no Word document"),
        (b"%PDF-1.7", "no Word document"),
        (b"PK\x03\x04 not an archive", "damaged"),
        (b"PK" + b"PK\x01\x02" * 3000, "no Word document"),
        (packed(b"<w:document"), "no sound XML"),
        (packed('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "no sound XML"),
        (packed('<!DOCTYPE x SYSTEM "http://example.com/x.dtd"><x/>'), "no sound XML"),
        (packed("<a>" * 5000), "nested too deep"),
        (packed(b"<a>" + b"<b/>" * 1_000_001 + b"</a>"), "too many parts"),
    ],
)
def test_a_file_that_is_no_sound_word_document_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NotAWordDocumentError, match=why):
        read_word(data)


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MAX_TEXT_BYTES", 1000)
    with pytest.raises(NotAWordDocumentError, match="too large"):
        read_word(packed(b" " * 1001))
    monkeypatch.setattr(reading, "MAX_WORD_BYTES", 10)
    with pytest.raises(NotAWordDocumentError, match="larger than"):
        read_word(packed(b"<a/>"))


def test_an_archive_without_a_text_is_no_word_document() -> None:
    with pytest.raises(NotAWordDocumentError, match="no Word document"):
        read_word(zipped({"xl/workbook.xml": b"<a/>"}))


def test_a_number_that_the_lawyer_has_changed_stays_the_lawyers() -> None:
    situation = with_own(FILED, findings=NAMED)
    taken = back(
        situation, lambda text: re.sub(r"We know \d+ facilities", "We know 999 facilities", text), findings=NAMED
    )
    assert taken.sections["findings"].startswith("We know 999 facilities.\n\nNothing else is known.\n")
    assert "findings: 1 of your paragraphs with figures by name" in taken.not_taken[0]


def test_what_is_inserted_between_two_sections_belongs_to_the_one_above() -> None:
    def change(text: str) -> str:
        begins = text.index('<w:bookmarkStart w:id="', text.index('w:name="section_country_of_origin_inquiry"'))
        return text[:begins] + "<w:p><w:r><w:t>One more thing.</w:t></w:r></w:p>\n" + text[begins:]

    taken = back(FILED, change)
    assert list(taken.sections) == ["country-of-origin-inquiry"]
    assert taken.sections["country-of-origin-inquiry"].endswith("\n\nOne more thing.\n")


@pytest.mark.parametrize("gone", ["del", "moveFrom"])
def test_what_was_struck_or_moved_away_is_not_there_whatever_holds_its_text(gone: str) -> None:
    def change(text: str) -> str:
        struck = f'</w:t></w:r><w:{gone} w:id="900" w:author="L"><w:r><w:t>very</w:t></w:r></w:{gone}><w:r><w:t>'
        return text.replace("sets out what", f"says {struck}what")

    assert "says what it did" in back(FILED, change).sections["introduction"]
