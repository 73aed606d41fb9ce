"""The same repair the usual way: describe the group, revoke what is open to the world, publish a message.

Clients are made once, outside the handler. No record, no verification, no note on the finding.
"""

import json
import os
from typing import Any

import boto3

ec2 = boto3.client("ec2")
sns = boto3.client("sns")
TOPIC = os.environ["TOPIC_ARN"]
WORLD = {"0.0.0.0/0", "::/0"}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    for record in event["Records"]:
        for finding in json.loads(record["body"])["detail"]["findings"]:
            for resource in finding["Resources"]:
                close(resource["Id"].rsplit("/", 1)[1])
    return {"batchItemFailures": []}


def close(group_id: str) -> None:
    group = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    tags = {tag["Key"]: tag["Value"] for tag in group.get("Tags", [])}
    if tags.get("AutoRemediate") != "True":
        return
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])
    wide = [rule["SecurityGroupRuleId"] for rule in rules["SecurityGroupRules"] if is_world_ssh(rule)]
    if not wide:
        return
    ec2.revoke_security_group_ingress(GroupId=group_id, SecurityGroupRuleIds=wide)
    text = f"{group_id}: revoked {', '.join(wide)}"
    sns.publish(TopicArn=TOPIC, Subject="Security group closed", Message=text)


def is_world_ssh(rule: dict[str, Any]) -> bool:
    source = rule.get("CidrIpv4") or rule.get("CidrIpv6")
    return not rule["IsEgress"] and source in WORLD and rule["FromPort"] <= 22 <= rule["ToPort"]
