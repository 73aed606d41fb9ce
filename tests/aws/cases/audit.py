"""Repairs of what is recorded: CloudTrail, CloudWatch and AWS Config.

What is to be told, delivered to or encrypted with is the operator's. Where the stack is not told, its cases expect
that it is left to a person; with these it is done:

    AuditTopicArn=arn:aws:sns:{region}:{account}:audit
    TrailKeyArn=arn:aws:kms:{region}:{account}:key/audit
    TrailLogGroupArn=arn:aws:logs:{region}:{account}:log-group:audit
    TrailLogRoleArn=arn:aws:iam::{account}:role/audit
"""

from __future__ import annotations

import threading
from typing import Any

from cases import REGION, Aws, Shape, case

# Every Region sees the trails that record all of them: who has one has it alone.
EVERYWHERE = threading.Lock()


def given(aws: Aws, variable: str) -> str:
    """What the function is told by this variable of its environment, at this place."""
    lambdas = aws._stack.client("lambda", REGION, platform=True)  # noqa: SLF001
    functions = lambdas.get_paginator("list_functions").paginate()
    found = [one for page in functions for one in page["Functions"] if "audit" in one["FunctionName"].lower()]
    text = str(found[0].get("Environment", {}).get("Variables", {}).get(variable, ""))
    return text.replace("{account}", aws.account).replace("{region}", aws.region)


def account(aws: Aws) -> str:
    return f"AWS::::Account:{aws.account}"


def untouched(aws: Aws, resource: str, command: str) -> None:
    """It is left to a person, who is told how."""
    record = aws.mend(resource, outcome="held")
    assert command in " ".join(record["make"]), record


def trail(aws: Aws, **more: Any) -> tuple[str, Any]:
    """A trail's ARN, and what it looks like now."""
    client = aws.client("cloudtrail")
    made = client.create_trail(Name=aws.name, S3BucketName="trails", TagsList=aws.tags, **more)

    def now() -> Shape:
        return dict(client.get_trail(Name=aws.name)["Trail"])

    return made["TrailARN"], now


@case("audit/validate_trail", "CloudTrail.4")
def a_trail_without_digests_gets_them(aws: Aws) -> None:
    arn, now = trail(aws)
    before = now()
    record = aws.mend(arn)
    assert now() == {**before, "LogFileValidationEnabled": True}
    aws.undo(record)
    assert now() == before
    assert aws.client("cloudtrail").get_trail_status(Name=arn)["IsLogging"] is False


@case("audit/validate_trail", "CloudTrail.4")
def an_organizations_trail_is_left_to_a_person(aws: Aws) -> None:
    arn, now = trail(aws, IsOrganizationTrail=True)
    untouched(aws, arn, "--enable-log-file-validation")
    assert not now()["LogFileValidationEnabled"]


@case("audit/deliver_trail", "CloudTrail.5")
def a_trail_delivers_to_the_operators_log_group(aws: Aws) -> None:
    arn, now = trail(aws)
    before, group = now(), given(aws, "TRAIL_LOG_GROUP_ARN")
    if not group:
        untouched(aws, arn, "--cloud-watch-logs-log-group-arn")
        assert now() == before
        return
    record = aws.mend(arn)
    role = given(aws, "TRAIL_LOG_ROLE_ARN")
    assert now() == {**before, "CloudWatchLogsLogGroupArn": f"{group}:*", "CloudWatchLogsRoleArn": role}
    aws.undo(record)
    assert not now()["CloudWatchLogsLogGroupArn"]


@case("audit/deliver_trail", "CloudTrail.5")
def a_trail_that_delivers_keeps_its_log_group(aws: Aws) -> None:
    group = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:own:*"
    arn, now = trail(aws, CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn="arn:aws:iam::1:role/own")
    aws.mend(arn, outcome="right")
    assert now()["CloudWatchLogsLogGroupArn"] == group


@case("audit/encrypt_trail", "CloudTrail.2")
def a_trail_is_encrypted_with_the_operators_key_once_a_person_agrees(aws: Aws) -> None:
    arn, now = trail(aws)
    before, key = now(), given(aws, "TRAIL_KEY_ARN")
    if not key:
        untouched(aws, arn, "aws kms create-key")
        assert now() == before
        return
    record = aws.mend(arn, outcome="held")
    assert now() == before
    done = aws.approve(record)
    assert now() == {**before, "KmsKeyId": key}
    aws.undo(done)
    assert not now()["KmsKeyId"]


