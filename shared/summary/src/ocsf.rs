//! Records as OCSF Remediation Activity (class 7001), one line of JSON each, for a lake of security data.
//!
//! Every attribute is also one of 1.3.0, the newest version that Amazon Security Lake takes of a custom
//! source.

use remedy::{Hold, Place, Severity, Timestamp};
use runtime::{News, Outcome, Page, State, Step, notice};
use serde_json::{Map, Value, json};

/// The version of the schema.
pub const SCHEMA: &str = "1.5.0";

const CLASS: u32 = 7001;
const CATEGORY: u32 = 7;
/// What `observable.type_id` calls the name of a resource.
const RESOURCE_UID: u32 = 10;
/// What `account.type_id` calls an account of AWS.
const AWS_ACCOUNT: u32 = 10;
/// Characters of a text.
const LONGEST: usize = 4_000;
/// Characters of each of many.
const SHORT: usize = 400;
/// Entries of a list.
const MOST: usize = 100;

/// Who tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product<'a> {
    /// The version of Kintsugi.
    pub version: &'a str,
    /// The stack.
    pub stack: &'a str,
}

/// The event of `page`, if it tells of an attempt: something was changed, was to be changed, or was held
/// back. What asked for nothing, what was right already, what people ordered and what has not ended are no
/// attempts, nor is a finding that could not be read and that no remediation answers.
pub fn remediation_activity(page: &Page, product: &Product<'_>) -> Option<Value> {
    let status = Status::of(page)?;
    let activity = Activity::of(page);
    let news = News::of(page);
    let severity = page.signal.as_ref().map(|signal| signal.severity);
    let (severity_id, severity) = severity.map_or((0, "Unknown"), severity_of);
    let time = page.closed.unwrap_or(page.at);
    let event = json!({
        "activity_id": activity as u32,
        "activity_name": activity.caption(),
        "category_name": "Remediation",
        "category_uid": CATEGORY,
        "class_name": "Remediation Activity",
        "class_uid": CLASS,
        "cloud": cloud(page.about.place.as_ref()),
        "command_uid": page.id,
        "countermeasures": [{ "d3f_tactic": { "name": activity.caption() } }],
        "end_time": page.closed.map(|closed| closed.timestamp_millis()),
        "message": text(&news.headline),
        "metadata": {
            "correlation_uid": news.case,
            "log_name": text(product.stack),
            "log_provider": "Kintsugi",
            "product": { "name": "Kintsugi", "vendor_name": "Kintsugi", "version": product.version },
            "profiles": ["cloud"],
            "uid": page.id,
            "version": SCHEMA,
        },
        "observables": observables(page),
        "remediation": remediation(page),
        "severity": severity,
        "severity_id": severity_id,
        "start_time": page.at.timestamp_millis(),
        "status": status.caption(),
        "status_code": page.outcome.word(),
        "status_detail": notice::why(page),
        "status_id": status as u32,
        "time": time.timestamp_millis(),
        "type_name": format!("Remediation Activity: {}", activity.caption()),
        "type_uid": CLASS * 100 + activity as u32,
        "unmapped": unmapped(page),
    });
    Some(known(event))
}

/// An event on a line.
pub fn line(event: &Value) -> String {
    format!("{event}\n")
}

/// The folder of a day's events of an account, as Security Lake and Athena partition them. What is no
/// account or Region of AWS is `unknown`.
pub fn key(prefix: &str, region: &str, account: &str, day: Timestamp) -> String {
    let is_region = Place::new("000000000000", region).is_plausible();
    let is_account = Place::new(account, "eu-west-1").is_plausible();
    let region = if is_region { region } else { "unknown" };
    let account = if is_account { account } else { "unknown" };
    let day = day.format("%Y%m%d");
    format!("{prefix}region={region}/accountId={account}/eventDay={day}/")
}

/// What kind of remediation it is, in the words of MITRE D3FEND.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    Isolate = 1,
    Restore = 3,
    Harden = 4,
}

/// What names of remediations begin with that put up a barrier between a resource and others.
const BARRIERS: &[&str] =
    &["block", "close", "confine", "contain", "empty", "hide", "limit", "unshare"];

impl Activity {
    fn of(page: &Page) -> Self {
        if page.undoes.is_some() {
            return Self::Restore;
        }
        let name = page.remediation.rsplit('/').next().unwrap_or_default();
        let verb = name.split('_').next().unwrap_or_default();
        if BARRIERS.contains(&verb) { Self::Isolate } else { Self::Harden }
    }

    fn caption(self) -> &'static str {
        match self {
            Self::Isolate => "Isolate",
            Self::Restore => "Restore",
            Self::Harden => "Harden",
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Success = 1,
    Failure = 2,
    DoesNotExist = 3,
    Partial = 4,
    Unsupported = 5,
    Error = 6,
    Held = 99,
}

impl Status {
    fn of(page: &Page) -> Option<Self> {
        let is_answered = !page.remediation.is_empty();
        match &page.outcome {
            Outcome::Fixed => Some(Self::Success),
            Outcome::Partial => Some(Self::Partial),
            Outcome::NotFixed { .. } => Some(Self::Failure),
            Outcome::Failed => Some(Self::Error),
            Outcome::Unreadable { .. } if is_answered => Some(Self::Error),
            Outcome::Gone if is_answered => Some(Self::DoesNotExist),
            Outcome::Held { why } if why.iter().any(|hold| matches!(hold, Hold::ByHand { .. })) => {
                Some(Self::Unsupported)
            }
            Outcome::Held { .. } => Some(Self::Held),
            Outcome::Open
            | Outcome::Ignored { .. }
            | Outcome::Unreadable { .. }
            | Outcome::Gone
            | Outcome::Right
            | Outcome::Ordered { .. } => None,
        }
    }

