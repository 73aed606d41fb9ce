//! What arrives: news from the stack's topic, findings from Security Hub, and every minute the tick.

use std::collections::HashMap;

use futures_util::future;
use remedy::{Delivery, Message, Own, Place, Timestamp, delivery};
use routing::NotFound;
use runtime::{News, notice::clean};
use serde_json::Value;

use crate::{
    Notify,
    about::{Hearing, Report},
};

/// Where the tick comes from.
const SCHEDULE: &str = "kintsugi.schedule";
/// Where findings come from.
const HUB: &str = "aws.securityhub";

/// What an event says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Heard {
    /// What there is to hear of cases, by their ids.
    pub(crate) hearings: Vec<(String, Hearing)>,
    pub(crate) ticks: bool,
    /// Why something in it is left out.
    pub(crate) ignored: Vec<String>,
    /// Why something in it cannot be read; it is kept.
    pub(crate) unreadable: Vec<String>,
}

/// Reads an event, or says why it cannot be read.
pub(crate) fn read(event: &Value, own: &Own, home: &Place) -> Heard {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    let detail =
        |name: &str| event.pointer("/detail").and_then(|detail| detail.get(name)?.as_str());
    match (text("Type"), text("source")) {
        (Some("Notification"), _) => notification(event),
        (None, Some(SCHEDULE)) if detail("name") == Some("tick") => {
            Heard { ticks: true, ..Heard::default() }
        }
        (None, Some(HUB)) => findings(event, own, home),
        (kind, source) => {
            let kind = clean(kind.or(source).unwrap_or("nobody says"), 100);
            unreadable(format!("an event of a kind that is not known here: {kind}"))
        }
    }
}

/// What the topic delivered.
fn notification(event: &Value) -> Heard {
    let Some(json) = event.pointer("/MessageAttributes/news/Value").and_then(Value::as_str) else {
        let why = "a message of the topic has no news for channels".to_owned();
        return Heard { ignored: vec![why], ..Heard::default() };
    };
    match serde_json::from_str::<News>(json) {
        Ok(news) => {
            let heard = (news.case.clone(), Hearing::News(Box::new(news)));
            Heard { hearings: vec![heard], ..Heard::default() }
        }
        // What stands there is not told: it may be anything.
        Err(error) => unreadable(format!(
            "the news of a message of the topic cannot be read (line {}, column {})",
            error.line(),
            error.column()
        )),
    }
}

fn findings(event: &Value, own: &Own, home: &Place) -> Heard {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    let hub = text("account").zip(text("region")).map(|(account, region)| Place {
        account: account.into(),
        region: region.into(),
        ..home.clone()
    });
    let hub = hub.filter(Place::is_plausible).unwrap_or_else(|| home.clone());
    let all = event.pointer("/detail/findings").and_then(Value::as_array);
    // Which is which is not told by what is found: of several, none is shown to who gives advice.
    let alone = all.filter(|all| all.len() == 1).and_then(|all| all.first());
    let mut heard = Heard::default();
    for found in routing::findings(event, own, answered_by) {
        match found {
            Ok(found) => {
                let case = found.news.case.clone();
                let report = Report { found, hub: hub.clone(), finding: alone.cloned() };
                heard.hearings.push((case, Hearing::Found(Box::new(report))));
            }
            Err(NotFound::Ignored { about, why }) => {
                heard.ignored.push(format!("finding {}: {why}", clean(&about.id, 200)));
            }
            Err(NotFound::Unreadable { about, why }) => {
                heard.unreadable.push(format!("finding {}: {why}", clean(&about.id, 200)));
            }
        }
    }
    heard
}

/// The remediations that a signal calls for.
fn answered_by(signal: &remedy::Signal) -> Vec<String> {
    catalog::remediations_for(signal).map(str::to_owned).collect()
}

fn unreadable(why: String) -> Heard {
    Heard { unreadable: vec![why], ..Heard::default() }
}

impl Notify {
    /// Handles what Lambda was invoked with; the ids of the messages that must come again, and whether it was
    /// a batch.
    pub(crate) async fn handle(&self, payload: Value, until: Timestamp) -> (Vec<String>, bool) {
        let (messages, is_batch) = match delivery(payload) {
            Delivery::Batch(messages) => (messages, true),
            Delivery::Bare(event) => {
                (vec![Message { id: "the event".into(), receives: 1, body: Ok(event) }], false)
            }
        };
        let mut again = vec![false; messages.len()];
        let mut cases: Vec<(String, Vec<(usize, Hearing)>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut ticks = None;
        for (at, message) in messages.iter().enumerate() {
            let heard = match &message.body {
                Ok(event) => read(event, &self.own, &self.home),
                Err(why) => unreadable(why.clone()),
            };
            for why in &heard.ignored {
                self.desk.say(&format!("message {}: {why}", message.id));
            }
            for why in &heard.unreadable {
                let line = format!("message {} cannot be read, and is kept: {why}", message.id);
                self.desk.count_trouble(&line, "Unreadable", None);
                again[at] = true;
            }
            if heard.ticks {
                ticks = Some(at);
            }
            for (case, hearing) in heard.hearings {
                // What is of the same case is heard in turn.
                let place = *places.entry(case.clone()).or_insert_with(|| {
                    cases.push((case, Vec::new()));
                    cases.len() - 1
                });
                cases[place].1.push((at, hearing));
            }
        }
        let each =
            cases.iter().map(|(case, hearings)| Box::pin(self.in_turn(case, hearings, until)));
        let failed = future::join_all(each).await;
        for at in failed.into_iter().flatten() {
            again[at] = true;
        }
        if let Some(at) = ticks
            && let Err(error) = Box::pin(self.tick(until)).await
        {
            self.desk.count_trouble(&format!("the tick: {error}"), "TimerFailed", None);
            again[at] = true;
        }
        let failed = messages.into_iter().zip(again).filter(|(_, again)| *again);
        (failed.map(|(message, _)| message.id).collect(), is_batch)
    }

    /// Hears what there is of one case, in turn; which of them must come again.
    async fn in_turn(
        &self,
        case: &str,
        hearings: &[(usize, Hearing)],
        until: Timestamp,
    ) -> Vec<usize> {
        let mut failed = Vec::new();
        for (at, hearing) in hearings {
            if until <= self.now() {
                self.desk.say(&format!("case {case}: there was no time left; it comes again"));
                failed.push(*at);
            } else if let Err(error) = self.about(case, hearing).await {
                self.desk.say(&format!("case {case}: it comes again: {error}"));
                failed.push(*at);
            }
        }
        failed
    }
}
