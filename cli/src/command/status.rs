//! `status`: what is deployed, what is stopped, and what waits.

use std::fmt::Write;

use chrono::TimeDelta;
use futures_util::future;
use lambda::{Cap, Parked, Pushed, Table};
use remedy::{Settings, Timestamp, guard::MODE};
use runtime::{Page, Pause};
use serde_json::{Value, json};

use crate::{
    command::{
        dead_letters::{Depth, depths},
        history::days,
        now,
    },
    fail::Fail,
    say::{
        Said, Say, minute, paint,
        table::{pairs, table},
    },
    session::Session,
    stack::Stack,
};

/// How many records of a day are looked through for questions.
const LOOKED_THROUGH: usize = 5_000;

/// All that is told.
struct Status<'a> {
    stack: &'a Stack,
    mode: String,
    pushed: Option<Pushed>,
    pauses: Vec<Pause>,
    caps: Vec<Cap>,
    asking: Vec<Page>,
    parked: Vec<Parked>,
    queues: Vec<Depth>,
    now: Timestamp,
}

/// What is deployed, what is stopped, and what waits.
pub(crate) async fn status(session: &Session, say: &Say) -> Result<Said, Fail> {
    let stack = session.stack().await?;
    let settings: Settings = stack.settings.clone().into_iter().collect();
    let table = session.table_of(stack)?;
    let now = now();
    let (policy, pauses, caps, parked, asking) = future::try_join5(
        Box::pin(table.policy()),
        Box::pin(table.pauses()),
        Box::pin(table.caps()),
        Box::pin(table.parked()),
        Box::pin(asking(&table, &settings, now)),
    )
    .await?;
    let queues = depths(session, stack).await?;
    let status = Status {
        stack,
        mode: settings.text(&MODE).to_owned(),
        pushed: policy,
        pauses,
        caps,
        asking,
        parked,
        queues,
        now,
    };
    Ok(Said::new(status.text(say.width), status.json()))
}

/// The records that ask a person and can still be answered.
async fn asking(
    table: &Table,
    settings: &Settings,
    now: Timestamp,
) -> Result<Vec<Page>, runtime::Error> {
    let hours = settings.text(&lambda::APPROVAL_HOURS).parse().unwrap_or(72);
    let mut asking = Vec::new();
    for day in days(now, now - TimeDelta::hours(hours)) {
        let pages = table.day(day, LOOKED_THROUGH).await?.pages;
        let asks = |page: &Page| {
            page.answer.is_none() && page.asks.as_ref().is_some_and(|asks| now < asks.until)
        };
        asking.extend(pages.into_iter().filter(asks));
    }
    Ok(asking)
}

