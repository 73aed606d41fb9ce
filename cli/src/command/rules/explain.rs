//! `rules explain`: who hears of something, and by which rules.

use std::fmt::Write;

use remedy::{Delivery, Own, Timestamp, delivery};
use routing::{NotFound, Rules, When, accepted, findings, hear, hear_finding, regraded};
use runtime::{News, notice::clean};
use serde_json::{Value, json};

use super::{InForce, parsed, usable};
use crate::{
    args::{ExplainRules, Global},
    command::{history::record_of, now},
    fail::Fail,
    say::{Said, Say, minute, paint, table::table},
    session::Session,
    settings::read_json,
};

/// What is heard, and what becomes of it.
struct Explained {
    text: String,
    json: Value,
}

/// Explains what a record, or each finding of an event, comes to.
pub(super) async fn explain(
    asked: &ExplainRules,
    global: &Global,
    say: &Say,
) -> Result<Said, Fail> {
    let given = asked.rules.as_deref().map(usable).transpose()?;
    let session = match (&given, &asked.record) {
        (Some(_), None) => None,
        _ => Some(Session::begin(global).await?),
    };
    let rules = match (given, &session) {
        (Some(rules), _) => rules,
        (None, Some(session)) => {
            let in_force = InForce::read(&session.table().await?).await?;
            match &in_force.pushed {
                Some(pushed) => parsed(&in_force.name, &pushed.text)?,
                None => Rules::default(),
            }
        }
        (None, None) => Rules::default(),
    };
    let now = now();
    let explained = match (&asked.record, &session, &asked.event) {
        (Some(record), Some(session), _) => {
            let news = News::of(&record_of(record, &session.table().await?).await?);
            let heard = hear(&rules, None, &news, now);
            vec![one(&rules, &news, &heard, now, *say)]
        }
        (_, _, Some(file)) => all(&rules, &read_json(file, "the event")?, now, *say),
        _ => Vec::new(),
    };
    if explained.is_empty() {
        return Ok(Said::new("There is no finding in the event.\n", json!({ "heard": [] })));
    }
    let texts: Vec<_> = explained.iter().map(|one| one.text.as_str()).collect();
    let json: Vec<_> = explained.iter().map(|one| &one.json).collect();
    Ok(Said::new(texts.join("\n"), json!({ "heard": json })))
}

/// What each finding of an event comes to.
fn all(rules: &Rules, event: &Value, now: Timestamp, say: Say) -> Vec<Explained> {
    let events = match delivery(event.clone()) {
        Delivery::Bare(event) => vec![event],
        Delivery::Batch(messages) => messages.into_iter().filter_map(|m| m.body.ok()).collect(),
    };
    // The stack's own roles are not known here, and do not matter: nobody was told yet.
    let own = Own { roles: Vec::new(), note_by: "kintsugi" };
    let answered = |signal: &remedy::Signal| {
        let entries = catalog::entries()
            .filter(|entry| entry.spec.triggers.iter().any(|trigger| trigger.is(&signal.trigger)));
        entries.map(|entry| entry.spec.id.to_owned()).collect::<Vec<_>>()
    };
    let found = events.iter().flat_map(|event| findings(event, &own, answered));
    let explained = found.map(|found| match found {
        Ok(found) => {
            let heard = hear_finding(rules, None, &found, now);
            one(rules, &found.news, &heard, now, say)
        }
        Err(NotFound::Ignored { about, why }) => not(&about.id, "is no news", &why),
        Err(NotFound::Unreadable { about, why }) => not(&about.id, "cannot be read", &why),
    });
    explained.collect()
}

fn not(finding: &str, what: &str, why: &str) -> Explained {
    let text = format!("{} {what}: {}\n", clean(finding, 300), clean(why, 1_000));
    Explained { text, json: json!({ "finding": finding, "not": why }) }
}

fn one(rules: &Rules, news: &News, heard: &routing::Heard, now: Timestamp, say: Say) -> Explained {
    let mut text = format!("{}\n", paint::paint(paint::HEAD, &clean(&news.headline, 1_000)));
    let regrade = regraded(rules, news);
    let severity = regrade.map_or(news.severity, |regrade| regrade.severity);
    let because = regrade.map(|regrade| format!(" here: {}", clean(&regrade.reason, 500)));
    let _ = writeln!(text, "{severity}{}", because.unwrap_or_default());
    let acceptance = accepted(rules, news, now);
    if let Some(rule) = acceptance {
        let _ = writeln!(
            text,
            "accepted until {} by {} ({}): {}",
            rule.last_day(),
            clean(&rule.owner, 200),
            clean(&rule.name, 200),
            clean(&rule.reason, 500)
        );
    }
    let (mut rows, mut told) = (Vec::new(), Vec::new());
    for tell in &heard.tell {
        let when = match tell.when {
            When::AtOnce => "at once".to_owned(),
            When::Collected { due } => format!("with others, at {}", minute(due)),
        };
        let why = reasons(rules, news, &tell.channel);
        told.push(json!({ "channel": tell.channel, "when": when, "why": why }));
        rows.push(vec![tell.channel.clone(), when, why]);
    }
    match rows.is_empty() {
        true => text.push_str("Nobody hears of it.\n"),
        false => text.push_str(&table(&["channel", "when", "why"], &rows, say.width)),
    }
    for timer in heard.timers.iter().filter(|timer| timer.kind == routing::Alarm::Escalate) {
        let _ = writeln!(
            text,
            "It escalates at {}, if it is neither put right nor acknowledged.",
            minute(timer.at)
        );
    }
    let json = json!({
        "case": news.case,
        "headline": news.headline,
        "severity": severity.label(),
        "accepted": acceptance.map(|rule| &rule.name),
        "tells": told,
    });
    Explained { text, json }
}

/// Which routes let a channel hear of it, counted from one.
fn reasons(rules: &Rules, news: &News, channel: &str) -> String {
    let mut routes = Vec::new();
    for (nth, route) in rules.routes.iter().enumerate() {
        if !route.on.matches(news) {
            continue;
        }
        if route.to.iter().any(|to| to == channel) {
            routes.push(format!("route {}", nth + 1));
        }
        if route.last {
            break;
        }
    }
    if routes.is_empty() { "it heard of it before".into() } else { routes.join(", ") }
}

#[cfg(test)]
mod tests {
    use remedy::check;
    use runtime::{Outcome, Page};

    use super::*;
    use crate::{args::Color, fail::Code};

    fn explained(rules: &str) -> String {
        let page = Page::of(&check::signal("sg-1"), "ec2/close_world_ingress", check::now());
        let news = News::of(&Page { outcome: Outcome::Fixed, ..page });
        let rules = parsed("r.toml", rules).unwrap();
        let heard = hear(&rules, None, &news, check::now());
        let global = Global {
            region: None,
            profile: None,
            stack: "kintsugi".into(),
            json: false,
            color: Color::Never,
        };
        let one = one(&rules, &news, &heard, check::now(), Say::of(&global));
        assert_eq!(one.json["case"], news.case);
        assert_eq!(Said::new("", &one.json).code, Code::Done);
        anstream::adapter::strip_str(&one.text).to_string()
    }

    #[test]
    fn the_routes_that_match_are_named_by_their_numbers() {
        let text = explained("");
        assert!(text.contains("mail") && text.contains("route 3"), "{text}");
        let text = explained(
            "[channels.mail]\nkind = \"mail\"\n[[routes]]\naccounts = [\"999999999999\"]\nto = [\"mail\"]\n",
        );
        assert!(text.ends_with("Nobody hears of it.\n"), "{text}");
    }
}
