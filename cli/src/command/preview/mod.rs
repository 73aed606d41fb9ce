//! `preview`: what would be done about everything that is open now.

mod config;
mod hub;
mod page;
mod row;
mod summary;

use chrono::TimeDelta;
use remedy::{Delivery, Message, Place, Timestamp};
use runtime::Workshop;
use serde_json::Value;

use self::{
    row::{Row, Rows},
    summary::Summary,
};
use crate::{
    args::{Global, Preview},
    command::ground::Ground,
    fail::Fail,
    look::{Look, Onlooker},
    say::{Found, Said, Say, csv::csv, paint},
    session::Session,
    settings::write,
};

pub(crate) use self::hub::asked_for;

/// How many findings go through the pipeline together; it works on eight resources at a time.
const AT_ONCE: usize = 40;

/// What one service has to say.
#[derive(Debug)]
pub(crate) struct Source {
    /// Such as `Security Hub`.
    name: &'static str,
    /// Its findings, as the events that it would send.
    events: Vec<Value>,
    /// Why not all of them could be read.
    trouble: Vec<String>,
}

/// Plans everything that is open.
pub(crate) async fn preview(preview: &Preview, global: &Global, say: &Say) -> Result<Said, Fail> {
    let session = Session::begin(global).await?;
    let ground = Ground::deployed(&preview.terms, &session, say).await?;
    let mut shop = ground.workshop(ground.live(&session)?, &session.home)?;
    // A finding that we left a note on is open all the same: here, none of them is our own echo.
    shop.own.note_by = "";
    let (hub, config) =
        futures_util::future::join(hub::open(&session, say), config::open(&session, say)).await;
    let sources = [hub, config];
    for why in sources.iter().flat_map(|source| &source.trouble) {
        say.aside(&format!("{} {why}", paint::paint(paint::WAITS, "note:")));
    }
    if sources.iter().all(|source| source.events.is_empty() && !source.trouble.is_empty()) {
        return Err(Fail::Failed(
            "nothing could be looked at: neither Security Hub nor AWS Config tells what is open"
                .into(),
        ));
    }
    let mut rows = planned(&sources, &shop, say).await;
    if !ground.reaches_others() {
        rows.all.iter_mut().for_each(|row| row.elsewhere(&session.home.account));
    }
    let summary = Summary {
        home: session.home.clone(),
        at: ground.now,
        policies: ground.orders.policies.clone(),
        sources: sources.iter().map(Source::words).collect(),
        rows,
    };
    said(&summary, preview, *say)
}

fn said(summary: &Summary, preview: &Preview, say: Say) -> Result<Said, Fail> {
    if let Some(file) = &preview.html {
        write(file, "the page", summary.html().as_bytes())?;
        say.aside(&format!("The page is {}", file.display()));
    }
    if let Some(file) = &preview.csv {
        let rows: Vec<_> = summary.rows.all.iter().map(Row::cells).collect();
        write(file, "the table", &csv(&Row::HEADS, &rows)?)?;
        say.aside(&format!("The table is {}", file.display()));
    }
    let acts = summary.rows.all.iter().any(|row| row.next.acts());
    let said = Said::new(summary.text(say.width), summary.json());
    Ok(said.found(Found::if_so(preview.exit_code && acts)))
}

impl Source {
    fn words(&self) -> String {
        let Self { name, events, trouble } = self;
        match (events.len(), trouble.first()) {
            (0, Some(why)) => format!("{name}: not looked at: {why}"),
            (some, Some(why)) => format!("{name}: {some} findings, and not all of them: {why}"),
            (some, None) => format!("{name}: {}", crate::say::count(some, "finding")),
        }
    }
}

/// What would come of each.
async fn planned(sources: &[Source], shop: &Workshop<Look, Onlooker>, say: &Say) -> Rows {
    let events: Vec<&Value> = sources.iter().flat_map(|source| &source.events).collect();
    let bar = say.progress("Planning");
    bar.set_length(events.len() as u64);
    // The clock of the desk stands still.
    let deadline = shop.desk.now + TimeDelta::days(1);
    let mut rows = Rows::default();
    for some in events.chunks(AT_ONCE) {
        let message = |(nth, event): (usize, &&Value)| Message {
            id: nth.to_string(),
            receives: 1,
            body: Ok((*event).clone()),
        };
        let batch = Delivery::Batch(some.iter().enumerate().map(message).collect());
        let handled = Box::pin(shop.handle(batch, deadline)).await;
        handled.reports.iter().for_each(|report| rows.add(report));
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    rows.sort();
    rows
}

/// The envelope that EventBridge puts around what a service has to say.
fn envelope(source: &str, kind: &str, home: &Place, at: Timestamp, detail: &Value) -> Value {
    serde_json::json!({
        "version": "0",
        "id": "preview",
        "source": source,
        "detail-type": kind,
        "account": home.account,
        "region": home.region,
        "time": at,
        "resources": [],
        "detail": detail,
    })
}
