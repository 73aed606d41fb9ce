//! What is generated from the catalog stands in the files as the catalog says. `make generate` rewrites
//! it; these tests only compare.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use crate::holds::{Reason, is_told, lifted_by, reasons};
use catalog::FUNCTIONS;
use remedy::{Action, Entry, Guard, Parameter, Trigger, patterns, policies};
use serde_json::{Map, Value};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_default()
}

/// Fails if the file is stale; `make generate` refreshes it.
#[track_caller]
fn assert_file(name: &str, expected: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(name), expected).expect("the checkout can be written");
    }
    let hint = "is not in step with the catalog: run `make generate` and look at the difference";
    assert!(read(name) == expected, "{name} {hint}");
}

/// `text` with the block that stands between `# generated: NAME` and `# end generated` replaced, at the
/// indentation of the first line.
fn with_block(text: &str, name: &str, block: &str) -> String {
    let mark = format!("# generated: {name}\n");
    let (before, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("no block {name}"));
    let indent = before.len() - before.trim_end_matches(' ').len();
    let (_, after) = rest.split_once("# end generated\n").expect("the block ends");
    let margin = " ".repeat(indent);
    let block = block.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{margin}{line}");
        out
    });
    format!("{before}{mark}{block}{margin}# end generated\n{after}")
}

#[test]
fn the_templates_blocks_are_in_step_with_the_catalog() {
    let mut text = read("template.yaml");
    for (function, entries) in FUNCTIONS {
        let acting = entries.iter().flat_map(Entry::acting);
        text = with_block(&text, &format!("{function} policy"), &policy(function, acting));
        for (name, pattern) in patterns(entries) {
            text = with_block(&text, &format!("{function} pattern {name}"), &laid_out(&pattern, 0));
        }
    }
    let undoing = catalog::entries().flat_map(Entry::undoing);
    text = with_block(&text, "respond policy", &policy("respond", undoing));
    assert_file("template.yaml", &text);
}

#[test]
fn the_member_role_may_do_what_the_functions_may() {
    let mut text = read("member.yaml");
    for (function, entries) in FUNCTIONS {
        let acting: Vec<_> = entries.iter().flat_map(Entry::acting_elsewhere).collect();
        let block = format!("{function} policy");
        match acting.is_empty() {
            true => assert!(!text.contains(&format!("# generated: {block}\n")), "{block}"),
            false => text = with_block(&text, &block, &policy(function, acting.into_iter())),
        }
    }
    let undoing = catalog::entries().flat_map(Entry::undoing_elsewhere);
    text = with_block(&text, "respond policy", &policy("respond", undoing));
    assert_file("member.yaml", &text);
}

#[test]
fn each_condition_has_a_policy_of_its_own_and_none_is_lost() {
    let template = read("template.yaml");
    let acting = |(function, entries): &(&'static str, &'static [Entry])| {
        (*function, entries.iter().flat_map(Entry::acting).collect())
    };
    let undoing: Vec<_> = catalog::entries().flat_map(Entry::undoing).collect();
    for (function, actions) in FUNCTIONS.iter().map(acting).chain([("respond", undoing)]) {
        let text = policy(function, actions.iter().copied());
        let conditions: BTreeSet<_> = actions.iter().filter_map(|action| action.when).collect();
        assert_eq!(text.matches("PolicyName").count(), 1 + conditions.len(), "{function}");
        for condition in conditions {
            assert!(text.contains(&format!("- !If\n  - {condition}\n")), "{function} {condition}");
            assert!(
                template.contains(&format!("\n  {condition}: !")),
                "{condition} is no condition"
            );
        }
        let statements: BTreeSet<_> = actions.iter().collect();
        assert_eq!(text.matches("\"Sid\"").count(), statements.len(), "{function}");
    }
}

#[test]
fn no_function_that_acts_by_itself_may_do_what_only_undoing_needs() {
    for file in ["template.yaml", "member.yaml"] {
        let text = read(file);
        for (function, entries) in FUNCTIONS {
            let Some((_, block)) = text.split_once(&format!("# generated: {function} policy\n"))
            else {
                continue;
            };
            let (block, _) = block.split_once("# end generated\n").expect("the block ends");
            // What is there always, then each condition's.
            let mut parts = block.split("- !If\n");
            let always = parts.next().map(|part| (None, part));
            let part = |part| str::split_once(part, '\n').expect("a condition and its policy");
            let under = parts.map(part).map(|(when, part)| (when.trim().strip_prefix("- "), part));
            for (when, part) in always.into_iter().chain(under) {
                let acting: BTreeSet<_> = entries.iter().flat_map(Entry::acting).collect();
                let is_acting = |name| acting.iter().any(|a| a.name == name && a.when == when);
                for name in catalog::entries().flat_map(|entry| entry.undoes).map(|a| a.name) {
                    let has = part.contains(&format!("\"Action\": \"{name}\""));
                    assert!(!has || is_acting(name), "{file}: {function}, {when:?}: {name}");
                }
            }
        }
    }
}

