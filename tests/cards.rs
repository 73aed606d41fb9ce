//! What holds for every remediation there is.

use std::{collections::BTreeSet, fs, path::Path};

use remedy::{Action, Entry};

#[test]
fn every_file_is_listed_under_its_own_name() {
    let ids: Vec<&str> = catalog::entries().map(|entry| entry.spec.id).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "ids are unique");
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/catalog/src");
    for id in &ids {
        assert!(src.join(format!("{id}.rs")).is_file(), "{id} is not in {id}.rs");
    }
    for service in fs::read_dir(&src).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for file in fs::read_dir(&service).unwrap().map(|e| e.unwrap().path()) {
            let id = file.strip_prefix(&src).unwrap().with_extension("");
            let text = fs::read_to_string(&file).unwrap();
            let listed = ids.contains(&id.to_str().unwrap());
            assert_eq!(listed, text.contains("impl Remediation for"), "{}", file.display());
        }
    }
}

#[test]
fn a_function_holds_the_remediations_of_its_own_service() {
    for (function, entries) in catalog::FUNCTIONS {
        for entry in *entries {
            assert_eq!(entry.spec.id.split('/').next(), Some(*function), "{}", entry.spec.id);
        }
    }
}

#[test]
fn cards_are_well_written() {
    for Entry { spec, also_reads, reads_elsewhere, makes, undoes, .. } in catalog::entries() {
        let id = spec.id;
        assert!(spec.title.starts_with(char::is_uppercase), "{id}: start with a capital");
        assert!(!spec.title.ends_with('.'), "{id}: no full stop");
        assert!(!spec.triggers.is_empty(), "{id}: nothing triggers it");
        for action in *reads_elsewhere {
            assert!(also_reads.contains(action), "{id}: {} is read elsewhere only", action.name);
        }
        for action in makes.iter().chain(*undoes) {
            assert!(!action.name.contains('*'), "{id}: no wildcards");
        }
    }
}

/// AWS knows no resources for what these make: it must be ours from the start then.
#[test]
fn a_list_is_made_with_the_opt_in_tag() {
    let lists = ["guardduty:CreateThreatEntitySet", "guardduty:CreateThreatIntelSet"];
    let makes = catalog::entries().flat_map(|entry| entry.makes);
    for action in makes.filter(|action| lists.contains(&action.name)) {
        assert_eq!(action.only, Action::on("*", action.name).tagging().only, "{}", action.name);
    }
}

#[test]
fn what_acts_by_itself_never_opens_anything_unless_the_operator_chose_to_split() {
    for Entry { spec, makes, .. } in catalog::entries() {
        for action in makes.iter().filter(|action| action.when.is_none()) {
            let verb = action.name.split(':').nth(1).unwrap();
            assert!(!verb.starts_with("Authorize"), "{}: {}", spec.id, action.name);
        }
    }
}
