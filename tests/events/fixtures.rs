//! Every fixture, and what is to be read in it.

use std::{collections::BTreeSet, fs};

use super::{fixture, threats, told};

macro_rules! fixtures {
    ($($name:literal)*) => {
        /// Every event in `tests/fixtures/events`: its name, its text.
        pub(super) const ALL: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../fixtures/events/", $name, ".json")))),*];
    };
}

fixtures! {
    "batch-with-poison"
    "cloudtrail-authorize"
    "cloudtrail-authorize-by-name"
    "cloudtrail-bucket-policy"
    "cloudtrail-create"
    "cloudtrail-denied"
    "cloudtrail-modify"
    "cloudtrail-our-own-revoke"
    "config-conformance-pack-rule"
    "config-first-evaluation"
    "config-iam-user"
    "config-organization-rule"
    "config-own-rule"
    "config-restricted-ssh"
    "config-security-hub-rule"
    "guardduty-access-key"
    "guardduty-archived"
    "guardduty-attack-sequence"
    "guardduty-blocked-dns"
    "guardduty-brute-force"
    "guardduty-brute-force-by-us"
    "guardduty-call-by-domain"
    "guardduty-command-and-control"
    "guardduty-direction-unknown"
    "guardduty-dns"
    "guardduty-eks"
    "guardduty-ipv6-only"
    "guardduty-own-list"
    "guardduty-port-probe"
    "guardduty-rds-login"
    "guardduty-runtime"
    "guardduty-s3-object"
    "guardduty-sample"
    "health-abuse"
    "hub-account-level"
    "hub-bare-id-in-govcloud"
    "hub-cis-1.2"
    "hub-cis-1.4"
    "hub-cis-3.0"
    "hub-config-rule"
    "hub-control"
    "hub-control-tower"
    "hub-control-with-parameters"
    "hub-custom-action"
    "hub-from-a-member-account"
    "hub-fsbp"
    "hub-guardduty"
    "hub-guardduty-attack-sequence"
    "hub-guardduty-custom-action"
    "hub-guardduty-dns"
    "hub-guardduty-own-list"
    "hub-guardduty-port-probe"
    "hub-guardduty-rds-login"
    "hub-guardduty-sample"
    "hub-in-china"
    "hub-in-the-sovereign-cloud"
    "hub-inspector"
    "hub-macie"
    "hub-our-own-note"
    "hub-pci"
    "hub-several-resources"
    "hub-v2-arn-in-uid"
    "hub-v2-control"
    "hub-v2-guardduty"
    "hub-v2-guardduty-call"
    "hub-v2-guardduty-evidences"
    "schedule"
    "schedule-by-rule"
}

