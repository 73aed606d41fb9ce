use proptest::prelude::*;

use super::super::{expected::settings_of_jira, sample, text::allowed};
use super::*;
use crate::Turn;

/// Whether a node is as the Atlassian Document Format has it, of what is used of it.
fn is_node(node: &Value) -> bool {
    let kind = node["type"].as_str().unwrap();
    let inner: &[Value] = node["content"].as_array().map_or(&[], Vec::as_slice);
    let all = |kinds: &[&str]| {
        !inner.is_empty()
            && inner.iter().all(|n| kinds.contains(&n["type"].as_str().unwrap()) && is_node(n))
    };
    let fields = |names: &[&str]| {
        node.as_object().unwrap().keys().all(|key| key == "type" || names.contains(&key.as_str()))
    };
    match kind {
        "doc" => {
            let kinds = ["paragraph", "heading", "bulletList", "orderedList", "codeBlock"];
            node["version"] == 1 && all(&kinds) && fields(&["version", "content"])
        }
        "paragraph" => all(&["text"]) && fields(&["content"]),
        "heading" => all(&["text"]) && node["attrs"] == json!({"level": 4}),
        "bulletList" | "orderedList" => all(&["listItem"]) && fields(&["content"]),
        "listItem" => all(&["paragraph"]) && fields(&["content"]),
        "codeBlock" => {
            let plain = |text: &Value| text["marks"].is_null();
            all(&["text"]) && inner.len() == 1 && inner.iter().all(plain)
        }
        "text" => {
            let link = |mark: &Value| {
                let url = mark["attrs"]["href"].as_str();
                mark["type"] == "link" && url.and_then(allowed).is_some()
            };
            let marks = node["marks"].as_array().map_or(&[] as &[Value], Vec::as_slice);
            let text = node["text"].as_str().unwrap();
            !text.is_empty() && marks.iter().all(link) && fields(&["text", "marks"])
        }
        _ => false,
    }
}

fn is_document(document: &Value) -> bool {
    document["type"] == "doc" && is_node(document) && document.to_string().chars().count() <= 32_767
}

fn is_issue(issue: &Value) -> bool {
    let fields = &issue["fields"];
    let summary = fields["summary"].as_str().unwrap();
    let labels = fields["labels"].as_array().unwrap();
    let is_label = |label: &Value| {
        let label = label.as_str().unwrap();
        !label.contains(' ') && (1..=255).contains(&label.chars().count())
    };
    (1..=255).contains(&summary.chars().count())
        && !summary.contains('\n')
        && labels.iter().all(is_label)
        && is_document(&fields["description"])
}

#[test]
fn the_marker_is_a_label_and_the_search_finds_it() {
    assert_eq!(marker("c-0123456789ab"), "kintsugi-c-0123456789ab");
    assert_eq!(marker("c-1\" OR \"x"), "kintsugi-c-1ORx");
    assert_eq!(
        search("c-0123456789ab", "SEC\" OR \\"),
        "project = \"SEC\\\" OR \\\\\" AND labels = \"kintsugi-c-0123456789ab\" ORDER BY created ASC"
    );
}

#[test]
fn what_the_rules_do_not_say_is_left_to_jira() {
    let news = sample::by_hand();
    let jira = Jira { assignee: None, ..settings_of_jira() };
    let issue = issue(&sample::one(&news), &jira);
    assert_eq!(
        (&issue["fields"]["priority"], &issue["fields"]["assignee"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn the_checks_of_these_tests_can_fail() {
    let text = |text: &str, marks: Value| json!({"type": "text", "text": text, "marks": marks});
    let link = |url: &str| json!([{"type": "link", "attrs": {"href": url}}]);
    let document = |inline: Value| json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [inline]}]});
    assert!(is_document(&document(text("x", link("https://docs.aws.amazon.com/x")))));
    assert!(!is_document(&document(text("x", link("https://evil.example/")))));
    assert!(!is_document(&document(text("", json!([])))));
    assert!(!is_document(&document(text("x", json!([{"type": "strong"}])))));
    assert!(!is_document(&document(json!({"type": "mention"}))));
    assert!(!is_document(&document(text(&"x".repeat(33_000), json!([])))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_news_stay_text(news in sample::hostile_news(), advice in sample::hostile_advice()) {
        let one = One { news: &news, turn: Turn::Reminder { since: sample::at() }, advice: Some(&advice) };
        prop_assert!(is_issue(&issue(&one, &settings_of_jira())));
        prop_assert!(is_document(&comment(&one)["body"]));
    }
}
