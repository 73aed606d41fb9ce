use proptest::prelude::*;

use super::super::sample;
use super::*;
use crate::{One, Turn};

/// Every text of a value, and the names of its fields.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(all) => all.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// What a client of Amazon Q could refuse, or show as more than text.
fn faults(message: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let content = &message["content"];
    let is =
        |text: &Value, most: usize| (1..=most).contains(&text.as_str().unwrap().chars().count());
    must(message["version"] == "1.0" && message["source"] == "custom", "a custom notification");
    must(is(&content["title"], 250), "a title of 250");
    must(is(&content["description"], 8_000), "a description of 8,000");
    let all = |name: &str| content[name].as_array().unwrap().clone();
    must(all("nextSteps").iter().all(|step| is(step, 350)), "steps of 350");
    must(all("keywords").iter().all(|word| is(word, 75)), "keywords of 75");
    let more = message["metadata"]["additionalContext"].as_object().unwrap();
    must(more.values().all(Value::is_string), "a context of strings");
    for text in texts(message) {
        must(!text.contains(['<', '>']), "no mention or tag");
        let entities = ["&amp;", "&lt;", "&gt;"];
        let is_whole =
            |rest: &str| entities.iter().any(|entity| format!("&{rest}").starts_with(entity));
        must(text.split('&').skip(1).all(is_whole), "whole entities");
    }
    for step in all("nextSteps").iter().map(|step| step.as_str().unwrap()) {
        let mut prose = step.split('`').step_by(2);
        must(
            !prose.any(|text| text.contains(['*', '~', '[', ']', '|', '\\'])),
            "no markup in steps",
        );
    }
    let description = content["description"].as_str().unwrap();
    let mut is_code = false;
    for line in description.lines() {
        if line == "```" {
            is_code = !is_code;
        } else {
            must(!line.contains('`'), "no backtick within code or text");
            must(is_code || !line.contains(['*', '~', '[', ']', '|', '\\']), "no markup in prose");
            must(is_code || !line.starts_with('#'), "no heading");
        }
    }
    must(!is_code, "code that ends");
    faults
}

#[test]
fn what_a_client_reads_as_markup_becomes_its_look_alike() {
    for (given, expected) in [
        ("revoke tcp/22 from sg_1 of web_a", "revoke tcp/22 from sg_1 of web_a"),
        ("*b* _i_ ~s~ `c`", "\u{2217}b\u{2217} \u{ff3f}i\u{ff3f} \u{223c}s\u{223c} 'c'"),
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("[AWS](https[:]//e.x)", "\u{ff3b}AWS\u{ff3d}(https\u{ff3b}:\u{ff3d}//e.x)"),
        ("# a # b", "\u{ff03} a # b"),
    ] {
        assert_eq!(calm(given), expected);
    }
}

#[test]
fn no_entity_is_cut_in_half() {
    assert_eq!(cut("abcdef&lt;ghi", 12), "abcdef...");
    assert_eq!(cut("abcdef&lt;ghi", 13), "abcdef&lt;ghi");
    assert_eq!(cut("ab&lt;cdefghi", 12), "ab&lt;cde...");
}

#[test]
fn a_command_that_could_end_the_code_is_not_shown() {
    let lines = ["aws x", "aws y '```'"]
        .map(|text| super::super::sheet::Line { text: text.into(), link: None });
    let part = Part { title: "By hand:".into(), kind: Kind::Commands, lines: lines.into() };
    assert_eq!(fence(&part, "record k-1"), ["```", "aws x", "# ... in record k-1", "```"]);
}

#[test]
fn the_checks_of_these_tests_can_fail() {
    let news = sample::fixed();
    let good = message(&Said::One(sample::one(&news)));
    assert_eq!(faults(&good), Vec::<String>::new());
    for (field, text) in [
        ("title", "<!channel>".to_owned()),
        ("title", "a & b".into()),
        ("title", "x".repeat(251)),
        ("description", String::new()),
        ("description", "*b*".into()),
        ("description", "```\nx".into()),
        ("description", "# x".into()),
    ] {
        let mut message = good.clone();
        message["content"][field] = text.into();
        assert_eq!(faults(&message).len(), 1, "{message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_news_stay_text(news in sample::hostile_news(), advice in sample::hostile_advice()) {
        let one = One { news: &news, turn: Turn::Reminder { since: sample::at() }, advice: Some(&advice) };
        prop_assert_eq!(faults(&message(&Said::One(one))), Vec::<String>::new());
    }

    #[test]
    fn hostile_digests_stay_text(digest in sample::hostile_digest()) {
        prop_assert_eq!(faults(&message(&Said::Digest(digest))), Vec::<String>::new());
    }
}
