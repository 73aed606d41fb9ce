//! Facet: the rules for the passwords of an account's users.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Facet, Place, Setting, Swap, Tags, account_id, quoted};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

account_id!(
    /// The account whose password policy it is.
    PasswordPolicyId, "iam", "password-policy", global, "/iam/home?region={region}#/account_settings"
);

/// The password policy of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Whether the account has one of its own; else AWS's holds, which is what [`Default`] makes.
    pub own: bool,
    /// How long a password must be.
    pub minimum_length: u32,
    /// What must be in it.
    pub requires: BTreeSet<Characters>,
    /// How many former passwords cannot be used again.
    pub remembered: u32,
    /// After how many days a password must be changed; none: never.
    pub max_age: Option<u32>,
    /// Whether users may change their own.
    pub users_may_change: bool,
    /// Whether only an administrator can replace a password that is too old.
    pub hard_expiry: bool,
}

/// A kind of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Characters {
    /// A to Z.
    Uppercase,
    /// a to z.
    Lowercase,
    /// 0 to 9.
    Numbers,
    /// Such as `!`.
    Symbols,
}

/// What a password policy says in one respect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordSetting {
    /// Whether the account has one of its own.
    Own(bool),
    /// How long a password must be.
    MinimumLength(u32),
    /// Whether such characters must be in it.
    Requires(Characters, bool),
    /// How many former passwords cannot be used again.
    Remembered(u32),
    /// After how many days a password must be changed.
    MaxAge(Option<u32>),
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            own: false,
            minimum_length: AWS_LENGTH,
            requires: BTreeSet::new(),
            remembered: 0,
            max_age: None,
            users_may_change: false,
            hard_expiry: false,
        }
    }
}

/// What AWS asks for where an account asks for nothing.
const AWS_LENGTH: u32 = 8;

// AWS knows no resource for these.
const READ: &[Action] = &[Action::on("*", "iam:GetAccountPasswordPolicy")];
const UPDATE: &[Action] = &[Action::on("*", "iam:UpdateAccountPasswordPolicy")];
const UPDATE_OR_DELETE: &[Action] = &[
    Action::on("*", "iam:DeleteAccountPasswordPolicy"),
    Action::on("*", "iam:UpdateAccountPasswordPolicy"),
];

impl Facet for PasswordPolicy {
    type Id = PasswordPolicyId;
    type Change = Swap<PasswordSetting>;

    const NAME: &'static str = "password policy";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<PasswordSetting>) -> Self {
        match change.to {
            PasswordSetting::Own(true) => self.own = true,
            // It goes only if nothing in it would go with it.
            PasswordSetting::Own(false) => {
                self.own &= self != Self { own: true, ..Self::default() };
            }
            PasswordSetting::MinimumLength(length) => self.minimum_length = length,
            PasswordSetting::Requires(characters, true) => {
                self.requires.insert(characters);
            }
            PasswordSetting::Requires(characters, false) => {
                self.requires.remove(&characters);
            }
            PasswordSetting::Remembered(number) => self.remembered = number,
            PasswordSetting::MaxAge(days) => self.max_age = days,
        }
        self
    }

    /// IAM replaces a policy as a whole: what is not given is lost.
    fn commands(_: &Place, _: &PasswordPolicyId, changes: &[Swap<PasswordSetting>]) -> Vec<String> {
        let (mut set, mut without) = (Map::new(), vec![".ExpirePasswords"]);
        let mut is_new = false;
        for change in changes {
            match change.to {
                PasswordSetting::Own(false) => {
                    return vec!["aws iam delete-account-password-policy".into()];
                }
                PasswordSetting::Own(true) => {
                    is_new = true;
                    set.insert("MinimumPasswordLength".into(), AWS_LENGTH.into());
                }
                PasswordSetting::MinimumLength(length) => {
                    set.insert("MinimumPasswordLength".into(), length.into());
                }
                PasswordSetting::Requires(characters, is) => {
                    set.insert(characters.field().into(), is.into());
                }
                PasswordSetting::Remembered(0) => without.push(".PasswordReusePrevention"),
                PasswordSetting::Remembered(number) => {
                    set.insert("PasswordReusePrevention".into(), number.into());
                }
                PasswordSetting::MaxAge(None) => without.push(".MaxPasswordAge"),
                PasswordSetting::MaxAge(Some(days)) => {
                    set.insert("MaxPasswordAge".into(), days.into());
                }
            }
        }
        let set = Value::Object(set);
        if is_new {
            let given = quoted(&json!(set).to_string());
            return vec![format!(
                "aws iam update-account-password-policy --cli-input-json {given}"
            )];
        }
        let filter = quoted(&format!("del({}) + {set}", without.join(", ")));
        vec![
            format!(
                "aws iam get-account-password-policy --query PasswordPolicy --output json | jq {filter} > policy.json"
            ),
            "aws iam update-account-password-policy --cli-input-json file://policy.json".into(),
        ]
    }
}

