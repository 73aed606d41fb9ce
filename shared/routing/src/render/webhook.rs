//! A webhook: JSON whose shape is kept, signed with HMAC-SHA-256.

use hmac::{Hmac, KeyInit, Mac};
use runtime::{News, notice::clean};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Advice, Brief, Digest, Group, One, Said, Turn};

/// The version of the shape. Fields are only ever added to it.
pub const VERSION: &str = "1";

/// Bytes of a body at most.
const LONGEST: usize = 200_000;

/// The body: `version`, `kind` (`news` or `digest`), and what is said under that name.
///
/// Of news, `turn` says why it is said: `new`, `changed` (`from`), `back` (`times`), `reminder` and
/// `escalation` (`since`). `advice` may be null. Text in it comes from outside.
pub fn body(said: &Said<'_>) -> String {
    match said {
        Said::One(one) => {
            let whole = of_one(one, one.news);
            if whole.len() <= LONGEST {
                return whole;
            }
            let rooms = [(200, 1_000), (20, 500), (0, 100)];
            let all = rooms.map(|(lines, most)| of_one(one, &shortened(one.news, lines, most)));
            let last = all.last().cloned().unwrap_or_default();
            all.into_iter().find(|body| body.len() <= LONGEST).unwrap_or(last)
        }
        Said::Digest(digest) => {
            let rooms = [(1_000, Group::SHOWN), (500, 1), (100, 0)];
            let all = rooms.map(|(groups, some)| of_digest(digest, groups, some));
            let last = all.last().cloned().unwrap_or_default();
            all.into_iter().find(|body| body.len() <= LONGEST).unwrap_or(last)
        }
    }
}

/// The signature of a body: `v1=` and HMAC-SHA-256 of the time-stamp, a dot and the body, in hexadecimal.
pub fn signature(key: &[u8], timestamp: &str, body: &str) -> String {
    // Keys of any length are taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    for part in [timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    let digest = mac.finalize().into_bytes();
    digest.iter().fold("v1=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

#[derive(Serialize)]
struct OfOne<'a> {
    version: &'static str,
    kind: &'static str,
    turn: Value,
    news: &'a News,
    advice: Option<&'a Advice>,
}

#[derive(Serialize)]
struct OfGroup<'a> {
    severity: &'static str,
    outcome: String,
    about: String,
    count: usize,
    accounts: usize,
    some: &'a [Brief],
}

fn of_one(one: &One<'_>, news: &News) -> String {
    let body =
        OfOne { version: VERSION, kind: "news", turn: turn(&one.turn), news, advice: one.advice };
    serde_json::to_string(&body).unwrap_or_default()
}

fn of_digest(digest: &Digest, groups: usize, some: usize) -> String {
    let groups: Vec<_> = digest
        .groups
        .iter()
        .take(groups)
        .map(|group| OfGroup {
            severity: group.severity.label(),
            outcome: clean(&group.outcome, 40),
            about: clean(&group.about, 200),
            count: group.count,
            accounts: group.accounts,
            some: group.some.get(..some).unwrap_or(&group.some),
        })
        .collect();
    let digest = json!({"from": digest.from, "until": digest.until, "count": digest.count(), "groups": groups});
    json!({"version": VERSION, "kind": "digest", "digest": digest}).to_string()
}

fn turn(turn: &Turn) -> Value {
    match turn {
        Turn::New => json!({"kind": "new"}),
        Turn::Changed { from } => json!({"kind": "changed", "from": from}),
        Turn::Back { times } => json!({"kind": "back", "times": times}),
        Turn::Reminder { since } => json!({"kind": "reminder", "since": since}),
        Turn::Escalation { since } => json!({"kind": "escalation", "since": since}),
    }
}

