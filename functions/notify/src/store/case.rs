//! Cases, and who of us tells of one just now.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::SecondsFormat;
use remedy::Timestamp;
use routing::{Acknowledged, Case};
use runtime::{Error, notice::clean};

use super::{Item, LEASE, Store, integer, keys, number, string, text};

/// Characters of what stands beside the case for people and reports.
const LONGEST: usize = 400;
/// Bytes of a case: an item takes 400 KiB.
const LARGEST: usize = 350 * 1024;

/// What is remembered of a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Kept {
    /// As it was written last, and as it was acknowledged since.
    pub(crate) case: Option<Case>,
    /// Counted from one; nought if there is nothing.
    version: i64,
    /// Until when somebody tells of it.
    busy: Option<i64>,
    /// The channels of which it is not known whether they were told.
    tried: BTreeSet<String>,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    Mine(Mine),
    /// It is another one by now, or somebody else tells of it.
    Not,
}

/// The right to write a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Mine {
    version: i64,
    /// The channels of which it is not known whether they were told.
    pub(crate) tried: BTreeSet<String>,
    /// Somebody began to tell, and was killed.
    was_cut_short: bool,
}

impl Kept {
    /// Whether somebody tells of it at `now`.
    pub(crate) fn is_busy(&self, now: Timestamp) -> bool {
        self.busy.is_some_and(|until| now.timestamp() <= until)
    }

    /// The right to write it, without telling anybody of it before.
    pub(crate) fn unclaimed(&self) -> Mine {
        Mine { version: self.version, tried: self.tried.clone(), was_cut_short: false }
    }
}

impl Mine {
    /// Whether `channel` may have been told without our knowing.
    pub(crate) fn is_unsure(&self, channel: &str) -> bool {
        self.was_cut_short || self.tried.contains(channel)
    }
}

impl Store {
    /// What is remembered of the case with this id.
    pub(crate) async fn case(&self, id: &str) -> Result<Kept, Error> {
        let Some(item) = self.get(key(id), &format!("case {id}")).await? else {
            return Ok(Kept::default());
        };
        kept(id, &item)
    }

    /// Claims the case, as it was read, for as long as telling may take.
    pub(crate) async fn claim(
        &self,
        id: &str,
        kept: &Kept,
        now: Timestamp,
    ) -> Result<Claim, Error> {
        const FREE: &str = "(attribute_not_exists(#version) OR #version = :version) AND \
                            (attribute_not_exists(#busy) OR #busy < :now)";
        let version = kept.version + 1;
        let call = self
            .update(key(id))
            .update_expression("SET #version = :next, #busy = :until, #expires = :expires")
            .condition_expression(FREE)
            .expression_attribute_names("#version", "version")
            .expression_attribute_names("#busy", "busy")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":version", number(kept.version))
            .expression_attribute_values(":next", number(version))
            .expression_attribute_values(":now", number(now.timestamp()))
            .expression_attribute_values(":until", number((now + LEASE).timestamp()))
            .expression_attribute_values(":expires", number((now + self.keep).timestamp()));
        let claimed = self.change(call, &format!("case {id}")).await?;
        Ok(match claimed {
            Ok(()) => Claim::Mine(Mine {
                version,
                tried: kept.tried.clone(),
                was_cut_short: kept.busy.is_some(),
            }),
            Err(_) => Claim::Not,
        })
    }

    /// Writes the case, and of which channels it is not known whether they were told; whether it was still
    /// ours.
    pub(crate) async fn keep(
        &self,
        case: &Case,
        mine: &Mine,
        tried: BTreeSet<String>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let id = &case.id;
        let what = format!("case {id}");
        let json = serde_json::to_string(case)
            .map_err(|error| Error::Refused(format!("could not write {what}: {error}")))?;
        if json.len() > LARGEST {
            let size = json.len() / 1024;
            return Err(Error::Refused(format!("could not write {what}: it has {size} KiB")));
        }
        let mut set = flat(case);
        set.push(("case", text(json)));
        set.push(("version", number(mine.version + 1)));
        set.push(("expires", number((now + self.keep).timestamp())));
        if !tried.is_empty() {
            let tried = tried.into_iter().map(AttributeValue::S).collect();
            set.push(("tried", AttributeValue::L(tried)));
        }
        let is_set = |name: &&str| set.iter().all(|(known, _)| known != name);
        let gone: Vec<_> = OPTIONAL.iter().filter(|name| is_set(name)).collect();
        let mut call = self
            .update(key(id))
            .condition_expression("attribute_not_exists(#version) OR #version = :mine")
            .expression_attribute_values(":mine", number(mine.version));
        let mut sets = Vec::new();
        for (name, value) in set {
            sets.push(format!("#{name} = :{name}"));
            call = call
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        for name in &gone {
            call = call.expression_attribute_names(format!("#{name}"), **name);
        }
        let gone: Vec<_> = gone.iter().map(|name| format!("#{name}")).collect();
        let mut expression = format!("SET {}", sets.join(", "));
        if !gone.is_empty() {
            expression = format!("{expression} REMOVE {}", gone.join(", "));
        }
        Ok(self.change(call.update_expression(expression), &what).await?.is_ok())
    }
}

