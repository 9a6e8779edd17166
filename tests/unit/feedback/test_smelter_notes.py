"""What a supplier is told about its own smelters."""

import dataclasses
import re
import string
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from tests.factories.submissions import on_rows
from tests.unit.report.factories import (
    BY_NAME,
    DOUBTFUL,
    DOWNGRADED,
    IN_RWANDA,
    LAPSING,
    MISSPELT,
    NO_SMELTER,
    UNHEARD_OF,
    decision,
    name_of,
    profile,
    reference_data,
    submission,
)
from tracelode.declarations.declaration import CidSource, SmelterLine
from tracelode.declarations.templates.questions import LineKind
from tracelode.feedback.page import BothLanguages
from tracelode.feedback.smelter_notes import SENTENCES, Ask, SmelterNotes, smelter_notes
from tracelode.printing.templating import render
from tracelode.review.telling import language, language_codes
from tracelode.smelters.dispositions import Disposition
from tracelode.smelters.known import known_facilities
from tracelode.smelters.status import SmelterList, Status, Vocabulary
from tracelode.submission import DeclaredIdentity

EVERYTHING = (LAPSING, IN_RWANDA, DOWNGRADED, BY_NAME, DOUBTFUL, MISSPELT, UNHEARD_OF, NO_SMELTER)


def notes_on(
    *identities: DeclaredIdentity,
    decisions: tuple[Disposition, ...] = (),
    origins: dict[DeclaredIdentity, tuple[str, ...]] | None = None,
    vocabulary: Vocabulary = Vocabulary.RMAP,
    year: int = 2016,
    smelter_list: SmelterList | None = None,
) -> SmelterNotes:
    data = reference_data(*decisions)
    return smelter_notes(
        replace(submission("one"), identities=on_rows(dict.fromkeys(identities, 2)), origins=origins or {}),
        known=data["known"],
        dispositions=data["dispositions"],
        smelter_list=smelter_list or data["smelter_list"],
        program=profile(vocabulary=vocabulary, year=year),
    )


def page_of(notes: SmelterNotes | None, code: str = "") -> str:
    say = BothLanguages(language(code) if code else None)
    return render("feedback/smelter_notes.html.j2", smelter_notes=notes, say=say)


def everything(**settings: object) -> SmelterNotes:
    """Notes of every kind: unrecognised with and without suggestions, no smelter, and all that is asked."""
    nobody = name_of("Tungsten", "CID009999", "Nobody", "Atlantis", "typed")
    origins = {IN_RWANDA: ("Rwanda", "DRC", "Peru")}
    return notes_on(*EVERYTHING, nobody, decisions=(decision(),), origins=origins, **settings)  # type: ignore[arg-type]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_smelter_counts_once_however_often_it_is_named() -> None:
    notes = notes_on(LAPSING, DOWNGRADED, DOUBTFUL)

    assert (notes.smelters, notes.conformant) == (2, 1)
    note = notes.not_conformant[0]
    assert (note.facility.cid, note.lines, note.declared) == ("CID000003", 4, ("Quite Another Company",))


def test_a_smelter_that_is_not_conformant_says_its_status_its_date_and_what_to_ask() -> None:
    unheard_of = name_of("Tungsten", "CID009999", "Nobody", "Atlantis", "typed")
    listed_nowhere, active, unknown = notes_on(DOWNGRADED, IN_RWANDA, unheard_of).not_conformant

    assert (active.name, active.printed_status, active.as_of) == ("Old Harbour Tin Works", "Active", date(2017, 3, 31))
    assert active.ask is Ask.BEING_ASSESSED
    assert (listed_nowhere.name, listed_nowhere.status) == ("Kigali Gold Refinery", Status.INDETERMINABLE)
    assert (listed_nowhere.ask, listed_nowhere.as_of) == (Ask.NOT_ASSESSED, None)
    assert (unknown.name, unknown.ask, unknown.country) == ("Nobody", Ask.NOT_KNOWN, "Atlantis")


def test_a_number_that_nobody_knows_tells_nothing_where_only_the_status_list_is_loaded() -> None:
    # GIVEN no names but those of the facilities that have a status
    data = reference_data()
    listed = data["smelter_list"]
    names = known_facilities(name for name in data["known"].of_metal(None) if name.facility in listed.facilities)
    sent = replace(submission("one"), identities=on_rows({IN_RWANDA: 1}))
    # WHEN a facility is named that is on no list
    notes = smelter_notes(sent, known=names, dispositions=data["dispositions"], smelter_list=listed, program=profile())
    # THEN it is not assessed, and nobody claims that its number is wrong
    assert [note.ask for note in notes.not_conformant] == [Ask.NOT_ASSESSED]


