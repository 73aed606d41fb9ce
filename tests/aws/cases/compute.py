"""Repairs of what runs code: Lambda, Step Functions, CodeBuild, CloudFormation. Containers: containers.py."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from cases import Aws, Shape, case


def role(aws: Aws) -> str:
    """A role that everything may run as."""
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    made = aws.client("iam").create_role(RoleName=aws.name, AssumeRolePolicyDocument=json.dumps(trust))
    return str(made["Role"]["Arn"])


def function(aws: Aws, **settings: Any) -> str:
    """A Lambda function; its ARN."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")
    made = aws.client("lambda").create_function(
        FunctionName=aws.name,
        Role=role(aws),
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        Tags=aws.tag_map,
        **{"Runtime": "python3.13", **settings},
    )
    return str(made["FunctionArn"])


def grants(aws: Aws, qualifier: str | None = None) -> list[str]:
    """The names of the statements of a policy of the function."""
    lambdas = aws.client("lambda")
    of = {"Qualifier": qualifier} if qualifier else {}
    try:
        policy = lambdas.get_policy(FunctionName=aws.name, **of)["Policy"]
    except lambdas.exceptions.ResourceNotFoundException:
        return []
    return sorted(statement["Sid"] for statement in json.loads(policy)["Statement"])


@case("compute/close_function", "Lambda.1")
def what_lets_everybody_in_goes_from_the_function_and_its_alias_and_what_is_narrowed_stays(aws: Aws) -> None:
    arn, lambdas = function(aws), aws.client("lambda")
    lambdas.publish_version(FunctionName=aws.name)
    lambdas.create_alias(FunctionName=aws.name, Name="live", FunctionVersion="1")
    invoke = {"FunctionName": aws.name, "Action": "lambda:InvokeFunction"}
    lambdas.add_permission(StatementId="open", Principal="*", **invoke)
    lambdas.add_permission(StatementId="organisation", Principal="*", PrincipalOrgID="o-1234567890", **invoke)
    lambdas.add_permission(StatementId="account", Principal="*", SourceAccount=aws.account, **invoke)
    api = f"arn:aws:execute-api:{aws.region}:{aws.account}:api/*"
    lambdas.add_permission(StatementId="api", Principal="*", SourceArn=api, **invoke)
    lambdas.add_permission(StatementId="alias", Principal="*", Qualifier="live", **invoke)
    record = aws.mend(arn)
    assert (grants(aws), grants(aws, "live")) == (["account", "api", "organisation"], [])
    aws.undo(record)
    assert (grants(aws), grants(aws, "live")) == (["account", "api", "open", "organisation"], ["alias"])


@case("compute/close_function", "Lambda.1")
def a_public_url_is_closed_after_a_person_agreed(aws: Aws) -> None:
    arn, lambdas = function(aws), aws.client("lambda")
    lambdas.create_function_url_config(FunctionName=aws.name, AuthType="NONE")
    lambdas.add_permission(
        FunctionName=aws.name,
        StatementId="url",
        Principal="*",
        Action="lambda:InvokeFunctionUrl",
        FunctionUrlAuthType="NONE",
    )
    record = aws.mend(arn, outcome="held")
    assert grants(aws) == ["url"]
    record = aws.approve(record)
    assert grants(aws) == []
    aws.undo(record)
    policy = json.loads(lambdas.get_policy(FunctionName=aws.name)["Policy"])
    assert policy["Statement"][0]["Condition"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}


@case("compute/renew_runtime", "Lambda.2")
def an_old_runtime_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(function(aws, Runtime="python3.8"), outcome="held")
    found = aws.client("lambda").get_function_configuration(FunctionName=aws.name)
    assert found["Runtime"] == "python3.8" and len(record["make"]) == 2


@case("compute/move_function_into_vpc", "Lambda.3")
def a_function_outside_of_any_vpc_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(function(aws), outcome="held")
    assert "--vpc-config" in record["make"][-1]


