"""CloudFormation's functions: what they give, and that what is not known is not guessed."""

import pytest

from tracelode_local.template.intrinsics import Intrinsics, UnresolvableError

TEMPLATE = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "test"},
        "Window": {"Type": "Number", "Default": 30},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
    },
    "Conditions": {
        "IsTest": {"Fn::Equals": [{"Ref": "Stage"}, "test"]},
        "IsProduction": {"Fn::Equals": [{"Ref": "Stage"}, "production"]},
        "Neither": {"Fn::Not": [{"Fn::Or": [{"Condition": "IsTest"}, {"Condition": "IsProduction"}]}]},
        "Both": {"Fn::And": [{"Condition": "IsTest"}, {"Condition": "IsProduction"}]},
    },
    "Mappings": {"Sizes": {"test": {"memory": 128}}},
}
ATTRIBUTES = {"Inbox": {"Ref": "the-inbox", "Arn": "arn:aws:s3:::the-inbox"}}


@pytest.fixture
def resolve():
    return Intrinsics(TEMPLATE, {}, ATTRIBUTES).resolve


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ({"Ref": "Stage"}, "test"),
        ({"Ref": "Inbox"}, "the-inbox"),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Fn::GetAtt": ["Inbox", "Arn"]}, "arn:aws:s3:::the-inbox"),
        ({"Fn::GetAtt": "Inbox.Arn"}, "arn:aws:s3:::the-inbox"),
        ({"Fn::Sub": "${Inbox.Arn}/${Stage}/${!Kept}"}, "arn:aws:s3:::the-inbox/test/${Kept}"),
        ({"Fn::Sub": ["${Name}-${Stage}", {"Name": {"Ref": "Inbox"}}]}, "the-inbox-test"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Window"}]]}, "a-30"),
        ({"Fn::Select": [2, {"Fn::Split": ["/", "a/b/c"]}]}, "c"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "memory"]}, 128),
        ({"Fn::If": ["IsTest", 1, 2]}, 1),
        ({"Fn::If": ["Neither", 1, 2]}, 2),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"a": {"Fn::If": ["IsTest", {"Ref": "AWS::NoValue"}, 2]}, "b": [{"Ref": "AWS::NoValue"}, 3]}, {"b": [3]}),
        ({"Fn::Equals": [True, "true"]}, True),
    ],
)
def test_a_value_is_what_cloudformation_makes_of_it(resolve, value, expected):
    assert resolve(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Nobody"},
        {"Fn::GetAtt": ["Inbox", "WebsiteURL"]},
        {"Fn::Sub": "${Nobody}"},
        {"Fn::ImportValue": "other-stack"},
        {"Fn::If": ["Undeclared", 1, 2]},
        {"Fn::FindInMap": ["Sizes", "production", "memory"]},
    ],
)
def test_what_is_not_known_fails_loudly(resolve, value):
    with pytest.raises(UnresolvableError):
        resolve(value)


def test_the_branch_not_taken_need_not_be_known(resolve):
    assert resolve({"Fn::If": ["IsTest", 1, {"Fn::ImportValue": "other"}]}) == 1


def test_a_given_parameter_wins_over_its_default():
    assert Intrinsics(TEMPLATE, {"Stage": "production"}, {}).condition("IsProduction")


def test_an_undeclared_or_missing_parameter_is_refused():
    with pytest.raises(UnresolvableError, match="Colour"):
        Intrinsics(TEMPLATE, {"Colour": "red"}, {})
    with pytest.raises(UnresolvableError, match="Topic"):
        Intrinsics({"Parameters": {"Topic": {"Type": "String"}}}, {}, {})
