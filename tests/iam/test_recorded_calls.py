"""Least privilege, measured: what the functions did in a recorded run against what the template allows.

Why a grant is wider than one resource stands in tests/template/test_template_permissions.py; that it has to be is here.
"""

import copy

import pytest

from tests.iam.policies import Policies, held_against
from tests.iam.recording import Call
from tests.iam.rights import Right, UnlistedOperationError, needed, table_arn

TALLY = "tracelode-TallyFunction"
LEDGER = "tracelode-LedgerTable"


@pytest.fixture(scope="session")
def needs(policies, calls):
    """What every function needed, over the recorded run and for AWS's services."""
    return policies.needs(calls)


def test_every_function_was_seen_at_work(policies, calls):
    assert {call.function for call in calls if call.status in (200, 206)} == set(policies.granted)
    assert all(call.status for call in calls)


def test_nothing_is_used_that_is_not_allowed(policies, needs):
    assert "\n".join(held_against(policies.granted, needs).refused) == ""


def test_nothing_is_allowed_that_is_not_used(policies, needs):
    assert "\n".join(held_against(policies.granted, needs).unused) == ""


def test_no_pattern_stands_where_one_resource_would_do(policies, needs):
    assert "\n".join(held_against(policies.granted, needs).idle_wildcards) == ""


def test_each_right_taken_away_would_be_missed(policies, needs):
    # GIVEN each grant of each function, but for those that another test finds to be spare
    grants = {(name, grant) for name in policies.granted for grant in policies.granted[name]}
    used = {(name, grant) for name, grant in grants if any(grant.allows(right) for right in needs[name])}
    assert len(used) > 40
    for name, grant in sorted(used):
        # WHEN it is taken away
        fewer = {name: policies.granted[name] - {grant}}
        # THEN something that was done could no longer be done
        assert held_against(fewer, {name: needs[name]}).refused, (name, grant)


def test_a_right_too_many_in_the_template_is_found(translated, needs):
    # GIVEN
    more = copy.deepcopy(translated)
    statement(more, "TallyRole", "Recompute")["Action"].append("dynamodb:Scan")
    # WHEN
    unused = held_against(Policies(more).granted, needs).unused
    # THEN
    assert f"TallyFunction dynamodb:Scan {table_arn(LEDGER)}" in unused


def test_a_right_too_few_in_the_template_is_found(translated, needs):
    # GIVEN
    fewer = copy.deepcopy(translated)
    statement(fewer, "TallyRole", "Recompute")["Action"].remove("dynamodb:Query")
    # WHEN
    refused = held_against(Policies(fewer).granted, needs).refused
    # THEN
    assert refused == (f"TallyFunction dynamodb:Query {table_arn(LEDGER)}",)


def test_a_right_that_lambdas_poller_needs_is_not_forgotten(translated, needs):
    # GIVEN
    fewer = copy.deepcopy(translated)
    statement(fewer, "IntakeRole", "Receive")["Action"].remove("sqs:DeleteMessage")
    # WHEN
    refused = held_against(Policies(fewer).granted, needs).refused
    # THEN
    assert [line.split()[:2] for line in refused] == [["IntakeFunction", "sqs:DeleteMessage"]]


def test_a_pattern_that_only_ever_covers_one_resource_is_found(translated, needs):
    # GIVEN a table named by a pattern
    wider = copy.deepcopy(translated)
    statement(wider, "TallyRole", "Recompute")["Resource"] = f"{table_arn(LEDGER)}*"
    # WHEN
    idle = held_against(Policies(wider).granted, needs).idle_wildcards
    # THEN
    assert f"TallyFunction dynamodb:PutItem {table_arn(LEDGER)}*" in idle


@pytest.mark.parametrize(
    "call",
    [
        Call(TALLY, "dynamodb", "BatchWriteItem", {"RequestItems": {LEDGER: []}}),
        Call(TALLY, "dynamodb", "PutItem", {"TableName": "another-table"}),
        Call(TALLY, "dynamodb", "Query", {"TableName": LEDGER, "IndexName": "another-index"}),
        Call(TALLY, "s3", "GetObject", {"Bucket": "tracelode-results-local", "Key": "2016/latest.json"}),
    ],
)
def test_a_call_that_no_statement_allows_is_refused(policies, call):
    assert held_against(policies.granted, policies.needs([call])).refused


def test_a_call_whose_rights_nobody_has_written_down_is_told_by_name():
    with pytest.raises(UnlistedOperationError, match="TallyFunction calls s3 DeleteObject"):
        needed(Call(TALLY, "s3", "DeleteObject", {"Bucket": "any", "Key": "any"}))


@pytest.mark.parametrize(
    ("parameters", "status", "actions"),
    [
        ({}, 200, ["s3:GetObject"]),
        ({"VersionId": "v"}, 206, ["s3:GetObjectVersion"]),
        ({}, 404, ["s3:GetObject", "s3:ListBucket"]),
    ],
)
def test_what_reading_an_object_needs_depends_on_version_and_answer(parameters, status, actions):
    call = Call(TALLY, "s3", "GetObject", {"Bucket": "any", "Key": "a/b", **parameters}, status)

    assert [right.action for right in needed(call)] == actions


@pytest.mark.parametrize(
    ("pattern", "text", "covers"),
    [
        ("b/????/latest*", "b/2016/latest/index.html", True),
        ("b/????/latest*", "b/2016/runs/latest", False),
        ("b/????/latest*", "b/20160/latest", False),
        ("b/a.c", "b/abc", False),
        ("b/*", "b/", True),
    ],
)
def test_a_resource_pattern_means_what_iam_says(pattern, text, covers):
    assert Right("s3:GetObject", pattern).allows(Right("s3:getobject", text)) is covers


def statement(translated, role, sid):
    statements = translated["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    return next(entry for entry in statements if entry["Sid"] == sid)
