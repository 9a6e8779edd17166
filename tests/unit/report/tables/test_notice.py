"""What the team is told of a report: everything new, in words for people, and nothing that a mail could trip over."""

import copy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracelode.report.tables.notice import (
    SUBJECT_CHARACTERS,
    SUPPLIERS_NAMED_AT_MOST,
    PublishedRun,
    news,
    notice_of_report,
    subject_line,
)

FIGURES = {
    "vocabulary": "rmap",
    "suppliers": {"surveyed": 7, "responded": 6, "accepted": 5, "needs_correction": 1, "rejected": 0, "awaiting": 1},
    "smelters": {
        "total": 310,
        "conformant": 241,
        "active": 14,
        "indeterminable": 55,
        "indeterminable_at_risk": 4,
        "unidentified_lines": 2,
    },
}


def submission(supplier="acme", state="accepted", received="2017-03-01T08:00:00.000Z", **more):
    key = f"2016/{supplier}/CMRT of Jane Doe.xlsx"
    return {"kind": "submission", "key": key, "sha256": received, "received": received, "supplier_id": supplier,
            "state": state, **more}  # fmt: skip


def reference(name="smelter-list.csv", received="2017-03-02T08:00:00.000Z"):
    return {"kind": "reference", "key": f"2016/{name}", "sha256": "aa", "received": received, "name": name}


def edition(number, *inputs, **suppliers):
    figures = copy.deepcopy(FIGURES)
    figures["suppliers"].update(suppliers)
    return PublishedRun(f"{number:06}-0123456789ab", figures, inputs)


def told(before, now):
    return notice_of_report(2016, before, now, bucket="results")


def test_the_first_report_says_what_it_says():
    notice = told(None, edition(1, submission()))

    assert notice.subject == "2016 report 1"
    assert notice.text.startswith("There is a conflict minerals report for 2016 now: report 1.\n")
    assert "  Responses: 6 of 7\n" in notice.text
    assert "  Facilities: 310 facilities = 241 Conformant + 14 Active + 55 Indeterminable\n" in notice.text
    assert notice.text.endswith(
        "The report, run 000001-0123456789ab:\n  aws s3 sync s3://results/2016/latest/ latest/\n"
    )


def test_many_are_grouped_and_one_is_one():
    now = edition(1, submission(), surveyed=2000, responded=1400)
    now.figures["smelters"].update(total=1, conformant=1, active=0, indeterminable=0)

    text = told(None, now).text

    assert "  Responses: 1,400 of 2,000\n" in text
    assert "  Facilities: 1 facility = 1 Conformant + 0 Active + 0 Indeterminable\n" in text


def test_a_later_report_says_what_changed_and_only_that():
    notice = told(edition(1, submission()), edition(4, submission(), submission("beta"), responded=7))

    assert "What changed since report 1\n  Responses: 7 of 7 (before: 6 of 7)\n" in notice.text
    assert "Facilities" not in notice.text


def test_a_report_with_the_same_headline_says_so():
    notice = told(edition(11, submission()), edition(12, submission(), reference()))

    assert "Its headline figures are those of report 11." in notice.text
    assert "1 reference file of your own" in notice.text


def test_who_has_to_send_another_file_is_told_by_supplier_with_the_way_to_its_feedback():
    # GIVEN five files of four suppliers that came in since, and an old one that needs correction
    old = submission("old", "needs_correction")
    new = [
        submission("acme", received="2017-03-02T08:00:00.000Z"),
        submission("beta", "needs_correction"),
        submission("beta", "needs_correction", received="2017-03-02T09:00:00.000Z"),
        submission("gamma", "rejected"),
        submission("delta", "needs_correction"),
    ]
    # WHEN
    notice = told(edition(1, old), edition(2, old, *new))
    # THEN each is named once, in its state
    assert notice.subject == "2016 report 2, 3 suppliers to write to"
    assert "  could not be read (1): gamma\n  needs correction (2): beta, delta\n  accepted (1): acme\n" in notice.text
    assert "s3://results/2016/feedback/SUPPLIER/" in notice.text
    assert "old" not in notice.text


def test_nothing_but_the_suppliers_id_is_told_of_a_file():
    notice = told(None, edition(1, submission("acme", "rejected")))

    assert "Jane Doe" not in notice.subject + notice.text
    assert "CMRT" not in notice.text


def test_a_flood_of_suppliers_is_counted():
    new = [submission(f"s{number:03}", "rejected") for number in range(SUPPLIERS_NAMED_AT_MOST + 13)]
    notice = told(None, edition(1, *new))

    assert f"could not be read ({SUPPLIERS_NAMED_AT_MOST + 13}):" in notice.text
    assert "and 13 more" in " ".join(notice.text.split())
    assert max(map(len, notice.text.splitlines())) <= 78


def test_an_id_is_not_broken_at_its_hyphens():
    ids = [f"acme-connectors-{number:02}-gmbh" for number in range(20)]
    text = told(None, edition(1, *(submission(name) for name in ids))).text

    assert all(name in text for name in ids)


def test_figures_of_an_older_release_are_compared_as_far_as_they_go():
    before = edition(1)
    del before.figures["smelters"]["unidentified_lines"]
    notice = told(before, edition(2, responded=7))

    assert "Responses" in notice.text
    assert "Unidentified" not in notice.text


def test_news_know_when_the_newest_input_was_received_and_that_a_withdrawal_brings_none():
    one, two = submission(), reference()

    assert news(edition(1, one), edition(2, one, two)).newest_received == two["received"]
    assert news(edition(1, one, two), edition(2, one)).newest_received == ""


@given(st.text(max_size=300))
@example("report\r\nBcc: everybody@example.com")
@example("caf\u00e9 \u2028 \x00 \x7f")
@example("x" * 5000)
def test_a_subject_is_one_line_of_printable_ascii_of_bounded_length(text):
    line = subject_line(text)

    assert len(line) <= SUBJECT_CHARACTERS < 100
    assert all(" " <= character <= "~" for character in line)
    assert line == line.strip()


@pytest.mark.parametrize("text", ["2016 report 12, 3 suppliers to write to", "Tracelode production: 2016 report 1"])
def test_a_good_subject_stays_as_it_is(text):
    assert subject_line(text) == text
