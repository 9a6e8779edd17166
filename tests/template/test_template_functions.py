"""House rules for functions: what each has, and how it hears of its work."""

import json

from tracelode.ledger import keys

from .translated import TEMPLATE, TranslatedTemplate, resource_of

FIVE = {"IntakeFunction", "ReferenceFunction", "TallyFunction", "PublishFunction", "ReconcileFunction"}
QUEUE_FED = {"IntakeFunction": "IntakeQueue", "ReferenceFunction": "ReferenceQueue"}
TOGETHER = {"IntakeFunction": 1, "ReferenceFunction": 10}
"""Messages in an invocation: suppliers do not share the time and the memory of one, files of the team may."""
STREAM_FED = {"TallyFunction": "TallyDeadLetterQueue", "PublishFunction": "PublishDeadLetterQueue"}
SCHEDULED = "ReconcileFunction"
SMELTERS = keys.smelters("2017-03-14T08:00:00.000Z", "2016/acme/cmrt.xlsx", "v1", 1)


def patterns(template: TranslatedTemplate, function: str) -> list[dict]:
    (source,) = template.sources(function)
    return [json.loads(entry["Pattern"]) for entry in source["FilterCriteria"]["Filters"]]


def passes(pattern: dict, event_name: str, sort_key: str) -> bool:
    rules = pattern["dynamodb"]["Keys"]["sk"]["S"]
    fits = any(sort_key.startswith(rule["prefix"]) if isinstance(rule, dict) else sort_key == rule for rule in rules)
    return event_name in pattern["eventName"] and fits


def passing(template: TranslatedTemplate, function: str, sort_key: str, event_name: str = "MODIFY") -> bool:
    return any(passes(pattern, event_name, sort_key) for pattern in patterns(template, function))


def test_there_are_five_functions_each_in_the_folder_of_its_name(template):
    assert set(template.functions()) == FIVE
    for name, function in template.functions().items():
        folder = template.resources[name]["Metadata"]["LocalCodeUri"]
        assert folder == str(TEMPLATE.parent / "functions" / name.removesuffix("Function").lower())
        assert function["Handler"] == "app.handler"
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == [{"Ref": "Architecture"}]
        assert function["TracingConfig"] == {"Mode": "Active"}