@case("audit/encrypt_event_store", "CloudTrail.10")
def an_event_data_store_is_encrypted_once_a_person_agrees(aws: Aws) -> None:
    client = aws.client("cloudtrail")
    arn = client.create_event_data_store(Name=aws.name, TagsList=aws.tags)["EventDataStoreArn"]

    def key_of_store() -> str:
        return str(client.get_event_data_store(EventDataStore=arn).get("KmsKeyId", ""))

    record = aws.mend(arn, outcome="held")
    assert key_of_store() == ""
    if key := given(aws, "TRAIL_KEY_ARN"):
        aws.approve(record)
        assert key_of_store() == key


@case("audit/record_calls", "CloudTrail.1", region="eu-central-1")
def a_stopped_trail_of_one_region_records_all_of_them_once_a_person_agrees(aws: Aws) -> None:
    client = aws.client("cloudtrail")
    with EVERYWHERE:
        arn, now = trail(aws, IsMultiRegionTrail=False, IncludeGlobalServiceEvents=False)

        def is_logging() -> bool:
            return bool(client.get_trail_status(Name=arn)["IsLogging"])

        before = now()
        record = aws.mend(account(aws), outcome="held")
        assert now() == before
        done = aws.approve(record)
        assert now() == {**before, "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True}
        assert is_logging()
        aws.undo(done)
        assert now() == before
        assert not is_logging()
        client.delete_trail(Name=arn)


@case("audit/record_calls", "CloudTrail.3", region="eu-central-2")
def without_a_trail_none_is_made(aws: Aws) -> None:
    with EVERYWHERE:
        untouched(aws, account(aws), "aws cloudtrail create-trail")
        assert aws.client("cloudtrail").describe_trails()["trailList"] == []


@case("audit/keep_logs", "CloudWatch.16")
def logs_are_kept_for_as_long_as_the_control_asks(aws: Aws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=f"/{aws.name}", tags=aws.tag_map)
    logs.put_retention_policy(logGroupName=f"/{aws.name}", retentionInDays=7)

    def days() -> int:
        return int(logs.describe_log_groups(logGroupNamePrefix=f"/{aws.name}")["logGroups"][0]["retentionInDays"])

    arn = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:/{aws.name}"
    record = aws.mend(arn)
    assert days() == 365
    longer = aws.mend(f"{arn}:*", parameters={"minRetentionTime": ["400"]})
    assert days() == 400
    aws.mend(arn, outcome="right")
    assert days() == 400
    aws.undo(longer)
    assert days() == 365
    aws.undo(record)
    assert days() == 7


def alarm(aws: Aws, **more: Any) -> tuple[str, Any]:
    """An alarm's ARN, and what it looks like now."""
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=aws.name,
        AlarmDescription="it is slow",
        MetricName="Latency",
        Namespace="Shop",
        Statistic="Maximum",
        Dimensions=[{"Name": "Service", "Value": "shop"}],
        Period=60,
        EvaluationPeriods=5,
        DatapointsToAlarm=3,
        Threshold=2.5,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="ignore",
        Tags=aws.tags,
        **{"ActionsEnabled": True, **more},
    )

    def now() -> Shape:
        found = cloudwatch.describe_alarms(AlarmNames=[aws.name])["MetricAlarms"][0]
        return {name: value for name, value in found.items() if not name.endswith("Timestamp")}

    return now()["AlarmArn"], now


TOPIC = f"arn:aws:sns:{REGION}:111122223333:ops"


@case("audit/enable_alarm", "CloudWatch.17")
def an_alarm_that_was_muted_tells_again(aws: Aws) -> None:
    arn, now = alarm(aws, ActionsEnabled=False, AlarmActions=[TOPIC])
    before = now()
    record = aws.mend(arn)
    assert now() == {**before, "ActionsEnabled": True}
    aws.undo(record)
    assert now() == before


@case("audit/enable_alarm", "CloudWatch.17")
def an_alarm_that_stops_instances_is_turned_on_once_a_person_agrees(aws: Aws) -> None:
    arn, now = alarm(aws, ActionsEnabled=False, AlarmActions=[f"arn:aws:automate:{aws.region}:ec2:stop"])
    record = aws.mend(arn, outcome="held")
    assert now()["ActionsEnabled"] is False
    aws.approve(record)
    assert now()["ActionsEnabled"] is True


