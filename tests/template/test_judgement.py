"""What checkov and parliament say of the template is mended or accepted with a reason, and they do say something."""

import copy
import json
import re
import subprocess

import pytest

from tests.judgement import judge_template as judging

from .translated import ROOT

KINDS = {"Inbox": "AWS::S3::Bucket", "Results": "AWS::S3::Bucket", "Reader": "AWS::IAM::Role"}
LOGS = judging.Finding("CKV_1", "Inbox", "no logs")


def acceptance(check="CKV_1", *resources):
    return judging.Acceptance(check, resources, "because")


@pytest.fixture(scope="session")
def programs():
    if not (judging.PROGRAMS / "checkov").exists():
        pytest.skip("checkov and parliament are not installed (make .venv-checks/bin/checkov)")
    return judging.PROGRAMS


def test_a_finding_that_nobody_accepted_is_told():
    verdict = judging.judge([LOGS], [acceptance("CKV_2", "Inbox"), acceptance("CKV_1", "Results")], KINDS)

    assert verdict.unaccepted == ("CKV_1 Inbox: no logs",)


@pytest.mark.parametrize("resource", ["Inbox", "AWS::S3::Bucket"])
def test_a_finding_is_accepted_on_its_resource_or_on_all_of_its_type(resource):
    verdict = judging.judge([LOGS], [acceptance("CKV_1", resource)], KINDS)

    assert verdict == judging.Verdict((), ())


def test_what_is_accepted_and_found_no_more_is_told():
    verdict = judging.judge([LOGS], [acceptance("CKV_1", "Inbox", "Results"), acceptance("CKV_3", "Reader")], KINDS)

    assert verdict.needless == ("CKV_1 Results", "CKV_3 Reader")


def test_nothing_is_accepted_without_a_reason(tmp_path):
    # GIVEN
    assert all(len(entry.reason.split()) > 10 for entry in judging.acceptances())
    # WHEN
    path = tmp_path / "accepted.toml"
    path.write_text('[[accepted]]\ncheck = "CKV_1"\nresources = ["Inbox"]\nreason = " "\n')
    # THEN
    with pytest.raises(ValueError, match="CKV_1 is accepted without a reason"):
        judging.acceptances(path)


@pytest.mark.engine
def test_the_template_stands_up_to_both(programs, capsys):
    assert judging.main([str(programs)]) == 0, capsys.readouterr().out


@pytest.mark.engine
def test_a_bucket_that_is_opened_is_found(template, programs):
    # GIVEN
    open_bucket = copy.deepcopy(template.document)
    del open_bucket["Resources"]["InboxBucket"]["Properties"]["PublicAccessBlockConfiguration"]
    # WHEN
    more = set(judging.checkov(open_bucket, programs)) - set(judging.checkov(template.document, programs))
    # THEN
    assert {finding.resource for finding in more} == {"InboxBucket"}
    assert any("block public" in finding.text for finding in more)


@pytest.mark.engine
def test_a_misspelt_action_and_a_needless_star_are_found(template, programs):
    # GIVEN
    wrong = copy.deepcopy(template.document)
    (policy,) = wrong["Resources"]["TallyRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"] = [
        {"Effect": "Allow", "Action": ["sqs:SendMesage"], "Resource": {"Fn::GetAtt": ["TallyDeadLetterQueue", "Arn"]}},
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": "*"},
    ]
    # WHEN
    policies = {"TallyRole": judging.role_policies(wrong, {})["TallyRole"]}
    # THEN
    assert {finding.check for finding in judging.parliament(policies, programs)} == {
        "parliament UNKNOWN_ACTION",
        "parliament RESOURCE_STAR",
    }


@pytest.mark.engine
def test_the_bill_of_materials_names_what_is_deployed_and_is_the_same_twice(programs, tmp_path):
    # GIVEN
    lock = ROOT / "layers/dependencies/requirements.txt"
    # WHEN it is written twice, as by `make sbom`
    for name in ("one.json", "two.json"):
        command = [programs / "cyclonedx-py", "requirements", lock, "--output-reproducible", "--of", "JSON", "-o", name]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    # THEN
    one = (tmp_path / "one.json").read_bytes()
    listed = {(entry["name"], entry["version"]) for entry in json.loads(one)["components"]}
    assert listed == set(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock.read_text(), re.MULTILINE))
    assert one == (tmp_path / "two.json").read_bytes()


LOCKS = [ROOT / "layers/dependencies/requirements.txt", *sorted((ROOT / ".ci/requirements").glob("*.txt"))]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_lock_pins_by_version_and_hash_and_names_no_registry(lock):
    text = lock.read_text()
    entries = re.split(r"\n(?=[a-z])", re.sub(r"^ *#.*\n?", "", text, flags=re.MULTILINE).strip())

    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "index-url" not in text