def test_a_conformant_smelter_is_not_mentioned() -> None:
    listed = reference_data()["smelter_list"]
    plain = {facility: replace(item, assessment=replace(item.assessment, assessed_on=None))
             for facility, item in listed.facilities.items()}  # fmt: skip
    notes = notes_on(LAPSING, smelter_list=replace(listed, facilities=plain))

    assert (notes.to_do, notes.conformant) == (0, 1)
    assert "Aurum Norte" not in page_of(notes)


def test_a_status_that_ends_before_the_filing_date_is_mentioned_and_one_that_ends_on_it_is_not() -> None:
    assert [note.lapses_on for note in notes_on(LAPSING).lapsing] == [date(2017, 4, 30)]
    assert notes_on(LAPSING).lapsing[0].ask is Ask.LAPSES

    listed = reference_data()["smelter_list"]
    later = {facility: replace(item, assessment=replace(item.assessment, assessed_on=date(2014, 5, 31)))
             for facility, item in listed.facilities.items()}  # fmt: skip
    assert notes_on(LAPSING, smelter_list=replace(listed, facilities=later)).lapsing == ()


def test_a_name_that_is_not_recognised_comes_with_the_cid_to_type() -> None:
    notes = notes_on(MISSPELT, replace(MISSPELT, evidence=""))
    told = text_of(page_of(notes))

    assert [(item.name, item.lines) for item in notes.not_recognised] == [("Old Harbor Tin Wroks", 4)]
    assert notes.not_recognised[0].suggestions[0].facility.cid == "CID000003"
    assert "Old Harbor Tin Wroks Tin, MALAYSIA ; 4 lines (rows 5, 6, 7, 8) Did you mean one of these?" in told
    assert "CID000003 Old Harbour Tin Works Tin, MALAYSIA" in told


def test_a_name_that_nothing_resembles_says_so() -> None:
    told = text_of(page_of(notes_on(UNHEARD_OF)))

    assert "=Zwxq &amp; &lt;Sons&gt; Gold; 2 lines (rows 5, 6) We know no similar name for this metal." in told


def test_a_decision_shows_in_its_effect_alone() -> None:
    # GIVEN decisions with an author, a date and a reason
    secret = (
        decision("Corner Shop", reason="rang them up"),
        decision("Old Harbor Tin Wroks", cid="CID000003", reason="same street"),
    )
    # WHEN the supplier is told
    notes = notes_on(NO_SMELTER, MISSPELT, decisions=secret)
    page = page_of(notes)
    # THEN it reads what the names are taken for, and neither who said so nor why
    assert [item.name for item in notes.not_smelters] == ["Corner Shop"]
    assert [note.declared for note in notes.not_conformant] == [("Old Harbor Tin Wroks",)]
    for text in (page, repr(dataclasses.asdict(notes))):
        assert not [word for word in ("Jane Doe", "2017-04-02", "rang them up", "same street") if word in text]


def test_declared_origins_in_covered_countries_are_asked_about() -> None:
    notes = notes_on(IN_RWANDA, origins={IN_RWANDA: ("Rwanda", "Peru")})

    assert notes.not_conformant[0].covered_origins == ("Rwanda",)
    assert "You state that its mineral comes from Rwanda." in text_of(page_of(notes))
    assert notes_on(IN_RWANDA, origins={IN_RWANDA: ("Peru",)}).not_conformant[0].covered_origins == ()


def test_where_the_smelter_lies_is_not_where_its_mineral_comes_from() -> None:
    assert notes_on(IN_RWANDA).not_conformant[0].covered_origins == ()


@pytest.mark.parametrize(("vocabulary", "word"), [(Vocabulary.CFSP_2016, "compliant"), (Vocabulary.RMAP, "conformant")])
def test_the_words_are_those_of_the_edition(vocabulary: Vocabulary, word: str) -> None:
    told = text_of(page_of(notes_on(*EVERYTHING, vocabulary=vocabulary)))

    assert f"bought from a facility that is {word}" in told
    assert ("compliant" in told, "conformant" in told) == (word == "compliant", word == "conformant")


def test_the_page_says_how_many_smelters_are_known_and_as_of_when() -> None:
    told = text_of(page_of(notes_on(LAPSING, DOWNGRADED)))

    assert "recognise in your workbook: 2. Of these conformant: 1." in told
    assert "lists as of March 31, 2017." in told
    assert "run out before our report is due on May 31, 2017." in told
    assert "Aurum Norte S.A. Conformant CID000001 , Gold, BRAZIL ; runs out on April 30, 2017 (rows 5, 6)" in told


