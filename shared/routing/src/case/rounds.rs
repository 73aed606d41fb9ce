//! How a case opens, closes, and opens again.

use remedy::Timestamp;
use runtime::{News, Stands};

use crate::{Accepted, Case, Rules};

impl Case {
    /// Takes over what `news` says.
    pub(crate) fn hear(&mut self, news: &News, acceptance: Option<Accepted>) {
        if news.stands == Stands::Notice {
            if self.news.stands == Stands::Notice {
                self.closed = Some(news.at);
                self.news = news.clone();
            }
            return;
        }
        let is_later = news.at > self.news.at;
        let is_other = is_later && news.record.is_some() && news.record != self.news.record;
        match (self.news.stands, news.stands) {
            _ if self.heard == 0 => self.since = news.at,
            (Stands::Fixed | Stands::Solved, Stands::Open | Stands::Asks) => self.reopen(news.at),
            // Nobody heard that it was back before it was put right again.
            (Stands::Fixed | Stands::Solved, Stands::Fixed) if is_other => self.reopen(news.at),
            (Stands::Accepted | Stands::Notice, Stands::Open | Stands::Asks) => self.open(news.at),
            (Stands::Accepted, Stands::Fixed) if is_other => self.open(news.at),
            _ => {}
        }
        match news.stands {
            Stands::Open | Stands::Asks | Stands::Notice => self.closed = None,
            Stands::Fixed | Stands::Solved | Stands::Accepted => {
                self.closed.get_or_insert(news.at);
            }
        }
        self.accepted = acceptance;
        self.news = news.clone();
    }

    /// It was put right, and is back.
    fn reopen(&mut self, at: Timestamp) {
        self.returns = self.returns.saturating_add(1);
        self.open(at);
    }

    pub(crate) fn open(&mut self, at: Timestamp) {
        self.round = self.round.saturating_add(1);
        self.since = at;
        self.closed = None;
        self.acknowledged = None;
    }

    /// How it stands without the rule that accepted it, if that holds no more.
    pub(crate) fn lapsed(&self, rules: &Rules, now: Timestamp) -> Option<Stands> {
        let accepted = self.accepted.as_ref()?;
        let mut news = self.news.clone();
        news.stands = accepted.was;
        crate::accepted(rules, &news, now).is_none().then_some(accepted.was)
    }

    /// Whether `channel` is told how it goes on, wherever the routes lead by now: its end, and all of it where there
    /// is a ticket.
    pub(crate) fn goes_on(&self, channel: &str, stands: Stands) -> bool {
        let told = self.told.get(channel);
        match stands {
            Stands::Fixed | Stands::Solved | Stands::Accepted => told.is_some(),
            Stands::Open | Stands::Asks => told.is_some_and(|told| told.ticket.is_some()),
            Stands::Notice => false,
        }
    }

    /// Nothing waits for `channel` any more; what it never heard is forgotten.
    pub(crate) fn forget(&mut self, channel: &str) {
        let Some(told) = self.told.get_mut(channel) else { return };
        if let Some(waits) = told.waits.take() {
            told.unlearn(&waits);
        }
        if told.at.is_none() {
            self.told.remove(channel);
        }
    }

    /// What waited for `channel` is told.
    pub(crate) fn settle(&mut self, channel: &str) {
        let Some(told) = self.told.get_mut(channel) else { return };
        if let Some(waits) = told.waits.take() {
            told.at = told.at.max(Some(waits.due));
        }
    }
}
