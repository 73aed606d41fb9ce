"""Repairs of IAM."""

from __future__ import annotations

import json
from typing import Any

from cases import Aws, case

CLOUDSHELL = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess"
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"


def user(aws: Aws, path: str = "/") -> str:
    made = aws.client("iam").create_user(UserName=aws.name, Path=path, Tags=aws.tags)
    return str(made["User"]["Arn"])


def key(aws: Aws) -> str:
    return str(aws.client("iam").create_access_key(UserName=aws.name)["AccessKey"]["AccessKeyId"])


def active(aws: Aws) -> set[str]:
    keys = aws.client("iam").list_access_keys(UserName=aws.name)["AccessKeyMetadata"]
    return {found["AccessKeyId"] for found in keys if found["Status"] == "Active"}


def attached(aws: Aws) -> set[str]:
    found = aws.client("iam").list_attached_user_policies(UserName=aws.name)["AttachedPolicies"]
    return {policy["PolicyArn"] for policy in found}


def left(record: dict[str, Any]) -> str:
    return json.dumps([record["left"], record["outcome"]])


@case("iam/deactivate_old_keys", "IAM.3")
def an_old_key_that_nobody_needs_is_deactivated_and_a_young_one_is_not(aws: Aws) -> None:
    arn = user(aws, "/aged/400/")
    old = key(aws)
    record = aws.mend(arn, parameters={"maxAccessKeyAge": ["90"]})
    assert active(aws) == set()
    aws.undo(record)
    assert active(aws) == {old}


@case("iam/deactivate_old_keys", "IAM.3")
def a_young_key_stays(aws: Aws) -> None:
    arn = user(aws)
    young = key(aws)
    aws.mend(arn, outcome="right")
    assert active(aws) == {young}


@case("iam/deactivate_old_keys", "IAM.3")
def an_old_key_that_was_used_lately_is_left_to_a_person(aws: Aws) -> None:
    arn = user(aws, "/aged/400/used/3/")
    needed = key(aws)
    record = aws.mend(arn, outcome="held")
    assert active(aws) == {needed}
    assert f"aws iam update-access-key --user-name {aws.name} --access-key-id {needed} --status Inactive" in record["make"]


@case("iam/deactivate_unused_credentials", "IAM.22")
def unused_keys_are_deactivated_and_an_unused_password_is_left_to_a_person(aws: Aws) -> None:
    iam = aws.client("iam")
    arn = user(aws, "/aged/60/")
    iam.create_login_profile(UserName=aws.name, Password="a-Password-1")
    unused = key(aws)
    record = aws.mend(arn)
    assert active(aws) == set()
    assert iam.get_login_profile(UserName=aws.name)
    assert "the console password is unused" in left(record)
    aws.undo(record)
    assert active(aws) == {unused}


@case("iam/deactivate_unused_credentials", "IAM.8")
def what_is_younger_than_the_period_stays(aws: Aws) -> None:
    arn = user(aws, "/aged/60/")
    young = key(aws)
    aws.mend(arn, outcome="right")
    assert active(aws) == {young}


@case("iam/set_password_policy", "IAM.15")
def the_password_policy_is_raised_one_control_at_a_time_and_never_lowered(aws: Aws) -> None:
    iam, account = aws.client("iam"), f"AWS::::Account:{aws.account}"

    def policy() -> dict[str, Any]:
        found: dict[str, Any] = iam.get_account_password_policy()["PasswordPolicy"]
        return found

    # None of its own: the new one is laxer than AWS's in nothing.
    aws.mend(account)
    assert policy()["MinimumPasswordLength"] == 14
    assert policy()["RequireNumbers"] and not policy()["RequireSymbols"]
    iam.update_account_password_policy(
        MinimumPasswordLength=20, RequireNumbers=True, MaxPasswordAge=60, AllowUsersToChangePassword=True
    )
    before = policy()
    record = aws.mend(account, control="IAM.13")
    assert policy() == {**before, "RequireSymbols": True}
    record = aws.mend(account, control="IAM.16")
    assert policy() == {**before, "RequireSymbols": True, "PasswordReusePrevention": 24}
    aws.undo(record)
    assert policy().get("PasswordReusePrevention") in (None, 0)
    assert policy()["MinimumPasswordLength"] == 20 and policy()["MaxPasswordAge"] == 60


@case("iam/revoke_user_cloudshell", "IAM.27")
def a_user_loses_cloudshell_once_a_person_agrees_and_nothing_else(aws: Aws) -> None:
    arn = user(aws)
    other = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    for policy in (CLOUDSHELL, other):
        aws.client("iam").attach_user_policy(UserName=aws.name, PolicyArn=policy)
    record = aws.mend(arn, outcome="held")
    assert attached(aws) == {CLOUDSHELL, other}
    approved = aws.approve(record)
    assert attached(aws) == {other}
    aws.undo(approved)
    assert attached(aws) == {CLOUDSHELL, other}


@case("iam/revoke_role_cloudshell", "IAM.27")
def a_role_loses_cloudshell_once_a_person_agrees(aws: Aws) -> None:
    iam = aws.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=aws.name, AssumeRolePolicyDocument=trust, Tags=aws.tags)["Role"]
    iam.attach_role_policy(RoleName=aws.name, PolicyArn=CLOUDSHELL)

    def has() -> bool:
        return bool(iam.list_attached_role_policies(RoleName=aws.name)["AttachedPolicies"])

    approved = aws.approve(aws.mend(role["Arn"], outcome="held"))
    assert not has()
    aws.undo(approved)
    assert has()


@case("iam/move_user_policies", "IAM.2")
def how_policies_are_moved_to_a_group_is_told(aws: Aws) -> None:
    arn = user(aws)
    aws.client("iam").attach_user_policy(UserName=aws.name, PolicyArn=CLOUDSHELL)
    record = aws.mend(arn, outcome="held")
    assert any("aws iam attach-group-policy" in command for command in record["make"])
    assert attached(aws) == {CLOUDSHELL}


@case("iam/enable_user_mfa", "IAM.5")
def who_has_a_password_and_no_device_is_told_how_to_get_one(aws: Aws) -> None:
    arn = user(aws)
    aws.mend(arn, outcome="right")
    aws.client("iam").create_login_profile(UserName=aws.name, Password="a-Password-1")
    record = aws.mend(arn, outcome="held")
    assert any("aws iam enable-mfa-device" in command for command in record["make"])


@case("iam/secure_root_user", "IAM.9")
def the_root_user_without_a_device_is_told_of(aws: Aws) -> None:
    record = aws.mend(f"AWS::::Account:{aws.account}", outcome="held")
    assert "the root user has no second factor" in left(record)


@case("iam/create_support_role", "IAM.18")
def how_a_role_for_support_is_made_is_told(aws: Aws) -> None:
    record = aws.mend(f"AWS::::Account:{aws.account}", outcome="held")
    assert any("AWSSupportAccess" in command for command in record["make"])


@case("iam/narrow_policy", "IAM.1")
def the_statements_that_allow_everything_are_named(aws: Aws) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    made = aws.client("iam").create_policy(PolicyName=aws.name, PolicyDocument=json.dumps(document), Tags=aws.tags)
    record = aws.mend(made["Policy"]["Arn"], outcome="held")
    assert "statement 1 of v1 allows everything on everything" in left(record)
