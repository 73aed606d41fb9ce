//! What the policies say.

use remedy::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Mode;

/// What the policies say of one plan. Data: it is stored with what was done, or why nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Verdict {
    /// The ids of the permits that apply, also where something forbids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permits: Vec<String>,
    /// What forbids it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forbids: Vec<Denial>,
    /// The strictest mode of the permits that apply.
    pub mode: Mode,
    /// The window that is shut, if one of the permits that apply has one. Of several, the one that opens
    /// last. What is only told waits for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Shut>,
    /// Where nothing permits and nothing forbids: the single tags that would bring it in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}

/// A policy that forbids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Denial {
    /// Its id; empty if nothing could be asked at all.
    pub policy: String,
    /// Why, in its author's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it is for the owner alone: it would not apply if nobody owned the resource.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_owner: bool,
    /// Why it could not be decided whether it applies. What is unclear forbids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unclear: Option<String>,
}

/// A window that is shut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shut {
    /// The id of the permit it belongs to.
    pub policy: String,
    /// When it opens.
    pub until: Timestamp,
}

/// A tag that would bring a resource in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Missing {
    /// The id of the permit that would apply.
    pub policy: String,
    /// `key=value`, or the key alone where any value will do.
    pub tag: String,
    /// The resource's own tag that differs only in case or in space around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearly: Option<String>,
}

impl Verdict {
    /// Nothing is permitted, because nothing could be asked.
    pub(crate) fn unclear(why: String) -> Self {
        let denial = Denial { unclear: Some(why), ..Denial::default() };
        Self { forbids: vec![denial], ..Self::default() }
    }

    /// Whether something permits it and nothing forbids. Mode and window have their say after that.
    pub fn is_permitted(&self) -> bool {
        !self.permits.is_empty() && self.forbids.is_empty()
    }

    /// Whether no policy speaks of it, as is so for most resources.
    pub fn is_out_of_scope(&self) -> bool {
        self.permits.is_empty() && self.forbids.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_stored_without_what_is_empty_and_read_as_it_was() {
        let full = Verdict {
            permits: vec!["a".into()],
            forbids: vec![Denial {
                policy: "b".into(),
                reason: Some("because".into()),
                by_owner: true,
                unclear: Some("no such tag".into()),
            }],
            mode: Mode::Approve,
            window: Some(Shut {
                policy: "a".into(),
                until: "2026-11-24T22:00:00Z".parse().unwrap(),
            }),
            missing: vec![Missing {
                policy: "c".into(),
                tag: "k=v".into(),
                nearly: Some("K=v".into()),
            }],
        };
        let cases = [
            (Verdict::default(), r#"{"mode":"dry-run"}"#),
            (
                full,
                concat!(
                    r#"{"permits":["a"],"forbids":[{"policy":"b","reason":"because","by-owner":true,"#,
                    r#""unclear":"no such tag"}],"mode":"approve","window":{"policy":"a","#,
                    r#""until":"2026-11-24T22:00:00Z"},"missing":[{"policy":"c","tag":"k=v","#,
                    r#""nearly":"K=v"}]}"#
                ),
            ),
        ];
        for (verdict, stored) in cases {
            assert_eq!(serde_json::to_string(&verdict).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Verdict>(stored).unwrap(), verdict);
        }
        assert_eq!(serde_json::from_str::<Verdict>("{}").unwrap(), Verdict::default());
    }
}