def test_what_is_asked_of_many_is_said_once() -> None:
    many = [name_of("Tin", f"CID0009{n:02}", f"Works {n}", "PERU", "typed") for n in range(20)]
    notes = notes_on(IN_RWANDA, BY_NAME, DOWNGRADED, *many)
    told = text_of(page_of(notes))

    assert [(ask, len(items)) for ask, items in notes.by_ask] == [
        (Ask.NOT_KNOWN, 20),
        (Ask.NOT_ASSESSED, 2),
        (Ask.BEING_ASSESSED, 1),
    ]
    assert told.count("No list that we hold has these identification numbers.") == 1
    assert all(f"Works {n} Indeterminable" in told for n in range(20))


def test_without_smelters_there_is_nothing_to_say() -> None:
    assert page_of(notes_on()).strip() == ""
    assert page_of(None).strip() == ""


def test_hostile_names_stay_text() -> None:
    hostile = name_of("Tin", "", "<script>alert(1)</script>{0}{ask}\u202e", "<b>Peru</b>")
    page = page_of(notes_on(hostile, replace(hostile, cid="CID009999", evidence="typed")))

    assert "<script" not in page
    assert "<b>Peru" not in page
    assert "\u202e" not in page
    assert "{0}{ask}" in page


def test_headings_come_in_order_and_lists_are_closed() -> None:
    page = page_of(notes_on(*EVERYTHING, decisions=(decision(),)))

    assert re.findall(r"<h(\d)", page) == ["2", "3", "3", "3", "3", "3"]
    assert page.count("<ul") == page.count("</ul>")
    assert page.count("<li") == page.count("</li>")


def test_every_sentence_is_used_and_every_field_is_known() -> None:
    pages = files("tracelode.feedback")
    templates = "".join(pages.joinpath(f"{name}.html.j2").read_text("utf-8") for name in ("smelter_notes", "feedback"))
    templates += '"row" "rows"'  # chosen by BothLanguages.rows
    said = set(re.findall(r'"(\w+)"', templates))
    composed = {*Ask, *(f"{ask}_heading" for ask in Ask)}
    composed |= {f"{start}_{end}" for start in ("accepted", "also") for end in ("point", "points")}
    fields = {field for text in SENTENCES.values() for _, field, _, _ in string.Formatter().parse(text) if field}

    assert composed <= set(SENTENCES)
    assert set(SENTENCES) - composed - said == set()
    assert fields == {
        "points",
        "smelters",
        "conformant",
        "conformant_word",
        "date",
        "due",
        "countries",
        "lines",
        "rows",
    }


@pytest.mark.parametrize("code", language_codes())
def test_each_sentence_comes_in_the_suppliers_language_and_in_english(code: str) -> None:
    # GIVEN notes of every kind
    notes = everything()
    # WHEN they are told in English alone, and in another language beside it
    english, both = page_of(notes), page_of(notes, code)
    # THEN all that stands in English still does, less only the name of the metal where both are the same
    told = text_of(both)
    for sentence in re.findall(r"<(?:p|h3)[^>]*>(.*?)</(?:p|h3)>", english):
        assert text_of(sentence) in told
    # AND each text in the other language is marked as what it is, once for each in English
    assert set(re.findall(r'<(?:p|span)[^>]* lang="(\w+)"', both)) == {code}
    headings = re.findall(rf'<h3><span lang="{code}">(.*?)</span> <span class="beside">(.*?)</span></h3>', both)
    assert [heading for _, heading in headings] == re.findall(r"<h3>(.*?)</h3>", english)
    assert both.count('class="beside"') + both.count('class="do beside"') - len(headings) == len(
        re.findall(r'<p(?: class="do")?>', english)
    )
    # AND nothing is left to fill in
    assert "{" not in both


def test_the_words_of_a_sentence_are_those_of_its_language() -> None:
    told = text_of(page_of(everything(), "de"))

    assert "Davon mit dem Status „konform“: 1. Der Status ist der in den Listen mit Stand vom 31. März 2017." in told
    assert "bevor unser Bericht am 31. Mai 2017 fällig ist." in told
    assert "läuft am 30. April 2017 ab / runs out on April 30, 2017 ( Zeilen 5, 6 / rows 5, 6)" in told
    assert "laut Ihrer Angabe: Demokratische Republik Kongo, Ruanda." in told
    assert "comes from the Democratic Republic of the Congo and Rwanda." in told
    assert "in Prüfung / Active CID000003 , Zinn / Tin, MALAYSIA ; 4 Zeilen / 4 lines (" in told
    assert "Gold, BRAZIL" in told
    assert "Gold / Gold" not in told


