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
from tracelode.feedback.markup.labels import ENGLISH
from tracelode.feedback.page import (
    FOR_INFORMATION,
    FOUND_AT_MOST,
    SHOWN_AT_MOST,
    WHOLE_FILE,
    BothLanguages,
    ReadBack,
    Said,
    feedback_files,
)
from tracelode.feedback.smelter_notes import SmelterNotes, smelter_notes
from tracelode.findings import Finding, Severity
from tracelode.minerals import Mineral
from tracelode.review.telling import language, language_codes
from tracelode.submission import DeclaredIdentity, State
from tracelode.workbooks.file_rules import ENCRYPTED, FILE_RULES, LEGACY_WORKBOOK, OUTDATED_FAMILY, FileRule

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
    not_marked_up: str | Finding = "",
    notes: SmelterNotes | None = None,
    asked_by: str = "",
    read_back: ReadBack | None = None,
) -> Element:
    """The body of the page that a supplier gets whose CMRT shows itself in a language, parsed."""
    told = replace(submission("s1", state=state), language=displayed)
    files = feedback_files(
        told,
        findings,
        supplier_name="Acme",
        smelter_notes=notes,
        marked_up=marked_up,
        not_marked_up=not_marked_up,
        asked_by=asked_by,
        read_back=read_back,
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

    assert "Your declaration counts. Please check one point in it." in told
    assert "You need not do anything" not in told


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
        "words": {},
    }
    assert "Six further points stand in findings.json" in text_of(files["feedback.html"].decode())


def test_the_same_submission_gives_the_same_bytes() -> None:
    findings = [finding(), finding("X01", Severity.WARNING, None, None)]

    assert feedback_files(submission("s1"), findings) == feedback_files(submission("s1"), findings)


def test_storage_coordinates_stay_out_of_feedback() -> None:
    files = feedback_files(submission("s1"), [finding()])

    assert not [name for name, content in files.items() if b"version-s1" in content or b"2016/s1" in content]


def test_a_page_names_its_supplier_by_id_at_least() -> None:
    assert "Supplier Acme ( s1 )" in text_of(page_of(State.ACCEPTED, name="Acme"))
    assert "Supplier s1 File" in text_of(page_of(State.REJECTED))


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
    finding = Finding("X13", Severity.WARNING, "m", "r", "Declaration", "D57", words={"metal": Mineral.TIN})

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
        "You may correct the workbook and send it again, answer by e-mail to whoever asked you for this declaration, "
        "or answer with your next one.",
    ]


def test_points_about_smelters_stand_beside_warnings() -> None:
    warned = page_in("English", State.ACCEPTED, finding(severity=Severity.WARNING), notes=notes_on(UNHEARD_OF))

    lines = first_lines(warned)
    assert lines[0].endswith("There is one point about its smelters below.")
    assert lines[2].startswith("Please look at the point marked")
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


def of_a_metal(rule: str, cell: str, sheet: str = "Declaration", **words: str) -> Finding:
    """An error about tungsten, with the words that the rule gives it."""
    return Finding(rule, Severity.ERROR, f"{rule} at {cell}.", "Do.", sheet, cell, "", {"metal": "Tungsten", **words})


def copied(metal: str, cell: str) -> Finding:
    words = {"metal": metal, "count": "30"}
    return Finding("X39", Severity.WARNING, f"All of {metal}.", "List yours.", "Smelter List", cell, "", words)


