//! News as it typically is, and as it may be at worst.

use std::collections::BTreeMap;

use proptest::prelude::*;
use remedy::{Finding, Place, Severity, Timestamp};
use runtime::{News, Section, Stands};

use crate::{Advice, Brief, Digest, Group, One, Turn};

pub(super) fn at() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn section(title: &str, lines: &[&str], commands: bool) -> Section {
    let lines = lines.iter().map(|line| (*line).into()).collect();
    Section { title: title.into(), lines, commands }
}

pub(super) fn one(news: &News) -> One<'_> {
    One { news, turn: Turn::New, advice: None }
}

/// A repair that was made.
pub(super) fn fixed() -> News {
    News {
        case: "c-0123456789ab".into(),
        at: at(),
        stands: Stands::Fixed,
        outcome: "fixed".into(),
        severity: Severity::High,
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.18".into(),
        kind: "security group".into(),
        id: "sg-1".into(),
        label: Some("web <b>".into()),
        resource: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1".into(),
        place: Some(Place::new("111122223333", "eu-west-1")),
        link: Some("https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-1".into()),
        tags: BTreeMap::from([("team".into(), "shop".into())]),
        record: Some("k-0123456789ab".into()),
        findings: vec![Finding::Asff { id: "finding-1".into(), product: "product".into() }],
        headline: "Kintsugi repaired security group sg-1 \"web <b>\" in 111122223333/eu-west-1.".into(),
        sections: vec![
            section("Because of EC2.18 (HIGH): Security groups should only allow authorized ports", &["finding finding-1"], false),
            section("Changed:", &["revoke tcp/22 from 0.0.0.0/0", "revoke tcp/22 from ::/0"], false),
            section("To take it back:", &["kintsugi undo k-0123456789ab"], true),
            section("Or by hand:", &["aws ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions '[{\"IpProtocol\":\"tcp\",\"FromPort\":22,\"ToPort\":22}]'"], true),
        ],
    }
}

/// One that waits for an answer.
pub(super) fn asks() -> News {
    News {
        case: "c-aaaaaaaaaaaa".into(),
        stands: Stands::Asks,
        outcome: "held".into(),
        severity: Severity::Critical,
        record: Some("k-aaaaaaaaaaaa".into()),
        findings: Vec::new(),
        headline: "Kintsugi asks whether to repair security group sg-1 in 111122223333/eu-west-1."
            .into(),
        label: None,
        sections: vec![
            section("Because of EC2.18 (CRITICAL)", &[], false),
            section(
                "Nothing was changed, because:",
                &["- it needs a person's consent: it is attached to 3 interfaces"],
                false,
            ),
            section("Would change:", &["revoke tcp/22 from 0.0.0.0/0"], false),
            section(
                "To approve it, until 2026-11-25 10:00 UTC:",
                &["kintsugi approve k-aaaaaaaaaaaa"],
                true,
            ),
            section("To have it left alone:", &["kintsugi reject k-aaaaaaaaaaaa"], true),
        ],
        ..fixed()
    }
}

/// A finding that nobody repairs.
pub(super) fn by_hand() -> News {
    News {
        case: "c-bbbbbbbbbbbb".into(),
        at: at(),
        stands: Stands::Open,
        outcome: "finding".into(),
        severity: Severity::Medium,
        remediation: String::new(),
        trigger: "Lambda.9".into(),
        kind: String::new(),
        id: String::new(),
        label: None,
        resource: "arn:aws:lambda:eu-west-1:111122223333:function:web".into(),
        place: Some(Place::new("111122223333", "eu-west-1")),
        link: None,
        tags: BTreeMap::new(),
        record: None,
        findings: vec![Finding::Ocsf { uid: "finding-2".into() }],
        headline:
            "Lambda.9: arn:aws:lambda:eu-west-1:111122223333:function:web in 111122223333/eu-west-1"
                .into(),
        sections: Vec::new(),
    }
}

pub(super) fn advice() -> Advice {
    Advice {
        by: "amazon.nova-lite-v1:0".into(),
        text: "The function has no tracing.".into(),
        steps: vec!["Open the function.".into(), "Turn on active tracing.".into()],
        link: Some(
            "https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html".into(),
        ),
    }
}

/// A hundred in ten minutes: 97 alike, and 3.
pub(super) fn digest() -> Digest {
    let brief = |about: &str, headline: &str, n: usize| Brief {
        case: format!("c-{n:012}"),
        at: at(),
        severity: Severity::Medium,
        outcome: "fixed".into(),
        about: about.into(),
        account: "111122223333".into(),
        headline: format!("{headline}{n}."),
        link: (about != "Lambda.9")
            .then(|| format!("https://s3.console.aws.amazon.com/s3/buckets/b-{n}")),
        record: (about != "Lambda.9").then(|| format!("k-{n:012}")),
    };
    let group =
        |severity, outcome: &str, about: &str, headline: &str, count, accounts, shown| Group {
            severity,
            outcome: outcome.into(),
            about: about.into(),
            count,
            accounts,
            some: (1..=shown).map(|n| brief(about, headline, n)).collect(),
        };
    Digest {
        from: at(),
        until: at() + chrono::TimeDelta::minutes(10),
        groups: vec![
            group(
                Severity::Medium,
                "fixed",
                "s3/block_public_access",
                "Kintsugi repaired bucket b-",
                97,
                12,
                2,
            ),
            group(Severity::Low, "finding", "Lambda.9", "Lambda.9: function f-", 3, 1, 3),
        ],
    }
}