/// Policies of a role, as text: the opt-in tag's key is a parameter, and `CloudFormation` computes no
/// keys of a map.
fn policy<'a>(function: &str, actions: impl Iterator<Item = &'a Action>) -> String {
    let mut out = String::new();
    for (when, document) in policies(actions) {
        let (name, margin) = match when {
            None => (function.to_owned(), ""),
            Some(condition) => {
                let _ = writeln!(out, "- !If\n  - {condition}");
                (format!("{function}-{condition}"), "  ")
            }
        };
        let text = laid_out(&document, 0);
        let sub = if text.contains("${") { " !Sub |" } else { "" };
        let _ = writeln!(out, "{margin}- PolicyName: {name}\n{margin}  PolicyDocument:{sub}");
        for line in text.lines() {
            let _ = writeln!(out, "{margin}    {line}");
        }
        if when.is_some() {
            let _ = writeln!(out, "  - !Ref AWS::NoValue");
        }
    }
    out
}

/// JSON, with what is short on one line.
fn laid_out(value: &Value, depth: usize) -> String {
    const WIDTH: usize = 76;
    let flat = flat(value);
    if flat.len() + depth * 2 <= WIDTH {
        return flat;
    }
    let (open, close, items): (_, _, Vec<String>) = match value {
        Value::Array(items) => {
            ('[', ']', items.iter().map(|item| laid_out(item, depth + 1)).collect())
        }
        Value::Object(items) => {
            let item = |(key, item): (&String, &Value)| {
                format!("{}: {}", Value::from(key.as_str()), laid_out(item, depth + 1))
            };
            ('{', '}', in_order(items).map(item).collect())
        }
        _ => return flat,
    };
    let inner = "  ".repeat(depth + 1);
    let items = items.join(&format!(",\n{inner}"));
    format!("{open}\n{inner}{items}\n{}{close}", "  ".repeat(depth))
}