@pytest.mark.parametrize("code", language_codes())
def test_hostile_names_stay_text_in_every_language(code: str) -> None:
    hostile = name_of("", "", "<script>alert(1)</script>{0}{points}\u202e", "<b>Peru</b>")
    page = page_of(notes_on(hostile, replace(hostile, metal="Tin", cid="CID009999", evidence="typed")), code)

    assert not re.search(r"<(script|i|img|iframe|a)\b", page)
    assert "<b>Peru" not in page
    assert "\u202e" not in page
    assert "{0}{points}" in page
    assert language(code).smelters["no_metal"] in page


def test_a_caution_about_suggestions_stands_where_there_are_some() -> None:
    assert "only if you are sure" in page_of(notes_on(MISSPELT, UNHEARD_OF))
    assert "only if you are sure" not in page_of(notes_on(UNHEARD_OF))


def line(row: int, kind: LineKind = LineKind.LISTED, **typed: str) -> SmelterLine:
    """A row of the list as it was typed, of which nothing was understood."""
    texts = {f"typed_{name}": typed.get(name, "")
             for name in ("cid", "metal", "lookup", "name", "country", "identification")}  # fmt: skip
    return SmelterLine(
        row=row, kind=kind, metal=None, cid=None, cid_source=CidSource.NONE, name="", country="", **texts
    )


def notes_with(lines: list[SmelterLine], identities: dict[DeclaredIdentity, tuple[int, ...]]) -> SmelterNotes:
    data = reference_data()
    return smelter_notes(
        replace(submission("one"), identities=identities),
        known=data["known"],
        dispositions=data["dispositions"],
        smelter_list=data["smelter_list"],
        program=profile(),
        lines=lines,
    )


def test_a_smelter_that_is_said_to_be_not_yet_identified_is_an_answer_and_no_point() -> None:
    # GIVEN a line that names nothing on purpose, and one that was left without a name
    lines = [
        line(5, LineKind.NOT_YET_IDENTIFIED, metal="Gold", lookup="Smelter not yet identified"),
        line(6, cid="460"),
    ]
    notes = notes_with(lines, {name_of("Gold", "", "", "", "none"): (5, 6)})
    # THEN there is a point about the other one alone
    assert [item.rows for item in notes.not_recognised] == [(6,)]
    assert notes.not_yet_identified == 1
    assert notes_with(lines[:1], {name_of("Gold", "", "", "", "none"): (5,)}).to_do == 0


def test_a_line_without_a_name_is_told_by_its_row_and_by_what_stands_in_it() -> None:
    lines = [line(5, cid="CID00460"), line(8, cid="460"), line(9, metal="铅", cid="<b>9</b>")]
    page = page_of(notes_with(lines, {name_of("", "", "", "", "none"): (5, 8, 9)}))
    told = text_of(page)
    assert "2 lines (rows 5, 8)" in told
    assert "row 5: CID00460" in told
    assert "row 8: 460" in told
    assert "No name and no complete number" in told
    # AND a metal that is none is quoted, and not called missing
    assert "铅 none of the four metals; one line (row 9)" in told
    assert "row 9: &lt;b&gt;9&lt;/b&gt; | 铅" in told
    assert "similar name" not in told


def test_a_name_without_one_of_the_four_metals_is_not_looked_for_under_this_metal() -> None:
    told = text_of(page_of(notes_with([line(5, metal="铅", name="Zwxq")], {name_of("", "", "Zwxq", "", "none"): (5,)})))
    assert "Without one of the four metals in column B we cannot look for a smelter." in told


def test_a_number_in_the_place_of_a_name_or_under_another_metal_is_told_whose_it_is() -> None:
    as_name = name_of("Gold", "", "CID000003", "", "none")
    other_metal = name_of("Gold", "CID000003", "Zwxq", "", "typed")
    for identity in (as_name, other_metal):
        notes = notes_with([], {identity: (7,)})
        assert [item.facility.cid for item in notes.not_recognised[0].suggestions] == ["CID000003"]
        told = text_of(page_of(notes))
        assert "The number that stands there is that of: CID000003 Old Harbour Tin Works Tin, MALAYSIA" in told
        assert "similar name" not in told
    unknown = text_of(page_of(notes_with([], {name_of("", "CID009999", "", "", "typed"): (7,)})))
    assert "No list that we hold has this number." in unknown
