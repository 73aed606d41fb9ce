//! `list`: what is on the threat list, why, and how to change it.

use std::{fmt::Write, sync::Arc};

use catalog::guardduty::{By, Listing, Name, THREAT_LIST_BUCKET, Time, Truth};
use guardduty::GuardDuty;
use remedy::Settings;
use runtime::order::What;
use serde_json::{Value, json};

use crate::{
    args::List,
    command::answer::order,
    fail::Fail,
    say::{
        Said, Say,
        table::{pairs, table},
    },
    session::Session,
};

/// What is done with the threat list.
pub(crate) async fn list(list: &List, session: &Session, say: &Say) -> Result<Said, Fail> {
    match list {
        List::Show => {
            let truth = truth(session).await?;
            Ok(Said::new(shown(&truth, say.width), json_of(&truth)))
        }
        List::Why { name } => {
            let name = named(name)?;
            Ok(why(&name, &truth(session).await?))
        }
        List::Add { names, why } => {
            let add = all_named(names)?;
            order(What::List { add, remove: Vec::new() }, &why.why, session).await
        }
        List::Remove { names, why } => {
            let remove = all_named(names)?;
            order(What::List { add: Vec::new(), remove }, &why.why, session).await
        }
    }
}

async fn truth(session: &Session) -> Result<Truth, Fail> {
    let stack = session.stack().await?;
    let settings: Settings = stack.settings.clone().into_iter().collect();
    if settings.text(&THREAT_LIST_BUCKET).is_empty() {
        return Err(Fail::Failed(format!("the stack in {} keeps no threat list", session.home)));
    }
    let accounts = session.accounts("");
    let guardduty = Arc::new(GuardDuty::new(&session.kit(&accounts, &settings))?);
    Ok(guardduty.truth().await?)
}

fn named(text: &str) -> Result<Name, Fail> {
    text.parse().map_err(|why| Fail::Usage(format!("`{text}` {why}")))
}

fn all_named(texts: &[String]) -> Result<Vec<String>, Fail> {
    texts.iter().map(|text| named(text).map(|name| name.to_string())).collect()
}

fn by(by: By) -> &'static str {
    match by {
        By::Finding => "Kintsugi, because of findings",
        By::Hand => "a person",
    }
}

fn shown(truth: &Truth, width: Option<u16>) -> String {
    let row = |(name, listing): (&Name, &Listing)| {
        vec![
            name.to_string(),
            listing.severity.to_string(),
            listing.first.to_string(),
            listing.last.to_string(),
            listing.until.to_string(),
            match listing.by {
                By::Finding => "finding".to_owned(),
                By::Hand => "hand".to_owned(),
            },
        ]
    };
    let mut text = String::new();
    if !truth.roll.is_empty() {
        let rows: Vec<_> = truth.roll.iter().map(row).collect();
        let heads = ["name", "severity", "first seen", "last seen", "until", "by"];
        text.push_str(&table(&heads, &rows, width));
        text.push('\n');
    }
    if !truth.removed.is_empty() {
        let rows: Vec<_> =
            truth.removed.iter().map(|(name, at)| vec![name.to_string(), at.to_string()]).collect();
        text.push_str(&table(&["taken off by a person", "at"], &rows, width));
        text.push('\n');
    }
    if !truth.rejected.is_empty() {
        let row = |bad: &catalog::guardduty::Rejected| vec![bad.line.clone(), bad.why.clone()];
        let rows: Vec<_> = truth.rejected.iter().map(row).collect();
        text.push_str(&table(&["cannot be on the list", "since it"], &rows, width));
        text.push('\n');
    }
    let (off, bad) = (truth.removed.len(), truth.rejected.len());
    let _ = writeln!(
        text,
        "{} on the list, {off} taken off, {bad} set aside.",
        count_entries(truth.roll.len())
    );
    text
}

fn count_entries(number: usize) -> String {
    if number == 1 { "1 entry".into() } else { format!("{number} entries") }
}

fn json_of(truth: &Truth) -> Value {
    let removed: Vec<_> =
        truth.removed.iter().map(|(name, at)| json!({ "name": name, "at": time(*at) })).collect();
    json!({
        "serial": truth.serial,
        "listings": truth.roll.iter().map(|(name, listing)| of_listing(name, listing)).collect::<Vec<_>>(),
        "removed": removed,
        "rejected": truth.rejected,
    })
}

