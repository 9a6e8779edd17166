"""How long the functions wait for AWS."""

import pytest

from tracelode.entry.resources import Resources

PATIENCE = 20
"""Seconds that publish has left for a topic that does not answer, after the largest report (docs/COST.md)."""


def test_a_topic_that_does_not_answer_uses_up_little_of_the_time_of_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    resources = Resources({"TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:notices"}, needs=())
    # WHEN
    its = resources._sns.meta.config
    # THEN
    tries = its.retries["total_max_attempts"]
    assert tries >= 2
    assert tries * (its.connect_timeout + its.read_timeout) <= PATIENCE
