//! The longer lists of the made-up quarter.

use chrono::Duration;
use remedy::{Severity, Timestamp};
use runtime::Stands;

use super::super::model::{
    Cause, Drift, OfControl, Prevention, Problem, Reason, Records, Reopened, Repair, Times,
};

/// Days, severity, headline, what answers it, resource, team, Region, how it stands.
type Row = (
    i64,
    Severity,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    Stands,
);

const OLDEST: [Row; 8] = [
    (
        211,
        Severity::Medium,
        "Trail without log file validation",
        "CloudTrail.4",
        "arn:aws:cloudtrail:eu-central-1:210987654321:trail/legacy",
        None,
        "eu-central-1",
        Stands::Open,
    ),
    (
        164,
        Severity::High,
        "Database that anybody can reach",
        "rds-close-public-access",
        "arn:aws:rds:eu-central-1:310987654322:db:orders-archive",
        Some("storefront"),
        "eu-central-1",
        Stands::Asks,
    ),
    (
        151,
        Severity::High,
        "Access key that nobody turned for 400 days",
        "IAM.3",
        "arn:aws:iam::210987654321:user/nightly-export",
        Some("data-platform"),
        "eu-central-1",
        Stands::Open,
    ),
    (
        133,
        Severity::Medium,
        "Load balancer that still speaks plain HTTP",
        "ELB.1",
        "arn:aws:elasticloadbalancing:eu-west-1:410987654323:loadbalancer/app/shop/50dc6c495c0c9188",
        Some("storefront"),
        "eu-west-1",
        Stands::Open,
    ),
    (
        120,
        Severity::Critical,
        "Root user without a second factor",
        "IAM.9",
        "arn:aws:iam::510987654324:root",
        None,
        "us-east-1",
        Stands::Open,
    ),
    (
        118,
        Severity::Low,
        "Log group that keeps everything for ever",
        "cloudwatch-set-retention",
        "arn:aws:logs:eu-central-1:210987654321:log-group:/app/checkout",
        Some("payments"),
        "eu-central-1",
        Stands::Asks,
    ),
    (
        97,
        Severity::Critical,
        "Bucket that anybody can read",
        "s3-block-public-access",
        "arn:aws:s3:::acme-press-kit",
        Some("payments"),
        "eu-central-1",
        Stands::Asks,
    ),
    (
        96,
        Severity::High,
        "SSH open to the world",
        "ec2-close-risky-ports",
        "arn:aws:ec2:eu-central-1:210987654321:security-group/sg-0a91c7be4d2f6e810",
        Some("payments"),
        "eu-central-1",
        Stands::Asks,
    ),
];

pub(super) fn oldest(at: Timestamp) -> Vec<Problem> {
    OLDEST
        .into_iter()
        .enumerate()
        .map(|(n, (days, severity, headline, what, resource, team, region, stands))| Problem {
            case: format!("c-{:012x}", 0x3f8a_91c2_d4e0u64 + n as u64 * 0x1357_9bdf),
            stands,
            severity,
            headline: headline.to_owned(),
            what: what.to_owned(),
            account: resource
                .split(':')
                .nth(4)
                .filter(|part| !part.is_empty())
                .unwrap_or("210987654321")
                .to_owned(),
            region: region.to_owned(),
            resource: resource.to_owned(),
            team: team.map(str::to_owned),
            since: at - Duration::days(days),
            days,
        })
        .collect()
}

pub(super) fn records() -> Records {
    let reasons = [
        ("not-opted-in", "The resource does not carry the opt-in tag", 171),
        ("needs-approval", "A person must say yes first", 64),
        ("by-hand", "It is left to people on purpose", 58),
        ("outside-window", "Not within the hours in which changes are made", 37),
        ("made-by-iac", "CloudFormation would put it back", 29),
        ("exempt", "Exempt until a day", 12),
    ];
    let held_by_reason = reasons
        .map(|(reason, words, count)| Reason {
            reason: reason.to_owned(),
            words: words.to_owned(),
            count,
        })
        .to_vec();
    let held = held_by_reason.iter().map(|reason| reason.count).sum();
    let mut records = Records {
        repaired: 1_263,
        partly_repaired: 9,
        failed: 14,
        held,
        taken_back: 11,
        right: 402,
        gone: 57,
        unreadable: 6,
        ignored: 218,
        ordered: 33,
        under_way: 2,
        held_by_reason,
        ..Records::default()
    };
    records.total = records.repaired
        + records.partly_repaired
        + records.failed
        + records.held
        + records.taken_back
        + records.right
        + records.gone
        + records.unreadable
        + records.ignored
        + records.ordered
        + records.under_way;
    records
}

fn times(count: u64, median_seconds: u32, p90_seconds: u32) -> Option<Times> {
    (count > 0).then_some(Times { count, median_seconds, p90_seconds })
}

