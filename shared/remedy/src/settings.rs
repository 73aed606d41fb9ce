//! What operators can set, where it is allowed to be what, and what is said when it is not.

use std::collections::BTreeMap;

/// Something an operator can set: a parameter of the stack, an environment variable of the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// As the template calls it, such as `WideRule`.
    pub name: &'static str,
    /// What holds where nothing is set.
    pub default: &'static str,
    /// What may be given, in words.
    pub allowed: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
}

impl Parameter {
    /// The environment variable: `WideRule` is `WIDE_RULE`.
    pub fn variable(&self) -> String {
        let mut variable = String::new();
        for (at, letter) in self.name.char_indices() {
            if letter.is_ascii_uppercase() && at > 0 {
                variable.push('_');
            }
            variable.push(letter.to_ascii_uppercase());
        }
        variable
    }
}

/// A setting that cannot be used. A function that has one does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter {name} (environment {variable}) is `{given}`; allowed: {allowed}", name = .parameter.name, variable = .parameter.variable(), allowed = .parameter.allowed)]
pub struct Wrong {
    /// The parameter.
    pub parameter: Parameter,
    /// What was given.
    pub given: String,
}

/// The environment, as far as it is ours.
#[derive(Debug, Clone, Default)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// What is set for `parameter`, else its default, without space around it.
    pub fn text(&self, parameter: &Parameter) -> &str {
        self.0.get(&parameter.variable()).map_or(parameter.default, String::as_str).trim()
    }

    /// The items of a comma-separated list; empty ones do not count.
    pub fn list(&self, parameter: &Parameter) -> impl Iterator<Item = &str> {
        self.text(parameter).split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    /// What `read` makes of the text.
    ///
    /// # Errors
    /// If it makes nothing of it.
    pub fn read<T>(
        &self,
        parameter: &Parameter,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Wrong> {
        let given = self.text(parameter);
        read(given).ok_or_else(|| Wrong { parameter: *parameter, given: given.into() })
    }

    /// What `read` makes of every item of a comma-separated list.
    ///
    /// # Errors
    /// If it makes nothing of one.
    pub fn each<T>(
        &self,
        parameter: &Parameter,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Wrong> {
        let item = |given: &str| {
            read(given).ok_or_else(|| Wrong { parameter: *parameter, given: given.into() })
        };
        self.list(parameter).map(item).collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Parameter =
        Parameter { name: "WideRule", default: "remove", allowed: "remove, split", about: "" };

    #[test]
    fn what_is_not_set_has_its_default_and_what_is_set_loses_its_spaces() {
        assert_eq!(Settings::default().text(&WIDE), "remove");
        assert_eq!(Settings::from_iter([("WIDE_RULE", " split ")]).text(&WIDE), "split");
    }

    #[test]
    fn a_wrong_one_says_which_what_and_what_else() {
        let settings = Settings::from_iter([("WIDE_RULE", "splt")]);
        let wrong = settings.read(&WIDE, |text| (text == "split").then_some(())).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "parameter WideRule (environment WIDE_RULE) is `splt`; allowed: remove, split"
        );
    }
}
