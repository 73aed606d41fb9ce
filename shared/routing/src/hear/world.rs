//! A shell as `functions/notify` is one, in memory.

use std::collections::{BTreeMap, BTreeSet};

use remedy::{Place, Severity, Timestamp};
use runtime::{News, Stands, news::case_id};

use super::{hear, wake};
use crate::{
    Alarm, Brief, Case, Dropped, Form, Heard, Receipt, Rules, Tell, Timer, Turn, When, digest,
};

pub(crate) fn at(text: &str) -> Timestamp {
    format!("2026-11-{text}:00Z").parse().unwrap()
}

/// News of the `nth` problem.
pub(crate) fn news(nth: usize, now: Timestamp, stands: Stands, severity: Severity) -> News {
    let resource = format!("arn:aws:s3:::bucket-{nth}");
    News {
        case: case_id("S3.8", &resource),
        at: now,
        stands,
        outcome: "finding".into(),
        severity,
        remediation: String::new(),
        trigger: "S3.8".into(),
        kind: "bucket".into(),
        id: format!("bucket-{nth}"),
        label: None,
        resource,
        place: Some(Place::new("111122223333", "eu-west-1")),
        link: None,
        tags: [("team".to_owned(), "web".to_owned())].into(),
        record: None,
        findings: Vec::new(),
        headline: format!("bucket-{nth} is public"),
        sections: Vec::new(),
    }
}

/// What a channel got.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Got {
    One { case: String, state: String, turn: Turn },
    Digest { count: usize },
    Created { case: String },
    Comment { case: String, state: String },
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) rules: Rules,
    pub(crate) cases: BTreeMap<String, Case>,
    pub(crate) digests: BTreeMap<(String, Timestamp, String), Brief>,
    pub(crate) timers: BTreeSet<Timer>,
    budgets: BTreeMap<(String, Timestamp), u32>,
    pub(crate) got: Vec<(Timestamp, String, Got)>,
    /// What channels were told, whether alone or in a digest: channel, case, round, state, how bad.
    pub(crate) said: Vec<(String, String, u32, String, Severity)>,
    /// The channels that answer with an error.
    pub(crate) down: BTreeSet<String>,
}

impl World {
    pub(crate) fn new(rules: &str) -> Self {
        Self { rules: Rules::parse(rules).unwrap(), ..Self::default() }
    }

    /// Whether everybody could be told.
    pub(crate) fn hears(&mut self, news: &News, now: Timestamp) -> bool {
        let case = self.cases.get(&news.case).cloned();
        let heard = hear(&self.rules, case, news, now);
        self.does(heard, now)
    }

    fn does(&mut self, heard: Heard, now: Timestamp) -> bool {
        for Dropped { channel, due } in &heard.drop {
            let case = heard.case.as_ref().unwrap();
            self.digests.remove(&(channel.clone(), *due, case.id.clone()));
        }
        self.timers.extend(heard.timers);
        let Some(mut case) = heard.case else { return true };
        let mut all = true;
        for tell in heard.tell {
            match tell.when {
                When::AtOnce => all &= self.tells(&mut case, &tell, now),
                When::Collected { due } => self.keeps(&case, &tell, due),
            }
        }
        self.cases.insert(case.id.clone(), case);
        all
    }

    fn keeps(&mut self, case: &Case, tell: &Tell, due: Timestamp) {
        let key = (tell.channel.clone(), due, case.id.clone());
        self.digests.insert(key, Brief::of(&case.news));
        self.timers.insert(Timer { at: due, kind: Alarm::Digest, name: tell.channel.clone() });
    }

    fn tells(&mut self, case: &mut Case, tell: &Tell, now: Timestamp) -> bool {
        if self.down.contains(&tell.channel) {
            return false;
        }
        let channel = self.rules.channels[&tell.channel].clone();
        let window = (tell.channel.clone(), channel.span(now).start);
        let sent = self.budgets.entry(window).or_default();
        let most = if tell.form == Form::Ticket { channel.most } else { channel.most - 1 };
        if *sent >= most {
            let due = channel.due(now);
            if let Some(Dropped { channel, due }) = case.waits(tell, due, now) {
                self.digests.remove(&(channel, due, case.id.clone()));
            }
            self.keeps(case, tell, due);
            return true;
        }
        *sent += 1;
        self.sends(case, tell, now);
        true
    }

