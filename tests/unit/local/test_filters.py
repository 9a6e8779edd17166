"""Lambda's event filtering."""

import pytest

from tracelode_local.delivery.filters import check, matches
from tracelode_local.template.intrinsics import UnresolvableError

RECORD = {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "CURRENT#acme"}}}}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"eventName": ["INSERT"]}, True),
        ({"eventName": ["MODIFY", "INSERT"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "CURRENT#"}]}}}}, True),
        ({"dynamodb": {"Keys": {"sk": {"S": ["CURRENT#"]}}}}, False),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"suffix": "acme"}]}}}}, True),
        ({"dynamodb": {"Keys": {"sk": {"N": ["1"]}}}}, False),
        ({"dynamodb": {"NewImage": {"state": {"S": ["x"]}}}}, False),
        ({"eventName": [{"anything-but": ["REMOVE"]}]}, True),
        ({"eventName": [{"anything-but": {"prefix": "INS"}}]}, False),
        ({"userIdentity": [{"exists": False}]}, True),
        ({"eventName": [{"exists": False}]}, False),
        ({"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": ["other"]}}}}, False),
    ],
)
def test_a_pattern_matches_as_lambda_would_have_it(pattern, expected):
    assert matches([pattern], RECORD) is expected


def test_one_matching_pattern_is_enough_and_none_at_all_lets_everything_through():
    assert matches([{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}], RECORD)
    assert matches([], RECORD)


@pytest.mark.parametrize(
    "pattern", [{"eventName": [{"numeric": [">", 1]}]}, {"a": "text"}, {"a": [{"prefix": "x", "exists": True}]}]
)
def test_a_comparison_that_is_not_known_is_refused_beforehand(pattern):
    with pytest.raises(UnresolvableError):
        check(pattern)
