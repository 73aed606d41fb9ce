"""Repairs of S3."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from cases import Aws, case

ALL = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


class Bucket:
    """A bucket in scope, and what is asked of it."""

    def __init__(self, aws: Aws, name: str | None = None, **how: Any) -> None:
        self.s3, self.name = aws.client("s3"), name or aws.name
        self.arn = f"arn:aws:s3:::{self.name}"
        where = {"LocationConstraint": aws.region}
        self.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=where, **how)
        self.s3.put_bucket_tagging(Bucket=self.name, Tagging={"TagSet": aws.tags})

    def ask(self, call: str, **more: Any) -> dict[str, Any]:
        """What S3 answers; nothing, if there is none."""
        try:
            answer: dict[str, Any] = getattr(self.s3, call)(Bucket=self.name, **more)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            return {}
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def block(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("get_public_access_block").get("PublicAccessBlockConfiguration", {})
        return found

    def policy(self) -> list[dict[str, Any]]:
        text = self.ask("get_bucket_policy").get("Policy")
        statements: list[dict[str, Any]] = json.loads(text)["Statement"] if text else []
        return statements

    def allow(self, principal: Any, *actions: str) -> dict[str, Any]:
        """A policy of one statement."""
        resource = [self.arn, f"{self.arn}/*"]
        statement = {"Sid": "Theirs", "Effect": "Allow", "Principal": principal, "Action": actions}
        statement["Resource"] = resource
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.s3.put_bucket_policy(Bucket=self.name, Policy=document)
        return self.policy()[0]


@case("s3/block_public_access", "S3.8")
def a_bucket_is_closed_and_what_it_refused_before_stays_refused(aws: Aws) -> None:
    bucket = Bucket(aws)
    some = {**dict.fromkeys(ALL, False), "BlockPublicAcls": True}
    bucket.s3.put_public_access_block(Bucket=bucket.name, PublicAccessBlockConfiguration=some)
    record = aws.mend(bucket.arn)
    assert bucket.block() == ALL
    aws.undo(record)
    assert bucket.block() == some


@case("s3/block_public_access", "CloudTrail.6")
def the_bucket_of_a_trail_that_refuses_nothing_is_closed(aws: Aws) -> None:
    bucket = Bucket(aws)
    bucket.s3.delete_public_access_block(Bucket=bucket.name)
    aws.mend(bucket.arn)
    assert bucket.block() == ALL


@case("s3/block_public_access", "S3.2")
def a_website_stays_up_until_a_person_agrees(aws: Aws) -> None:
    bucket = Bucket(aws)
    bucket.s3.delete_public_access_block(Bucket=bucket.name)
    bucket.s3.put_bucket_website(
        Bucket=bucket.name, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}
    )
    bucket.allow("*", "s3:GetObject")
    record = aws.mend(bucket.arn, outcome="held")
    assert bucket.block() == {}
    aws.undo(aws.approve(record))
    assert not any(bucket.block().values())


@case("s3/block_public_access", "S3.3")
def a_policy_for_the_public_counts_until_a_person_agrees(aws: Aws) -> None:
    bucket = Bucket(aws)
    bucket.s3.delete_public_access_block(Bucket=bucket.name)
    bucket.allow("*", "s3:PutObject")
    record = aws.mend(bucket.arn, outcome="held")
    assert bucket.block() == {}
    aws.approve(record)
    assert bucket.block() == ALL


@case("s3/block_account_access", "S3.1", region="eu-north-1")
def an_account_is_closed_once_a_person_agrees(aws: Aws) -> None:
    control = aws.client("s3control")

    def without_account(request: Any, **_: Any) -> None:
        # An address has no names below it.
        request.url = request.url.replace(f"//{aws.account}.", "//", 1)

    control.meta.events.register("before-sign.s3-control", without_account)

    def block() -> dict[str, Any]:
        found = control.get_public_access_block(AccountId=aws.account)["PublicAccessBlockConfiguration"]
        return dict(found)

    some = {**dict.fromkeys(ALL, False), "IgnorePublicAcls": True}
    control.put_public_access_block(AccountId=aws.account, PublicAccessBlockConfiguration=some)
    record = aws.mend(f"AWS::::Account:{aws.account}", outcome="held")
    assert block() == some
    approved = aws.approve(record)
    assert block() == ALL
    aws.undo(approved)
    assert block() == some


@case("s3/refuse_plain_http", "S3.5")
def a_bucket_without_a_policy_gets_one_and_loses_it_again(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn)
    [statement] = bucket.policy()
    assert statement["Sid"] == "KintsugiTlsOnly"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    aws.undo(record)
    assert bucket.policy() == []


@case("s3/refuse_plain_http", "S3.5")
def a_statement_is_added_to_a_policy_and_taken_out_of_it(aws: Aws) -> None:
    bucket = Bucket(aws)
    theirs = bucket.allow({"AWS": f"arn:aws:iam::{aws.account}:root"}, "s3:GetObject")
    record = aws.mend(bucket.arn)
    assert [statement["Sid"] for statement in bucket.policy()] == ["Theirs", "KintsugiTlsOnly"]
    assert bucket.policy()[0] == theirs
    # Nothing is left to do.
    aws.mend(bucket.arn, outcome="right")
    assert len(bucket.policy()) == 2
    aws.undo(record)
    assert bucket.policy() == [theirs]


@case("s3/deny_foreign_admin", "S3.6")
def another_account_is_denied_the_administration_once_a_person_agrees(aws: Aws) -> None:
    bucket = Bucket(aws)
    theirs = bucket.allow({"AWS": "444455556666"}, "s3:*")
    record = aws.mend(bucket.arn, outcome="held")
    assert bucket.policy() == [theirs]
    approved = aws.approve(record)
    denial = bucket.policy()[1]
    assert (denial["Effect"], denial["Principal"]) == ("Deny", {"AWS": ["arn:aws:iam::444455556666:root"]})
    assert "s3:PutBucketPolicy" in denial["Action"]
    aws.undo(approved)
    assert bucket.policy() == [theirs]


@case("s3/deliver_events", "S3.11")
def events_go_to_eventbridge_and_whoever_is_told_stays_told(aws: Aws) -> None:
    bucket, sqs = Bucket(aws), aws.client("sqs")
    url = sqs.create_queue(QueueName=aws.name)["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    told = {"Id": "q", "QueueArn": queue, "Events": ["s3:ObjectCreated:*"]}
    bucket.s3.put_bucket_notification_configuration(
        Bucket=bucket.name,
        NotificationConfiguration={"QueueConfigurations": [told]},
        SkipDestinationValidation=True,
    )

    def notifications() -> dict[str, Any]:
        return bucket.ask("get_bucket_notification_configuration")

    before = notifications()
    record = aws.mend(bucket.arn, parameters={"eventTypes": ["s3:ObjectRemoved:*"]})
    assert notifications() == {**before, "EventBridgeConfiguration": {}}
    aws.undo(record)
    assert notifications() == before


@case("s3/deliver_events", "S3.11")
def a_bucket_that_tells_nobody_tells_eventbridge(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn)
    assert "EventBridgeConfiguration" in bucket.ask("get_bucket_notification_configuration")
    aws.undo(record)
    assert bucket.ask("get_bucket_notification_configuration") == {}


@case("s3/abort_stale_uploads", "S3.13")
def a_bucket_without_a_lifecycle_gets_a_rule_that_deletes_no_object(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn)
    [rule] = bucket.ask("get_bucket_lifecycle_configuration")["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert not {"Expiration", "Transitions", "NoncurrentVersionExpiration"} & rule.keys()
    aws.undo(record)
    assert bucket.ask("get_bucket_lifecycle_configuration") == {}


@case("s3/abort_stale_uploads", "S3.10")
def a_rule_is_added_to_those_that_are_not_carried_out(aws: Aws) -> None:
    bucket = Bucket(aws)
    theirs = {"ID": "theirs", "Status": "Disabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 365}}
    bucket.s3.put_bucket_lifecycle_configuration(
        Bucket=bucket.name, LifecycleConfiguration={"Rules": [theirs]}
    )

    def rules() -> list[dict[str, Any]]:
        return list(bucket.ask("get_bucket_lifecycle_configuration")["Rules"])

    before = rules()
    record = aws.mend(bucket.arn)
    assert rules()[:1] == before and len(rules()) == 2
    aws.undo(record)
    assert rules() == before


@case("s3/keep_versions", "S3.14")
def versions_are_kept_once_a_person_agrees(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn, outcome="held")
    assert bucket.ask("get_bucket_versioning") == {}
    approved = aws.approve(record)
    assert bucket.ask("get_bucket_versioning")["Status"] == "Enabled"
    aws.undo(approved)
    assert bucket.ask("get_bucket_versioning")["Status"] == "Suspended"


@case("s3/require_mfa_delete", "S3.20")
def it_is_told_how_mfa_is_required(aws: Aws) -> None:
    bucket = Bucket(aws)
    bucket.s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    record = aws.mend(bucket.arn, outcome="held")
    assert any("MFADelete=Enabled" in command for command in record["make"])
    assert bucket.ask("get_bucket_versioning") == {"Status": "Enabled"}


@case("s3/log_access", "S3.9")
def where_no_bucket_is_named_for_logs_a_person_is_told(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn, outcome="held")
    assert any("put-bucket-logging" in command for command in record["make"])
    assert bucket.ask("get_bucket_logging") == {}


@case("s3/log_access", "CloudTrail.7")
def a_log_that_goes_elsewhere_stays(aws: Aws) -> None:
    bucket, logs = Bucket(aws), Bucket(aws, f"{aws.name}-logs")
    enabled = {"LoggingEnabled": {"TargetBucket": logs.name, "TargetPrefix": "x/"}}
    bucket.s3.put_bucket_logging(Bucket=bucket.name, BucketLoggingStatus=enabled)
    aws.mend(bucket.arn, outcome="right")
    assert bucket.ask("get_bucket_logging") == enabled


def encryption(bucket: Bucket) -> dict[str, Any]:
    rule = bucket.ask("get_bucket_encryption")["ServerSideEncryptionConfiguration"]["Rules"][0]
    return dict(rule["ApplyServerSideEncryptionByDefault"])


@case("s3/encrypt_with_kms", "S3.17")
def a_bucket_encrypts_with_the_key_that_is_wanted_once_a_person_agrees(aws: Aws) -> None:
    bucket = Bucket(aws)
    key = f"arn:aws:kms:{aws.region}:{aws.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    record = aws.mend(bucket.arn, outcome="held", parameters={"kmsKeyArns": [key]})
    assert encryption(bucket) == {"SSEAlgorithm": "AES256"}
    approved = aws.approve(record)
    assert encryption(bucket) == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    aws.undo(approved)
    assert encryption(bucket) == {"SSEAlgorithm": "AES256"}


@case("s3/encrypt_by_default", "S3.4")
def a_key_that_is_chosen_stays(aws: Aws) -> None:
    bucket = Bucket(aws)
    kms = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    bucket.s3.put_bucket_encryption(
        Bucket=bucket.name, ServerSideEncryptionConfiguration={"Rules": [kms]}
    )
    aws.mend(bucket.arn, outcome="right")
    assert encryption(bucket)["SSEAlgorithm"] == "aws:kms"


def ownership(bucket: Bucket) -> str | None:
    rules = bucket.ask("get_bucket_ownership_controls").get("OwnershipControls", {}).get("Rules", [])
    return rules[0]["ObjectOwnership"] if rules else None


@case("s3/disable_acls", "S3.12")
def lists_stop_to_count_once_a_person_agrees(aws: Aws) -> None:
    bucket = Bucket(aws, ObjectOwnership="BucketOwnerPreferred")
    record = aws.mend(bucket.arn, outcome="held")
    assert ownership(bucket) == "BucketOwnerPreferred"
    approved = aws.approve(record)
    assert ownership(bucket) == "BucketOwnerEnforced"
    aws.undo(approved)
    assert ownership(bucket) == "BucketOwnerPreferred"


@case("s3/disable_acls", "S3.12")
def whoever_is_let_in_by_a_list_is_not_cut_off(aws: Aws) -> None:
    bucket = Bucket(aws, ObjectOwnership="BucketOwnerPreferred")
    bucket.s3.delete_public_access_block(Bucket=bucket.name)
    bucket.s3.put_bucket_acl(Bucket=bucket.name, ACL="log-delivery-write")
    record = aws.mend(bucket.arn, outcome="held")
    assert "LogDelivery" in json.dumps(record["left"])
    assert ownership(bucket) == "BucketOwnerPreferred"


@case("s3/lock_objects", "S3.15")
def it_is_told_how_objects_are_locked(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn, outcome="held")
    assert any("put-object-lock-configuration" in command for command in record["make"])
    assert bucket.ask("get_object_lock_configuration") == {}


@case("s3/replicate_elsewhere", "S3.7")
def it_is_told_how_objects_are_kept_elsewhere_too(aws: Aws) -> None:
    bucket = Bucket(aws)
    record = aws.mend(bucket.arn, outcome="held")
    assert any("put-bucket-replication" in command for command in record["make"])
    assert bucket.ask("get_bucket_replication") == {}
