"""Repairs of SNS and SQS."""

from __future__ import annotations

import json
from typing import Any

from cases import Aws, case

Statement = dict[str, Any]


def topic(aws: Aws, *statements: Statement) -> str:
    """A topic with its default policy, or with these statements in one."""
    sns = aws.client("sns")
    arn: str = sns.create_topic(Name=aws.name, Tags=aws.tags)["TopicArn"]
    if statements:
        policy = {"Version": "2012-10-17", "Id": "ours", "Statement": [{**one, "Resource": arn} for one in statements]}
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(policy))
    return arn


def queue(aws: Aws, **attributes: str) -> tuple[str, str]:
    """A queue's address and ARN."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=aws.name, Attributes=attributes, tags=aws.tag_map)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return url, arn


def may(sid: str, action: str, principal: Any, **condition: Any) -> Statement:
    statement = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action}
    return {**statement, "Condition": condition} if condition else statement


def sids(policy: str) -> list[str]:
    return sorted(statement["Sid"] for statement in json.loads(policy)["Statement"])


@case("messages/close_topic_policy", "SNS.4")
def a_topic_that_everybody_may_use_is_closed_and_what_is_narrowed_stays(aws: Aws) -> None:
    sns = aws.client("sns")
    arn = topic(
        aws,
        may("open", "SNS:Publish", "*"),
        may("ours", "SNS:Publish", {"AWS": "*"}, StringEquals={"AWS:SourceOwner": aws.account}),
    )

    def policy() -> str:
        return str(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])

    record = aws.mend(arn)
    assert sids(policy()) == ["ours"]
    assert json.loads(policy())["Id"] == "ours"
    aws.undo(record)
    assert sids(policy()) == ["open", "ours"]


@case("messages/close_topic_policy", "SNS.4")
def a_topic_that_would_have_no_policy_gets_the_one_that_topics_begin_with(aws: Aws) -> None:
    sns = aws.client("sns")
    arn = topic(aws, may("open", "SNS:Publish", {"AWS": ["*"]}))

    def policy() -> str:
        return str(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])

    record = aws.mend(arn)
    assert sids(policy()) == ["__default_statement_ID"]
    aws.undo(record)
    assert sids(policy()) == ["open"]


@case("messages/close_topic_policy", "SNS.4")
def what_cannot_be_judged_is_left_to_a_person(aws: Aws) -> None:
    sns = aws.client("sns")
    arn = topic(aws, may("mail", "SNS:Subscribe", "*", StringLike={"sns:Endpoint": "*@example.com"}))
    record = aws.mend(arn, outcome="held")
    assert record["make"], record
    assert sids(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]) == ["mail"]


@case("messages/encrypt_topic", "SNS.1")
def a_topic_in_the_clear_is_encrypted_once_a_person_agrees(aws: Aws) -> None:
    sns = aws.client("sns")
    arn = topic(aws)

    def key() -> str:
        return str(sns.get_topic_attributes(TopicArn=arn)["Attributes"].get("KmsMasterKeyId", ""))

    held = aws.mend(arn, outcome="held")
    assert key() == ""
    record = aws.approve(held)
    assert key() == "alias/aws/sns"
    aws.undo(record)
    assert key() == ""


@case("messages/log_deliveries", "SNS.2")
def how_deliveries_are_logged_is_told(aws: Aws) -> None:
    record = aws.mend(topic(aws), outcome="held")
    assert any("SQSSuccessFeedbackRoleArn" in command for command in record["make"]), record


@case("messages/close_queue_policy", "SQS.3")
def a_queue_that_everybody_may_use_is_closed_and_a_fan_out_stays(aws: Aws) -> None:
    sqs = aws.client("sqs")
    url, arn = queue(aws)
    fan_out = may("fan-out", "SQS:SendMessage", "*", ArnEquals={"aws:SourceArn": f"arn:aws:sns:{aws.region}:{aws.account}:a"})
    statements = [{**one, "Resource": arn} for one in (may("open", "SQS:*", {"AWS": "*"}), fan_out)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def found() -> list[str]:
        return sids(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])

    record = aws.mend(arn)
    assert found() == ["fan-out"]
    aws.undo(record)
    assert found() == ["fan-out", "open"]


@case("messages/encrypt_queue", "SQS.1")
def a_queue_in_the_clear_is_encrypted(aws: Aws) -> None:
    sqs = aws.client("sqs")
    url, arn = queue(aws, SqsManagedSseEnabled="false")

    def is_encrypted() -> bool:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return str(found["SqsManagedSseEnabled"]).lower() == "true"

    assert not is_encrypted()
    record = aws.mend(arn)
    assert is_encrypted()
    aws.undo(record)
    assert not is_encrypted()


@case("messages/encrypt_queue", "SQS.1")
def a_queue_with_a_key_of_its_own_keeps_it(aws: Aws) -> None:
    sqs = aws.client("sqs")
    url, arn = queue(aws, KmsMasterKeyId="alias/ours")
    aws.mend(arn, outcome="right")
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["KmsMasterKeyId"] == "alias/ours"