def test_an_unreadable_file_that_shows_no_language_is_answered_in_every_language() -> None:
    # GIVEN a file that is known to be encrypted, and nothing else
    page = feedback_files(submission("s1", state=State.REJECTED), [ENCRYPTED.finding()])["feedback.html"].decode()
    body = fromstring(page[page.index("<main>") : page.index("</body>")])
    # THEN each language has its section, with what is wrong and what to do, and the first lines lead there
    for code in language_codes():
        texts = language(code)
        section = body.find(f"section[@lang='{code}']")
        assert section is not None
        told = texts.told(ENCRYPTED.finding())
        for text in (texts.page["language"], texts.page["rejected"], told.message, told.remedy):
            assert " ".join(text.split()) in text_in(section)
        assert body.find(f".//a[@href='#{code}']") is not None
    # AND a file that shows itself in English or in another language is answered in that
    assert page_in("English", State.REJECTED, ENCRYPTED.finding()).find("section[@lang]") is None
    chinese = page_in(DISPLAYED["zh"], State.REJECTED, ENCRYPTED.finding())
    assert chinese.find("section[@lang]") is None
    assert language("zh").page["rejected"] in text_in(chinese)
    assert language("zh").told(ENCRYPTED.finding()).remedy in text_in(chinese)


@pytest.mark.parametrize("code", language_codes())
@pytest.mark.parametrize("rule", [rule for rule in FILE_RULES if rule.severity is Severity.ERROR], ids=lambda r: r.id)
def test_every_reason_of_a_rejection_is_told_in_every_language(code: str, rule: FileRule) -> None:
    words = dict.fromkeys(re.findall(r"{(\w+)}", rule.message), "5")
    assert language(code).told(rule.finding(**words)).message != rule.message.format(**words)


def test_the_answer_that_others_hang_on_comes_first_and_they_are_folded_under_it() -> None:
    # GIVEN an answer to question 1 that is none, behind what is missing because of it
    cause = of_a_metal("X04", "D29", question="1")
    follows = [of_a_metal(rule, cell, number=number) for rule, cell, number in
               (("K17", "D35", "2"), ("K21", "D41", "3"), ("K41", "D71", "8"))]  # fmt: skip
    tin = replace(of_a_metal("K16", "D33", number="2"), words={"metal": "Tin", "number": "2"})
    smelters = of_a_metal("K55", "B5", "Smelter List")
    body = page_in(DISPLAYED["zh"], State.NEEDS_CORRECTION, missing_name(), *follows, tin, smelters, cause)
    # THEN it stands first, with the cells that may fall away, and the rest goes by cell
    points = body.findall(".//li")
    assert [re.findall(r" ([A-Z]\d+)", text_in(point))[0] for point in points] == ["D29", "D8", "D33"]
    assert "may then not be needed: D35, D41, D71, Smelter List B5." in text_in(points[0])
    assert "D35, D41, D71, Smelter List B5。" in text_in(points[0])
    # AND what falls away is not counted, and stays in the JSON
    assert "Please correct three points and send" in text_in(body)
    files = feedback_files(submission("s1"), [*follows, cause])
    assert [item["rule"] for item in json.loads(files["findings.json"])["findings"]] == ["K17", "K21", "K41", "X04"]


def test_nothing_is_folded_under_what_weighs_less() -> None:
    cause = replace(of_a_metal("X04", "D29", question="1"), severity=Severity.NOTICE)
    assert (
        len(page_in("English", State.NEEDS_CORRECTION, cause, of_a_metal("K17", "D35", number="2")).findall(".//li"))
        == 2
    )


def test_points_of_a_sheet_go_by_row_and_column() -> None:
    cells = ["D100", "G20", "D20", "AA20", "D9"]
    body = page_in("English", State.NEEDS_CORRECTION, *[finding(f"Q{n}", cell=cell) for n, cell in enumerate(cells)])
    shown = [text_in(point).split()[1].removesuffix("please") for point in body.findall(".//li")]
    assert shown == ["D9", "D20", "G20", "AA20", "D100"]


