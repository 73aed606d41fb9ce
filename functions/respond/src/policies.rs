//! Whether policies may be put in force.

use std::fmt::Write;

use scope::author::check;

/// Policies that can be used, and whose every name and type is right.
///
/// # Errors
/// Everything that is wrong with them, each by its line and column.
pub(crate) fn validated(text: &str) -> Result<(), String> {
    let actions: Vec<_> =
        catalog::entries().map(|entry| (entry.spec.id, entry.spec.risk)).collect();
    check(text, &actions).map(drop).map_err(|problems| {
        let intro = "the policies are not put in force; those that were stay so".to_owned();
        problems.iter().fold(intro, |mut out, problem| {
            let _ = write!(out, "\n  {problem}");
            out
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_used_is_valid() {
        let policies = scope::Bounds::configured(&remedy::Settings::default()).unwrap().policies();
        assert_eq!(validated(&policies), Ok(()));
        for text in ["", "permit (principal, action"] {
            let why = validated(text).unwrap_err();
            assert!(why.contains("are not put in force"), "{why}");
        }
    }
}
