"""What whoever deploys reads and types: samconfig.toml, parameters and outputs, and the pages on them."""

import re
import tomllib

import pytest

from tests.template.test_template_dashboard import written_by
from tracelode_local.template.stack import read_resources

from .translated import ROOT, TranslatedTemplate

DEPLOY = (ROOT / "docs/DEPLOY.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs/SECURITY.md").read_text(encoding="utf-8")
CONFIGURED = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def outputs(template: TranslatedTemplate) -> dict[str, str]:
    """The outputs of a local stack, as text."""
    resources = read_resources(template.document, {}, "http://localhost")
    return {
        name: resources.intrinsics.resolve(output["Value"]) for name, output in template.document["Outputs"].items()
    }


def test_every_parameter_has_a_default_and_a_description(template):
    for name, parameter in template.document["Parameters"].items():
        assert "Default" in parameter, name
        assert parameter["Description"][0].isupper(), name


def test_the_page_lists_every_parameter_with_its_default(template):
    listed = dict(re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`|none) \|", DEPLOY, re.MULTILINE))

    assert listed == {name: str(parameter["Default"]) for name, parameter in template.document["Parameters"].items()}


@pytest.mark.parametrize("environment", ["default", "test"])
def test_each_environment_can_be_deployed_by_one_command(template, environment):
    deploy = CONFIGURED[environment]["deploy"]["parameters"]

    assert deploy["capabilities"] == "CAPABILITY_IAM"
    assert not [
        resource for resource in template.of_type("AWS::IAM::Role").values() if "RoleName" in resource["Properties"]
    ]
    assert deploy["confirm_changeset"]
    assert deploy["resolve_s3"]
    assert CONFIGURED[environment]["global"]["parameters"]["stack_name"]
    overridden = dict(item.split("=") for item in deploy.get("parameter_overrides", "").split())
    assert set(overridden) <= set(template.document["Parameters"])


def test_no_two_environments_share_a_stack():
    names = [entry["global"]["parameters"]["stack_name"] for name, entry in CONFIGURED.items() if name != "version"]

    assert len(names) == len(set(names)) == 2


def test_an_output_is_what_the_next_step_needs_filled_in(outputs):
    assert outputs["UploadCommand"] == "aws s3 cp cmrt.xlsx s3://tracelode-inbox-local/YEAR/SUPPLIER_ID/cmrt.xlsx"
    assert outputs["ReferenceCommand"] == "aws s3 cp suppliers.csv s3://tracelode-reference-local/YEAR/suppliers.csv"
    assert outputs["DownloadCommand"] == "aws s3 sync s3://tracelode-results-local/YEAR/latest/ latest/"
    assert outputs["DashboardUrl"].startswith("https://us-east-1.console.aws.amazon.com/cloudwatch/")
    assert outputs["NoticeTopicArn"] == "arn:aws:sns:us-east-1:123456789012:tracelode-NoticeTopic"
    assert not [name for name, value in outputs.items() if "${" in value]


@pytest.mark.parametrize("page", ["DEPLOY.md", "RUNBOOK.md"])
def test_a_page_names_no_output_that_is_not_there(template, page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"OutputKey=='(\w+)'", text)) | set(re.findall(r"outputs? `(\w+)`", text))

    assert named
    assert named <= set(template.document["Outputs"])


def test_what_stays_after_a_removal_is_what_the_page_says(template):
    kept = {entry["Type"] for entry in template.resources.values() if entry.get("DeletionPolicy") == "Retain"}

    assert kept == {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SQS::Queue"}
    assert "**Buckets, table and queues stay**" in DEPLOY


def test_the_page_counts_the_alarms_and_metrics_that_cost(template):
    alarms, metrics = re.search(r"(\d+) alarms, 1 dashboard, (\d+) metrics", DEPLOY).groups()
    fixed = {
        "intake": ["Submissions_accepted", "Submissions_needs_correction", "Submissions_rejected",
                   "Submissions_withdrawn", "Findings"],
        "reference": ["ReferenceFiles_taken", "ReferenceFiles_refused"],
        "tally": ["GroupsTallied"],
        "publish": ["ReportsPublished", "NoticesNotSent", "PublishLag"],
        "reconcile": ["NoticesNotSent", "StaleGroups", "UnsettledSuppliers", "Drift", "UnrecordedUploads"],
    }  # fmt: skip
    for function, names in fixed.items():
        written = written_by(function)
        assert all(name in written or f"{name.partition('_')[0]}_" in written for name in names), function

    assert int(alarms) == len(template.of_type("AWS::CloudWatch::Alarm"))
    assert int(metrics) == sum(map(len, fixed.values()))


def test_every_threat_has_a_control_and_a_test_that_exists_or_says_that_it_has_none():
    rows = [line.split(" | ") for line in SECURITY.splitlines() if line.startswith("| ")]
    threats = [row for row in rows if row[0] not in ("| threat", "|---")]

    assert len(threats) >= 30
    for _, control, held in threats:
        tests = re.findall(r"`(tests/[\w/.]+)`", held)
        assert tests or "*not controlled" in control or "run it" in held, control
        assert not [test for test in tests if not (ROOT / test).exists()]


@pytest.mark.parametrize(
    "adversary", ["A hostile supplier", "A curious supplier", "A compromised function", "A careless insider"]
)
def test_each_adversary_has_a_section(adversary):
    assert f"\n## {adversary}\n" in SECURITY
