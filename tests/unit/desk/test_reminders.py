"""Who is reminded, why, and with which text."""

import re
from datetime import date

import pytest

from tracelode.findings import Severity
from tracelode.reference.program import Program, Vocabulary
from tracelode_local.desk.reminders import FINDINGS_AT_MOST, Feedback, Reason, reason_of, reminder, weighed


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