@case("audit/notify_by_alarm", "CloudWatch.15")
def an_alarm_that_does_nothing_tells_the_operators_topic(aws: Aws) -> None:
    arn, now = alarm(aws, OKActions=[TOPIC])
    before, topic = now(), given(aws, "AUDIT_TOPIC_ARN")
    if not topic:
        untouched(aws, arn, "aws cloudwatch put-metric-alarm")
        assert now() == before
        return
    record = aws.mend(arn)
    assert now() == {**before, "AlarmActions": [topic]}
    aws.undo(record)
    assert now() == before


@case("audit/notify_by_alarm", "CloudWatch.15")
def what_an_alarm_does_already_is_kept(aws: Aws) -> None:
    arn, now = alarm(aws, AlarmActions=[TOPIC])
    aws.mend(arn, outcome="right")
    assert now()["AlarmActions"] == [TOPIC]


@case("audit/watch_account", "CloudWatch.1", region="eu-north-1")
def the_use_of_the_root_user_is_watched(aws: Aws) -> None:
    logs, cloudwatch, trails = aws.client("logs"), aws.client("cloudwatch"), aws.client("cloudtrail")
    logs.create_log_group(logGroupName=aws.name, tags=aws.tag_map)
    logs.put_metric_filter(
        logGroupName=aws.name,
        filterName="own",
        filterPattern="{ $.eventName = Own }",
        metricTransformations=[{"metricName": "Own", "metricNamespace": "Own", "metricValue": "1"}],
    )

    def filters() -> list[str]:
        return [one["filterName"] for one in logs.describe_metric_filters(logGroupName=aws.name)["metricFilters"]]

    def alarms() -> list[Shape]:
        return list(cloudwatch.describe_alarms(AlarmNamePrefix="kintsugi-watch-")["MetricAlarms"])

    topic = given(aws, "AUDIT_TOPIC_ARN")
    group = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:{aws.name}:*"
    with EVERYWHERE:
        arn, _ = trail(
            aws,
            IsMultiRegionTrail=True,
            CloudWatchLogsLogGroupArn=group,
            CloudWatchLogsRoleArn="arn:aws:iam::111122223333:role/own",
        )
        trails.start_logging(Name=arn)
        if not topic:
            untouched(aws, account(aws), "aws logs put-metric-filter")
            assert (filters(), alarms()) == (["own"], [])
        else:
            record = aws.mend(account(aws))
            assert filters() == ["own", "kintsugi-watch-root-use"]
            [made] = alarms()
            assert made["AlarmActions"] == [topic]
            assert (made["MetricName"], made["Namespace"]) == ("kintsugi-watch-root-use", "LogMetrics")
            aws.mend(account(aws), outcome="right")
            aws.mend(account(aws), control="CloudWatch.5")
            assert len(alarms()) == 2
            aws.undo(record)
            assert filters() == ["own", "kintsugi-watch-trail-changes"]
            assert [one["AlarmName"] for one in alarms()] == ["kintsugi-watch-trail-changes"]
        trails.delete_trail(Name=arn)


@case("audit/watch_account", "CloudWatch.2", region="eu-south-1")
def without_a_trail_there_is_nothing_to_watch(aws: Aws) -> None:
    with EVERYWHERE:
        record = aws.mend(account(aws), outcome="held")
    assert "CloudTrail.5" in str(record["left"]), record["left"]


def recorder(aws: Aws, tags: list[dict[str, str]]) -> Any:
    """A recorder that is stopped, and whether it records now."""
    config = aws.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": f"arn:aws:iam::{aws.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        },
        Tags=tags,
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config"})

    def records() -> bool:
        status = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
        return bool(status[0]["recording"])

    return records


@case("audit/start_recorder", "Config.1", region="eu-west-3")
def a_recorder_that_was_stopped_is_started_once_a_person_agrees(aws: Aws) -> None:
    records = recorder(aws, aws.tags)
    record = aws.mend(account(aws), outcome="held")
    assert not records()
    done = aws.approve(record)
    assert records()
    aws.undo(done)
    assert not records()


@case("audit/start_recorder", "Config.1", region="eu-west-2")
def where_there_is_no_recorder_none_is_made(aws: Aws) -> None:
    untouched(aws, account(aws), "aws configservice put-configuration-recorder")
    assert aws.client("config").describe_configuration_recorders()["ConfigurationRecorders"] == []