/// Fewer lines, findings and tags. A part of a list of commands is no list of commands.
fn shortened(news: &News, lines: usize, most: usize) -> News {
    let mut news = news.clone();
    for text in
        [&mut news.headline, &mut news.resource, &mut news.id, &mut news.kind, &mut news.trigger]
    {
        *text = clean(text, most);
    }
    news.label = news.label.map(|label| clean(&label, most));
    news.findings.truncate(lines);
    news.tags = news.tags.into_iter().take(lines).collect();
    news.sections.truncate(lines);
    for section in &mut news.sections {
        let is_whole =
            section.lines.len() <= lines && section.lines.iter().all(|line| line.len() <= most);
        section.title = clean(&section.title, most);
        if !is_whole {
            section.commands = false;
            section.lines.truncate(lines);
            section.lines = section.lines.iter().map(|line| clean(line, most)).collect();
        }
    }
    news
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use remedy::Severity;
    use runtime::Stands;

    use super::super::sample;
    use super::*;

    #[test]
    fn a_signature_is_that_of_another_implementation() {
        // Computed with the hmac of Python.
        let made = signature(b"Jefe", "1764000000", "{\"version\":\"1\"}");
        assert_eq!(made, "v1=f98978879b690f86f72851732672d18b0cf6866ae64c8c6906b424428043a308");
        assert_ne!(made, signature(b"Jefe", "1764000001", "{\"version\":\"1\"}"));
        assert_ne!(made, signature(b"jefe", "1764000000", "{\"version\":\"1\"}"));
        assert_eq!(signature(&[0; 500], "", "").len(), 3 + 64);
    }

    #[test]
    fn news_are_told_with_why_they_are() {
        let (news, advice) = (sample::by_hand(), sample::advice());
        let turn = Turn::Changed { from: Stands::Fixed };
        let body = body(&Said::One(One { news: &news, turn, advice: Some(&advice) }));
        let body: Value = serde_json::from_str(&body).unwrap();
        let expected = json!({
            "version": "1",
            "kind": "news",
            "turn": {"kind": "changed", "from": "fixed"},
            "news": news,
            "advice": advice,
        });
        assert_eq!(body, expected);
        let expected = json!({
            "case": "c-bbbbbbbbbbbb",
            "at": "2026-11-24T10:00:00Z",
            "stands": "open",
            "outcome": "finding",
            "severity": "MEDIUM",
            "trigger": "Lambda.9",
            "resource": "arn:aws:lambda:eu-west-1:111122223333:function:web",
            "place": {"partition": "aws", "account": "111122223333", "region": "eu-west-1"},
            "findings": [{"ocsf": {"uid": "finding-2"}}],
            "headline": news.headline,
        });
        assert_eq!(body["news"], expected);
    }

    #[test]
    fn a_digest_has_its_groups() {
        let digest = sample::digest();
        let body: Value = serde_json::from_str(&body(&Said::Digest(digest.clone()))).unwrap();
        assert_eq!((&body["version"], &body["kind"]), (&json!("1"), &json!("digest")));
        assert_eq!(
            (&body["digest"]["count"], &body["digest"]["until"]),
            (&json!(100), &json!("2026-11-24T10:10:00Z"))
        );
        let group: &Group = &digest.groups[0];
        let expected = json!({
            "severity": "MEDIUM", "outcome": "fixed", "about": "s3/block_public_access",
            "count": 97, "accounts": 12, "some": group.some,
        });
        assert_eq!(body["digest"]["groups"][0], expected);
    }

    #[test]
    fn what_is_too_long_is_shortened_and_commands_are_never_cut() {
        let mut news = sample::fixed();
        for section in &mut news.sections {
            section.lines = vec!["x".repeat(900); 100];
        }
        news.severity = Severity::Low;
        let body = body(&Said::One(sample::one(&news)));
        assert!(body.len() <= LONGEST);
        let told: News =
            serde_json::from_value(serde_json::from_str::<Value>(&body).unwrap()["news"].clone())
                .unwrap();
        assert_eq!(told.sections.len(), 4);
        assert!(told.sections.iter().all(|section| !section.commands && section.lines.len() == 20));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn hostile_news_are_data(news in sample::hostile_news(), advice in sample::hostile_advice()) {
            let body = body(&Said::One(One { news: &news, turn: Turn::New, advice: Some(&advice) }));
            prop_assert!(body.len() <= LONGEST);
            let body: Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(&body["kind"], "news");
            prop_assert_eq!(&body["news"]["case"], &json!(news.case));
        }

        #[test]
        fn hostile_digests_are_data(digest in sample::hostile_digest()) {
            let count = digest.count();
            let body = body(&Said::Digest(digest));
            prop_assert!(body.len() <= LONGEST);
            let body: Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(&body["digest"]["count"], &json!(count));
        }
    }
}
