"""House rules for alarms: nothing fails unseen, and every alarm says where to read on."""

import re

import pytest

from tracelode_local.template.translation import load

from .translated import TEMPLATE, TranslatedTemplate, resource_of

RUNBOOK = TEMPLATE.parent / "docs/RUNBOOK.md"
FUNCTIONS = ("Intake", "Reference", "Tally", "Publish")
"""Those that something is handed to, which they may fail on for good."""
ANCHOR = re.compile(r"See docs/RUNBOOK\.md#([a-z-]+)$")


def watched(template: TranslatedTemplate) -> set[tuple[str, str, str]]:
    """(metric, what, logical id or plain name) of every alarm."""
    return {
        (alarm["MetricName"], dimension["Name"], named(dimension["Value"]))
        for resource in template.of_type("AWS::CloudWatch::Alarm").values()
        for alarm in [resource["Properties"]]
        for dimension in alarm["Dimensions"]
    }


def named(value) -> str:
    return value if isinstance(value, str) else resource_of(value)


def anchors(template: TranslatedTemplate) -> dict[str, str]:
    alarms = template.of_type("AWS::CloudWatch::Alarm")
    found = {name: ANCHOR.search(alarm["Properties"]["AlarmDescription"]) for name, alarm in alarms.items()}
    return {name: match[1] if match else "" for name, match in found.items()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_errors_throttles_and_dead_letters_of_every_function_are_watched(template, name):
    assert {
        ("Errors", "FunctionName", f"{name}Function"),
        ("Throttles", "FunctionName", f"{name}Function"),
        ("ApproximateNumberOfMessagesVisible", "QueueName", f"{name}DeadLetterQueue"),
    } <= watched(template)


def test_reconcile_is_watched_for_all_that_it_may_find_and_has_nothing_to_give_up_on(template):
    names = {"ReconcileFunction", "ReconcileDeadLetterQueue", "reconcile"}
    assert {entry for entry in watched(template) if entry[2] in names} == {
        ("Errors", "FunctionName", "ReconcileFunction"),
        ("Throttles", "FunctionName", "ReconcileFunction"),
        ("Drift", "service", "reconcile"),
        ("UnrecordedUploads", "service", "reconcile"),
        ("NoticesNotSent", "service", "reconcile"),
    }


@pytest.mark.parametrize("name", ["ReconcileDriftAlarm", "UnrecordedUploadsAlarm"])
def test_a_single_group_that_drifted_or_upload_that_nobody_recorded_raises_the_alarm(template, name):
    alarm = template.properties(name)

    assert alarm["Namespace"] == {"Fn::Sub": "Tracelode/${AWS::StackName}"}
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 0)
    assert (alarm["ComparisonOperator"], alarm["EvaluationPeriods"]) == ("GreaterThanThreshold", 1)


@pytest.mark.parametrize("name", ["Intake", "Reference"])
def test_how_long_a_message_waits_is_watched(template, name):
    assert ("ApproximateAgeOfOldestMessage", "QueueName", f"{name}Queue") in watched(template)


@pytest.mark.parametrize("name", ["Tally", "Publish"])
def test_how_far_a_reader_lags_behind_the_stream_is_watched(template, name):
    assert ("IteratorAge", "FunctionName", f"{name}Function") in watched(template)


def test_a_single_dead_letter_raises_its_alarm_within_a_minute(template):
    alarms = [
        alarm["Properties"]
        for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    ]
    assert len(alarms) == 4
    for alarm in alarms:
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Statistic"]) == (60, 1, "Maximum")


@pytest.mark.parametrize(("settings", "topic"), [("template", "NoticeTopic"), ("full_template", "AlarmTopic")])
def test_silence_is_no_alarm_and_a_topic_hears_of_both_turns(request, settings, topic):
    for alarm in request.getfixturevalue(settings).of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching"
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": topic}]
        assert alarm["Properties"]["OKActions"] == [{"Ref": topic}]


def test_every_alarm_names_a_runbook_section_of_its_own(template):
    sections = list(anchors(template).values())

    assert all(sections)
    assert len(set(sections)) == len(sections)


def test_the_runbook_has_a_section_for_every_alarm(template):
    headings = re.findall(r"^#+ +(.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    sections = {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}

    assert set(anchors(template).values()) <= sections


def test_an_alarms_name_says_whose_it_is_and_what_because_it_is_the_subject_of_the_mail(template):
    for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items():
        section = anchors(template)[name].replace("-", " ")
        assert alarm["Properties"]["AlarmName"] == {"Fn::Sub": "${AWS::StackName}: " + section}


@pytest.mark.parametrize("part", ["Means", "Why", "Do", "Over when"])
def test_a_runbook_section_says_what_it_means_why_what_to_do_and_how_to_see_that_it_is_over(template, part):
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE))
    anchored = {title.lower().replace(" ", "-"): text for title, text in sections.items()}

    assert [anchor for anchor in anchors(template).values() if f"**{part}" not in anchored[anchor]] == []


def test_a_queue_stands_with_the_alarm_that_watches_it(template):
    # GIVEN what stands in the template as it is written, one after the other
    written = [name for name in load(TEMPLATE)["Resources"] if not name.endswith("QueuePolicy")]
    queues = {
        named(dimension["Value"]): name
        for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items()
        for dimension in alarm["Properties"]["Dimensions"]
        if dimension["Name"] == "QueueName"
    }

    # THEN each queue is watched, and nothing but its policy stands between it and its alarm
    assert set(queues) == set(template.of_type("AWS::SQS::Queue"))
    assert {queue: written[written.index(queue) + 1] for queue in queues} == queues
