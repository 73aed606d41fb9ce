//! Made-up reports: a quarter, one with hostile names, one without anything, one that is very large.

mod rows;

use chrono::{Duration, TimeZone, Utc};
use remedy::{Severity, Timestamp};

use super::model::{
    Accepted, Ages, Ending, Numbers, OfAccount, OfControl, OfTeam, Open, Period, Recent, Records,
    Reopened, Repair, Report, Risk, Severities, Week,
};
use rows::{causes, oldest, records, reopened, repair};

/// What a shop with a dozen accounts could look like.
pub(super) fn quarter() -> Report {
    let at = now();
    let accounts = [
        ("210987654321", [3, 9, 14, 6, 1]),
        ("310987654322", [2, 6, 11, 9, 0]),
        ("410987654323", [0, 7, 9, 2, 2]),
        ("510987654324", [1, 2, 8, 5, 0]),
        ("610987654325", [0, 3, 6, 1, 0]),
        ("710987654326", [0, 1, 3, 4, 0]),
        ("810987654327", [0, 0, 4, 2, 1]),
        ("910987654328", [0, 1, 1, 1, 0]),
        ("110987654329", [0, 0, 1, 1, 0]),
        ("120987654330", [0, 0, 1, 0, 0]),
    ];
    let teams = [
        (Some("storefront"), [1, 8, 14, 8, 2]),
        (Some("payments"), [3, 10, 13, 6, 0]),
        (Some("data-platform"), [1, 5, 12, 9, 1]),
        (None, [1, 4, 9, 5, 1]),
        (Some("identity"), [0, 2, 6, 2, 0]),
        (Some("search"), [0, 0, 4, 1, 0]),
    ];
    let by_account = accounts
        .map(|(account, by)| {
            let by_severity = severities(by);
            OfAccount { account: account.to_owned(), total: by_severity.total(), by_severity }
        })
        .to_vec();
    let by_team = teams
        .map(|(team, by)| {
            let by_severity = severities(by);
            OfTeam { team: team.map(str::to_owned), total: by_severity.total(), by_severity }
        })
        .to_vec();
    let by_severity = severities([6, 29, 58, 31, 4]);
    Report {
        title: "Kintsugi".to_owned(),
        stack: "kintsugi-production".to_owned(),
        at,
        period: Period { from: monday(12), until: at, weeks: 13 },
        open: Open {
            total: by_severity.total(),
            asks: 9,
            by_severity,
            by_account,
            by_team,
            by_age: Ages {
                under_1_day: 11,
                under_7_days: 34,
                under_30_days: 41,
                under_90_days: 29,
                older: 13,
            },
            oldest: oldest(at),
        },
        records: records(),
        problems: Numbers { found: 1_684, repaired: 1_207, by_people: 296, held: 181 },
        recent: Recent {
            last: Numbers { found: 97, repaired: 71, by_people: 19, held: 12 },
            before: Some(Numbers { found: 118, repaired: 90, by_people: 14, held: 13 }),
        },
        repair: repair(),
        reopened: reopened(),
        causes: causes(),
        accepted: accepted(at),
        ending_total: 3,
        ending: ending(at),
        trend: trend(),
    }
}

/// The same, with names that would like to be more than text.
pub(super) fn hostile() -> Report {
    const SCRIPT: &str = "<script>alert('title')</script>";
    const IMAGE: &str = "\"><img src=x onerror=alert(1)>";
    let mut report = quarter();
    report.stack = String::from("kintsugi</code><iframe src=javascript:alert(2)>");
    report.open.by_account[0].account = String::from(IMAGE);
    report.open.by_team[0].team = Some("</text></svg><svg onload=alert(3)>".to_owned());
    report.open.by_team[1].team = Some("a-team-whose-name-has-no-end-".repeat(6));
    let first = &mut report.open.oldest[0];
    first.headline = format!("{SCRIPT} is the name of a bucket");
    first.resource = String::from("arn:aws:s3:::x'/><style>*{display:none}</style>");
    first.what = String::from("</span><base href=https://example.com/>");
    first.region = String::from("eu-\u{202e}lartnec\u{2066}-1");
    first.team = Some("one\ntwo\r\nthree\u{0007}".to_owned());
    report.reopened.most[0].owner = Some("terraform <b>web</b> & 'sons'".to_owned());
    report.reopened.most[0].caused_by = Some("<svg/onload=alert(4)>".to_owned());
    report.causes[0].what = String::from("<a href=\"javascript:alert(5)\">click</a>");
    if let Some(prevention) = &mut report.causes[0].prevention {
        prevention.link = Some("javascript:alert(6)//".to_owned());
        prevention.step = String::from("--></style><script>alert(7)</script>");
    }
    report.ending[0].why = String::from("<!-- until further notice");
    report.accepted.risks[0].why = String::from("<details open ontoggle=alert(8)>");
    report.accepted.risks[0].by = String::from("&lt;already escaped&gt; &amp;c");
    report.repair.by_control[0].control = String::from("<x onclick=alert(9)>");
    report.records.held_by_reason[0].words = String::from("\"><plaintext>");
    report
}

