//! Findings of Security Hub for people: what they say and how they stand, also where nothing is to be done.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Event, Ignored, MOST_RESOURCES, Not, Own, Subject, each_of, fit, ocsf, security_hub,
    shape::{each, shaped, short, text},
    subject,
};
use crate::{Signal, Timestamp};

/// A finding, with all that people are told of it. All text in it is from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// A signal for each resource, although nothing may be to be done; without what is only of use to block
    /// somebody.
    pub signals: Vec<Signal>,
    /// How it stands.
    pub standing: Standing,
    /// When it was sent: later than its signals' time where only its workflow changed.
    pub sent: Timestamp,
    /// What is wrong.
    pub description: String,
    /// What to do.
    pub advice: String,
    /// Where that is explained, as the finding says it.
    pub link: String,
    /// The types and tags of its resources, in the order of the signals.
    pub resources: Vec<Described>,
}

/// What a finding says of a resource beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Such as `AwsEc2SecurityGroup` or `AWS::EC2::SecurityGroup`.
    pub kind: String,
    /// Its tags, some minutes or hours ago.
    pub tags: BTreeMap<String, String>,
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How far people are with it.
    pub progress: Progress,
    /// What the control says, if it is about one.
    pub passed: Option<bool>,
    /// Whether it is put away.
    pub archived: bool,
    /// Whether it is our own update that came back.
    pub own: bool,
}

/// How far people are with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nobody looked at it.
    New,
    /// Somebody was told.
    Notified,
    /// It is put right.
    Resolved,
    /// Nobody wants to hear of it.
    Suppressed,
}

/// Why there is nothing to say of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silent {
    /// It means nothing.
    Ignored(Ignored),
    /// It cannot be read; the message must be kept.
    Unreadable(String),
}

/// Every finding of an event of Security Hub, in its order, whatever its form. Never empty.
pub fn whole(event: &Value, own: &Own) -> Vec<Result<Whole, (Subject, Silent)>> {
    let event = match shaped::<Event>(event, "the event") {
        Ok(event) => event,
        Err(why) => return vec![Err((Subject::of_event(event), Silent::Unreadable(why)))],
    };
    match (event.source.as_str(), event.detail_type.as_str()) {
        ("aws.securityhub", "Security Hub Findings - Imported") => each_of(
            &event,
            |raw, at| (security_hub::subject(raw), security_hub::whole(raw, at, &event, own)),
            said,
        ),
        ("aws.securityhub", "Findings Imported V2") => {
            each_of(&event, |raw, at| (ocsf::subject(raw), ocsf::whole(raw, at, &event, own)), said)
        }
        (source, kind) => {
            let (source, kind) = (short(source, 100), short(kind, 100));
            let why =
                format!("no finding of Security Hub: source `{source}`, detail-type `{kind}`");
            vec![Err((subject(&event), Silent::Unreadable(why)))]
        }
    }
}

/// `whole`, if it can be used.
fn said(about: Subject, whole: Result<Whole, Not>) -> Vec<Result<Whole, (Subject, Silent)>> {
    let checked = whole.and_then(|whole| match whole.signals.len() {
        0 => Err(Not::Readable("it names no resource".into())),
        1..=MOST_RESOURCES => {
            whole.signals.iter().try_for_each(fit).map(|()| whole).map_err(Not::from)
        }
        many => Err(Not::Readable(format!(
            "it names {many} resources; at most {MOST_RESOURCES} can be read"
        ))),
    });
    vec![checked.map_err(|not| match not {
        Not::Wanted(why) => (about, Silent::Ignored(why)),
        Not::Readable(why) => (about, Silent::Unreadable(why)),
    })]
}

/// The most tags that AWS allows on a resource.
const TAGS: usize = 50;

/// The types and tags of a finding's resources. Tags are a map in ASFF, and a list of names and values in OCSF.
pub(super) fn described(raw: &Value, [list, kind, tags]: [&str; 3]) -> Vec<Described> {
    let describe = |resource: &Value| {
        let map = resource.pointer(tags).and_then(Value::as_object).into_iter().flatten();
        let pairs = map.map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()));
        let named = resource.pointer(tags).filter(|tags| tags.is_array());
        let named = named.into_iter().flat_map(|tags| each(tags, ""));
        let named = named.map(|tag| (text(tag, "/name"), text(tag, "/value")));
        let all = pairs.chain(named).filter(|(key, _)| !key.is_empty()).take(TAGS);
        Described {
            kind: short(text(resource, kind), 100),
            tags: all.map(|(key, value)| (short(key, 128), short(value, 256))).collect(),
        }
    };
    each(raw, list).map(describe).collect()
}

/// When `event` was sent; what cannot tell was sent when its finding was `seen`.
pub(super) fn sent(event: &Event, seen: Timestamp) -> Timestamp {
    event.time.map_or(seen, |sent| sent.max(seen))
}