impl Status<'_> {
    fn policies(&self) -> String {
        match &self.pushed {
            None => format!("those of the stack's parameters (Mode {})", self.mode),
            Some(Pushed { version, by, at, why, .. }) => {
                let why = if why.is_empty() { String::new() } else { format!(": {why}") };
                format!("version {version}, pushed by {by} at {}{why}", minute(*at))
            }
        }
    }

    fn text(&self, width: Option<u16>) -> String {
        let Stack { version, account, region, .. } = self.stack;
        let mut text = pairs(&[
            ("version", version.clone()),
            ("where", format!("{account}/{region}")),
            ("policies", self.policies()),
        ]);
        let pauses =
            self.pauses.iter().filter(|pause| pause.until.is_none_or(|end| self.now < end));
        let rows = pauses.map(|pause| {
            vec![
                pause.remediation.clone().unwrap_or_else(|| "everything".into()),
                minute(pause.at),
                pause.until.map_or_else(|| "resumed".into(), minute),
                pause.by.clone(),
                pause.why.clone(),
            ]
        });
        section(
            &mut text,
            "Paused",
            &["what", "since", "until", "by", "why"],
            &rows.collect::<Vec<_>>(),
            width,
        );
        let rows = self.caps.iter().map(|cap| {
            let state = match cap.blown_at {
                Some(at) => format!("reached at {}; kintsugi resume", minute(at)),
                None => String::new(),
            };
            vec![
                cap.remediation.clone(),
                cap.account.clone(),
                cap.hour.clone(),
                cap.used.to_string(),
                state,
            ]
        });
        let heads = ["remediation", "account", "hour", "repairs", "cap"];
        section(&mut text, "Repairs an hour", &heads, &rows.collect::<Vec<_>>(), width);
        let rows = self.asking.iter().map(|page| {
            let until = page.asks.as_ref().map(|asks| minute(asks.until)).unwrap_or_default();
            let steps: Vec<_> = page.steps.iter().map(|step| step.what.clone()).collect();
            vec![page.id.clone(), page.about.id.clone(), steps.join("\n"), until]
        });
        let heads = ["record", "resource", "would", "can be answered until"];
        section(&mut text, "Waits for a person", &heads, &rows.collect::<Vec<_>>(), width);
        let rows = self.parked.iter().map(|parked| {
            let until = parked.until.map_or_else(|| "resumed".into(), minute);
            vec![parked.record.clone(), parked.remediation.clone(), parked.account.clone(), until]
        });
        let heads = ["record", "remediation", "account", "until"];
        section(&mut text, "Waits", &heads, &rows.collect::<Vec<_>>(), width);
        let rows = self.queues.iter().map(|depth| {
            vec![
                depth.function.clone(),
                depth.waiting.map_or_else(|| "?".into(), |n| n.to_string()),
                depth.in_flight.map_or_else(|| "?".into(), |n| n.to_string()),
                depth.dead.map_or_else(|| "?".into(), |n| n.to_string()),
            ]
        });
        let heads = ["function", "waiting", "in work", "dead letters"];
        section(&mut text, "Events", &heads, &rows.collect::<Vec<_>>(), width);
        text
    }

    fn json(&self) -> Value {
        let pushed = self.pushed.as_ref().map(|pushed| {
            json!({ "version": pushed.version, "by": pushed.by, "at": pushed.at, "why": pushed.why })
        });
        let caps = self.caps.iter().map(|cap| {
            json!({
                "remediation": cap.remediation, "account": cap.account, "hour": cap.hour,
                "used": cap.used, "blown_at": cap.blown_at,
            })
        });
        let parked = self.parked.iter().map(|parked| {
            json!({
                "record": parked.record, "remediation": parked.remediation,
                "account": parked.account, "until": parked.until, "at": parked.at,
            })
        });
        json!({
            "version": self.stack.version,
            "account": self.stack.account,
            "region": self.stack.region,
            "mode": self.mode,
            "policy": pushed,
            "pauses": self.pauses,
            "caps": caps.collect::<Vec<_>>(),
            "asking": self.asking,
            "parked": parked.collect::<Vec<_>>(),
            "queues": self.queues,
        })
    }
}

fn section(
    text: &mut String,
    title: &str,
    heads: &[&str],
    rows: &[Vec<String>],
    width: Option<u16>,
) {
    if rows.is_empty() {
        return;
    }
    let indent = 2;
    let width = width.map(|width| width.saturating_sub(indent));
    let _ = writeln!(text, "\n{}", paint::paint(paint::HEAD, title));
    for line in table(heads, rows, width).lines() {
        let _ = writeln!(text, "  {line}");
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{now, signal};
    use runtime::{Asks, State, Step};

    use super::*;

    #[test]
    fn what_is_stopped_and_what_waits_is_told_and_what_is_over_is_not() {
        let stack = Stack {
            version: "0.2.0".into(),
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            ..Stack::default()
        };
        let pause = |until| Pause {
            remediation: None,
            by: "ada".into(),
            at: now(),
            why: "a release".into(),
            until,
        };
        let mut page = Page::of(&signal("sg-1"), "ec2/close_world_ingress", now());
        page.id = "k-0123456789ab".into();
        page.about.id = "sg-1".into();
        let what = "revoke tcp/22 from 0.0.0.0/0".into();
        page.steps = vec![Step { what, state: State::Planned, routine: false }];
        page.asks = Some(Asks { plan: "ab".into(), until: now() });
        let status = Status {
            stack: &stack,
            mode: "enforce".into(),
            pushed: None,
            pauses: vec![pause(None), pause(Some(now()))],
            caps: vec![Cap {
                remediation: "ec2/close_world_ingress".into(),
                account: "111122223333".into(),
                hour: "2026-11-20T12".into(),
                used: 50,
                blown_at: Some(now()),
            }],
            asking: vec![page],
            parked: Vec::new(),
            queues: Vec::new(),
            now: now(),
        };
        let text = anstream::adapter::strip_str(&status.text(None)).to_string();
        assert_eq!(
            text,
            "version   0.2.0\nwhere     111122223333/eu-west-1\npolicies  those of the stack's parameters \
             (Mode enforce)\n\nPaused\n  what        since                 until    by   why\n  everything  \
             2026-11-20 12:00 UTC  resumed  ada  a release\n\nRepairs an hour\n  remediation              \
             account       hour           repairs  cap\n  ec2/close_world_ingress  111122223333  \
             2026-11-20T12  50       reached at 2026-11-20 12:00 UTC; kintsugi resume\n\nWaits for a \
             person\n  record          resource  would                         can be answered until\n  \
             k-0123456789ab  sg-1      revoke tcp/22 from 0.0.0.0/0  2026-11-20 12:00 UTC\n"
        );
    }
}
