"""Checks on buckets and the table."""

from typing import Any, Final

from botocore.exceptions import ClientError

from tracelode_console.desk.doctor.check import OK, Check, Examination, Verdict, fail, held
from tracelode_console.desk.doctor.expected import Expected
from tracelode_console.desk.doctor.policies import held_against

BUCKET: Final = "AWS::S3::Bucket"
TABLE: Final = "AWS::DynamoDB::Table"
_NOT_SET: Final = frozenset(
    {
        "NoSuchBucketPolicy",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)


def _set(call: Any, **arguments: Any) -> Any:
    """What a call says, None where the bucket has no such setting."""
    try:
        return call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_SET:
            return None
        raise


def bucket_exists(examination: Examination, bucket: Expected) -> Verdict:
    """The bucket is there."""
    try:
        examination.service("s3").head_bucket(Bucket=bucket.physical)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
            return fail(f"there is no bucket {bucket.physical}")
        raise
    return OK


def versioning(examination: Examination, bucket: Expected) -> Verdict | None:
    """Every version is kept."""
    wanted = (bucket.properties or {}).get("VersioningConfiguration")
    if not wanted:
        return None
    status = examination.service("s3").get_bucket_versioning(Bucket=bucket.physical).get("Status", "never enabled")
    return OK if status == wanted["Status"] else fail(f"versioning is {status.lower()}")


def public_access(examination: Examination, bucket: Expected) -> Verdict | None:
    """Nobody outside the account can get in."""
    wanted = (bucket.properties or {}).get("PublicAccessBlockConfiguration")
    if not wanted:
        return None
    answer = _set(examination.service("s3").get_public_access_block, Bucket=bucket.physical)
    if answer is None:
        return fail("public access is not blocked")
    return held(answer["PublicAccessBlockConfiguration"], wanted)


def encryption(examination: Examination, bucket: Expected) -> Verdict | None:
    """What is stored is encrypted in the template's way."""
    wanted = (bucket.properties or {}).get("BucketEncryption")
    if not wanted:
        return None
    answer = _set(examination.service("s3").get_bucket_encryption, Bucket=bucket.physical)
    if answer is None:
        return fail("no encryption is set")
    (rule,) = answer["ServerSideEncryptionConfiguration"]["Rules"]
    (due,) = wanted["ServerSideEncryptionConfiguration"]
    return held(rule["ApplyServerSideEncryptionByDefault"], due["ServerSideEncryptionByDefault"], ("SSEAlgorithm",))


def ownership(examination: Examination, bucket: Expected) -> Verdict | None:
    """The account owns every object, whoever put it."""
    wanted = (bucket.properties or {}).get("OwnershipControls")
    if not wanted:
        return None
    answer = _set(examination.service("s3").get_bucket_ownership_controls, Bucket=bucket.physical)
    if answer is None:
        return fail("no ownership is set")
    return held(answer["OwnershipControls"]["Rules"][0], wanted["Rules"][0])


def lifecycle(examination: Examination, bucket: Expected) -> Verdict | None:
    """What nobody needs any more goes, and nothing else."""
    wanted = (bucket.properties or {}).get("LifecycleConfiguration")
    if not wanted:
        return None
    answer = _set(examination.service("s3").get_bucket_lifecycle_configuration, Bucket=bucket.physical)
    there = {rule.get("ID"): rule["Status"] for rule in (answer or {}).get("Rules", [])}
    due = {rule["Id"]: rule["Status"] for rule in wanted["Rules"]}
    extra = sorted(str(name) for name in set(there) - set(due))
    if extra:
        return fail(f"rules that the template does not have: {', '.join(extra)}")
    return held(there, due)


def notifications(examination: Examination, bucket: Expected) -> Verdict | None:
    """Uploads and deletions are told to the queue."""
    wanted = (bucket.properties or {}).get("NotificationConfiguration")
    if not wanted or examination.installation.local:
        return None
    answer = examination.service("s3").get_bucket_notification_configuration(Bucket=bucket.physical)
    there = {
        (entry["QueueArn"], event, _rules(entry.get("Filter", {}).get("Key", {}).get("FilterRules", [])))
        for entry in answer.get("QueueConfigurations", [])
        for event in entry["Events"]
    }
    due = {
        (entry["Queue"], entry["Event"], _rules(entry.get("Filter", {}).get("S3Key", {}).get("Rules", [])))
        for entry in wanted["QueueConfigurations"]
    }
    missing = [f"{event} to {queue.rpartition(':')[2]}" for queue, event, _ in sorted(due - there)]
    return fail(f"not told: {', '.join(missing)}") if missing else OK


def _rules(rules: list[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((rule["Name"].lower(), rule["Value"]) for rule in rules))


def bucket_policy(examination: Examination, policy: Expected) -> Verdict | None:
    """The bucket's policy is the template's."""
    properties = policy.properties or {}
    if not {"Bucket", "PolicyDocument"} <= set(properties):
        return None
    answer = _set(examination.service("s3").get_bucket_policy, Bucket=properties["Bucket"])
    return held_against(answer["Policy"] if answer else None, properties["PolicyDocument"])


def _table(examination: Examination, table: Expected) -> Any:
    return examination.answer("dynamodb", "describe_table", TableName=table.physical)["Table"]


def table_exists(examination: Examination, table: Expected) -> Verdict:
    """The table is there, with its keys."""
    try:
        there = _table(examination, table)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return fail(f"there is no table {table.physical}")
        raise
    if there["TableStatus"] not in ("ACTIVE", "UPDATING"):
        return fail(f"the table is {there['TableStatus'].lower()}")
    return held(there, table.properties or {}, ("KeySchema",))


def stream(examination: Examination, table: Expected) -> Verdict | None:
    """Every change is handed on."""
    wanted = (table.properties or {}).get("StreamSpecification")
    if not wanted:
        return None
    there = _table(examination, table).get("StreamSpecification", {})
    if not there.get("StreamEnabled"):
        return fail("the stream is off")
    return held(there, wanted, ("StreamViewType",))


def recovery(examination: Examination, table: Expected) -> Verdict | None:
    """The table can be restored to any second of the last 35 days."""
    wanted = (table.properties or {}).get("PointInTimeRecoverySpecification", {})
    if str(wanted.get("PointInTimeRecoveryEnabled")).lower() != "true":
        return None
    answer = examination.service("dynamodb").describe_continuous_backups(TableName=table.physical)
    recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    status = recovery.get("PointInTimeRecoveryStatus", "DISABLED")
    return OK if status == "ENABLED" else fail(f"point-in-time recovery is {status.lower()}")


_PUT_BACK: Final = "deploy again after taking the change back by hand, or: "
STORE_CHECKS: Final = (
    Check(
        "bucket-exists",
        BUCKET,
        "the bucket is there",
        "a bucket that was deleted takes its files with it; deploy under a new stack name and upload again, or restore "
        "the bucket from a backup",
        bucket_exists,
    ),
    Check(
        "bucket-versioning",
        BUCKET,
        "every version of a file is kept",
        "aws s3api put-bucket-versioning --bucket {id} --versioning-configuration Status=Enabled",
        versioning,
    ),
    Check(
        "bucket-private",
        BUCKET,
        "all public access is blocked",
        "aws s3api put-public-access-block --bucket {id} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        public_access,
        in_accounts_only=True,
    ),
    Check(
        "bucket-encryption",
        BUCKET,
        "what is stored is encrypted",
        "aws s3api put-bucket-encryption --bucket {id} --server-side-encryption-configuration "
        """'{{"Rules":[{{"ApplyServerSideEncryptionByDefault":{{"SSEAlgorithm":"AES256"}}}}]}}'""",
        encryption,
        in_accounts_only=True,
    ),
    Check(
        "bucket-ownership",
        BUCKET,
        "the account owns whatever is put into the bucket",
        "aws s3api put-bucket-ownership-controls --bucket {id} --ownership-controls "
        "'Rules=[{{ObjectOwnership=BucketOwnerEnforced}}]'",
        ownership,
        in_accounts_only=True,
    ),
    Check(
        "bucket-lifecycle",
        BUCKET,
        "the bucket's lifecycle rules are the template's",
        "compare `aws s3api get-bucket-lifecycle-configuration --bucket {id}` with {subject} in template.yaml; a rule "
        "too many can delete submissions",
        lifecycle,
        in_accounts_only=True,
    ),
    Check(
        "bucket-notifications",
        BUCKET,
        "uploads and deletions are told to the queue",
        "compare `aws s3api get-bucket-notification-configuration --bucket {id}` with {subject} in template.yaml and "
        "put it back; then let `tracelode redrive` and a sweep find what came in meanwhile, or upload it again",
        notifications,
        in_accounts_only=True,
    ),
    Check(
        "bucket-policy",
        "AWS::S3::BucketPolicy",
        "the bucket takes TLS only, and its policy allows nobody else",
        "aws s3api put-bucket-policy --bucket {id} --policy '{expected}'",
        bucket_policy,
        in_accounts_only=True,
    ),
    Check(
        "table-exists",
        TABLE,
        "the ledger is there with its keys and its index",
        "restore it to a point in time: docs/RUNBOOK.md, Make it all again",
        table_exists,
    ),
    Check(
        "table-stream",
        TABLE,
        "every change in the ledger is handed on",
        "aws dynamodb update-table --table-name {id} --stream-specification "
        "StreamEnabled=true,StreamViewType=KEYS_ONLY; the new stream has a new address, so deploy again afterwards",
        stream,
    ),
    Check(
        "table-recovery",
        TABLE,
        "the ledger can be restored to any second",
        "aws dynamodb update-continuous-backups --table-name {id} --point-in-time-recovery-specification "
        "PointInTimeRecoveryEnabled=true",
        recovery,
        in_accounts_only=True,
    ),
)
