//! Whether a policy set can be used, and every reason why not.

use std::{collections::BTreeMap, fmt};

use cedar_policy::{
    ActionConstraint, Policy, PolicyId, PolicySet, ValidationError, ValidationMode, Validator,
    ffi::DetailedError,
};
use remedy::Risk;

use super::{schema::schema, statement::Statement};
use crate::{
    Scope,
    fault::{Fault, position},
    rule::{Rule, RuleEffect},
    token::excess,
};

/// A policy set that can be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// The ids of its policies, in their order.
    pub policies: Vec<String>,
    /// What is probably not meant, such as a policy that never applies.
    pub warnings: Vec<Problem>,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// In letters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// A policy that can be read, and where.
struct Read<'a> {
    statement: Statement<'a>,
    policy: Policy,
    rule: Option<Rule>,
}

/// Checks a policy set about the remediations given: their ids, and what can go wrong.
///
/// # Errors
/// With every problem there is, in the order of the text.
pub fn check(text: &str, actions: &[(&str, Risk)]) -> Result<Checked, Vec<Problem>> {
    let mut check = Check { text, problems: Vec::new() };
    if let Some(fault) = excess(text) {
        return Err(vec![check.problem(
            fault.offset.unwrap_or_default(),
            fault.message,
            fault.hint,
        )]);
    }
    let read = check.read();
    check.ids(&read);
    let warnings = check.validate(&read, actions);
    check.permits(&read);
    let Check { mut problems, .. } = check;
    if problems.is_empty()
        && let Err(unusable) = Scope::load(text)
    {
        problems.push(Problem { line: 1, column: 1, message: unusable.to_string(), hint: None });
    }
    if problems.is_empty() {
        let rules = read.into_iter().filter_map(|read| read.rule);
        Ok(Checked {
            policies: rules.map(|rule| rule.name).collect(),
            warnings: in_order(warnings),
        })
    } else {
        Err(in_order(problems))
    }
}

fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}

