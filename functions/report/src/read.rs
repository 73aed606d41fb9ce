//! Items of the table, as summaries have them.

use lambda::{Flat, Sort};
use remedy::{Severity, Timestamp};
use routing::Rules;
use runtime::Stands;
use serde_json::Value;
use summary::{CaseEntry, Entry, Lapse};

/// Words before the name of what signalled a record.
const TRIGGERS: [&str; 5] =
    ["Security Hub control ", "Config rule ", "API call ", "schedule ", "finding "];

/// Something that adds to a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A record.
    Record(Entry),
    /// A problem.
    Case(CaseEntry),
    /// A resource that is left alone until a day.
    Exempt(Lapse),
}

/// What an item is; none if it cannot be read, as half of a case that is being written cannot.
pub fn found(flat: &Flat) -> Option<Found> {
    match flat.sort {
        Sort::Record => record(flat).map(Found::Record),
        Sort::Case => case(flat).map(Found::Case),
        Sort::Exemption => exempt(flat).map(Found::Exempt),
    }
}

/// The risks that rules accept and that do not end before `now`.
///
/// # Errors
/// If they cannot be read.
pub fn accepted(rules: &str, now: Timestamp) -> Result<Vec<Lapse>, String> {
    let rules = Rules::parse(rules).map_err(|misread| misread.to_string())?;
    let lapse = |accepted: routing::Acceptance| Lapse {
        what: accepted.name,
        until: accepted.until,
        by: accepted.owner,
        why: accepted.reason,
    };
    Ok(rules.accepted.into_iter().filter(|accepted| now < accepted.until).map(lapse).collect())
}

fn record(flat: &Flat) -> Option<Entry> {
    Some(Entry {
        id: flat.name().to_owned(),
        at: flat.time("at")?,
        closed: flat.time("closed"),
        seen: flat.time("seen"),
        outcome: flat.text("outcome")?.to_owned(),
        why: text(flat, "why"),
        holds: flat.texts("holds"),
        remediation: text(flat, "remediation"),
        trigger: trigger(flat.text("trigger").unwrap_or_default()).to_owned(),
        severity: severity(flat),
        account: text(flat, "account"),
        region: text(flat, "region"),
        resource: text(flat, "resource"),
        team: maybe(flat, "team"),
        owner: maybe(flat, "owner"),
        caused_by: maybe(flat, "caused_by"),
        undoes: maybe(flat, "undoes"),
        is_back: flat.is("is_back"),
        by: maybe(flat, "by"),
    })
}

fn case(flat: &Flat) -> Option<CaseEntry> {
    let accepted = flat
        .text("accepted_why")
        .map(|why| (why.to_owned(), text(flat, "accepted_by"), flat.time("accepted_until")));
    Some(CaseEntry {
        id: flat.name().to_owned(),
        stands: stands(flat.text("stands")?)?,
        severity: severity(flat),
        headline: text(flat, "headline"),
        remediation: text(flat, "remediation"),
        trigger: text(flat, "trigger"),
        account: text(flat, "account"),
        region: text(flat, "region"),
        resource: text(flat, "resource"),
        team: maybe(flat, "team"),
        since: flat.time("since")?,
        closed: flat.time("closed"),
        returns: flat.number("returns").unwrap_or_default(),
        accepted,
    })
}

fn exempt(flat: &Flat) -> Option<Lapse> {
    Some(Lapse {
        what: flat.name().to_owned(),
        until: flat.time("exempt_until")?,
        by: text(flat, "exempt_by"),
        why: text(flat, "exempt_why"),
    })
}

/// The name alone of what signalled a record: cases have no more.
fn trigger(text: &str) -> &str {
    if text == "any finding" {
        return "";
    }
    TRIGGERS.iter().find_map(|words| text.strip_prefix(words)).unwrap_or(text)
}

fn severity(flat: &Flat) -> Severity {
    flat.text("severity").and_then(Severity::from_label).unwrap_or_default()
}

fn stands(word: &str) -> Option<Stands> {
    serde_json::from_value(Value::from(word)).ok()
}

fn text(flat: &Flat, name: &str) -> String {
    flat.text(name).unwrap_or_default().to_owned()
}

fn maybe(flat: &Flat, name: &str) -> Option<String> {
    flat.text(name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use remedy::Trigger;

    use super::*;

    #[test]
    fn what_signalled_a_record_loses_the_words_before_its_name() {
        for (signalled, name) in [
            (Trigger::Control("EC2.18".into()), "EC2.18"),
            (Trigger::ConfigRule("s3-ssl".into()), "s3-ssl"),
            (Trigger::Finding("Recon:EC2/Portscan".into()), "Recon:EC2/Portscan"),
            (Trigger::Call("PutBucketPolicy".into()), "PutBucketPolicy"),
            (Trigger::Schedule("daily".into()), "daily"),
        ] {
            assert_eq!(trigger(&signalled.to_string()), name);
        }
        assert_eq!(trigger("any finding"), "");
        assert_eq!(trigger("something else"), "something else");
    }

    #[test]
    fn how_a_problem_stands_is_read_as_it_is_written() {
        for known in [
            Stands::Open,
            Stands::Asks,
            Stands::Fixed,
            Stands::Solved,
            Stands::Accepted,
            Stands::Notice,
        ] {
            let word = serde_json::to_value(known).unwrap();
            assert_eq!(stands(word.as_str().unwrap()), Some(known));
        }
        assert_eq!(stands("lost"), None);
    }

    #[test]
    fn risks_that_rules_accept_end_on_their_day() {
        let rules = "
[[accepted]]
name = \"legacy-ftp\"
controls = [\"EC2.18\"]
reason = \"moves in spring\"
owner = \"ada\"
until = \"2027-03-31\"
";
        let until = "2027-04-01T00:00:00Z".parse().unwrap();
        let lapse = Lapse {
            what: "legacy-ftp".into(),
            until,
            by: "ada".into(),
            why: "moves in spring".into(),
        };
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        assert_eq!(accepted(rules, now), Ok(vec![lapse]));
        assert_eq!(accepted(rules, until), Ok(Vec::new()));
        assert!(accepted("[", now).is_err());
    }
}
