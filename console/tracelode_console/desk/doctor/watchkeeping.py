"""Checks on alarms and logs."""

from typing import Final

from tracelode_console.desk.doctor.check import OK, Check, Examination, Verdict, fail, held, warn
from tracelode_console.desk.doctor.expected import Expected

ALARM: Final = "AWS::CloudWatch::Alarm"


def alarm(examination: Examination, alarm: Expected) -> Verdict:
    """The alarm is there and silent."""
    answer = examination.service("cloudwatch").describe_alarms(AlarmNames=[alarm.physical])
    there = answer.get("MetricAlarms", []) + answer.get("CompositeAlarms", [])
    if not there:
        return fail("there is no such alarm")
    if there[0]["StateValue"] == "ALARM":
        return fail(f"it rings: {there[0].get('AlarmDescription', '')}")
    return OK if there[0].get("ActionsEnabled", True) else warn("it is there, and its actions are switched off")


def somebody_is_told(examination: Examination, alarm: Expected) -> Verdict | None:
    """The alarm tells somebody. Said of one alarm, because all of them follow the same parameter."""
    if alarm != examination.of_kind(ALARM)[0]:
        return None
    wanted = (alarm.properties or {}).get("AlarmActions")
    answer = examination.service("cloudwatch").describe_alarms(AlarmNames=[alarm.physical])
    there = [action for item in answer.get("MetricAlarms", []) for action in item.get("AlarmActions", [])]
    if wanted and set(wanted) - set(there):
        return fail("it does not tell the topic that the stack was given")
    return OK if there else warn("no alarm tells anybody")


def subscribed(examination: Examination, topic: Expected) -> Verdict:
    """Somebody reads the notices: an e-mail subscription counts once its confirmation was followed."""
    answer = examination.service("sns").list_subscriptions_by_topic(TopicArn=topic.physical)
    addresses = [item["SubscriptionArn"] for item in answer["Subscriptions"]]
    if not addresses:
        return warn("nobody has subscribed")
    waiting = sum(not address.startswith("arn:") for address in addresses)
    return warn(f"{waiting} of {len(addresses)} subscriptions wait for their confirmation") if waiting else OK


def log_retention(examination: Examination, group: Expected) -> Verdict:
    """Logs are kept for as long as the template says, and no longer."""
    answer = examination.service("logs").describe_log_groups(logGroupNamePrefix=group.physical)
    there = [found for found in answer["logGroups"] if found["logGroupName"] == group.physical]
    if not there:
        return fail("there is no such log group")
    wanted = {"retentionInDays": (group.properties or {}).get("RetentionInDays")}
    return held(there[0], wanted)


WATCH_CHECKS: Final = (
    Check("alarm", ALARM, "the alarm is there and silent", "docs/RUNBOOK.md has a section on each alarm", alarm),
    Check(
        "alarm-actions",
        ALARM,
        "alarms tell somebody",
        "sam deploy --parameter-overrides AlarmTopic=ARN for a topic of yours; with an empty AlarmTopic, alarms go to "
        "the stack's own, which NotificationEmail=ADDRESS subscribes to",
        somebody_is_told,
    ),
    Check(
        "notices-read",
        "AWS::SNS::Topic",
        "somebody gets the notices",
        "follow the link in AWS's e-mail of confirmation, or: aws sns subscribe --topic-arn {id} --protocol email "
        "--notification-endpoint ADDRESS",
        subscribed,
        in_accounts_only=True,
    ),
    Check(
        "log-retention",
        "AWS::Logs::LogGroup",
        "logs are kept for as long as the template says",
        "aws logs put-retention-policy --log-group-name {id} --retention-in-days DAYS",
        log_retention,
    ),
)
