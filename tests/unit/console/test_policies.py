"""Policies are compared by what they say, not by how they are written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracelode_console.desk.doctor.check import Outcome
from tracelode_console.desk.doctor.policies import held_against

DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["a", "b"],
    "Condition": {"Bool": {"tls": False}},
}
ALLOW = {"Sid": "Receive", "Effect": "Allow", "Action": ["sqs:A", "sqs:B", "sqs:C"], "Resource": "q"}
WANTED = {"Version": "2012-10-17", "Statement": [DENY, ALLOW]}


@given(st.permutations(WANTED["Statement"]), st.permutations(ALLOW["Action"]), st.booleans())
def test_order_names_and_single_values_in_lists_make_no_difference(statements, actions, as_text):
    spelt = {"ALLOW": {"Action": actions}, "DENY": {"Condition": {"Bool": {"tls": "false"}}}}
    rewritten = [{**item, "Sid": "Other", **spelt[item["Effect"].upper()]} for item in statements]
    policy = {"Statement": rewritten}
    assert held_against(json.dumps(policy) if as_text else policy, WANTED).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("statements", "outcome", "said"),
    [
        ([DENY], Outcome.FAIL, "Receive"),
        ([DENY, {**ALLOW, "Action": ["sqs:A", "sqs:B"]}], Outcome.FAIL, "Receive"),
        ([{**DENY, "Effect": "Allow"}, ALLOW], Outcome.FAIL, "s3:*"),
        ([{**DENY, "Condition": {"Bool": {"tls": True}}}, ALLOW], Outcome.FAIL, "s3:*"),
        ([DENY, ALLOW, {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}], Outcome.FAIL, "allows"),
        ([DENY, ALLOW, {"Effect": "Deny", "Action": "sqs:A", "Resource": "*"}], Outcome.WARN, "denies"),
        (DENY, Outcome.FAIL, "Receive"),
    ],
)
def test_what_is_missing_changed_or_too_much_is_named(statements, outcome, said):
    verdict = held_against({"Statement": statements}, WANTED)
    assert verdict.outcome is outcome
    assert said in verdict.found


def test_no_policy_at_all_fails_and_says_what_should_be_there():
    verdict = held_against(None, WANTED)
    assert verdict.outcome is Outcome.FAIL
    assert json.loads(verdict.expected) == WANTED
