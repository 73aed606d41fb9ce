//! Tests that those who write policies keep beside them.

use std::fmt;

use remedy::{Owner, Place, Risk, Severity, Source, Tags, Timestamp};
use serde::Deserialize;

use crate::{Ask, Mode, NO_OWNER, Scope, Thing, Verdict};

/// A file of cases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    cases: Vec<Case>,
}

/// A plan, and what the policies are to say of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    remediation: String,
    #[serde(default)]
    resource: Resource,
    #[serde(default)]
    finding: Finding,
    #[serde(default)]
    asked_by: Option<String>,
    /// By default a Tuesday at noon.
    #[serde(default = "noon")]
    at: Timestamp,
    expect: Expect,
    #[serde(default)]
    policies: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Resource {
    r#type: String,
    id: String,
    arn: Option<String>,
    account: String,
    region: String,
    owner: Option<Keeper>,
    /// `null` for settings of an account, which have none.
    tags: Option<Tags>,
}

impl Default for Resource {
    fn default() -> Self {
        Self {
            r#type: "AWS::EC2::SecurityGroup".into(),
            id: "example".into(),
            arn: None,
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            owner: None,
            tags: Some(Tags::new()),
        }
    }
}

/// One of [`Owner::KINDS`], or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Keeper(String);

impl TryFrom<String> for Keeper {
    type Error = String;

    fn try_from(kind: String) -> Result<Self, String> {
        if kind == NO_OWNER || Owner::KINDS.contains(&kind.as_str()) {
            return Ok(Self(kind));
        }
        let kinds = Owner::KINDS.join(", ");
        Err(format!("unknown owner `{kind}`, expected {NO_OWNER} or one of {kinds}"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Finding {
    trigger: String,
    severity: Severity,
    source: Source,
}

impl Default for Finding {
    fn default() -> Self {
        Self { trigger: String::new(), severity: Severity::High, source: Source::SecurityHub }
    }
}

fn noon() -> Timestamp {
    const TUESDAY_NOON: i64 = 1_795_521_600;
    Timestamp::from_timestamp(TUESDAY_NOON, 0).unwrap_or_default()
}

/// What policies can say of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// It is carried out.
    Enforce,
    /// It waits for a person.
    Approve,
    /// It is told and not done.
    DryRun,
    /// It waits for its window.
    Window,
    /// It is forbidden.
    Forbid,
    /// No policy speaks of it.
    OutOfScope,
}

impl From<&Verdict> for Expect {
    fn from(verdict: &Verdict) -> Self {
        if !verdict.forbids.is_empty() {
            return Self::Forbid;
        }
        if verdict.permits.is_empty() {
            return Self::OutOfScope;
        }
        match (verdict.mode, &verdict.window) {
            (Mode::Enforce, Some(_)) => Self::Window,
            (Mode::Enforce, None) => Self::Enforce,
            (Mode::Approve, _) => Self::Approve,
            (Mode::DryRun, _) => Self::DryRun,
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Enforce => "enforce",
            Self::Approve => "approve",
            Self::DryRun => "dry-run",
            Self::Window => "window",
            Self::Forbid => "forbid",
            Self::OutOfScope => "out-of-scope",
        })
    }
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The case's name.
    pub name: String,
    /// What differs from what was expected, if something does.
    pub failure: Option<String>,
}

impl Outcome {
    /// Whether all is as expected.
    pub fn passed(&self) -> bool {
        self.failure.is_none()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            Some(failure) => write!(f, "failed: {}: {failure}", self.name),
            None => write!(f, "passed: {}", self.name),
        }
    }
}

impl Cases {
    /// The cases of a file in JSON.
    ///
    /// # Errors
    /// If they cannot be read: what is wrong, and in which line.
    pub fn parse(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Asks `scope` about each; `risk_of` knows what can go wrong with a remediation.
    pub fn run(&self, scope: &Scope, risk_of: impl Fn(&str) -> Option<Risk>) -> Vec<Outcome> {
        let outcomes = self.cases.iter().map(|case| Outcome {
            name: case.name.clone(),
            failure: match risk_of(&case.remediation) {
                Some(risk) => case.failure(scope, risk),
                None => Some(format!("there is no remediation {}", case.remediation)),
            },
        });
        outcomes.collect()
    }
}

impl Case {
    fn failure(&self, scope: &Scope, risk: Risk) -> Option<String> {
        let verdict = self.verdict(scope, risk);
        let mut by = scope.deciding(&verdict);
        by.sort_unstable();
        let came = Expect::from(&verdict);
        let mut expected: Option<Vec<&str>> =
            self.policies.as_ref().map(|ids| ids.iter().map(String::as_str).collect());
        if let Some(ids) = &mut expected {
            ids.sort_unstable();
            ids.dedup();
        }
        if came == self.expect && expected.as_ref().is_none_or(|ids| *ids == by) {
            return None;
        }
        let named = |ids: &[&str]| match ids {
            [] => " by no policy".to_owned(),
            ids => format!(" by {}", ids.join(", ")),
        };
        let expected = expected.map_or_else(String::new, |ids| named(&ids));
        let hints = verdict.missing.iter().map(|missing| {
            format!("; the tag {} would bring it in ({})", missing.tag, missing.policy)
        });
        let hints: String = hints.collect();
        let expect = self.expect;
        Some(format!("expected {expect}{expected}, came {came}{}{hints}", named(&by)))
    }

    fn verdict(&self, scope: &Scope, risk: Risk) -> Verdict {
        let Resource { r#type, id, arn, account, region, owner, tags } = &self.resource;
        let place = Place::new(account, region);
        let arn = arn.clone().unwrap_or_else(|| {
            let service = r#type.split("::").nth(1).unwrap_or("aws").to_ascii_lowercase();
            format!("arn:{}:{service}:{region}:{account}:{id}", place.partition)
        });
        let owner = owner.as_ref().map(|keeper| keeper.0.as_str());
        scope.decide(&Ask {
            remediation: &self.remediation,
            risk,
            resource: Thing {
                kind: r#type,
                arn: &arn,
                id,
                place: &place,
                tags: tags.as_ref(),
                owner: owner.filter(|owner| *owner != NO_OWNER),
            },
            trigger: &self.finding.trigger,
            source: self.finding.source,
            severity: self.finding.severity,
            asked_by: self.asked_by.as_deref(),
            now: self.at,
        })
    }
}

#[cfg(test)]
mod tests;
