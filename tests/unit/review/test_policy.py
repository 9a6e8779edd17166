"""What a program year makes of findings."""

from dataclasses import replace

from tests.factories.submissions import submission
from tracelode.findings import Severity
from tracelode.review.policy import FoundUnder, findings_under, state_under
from tracelode.smelters.status import Vocabulary
from tracelode.sources.program import Program
from tracelode.submission import State

PROGRAM = Program(year=2025, vocabulary=Vocabulary.RMAP)
WARNED = replace(submission(), rules={"X17": {"warning": 2}})
WRONG = replace(submission(), rules={"X17": {"warning": 1}, "K01": {"error": 1}})


def test_without_a_word_from_the_program_an_error_asks_for_a_correction() -> None:
    assert state_under(PROGRAM, WARNED) is State.ACCEPTED_WITH_REMARKS
    assert state_under(PROGRAM, WRONG) is State.NEEDS_CORRECTION


def test_the_program_can_make_an_error_of_a_warning_and_the_reverse() -> None:
    assert state_under(replace(PROGRAM, severities={"X17": Severity.ERROR}), WARNED) is State.NEEDS_CORRECTION
    assert state_under(replace(PROGRAM, severities={"K01": Severity.NOTICE}), WRONG) is State.ACCEPTED_WITH_REMARKS
    assert state_under(replace(PROGRAM, severities={"X17": Severity.NOTICE}), WARNED) is State.ACCEPTED


def test_the_program_can_switch_a_rule_off() -> None:
    assert state_under(replace(PROGRAM, severities={"K01": None}), WRONG) is State.ACCEPTED_WITH_REMARKS


def test_a_template_older_than_the_program_accepts_asks_for_a_correction() -> None:
    for minimum, expected in (("6.5", State.ACCEPTED), ("6.51", State.NEEDS_CORRECTION), ("", State.ACCEPTED)):
        assert state_under(replace(PROGRAM, minimum_cmrt_version=minimum), submission()) is expected


def test_the_program_can_make_an_old_template_a_mere_notice() -> None:
    lenient = replace(PROGRAM, minimum_cmrt_version="7.0", severities={"X26": Severity.NOTICE})
    assert state_under(lenient, submission()) is State.ACCEPTED


def test_what_could_not_be_read_stays_rejected() -> None:
    lenient = replace(PROGRAM, severities={"F03": None})
    assert state_under(lenient, submission(state=State.REJECTED)) is State.REJECTED


def test_findings_are_counted_by_what_they_weigh_in_the_program() -> None:
    program = replace(PROGRAM, severities={"X17": Severity.NOTICE, "K01": None})
    mixed = replace(submission(), rules={"X17": {"warning": 2, "error": 1, "notice": 0}, "K01": {"error": 1}})

    assert findings_under(program, mixed) == (FoundUnder("X17", Severity.NOTICE, 3),)


def test_an_old_template_is_counted_once_whatever_was_found_of_it() -> None:
    program = replace(PROGRAM, minimum_cmrt_version="7.0")
    old = replace(submission(), rules={"X26": {"warning": 1}})

    assert findings_under(program, old) == (FoundUnder("X26", Severity.ERROR, 1),)


def test_what_a_program_says_of_rules_is_not_said_of_what_could_not_be_read() -> None:
    unreadable = replace(submission(state=State.REJECTED), rules={"F03": {"error": 1}})

    assert findings_under(replace(PROGRAM, severities={"F03": None}), unreadable) == (
        FoundUnder("F03", Severity.ERROR, 1),
    )
