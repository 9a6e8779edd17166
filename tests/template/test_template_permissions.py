"""Least privilege: what each function may do, in full. Whatever is not written here is not allowed."""

from typing import Any

from .translated import TranslatedTemplate, arn_text, as_list

TRACES = {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}


def log(function: str) -> set[tuple[str, str]]:
    return {(f"logs:{action}", f"{function}LogGroup.Arn") for action in ("CreateLogStream", "PutLogEvents")}


def queue(name: str) -> set[tuple[str, str]]:
    return {(f"sqs:{action}", f"{name}.Arn") for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")}


def ledger(*actions: str) -> set[tuple[str, str]]:
    return {(f"dynamodb:{action}", "LedgerTable.Arn") for action in actions}


def objects(path: str, *actions: str) -> set[tuple[str, str]]:
    return {(f"s3:{action}", path) for action in actions}


STREAM = {
    ("dynamodb:DescribeStream", "LedgerTable.StreamArn"),
    ("dynamodb:GetRecords", "LedgerTable.StreamArn"),
    ("dynamodb:GetShardIterator", "LedgerTable.StreamArn"),
    ("dynamodb:ListStreams", "${LedgerTable.Arn}/stream/*"),
}
ALLOWED = {
    "IntakeFunction": queue("IntakeQueue")
    | objects("${InboxBucket.Arn}/*", "GetObject", "GetObjectVersion")
    | objects("InboxBucket.Arn", "ListBucket")
    | objects("${ReferenceBucket.Arn}/????/*", "GetObjectVersion")
    | objects("ReferenceBucket.Arn", "ListBucket")
    | ledger("GetItem", "Query", "PutItem", "UpdateItem")
    | objects("${ResultsBucket.Arn}/????/feedback/*", "PutObject")
    | log("Intake")
    | TRACES,
    "ReferenceFunction": queue("ReferenceQueue")
    | objects("${ReferenceBucket.Arn}/*", "GetObject", "GetObjectVersion")
    | objects("ReferenceBucket.Arn", "ListBucket")
    | ledger("PutItem", "UpdateItem")
    | objects("${ResultsBucket.Arn}/????/reference/*", "GetObject", "PutObject")
    | objects("ResultsBucket.Arn", "ListBucket")
    | log("Reference")
    | TRACES,
    "TallyFunction": STREAM
    | {("sqs:SendMessage", "TallyDeadLetterQueue.Arn")}
    | ledger("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")
    | log("Tally")
    | TRACES,
    "PublishFunction": STREAM
    | {("sqs:SendMessage", "PublishDeadLetterQueue.Arn")}
    | ledger("GetItem", "BatchGetItem", "Query")
    | objects("${ReferenceBucket.Arn}/*", "GetObjectVersion")
    | objects("ReferenceBucket.Arn", "ListBucket")
    | objects("${ResultsBucket.Arn}/????/latest*", "GetObject", "PutObject")
    | objects("${ResultsBucket.Arn}/????/runs/*", "GetObject", "PutObject")
    | objects("${ResultsBucket.Arn}/????/frozen.json", "GetObject")
    | objects("ResultsBucket.Arn", "ListBucket")
    | {("sns:Publish", "NoticeTopic")}
    | log("Publish")
    | TRACES,
    "ReconcileFunction": ledger("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")
    | objects("InboxBucket.Arn", "ListBucketVersions")
    | {("sqs:SendMessage", "IntakeQueue.Arn")}
    | objects("${ReferenceBucket.Arn}/*", "GetObjectVersion")
    | objects("ReferenceBucket.Arn", "ListBucket")
    | objects("${ResultsBucket.Arn}/????/latest*", "GetObject", "PutObject")
    | objects("${ResultsBucket.Arn}/????/runs/*", "GetObject", "PutObject")
    | objects("${ResultsBucket.Arn}/????/frozen.json", "GetObject")
    | objects("ResultsBucket.Arn", "ListBucket")
    | {("sns:Publish", "NoticeTopic")}
    | log("Reconcile")
    | TRACES,
}
WIDE = {
    "*": "X-Ray's two actions know no resources",
    "${LedgerTable.Arn}/stream/*": "a table's streams are listed to find the one in use, whose ARN is not known before",
    "${InboxBucket.Arn}/*": "intake reads whatever any supplier sends",
    "${ReferenceBucket.Arn}/????/*": "the program profile of every year",
    "${ReferenceBucket.Arn}/*": "every reference file of every year is read",
    "${ResultsBucket.Arn}/????/feedback/*": "feedback goes to every supplier of every year",
    "${ResultsBucket.Arn}/????/reference/*": "answers go to every reference file of every year",
    "${ResultsBucket.Arn}/????/latest*": "the pointer latest.json and the folder latest/ of every year",
    "${ResultsBucket.Arn}/????/runs/*": "the runs of every year",
    "${ResultsBucket.Arn}/????/frozen.json": "which run of every year is the one to file",
}


def allowed(template: TranslatedTemplate, function: str) -> set[tuple[str, str]]:
    return {
        (action, arn_text(resource))
        for statement in template.statements(function)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def test_each_function_may_do_what_is_written_here_and_nothing_else(template):
    assert {name: allowed(template, name) for name in template.functions()} == ALLOWED


def test_every_statement_allows_named_actions_under_a_name(template):
    for function in template.functions():
        for statement in template.statements(function):
            assert statement["Effect"] == "Allow"
            assert statement["Sid"]
            assert not any("*" in action for action in as_list(statement["Action"]))
            assert not {"NotAction", "NotResource"} & set(statement)


def test_no_resource_is_wider_than_one_thing_without_a_reason(template):
    wide = {
        resource
        for function in template.functions()
        for _, resource in allowed(template, function)
        if "*" in resource or "?" in resource
    }
    assert wide == set(WIDE)


def test_nobody_but_its_bucket_and_reconcile_may_send_to_a_queue_that_is_read(template):
    read = {"IntakeQueue.Arn", "ReferenceQueue.Arn"}
    assert {
        name
        for name in template.functions()
        if {("sqs:SendMessage", queue) for queue in read} & allowed(template, name)
    } == {"ReconcileFunction"}
    senders: dict[str, Any] = {}
    for policy in template.of_type("AWS::SQS::QueuePolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
                assert statement["Action"] == "sqs:SendMessage"
                assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
                senders[arn_text(statement["Resource"])] = statement["Condition"]["ArnEquals"]["aws:SourceArn"]

    stack = {"Stack": {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}}
    assert senders == {
        "IntakeQueue.Arn": {"Fn::Sub": ["arn:${AWS::Partition}:s3:::tracelode-inbox-${Stack}", stack]},
        "ReferenceQueue.Arn": {"Fn::Sub": ["arn:${AWS::Partition}:s3:::tracelode-reference-${Stack}", stack]},
    }


def test_nobody_but_the_accounts_alarms_may_send_to_the_topic_and_nobody_without_tls(template):
    (policy,) = template.of_type("AWS::SNS::TopicPolicy").values()
    alarms, without_tls = policy["Properties"]["PolicyDocument"]["Statement"]

    assert (
        policy["Properties"]["Topics"] == [alarms["Resource"]] == [without_tls["Resource"]] == [{"Ref": "NoticeTopic"}]
    )
    assert (alarms["Effect"], alarms["Action"]) == ("Allow", "sns:Publish")
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert (without_tls["Effect"], without_tls["Principal"], without_tls["Action"]) == ("Deny", "*", "sns:Publish")
    assert without_tls["Condition"] == {"Bool": {"aws:SecureTransport": False}}


def test_an_address_is_subscribed_only_if_one_is_given(template, full_template):
    assert "NoticeSubscription" not in template.resources
    subscription = full_template.properties("NoticeSubscription")
    assert (subscription["Endpoint"], subscription["Protocol"]) == ({"Ref": "NotificationEmail"}, "email")
