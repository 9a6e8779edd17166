"""The dashboard shows what there is: every metric that it asks for is one that AWS or a function of ours writes."""

import ast
import json

import pytest

from tracelode_local.template.stack import read_resources

from .translated import ROOT

STEPS = ("1 Intake", "2 Tally", "3 Publish", "4 Reconcile")
AWS_METRICS = {
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "IteratorAge"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    "AWS/DynamoDB": {
        "ConsumedReadCapacityUnits",
        "ConsumedWriteCapacityUnits",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
    },
}


@pytest.fixture(scope="module")
def widgets(template):
    """The dashboard's widgets with every reference resolved."""
    resources = read_resources(template.document, {}, "http://localhost")
    body = resources.intrinsics.resolve(template.properties("Dashboard")["DashboardBody"])
    return json.loads(body)["widgets"]


def metrics(widget):
    """(namespace, metric, dimension, value) of each line, `.` spelt out as the value above it."""
    lines, above = [], []
    for *line, _ in widget["properties"]["metrics"]:
        above = [above[place] if value == "." else value for place, value in enumerate(line)]
        lines.append(tuple(above))
    return lines


def by_title(widgets):
    return {widget["properties"]["title"]: widget for widget in widgets if widget["type"] == "metric"}


def written_by(function):
    """The texts of a function's handler: among them the names of its metrics, or how they begin."""
    tree = ast.parse((ROOT / "functions" / function / "app.py").read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_flow_goes_from_left_to_right_and_counts_come_before_ages_before_errors(widgets):
    rows = {}
    for title, widget in by_title(widgets).items():
        if title.startswith(STEPS):
            rows.setdefault(widget["y"], []).append((widget["x"], title))

    assert len(rows) == 3
    for row in rows.values():
        assert [title[: len(step)] for (_, title), step in zip(sorted(row), STEPS, strict=True)] == list(STEPS)
    counts, ages, failures = (rows[y] for y in sorted(rows))
    assert all("failures" in title for _, title in failures)
    assert all("(s" in title or "(ms" in title for _, title in ages)
    assert not any("failures" in title or "(s" in title for _, title in counts)


def test_no_two_widgets_overlap(widgets):
    taken = [
        (x, y)
        for widget in widgets
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) == 23


def test_every_alarm_is_on_it(template, widgets):
    (shown,) = (widget for widget in widgets if widget["type"] == "alarm")

    assert len(shown["properties"]["alarms"]) == len(template.of_type("AWS::CloudWatch::Alarm"))


def test_every_metric_on_it_is_written_by_aws_or_by_the_function_that_it_names(template, widgets):
    functions = {f"tracelode-{name}" for name in template.functions()}
    for title, widget in by_title(widgets).items():
        for namespace, metric, dimension, value in metrics(widget):
            if namespace == "Tracelode/tracelode":
                assert dimension == "service"
                stem = metric.partition("_")[0]
                written = written_by(value)
                assert metric in written or f"{stem}_" in written, (title, metric)
            else:
                assert metric in AWS_METRICS[namespace], (title, metric)
                assert dimension != "FunctionName" or value in functions


def test_every_function_and_every_queue_of_dead_letters_is_on_it(template, widgets):
    values = {line[3] for widget in by_title(widgets).values() for line in metrics(widget)}

    assert {f"tracelode-{name}" for name in template.functions()} <= values
    assert {f"tracelode-{name}" for name in template.of_type("AWS::SQS::Queue")} <= values


def test_the_address_of_the_dashboard_is_an_output(template):
    assert "${Dashboard}" in template.document["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"]
