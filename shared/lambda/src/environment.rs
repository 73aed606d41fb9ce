//! The environment, read once.

use std::collections::BTreeMap;

use remedy::Settings;

/// The variables of the process.
///
/// No `Debug`: it holds credentials.
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What the process was started with. Nothing else in the product looks there.
    pub(crate) fn read() -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
    }

    /// The value of a variable, if it has one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether a variable says yes.
    pub(crate) fn says(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// The names of all variables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What an operator may have set. AWS's own variables, and thereby the credentials, are left out.
    pub(crate) fn settings(&self) -> Settings {
        let ours = |(name, _): &(&String, &String)| !name.starts_with("AWS_");
        self.0.iter().filter(ours).map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use remedy::Parameter;

    use super::*;

    #[test]
    fn credentials_are_no_settings() {
        let secret = Parameter { name: "AwsSecretAccessKey", default: "", allowed: "", about: "" };
        assert_eq!(secret.variable(), "AWS_SECRET_ACCESS_KEY");
        let environment = Environment::from_iter([("AWS_SECRET_ACCESS_KEY", "s"), ("MODE", "x")]);
        assert_eq!(environment.get("AWS_SECRET_ACCESS_KEY"), Some("s"));
        assert_eq!(environment.settings().text(&secret), "");
        assert!(!format!("{:?}", environment.settings()).contains("\"s\""));
    }

    #[test]
    fn an_empty_variable_is_as_good_as_none() {
        let environment = Environment::from_iter([("AWS_CA_BUNDLE", " ")]);
        assert_eq!(environment.get("AWS_CA_BUNDLE"), None);
    }
}