/// Text that wants to be more than text.
const BAITS: [&str; 12] = [
    "<!channel> <@U1> <https://evil.example|AWS>",
    "*bold* _slanted_ ~struck~ `code` ```fence```",
    "[AWS](https://evil.example) ![x](http://evil.example/x.png)",
    "[[AWS>https://evil.example]] ''x'' %%y%% &color(red) { z }",
    "{code} {quote} #image(https://evil.example/x.png) &br;",
    "# heading\n* item\n> quote\n| a | b |",
    "\"},{\"type\":\"link\",\"url\":\"https://evil.example\"",
    "</script><img src=x onerror=alert(1)>",
    "line\r\nSubject: forged\u{202e}\u{200b}",
    "&lt;!channel&gt; &amp; \\<!here>",
    "www.evil.example https://console.aws.amazon.com@evil.example/ ftp://e.x",
    "\u{1f600}\u{e9}\u{5b57}",
];

fn hostile() -> impl Strategy<Value = String> {
    let bait = proptest::sample::select(BAITS.to_vec());
    prop_oneof![
        Just(String::new()),
        bait.prop_map(str::to_owned),
        ".{0,80}",
        "[ -~]{0,80}",
        (proptest::sample::select(BAITS.to_vec()), 1usize..20).prop_map(|(bait, n)| bait.repeat(n)),
    ]
}

fn hostiles(most: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(hostile(), 0..most)
}

fn sections() -> impl Strategy<Value = Vec<Section>> {
    let section = || {
        (hostile(), hostiles(8), any::<bool>()).prop_map(|(title, lines, commands)| Section {
            title,
            lines,
            commands,
        })
    };
    prop_oneof![5 => proptest::collection::vec(section(), 0..8), 1 => proptest::collection::vec(section(), 40..50)]
}

/// News all of whose text is hostile.
pub(super) fn hostile_news() -> impl Strategy<Value = News> {
    let severity =
        proptest::sample::select(vec![Severity::Informational, Severity::Low, Severity::Critical]);
    let stands = proptest::sample::select(vec![Stands::Open, Stands::Asks, Stands::Notice]);
    (
        severity,
        stands,
        proptest::collection::vec(hostile(), 11),
        hostiles(12),
        sections(),
        any::<bool>(),
    )
        .prop_map(|(severity, stands, texts, more, sections, has_record)| {
            let text = |n: usize| texts[n].clone();
            News {
                case: text(0),
                at: at(),
                stands,
                outcome: text(1),
                severity,
                remediation: text(2),
                trigger: text(3),
                kind: text(4),
                id: text(5),
                label: Some(text(6)),
                resource: text(7),
                place: None,
                link: Some(format!("https://eu-west-1.console.aws.amazon.com/{}", text(8))),
                tags: more.iter().map(|text| (text.clone(), text.clone())).collect(),
                record: has_record.then(|| text(9)),
                findings: more.into_iter().map(|uid| Finding::Ocsf { uid }).collect(),
                headline: text(10),
                sections,
            }
        })
}

/// Advice of a model that was talked over.
pub(super) fn hostile_advice() -> impl Strategy<Value = Advice> {
    (hostile(), hostile(), hostiles(25), proptest::option::of(hostile()))
        .prop_map(|(by, text, steps, link)| Advice { by, text, steps, link })
}

/// A digest of such.
pub(super) fn hostile_digest() -> impl Strategy<Value = Digest> {
    let brief = || {
        (hostile(), hostile(), hostile()).prop_map(|(headline, link, record)| Brief {
            case: "c-1".into(),
            at: at(),
            severity: Severity::High,
            outcome: "fixed".into(),
            about: "x".into(),
            account: String::new(),
            headline,
            link: Some(link),
            record: Some(record),
        })
    };
    let group = || {
        (hostile(), hostile(), proptest::collection::vec(brief(), 0..8), 0usize..5_000).prop_map(
            |(outcome, about, some, more)| Group {
                severity: Severity::High,
                outcome,
                about,
                count: some.len() + more,
                accounts: more,
                some,
            },
        )
    };
    prop_oneof![5 => proptest::collection::vec(group(), 0..8), 1 => proptest::collection::vec(group(), 60..80)].prop_map(|groups| Digest {
        from: at(),
        until: at(),
        groups,
    })
}