def test_a_list_that_was_copied_as_a_whole_is_said_first_and_asks_for_another() -> None:
    # GIVEN a list with every smelter of the one metal that it names
    sent = replace(submission("s1"), identities=on_rows({UNHEARD_OF: 1, LAPSING: 1}))
    assert {identity.metal for identity in sent.identities} == {"Gold"}
    worse = finding(severity=Severity.ERROR)
    files = feedback_files(sent, [worse, copied("Gold", "A5")], smelter_notes=notes_on(UNHEARD_OF, LAPSING))
    page = files["feedback.html"].decode()
    body = fromstring(page[page.index("<main>") : page.index("</body>")])
    # THEN the page begins with that, and the points on single smelters are folded
    assert first_lines(body)[0] == "Please list only your own smelters, and send the workbook again."
    assert body.find("section/h2[@id='first']") is not None
    assert text_in(body.find(".//li")).startswith("Smelter List, Cell A5")
    assert "Points on single smelters: 2." in text_in(body.find(".//details/summary"))
    assert json.loads(files["findings.json"])["copied_list"] is True
    # AND not where another metal has a list of its own
    tin = replace(sent, identities=on_rows({UNHEARD_OF: 1, MISSPELT: 1}))
    assert json.loads(feedback_files(tin, [copied("Gold", "A5")])["findings.json"])["copied_list"] is False


@pytest.mark.parametrize("state", [State.ACCEPTED, State.NEEDS_CORRECTION])
def test_a_template_that_is_too_old_is_said_first_and_nobody_is_sent_back_to_it(state: State) -> None:
    old = OUTDATED_FAMILY.finding(version="4.20", newest="6.5", sheet="Declaration", cell="J3")
    body = page_in(DISPLAYED["de"], state, finding(), old)

    assert text_in(body.find(".//li")).startswith("Declaration,")
    assert "F12" in text_in(body.find(".//li"))
    assert "Please put your answers into the current CMRT and send that." in first_lines(body)[0]
    assert "in the same workbook" not in " ".join(first_lines(body))
    assert language("de").page["outdated_how"] in first_lines(body)


def test_points_for_information_ask_for_nothing_and_are_not_hidden_by_a_nothing() -> None:
    note = finding(severity=Severity.NOTICE)
    lines = first_lines(page_in("English", State.ACCEPTED, note))
    assert lines == [f"Your declaration is accepted. {NOTHING_TO_DO}", FOR_INFORMATION]
    told = text_in(page_in("English", State.ACCEPTED, note))
    assert "What to do" not in told
    assert "For your next declaration: Remedy of K10." in told


def test_what_was_read_is_shown_where_it_has_to_be_compared() -> None:
    read = ReadBack("Acme <b>Ltd.</b>", "A", (("Tin", 8), ("Gold", 3)), 12)
    told = text_in(page_in("Deutsch", State.ACCEPTED, finding("F20"), read_back=read))
    assert "Firma / CompanyAcme <b>Ltd.</b>" in told
    assert "Zinn / Tin: 8; Gold / Gold: 3" in told
    assert "Smelter List12" in told
    assert "What was read" not in text_in(page_in("Deutsch", State.ACCEPTED, finding("X01"), read_back=read))


def test_the_page_names_the_customer_where_it_is_known() -> None:
    assert "Asked for byNorthwind" in text_in(page_in("English", State.ACCEPTED, asked_by="Northwind"))
    assert "Asked for by" not in text_in(page_in("English", State.ACCEPTED))


@pytest.mark.parametrize("code", language_codes())
def test_an_old_workbook_is_told_in_both_languages_why_nothing_is_marked_and_what_to_send(code: str) -> None:
    reason = LEGACY_WORKBOOK.finding()
    told = text_in(page_in(DISPLAYED[code], State.NEEDS_CORRECTION, finding(), not_marked_up=reason))
    assert language(code).told(reason).message in told
    assert f"{reason.message} {reason.remedy}" in told
    assert ".xlsx" in language(code).told(reason).remedy


@pytest.mark.parametrize("code", language_codes())
def test_the_workbook_and_the_page_call_a_severity_the_same(code: str) -> None:
    texts = language(code)
    for severity in Severity:
        assert texts.workbook[severity] == texts.page[severity]
        assert getattr(ENGLISH, severity).lower() in {"please correct", "please check", "for information"}
    assert texts.page["error"] in texts.page["how_to_correct"]
    assert texts.page["notice"].casefold() in texts.page["for_information"].casefold()
