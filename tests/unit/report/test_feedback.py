"""What a supplier is told about a submission."""

import json
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from tests.factories.submissions import on_rows
from tests.unit.report.factories import (
    IN_RWANDA,
    LAPSING,
    MISSPELT,
    UNHEARD_OF,
    profile,
    reference_data,
    submission,
)
from tracelode.findings import Finding, Severity
from tracelode.metals import Metal
from tracelode.report.feedback import FOUND_AT_MOST, SHOWN_AT_MOST, WHOLE_FILE, BothLanguages, Said, feedback_files
from tracelode.report.smelter_notes import SmelterNotes, smelter_notes
from tracelode.review.telling import language, language_codes
from tracelode.submission import DeclaredIdentity, State

DISPLAYED = {"zh": "中文 Chinese", "ja": "日本語 Japanese", "ko": "한국어 Korean", "fr": "Français", "pt": "Português",
             "de": "Deutsch", "es": "Español", "it": "Italiano", "tr": "Türkçe"}  # fmt: skip
UNTRANSLATED = Finding("F99", Severity.NOTICE, "A finding in English alone.", "Read it.")


def finding(
    rule: str = "K10",
    severity: Severity = Severity.ERROR,
    sheet: str | None = "Declaration",
    cell: str | None = "D39",
    found: str = "",
) -> Finding:
    return Finding(rule, severity, f"Message of {rule}.", f"Remedy of {rule}.", sheet, cell, found)


def page_of(state: State, *findings: Finding, name: str = "") -> str:
    return feedback_files(submission("s1", state=state), findings, supplier_name=name)["feedback.html"].decode("utf-8")


def missing_name() -> Finding:
    field = {"field": "company name"}
    return Finding("K01", Severity.ERROR, "The name is missing.", "Fill it in.", "Declaration", "D8", "?", field)


def page_in(
    displayed: str,
    state: State,
    *findings: Finding,
    marked_up: str = "",
    not_marked_up: str = "",
    notes: SmelterNotes | None = None,
) -> Element:
    """The body of the page that a supplier gets whose CMRT shows itself in a language, parsed."""
    told = replace(submission("s1", state=state), language=displayed)
    files = feedback_files(
        told, findings, supplier_name="Acme", smelter_notes=notes, marked_up=marked_up, not_marked_up=not_marked_up
    )
    page = files["feedback.html"].decode("utf-8")
    return fromstring(page[page.index("<main>") : page.index("</body>")])


def notes_on(*identities: DeclaredIdentity) -> SmelterNotes:
    data = reference_data()
    return smelter_notes(
        replace(submission("s1"), identities=on_rows(dict.fromkeys(identities, 1))),
        known=data["known"],
        dispositions=data["dispositions"],
        smelter_list=data["smelter_list"],
        program=profile(),
    )


def first_lines(body: Element) -> list[str]:
    """What the page says before anything else, up to the facts about the file."""
    return [text_in(element) for element in body.findall("section")[0] if element.tag in ("h1", "p")]