    fn caption(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::DoesNotExist => "Does Not Exist",
            Self::Partial => "Partial",
            Self::Unsupported => "Unsupported",
            Self::Error => "Error",
            Self::Held => "Held",
        }
    }
}

fn severity_of(severity: Severity) -> (u32, &'static str) {
    match severity {
        Severity::Informational => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn cloud(place: Option<&Place>) -> Value {
    let account = |account: &str| json!({ "type": "AWS Account", "type_id": AWS_ACCOUNT, "uid": text(account) });
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    json!({
        "account": place.and_then(|place| known(&place.account)).map(|id| account(&id)),
        "provider": "AWS",
        "region": place.and_then(|place| known(&place.region)).map(|region| text(&region)),
    })
}

fn observables(page: &Page) -> Option<Value> {
    let resource = Some(&page.about.resource).filter(|resource| !resource.is_empty())?;
    Some(json!([{
        "name": "unmapped.resource",
        "type": "Resource UID",
        "type_id": RESOURCE_UID,
        "value": text(resource),
    }]))
}

/// What was done, or would be.
fn remediation(page: &Page) -> Value {
    let steps: Vec<_> = page.steps.iter().take(MOST).map(|step| step.what.as_str()).collect();
    let left: Vec<_> = page.left.iter().take(MOST).map(|left| left.what.as_str()).collect();
    let desc = [steps, left].concat().join("; ");
    let otherwise = if page.remediation.is_empty() { "no remediation" } else { &page.remediation };
    let desc = text(if desc.is_empty() { otherwise } else { &desc });
    let links: Vec<_> = page.about.link.iter().map(|link| text(link)).collect();
    json!({ "desc": desc, "references": links })
}

/// What the schema has no place for.
fn unmapped(page: &Page) -> Value {
    let signal = page.signal.as_ref();
    let findings = signal.map(|signal| signal.findings.as_slice()).unwrap_or_default();
    let findings = findings.iter().take(MOST).map(|finding| notice::clean(finding.id(), SHORT));
    let holds = match &page.outcome {
        Outcome::Held { why } => why.iter().map(Hold::kind).collect(),
        _ => Vec::new(),
    };
    let about = &page.about;
    json!({
        "asked_by": page.asked_by().map(text),
        "caused_by": signal.and_then(|signal| signal.caused_by.as_deref()).map(text),
        "changes": page.steps.iter().take(MOST).map(change).collect::<Vec<_>>(),
        "control": signal.map(|signal| text(signal.trigger.name())),
        "findings": findings.collect::<Vec<_>>(),
        "holds": holds,
        "made_by": about.owner.as_deref().map(text),
        "outcome": page.outcome.word(),
        "remediation": page.remediation,
        "resource": text(&about.resource),
        "resource_kind": about.kind,
        "seen_time": signal.map(|signal| signal.seen.timestamp_millis()),
        "team": about.tags.values().next().map(|team| text(team)),
        "undoes": page.undoes,
    })
}

fn change(step: &Step) -> Value {
    let (state, why) = match &step.state {
        State::Planned => ("planned", None),
        State::Made => ("made", None),
        State::Refused(why) => ("refused", Some(notice::clean(why, SHORT))),
    };
    json!({ "what": notice::clean(&step.what, SHORT), "state": state, "why": why })
}

fn text(text: &str) -> String {
    notice::clean(text, LONGEST)
}

/// The same without what is not known.
fn known(value: Value) -> Value {
    let is_known = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| (name, known(value)));
            Value::Object(fields.filter(|(_, value)| is_known(value)).collect::<Map<_, _>>())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(known).filter(is_known).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use remedy::check::{now, signal};

    #[test]
    fn a_days_events_of_an_account_have_a_folder_that_no_name_leads_out_of() {
        for (prefix, region, account, expected) in [
            (
                "ocsf/",
                "eu-west-1",
                "111122223333",
                "ocsf/region=eu-west-1/accountId=111122223333/eventDay=20261120/",
            ),
            ("", "", "", "region=unknown/accountId=unknown/eventDay=20261120/"),
            ("x/", "../..", "1/2", "x/region=unknown/accountId=unknown/eventDay=20261120/"),
        ] {
            assert_eq!(key(prefix, region, account, now()), expected);
        }
    }

    #[test]
    fn an_activity_is_what_the_remediation_does() {
        for (remediation, expected) in [
            ("ec2/close_world_ingress", Activity::Isolate),
            ("iam/contain_user", Activity::Isolate),
            ("s3/block_public_access", Activity::Isolate),
            ("rds/hide_instance", Activity::Isolate),
            ("s3/encrypt_by_default", Activity::Harden),
            ("guardduty/list_attackers", Activity::Harden),
            ("", Activity::Harden),
        ] {
            let mut page = Page::of(&signal("sg-1"), remediation, now());
            assert_eq!(Activity::of(&page), expected, "{remediation}");
            page.undoes = Some("k-1".into());
            assert_eq!(Activity::of(&page), Activity::Restore, "undo of {remediation}");
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let value = json!({ "a": null, "b": "", "c": [], "d": { "e": null }, "f": [null, 1], "g": 0, "h": false });
        assert_eq!(known(value), json!({ "f": [1], "g": 0, "h": false }));
    }

    #[test]
    fn an_event_is_one_line_whatever_is_in_it() {
        let line = line(&json!({ "text": "two\nlines \u{2028}" }));
        assert_eq!(line.matches('\n').count(), 1);
        assert!(line.ends_with("}\n"), "{line}");
    }
}