impl Setting for PasswordSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE_OR_DELETE;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Own(false) => UPDATE_OR_DELETE,
            Self::Own(true)
            | Self::MinimumLength(_)
            | Self::Requires(..)
            | Self::Remembered(_)
            | Self::MaxAge(_) => UPDATE,
        }
    }
}

impl Characters {
    /// All kinds.
    pub const ALL: &'static [Self] =
        &[Self::Uppercase, Self::Lowercase, Self::Numbers, Self::Symbols];

    /// As IAM and the Config rule call the requirement.
    pub fn field(self) -> &'static str {
        match self {
            Self::Uppercase => "RequireUppercaseCharacters",
            Self::Lowercase => "RequireLowercaseCharacters",
            Self::Numbers => "RequireNumbers",
            Self::Symbols => "RequireSymbols",
        }
    }
}

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uppercase => "uppercase letters",
            Self::Lowercase => "lowercase letters",
            Self::Numbers => "numbers",
            Self::Symbols => "symbols",
        })
    }
}

impl fmt::Display for PasswordSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(true) => f.write_str("password policy to the account's own"),
            Self::Own(false) => f.write_str("password policy to AWS's"),
            Self::MinimumLength(length) => write!(f, "minimum length {length}"),
            Self::Requires(characters, true) => write!(f, "{characters} required"),
            Self::Requires(characters, false) => write!(f, "{characters} not required"),
            Self::Remembered(number) => write!(f, "passwords remembered {number}"),
            Self::MaxAge(Some(days)) => write!(f, "passwords valid for {days} days"),
            Self::MaxAge(None) => f.write_str("passwords valid for ever"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(changes: &[(PasswordSetting, PasswordSetting)]) -> Vec<String> {
        let changes: Vec<_> =
            changes.iter().map(|(from, to)| Swap { from: from.clone(), to: to.clone() }).collect();
        let place = Place::new("111122223333", "eu-west-1");
        PasswordPolicy::commands(&place, &PasswordPolicyId("111122223333".into()), &changes)
    }

    #[test]
    fn what_is_typed_keeps_what_is_not_changed() {
        let longer = (PasswordSetting::MinimumLength(8), PasswordSetting::MinimumLength(14));
        let commands =
            commands(&[longer, (PasswordSetting::MaxAge(Some(90)), PasswordSetting::MaxAge(None))]);
        assert_eq!(
            commands[0],
            "aws iam get-account-password-policy --query PasswordPolicy --output json | jq \
             'del(.ExpirePasswords, .MaxPasswordAge) + {\"MinimumPasswordLength\":14}' > policy.json"
        );
        assert_eq!(commands.len(), 2);
    }

    #[test]
    fn a_policy_that_is_new_starts_from_awss_and_goes_as_a_whole() {
        let own = (PasswordSetting::Own(false), PasswordSetting::Own(true));
        let numbers = PasswordSetting::Requires(Characters::Numbers, false);
        let required = PasswordSetting::Requires(Characters::Numbers, true);
        assert_eq!(
            commands(&[own.clone(), (numbers.clone(), required.clone())]),
            ["aws iam update-account-password-policy --cli-input-json \
              '{\"MinimumPasswordLength\":8,\"RequireNumbers\":true}'"]
        );
        assert_eq!(
            commands(&[(required, numbers), (own.1, own.0)]),
            ["aws iam delete-account-password-policy"]
        );
    }

    #[test]
    fn a_policy_that_says_more_by_now_stays() {
        let own = Swap { from: PasswordSetting::Own(true), to: PasswordSetting::Own(false) };
        let more = PasswordPolicy { own: true, remembered: 5, ..PasswordPolicy::default() };
        assert_eq!(more.clone().after(&own), more);
        let bare = PasswordPolicy { own: true, ..PasswordPolicy::default() };
        assert_eq!(bare.after(&own), PasswordPolicy::default());
        assert!(PasswordPolicy::default().shows(&own));
    }
}