pub(super) fn repair() -> Repair {
    let controls = [
        ("EC2.18", times(311, 74, 190), times(22, 93_600, 511_200)),
        ("S3.8", times(204, 88, 260), times(31, 64_800, 432_000)),
        ("EC2.8", times(167, 95, 410), times(12, 172_800, 1_036_800)),
        ("CloudWatch.16", times(142, 61, 120), None),
        ("RDS.2", times(66, 1_260, 9_000), times(41, 259_200, 1_814_400)),
        ("KMS.4", times(58, 70, 155), times(4, 86_400, 345_600)),
        ("IAM.3", None, times(52, 604_800, 3_110_400)),
        ("Lambda.1", times(37, 83, 3_900), times(9, 21_600, 86_400)),
        ("SNS.1", times(29, 66, 140), None),
        ("ELB.1", None, times(18, 777_600, 2_937_600)),
        ("DynamoDB.2", times(17, 102, 330), times(1, 7_200, 7_200)),
    ];
    Repair {
        kintsugi: times(1_207, 81, 640),
        people: times(296, 198_000, 1_641_600),
        by_control: controls
            .map(|(control, kintsugi, people)| OfControl {
                control: control.to_owned(),
                kintsugi,
                people,
            })
            .to_vec(),
    }
}

pub(super) fn reopened() -> Reopened {
    let rows = [
        (
            "ec2-close-risky-ports",
            "210987654321",
            "arn:aws:ec2:eu-central-1:210987654321:security-group/sg-0a91c7be4d2f6e810",
            Some("payments"),
            14,
            Some("cloudformation stack checkout-network"),
            Some("role/deploy-pipeline"),
        ),
        (
            "s3-block-public-access",
            "310987654322",
            "arn:aws:s3:::acme-campaign-assets",
            Some("storefront"),
            6,
            Some("terraform workspace storefront-prod"),
            Some("role/terraform"),
        ),
        (
            "ec2-close-risky-ports",
            "410987654323",
            "arn:aws:ec2:eu-west-1:410987654323:security-group/sg-07b2f0c51d9e3a442",
            None,
            3,
            None,
            Some("user/j.okafor"),
        ),
        (
            "rds-close-public-access",
            "310987654322",
            "arn:aws:rds:eu-central-1:310987654322:db:reporting-2",
            Some("data-platform"),
            2,
            Some("cloudformation stack reporting"),
            None,
        ),
    ];
    let most: Vec<_> = rows
        .into_iter()
        .map(|(what, account, resource, team, times, owner, caused_by)| Drift {
            what: what.to_owned(),
            account: account.to_owned(),
            region: if resource.contains("eu-west-1") { "eu-west-1" } else { "eu-central-1" }
                .to_owned(),
            resource: resource.to_owned(),
            team: team.map(str::to_owned),
            times,
            owner: owner.map(str::to_owned),
            caused_by: caused_by.map(str::to_owned),
        })
        .collect();
    Reopened {
        problems: most.len() as u64,
        times: most.iter().map(|drift| drift.times).sum(),
        most,
    }
}

pub(super) fn causes() -> Vec<Cause> {
    let rows = [
        (
            "ec2-close-risky-ports",
            Severity::Critical,
            333,
            14,
            "IaC rule",
            "Refuse ingress from 0.0.0.0/0 to ports of administration in the template: cfn-guard or tfsec, before it is deployed.",
        ),
        (
            "s3-block-public-access",
            Severity::Critical,
            235,
            9,
            "SCP",
            "Turn Block Public Access on for the account and deny s3:PutAccountPublicAccessBlock to everybody but the platform's role.",
        ),
        (
            "ec2-require-imdsv2",
            Severity::High,
            179,
            6,
            "Account setting",
            "Make IMDSv2 the Region's default for new instances (ec2 modify-instance-metadata-defaults).",
        ),
        (
            "cloudwatch-set-retention",
            Severity::Low,
            142,
            11,
            "IaC rule",
            "Set RetentionInDays wherever a log group is declared, and declare the groups that functions would make by themselves.",
        ),
        (
            "rds-close-public-access",
            Severity::Critical,
            107,
            17,
            "SCP",
            "Deny rds:CreateDBInstance and rds:ModifyDBInstance where rds:PubliclyAccessible is true.",
        ),
        (
            "kms-turn-key-rotation-on",
            Severity::Medium,
            62,
            2,
            "IaC rule",
            "Set EnableKeyRotation on every symmetric key.",
        ),
        (
            "IAM.3",
            Severity::High,
            58,
            21,
            "SCP",
            "Deny iam:CreateAccessKey; people sign in through IAM Identity Center, machines take roles.",
        ),
        (
            "lambda-remove-public-policy",
            Severity::High,
            46,
            3,
            "SCP",
            "Deny lambda:AddPermission for a principal of * unless lambda:FunctionUrlAuthType is AWS_IAM.",
        ),
        ("sns-encrypt-topic", Severity::Medium, 29, 1, "IaC rule", "Set KmsMasterKeyId on topics."),
        ("ELB.1", Severity::Medium, 27, 12, "", ""),
    ];
    rows.into_iter()
        .map(|(what, severity, problems, open, kind, step)| Cause {
            what: what.to_owned(),
            severity,
            problems,
            open,
            prevention: (!kind.is_empty()).then(|| Prevention {
                kind: kind.to_owned(),
                step: step.to_owned(),
                link: (kind == "SCP").then(|| {
                    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html".to_owned()
                }),
            }),
        })
        .collect()
}
