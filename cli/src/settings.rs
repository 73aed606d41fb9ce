//! Parameters that are set at the command line, and files that are named there.

use std::{collections::BTreeMap, io::Read, path::Path};

use catalog::entries;
use remedy::{Guard, Parameter, Risk, Settings};
use scope::defaults::Bounds;
use serde_json::Value;

use crate::{args::Set, fail::Fail};

/// No event, policy or case is larger.
const LARGEST: u64 = 16 << 20;

/// Every parameter that a plan or a decision depends on.
pub(crate) fn parameters() -> impl Iterator<Item = &'static Parameter> {
    let shell = lambda::PARAMETERS.iter();
    let own = entries().flat_map(|entry| entry.spec.parameters);
    Bounds::PARAMETERS.iter().chain(Guard::PARAMETERS).chain(shell).chain(own)
}

/// `base`, by the names of environment variables, with what was set on top.
///
/// # Errors
/// If there is no parameter of a name.
pub(crate) fn settings(base: BTreeMap<String, String>, sets: &[Set]) -> Result<Settings, Fail> {
    let mut all = base;
    for Set { name, value } in sets {
        let Some(known) = parameters().find(|known| known.name.eq_ignore_ascii_case(name)) else {
            let mut names: Vec<_> = parameters().map(|known| known.name).collect();
            names.sort_unstable();
            names.dedup();
            return Err(Fail::Usage(format!(
                "--set {name}: there is no parameter of this name that a plan depends on; there are {}",
                names.join(", ")
            )));
        };
        all.insert(known.variable(), value.clone());
    }
    Ok(all.into_iter().collect())
}

/// What policies can speak of: the ids of all remediations, and what can go wrong with each.
pub(crate) fn actions() -> Vec<(&'static str, Risk)> {
    entries().map(|entry| (entry.spec.id, entry.spec.risk)).collect()
}

/// The text of a file, or of stdin.
///
/// # Errors
/// If it cannot be read, is too large, or is no text.
pub(crate) fn read(path: &Path, what: &str) -> Result<String, Fail> {
    let failed =
        |why: &str| Fail::Failed(format!("could not read {what} from {}: {why}", path.display()));
    let mut text = Vec::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut text),
        false => {
            std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut text))
        }
    };
    read.map_err(|error| failed(&error.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(failed("it is larger than 16 MiB"));
    }
    String::from_utf8(text).map_err(|_| failed("it is no UTF-8 text"))
}

/// The JSON in a file, or on stdin.
///
/// # Errors
/// As [`read`], and if it is no JSON.
pub(crate) fn read_json(path: &Path, what: &str) -> Result<Value, Fail> {
    let text = read(path, what)?;
    serde_json::from_str(&text).map_err(|error| {
        Fail::Failed(format!(
            "could not read {what} from {}: it is no JSON: {error}",
            path.display()
        ))
    })
}

/// Writes a file.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write(path: &Path, what: &str, content: &[u8]) -> Result<(), Fail> {
    std::fs::write(path, content).map_err(|error| {
        Fail::Failed(format!("could not write {what} to {}: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use remedy::guard::MODE;

    use super::*;

    fn set(name: &str, value: &str) -> Set {
        Set { name: name.into(), value: value.into() }
    }

    #[test]
    fn what_is_set_goes_over_what_the_stack_has() {
        let stack = BTreeMap::from([("MODE".to_owned(), "enforce".to_owned())]);
        let all = settings(stack, &[set("Mode", "dry-run"), set("keepopenports", "443")]).unwrap();
        assert_eq!(all.text(&MODE), "dry-run");
        let ports = parameters().find(|known| known.name == "KeepOpenPorts").unwrap();
        assert_eq!(all.text(ports), "443");
    }

    #[test]
    fn a_parameter_that_nobody_knows_is_refused_and_others_are_named() {
        let fail = settings(BTreeMap::new(), &[set("MemorySize", "256")]).unwrap_err();
        assert!(matches!(&fail, Fail::Usage(why) if why.contains("ScopeTagKey")), "{fail}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let fail = read(Path::new("/nonexistent/e.json"), "the event").unwrap_err();
        let why = "could not read the event from /nonexistent/e.json: No such file or directory";
        assert!(fail.to_string().starts_with(why), "{fail}");
    }
}
