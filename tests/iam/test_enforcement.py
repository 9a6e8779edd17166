"""A second opinion on the S3 rights: the recorded calls again, under each function's role, with moto's IAM switched on.

moto's enforcement is used for S3 alone, and not where it is known to be wrong (moto 5.2):
- `?` in a resource is taken for a regular expression's: the years of the scenario are put in its place;
- HeadObject of a version is checked as s3:GetObject (S3 asks for s3:GetObjectVersion): left out;
- what is not there is answered 404 whether or not the role may list (S3 answers 403 without s3:ListBucket);
- for DynamoDB it matches `Resource: "*"` and nothing else.
"""

import json

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count

from tests.iam.policies import held_against
from tests.iam.recording import Call
from tests.runtime.scenario import YEARS
from tests.template.translated import as_list
from tracelode_local.cloud.account import ACCOUNT, REGION

YEARS_READ = (YEARS[0] - 1, *YEARS)
"""Publish looks at the year before each."""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def account(policies, monkeypatch):
    """moto with a role for each function and empty buckets; S3 clients by function, each under its role."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with mock_aws():
        iam, sts, s3 = boto3.client("iam"), boto3.client("sts"), boto3.client("s3")
        for kind in ("inbox", "reference", "results"):
            s3.create_bucket(Bucket=f"tracelode-{kind}-local")
        clients = {}
        for name, statements in policies.statements.items():
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
            document = {"Version": "2012-10-17", "Statement": [in_motos_words(statement) for statement in statements]}
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
            assumed = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}", RoleSessionName="one")
            key = assumed["Credentials"]
            clients[name] = boto3.client(
                "s3",
                aws_access_key_id=key["AccessKeyId"],
                aws_secret_access_key=key["SecretAccessKey"],
                aws_session_token=key["SessionToken"],
            )
        yield clients


def in_motos_words(statement):
    spelt = [
        resource.replace("????", str(year))
        for resource in as_list(statement["Resource"])
        for year in (YEARS_READ if "????" in resource else YEARS[:1])
    ]
    return {**statement, "Resource": spelt}


def kinds_of_s3_calls(calls):
    """One recorded call of each kind: by function, operation, bucket, place in the bucket, and with or without a
    version."""
    kinds = {}
    for call in calls:
        if call.service == "s3" and not (call.operation == "HeadObject" and "VersionId" in call.parameters):
            _, place, *_ = f"{call.parameters.get('Key', '')}/".split("/")
            kind = (call.function, call.operation, call.parameters["Bucket"], place, "VersionId" in call.parameters)
            kinds.setdefault(kind, call)
    return list(kinds.values())


def may(client, call):
    """Whether moto lets a role make the call; what the call then comes to does not matter."""
    parameters = {name: call.parameters[name] for name in ("Bucket", "Key", "VersionId") if name in call.parameters}
    try:
        getattr(client, xform_name(call.operation))(**parameters)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] != 403
    return True


def test_every_role_may_do_what_its_function_did_and_no_role_what_our_reading_denies(account, policies, calls):
    # GIVEN
    kinds = kinds_of_s3_calls(calls)
    assert len(kinds) >= 10
    answers, readings = {}, {}

    @set_initial_no_auth_action_count(0)
    def under_every_role():
        for number, call in enumerate(kinds):
            for name, client in account.items():
                # WHEN the call is made again under each of the roles
                answers[number, name] = may(client, call)
                theirs = Call(name, call.service, call.operation, call.parameters, 200)
                readings[number, name] = not _refused(policies, theirs)

    under_every_role()
    # THEN moto and our own reading of the policies agree on each, and everybody may do what it did
    assert {place for place in answers if answers[place] != readings[place]} == set()
    assert all(answers[number, call.function] for number, call in enumerate(kinds))
    assert not all(answers.values())


def _refused(policies, call):
    return held_against(policies.granted, policies.needs([call])).refused