fn flat(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", "))
        }
        Value::Object(items) => {
            let item = |(key, item): (&String, &Value)| {
                format!("{}: {}", Value::from(key.as_str()), flat(item))
            };
            format!("{{{}}}", in_order(items).map(item).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// By name: whether a map of JSON keeps another order is up to the crates it is built with.
fn in_order(items: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    items.iter().collect::<BTreeMap<_, _>>().into_iter()
}

#[test]
fn a_pattern_is_no_longer_than_event_bridge_takes() {
    for (function, entries) in FUNCTIONS {
        for (name, pattern) in patterns(entries) {
            let length = pattern.to_string().len();
            assert!(length <= 2_048, "{function} {name} has {length} characters");
        }
    }
}

#[test]
fn the_table_of_remediations_is_in_step_with_the_catalog() {
    let mut out = String::from(
        "# Remediations\n\nGenerated from the catalog by `make generate`.\n\n\
         | Remediation | What it does | Acts on | Triggers | Severity | Risk | Undo | Since |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for Entry { spec, facet, undoes, .. } in catalog::entries() {
        let triggers: Vec<_> = spec.triggers.iter().map(trigger).collect();
        let (id, title, triggers) = (spec.id, spec.title, triggers.join(", "));
        let (severity, risk, since) = (spec.severity, spec.risk.words(), spec.since);
        let undo = if undoes.is_empty() { "no" } else { "yes" };
        let _ = writeln!(
            out,
            "| `{id}` | {title} | {facet} | {triggers} | {severity} | {risk} | {undo} | {since} |"
        );
    }
    out.push_str(
        "\n## Parameters\n\nOf the stack; the function has them as environment variables.\n",
    );
    for Entry { spec, .. } in catalog::entries().filter(|entry| !entry.spec.parameters.is_empty()) {
        let _ = writeln!(out, "\n`{}`\n", spec.id);
        for Parameter { name, default, allowed, about } in spec.parameters {
            let default = if default.is_empty() { "none".into() } else { format!("`{default}`") };
            let _ = writeln!(out, "- **{name}** (default {default}): {about}. Allowed: {allowed}.");
        }
    }
    out.push_str(
        "\n## Permissions\n\nOf the role that acts by itself, and of whoever takes it back.\n",
    );
    for Entry { spec, reads, also_reads, makes, undoes, .. } in catalog::entries() {
        let _ = writeln!(out, "\n`{}`\n", spec.id);
        for (does, actions) in [("reads", reads), ("also reads", also_reads), ("makes", makes)] {
            let conditions: BTreeSet<_> = actions.iter().map(|action| action.when).collect();
            for when in conditions {
                let under =
                    when.map(|condition| format!(", under the template's condition {condition}"));
                let actions = actions.iter().filter(|action| action.when == when);
                let _ = writeln!(out, "- {does}{}: {}", under.unwrap_or_default(), names(actions));
            }
        }
        let _ = writeln!(out, "- takes back: {}", names(undoes.iter()));
    }
    assert_file("docs/remediations.md", &out);
}

#[test]
fn the_list_of_holds_is_in_step_with_the_code() {
    let mut out = String::from(
        "# Why something was held\n\nGenerated by `make generate`.\n\n\
         A record, a message and `kintsugi show` give every reason there is, the most final first. In CloudWatch the \
         word is the dimension `Reason` of the metric `Held` (namespace `Kintsugi`), which counts the first reason; in \
         the log it is the field `Reason`.\n\n\
         - **Lifted by:** what ends it, other than a change of what it says. If a window, a pause or the cap is all that \
         holds a plan, it waits and is planned anew when that is over. If approval lifts all of it, a person is asked.\n\
         - **Told:** whether a message is sent. One reason that is not told keeps the others from it, too. Who asked is \
         always answered, and the record is always there.\n\n\
         | Word | Lifted by | Told |\n|---|---|---|\n",
    );
    for Reason { samples, .. } in reasons() {
        let word = samples[0].kind();
        let lifted: BTreeSet<_> = samples.iter().map(lifted_by).collect();
        let told: Vec<_> = samples.iter().map(is_told).collect();
        let told = match told[..] {
            [first, ref rest @ ..] if rest.iter().all(|told| *told == first) => first,
            _ => "where a tag nearly matches",
        };
        let lifted = lifted.into_iter().collect::<Vec<_>>().join("; ");
        let _ = writeln!(out, "| [`{word}`](#{word}) | {lifted} | {told} |");
    }
    for Reason { samples, means, to_do } in reasons() {
        let _ = writeln!(out, "\n## {}\n", samples[0].kind());
        for sample in &samples {
            let _ = writeln!(out, "> {sample}\n");
        }
        let _ = writeln!(out, "{means}\n\n**What to do:** {to_do}");
    }
    assert_file("docs/holds.md", &out);
}

/// By its name where that is one of AWS's.
fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Schedule(_) => trigger.to_string(),
        any if any.is_any_finding() => any.to_string(),
        named => format!("`{}`", named.name()),
    }
}

fn names<'a>(actions: impl Iterator<Item = &'a Action>) -> String {
    let names: BTreeSet<_> = actions.map(|action| format!("`{}`", action.name)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

#[test]
fn every_parameter_is_in_the_template_with_its_default_and_reaches_the_function() {
    let template = read("template.yaml");
    let all: BTreeMap<&str, Parameter> = (catalog::entries())
        .flat_map(|entry| entry.spec.parameters)
        .chain(Guard::PARAMETERS)
        .chain(scope::Bounds::PARAMETERS)
        .map(|parameter| (parameter.name, *parameter))
        .collect();
    for (name, parameter) in all {
        let head = format!("\n  {name}:\n");
        let (_, rest) = template.split_once(&head).unwrap_or_else(|| panic!("no parameter {name}"));
        let block: String = rest.lines().take_while(|l| l.starts_with("    ")).collect();
        let default = parameter.default;
        let forms = [format!("Default: {default} "), format!("Default: \"{default}\"")];
        let block = format!("{block} ").replace("    ", " ");
        assert!(
            forms.iter().any(|form| block.contains(form)),
            "{name}: default `{default}`: {block}"
        );
        let variable = format!("{}: !Ref {name}", parameter.variable());
        let joined = format!("{}: !Join [\",\", !Ref {name}]", parameter.variable());
        let reaches = template.contains(&variable) || template.contains(&joined);
        assert!(reaches, "{name} does not reach the function as {}", parameter.variable());
    }
}
