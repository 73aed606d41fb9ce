//! `history` and `show`: what was decided.

use std::fmt::Write;

use chrono::{NaiveDate, TimeDelta};
use lambda::Table;
use remedy::{Signal, Timestamp};
use runtime::{
    Page,
    notice::{self, clean},
};
use serde_json::json;

use crate::{
    args::{History, RecordId},
    command::{answer::arn_of, now},
    fail::Fail,
    say::{
        Said, Say, count, minute, paint, second,
        table::{pairs, table},
    },
    session::Session,
};

/// How many records of a day are looked through for those that ended in a certain way.
const LOOKED_THROUGH: usize = 10_000;

/// The newest records.
pub(crate) async fn history(asked: &History, session: &Session, say: &Say) -> Result<Said, Fail> {
    let found = find(asked, session).await?;
    let mut text = table(
        &["outcome", "at", "resource", "remediation", "why", "record"],
        &found.pages.iter().map(row).collect::<Vec<_>>(),
        say.width,
    );
    if found.pages.is_empty() {
        text = match &asked.outcome {
            None => "No records.\n".into(),
            Some(outcome) => format!("No records that ended as {outcome}.\n"),
        };
    }
    for why in &found.unreadable {
        let _ = writeln!(text, "{} {}", paint::paint(paint::BAD, "unreadable"), clean(why, 500));
    }
    let json = json!({ "records": found.pages, "unreadable": found.unreadable });
    Ok(Said::new(text, json))
}

async fn find(asked: &History, session: &Session) -> Result<lambda::History, Fail> {
    let stack = session.stack().await?;
    let table = session.table_of(stack)?;
    let now = now();
    let since = now - TimeDelta::days(asked.days.into());
    let most = usize::try_from(asked.limit).unwrap_or(LOOKED_THROUGH);
    let looked = if asked.outcome.is_some() { LOOKED_THROUGH } else { most };
    let ended = |page: &Page| asked.outcome.as_ref().is_none_or(|word| page.outcome.word() == word);
    if let Some(resource) = &asked.resource {
        let resource = arn_of(resource, &session.home)?;
        let mut found = table.of_resource(&resource, since, looked).await?;
        found.pages.retain(ended);
        found.pages.truncate(most);
        return Ok(found);
    }
    let mut found = lambda::History::default();
    for day in days(now, since) {
        let mut of_day = table.day(day, looked).await?;
        of_day.pages.retain(|page| ended(page) && page.at >= since);
        found.pages.append(&mut of_day.pages);
        found.unreadable.append(&mut of_day.unreadable);
        if found.pages.len() >= most {
            break;
        }
    }
    found.pages.truncate(most);
    Ok(found)
}

/// The days from `now` back to `since`.
pub(crate) fn days(now: Timestamp, since: Timestamp) -> impl Iterator<Item = NaiveDate> {
    let first = since.date_naive();
    let all = std::iter::successors(Some(now.date_naive()), NaiveDate::pred_opt);
    all.take_while(move |day| *day >= first)
}

fn row(page: &Page) -> Vec<String> {
    let about = &page.about;
    let place = about.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
    let resource = match (about.id.as_str(), about.resource.as_str()) {
        ("", "") => "-".to_owned(),
        // Its name says where it is.
        ("", resource) if resource.starts_with("arn:") => resource.to_owned(),
        ("", id) | (id, _) => format!("{id}{place}"),
    };
    let remediation = match (page.undoes.as_ref(), page.remediation.as_str()) {
        (Some(undone), _) => format!("undo of {undone}"),
        (None, "") => "-".into(),
        (None, id) => id.to_owned(),
    };
    vec![
        page.outcome.word().to_owned(),
        minute(page.at),
        resource,
        remediation,
        notice::why(page),
        page.id.clone(),
    ]
}

/// The record of this id.
///
/// # Errors
/// If there is none, or it cannot be read.
pub(crate) async fn record_of(record: &RecordId, table: &Table) -> Result<Page, Fail> {
    table.page(&record.0).await?.ok_or_else(|| {
        Fail::Failed(format!(
            "there is no record {record} in table {}; `kintsugi history` lists those there are",
            table.name()
        ))
    })
}

/// All that is known of a record.
pub(crate) async fn show(record: &RecordId, session: &Session) -> Result<Said, Fail> {
    let table = session.table().await?;
    let page = record_of(record, &table).await?;
    let undone = undone_by(&page, &table).await;
    Ok(Said::new(story(&page, &undone), json!({ "record": page, "undone_by": undone })))
}

/// The records that took back what was changed under `page`. That they cannot be read takes nothing away
/// from it.
async fn undone_by(page: &Page, table: &Table) -> Vec<String> {
    if !page.has_made_some() {
        return Vec::new();
    }
    let later = table.of_resource(&page.about.resource, page.at, 500).await.unwrap_or_default();
    let undoes = |later: &&Page| later.undoes.as_ref() == Some(&page.id);
    later.pages.iter().filter(undoes).map(|later| later.id.clone()).collect()
}

