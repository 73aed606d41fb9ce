"""Repairs of KMS, Secrets Manager and Systems Manager."""

from __future__ import annotations

import json
from typing import Any

from cases import Aws, case


def key(aws: Aws, **more: Any) -> dict[str, Any]:
    tags = [{"TagKey": name, "TagValue": value} for name, value in aws.tag_map.items()]
    made: dict[str, Any] = aws.client("kms").create_key(Tags=tags, **more)["KeyMetadata"]
    return made


def left(record: dict[str, Any]) -> str:
    return json.dumps([record["left"], record["outcome"]])


@case("secrets/rotate_key", "KMS.4")
def a_key_is_rotated(aws: Aws) -> None:
    kms, made = aws.client("kms"), key(aws)

    def rotates() -> bool:
        return bool(kms.get_key_rotation_status(KeyId=made["KeyId"])["KeyRotationEnabled"])

    assert not rotates()
    record = aws.mend(made["Arn"])
    assert rotates()
    aws.undo(record)
    assert not rotates()


@case("secrets/rotate_key", "KMS.4")
def a_key_that_cannot_be_rotated_is_left_alone(aws: Aws) -> None:
    made = key(aws, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    aws.mend(made["Arn"], outcome="right")


@case("secrets/keep_key", "KMS.3")
def a_key_that_is_to_be_deleted_stays_once_a_person_says_so(aws: Aws) -> None:
    kms, made = aws.client("kms"), key(aws)
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)

    def state() -> str:
        return str(kms.describe_key(KeyId=made["KeyId"])["KeyMetadata"]["KeyState"])

    record = aws.mend(made["Arn"], outcome="held")
    assert state() == "PendingDeletion"
    aws.approve(record)
    assert state() == "Disabled"


@case("secrets/close_key_policy", "KMS.5")
def statements_that_let_everybody_use_a_key_are_named(aws: Aws) -> None:
    statement = {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    made = key(aws, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    record = aws.mend(made["Arn"], outcome="held")
    assert "everybody can use the key by statement All" in left(record)


def secret(aws: Aws, name: str) -> str:
    made = aws.client("secretsmanager").create_secret(Name=name, SecretString="s", Tags=aws.tags)
    return str(made["ARN"])


def rotation(aws: Aws, arn: str) -> tuple[bool, dict[str, Any]]:
    found = aws.client("secretsmanager").describe_secret(SecretId=arn)
    return found.get("RotationEnabled", False), found.get("RotationRules", {})


FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"


@case("secrets/rotate_secret", "SecretsManager.1")
def rotation_that_was_turned_off_is_turned_on_as_it_was_once_a_person_agrees(aws: Aws) -> None:
    manager, arn = aws.client("secretsmanager"), secret(aws, aws.name)
    manager.rotate_secret(SecretId=arn, RotationLambdaARN=FUNCTION, RotationRules={"AutomaticallyAfterDays": 20})
    manager.cancel_rotate_secret(SecretId=arn)
    record = aws.mend(arn, outcome="held")
    assert not rotation(aws, arn)[0]
    approved = aws.approve(record)
    assert rotation(aws, arn) == (True, {"AutomaticallyAfterDays": 20})
    aws.undo(approved)
    assert not rotation(aws, arn)[0]


@case("secrets/rotate_secret", "SecretsManager.1")
def a_secret_that_no_function_can_rotate_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(secret(aws, aws.name), outcome="held")
    assert any("--rotation-lambda-arn" in command for command in record["make"])


@case("secrets/shorten_rotation", "SecretsManager.4")
def a_secret_that_is_rotated_too_seldom_is_rotated_more_often(aws: Aws) -> None:
    arn = secret(aws, f"aged-400-{aws.name}")
    aws.client("secretsmanager").rotate_secret(
        SecretId=arn,
        RotationLambdaARN=FUNCTION,
        RotationRules={"AutomaticallyAfterDays": 365, "Duration": "3h"},
        RotateImmediately=False,
    )
    approved = aws.approve(aws.mend(arn, outcome="held"))
    assert rotation(aws, arn) == (True, {"AutomaticallyAfterDays": 90, "Duration": "3h"})
    aws.undo(approved)
    assert rotation(aws, arn) == (True, {"AutomaticallyAfterDays": 365, "Duration": "3h"})


@case("secrets/mend_rotation", "SecretsManager.2")
def one_whose_rotation_fails_is_told_of(aws: Aws) -> None:
    arn = secret(aws, aws.name)
    aws.client("secretsmanager").rotate_secret(
        SecretId=arn,
        RotationLambdaARN=FUNCTION,
        RotationRules={"AutomaticallyAfterDays": 10},
        RotateImmediately=False,
    )
    record = aws.mend(arn, outcome="held")
    assert "aws logs tail /aws/lambda/rotate --region eu-west-1 --since 2d" in record["make"]


@case("secrets/delete_unused_secret", "SecretsManager.3")
def a_secret_that_nobody_ever_read_is_told_of_and_not_deleted(aws: Aws) -> None:
    aws.mend(secret(aws, aws.name), outcome="right")
    arn = secret(aws, f"aged-400-{aws.name}")
    record = aws.mend(arn, outcome="held")
    assert "nobody has ever read the secret" in left(record)
    assert "DeletedDate" not in aws.client("secretsmanager").describe_secret(SecretId=arn)


@case("secrets/unshare_document", "SSM.4")
def a_document_is_taken_from_everybody_and_not_from_those_it_names(aws: Aws) -> None:
    ssm = aws.client("ssm")
    content = {"schemaVersion": "2.2", "description": "x", "mainSteps": []}
    ssm.create_document(Name=aws.name, Content=json.dumps(content), DocumentType="Command", Tags=aws.tags)
    for account in ("444455556666", "all"):
        ssm.modify_document_permission(Name=aws.name, PermissionType="Share", AccountIdsToAdd=[account])

    def shared() -> set[str]:
        return set(ssm.describe_document_permission(Name=aws.name, PermissionType="Share")["AccountIds"])

    assert "all" in shared()
    named = shared() - {"all"}
    record = aws.mend(f"arn:aws:ssm:{aws.region}:{aws.account}:document/{aws.name}")
    assert shared() == named
    aws.undo(record)
    assert shared() == named | {"all"}


def setting(aws: Aws, name: str) -> str:
    return str(aws.client("ssm").get_service_setting(SettingId=name)["ServiceSetting"]["SettingValue"])


@case("secrets/block_document_sharing", "SSM.7", region="eu-central-1")
def documents_can_no_longer_be_shared_with_everybody(aws: Aws) -> None:
    name = "/ssm/documents/console/public-sharing-permission"
    record = aws.mend(f"AWS::::Account:{aws.account}")
    assert setting(aws, name) == "Disable"
    aws.undo(record)
    assert setting(aws, name) == "Enable"


@case("secrets/log_automation", "SSM.6", region="eu-central-1")
def what_scripts_print_is_logged(aws: Aws) -> None:
    name = "/ssm/automation/customer-script-log-destination"
    record = aws.mend(f"AWS::::Account:{aws.account}")
    assert setting(aws, name) == "CloudWatch"
    aws.undo(record)
    assert setting(aws, name) == ""


@case("secrets/manage_instance", "SSM.1")
def how_an_instance_comes_under_systems_manager_is_told(aws: Aws) -> None:
    record = aws.mend(f"arn:aws:ec2:{aws.region}:{aws.account}:instance/i-0123456789abcdef0", outcome="held")
    assert any("AmazonSSMManagedInstanceCore" in command for command in record["make"])