/// What is not always there.
const OPTIONAL: [&str; 12] = [
    "busy",
    "tried",
    "closed",
    "team",
    "remediation",
    "trigger",
    "account",
    "region",
    "resource",
    "accepted_why",
    "accepted_by",
    "accepted_until",
];

fn key(id: &str) -> Item {
    keys(format!("case#{id}"), "case")
}

fn kept(id: &str, item: &Item) -> Result<Kept, Error> {
    let odd = |error: &dyn std::fmt::Display| {
        Error::Refused(format!(
            "could not read case {id}: the item case#{id} in the stack's table cannot be read ({error}); mend \
             or delete it"
        ))
    };
    let case: Option<Case> = match string(item, "case") {
        Some(json) => Some(serde_json::from_str(json).map_err(|error| odd(&error))?),
        None => None,
    };
    let tried = item.get("tried").and_then(|tried| tried.as_l().ok()).into_iter().flatten();
    Ok(Kept {
        case: case.map(|case| acknowledged(case, item)),
        version: integer(item, "version").unwrap_or_default(),
        busy: integer(item, "busy"),
        tried: tried.filter_map(|name| name.as_s().ok()).cloned().collect(),
    })
}

/// The case with what a person said to it since it was written.
fn acknowledged(mut case: Case, item: &Item) -> Case {
    let said = string(item, "acknowledged").and_then(|json| serde_json::from_str(json).ok());
    // Who took care of it the last time need not know that it is back.
    if let Some(said) = said.filter(|said: &Acknowledged| case.since <= said.at) {
        case.acknowledged = Some(said);
    }
    case
}

/// What people, queries and reports read without the case.
fn flat(case: &Case) -> Vec<(&'static str, AttributeValue)> {
    let news = &case.news;
    let line = |said: &str| text(clean(said, LONGEST));
    let at = |time: Timestamp| text(time.to_rfc3339_opts(SecondsFormat::Millis, true));
    let stands = serde_json::to_value(news.stands).unwrap_or_default();
    let place = news.place.as_ref();
    let mut flat = vec![
        ("stands", text(stands.as_str().unwrap_or_default())),
        ("severity", text(news.severity.label())),
        ("headline", line(&news.headline)),
        ("since", at(case.since)),
        ("returns", number(case.returns)),
    ];
    // What is not known is not there: no index takes an empty string.
    let known = [
        ("team", news.team().unwrap_or_default()),
        ("remediation", &news.remediation),
        ("trigger", &news.trigger),
        ("account", place.map(|place| place.account.as_str()).unwrap_or_default()),
        ("region", place.map(|place| place.region.as_str()).unwrap_or_default()),
        ("resource", &news.resource),
    ];
    let known = known.into_iter().filter(|(_, said)| !said.is_empty());
    flat.extend(known.map(|(name, said)| (name, line(said))));
    flat.extend(case.closed.map(|closed| ("closed", at(closed))));
    if let Some(accepted) = &case.accepted {
        flat.push(("accepted_why", line(&accepted.why)));
        flat.push(("accepted_by", line(&accepted.by)));
        flat.push(("accepted_until", at(accepted.until)));
    }
    flat
}

#[cfg(test)]
mod tests {
    use runtime::{News, Outcome, Page};

    use super::*;

    #[test]
    fn what_is_not_known_of_an_order_is_not_there() {
        let ordered = Outcome::Ordered { what: "pause".into() };
        let page =
            Page::of_subject(&remedy::Subject::default(), "m", remedy::check::now(), ordered);
        let flat = flat(&Case::new(&News::of(&page)));
        assert!(flat.iter().all(|(_, value)| *value != text("")), "{flat:?}");
        for name in ["resource", "account", "region", "team", "remediation"] {
            assert!(flat.iter().all(|(known, _)| *known != name), "{name}");
            assert!(OPTIONAL.contains(&name), "{name} would stay if it was there before");
        }
    }
}
