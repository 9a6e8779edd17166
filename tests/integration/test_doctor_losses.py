"""What the doctor says of a deployment that has lost things."""

from datetime import UTC, datetime

from tests.factories.deployment import deployed
from tracelode_console.desk.doctor.check import Outcome
from tracelode_console.desk.doctor.examine import examination, examine


def test_a_resource_that_is_gone_is_said_to_be_gone_by_one_check():
    with deployed() as stack:
        # GIVEN
        stack.clients.sqs.delete_queue(QueueUrl=stack.physical("ReferenceQueue"))
        stack.other("lambda").delete_function(FunctionName=stack.physical("TallyFunction"))
        stack.other("logs").delete_log_group(logGroupName=stack.physical("PublishLogGroup"))
        stack.other("cloudwatch").delete_alarms(AlarmNames=[stack.physical("IntakeErrorsAlarm")])
        # WHEN
        found = {
            (item.check, item.subject)
            for item in examine(examination(stack.installation, stack.template, year=2016, now=datetime.now(UTC)))
            if item.outcome is not Outcome.OK
        }
        # THEN
        assert found >= {
            ("queue-exists", "ReferenceQueue"),
            ("function-active", "TallyFunction"),
            ("log-retention", "PublishLogGroup"),
            ("alarm", "IntakeErrorsAlarm"),
        }
        assert ("queue-visibility", "ReferenceQueue") not in found
