//! The worked policies in `docs/policies`, and those that the documents show: they can be used, and say what
//! they are said to say.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use remedy::{Risk, Settings};
use scope::{
    Bounds, Scope,
    author::{Cases, Checked, Outcome, check},
};
use serde_json::Value;

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn actions() -> Vec<(&'static str, Risk)> {
    catalog::entries().map(|entry| (entry.spec.id, entry.spec.risk)).collect()
}

fn risk_of(id: &str) -> Option<Risk> {
    actions().into_iter().find(|(known, _)| *known == id).map(|(_, risk)| risk)
}

/// A set of policies and the cases beside it, by the name they share.
struct Example {
    name: String,
    policies: String,
    cases: String,
}

fn examples() -> Vec<Example> {
    let files = fs::read_dir(docs("policies")).unwrap().map(|entry| entry.unwrap().path());
    let names = files.map(|path| path.with_extension("")).collect::<BTreeSet<_>>();
    let example = |path: PathBuf| Example {
        name: path.file_name().unwrap().to_str().unwrap().to_owned(),
        policies: read(&path.with_extension("cedar")),
        cases: read(&path.with_extension("json")),
    };
    names.into_iter().map(example).collect()
}

/// The ids of a set that can be used and about which there is nothing to say.
#[track_caller]
fn checked(name: &str, policies: &str) -> Vec<String> {
    match check(policies, &actions()) {
        Ok(Checked { policies, warnings }) => {
            assert_eq!(warnings, [], "{name}");
            policies
        }
        Err(problems) => panic!("{name}: {problems:#?}\n{policies}"),
    }
}

#[test]
fn every_example_can_be_used_and_does_what_its_cases_say() {
    for Example { name, policies, cases } in examples() {
        checked(&name, &policies);
        let scope = Scope::load(&policies).unwrap();
        let cases = Cases::parse(&cases).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(cases.len() >= 4, "{name}: {} cases are few", cases.len());
        let outcomes = cases.run(&scope, risk_of);
        let failed: Vec<_> = outcomes.iter().filter(|outcome| !outcome.passed()).collect();
        assert!(failed.is_empty(), "{name}: {failed:#?}");
    }
}

#[test]
fn every_policy_of_an_example_decides_one_of_its_cases() {
    for Example { name, policies, cases } in examples() {
        let cases: Value = serde_json::from_str(&cases).unwrap();
        let by = cases["cases"].as_array().unwrap().iter().map(|case| &case["policies"]);
        // What a case says of this is held against the policies by the test above.
        let by = by.flat_map(|ids| ids.as_array().unwrap()).map(|id| id.as_str().unwrap());
        let deciding: BTreeSet<_> = by.collect();
        for id in checked(&name, &policies) {
            assert!(deciding.contains(id.as_str()), "{name}: no case is up to {id}");
        }
    }
}

#[test]
fn the_first_example_is_what_a_stack_has_by_default() {
    let [first, ..] = &examples()[..] else { panic!("there are none") };
    let bounds = Bounds::configured(&Settings::default()).unwrap();
    assert_eq!(first.policies, bounds.policies(), "{}", first.name);
}

#[test]
fn every_example_is_linked_where_policies_are_explained() {
    let page = read(&docs("operating.md"));
    for Example { name, .. } in examples() {
        assert!(page.contains(&format!("](policies/{name}.cedar)")), "{name}");
    }
}

/// What stands in blocks of this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    let blocks = page.split(&begin).skip(1).filter_map(|rest| rest.split_once("\n```"));
    blocks.map(|(block, _)| format!("{block}\n")).collect()
}

#[test]
fn what_is_shown_where_policies_are_explained_can_be_used() {
    let page = read(&docs("operating.md"));
    let [setting, policies] = &blocks(&page, "cedar")[..] else { panic!("two sets are shown") };
    checked("operating.md", setting);
    checked("operating.md", policies);
    let [cases] = &blocks(&page, "json")[..] else { panic!("one file of cases is shown") };
    let outcomes = Cases::parse(cases).unwrap().run(&Scope::load(policies).unwrap(), risk_of);
    assert!(outcomes.iter().all(Outcome::passed), "{outcomes:#?}");
}
