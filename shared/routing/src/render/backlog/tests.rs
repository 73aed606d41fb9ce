use proptest::prelude::*;

use super::super::{expected::settings_of_backlog, sample, text::allowed};
use super::*;
use crate::Turn;

/// What Backlog's notation or Markdown would read as more than text.
fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut before = "";
    for line in text.lines() {
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{what}: {line}"));
            }
        };
        if let Some(command) = line.strip_prefix("    ") {
            must(
                !NOTATION.iter().any(|notation| command.contains(notation)),
                "notation in a command",
            );
            must(command.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#'), "a command");
            must(before.is_empty() || before.starts_with("    "), "code after an empty line");
        } else {
            let markup = ['*', '`', '|', '<', '>', '[', ']', '{', '}', '~', '\\'];
            let is_entity = |word: &str| {
                word.split('&')
                    .skip(1)
                    .any(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '#'))
            };
            let is_markup = |word: &str| {
                word.contains(markup)
                    || is_entity(word)
                    || ["''", "%%"].iter().any(|twice| word.contains(twice))
            };
            let links = |word: &&str| !word.contains("://");
            let words: Vec<_> = line.split(' ').filter(links).collect();
            must(!words.iter().any(|word| is_markup(word)), "markup");
            let mut urls = line.split(' ').filter(|word| word.contains("://"));
            must(
                urls.all(|url| {
                    allowed(url.trim_matches(['(', ')', ',', '.', ';', ':', '"'])).is_some()
                }),
                "a link",
            );
            must(!line.starts_with(['#', '+', '=', '*']), "a heading");
        }
        before = line;
    }
    faults
}

#[test]
fn what_either_notation_reads_as_markup_becomes_its_look_alike() {
    for (given, expected) in [
        ("revoke tcp/22 from sg-1 of a_b", "revoke tcp/22 from sg-1 of a_b"),
        (
            "[[AWS>x]] ''b''",
            "\u{ff3b}\u{ff3b}AWS\u{ff1e}x\u{ff3d}\u{ff3d} \u{ff07}\u{ff07}b\u{ff07}\u{ff07}",
        ),
        ("- # *x", "\u{ff0d} # \u{ff0a}x"),
        ("#image(x) &br; {code}", "\u{ff03}image(x) \u{ff06}br; \u{ff5b}code\u{ff5d}"),
        ("a & b's 100%", "a & b's 100%"),
        ("_i_", "\u{ff3f}i\u{ff3f}"),
    ] {
        assert_eq!(still(given), expected);
    }
}

#[test]
fn a_command_with_notation_in_it_is_in_the_record() {
    let mut news = sample::fixed();
    news.sections[3].lines = vec!["aws x --text ''".into(), "aws y".into(), "'' z".into()];
    let text = text(&sample::one(&news));
    assert!(
        text.contains("    # ... in record k-0123456789ab\n    aws y\n    # ... in record"),
        "{text}"
    );
}

#[test]
fn no_text_from_outside_is_taken_for_the_marker_of_another_case() {
    let mut news = sample::by_hand();
    news.headline = "kintsugi-c-0123456789ab".into();
    let form = issue(&sample::one(&news), &settings_of_backlog());
    let (_, description) = form.iter().find(|(name, _)| name == "description").unwrap();
    assert_eq!(description.matches("kintsugi-c-").count(), 1);
    assert!(description.ends_with("\nkintsugi-c-bbbbbbbbbbbb"), "{description}");
}

#[test]
fn priorities_are_the_rules_or_the_usual_ones() {
    let mut news = sample::by_hand();
    let mut backlog = settings_of_backlog();
    backlog.priorities.insert(Severity::Medium, 2);
    for (severity, expected) in [
        (Severity::Critical, "2"),
        (Severity::High, "2"),
        (Severity::Medium, "2"),
        (Severity::Low, "4"),
        (Severity::Informational, "4"),
    ] {
        news.severity = severity;
        let form = issue(&sample::one(&news), &backlog);
        let priority = form.iter().find(|(name, _)| name == "priorityId").unwrap();
        assert_eq!(priority.1, expected, "{severity}");
    }
}

#[test]
fn the_checks_of_these_tests_can_fail() {
    for text in [
        "x [[y]]",
        "# x",
        "see https://evil.example",
        "text\n    code",
        "    aws x ''",
        "    - x",
        "a &br; b",
        "''b''",
    ] {
        assert_ne!(faults(text), Vec::<String>::new(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_news_stay_text(news in sample::hostile_news(), advice in sample::hostile_advice()) {
        let one = One { news: &news, turn: Turn::Reminder { since: sample::at() }, advice: Some(&advice) };
        let form = issue(&one, &settings_of_backlog());
        let field = |name: &str| form.iter().find(|(field, _)| field == name).map(|(_, value)| value).unwrap();
        prop_assert!((1..=255).contains(&field("summary").chars().count()));
        prop_assert!(!field("summary").contains('\n'));
        let description = field("description");
        prop_assert!(description.chars().count() <= 31_000);
        prop_assert!(description.ends_with(&marker(&news.case)));
        prop_assert_eq!(faults(description), Vec::<String>::new());
        prop_assert_eq!(faults(&comment(&one)[0].1), Vec::<String>::new());
    }
}
