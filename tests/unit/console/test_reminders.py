"""Who is reminded, why, and with which text."""

import re
from datetime import date

import pytest

from tracelode.findings import Severity
from tracelode.smelters.status import Vocabulary
from tracelode.sources.program import Program
from tracelode_console.desk.choices import Reason
from tracelode_console.desk.reminders import FINDINGS_AT_MOST, Feedback, asked_of, reason_of, reminder, weighed


def row(**changes: str) -> dict[str, str]:
    return {
        "supplier_id": "acme",
        "name": "Acme",
        "in_scope": "yes",
        "on_roster": "yes",
        "state": "awaiting",
        "unidentified_lines": "0",
    } | changes


def finding(number: int = 1, **changes: str) -> dict[str, str]:
    return {
        "rule": "K10",
        "severity": "error",
        "sheet": "Declaration",
        "cell": f"D{number}",
        "found": "",
        "message": f"Point {number} is missing.",
        "remedy": "Fill it in.",
    } | changes


def text_for(reason: Reason, *feedback: Feedback, supplier: dict[str, str] | None = None, **changes) -> str:
    settings = {"year": 2016, "company": "Example Inc.", "due": None, "page": False} | changes
    return reminder(supplier or row(), reason, feedback, **settings).text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.AWAITING),
        ({"state": "rejected"}, Reason.REJECTED),
        ({"state": "needs_correction", "unidentified_lines": "3"}, Reason.NEEDS_CORRECTION),
        ({"state": "accepted", "unidentified_lines": "3"}, Reason.SMELTERS),
        ({"state": "accepted"}, None),
        ({"in_scope": "no"}, None),
        ({"on_roster": "no"}, None),
    ],
)
def test_who_is_reminded_follows_from_the_row(changes, reason):
    assert reason_of(row(**changes)) == reason


def test_a_correction_names_every_error_with_its_place_and_what_to_do():
    # GIVEN
    feedback = Feedback("cmrt.xlsx", [finding(1), finding(2), finding(3, severity="warning")], "https://link")
    # WHEN
    text = text_for(Reason.NEEDS_CORRECTION, feedback, due=date(2017, 3, 31), page=True)
    # THEN
    assert "In cmrt.xlsx:" in text
    assert "Declaration!D1: Point 1 is missing. Fill it in." in text
    assert "Point 3" not in text
    assert "by March 31, 2017" in text
    assert "https://link" in text
    assert "attached page" in text


def test_findings_weigh_what_the_program_of_today_says():
    # GIVEN findings that were stored before the program made an error of one rule and switched another off
    stored = [finding(1, rule="X45", severity="warning"), finding(2, rule="X17"), finding(3)]
    program = Program(2016, Vocabulary.RMAP, severities={"X45": Severity.ERROR, "X17": None})
    # WHEN
    text = text_for(Reason.NEEDS_CORRECTION, Feedback("cmrt.xlsx", weighed(stored, program), ""))
    # THEN
    assert [number for number in (1, 2, 3) if f"Point {number}" in text] == [1, 3]


def test_a_long_list_is_cut_and_says_so():
    feedback = Feedback("cmrt.xlsx", [finding(number) for number in range(FINDINGS_AT_MOST + 5)], "")
    text = text_for(Reason.NEEDS_CORRECTION, feedback)
    assert text.count("is missing") == FINDINGS_AT_MOST
    assert "and 5 more" in text


def test_nothing_is_said_of_findings_to_one_who_sent_nothing():
    text = text_for(Reason.AWAITING, Feedback("old.xlsx", [finding()], ""))
    assert "old.xlsx" not in text
    assert "nothing has arrived" in " ".join(text.split())


def test_no_name_and_no_cell_can_become_a_header_or_a_line():
    # GIVEN names and cells with line breaks, header names and marks that turn text around
    evil = "x\r\nBcc: everybody@example.com\u202e"
    feedback = Feedback(evil, [finding(found=evil, sheet=evil, message=evil)], "")
    # WHEN
    text = text_for(Reason.NEEDS_CORRECTION, feedback, supplier=row(name=evil), company=evil)
    # THEN
    assert not [line for line in text.splitlines() if re.match(r"\s*bcc:", line, re.IGNORECASE)]
    assert text.count("Subject:") == 1
    assert text.startswith("Subject: ")
    assert "\u202e" not in text
    assert "\r" not in text