struct Check<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn problem(&self, offset: usize, message: String, hint: Option<String>) -> Problem {
        let (line, column) = position(self.text, offset);
        Problem { line, column, message, hint }
    }

    /// What is wrong somewhere in `statement`: at its start, where no better place is known.
    fn within(&self, statement: &Statement<'_>, fault: Fault) -> Problem {
        let inside = fault.offset.unwrap_or_default().min(statement.text.len());
        self.problem(statement.start + inside, fault.message, fault.hint)
    }

    /// Every policy by itself, so that one that cannot be read hides none of the others.
    fn read(&mut self) -> Vec<Read<'a>> {
        let mut read = Vec::new();
        for statement in Statement::all(self.text) {
            let policy = match Policy::parse(None, statement.text) {
                Ok(policy) => policy,
                Err(errors) => {
                    let faults = Fault::of(&errors).into_iter();
                    let problems = faults.map(|fault| self.within(&statement, fault));
                    let problems: Vec<Problem> = problems.collect();
                    self.problems.extend(problems);
                    continue;
                }
            };
            let rule = match Rule::read(&policy) {
                Ok(rule) => Some(rule),
                Err(slips) => {
                    for slip in slips {
                        let at = slip.at.and_then(|name| statement.annotation(&name));
                        let at = at.unwrap_or(statement.start);
                        self.problems.push(self.problem(at, slip.message, slip.hint));
                    }
                    None
                }
            };
            read.push(Read { statement, policy, rule });
        }
        read
    }

    fn ids(&mut self, read: &[Read<'_>]) {
        let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
        for Read { statement, policy, .. } in read {
            let Some(id) = policy.annotation("id") else { continue };
            let at = statement.annotation("id").unwrap_or(statement.start);
            let (line, _) = position(self.text, at);
            if let Some(first) = lines.get(id) {
                let message = format!("the id {id:?} is taken, in line {first}");
                let hint = Some("give each policy an id of its own".into());
                self.problems.push(self.problem(at, message, hint));
            } else {
                lines.insert(id, line);
            }
        }
    }

    fn permits(&mut self, read: &[Read<'_>]) {
        if read.is_empty() && self.problems.is_empty() {
            let hint = Some("nothing is touched without a permit: write at least one".into());
            self.problems.push(self.problem(0, "there is no policy".into(), hint));
            return;
        }
        let is_permit = |read: &Read<'_>| match &read.rule {
            Some(rule) => rule.effect != RuleEffect::Forbid,
            None => true,
        };
        if self.problems.is_empty() && !read.iter().any(is_permit) {
            let hint = Some("nothing is touched without a permit: write at least one".into());
            self.problems.push(self.problem(0, "no policy permits anything".into(), hint));
        }
    }

    /// Holds the policies to the schema; what is left are warnings.
    fn validate(&mut self, read: &[Read<'_>], actions: &[(&str, Risk)]) -> Vec<Problem> {
        let by_place =
            |(at, read): (usize, &Read<'_>)| read.policy.new_id(PolicyId::new(at.to_string()));
        let set = PolicySet::from_policies(read.iter().enumerate().map(by_place));
        let schema = schema(actions.iter().copied());
        let (set, schema) = match (set.map_err(|error| error.to_string()), schema) {
            (Ok(set), Ok(schema)) => (set, schema),
            (Err(error), _) | (_, Err(error)) => {
                self.problems.push(self.problem(0, error, None));
                return Vec::new();
            }
        };
        let result = Validator::new(schema).validate(&set, ValidationMode::Strict);
        let place = |id: &PolicyId| {
            let at: Option<usize> = AsRef::<str>::as_ref(id).parse().ok();
            at.and_then(|at| read.get(at)).map(|read| read.statement)
        };
        let told = |id: &PolicyId, fault: Fault| match place(id) {
            Some(statement) => self.within(&statement, fault),
            None => self.problem(0, fault.message, fault.hint),
        };
        let errors = result.validation_errors().map(|e| told(e.policy_id(), plain(e)));
        let errors: Vec<Problem> = errors.collect();
        let warnings = result.validation_warnings().map(|warning| {
            let id = warning.policy_id();
            let fault = without_policy(id, DetailedError::from(warning).into());
            told(id, Fault { hint: fault.hint.or_else(|| group_hint(set.policy(id)?)), ..fault })
        });
        let warnings = warnings.collect();
        self.problems.extend(errors);
        warnings
    }
}

/// A group of actions is never an action itself.
fn group_hint(policy: &Policy) -> Option<String> {
    match policy.action_constraint() {
        ActionConstraint::Eq(action) if !action.id().unescaped().contains('/') => {
            Some(format!("a group is asked for with `in`: action in {action}"))
        }
        ActionConstraint::Eq(_) | ActionConstraint::In(_) | ActionConstraint::Any => None,
    }
}

/// Cedar's words, without what it says only because it knows no better.
fn plain(error: &ValidationError) -> Fault {
    let fault = without_policy(error.policy_id(), DetailedError::from(error).into());
    let without_ticks = |text: String| text.replace('`', "");
    match error {
        ValidationError::UnrecognizedActionId(_) => Fault {
            message: without_ticks(fault.message.replacen("unrecognized", "unknown", 1)),
            hint: fault.hint.map(without_ticks),
            ..fault
        },
        ValidationError::UnrecognizedEntityType(_) => Fault {
            message: fault.message.replacen("unrecognized entity type", "unknown type", 1),
            hint: Some(
                "the types are Person, Action and Resource; a kind of resource is asked for like \
                 resource.type == \"AWS::S3::Bucket\""
                    .into(),
            ),
            ..fault
        },
        // The same for every action there is.
        ValidationError::UnsafeAttributeAccess(_) => {
            let message = match fault.message.split_once(" in context for Action::") {
                Some((attribute, _)) => format!("{attribute} of context not found"),
                None => fault.message,
            };
            Fault { message, ..fault }
        }
        _ => fault,
    }
}

/// Cedar names the policy by the place it was given here, which says nothing to people.
fn without_policy(id: &PolicyId, fault: Fault) -> Fault {
    let [comma, colon] = [", ", ": "].map(|sign| format!("for policy `{id}`{sign}"));
    let without = |text: String| text.replace(&comma, "").replace(&colon, "");
    Fault { message: without(fault.message), hint: fault.hint.map(without), ..fault }
}

#[cfg(test)]
mod tests;