/// The message, and what it leaves out.
fn story(page: &Page, undone: &[String]) -> String {
    let mut text = notice::text(page);
    text.push('\n');
    let signal = page.signal.as_ref();
    let answer = page.answer.as_ref().map(|answer| {
        let what = if answer.approved { "approved" } else { "rejected" };
        let why = if answer.why.is_empty() { String::new() } else { format!(": {}", answer.why) };
        format!("{what} by {} at {}{why}", answer.by, second(answer.at))
    });
    let asks =
        page.asks.as_ref().map(|asks| format!("until {} (plan {})", minute(asks.until), asks.plan));
    let waits = page.waits().map(|wait| match wait.until {
        Some(until) => format!("until {}", minute(until)),
        None => "until a person resumes it, or the pause is over".into(),
    });
    text.push_str(&pairs(&[
        ("outcome", format!("{}: {}", page.outcome.word(), notice::why(page))),
        ("remediation", page.remediation.clone()),
        ("resource", page.about.resource.clone()),
        ("seen", signal.map(|signal| second(signal.seen)).unwrap_or_default()),
        ("decided", second(page.at)),
        ("after", signal.map(|signal| after(signal, page.at)).unwrap_or_default()),
        ("signal", signal.map(|signal| signal.id.clone()).unwrap_or_default()),
        ("parameters", signal.map(parameters).unwrap_or_default()),
        ("found", page.found.clone().unwrap_or_default()),
        ("policies", page.policies.clone()),
        ("missing", missing(page)),
        ("asks", asks.unwrap_or_default()),
        ("answer", answer.unwrap_or_default()),
        ("waits", waits.unwrap_or_default()),
        ("exempt until", page.exempt_until.map(minute).unwrap_or_default()),
        ("undoes", page.undoes.clone().unwrap_or_default()),
        ("undone by", undone.join(", ")),
        (
            "told",
            if page.told { "before; the event came again for another reason" } else { "" }.into(),
        ),
    ]));
    if page.more {
        let _ =
            writeln!(text, "There is more to do, another time: it does not fit into one record.");
    }
    text
}

fn missing(page: &Page) -> String {
    let missing = page.verdict.iter().flat_map(|verdict| &verdict.missing);
    let lines: Vec<_> = missing
        .map(|missing| {
            format!("the tag {} would bring it in (policy {})", missing.tag, missing.policy)
        })
        .collect();
    lines.join("\n")
}

fn parameters(signal: &Signal) -> String {
    let all = signal.parameters.iter().map(|(name, values)| format!("{name}={}", values.join(",")));
    all.collect::<Vec<_>>().join("\n")
}

/// How long after it was seen it was decided.
fn after(signal: &Signal, at: Timestamp) -> String {
    let seconds = (at - signal.seen).num_seconds().max(0);
    match (seconds / 86_400, seconds / 3_600, seconds / 60) {
        (0, 0, 0) => count(usize::try_from(seconds).unwrap_or_default(), "second"),
        (0, 0, minutes) => count(usize::try_from(minutes).unwrap_or_default(), "minute"),
        (0, hours, _) => count(usize::try_from(hours).unwrap_or_default(), "hour"),
        (days, ..) => count(usize::try_from(days).unwrap_or_default(), "day"),
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Hold,
        check::{now, signal},
    };
    use runtime::{Answer, Asks, Outcome, State, Step};

    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn page(outcome: Outcome) -> Page {
        let page = Page::of(&signal("sg-1"), "ec2/close_world_ingress", now());
        Page { id: "k-0123456789ab".into(), version: "0.2.0".into(), outcome, ..page }
    }

    fn made(mut page: Page) -> Page {
        let what = "revoke tcp/22 from 0.0.0.0/0".into();
        page.steps = vec![Step { what, state: State::Made, routine: false }];
        page
    }

    #[test]
    fn a_row_says_how_it_ended_about_what_and_why() {
        assert_eq!(
            row(&made(page(Outcome::Fixed))),
            [
                "fixed",
                "2026-11-20 12:00 UTC",
                "sg-1 111122223333/eu-west-1",
                "ec2/close_world_ingress",
                "1 of 1 changes made and verified",
                "k-0123456789ab"
            ]
        );
        let undo = Page { undoes: Some("k-a".into()), ..page(Outcome::Fixed) };
        assert_eq!(row(&undo).get(3).map(String::as_str), Some("undo of k-a"));
    }

    #[test]
    fn days_go_back_to_the_first_one() {
        let days: Vec<_> =
            days(now(), now() - TimeDelta::days(2)).map(|day| day.to_string()).collect();
        assert_eq!(days, ["2026-11-20", "2026-11-19", "2026-11-18"]);
        assert_eq!(super::days(now(), now()).count(), 1);
    }

    #[test]
    fn a_story_is_the_message_and_what_it_leaves_out() {
        let mut asked = page(Outcome::Held {
            why: vec![Hold::NeedsApproval { policies: vec!["databases-ask-first".into()] }],
        });
        asked.asks = Some(Asks { plan: "aabb".into(), until: now() });
        asked.answer = Some(Answer {
            approved: false,
            by: "arn:aws:iam::111122223333:user/ada".into(),
            at: now(),
            why: "in use\u{1b}[2J".into(),
        });
        let text = plain(&story(&asked, &[]));
        for said in [
            "Kintsugi asks whether to repair sg-1 in 111122223333/eu-west-1.\n",
            "asks         until 2026-11-20 12:00 UTC (plan aabb)\n",
            "answer       rejected by arn:aws:iam::111122223333:user/ada at 2026-11-20 12:00:00 UTC: in use [2J\n",
            "outcome      held: a person must approve it (policy databases-ask-first)\n",
        ] {
            assert!(text.contains(said), "{said}\n---\n{text}");
        }
        let text = plain(&story(&made(page(Outcome::Fixed)), &["k-bb".into()]));
        assert!(text.contains("undone by    k-bb\n"), "{text}");
    }

    #[test]
    fn what_lies_between_is_told_in_the_largest_unit() {
        for (later, said) in [
            (TimeDelta::seconds(1), "1 second"),
            (TimeDelta::seconds(59), "59 seconds"),
            (TimeDelta::minutes(61), "1 hour"),
            (TimeDelta::days(3), "3 days"),
            (TimeDelta::days(-3), "0 seconds"),
        ] {
            assert_eq!(after(&signal("sg-1"), now() + later), said);
        }
    }
}