/// What each event says, line by line.
const SAID: &[(&str, &[&str])] = &[
    // Security Hub, with consolidated control findings.
    (
        "hub-control",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-control-with-parameters",
        &[
            "HIGH: Security Hub control EC2.18: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-several-resources",
        &[
            "MEDIUM: Security Hub control EC2.19: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
            "MEDIUM: Security Hub control EC2.19: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0b2 (111122223333/eu-west-1)",
            "MEDIUM: Security Hub control EC2.19: AWS::::Account:111122223333 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-from-a-member-account",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:ap-southeast-2:444455556666:security-group/sg-0c3 (444455556666/ap-southeast-2)",
        ],
    ),
    (
        "hub-account-level",
        &[
            "MEDIUM: Security Hub control IAM.7: AWS::::Account:111122223333 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-bare-id-in-govcloud",
        &[
            "HIGH: Security Hub control EC2.2: arn:aws-us-gov:ec2:us-gov-west-1:111122223333:security-group/sg-0d4 (111122223333/us-gov-west-1)",
        ],
    ),
    (
        "hub-in-china",
        &[
            "HIGH: Security Hub control EC2.14: arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-0e5 (111122223333/cn-north-1)",
        ],
    ),
    (
        "hub-in-the-sovereign-cloud",
        &[
            "HIGH: Security Hub control EC2.53: arn:aws-eusc:ec2:eusc-de-east-1:111122223333:security-group/sg-0f6 (111122223333/eusc-de-east-1)",
        ],
    ),
    ("hub-our-own-note", &["ignored: EC2.13: it is our own update of the finding that came back"]),
    // Security Hub, with a finding for each standard.
    (
        "hub-cis-1.2",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-cis-1.4",
        &[
            "HIGH: Security Hub control EC2.2: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-cis-3.0",
        &[
            "HIGH: Security Hub control EC2.54: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-fsbp",
        &[
            "MEDIUM: Security Hub control EC2.19: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-pci",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-control-tower",
        &[
            "HIGH: Security Hub control EC2.18: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    // What other services tell Security Hub.
    (
        "hub-config-rule",
        &[
            "MEDIUM: Config rule INCOMING_SSH_DISABLED: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-inspector",
        &[
            "HIGH: finding Software and Configuration Checks/Vulnerabilities/CVE: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-macie",
        &[
            "HIGH: finding Policy:IAMUser/S3BucketPublic: arn:aws:s3:::example-bucket (111122223333/eu-west-1)",
        ],
    ),
    // What a person selected.
    (
        "hub-custom-action",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1), asked by Kintsugi: run",
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0b2 (111122223333/eu-west-1), asked by Kintsugi: run",
            "MEDIUM: Security Hub control EC2.19: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1), asked by Kintsugi: run",
        ],
    ),
    // Security Hub in OCSF.
    (
        "hub-v2-control",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "hub-v2-arn-in-uid",
        &[
            "HIGH: Security Hub control EC2.13: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    // AWS Config, which knows no severities.
    (
        "config-restricted-ssh",
        &[
            "INFORMATIONAL: Config rule INCOMING_SSH_DISABLED: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "config-first-evaluation",
        &[
            "INFORMATIONAL: Config rule RESTRICTED_INCOMING_TRAFFIC: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "config-security-hub-rule",
        &[
            "INFORMATIONAL: Config rule INCOMING_SSH_DISABLED: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "config-organization-rule",
        &[
            "INFORMATIONAL: Config rule VPC_DEFAULT_SECURITY_GROUP_CLOSED: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "config-conformance-pack-rule",
        &[
            "INFORMATIONAL: Config rule VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "config-own-rule",
        &[
            "INFORMATIONAL: Config rule no-open-groups: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1)",
        ],
    ),
    (
        "config-iam-user",
        &[
            "INFORMATIONAL: Config rule access-keys-rotated: AIDAEXAMPLEUSERID0001 (111122223333/eu-west-1)",
        ],
    ),
    // CloudTrail, which knows no severities either.
    (
        "cloudtrail-authorize",
        &[
            "INFORMATIONAL: API call AuthorizeSecurityGroupIngress: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1), caused by arn:aws:sts::111122223333:assumed-role/Dev/alice",
        ],
    ),
    (
        "cloudtrail-authorize-by-name",
        &[
            "INFORMATIONAL: API call AuthorizeSecurityGroupIngress: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1), caused by arn:aws:sts::111122223333:assumed-role/Dev/alice",
        ],
    ),
    (
        "cloudtrail-modify",
        &[
            "INFORMATIONAL: API call ModifySecurityGroupRules: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1), caused by arn:aws:sts::111122223333:assumed-role/Dev/alice",
        ],
    ),
    (
        "cloudtrail-create",
        &[
            "INFORMATIONAL: API call CreateSecurityGroup: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1 (111122223333/eu-west-1), caused by arn:aws:sts::111122223333:assumed-role/Dev/alice",
        ],
    ),
    (
        "cloudtrail-denied",
        &[
            "ignored: AuthorizeSecurityGroupIngress: AWS turned the call down (Client.UnauthorizedOperation)",
        ],
    ),
    (
        "cloudtrail-our-own-revoke",
        &[
            "ignored: RevokeSecurityGroupIngress: it is our own doing, with role `arn:aws:iam::111122223333:role/kintsugi-ec2`",
        ],
    ),
    (
        "cloudtrail-bucket-policy",
        &["ignored: PutBucketPolicy: calls of `PutBucketPolicy` open nothing"],
    ),
    // What is for others.
    (
        "health-abuse",
        &[
            "unreadable: AWS Health Abuse Event: no reader for events of source `aws.health` and detail-type `AWS Health Abuse Event`",
        ],
    ),
    // Our own schedules.
    (
        "schedule",
        &["INFORMATIONAL: schedule sweep: AWS::::Account:111122223333 (111122223333/eu-west-1)"],
    ),
    (
        "schedule-by-rule",
        &["INFORMATIONAL: schedule sweep: AWS::::Account:111122223333 (111122223333/eu-west-1)"],
    ),
    ("batch-with-poison", &["unreadable: : the event cannot be read: missing field `detail-type`"]),
];

#[test]
fn every_event_is_read_as_what_it_says() {
    for (name, expected) in SAID.iter().chain(threats::SAID) {
        assert_eq!(told(&fixture(name)), *expected, "{name}");
    }
}

#[test]
fn no_event_is_left_out() {
    let names: BTreeSet<String> =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/events"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".json", ""))
            .collect();
    let listed: BTreeSet<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    let said: BTreeSet<String> =
        SAID.iter().chain(threats::SAID).map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, listed);
    assert_eq!(names, said);
}