@case("compute/trace_function", "Lambda.7")
def a_function_is_traced_after_a_person_agreed(aws: Aws) -> None:
    arn, lambdas = function(aws, Environment={"Variables": {"STAGE": "test"}}), aws.client("lambda")

    def mode() -> str:
        found = lambdas.get_function_configuration(FunctionName=aws.name)
        assert found["Environment"]["Variables"] == {"STAGE": "test"}
        return str(found["TracingConfig"]["Mode"])

    record = aws.mend(arn, outcome="held")
    assert mode() == "PassThrough"
    record = aws.approve(record)
    assert mode() == "Active"
    aws.undo(record)
    assert mode() == "PassThrough"


def ecs_tags(aws: Aws) -> list[dict[str, str]]:
    """The tags that bring a resource in scope, as ECS and Step Functions want them."""
    return [{"key": key, "value": value} for key, value in aws.tag_map.items()]


def state_machine(aws: Aws, logging: Shape) -> str:
    """A state machine; its ARN."""
    steps = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
    made = aws.client("stepfunctions").create_state_machine(
        name=aws.name,
        definition=json.dumps(steps),
        roleArn=role(aws),
        loggingConfiguration=logging,
        tags=ecs_tags(aws),
    )
    return str(made["stateMachineArn"])


@case("compute/log_state_machine", "StepFunctions.1")
def a_state_machine_logs_errors_to_its_log_group(aws: Aws) -> None:
    group = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:{aws.name}:*"
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]
    arn = state_machine(aws, {"level": "OFF", "includeExecutionData": False, "destinations": destinations})

    def logging() -> Shape:
        found = aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        logs: Shape = found["loggingConfiguration"]
        assert logs["destinations"] == destinations and not logs.get("includeExecutionData")
        return logs

    record = aws.mend(arn)
    assert logging()["level"] == "ERROR"
    aws.undo(record)
    assert logging()["level"] == "OFF"


@case("compute/log_state_machine", "StepFunctions.1")
def a_state_machine_without_a_log_group_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(state_machine(aws, {"level": "OFF"}), outcome="held")
    assert "create-log-group" in record["make"][0]


KEY = {"name": "AWS_SECRET_ACCESS_KEY", "value": "hush-hush", "type": "PLAINTEXT"}


def project(aws: Aws, *, logs: Shape | None = None, location: str = "https://bitbucket.org/shop/web") -> str:
    """A build project; its ARN."""
    made = aws.client("codebuild").create_project(
        name=aws.name,
        source={"type": "BITBUCKET", "location": location},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": True,
            "environmentVariables": [KEY],
        },
        serviceRole=f"arn:aws:iam::{aws.account}:role/build",
        tags=[{"key": key, "value": value} for key, value in aws.tag_map.items()],
        **({"logsConfig": logs} if logs else {}),
    )
    return str(made["project"]["arn"])


def found_project(aws: Aws) -> Shape:
    found: Shape = aws.client("codebuild").batch_get_projects(names=[aws.name])["projects"][0]
    return found


@case("compute/hide_source_credentials", "CodeBuild.1")
def credentials_in_an_address_are_left_to_a_person_and_not_told(aws: Aws) -> None:
    record = aws.mend(project(aws, location="https://user:hush-hush@bitbucket.org/shop/web"), outcome="held")
    assert "--source" in record["make"][1] and "hush-hush" not in json.dumps(record)


@case("compute/hide_build_secrets", "CodeBuild.2")
def keys_in_the_clear_are_left_to_a_person_and_not_told(aws: Aws) -> None:
    record = aws.mend(project(aws), outcome="held")
    assert 'IN("AWS_SECRET_ACCESS_KEY")' in record["make"][0] and "hush-hush" not in json.dumps(record)
    assert found_project(aws)["environment"]["environmentVariables"] == [KEY]


