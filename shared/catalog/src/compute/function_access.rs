//! Facet: who may invoke a Lambda function.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{FunctionName, Statement};

/// Who may invoke a function, its versions and its aliases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FunctionAccess {
    /// The function's name.
    pub name: String,
    /// The statements of all its policies.
    pub grants: BTreeSet<Grant>,
    /// The aliases that have a URL without a sign-in; empty for the function itself.
    pub open_urls: BTreeSet<String>,
    /// The function's tags.
    pub tags: Tags,
}

/// A statement, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grant {
    /// The version or alias whose policy it is in; empty for the function itself.
    pub qualifier: String,
    /// The statement.
    pub statement: Statement,
}

/// An edit of a function's policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantChange {
    /// Takes a statement out.
    Remove(Grant),
    /// Puts a statement in.
    Add(Grant),
}

/// What is said of a statement that AWS can make again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission<'a> {
    /// The one thing that is allowed.
    pub action: &'a str,
    /// The kind of URL it is for, if it is for one.
    pub url_kind: Option<&'a str>,
    /// Whether it is for calls that come by a URL alone.
    pub by_url: bool,
}

impl Grant {
    /// Whether a call can name it.
    pub fn is_named(&self) -> bool {
        let sid = &self.statement.sid;
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=100).contains(&sid.len()) && sid.bytes().all(is_part)
    }

    /// What AWS is to be told to make it again, if it can be: one action for everybody, at most by URL.
    pub fn permission(&self) -> Option<Permission<'_>> {
        let Statement { allows, principals, actions, resources, conditions, unusual, .. } =
            &self.statement;
        let everybody = principals.len() == 1
            && principals.get("AWS").is_some_and(|names| names.len() == 1 && names.contains("*"));
        let plain =
            *allows && everybody && unusual.is_empty() && self.is_named() && resources.len() == 1;
        let mut actions = actions.iter();
        let (Some(action), None, true) = (actions.next(), actions.next(), plain) else {
            return None;
        };
        let mut permission = Permission { action, url_kind: None, by_url: false };
        for condition in conditions {
            let values: Vec<_> = condition.values.iter().map(String::as_str).collect();
            let key = condition.key.to_ascii_lowercase();
            match (condition.operator.as_str(), key.as_str(), &values[..]) {
                ("StringEquals", "lambda:functionurlauthtype", [kind]) => {
                    permission.url_kind = Some(*kind);
                }
                ("Bool", "lambda:invokedviafunctionurl", ["true"]) => permission.by_url = true,
                _ => return None,
            }
        }
        Some(permission)
    }

    fn on(&self, f: &mut fmt::Formatter<'_>, verb: &str, way: &str) -> fmt::Result {
        write!(f, "{verb} statement {} {way} the policy", self.statement.sid)?;
        match self.qualifier.as_str() {
            "" => Ok(()),
            qualifier => write!(f, " of {qualifier}"),
        }
    }
}

/// All functions of the account, with their versions and aliases.
pub(super) const FUNCTIONS: &str = "arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:*";
const REMOVE: &[Action] = &[Action::on(FUNCTIONS, "lambda:RemovePermission").tagged()];
const ADD: &[Action] = &[Action::on(FUNCTIONS, "lambda:AddPermission").tagged()];

impl Facet for FunctionAccess {
    type Id = FunctionName;
    type Change = GrantChange;

    const NAME: &'static str = "access to a Lambda function";
    const READS: &'static [Action] = &[
        Action::on(FUNCTIONS, "lambda:GetPolicy"),
        Action::on(FUNCTIONS, "lambda:ListAliases"),
        Action::on(FUNCTIONS, "lambda:ListFunctionUrlConfigs"),
        Action::on(FUNCTIONS, "lambda:ListTags"),
        Action::on(FUNCTIONS, "lambda:ListVersionsByFunction"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &GrantChange) -> Self {
        match change {
            GrantChange::Remove(grant) => drop(self.grants.remove(grant)),
            GrantChange::Add(grant) => drop(self.grants.insert(grant.clone())),
        }
        self
    }

    fn commands(place: &Place, id: &FunctionName, changes: &[GrantChange]) -> Vec<String> {
        changes.iter().map(|change| command(place, id, change)).collect()
    }
}

fn command(place: &Place, id: &FunctionName, change: &GrantChange) -> String {
    let (verb, grant) = match change {
        GrantChange::Remove(grant) => ("remove", grant),
        GrantChange::Add(grant) => ("add", grant),
    };
    let mut command = format!(
        "aws lambda {verb}-permission --region {} --function-name {} --statement-id {}",
        place.region,
        quoted(&id.0),
        quoted(&grant.statement.sid)
    );
    if !grant.qualifier.is_empty() {
        command = format!("{command} --qualifier {}", quoted(&grant.qualifier));
    }
    if let (GrantChange::Add(_), Some(permission)) = (change, grant.permission()) {
        command = format!("{command} --principal '*' --action {}", quoted(permission.action));
        if let Some(kind) = permission.url_kind {
            command = format!("{command} --function-url-auth-type {}", quoted(kind));
        }
        if permission.by_url {
            command += " --invoked-via-function-url";
        }
    }
    command
}

impl Change for GrantChange {
    const MAKE: &'static [Action] = REMOVE;
    const UNDO: &'static [Action] = ADD;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Remove(_) => REMOVE,
            Self::Add(_) => ADD,
        }
    }

    fn inverse(&self) -> Option<Self> {
        match self {
            Self::Remove(grant) => grant.permission().map(|_| Self::Add(grant.clone())),
            Self::Add(grant) => Some(Self::Remove(grant.clone())),
        }
    }
}

impl fmt::Display for GrantChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remove(grant) => grant.on(f, "remove", "from"),
            Self::Add(grant) => grant.on(f, "add", "to"),
        }
    }
}
