//! Who is told.

use remedy::Timestamp;
use runtime::{News, Stands};

use crate::{
    Alarm, Case, Channel, Dropped, Form, Heard, Rules, Tell, Timer, Told, Turn, Waits, When,
    case::{FINDING, is_live, state},
    timing::later,
};

/// Who is told of `news`, by `rules`, at `now`.
pub(super) struct Telling<'a> {
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
    pub(super) news: &'a News,
}

impl Telling<'_> {
    /// Everybody who is to be told of it.
    pub(super) fn all(&self, case: &mut Case) -> Heard {
        let mut names = self.rules.route(self.news);
        let known = self.rules.channels.keys().map(String::as_str);
        for name in known.filter(|name| case.goes_on(name, self.news.stands)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut heard = Heard::default();
        for name in names {
            if let Some(channel) = self.rules.channels.get(name) {
                self.one(case, name, channel, &mut heard);
            }
        }
        heard
    }

    /// What `channel` is told, if that is news to it.
    fn one(&self, case: &mut Case, name: &str, channel: &Channel, heard: &mut Heard) {
        let told = case.told.get(name).cloned().unwrap_or_default();
        let waits = told.waits.clone().filter(|waits| self.now < waits.due || channel.is_ticket());
        let has_heard = told.at.is_some() || (told.waits.is_some() && waits.is_none());
        let form = if channel.is_ticket() { Form::Ticket } else { Form::Message };
        let is_over = !is_live(self.news.stands);
        let is_quietly_over = match self.news.stands {
            Stands::Solved | Stands::Accepted => true,
            Stands::Fixed => form == Form::Ticket,
            Stands::Open | Stands::Asks | Stands::Notice => false,
        };
        if !self.is_news(case, &told) {
            let is_told = told.states.contains(&state(self.news));
            let is_stale =
                |waits: &&Waits| waits.turn.is_change() && waits.state != state(self.news);
            if let Some(waits) = waits.as_ref().filter(is_stale).filter(|_| has_heard && is_told) {
                // It is again what the channel knows.
                heard.drop.extend(dropped(name, Some(waits)));
                case.forget(name);
            }
            return;
        }
        if !has_heard && waits.is_some() && is_quietly_over {
            // It is over before anybody heard of it.
            heard.drop.extend(dropped(name, waits.as_ref()));
            case.forget(name);
            return;
        }
        let knew = told.round != case.round && !told.stands.is_some_and(is_live);
        if has_heard && is_quietly_over && knew {
            // It never heard that it was back.
            return;
        }
        if !has_heard && is_over && !self.begins(case, form) {
            return;
        }
        let turn = match waits.as_ref() {
            _ if has_heard && case.returns > told.returns => Turn::Back { times: case.returns },
            Some(waits) => waits.turn.clone(),
            None if !has_heard => Turn::New,
            None => Turn::Changed { from: told.stands.unwrap_or(Stands::Open) },
        };
        let when = self.when(channel, false);
        let tell = self.tell(name, form, turn, when);
        if when == When::AtOnce {
            match waits.is_some() {
                true => case.forget(name),
                false => case.settle(name),
            }
            heard.drop.extend(dropped(name, waits.as_ref()));
        }
        self.keep(case, channel, tell, heard);
    }

    /// Whether a channel hears of a problem by its end.
    fn begins(&self, case: &Case, form: Form) -> bool {
        let is_finding = self.news.outcome == FINDING;
        match (self.news.stands, form) {
            (Stands::Open | Stands::Asks, _) | (Stands::Notice, Form::Message) => true,
            (Stands::Fixed, Form::Message) => !is_finding,
            // Else who did not hear of the problem need not hear that it is left alone.
            (Stands::Accepted, Form::Message) => {
                !is_finding && case.accepted.is_none() && case.heard == 1
            }
            (Stands::Solved, Form::Message) | (_, Form::Ticket) => false,
        }
    }

    /// Whether what is to be told was not told in this round, nor what says as much.
    fn is_news(&self, case: &Case, told: &Told) -> bool {
        if told.states.is_empty() || told.round != case.round {
            return true;
        }
        let knows = |state: &str| told.states.iter().any(|known| known == state);
        let is_worse = self.news.severity > told.severity;
        let is_over = knows("fixed") || knows("solved") || knows("accepted");
        match self.news.stands {
            Stands::Open => is_worse || !knows(&state(self.news)),
            Stands::Asks | Stands::Fixed | Stands::Notice => !knows(&state(self.news)),
            Stands::Solved => !is_over,
            Stands::Accepted if self.news.outcome == FINDING => !is_over,
            Stands::Accepted => !knows("accepted"),
        }
    }

    /// When `channel` is told of it. What is urgent is not collected by day.
    fn when(&self, channel: &Channel, urgent: bool) -> When {
        let severity = self.news.severity;
        let collected = When::Collected { due: channel.due(self.now) };
        let at_once = urgent
            || channel.is_ticket()
            || self.news.stands == Stands::Asks
            || severity >= channel.at_once;
        if (channel.is_quiet(self.now) && severity < channel.quiet_except) || !at_once {
            collected
        } else {
            When::AtOnce
        }
    }

    fn tell(&self, name: &str, form: Form, turn: Turn, when: When) -> Tell {
        Tell {
            channel: name.into(),
            turn,
            when,
            form,
            state: state(self.news),
            stands: self.news.stands,
            severity: self.news.severity,
        }
    }

    /// Remembers what is collected, and when to look again.
    fn keep(&self, case: &mut Case, channel: &Channel, tell: Tell, heard: &mut Heard) {
        let told_at = match tell.when {
            When::AtOnce => self.now,
            When::Collected { due } => {
                heard.drop.extend(case.waits(&tell, due, self.now));
                heard.timers.push(Timer {
                    at: due,
                    kind: Alarm::Digest,
                    name: tell.channel.clone(),
                });
                due
            }
        };
        if let Some(remind) = channel.remind.filter(|_| is_live(self.news.stands)) {
            let at = later(told_at, remind);
            heard.timers.push(Timer { at, kind: Alarm::Remind, name: case.id.clone() });
        }
        heard.tell.push(tell);
    }

    /// Whom nobody told yet that nobody takes care of it.
    pub(super) fn escalations(&self, case: &mut Case) -> Heard {
        let mut heard = Heard::default();
        for tell in case.escalates(self.rules, self.now) {
            if let Some(channel) = self.rules.channels.get(&tell.channel) {
                self.keep(case, channel, tell, &mut heard);
            }
        }
        heard
    }

    /// Who is to be told again that it still stands.
    pub(super) fn reminders(&self, case: &mut Case) -> Heard {
        let mut heard = Heard::default();
        if !is_live(self.news.stands) {
            return heard;
        }
        for (name, channel) in &self.rules.channels {
            let Some((remind, told)) = channel.remind.zip(case.told.get(name)) else { continue };
            let last = told.waits.as_ref().map(|waits| waits.due).or(told.at);
            let last = last.max(case.acknowledged.as_ref().map(|known| known.at));
            let Some(at) = last.map(|last| later(last, remind)) else { continue };
            if at <= self.now {
                let form = if channel.is_ticket() { Form::Ticket } else { Form::Message };
                let turn = Turn::Reminder { since: case.since };
                let tell = self.tell(name, form, turn, self.when(channel, false));
                self.keep(case, channel, tell, &mut heard);
            } else {
                heard.timers.push(Timer { at, kind: Alarm::Remind, name: case.id.clone() });
            }
        }
        heard
    }
}

impl Case {
    /// Who is to be told at `now` that nobody put it right or took care of it in time.
    pub fn escalates(&self, rules: &Rules, now: Timestamp) -> Vec<Tell> {
        let mut tells: Vec<Tell> = Vec::new();
        if !self.is_live() || self.acknowledged.is_some() {
            return tells;
        }
        let telling = Telling { rules, now, news: &self.news };
        let due = rules.escalations.iter().filter(|escalation| {
            escalation.on.matches(&self.news) && later(self.since, escalation.after) <= now
        });
        for name in due.flat_map(|escalation| &escalation.to) {
            let Some(channel) = rules.channels.get(name) else { continue };
            let known = self.told.get(name).and_then(|told| told.escalated);
            if known == Some(self.round) || tells.iter().any(|tell| tell.channel == *name) {
                continue;
            }
            let form = if channel.is_ticket() { Form::Ticket } else { Form::Message };
            let turn = Turn::Escalation { since: self.since };
            tells.push(telling.tell(name, form, turn, telling.when(channel, true)));
        }
        tells
    }
}

fn dropped(channel: &str, waits: Option<&Waits>) -> Option<Dropped> {
    waits.map(|waits| Dropped { channel: channel.into(), due: waits.due })
}