@case("compute/encrypt_build_logs", "CodeBuild.3")
def logs_of_builds_are_encrypted_where_they_are(aws: Aws) -> None:
    logs = {
        "cloudWatchLogs": {"status": "ENABLED", "groupName": "builds"},
        "s3Logs": {"status": "ENABLED", "location": "logs/web", "encryptionDisabled": True},
    }
    record = aws.mend(project(aws, logs=logs))
    found = found_project(aws)["logsConfig"]
    assert found["s3Logs"] == {"status": "ENABLED", "location": "logs/web", "encryptionDisabled": False}
    assert found["cloudWatchLogs"] == logs["cloudWatchLogs"]
    aws.undo(record)
    assert found_project(aws)["logsConfig"] == logs


@case("compute/log_builds", "CodeBuild.4")
def builds_are_logged_after_a_person_agreed(aws: Aws) -> None:
    logs = {"cloudWatchLogs": {"status": "DISABLED", "groupName": "builds"}, "s3Logs": {"status": "DISABLED"}}
    record = aws.approve(aws.mend(project(aws, logs=logs), outcome="held"))
    assert found_project(aws)["logsConfig"]["cloudWatchLogs"] == {"status": "ENABLED", "groupName": "builds"}
    aws.undo(record)
    assert found_project(aws)["logsConfig"]["cloudWatchLogs"]["status"] == "DISABLED"


@case("compute/drop_build_privileges", "CodeBuild.5")
def builds_lose_privileges_after_a_person_agreed_and_keep_their_variables(aws: Aws) -> None:
    arn = project(aws)

    def is_privileged() -> bool:
        environment = found_project(aws)["environment"]
        assert environment["environmentVariables"] == [KEY]
        return bool(environment["privilegedMode"])

    record = aws.mend(arn, outcome="held")
    assert is_privileged()
    record = aws.approve(record)
    assert not is_privileged() and "hush-hush" not in json.dumps(record)
    aws.undo(record)
    assert is_privileged()


@case("compute/encrypt_reports", "CodeBuild.7")
def exported_reports_are_encrypted(aws: Aws) -> None:
    codebuild = aws.client("codebuild")
    export = {"bucket": "reports", "path": "web", "packaging": "ZIP", "encryptionDisabled": True}
    made = codebuild.create_report_group(
        name=aws.name,
        type="TEST",
        exportConfig={"exportConfigType": "S3", "s3Destination": export},
        tags=[{"key": key, "value": value} for key, value in aws.tag_map.items()],
    )
    arn = made["reportGroup"]["arn"]

    def destination() -> Shape:
        found = codebuild.batch_get_report_groups(reportGroupArns=[arn])["reportGroups"][0]
        kept: Shape = found["exportConfig"]["s3Destination"]
        return kept

    record = aws.mend(arn)
    assert destination() == {**export, "encryptionDisabled": False}
    aws.undo(record)
    assert destination() == export


def stack(aws: Aws, **settings: Any) -> str:
    """A CloudFormation stack; its ARN."""
    template = {"Resources": {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": aws.name}}}}
    made = aws.client("cloudformation").create_stack(
        StackName=aws.name, TemplateBody=json.dumps(template), Tags=aws.tags, **settings
    )
    return str(made["StackId"])


@case("compute/protect_stack", "CloudFormation.3")
def a_stack_is_kept_from_being_deleted(aws: Aws) -> None:
    arn = stack(aws)

    def is_protected() -> bool:
        found = aws.client("cloudformation").describe_stacks(StackName=aws.name)["Stacks"][0]
        return bool(found["EnableTerminationProtection"])

    record = aws.mend(arn)
    assert is_protected()
    aws.undo(record)
    assert not is_protected()


@case("compute/notify_of_stack", "CloudFormation.1")
def a_stack_that_tells_nobody_is_left_to_a_person(aws: Aws) -> None:
    record = aws.mend(stack(aws), outcome="held")
    assert "--notification-arns TOPIC_ARN" in record["make"][0]