def test_every_function_has_a_role_of_its_own(template):
    roles = [resource_of(function["Role"]) for function in template.functions().values()]

    assert len(set(roles)) == len(roles)
    for role in roles:
        assert "ManagedPolicyArns" not in template.properties(role)
        (trust,) = template.properties(role)["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_every_function_has_a_log_group_of_its_own_with_retention(template):
    groups = [resource_of(function["LoggingConfig"]["LogGroup"]) for function in template.functions().values()]

    assert len(set(groups)) == len(groups)
    for group in groups:
        assert template.properties(group)["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_every_function_states_timeout_and_memory(template):
    for name, function in template.functions().items():
        assert 0 < function["Timeout"] <= (900 if name == SCHEDULED else 300)
        assert 512 <= function["MemorySize"] <= 3008


def test_every_function_gets_exactly_the_variables_that_it_reads(template):
    table, inbox = {"Ref": "LedgerTable"}, {"Ref": "InboxBucket"}
    reference, results = {"Ref": "ReferenceBucket"}, {"Ref": "ResultsBucket"}
    telling = {"TOPIC_ARN": {"Ref": "NoticeTopic"}, "ENVIRONMENT_NAME": {"Ref": "EnvironmentName"}}
    own = {
        "IntakeFunction": {
            "TABLE_NAME": table,
            "INBOX_BUCKET": inbox,
            "REFERENCE_BUCKET": reference,
            "RESULTS_BUCKET": results,
        },
        "ReferenceFunction": {"TABLE_NAME": table, "REFERENCE_BUCKET": reference, "RESULTS_BUCKET": results},
        "TallyFunction": {"TABLE_NAME": table},
        "PublishFunction": {
            "TABLE_NAME": table,
            "REFERENCE_BUCKET": reference,
            "RESULTS_BUCKET": results,
            **telling,
        },
    }
    own["ReconcileFunction"] = {**own["IntakeFunction"], **telling, "INTAKE_QUEUE_URL": {"Ref": "IntakeQueue"}}
    own["IntakeFunction"] |= {"SCAN_UPLOADS": {"Ref": "ScanUploads"}}
    for name, function in template.functions().items():
        assert function["Environment"]["Variables"] == {
            "POWERTOOLS_METRICS_NAMESPACE": {"Fn::Sub": "Tracelode/${AWS::StackName}"},
            "POWERTOOLS_SERVICE_NAME": name.removesuffix("Function").lower(),
            "POWERTOOLS_LOG_LEVEL": "INFO",
            **own[name],
        }


def test_every_function_but_the_scheduled_one_is_fed_by_one_source_that_takes_partial_failures(template):
    assert template.sources(SCHEDULED) == []
    for name in FIVE - {SCHEDULED}:
        (source,) = template.sources(name)
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_queue_fed_functions_are_capped_at_the_source(template):
    for name, queue in QUEUE_FED.items():
        (source,) = template.sources(name)
        assert resource_of(source["EventSourceArn"]) == queue
        assert source["BatchSize"] == TOGETHER[name]
        assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= 1000
        assert "ReservedConcurrentExecutions" not in template.functions()[name]


def test_stream_fed_functions_give_up_into_their_dead_letter_queue(template):
    for name, dead_letters in STREAM_FED.items():
        (source,) = template.sources(name)
        assert source["EventSourceArn"] == {"Fn::GetAtt": ["LedgerTable", "StreamArn"]}
        assert source["StartingPosition"] == "TRIM_HORIZON"
        assert source["BisectBatchOnFunctionError"] is True
        assert 0 < source["MaximumRetryAttempts"] <= 100
        assert 0 < source["MaximumRecordAgeInSeconds"] < 24 * 3600
        assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": [dead_letters, "Arn"]}


def test_reconcile_is_swept_often_and_run_in_full_rarely_by_schedules_of_its_own(template):
    schedules = {
        schedule["Target"]["Input"]: schedule
        for schedule in (resource["Properties"] for resource in template.of_type("AWS::Scheduler::Schedule").values())
    }

    assert {event: schedule["ScheduleExpression"] for event, schedule in schedules.items()} == {
        '{"full": false}': {"Fn::Sub": "rate(${SweepMinutes} minutes)"},
        '{"full": true}': {"Fn::Sub": "rate(${ReconcileHours} hours)"},
    }
    for schedule in schedules.values():
        assert schedule["Target"]["Arn"] == {"Fn::GetAtt": [SCHEDULED, "Arn"]}
        assert "Name" not in schedule


def test_a_schedule_may_invoke_its_function_and_nothing_else(template):
    for resource in template.of_type("AWS::Scheduler::Schedule").values():
        role = template.properties(resource_of(resource["Properties"]["Target"]["RoleArn"]))
        ((statement,),) = (policy["PolicyDocument"]["Statement"] for policy in role["Policies"])
        assert (statement["Action"], statement["Effect"]) == ("lambda:InvokeFunction", "Allow")
        assert statement["Resource"] == {"Fn::GetAtt": [SCHEDULED, "Arn"]}


def test_a_failed_reconciliation_is_left_to_the_next(template):
    (settings,) = (resource["Properties"] for resource in template.of_type("AWS::Lambda::EventInvokeConfig").values())

    assert settings["FunctionName"] == {"Ref": SCHEDULED}
    assert settings["MaximumRetryAttempts"] == 0


def test_rates_are_of_several_units_because_one_would_need_the_singular(template):
    for name in ("SweepMinutes", "ReconcileHours"):
        parameter = template.document["Parameters"][name]
        assert 2 <= parameter["MinValue"] <= parameter["Default"] <= parameter["MaxValue"]


def test_no_more_readers_share_the_stream_than_a_shard_serves(template):
    readers = [
        mapping
        for mapping in template.of_type("AWS::Lambda::EventSourceMapping").values()
        if mapping["Properties"]["EventSourceArn"] == {"Fn::GetAtt": ["LedgerTable", "StreamArn"]}
    ]
    assert len(readers) <= 2


def test_the_tally_gathers_for_two_seconds_and_publish_for_the_window_that_is_a_parameter(template):
    (tally,), (publish,) = template.sources("TallyFunction"), template.sources("PublishFunction")

    assert (tally["BatchSize"], tally["MaximumBatchingWindowInSeconds"]) == (100, 2)
    assert (publish["BatchSize"], publish["MaximumBatchingWindowInSeconds"]) == (1000, {"Ref": "PublishWindowSeconds"})


def test_the_tally_hears_of_what_is_current_and_of_nothing_else(template):
    assert passing(template, "TallyFunction", keys.current("acme"), "INSERT")
    assert passing(template, "TallyFunction", keys.current("acme"), "MODIFY")
    for sort_key in (keys.PARTIAL, keys.SEAT, keys.SEATS, keys.VERIFIED, keys.CHANGED, keys.ANNOUNCED, SMELTERS):
        assert not passing(template, "TallyFunction", sort_key)
    assert not passing(template, "TallyFunction", keys.announced_again("2016/acme/cmrt.xlsx", "v1"), "INSERT")


def test_publish_hears_of_one_item_of_a_year_and_of_nothing_else(template):
    assert passing(template, "PublishFunction", keys.CHANGED, "INSERT")
    assert passing(template, "PublishFunction", keys.CHANGED, "MODIFY")
    # What it is made of lies in many partitions, and so in several shards: each would begin a publish of its own.
    snapshot = keys.snapshot("suppliers.csv", "2017-03-14T08:00:00.000Z", "2016/suppliers.csv", "v1")
    again = keys.announced_again("2016/acme/cmrt.xlsx", "v1")
    for sort_key in (keys.PARTIAL, keys.ANNOUNCED, keys.reference("suppliers.csv"), snapshot, again):
        assert not passing(template, "PublishFunction", sort_key, "INSERT")
    for sort_key in (keys.current("acme"), keys.SEAT, keys.SEATS, keys.VERIFIED, SMELTERS):
        assert not passing(template, "PublishFunction", sort_key)
