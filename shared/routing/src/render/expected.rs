//! What each channel is told of typical news, whole: the files in `expected/`.

use std::collections::{BTreeMap, BTreeSet};

use remedy::{Severity, Timestamp};
use serde_json::Value;

use super::{backlog, chat, jira, mail, sample, slack};
use crate::{Backlog, Jira, One, Said, Turn};

macro_rules! expected {
    ($name:literal) => {
        ($name, include_str!(concat!("expected/", $name)))
    };
}

pub(super) fn settings_of_jira() -> Jira {
    Jira {
        site: "https://example.atlassian.net".into(),
        secret: "kintsugi/jira".into(),
        project: "SEC".into(),
        issue_type: "Task".into(),
        priorities: BTreeMap::from([(Severity::High, "High".into())]),
        assignee: Some("5b10a2844c20165700ede21g".into()),
        labels: BTreeSet::from(["cloud security".into()]),
        close: None,
        reopen: None,
    }
}

pub(super) fn settings_of_backlog() -> Backlog {
    Backlog {
        site: "https://example.backlog.com".into(),
        secret: "kintsugi/backlog".into(),
        project: 7,
        issue_type: 8,
        priorities: BTreeMap::from([(Severity::Low, 4)]),
        assignee: Some(9),
        categories: vec![10, 11],
        close: Some(4),
        reopen: 1,
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn letter(mail: &mail::Mail) -> String {
    format!("Subject: {}\n\n{}", mail.subject, mail.text)
}

fn form(fields: &[(String, String)]) -> String {
    let lines: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.join("\n") + "\n"
}

#[test]
fn every_channel_shows_typical_news_like_this() {
    let since: Timestamp = sample::at();
    let (fixed, asks, by_hand) = (sample::fixed(), sample::asks(), sample::by_hand());
    let advice = sample::advice();
    let fixed = sample::one(&fixed);
    let asks = One { turn: Turn::Escalation { since }, ..sample::one(&asks) };
    let by_hand = One { turn: Turn::Back { times: 2 }, news: &by_hand, advice: Some(&advice) };
    let digest = Said::Digest(sample::digest());
    let (to_jira, to_backlog) = (settings_of_jira(), settings_of_backlog());
    let all = [
        (expected!("fixed.slack.json"), pretty(&slack::message(&Said::One(fixed.clone())))),
        (expected!("fixed.slack-reply.json"), pretty(&slack::reply(&fixed))),
        (expected!("asks.slack.json"), pretty(&slack::message(&Said::One(asks.clone())))),
        (expected!("by-hand.slack.json"), pretty(&slack::message(&Said::One(by_hand.clone())))),
        (expected!("digest.slack.json"), pretty(&slack::message(&digest))),
        (expected!("fixed.chat.json"), pretty(&chat::message(&Said::One(fixed.clone())))),
        (expected!("asks.chat.json"), pretty(&chat::message(&Said::One(asks.clone())))),
        (expected!("by-hand.chat.json"), pretty(&chat::message(&Said::One(by_hand.clone())))),
        (expected!("digest.chat.json"), pretty(&chat::message(&digest))),
        (expected!("fixed.mail.txt"), letter(&mail::message(&Said::One(fixed.clone())))),
        (expected!("asks.mail.txt"), letter(&mail::message(&Said::One(asks.clone())))),
        (expected!("by-hand.mail.txt"), letter(&mail::message(&Said::One(by_hand.clone())))),
        (expected!("digest.mail.txt"), letter(&mail::message(&digest))),
        (expected!("fixed.jira.json"), pretty(&jira::issue(&fixed, &to_jira))),
        (expected!("asks.jira-comment.json"), pretty(&jira::comment(&asks))),
        (expected!("by-hand.jira.json"), pretty(&jira::issue(&by_hand, &to_jira))),
        (expected!("fixed.backlog.txt"), form(&backlog::issue(&fixed, &to_backlog))),
        (expected!("asks.backlog-comment.txt"), form(&backlog::comment(&asks))),
        (expected!("by-hand.backlog.txt"), form(&backlog::issue(&by_hand, &to_backlog))),
    ];
    let mut wrong = Vec::new();
    for ((name, expected), made) in &all {
        let json = |text: &str| serde_json::from_str::<Value>(text).ok();
        // The order of fields is no matter.
        if made != expected && (json(made).is_none() || json(made) != json(expected)) {
            wrong.push(format!("=== {name}\n{made}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
