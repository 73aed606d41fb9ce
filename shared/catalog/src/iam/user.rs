//! What names a user.

use std::fmt;

use remedy::{Arn, Id, Place};

/// A user: the name, which nobody else in the account has, and the path it is under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserId {
    /// Such as `/` or `/ops/`.
    pub path: String,
    /// Such as `alice`.
    pub name: String,
}

/// Every user.
pub(super) const USERS: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:user/*";

impl UserId {
    /// The user of this name that is under no path.
    pub fn named(name: &str) -> Option<Self> {
        is_name(name).then(|| Self { path: "/".into(), name: name.into() })
    }
}

impl Id for UserId {
    const TYPE: &'static str = "AWS::IAM::User";

    fn locate(resource: &str) -> Option<Self> {
        let (path, name) = located(resource, "user")?;
        Some(Self { path, name })
    }

    fn arn(&self, place: &Place) -> String {
        arn(place, "user", &self.path, &self.name)
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/iam/home?region={}#/users/details/{self}", place.console(), place.region)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The path and the name of what an ARN of IAM names, if it is of this `kind`.
pub(super) fn located(resource: &str, kind: &str) -> Option<(String, String)> {
    let arn = Arn::parse(resource)?;
    let is_account = arn.account.len() == 12 && arn.account.bytes().all(|b| b.is_ascii_digit());
    if arn.service != "iam" || !arn.region.is_empty() || !is_account {
        return None;
    }
    let full = arn.resource.strip_prefix(kind)?;
    let (path, name) = full.split_at(full.rfind('/')? + 1);
    let is_path = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic());
    (is_path && is_name(name)).then(|| (path.to_owned(), name.to_owned()))
}

/// The ARN of what has this path and name.
pub(super) fn arn(place: &Place, kind: &str, path: &str, name: &str) -> String {
    format!("arn:{}:iam::{}:{kind}{path}{name}", place.partition, place.account)
}

/// Whether IAM allows it as the name of a user, a role or a policy.
fn is_name(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_located_with_its_path() {
        for (arn, path, name) in [
            ("arn:aws:iam::111122223333:user/alice", "/", "alice"),
            (
                "arn:aws-cn:iam::111122223333:user/ops/eu/a.b+c=d,e@f-g_h",
                "/ops/eu/",
                "a.b+c=d,e@f-g_h",
            ),
        ] {
            let id = UserId { path: path.into(), name: name.into() };
            assert_eq!(UserId::locate(arn), Some(id));
        }
    }

    #[test]
    fn nothing_else_is() {
        for other in [
            "alice",
            "AIDAEXAMPLE",
            "alice/AKIAEXAMPLE",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:role/alice",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::111122223333:user",
            "arn:aws:iam::111122223333:users/alice",
            "arn:aws:iam::111122223333:user/a b",
            "arn:aws:iam::111122223333:user/a b/alice",
            "arn:aws:iam::aws:user/alice",
            "arn:aws:iam:eu-west-1:111122223333:user/alice",
            "arn:aws:sts::111122223333:user/alice",
        ] {
            assert_eq!(UserId::locate(other), None, "{other}");
        }
    }
}
