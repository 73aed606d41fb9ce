//! What is generated from the catalog stands in the files as the catalog says. `make generate` rewrites
//! it; these tests only compare.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    deployed,
    holds::{Reason, is_told, lifted_by, reasons},
};
use remedy::{Entry, Guard, Parameter, patterns};
use serde_json::{Map, Value};

pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_default()
}

/// Fails if the file is stale; `make generate` refreshes it.
#[track_caller]
pub(crate) fn assert_file(name: &str, expected: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(name), expected).expect("the checkout can be written");
    }
    let hint = "is not in step with the catalog: run `make generate` and look at the difference";
    assert!(read(name) == expected, "{name} {hint}");
}

/// `text` with the blocks replaced that stand between `# generated: NAME` and `# end generated`, at the
/// indentation of the first line. There may be several of a name, and there must be one.
fn with_blocks(text: &str, blocks: &BTreeMap<String, String>) -> String {
    let (mut out, mut rest, mut used) = (String::new(), text, BTreeSet::new());
    while let Some((before, after)) = rest.split_once("# generated: ") {
        // The heading speaks of such blocks, too.
        let Some((name, after)) = after.split_once('\n').filter(|(name, _)| !name.starts_with('…'))
        else {
            let length = before.len() + "# generated: ".len();
            let (passed, left) = rest.split_at(length);
            out.push_str(passed);
            rest = left;
            continue;
        };
        let block = blocks.get(name).unwrap_or_else(|| panic!("nothing is generated as {name}"));
        let (_, after) = after.split_once("# end generated\n").expect("the block ends");
        let indent = before.len() - before.trim_end_matches(' ').len();
        let margin = " ".repeat(indent);
        let _ = writeln!(out, "{before}# generated: {name}");
        for line in block.lines() {
            let margin = if line.is_empty() { "" } else { margin.as_str() };
            let _ = writeln!(out, "{margin}{line}");
        }
        let _ = writeln!(out, "{margin}# end generated");
        used.insert(name);
        rest = after;
    }
    out.push_str(rest);
    for needed in ["functions", "undoing"] {
        assert!(!blocks.contains_key(needed) || used.contains(needed), "no block {needed}");
    }
    out
}

#[test]
fn the_templates_blocks_are_in_step_with_the_catalog() {
    assert_file("template.yaml", &with_blocks(&read("template.yaml"), &deployed::blocks()));
}

#[test]
fn the_member_roles_are_in_step_with_the_catalog() {
    assert_file("member.yaml", &with_blocks(&read("member.yaml"), &deployed::member_blocks()));
}

#[test]
fn a_role_has_no_more_characters_than_iam_takes() {
    const LONGEST: usize = 10_240;
    for (function, entries) in deployed::there() {
        let acting: Vec<_> = entries.iter().flat_map(Entry::acting).collect();
        let text = deployed::inline(function, &acting);
        let length = text.chars().filter(|c| !c.is_whitespace()).count();
        // What every function may do beside its repairs has some 2,000.
        assert!(length + 2_500 <= LONGEST, "{function} has {length} characters");
    }
}

#[test]
fn each_condition_has_a_policy_of_its_own_and_none_is_lost() {
    let template = read("template.yaml");
    for (function, entries) in deployed::there() {
        let actions: Vec<_> = entries.iter().flat_map(Entry::acting).collect();
        let text = deployed::inline(function, &actions);
        let conditions: BTreeSet<_> = actions.iter().filter_map(|action| action.when).collect();
        assert_eq!(text.matches("PolicyName").count(), 1 + conditions.len(), "{function}");
        for condition in conditions {
            assert!(text.contains(&format!("- !If\n  - {condition}\n")), "{function} {condition}");
            assert!(
                template.contains(&format!("\n  {condition}: !")),
                "{condition} is no condition"
            );
        }
        for action in actions {
            assert!(text.contains(&format!("\"{}\"", action.name)), "{function} {}", action.name);
        }
    }
}

#[test]
fn no_function_that_acts_by_itself_may_do_what_only_undoing_needs() {
    let undoing: BTreeSet<_> = catalog::entries().flat_map(|entry| entry.undoes).collect();
    for (function, entries) in deployed::there() {
        let acting: BTreeSet<_> = entries.iter().flat_map(Entry::acting).collect();
        let text = deployed::inline(function, &acting.iter().copied().collect::<Vec<_>>());
        for action in undoing.iter().filter(|undo| !acting.iter().any(|a| a.name == undo.name)) {
            assert!(!text.contains(&format!("\"{}\"", action.name)), "{function}: {}", action.name);
        }
    }
}

/// JSON, with what is short on one line.
pub(crate) fn laid_out(value: &Value, depth: usize) -> String {
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
    for (function, entries) in deployed::there() {
        for (name, pattern) in patterns(entries) {
            let length = pattern.to_string().len();
            assert!(length <= 2_048, "{function} {name} has {length} characters");
        }
    }
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
