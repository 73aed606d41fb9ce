use proptest::prelude::*;

use super::super::sample;
use super::*;
use crate::{One, Turn};

/// What SNS would refuse, or what would read badly.
fn faults(mail: &Mail) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{what}: {}", mail.subject));
        }
    };
    let subject = &mail.subject;
    must((1..=99).contains(&subject.len()), "a subject of 1 to 99");
    must(subject.bytes().all(|b| (b' '..=b'~').contains(&b)), "a subject of ASCII");
    must(!subject.starts_with(' '), "a subject that begins with no space");
    must(mail.text.len() <= LONGEST, "no more text than a message takes");
    must(!mail.text.chars().any(|c| c.is_control() && c != '\n'), "no control characters");
    must(!mail.text.contains("\n\n\n"), "no two empty lines");
    let prose =
        mail.text.lines().filter(|line| !line.starts_with("  ") && !line.starts_with("https://"));
    let is_narrow = |line: &str| line.chars().count() <= WIDTH || !line.contains(' ');
    must(prose.clone().all(is_narrow), "prose of 76 columns");
    faults
}

#[test]
fn commands_are_never_wrapped() {
    let mut news = sample::fixed();
    let command = format!("aws ec2 describe --filters {}", "a b ".repeat(100).trim_end());
    news.sections[3].lines = vec![command.clone()];
    let mail = message(&Said::One(sample::one(&news)));
    assert!(mail.text.lines().any(|line| line == format!("  {command}")));
    assert_eq!(faults(&mail), Vec::<String>::new());
}

#[test]
fn what_is_too_long_says_where_the_whole_is() {
    let mut news = sample::fixed();
    news.sections[3].lines =
        (0..500).map(|n| format!("aws ec2 revoke {n} {}", "x".repeat(100))).collect();
    news.sections[1].lines = vec!["y".repeat(490); 500];
    let mail = message(&Said::One(sample::one(&news)));
    assert_eq!(faults(&mail), Vec::<String>::new());
    assert!(mail.text.contains("\n  # ... and "), "{}", mail.text);
    assert!(mail.text.contains(" more, in record k-0123456789ab\n"));
    assert!(mail.text.contains("\n  kintsugi undo k-0123456789ab\n"));
}

#[test]
fn subjects_are_one_line_of_ascii() {
    for (headline, expected) in [
        ("Kintsugi repaired b\r\nBcc: evil", "[HIGH] Kintsugi repaired b  Bcc: evil"),
        ("b\u{fc}cket \u{202e}x.", "[HIGH] b?cket  x"),
        (" ", "[HIGH] Kintsugi has news"),
    ] {
        let mut news = sample::fixed();
        news.headline = headline.into();
        assert_eq!(message(&Said::One(sample::one(&news))).subject, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_news_make_a_mail(news in sample::hostile_news(), advice in sample::hostile_advice()) {
        let one = One { news: &news, turn: Turn::Reminder { since: sample::at() }, advice: Some(&advice) };
        prop_assert_eq!(faults(&message(&Said::One(one))), Vec::<String>::new());
    }

    #[test]
    fn hostile_digests_make_a_mail(digest in sample::hostile_digest()) {
        prop_assert_eq!(faults(&message(&Said::Digest(digest))), Vec::<String>::new());
    }
}