def text_in(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<body>")[1]).split())


@pytest.mark.parametrize(
    ("state", "findings", "first"),
    [
        (State.ACCEPTED, (), "Your declaration is accepted. You need not do anything."),
        (State.NEEDS_CORRECTION, (finding(),), "Please correct one point and send the workbook again."),
        (State.NEEDS_CORRECTION, (finding(), finding("K11")), "Please correct two points and send the workbook again."),
        (State.REJECTED, (finding(),), "We could not read this file. Please send a completed CMRT workbook."),
    ],
)
def test_the_first_line_says_what_happens_next(state: State, findings: tuple[Finding, ...], first: str) -> None:
    assert text_of(page_of(state, *findings)).startswith(first)


def test_an_accepted_declaration_with_warnings_asks_for_a_look() -> None:
    told = text_of(page_of(State.ACCEPTED, finding(severity=Severity.WARNING)))

    assert "There is one point below that you may want to check." in told


def test_findings_are_grouped_by_sheet_with_the_worst_first() -> None:
    told = text_of(
        page_of(
            State.NEEDS_CORRECTION,
            finding("X01", Severity.NOTICE, "Smelter List", "C9"),
            finding("X02", Severity.WARNING, "Declaration", "D22"),
            finding("F01", Severity.ERROR, None, None),
            finding("K44", Severity.ERROR, "Declaration", "D39"),
            finding("X03", Severity.WARNING, "Product List", "B6"),
        )
    )

    order = [
        WHOLE_FILE,
        "F01",
        "Sheet Declaration",
        "K44",
        "X02",
        "Sheet Product List",
        "X03",
        "Sheet Smelter List",
        "X01",
    ]
    assert sorted(order, key=told.index) == order


def test_a_finding_says_where_what_and_what_to_do() -> None:
    told = text_of(page_of(State.NEEDS_CORRECTION, finding(found="Perhaps")))

    assert "Cell D39 please correct K10 Message of K10. Found: Perhaps What to do: Remedy of K10." in told


def test_cell_texts_are_quoted_and_never_markup() -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e\x00" + "y" * 1000
    page = page_of(State.NEEDS_CORRECTION, finding(found=hostile), name="<b>Name</b>")

    assert "<img" not in page
    assert "<b>Name" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
    assert "y" * FOUND_AT_MOST not in page
    assert not re.search(r"<(script|link|img|iframe|form)\b", page)


def test_the_json_holds_all_findings_worst_first() -> None:
    findings = [finding(f"K{number}", Severity.WARNING) for number in range(SHOWN_AT_MOST + 5)] + [finding("F01")]
    files = feedback_files(submission("s1", state=State.NEEDS_CORRECTION), findings)

    told = json.loads(files["findings.json"])
    assert told["state"] == "needs_correction"
    assert told["submission_id"] == "s-s1-1"
    assert len(told["findings"]) == SHOWN_AT_MOST + 6
    assert told["findings"][0] == {
        "rule": "F01",
        "severity": "error",
        "sheet": "Declaration",
        "cell": "D39",
        "found": "",
        "message": "Message of F01.",
        "remedy": "Remedy of F01.",
    }
    assert "Six further points stand in findings.json" in text_of(files["feedback.html"].decode())


def test_the_same_submission_gives_the_same_bytes() -> None:
    findings = [finding(), finding("X01", Severity.WARNING, None, None)]

    assert feedback_files(submission("s1"), findings) == feedback_files(submission("s1"), findings)


def test_storage_coordinates_stay_out_of_feedback() -> None:
    files = feedback_files(submission("s1"), [finding()])

    assert not [name for name, content in files.items() if b"version-s1" in content or b"2016/s1" in content]


def test_the_company_name_stands_in_for_a_name_that_the_roster_lacks() -> None:
    assert "Supplier Acme" in text_of(page_of(State.ACCEPTED, name="Acme"))
    assert "Supplier" not in text_of(page_of(State.ACCEPTED))


@pytest.mark.parametrize("displayed", ["English", *DISPLAYED.values()])
@pytest.mark.parametrize("state", list(State))
def test_the_page_has_one_main_heading_and_every_other_stands_below_it(displayed: str, state: State) -> None:
    body = page_in(displayed, state, missing_name(), UNTRANSLATED)

    assert [element.tag for element in body.iter() if re.fullmatch("h[1-6]", element.tag)] == ["h1", "h2", "h2"]


@pytest.mark.parametrize("code", language_codes())
def test_the_suppliers_language_comes_first_and_english_stands_beside_it(code: str) -> None:
    # GIVEN a declaration that shows itself in another language, with one point to correct
    body = page_in(DISPLAYED[code], State.NEEDS_CORRECTION, missing_name(), UNTRANSLATED, marked_up="book.xlsx")
    texts = language(code)
    # THEN the heading says what happens next in both languages, each marked as what it is
    first, second = body.findall(".//h1/span")
    assert (first.get("lang"), first.text) == (code, texts.page["needs_correction"].format(count=1))
    assert (second.get("lang"), second.text) == (None, "Please correct one point and send the workbook again.")
    # AND so does each finding, with nothing said twice that is there in English alone
    told, untranslated = (section.find(".//li") for section in body.findall("section")[1:])
    expected = texts.told(missing_name())
    assert [text_in(line) for line in told.findall("p[@lang]")] == [
        " ".join(text.split()) for text in (expected.message, f"{texts.page['what_to_do']}: {expected.remedy}")
    ]
    assert "The name is missing. What to do: Fill it in." in text_in(told)
    assert untranslated.find("p[@lang]") is None
    assert text_in(untranslated).count(UNTRANSLATED.message) == 1
    # AND every text in another language says which
    marked = {element.get("lang") for element in body.iter() if element.get("lang")}
    assert marked == {code}


def test_a_metal_goes_by_its_name_in_the_suppliers_language() -> None:
    finding = Finding("X13", Severity.WARNING, "m", "r", "Declaration", "D57", words={"metal": Metal.TIN})

    assert "Zinn" in text_in(page_in("Deutsch", State.ACCEPTED, finding))


def test_a_sheet_goes_by_the_name_that_it_is_given_and_only_ever_as_a_quotation() -> None:
    hostile = finding(sheet="<b>Lista</b>\x1b[31m\u202e")
    files = feedback_files(submission("s1", state=State.NEEDS_CORRECTION), [hostile])

    assert "<b>Lista" not in files["feedback.html"].decode()
    assert "Sheet &lt;b&gt;Lista&lt;/b&gt;[31m" in " ".join(
        re.sub(r"</?bdi>", "", files["feedback.html"].decode()).split()
    )
    assert json.loads(files["findings.json"])["findings"][0]["sheet"] == "<b>Lista</b>[31m"


NOTHING_TO_DO = "You need not do anything."


def test_with_nothing_to_ask_about_smelters_nothing_is_asked() -> None:
    for notes in (None, notes_on()):
        assert first_lines(page_in("English", State.ACCEPTED, notes=notes)) == [
            f"Your declaration is accepted. {NOTHING_TO_DO}",
            "We found nothing to correct. Thank you.",
        ]


@pytest.mark.parametrize(
    ("identities", "points"),
    [
        ((UNHEARD_OF,), "There is one point about its smelters below."),
        ((UNHEARD_OF, MISSPELT, LAPSING, IN_RWANDA), "There are four points about its smelters below."),
    ],
)
def test_an_accepted_declaration_with_points_about_smelters_says_how_many_and_how_to_answer(
    identities: tuple[DeclaredIdentity, ...], points: str
) -> None:
    body = page_in("English", State.ACCEPTED, notes=notes_on(*identities))

    assert first_lines(body) == [
        f"Your declaration is accepted. {points}",
        "You may answer with your next declaration, or by e-mail to whoever asked you for this one.",
    ]


def test_points_about_smelters_stand_beside_warnings() -> None:
    warned = page_in("English", State.ACCEPTED, finding(severity=Severity.WARNING), notes=notes_on(UNHEARD_OF))

    lines = first_lines(warned)
    assert lines[0].endswith("There is one point about its smelters below.")
    assert lines[2].startswith("There is one point below that you may want to check.")
    # The findings stand between, so a link leads past them.
    assert [link.get("href") for link in warned.iter("a")] == ["#smelters"]
    assert warned.find(".//h2[@id='smelters']") is not None


def test_a_declaration_to_correct_mentions_its_smelters_second() -> None:
    lines = first_lines(page_in("English", State.NEEDS_CORRECTION, finding(), notes=notes_on(UNHEARD_OF, MISSPELT)))

    assert lines[0] == "Please correct one point and send the workbook again."
    assert lines[2] == (
        "There are also two points about the smelters below. Answer them in the same workbook if you can, "
        "otherwise by e-mail."
    )
    assert "smelters" not in " ".join(first_lines(page_in("English", State.NEEDS_CORRECTION, finding())))


@pytest.mark.parametrize("code", language_codes())
@pytest.mark.parametrize("number", [1, 2])
def test_points_about_smelters_are_announced_in_both_languages(code: str, number: int) -> None:
    texts, notes = language(code), notes_on(*(UNHEARD_OF, MISSPELT)[:number])
    form = "point" if number == 1 else "points"
    accepted = page_in(DISPLAYED[code], State.ACCEPTED, notes=notes)
    correct = page_in(DISPLAYED[code], State.NEEDS_CORRECTION, missing_name(), notes=notes)

    translated, english = accepted.findall(".//h1/span")
    assert translated.text == texts.smelters[f"accepted_{form}"].format(points=number)
    assert english.text == BothLanguages(None).sentence(f"accepted_{form}", points=Said("", "two")).english
    assert texts.smelters["how_to_answer"] in first_lines(accepted)
    assert texts.page["accepted"] not in text_in(accepted)
    assert NOTHING_TO_DO not in text_in(accepted)
    assert texts.smelters[f"also_{form}"].format(points=number) in first_lines(correct)


@pytest.mark.parametrize("code", language_codes())
def test_the_facts_about_the_file_stand_in_both_languages(code: str) -> None:
    texts = language(code)
    facts = page_in(DISPLAYED[code], State.ACCEPTED).find(".//dl")
    assert facts is not None
    labels, values = ([text_in(item) for item in facts.findall(kind)] for kind in ("dt", "dd"))

    english = {"supplier": "Supplier", "file": "File", "received": "Received", "version": "CMRT version"}
    assert labels == [" ".join(f"{texts.page[key]} / {label}".split()) for key, label in english.items()]
    assert values[2].endswith("/ March 2, 2017, 10:00 UTC")
    assert "2017" in values[2].split(" / ")[0]


@pytest.mark.parametrize("code", language_codes())
def test_what_could_not_be_marked_and_what_is_left_out_is_said_in_both_languages(code: str) -> None:
    texts, many = language(code), [finding(cell=f"B{row}") for row in range(SHOWN_AT_MOST + 2)]
    told = text_in(page_in(DISPLAYED[code], State.NEEDS_CORRECTION, *many, not_marked_up="It is an old format."))

    assert texts.page["not_marked_up"] in told
    assert "The points could not be marked in your workbook itself. It is an old format." in told
    assert " ".join(texts.page["left_out"].format(count=2).split()) in told
    assert "Two further points stand in findings.json beside this page." in told


@pytest.mark.parametrize("displayed", ["English", *DISPLAYED.values()])
def test_texts_from_the_workbook_cannot_break_out_of_the_page(displayed: str) -> None:
    # GIVEN markup, format fields and direction marks in all that a workbook and a supplier's name can bring
    hostile = "</bdi></section><script>alert(1)</script>{points}\u202e\x00\"'"
    name = DeclaredIdentity("Tin", "", hostile, hostile, "none")
    typed = DeclaredIdentity("Gold", "CID999999", hostile, hostile, "typed")
    sent = replace(submission("s1"), language=displayed, company_name=hostile, template_version=hostile)
    notes = notes_on(name, typed, replace(name, metal=""))
    # WHEN the supplier is told
    page = feedback_files(sent, [finding(sheet=hostile, found=hostile)], smelter_notes=notes)["feedback.html"].decode()
    # THEN all of it is text, and the page is still well formed
    body = fromstring(page[page.index("<main>") : page.index("</body>")])
    assert {element.tag for element in body.iter()} <= {
        "main", "section", "h1", "h2", "h3", "p", "span", "bdi", "a", "dl", "dt", "dd", "ol", "ul", "li", "q", "b",
    }  # fmt: skip
    assert text_in(body).count("<script>") >= 8
    assert "\u202e" not in page
    assert "\x00" not in page