    fn sends(&mut self, case: &mut Case, tell: &Tell, now: Timestamp) {
        let id = case.id.clone();
        let ticket = case.told.get(&tell.channel).and_then(|told| told.ticket.clone());
        let (state, turn) = (tell.state.clone(), tell.turn.clone());
        if turn.is_change() {
            let waits = case.told.get(&tell.channel).filter(|told| told.waits.is_some());
            let round = waits.map_or(case.round, |told| told.round);
            let said = (tell.channel.clone(), id.clone(), round, state.clone(), tell.severity);
            self.said.push(said);
        }
        let got = match (tell.form, ticket) {
            (Form::Message, _) => Got::One { case: id, state, turn },
            (Form::Ticket, None) => Got::Created { case: id },
            (Form::Ticket, Some(_)) => Got::Comment { case: id, state },
        };
        self.got.push((now, tell.channel.clone(), got));
        let ticket = (tell.form == Form::Ticket).then(|| format!("KEY-{}", case.id));
        case.told(tell, Receipt { thread: None, ticket }, now);
    }

    /// What is due up to `now`.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        while let Some(timer) = self.timers.first().filter(|timer| timer.at <= now).cloned() {
            self.timers.remove(&timer);
            match timer.kind {
                Alarm::Digest => self.sums_up(&timer.name, now),
                Alarm::Escalate | Alarm::Remind | Alarm::Lapse => {
                    let case = self.cases[&timer.name].clone();
                    let heard = wake(&self.rules, case, now);
                    self.does(heard, now);
                }
            }
        }
    }

    fn sums_up(&mut self, name: &str, now: Timestamp) {
        let due: Vec<_> = self.digests.keys().cloned().collect();
        let due = due.into_iter().filter(|(channel, due, _)| channel == name && *due <= now);
        let items: Vec<(String, Brief)> =
            due.map(|key| (key.2.clone(), self.digests.remove(&key).unwrap())).collect();
        let is_ticket = self.rules.channels[name].is_ticket();
        if is_ticket || items.len() == 1 {
            for (id, _) in items {
                let mut case = self.cases[&id].clone();
                let form = if is_ticket { Form::Ticket } else { Form::Message };
                if let Some(tell) = case.waiting(name, form) {
                    if is_ticket {
                        self.tells(&mut case, &tell, now);
                    } else {
                        self.sends(&mut case, &tell, now);
                    }
                }
                self.cases.insert(id, case);
            }
        } else if !items.is_empty() {
            for (id, _) in &items {
                let case = &self.cases[id];
                if let Some(tell) = case.waiting(name, Form::Message)
                    && tell.turn.is_change()
                {
                    let round = case.told[name].round;
                    let said = (name.into(), id.clone(), round, tell.state, tell.severity);
                    self.said.push(said);
                }
            }
            let count = digest(items.into_iter().map(|(_, brief)| brief).collect()).count();
            self.got.push((now, name.into(), Got::Digest { count }));
        }
    }

    /// What `channel` got, in short.
    pub(crate) fn told(&self, channel: &str) -> Vec<String> {
        let to = self.got.iter().filter(|(_, to, _)| to == channel);
        let short = |got: &Got| match got {
            Got::One { state, turn, .. } => match turn {
                Turn::New => state.clone(),
                Turn::Changed { from } => format!("{state}, was {from:?}"),
                Turn::Back { times } => format!("{state}, back {times}"),
                Turn::Reminder { .. } => format!("{state}, reminder"),
                Turn::Escalation { .. } => format!("{state}, escalation"),
            },
            Got::Digest { count } => format!("digest of {count}"),
            Got::Created { .. } => "created".into(),
            Got::Comment { state, .. } => format!("comment {state}"),
        };
        to.map(|(_, _, got)| short(got)).collect()
    }
}