/// A first day on which nothing was found.
pub(super) fn nothing() -> Report {
    let at = now();
    Report {
        title: "Kintsugi".to_owned(),
        stack: "kintsugi".to_owned(),
        at,
        period: Period { from: monday(0), until: at, weeks: 1 },
        open: Open {
            total: 0,
            asks: 0,
            by_severity: Severities::default(),
            by_account: Vec::new(),
            by_team: Vec::new(),
            by_age: Ages::default(),
            oldest: Vec::new(),
        },
        records: Records::default(),
        problems: Numbers::default(),
        recent: Recent::default(),
        repair: Repair::default(),
        reopened: Reopened::default(),
        causes: Vec::new(),
        accepted: Accepted::default(),
        ending_total: 0,
        ending: Vec::new(),
        trend: vec![Week {
            week: "2026-W40".to_owned(),
            from: monday(0),
            found: 0,
            repaired: 0,
            by_people: 0,
            held: 0,
            open: 0,
        }],
    }
}

/// A hundred accounts, three hundred controls, and lists as long as they get.
pub(super) fn large() -> Report {
    let mut report = quarter();
    let account = report.open.by_account[0].clone();
    report.open.by_account = (0..100u64)
        .map(|n| OfAccount {
            account: format!("{:012}", 100_000_000_000 + n * 7_919),
            ..account.clone()
        })
        .collect();
    let control = report.repair.by_control[0].clone();
    report.repair.by_control = (0..300)
        .map(|n| OfControl { control: format!("Service{}.{n}", n % 40), ..control.clone() })
        .collect();
    report.reopened.most = (0..Report::LINES)
        .map(|n| report.reopened.most[n % report.reopened.most.len()].clone())
        .collect();
    report.accepted.risks = (0..Report::LINES)
        .map(|n| report.accepted.risks[n % report.accepted.risks.len()].clone())
        .collect();
    report.ending_total = 140;
    report.accepted.risks_total = 140;
    report.ending =
        (0..Report::LINES).map(|n| report.ending[n % report.ending.len()].clone()).collect();
    report.trend = (0..53).map(|n| report.trend[n % report.trend.len()].clone()).collect();
    report
}

fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 9, 30, 6, 0, 0).single().unwrap_or_default()
}

/// The Monday so many weeks before the report's week.
fn monday(weeks_ago: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 9, 28, 0, 0, 0).single().unwrap_or_default()
        - Duration::weeks(weeks_ago)
}

fn severities([critical, high, medium, low, informational]: [u64; 5]) -> Severities {
    Severities { critical, high, medium, low, informational }
}

fn accepted(at: Timestamp) -> Accepted {
    let by_severity = severities([0, 3, 7, 9, 0]);
    let risks = vec![
        Risk { why: "The partner's old VPN needs TLS 1.0 until its migration in October".to_owned(), by: "m.ferreira".to_owned(), until: Some(at + Duration::days(12)), problems: 3, severity: Severity::High, example: "arn:aws:elasticloadbalancing:eu-central-1:210987654321:loadbalancer/net/partner/8c1f".to_owned() },
        Risk { why: "Sandbox accounts are emptied every night".to_owned(), by: "platform".to_owned(), until: Some(at + Duration::days(92)), problems: 14, severity: Severity::Medium, example: "arn:aws:s3:::sandbox-17-scratch".to_owned() },
        Risk { why: "Public by design: the website's own bucket".to_owned(), by: "a.lindqvist".to_owned(), until: None, problems: 2, severity: Severity::Medium, example: "arn:aws:s3:::www.example.com".to_owned() },
    ];
    Accepted { total: by_severity.total(), by_severity, risks_total: risks.len() as u64, risks }
}

fn ending(at: Timestamp) -> Vec<Ending> {
    let rows = [
        (
            3,
            "arn:aws:ec2:eu-central-1:310987654322:security-group/sg-0d2b64f1a7c98e553",
            "j.okafor",
            "Load test by the supplier",
        ),
        (
            12,
            "partner-vpn",
            "m.ferreira",
            "The partner's old VPN needs TLS 1.0 until its migration in October",
        ),
        (
            27,
            "arn:aws:rds:eu-central-1:310987654322:db:reporting-2",
            "data-platform",
            "Moves into the private subnet with the next release",
        ),
    ];
    rows.into_iter()
        .map(|(days, what, by, why)| Ending {
            what: what.to_owned(),
            until: at + Duration::days(days) + Duration::hours(4),
            days,
            by: by.to_owned(),
            why: why.to_owned(),
        })
        .collect()
}

fn trend() -> Vec<Week> {
    let weeks = [
        (201, 118, 41, 38, 312),
        (188, 121, 30, 31, 301),
        (172, 119, 37, 24, 288),
        (164, 117, 26, 21, 279),
        (151, 112, 22, 19, 262),
        (176, 129, 28, 16, 255),
        (139, 104, 21, 17, 236),
        (128, 96, 24, 11, 221),
        (131, 99, 18, 15, 204),
        (120, 92, 20, 9, 189),
        (118, 90, 14, 13, 166),
        (109, 84, 21, 8, 141),
        (41, 32, 7, 5, 128),
    ];
    let first = 28;
    weeks
        .into_iter()
        .zip(0i64..)
        .map(|((found, repaired, by_people, held, open), n)| Week {
            week: format!("2026-W{}", first + n),
            from: monday(12 - n),
            found,
            repaired,
            by_people,
            held,
            open,
        })
        .collect()
}
