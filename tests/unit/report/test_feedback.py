"""What a supplier is told about a submission."""

import json
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from tests.unit.report.factories import submission
from tracelode.findings import Finding, Severity
from tracelode.metals import Metal
from tracelode.report.feedback import FOUND_AT_MOST, SHOWN_AT_MOST, WHOLE_FILE, feedback_files
from tracelode.review.telling import language, language_codes
from tracelode.submission import State

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


def page_in(displayed: str, state: State, *findings: Finding, marked_up: str = "") -> Element:
    """The body of the page that a supplier gets whose CMRT shows itself in a language, parsed."""
    told = replace(submission("s1", state=state), language=displayed)
    page = feedback_files(told, findings, marked_up=marked_up)["feedback.html"].decode("utf-8")
    return fromstring(page[page.index("<main>") : page.index("</body>")])


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
