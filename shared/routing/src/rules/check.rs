//! Whether rules mean what their authors want.

use std::collections::BTreeSet;

use remedy::Timestamp;

use super::{
    Match, Misread, Problem, Rules,
    matching::is_like,
    part::Reader,
    text::{Places, read},
};

/// What rules may speak of.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The ids of all remediations.
    pub remediations: &'a [&'a str],
}

/// Rules that can be used, and what should be looked at all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The rules.
    pub rules: Rules,
    /// In the order of the text.
    pub warnings: Vec<Problem>,
}

impl Rules {
    /// The rules that `text` tells of, with regard to what is `known` at `now`.
    ///
    /// # Errors
    /// With all that is wrong with them.
    pub fn check(text: &str, known: &Known<'_>, now: Timestamp) -> Result<Checked, Misread> {
        let mut reader = Reader::new(text);
        let (rules, places) = read(&mut reader, text, Some(known));
        if reader.is_fine() {
            warn(&mut reader, &rules, &places, now);
        }
        reader.end().map(|warnings| Checked { rules, warnings })
    }
}

fn warn(reader: &mut Reader<'_>, rules: &Rules, places: &Places, now: Timestamp) {
    if rules.routes.is_empty() {
        reader.warn(0, "there are no routes: nobody hears of anything", None);
    }
    let routed = rules.routes.iter().flat_map(|route| &route.to);
    let escalated = rules.escalations.iter().flat_map(|escalation| &escalation.to);
    let used: BTreeSet<&String> = routed.chain(escalated).collect();
    for (name, at) in places.channels.iter().filter(|(name, _)| !used.contains(name)) {
        reader.warn(*at, format!("nothing is told to the channel `{name}`"), None);
    }
    for (nth, (route, at)) in rules.routes.iter().zip(&places.routes).enumerate() {
        let mut before = rules.routes.iter().take(nth).enumerate();
        let by = before.find(|(_, before)| before.last && before.on.covers(&route.on));
        if let Some((by, _)) = by {
            let why = format!("route {} takes all that this one is about, and is the last", by + 1);
            reader.warn(*at, why, None);
        }
        if route.last && route.to.is_empty() && route.on == Match::default() && nth == 0 {
            reader.warn(*at, "nobody hears of anything", None);
        }
    }
    for (nth, (rule, at)) in rules.severities.iter().zip(&places.severities).enumerate() {
        let mut before = rules.severities.iter().take(nth).enumerate();
        if let Some((by, _)) = before.find(|(_, before)| before.on.covers(&rule.on)) {
            let why = format!("severities {} counts for all that this one is about", by + 1);
            reader.warn(*at, why, None);
        }
    }
    for (rule, at) in rules.accepted.iter().zip(&places.accepted) {
        if rule.until <= now {
            let why = format!("`{}` has ended: the risk is not accepted any more", rule.name);
            reader.warn(*at, why, Some("prolong it, or take it out".into()));
        }
    }
}

impl Match {
    /// Whether everything that `other` is about is what this is about.
    fn covers(&self, other: &Self) -> bool {
        let exact: fn(&str, &str) -> bool = |one, other| one == other;
        let low: fn(&str, &str) -> bool =
            |one, other| is_like(&one.to_ascii_lowercase(), &other.to_ascii_lowercase());
        self.severity.is_none_or(|least| other.severity.is_some_and(|other| other >= least))
            && (self.stands.is_empty()
                || (!other.stands.is_empty()
                    && other.stands.iter().all(|stands| self.stands.contains(stands))))
            && holds(&self.accounts, &other.accounts, exact)
            && holds(&self.outcomes, &other.outcomes, exact)
            && holds(&self.regions, &other.regions, is_like)
            && holds(&self.remediations, &other.remediations, is_like)
            && holds(&self.resources, &other.resources, is_like)
            && holds(&self.controls, &other.controls, low)
            && self.tags.iter().all(|(key, values)| {
                other.tags.get(key).is_some_and(|others| holds(values, others, is_like))
            })
    }
}

/// Whether each of `others` is one of `all`; where none is named, all are meant.
fn holds(
    all: &BTreeSet<String>,
    others: &BTreeSet<String>,
    is_one: fn(&str, &str) -> bool,
) -> bool {
    let is_held = |other: &String| all.iter().any(|one| is_one(one, other));
    all.is_empty() || (!others.is_empty() && others.iter().all(is_held))
}