def test_no_address_of_anybody_is_in_a_text():
    text = text_for(Reason.AWAITING, supplier=row(contact_email="jane@example.com"))
    assert "jane@" not in text


def test_a_list_that_was_copied_is_chased_although_it_is_accepted():
    # GIVEN an accepted supplier whose list is the template's, and no line that nobody knows
    copied = finding(rule="X39", severity="warning", sheet="Smelter List", cell="A5", message="The list names all.")
    others = [finding(number, severity="warning") for number in range(FINDINGS_AT_MOST + 5)]
    told = Feedback("cmrt.xlsx", [*others, copied], "", copied=True)
    accepted = row(state="accepted", facilities="349", warnings="19")
    # THEN it is asked for its own list, and for nothing else
    assert asked_of(accepted)
    assert reason_of(accepted, [told]) is Reason.COPIED_LIST
    text = text_for(Reason.COPIED_LIST, told, supplier=accepted)
    assert "names every smelter that the template knows" in " ".join(text.split())
    assert "Smelter List!A5: The list names all." in text
    assert "is missing" not in text
    # AND a list of that size that is the supplier's own is left alone
    assert reason_of(accepted, [Feedback("cmrt.xlsx", others, "")]) is None
    assert not asked_of(row(state="accepted", facilities="349", warnings="0"))


def test_a_copied_list_comes_first_also_among_corrections():
    copied = finding(rule="X39", severity="warning", sheet="Smelter List", cell="A5", message="The list names all.")
    text = text_for(Reason.NEEDS_CORRECTION, Feedback("cmrt.xlsx", [finding(1), copied], "", copied=True))
    assert text.index("The list names all.") < text.index("Point 1")


def test_lines_that_say_that_a_smelter_is_not_yet_identified_are_not_chased():
    told = Feedback("cmrt.xlsx", [], "", not_yet_identified=3)
    assert reason_of(row(state="accepted", unidentified_lines="3"), [told]) is None
    assert reason_of(row(state="accepted", unidentified_lines="5"), [told]) is Reason.SMELTERS
    text = text_for(Reason.SMELTERS, told, supplier=row(state="accepted", unidentified_lines="5"))
    assert "On 2 lines" in text


def test_smelters_may_be_answered_as_the_page_says():
    text = " ".join(text_for(Reason.SMELTERS, supplier=row(unidentified_lines="1"), due=date(2017, 1, 31)).split())
    assert "It is accepted." in text
    assert "correct the workbook and send it again, or write to us" in text
    assert "with your next declaration" in text
    assert "Please send the whole file again" not in text


def test_the_cause_comes_before_what_is_missing_because_of_it():
    # GIVEN more missing answers than a text names, and their cause last
    words = {"metal": "Tungsten"}
    missing = [finding(30 + n, rule="K21", words={**words, "number": str(n)}) for n in range(3, 9)]
    missing += [finding(100 + n, words={}) for n in range(FINDINGS_AT_MOST)]
    cause = finding(29, rule="X04", words={**words, "question": "1"}, message="The answer is no choice.")
    text = " ".join(text_for(Reason.NEEDS_CORRECTION, Feedback("cmrt.xlsx", [*missing, cause], "")).split())
    # THEN it comes first, with the others in its line
    assert text.index("Declaration!D29: The answer is no choice.") < text.index("Point 100")
    assert "may then not be needed: D33, D34, D35, D36, D37, D38." in text
    assert "and 1 more" in text


def test_a_template_that_is_too_old_is_not_to_be_corrected():
    old = finding(rule="F12", severity="warning", message="The template is too old.")
    text = " ".join(text_for(Reason.NEEDS_CORRECTION, Feedback("cmrt.xlsx", [finding(2), old], "")).split())
    assert "put your answers into the current one" in text
    assert text.index("The template is too old.") < text.index("Point 2")
    assert "Please correct the points below" not in text


def test_feedback_of_an_earlier_release_is_told_without_its_words():
    assert "Point 1 is missing." in text_for(Reason.NEEDS_CORRECTION, Feedback("cmrt.xlsx", [finding(1)], ""))