fn of_listing(name: &Name, listing: &Listing) -> Value {
    json!({
        "name": name,
        "first_seen": time(listing.first),
        "last_seen": time(listing.last),
        "until": time(listing.until),
        "severity": listing.severity,
        "by": listing.by,
        "findings": listing.findings.iter().map(|id| id.to_string()).collect::<Vec<_>>(),
        "serial": listing.serial,
    })
}

/// `null` is never.
fn time(at: Time) -> Option<remedy::Timestamp> {
    remedy::Timestamp::from_timestamp(at.0.into(), 0).filter(|_| at != Time::NEVER)
}

/// Why `name` is on the list, or is not.
fn why(name: &Name, truth: &Truth) -> Said {
    if let Some((listed, listing)) = truth.roll.covering(name) {
        let within =
            if listed == *name { String::new() } else { format!(", as a part of {listed}") };
        let findings: Vec<_> = listing.findings.iter().map(|id| id.to_string()).collect();
        let text = format!(
            "{name} is listed{within}\n{}",
            pairs(&[
                ("by", by(listing.by).into()),
                ("severity", listing.severity.to_string()),
                ("first seen", listing.first.to_string()),
                ("last seen", listing.last.to_string()),
                ("until", listing.until.to_string()),
                ("findings", findings.join("\n")),
            ])
        );
        return Said::new(text, json!({ "listed": true, "listing": of_listing(&listed, listing) }));
    }
    let removed = truth.removed.get(name);
    let written = name.to_string();
    let rejected = truth.rejected.iter().find(|bad| bad.line.trim().eq_ignore_ascii_case(&written));
    let because = match (removed, rejected) {
        (Some(at), _) => {
            format!("a person took it off at {at}; only a newer finding, or a person, brings it back")
        }
        (None, Some(bad)) => format!("it was written by hand, and cannot be on it: it {}", bad.why),
        (None, None) => {
            "no finding that could list it was handled, or its time is over; `kintsugi history` tells of \
             findings that listed nobody"
                .into()
        }
    };
    let json = json!({
        "listed": false,
        "removed": removed.map(|at| time(*at)),
        "rejected": rejected,
        "why": because,
    });
    Said::new(format!("{name} is not listed: {because}\n"), json)
}

#[cfg(test)]
mod tests {
    use catalog::guardduty::{Findings, Rejected};
    use remedy::Severity;

    use super::*;

    fn truth() -> Truth {
        let listing = Listing {
            first: Time(1_795_000_000),
            last: Time(1_795_176_000),
            until: Time::NEVER,
            severity: Severity::High,
            findings: Findings::one("16afba5c5c43e07c9e3e5e2e544e95df"),
            ..Listing::default()
        };
        Truth {
            serial: 3,
            roll: [("198.51.100.0/24".parse().unwrap(), listing)].into_iter().collect(),
            removed: [("192.0.2.1".parse().unwrap(), Time(1_795_176_000))].into(),
            rejected: vec![Rejected { line: "10.0.0.1".into(), why: "is private".into() }],
            ..Truth::default()
        }
    }

    fn told(name: &str) -> String {
        let said = why(&name.parse().unwrap(), &truth());
        anstream::adapter::strip_str(&said.text).to_string()
    }

    #[test]
    fn an_address_is_listed_with_its_network_or_was_taken_off_or_cannot_be() {
        for (name, said) in [
            ("198.51.100.7", "198.51.100.7 is listed, as a part of 198.51.100.0/24\n"),
            ("198.51.100.0/24", "198.51.100.0/24 is listed\n"),
            ("192.0.2.1", "192.0.2.1 is not listed: a person took it off at 2026-11-20 12:00 UTC"),
            (
                "10.0.0.1",
                "10.0.0.1 is not listed: it was written by hand, and cannot be on it: it is private",
            ),
            ("203.0.113.1", "203.0.113.1 is not listed: no finding"),
        ] {
            assert!(told(name).starts_with(said), "{}", told(name));
        }
        assert!(told("198.51.100.7").contains("16afba5c5c43e07c9e3e5e2e544e95df"));
    }

    #[test]
    fn the_whole_list_is_a_table_and_what_is_beside_it() {
        let text = anstream::adapter::strip_str(&shown(&truth(), None)).to_string();
        assert!(text.contains("198.51.100.0/24  HIGH      2026-11-18 11:06 UTC"), "{text}");
        assert!(text.ends_with("1 entry on the list, 1 taken off, 1 set aside.\n"), "{text}");
    }

    #[test]
    fn what_no_list_can_hold_is_refused_before_anybody_is_asked() {
        for name in ["2001:db8::1", "not an address"] {
            assert!(matches!(named(name), Err(Fail::Usage(_))), "{name}");
        }
    }
}
