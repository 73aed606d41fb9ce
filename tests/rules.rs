//! The rules that documents and the demo show are rules.

use std::{fmt::Write, fs};

use catalog::entries;
use remedy::check;
use routing::{Known, Rules};

use crate::generated::{path, read};

fn assert_is_fine(name: &str, text: &str) {
    let remediations: Vec<&str> = entries().map(|entry| entry.spec.id).collect();
    let known = Known { remediations: &remediations };
    match Rules::check(text, &known, check::now()) {
        Ok(checked) => assert_eq!(checked.warnings, [], "{name}"),
        Err(wrong) => panic!("{name}: {wrong}\n{text}"),
    }
}

#[test]
fn the_worked_rules_can_be_pushed_as_they_are() {
    let files = fs::read_dir(path("docs/rules")).unwrap().map(|file| file.unwrap().file_name());
    let names: Vec<_> = files.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(!names.is_empty());
    for name in names {
        assert_is_fine(&name, &read(&format!("docs/rules/{name}")));
    }
}

#[test]
fn the_rules_in_the_documents_are_rules() {
    let text = read("docs/notifications.md");
    let blocks: Vec<_> = text.split("```toml\n").skip(1).collect();
    assert!(blocks.len() > 3, "there are some");
    for block in blocks {
        let block = block.split("```").next().unwrap_or_default();
        // What a block speaks of stands elsewhere: channels of these names.
        let known = ["security", "tickets", "on-call"];
        let mut text = String::new();
        for name in known.iter().filter(|name| !block.contains(&format!("[channels.{name}]"))) {
            let _ = write!(text, "[channels.{name}]\nkind = \"mail\"\n\n");
        }
        text += block;
        text += "\n[[routes]]\nto = [\"security\", \"tickets\", \"on-call\"]\n";
        for line in block.lines().filter_map(|line| line.strip_prefix("[channels.")) {
            let name = line.trim_end_matches(']');
            if !known.contains(&name) {
                let _ = write!(text, "\n[[routes]]\nto = [\"{name}\"]\n");
            }
        }
        assert_is_fine("docs/notifications.md", &text);
    }
}

#[test]
fn the_rules_of_the_demo_are_rules() {
    let rules = read("tests/stage/src/bin/demo/rules.toml");
    let local = [
        ("{slack}", "slack/api"),
        ("{jira}", "jira"),
        ("{backlog}", "backlog"),
        ("{webhook}", "webhook"),
    ];
    let rules = local.iter().fold(rules, |rules, (mark, place)| {
        rules.replace(mark, &format!("http://127.0.0.1:9000/{place}"))
    });
    assert_is_fine("the demo's", &rules);
}
