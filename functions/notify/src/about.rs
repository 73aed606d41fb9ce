//! One case: what is known is read, what is to be told is told, and what was told is written down.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future;
use remedy::{Place, Timestamp};
use routing::{Advice, Brief, Case, Channel, Found, Heard, Receipt, Rules, Tell, Turn, When};
use runtime::{Error, News, Stands};
use serde_json::Value;

use crate::{
    Notify,
    channels::Telling,
    hub::{Update, Workflow},
    post::Fault,
    store::{Claim, Kept, Mine},
};

/// How often it is tried to be the one who tells, and how long is waited in between: another one of the same
/// case is told by somebody else.
const TRIES: (u32, Duration) = (6, Duration::from_millis(500));
/// How often what was told is written down where somebody else writes, too.
const WRITES: u32 = 5;

/// What there is to hear of a case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Hearing {
    /// News of a remediation.
    News(Box<News>),
    /// What a finding says.
    Found(Box<Report>),
    /// Its time has come.
    Timer,
    /// What waits for a channel that is told of this case alone.
    Waits {
        /// The channel.
        channel: String,
        /// When it was due.
        due: Timestamp,
    },
}

/// What a finding says, and who says so.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    pub(crate) found: Found,
    /// The hub that the event came from.
    pub(crate) hub: Place,
    /// All of the finding, for who is asked for advice.
    pub(crate) finding: Option<Value>,
}

/// What became of telling somebody.
pub(crate) enum Ended {
    Told(Tell, Receipt),
    /// The budget is spent.
    PutOff(Tell, Timestamp),
    /// It could not be told; it may come again.
    Not(Tell, Fault),
}

impl Notify {
    /// Hears of the case with this id, and does all that comes of it.
    ///
    /// # Errors
    /// If that must be heard again: somebody could not be told, or it could not be written down.
    pub(crate) async fn about(&self, id: &str, hearing: &Hearing) -> Result<(), Error> {
        let (tries, pause) = TRIES;
        for _ in 0..tries {
            let now = self.now();
            let rules = self.rules.rules(now).await?;
            let kept = Box::pin(self.store.case(id)).await?;
            if kept.is_busy(now) {
                tokio::time::sleep(pause).await;
                continue;
            }
            let (mut heard, mut case) = heard(&rules, &kept, hearing, now);
            let triaged = match hearing {
                Hearing::Found(report) => {
                    Box::pin(self.triage(&rules, &kept, report, &mut case, now)).await
                }
                Hearing::News(_) | Hearing::Timer | Hearing::Waits { .. } => Ok(()),
            };
            let Some(case) = case.filter(|case| !is_nothing(&kept, &heard, case)) else {
                return triaged;
            };
            let at_once: Vec<_> = of(&mut heard, |when| when == When::AtOnce);
            let collected = of(&mut heard, |when| when != When::AtOnce);
            let mine = if at_once.is_empty() {
                kept.unclaimed()
            } else {
                match Box::pin(self.store.claim(id, &kept, now)).await? {
                    Claim::Mine(mine) => mine,
                    Claim::Not => continue,
                }
            };
            let round = Round { rules: &rules, hearing, before: kept.case, mine, now };
            // Boxed, since these futures are large, and many cases are heard at the same time.
            let done = Box::pin(self.carry_out(round, heard, case, at_once, collected)).await;
            return done.and(triaged);
        }
        Err(Error::Transient(format!("could not tell of case {id}: somebody else does just now")))
    }

    /// Tells the finding's hub what the rules say of it.
    async fn triage(
        &self,
        rules: &Rules,
        kept: &Kept,
        report: &Report,
        case: &mut Option<Case>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Report { found, hub, .. } = report;
        let triage = routing::triage(rules, case.as_ref().or(kept.case.as_ref()), found, now);
        let Some(finding) = found.finding.as_ref().filter(|_| !triage.is_empty()) else {
            return Ok(());
        };
        let workflow = match (&triage.suppress, &triage.release) {
            (Some(_), _) => Some(Workflow::Suppressed),
            (None, Some(_)) => Some(Workflow::New),
            (None, None) => None,
        };
        let update = Update {
            seen: found.seen,
            severity: triage.severity,
            workflow,
            note: triage.text().unwrap_or_default().to_owned(),
        };
        self.hub.apply(hub, std::slice::from_ref(finding), &update).await?;
        if case.is_none() {
            case.clone_from(&kept.case);
        }
        if let Some(case) = case {
            case.triaged(found, &triage);
        }
        Ok(())
    }

    async fn carry_out(
        &self,
        round: Round<'_>,
        heard: Heard,
        mut case: Case,
        at_once: Vec<Tell>,
        collected: Vec<Tell>,
    ) -> Result<(), Error> {
        let now = round.now;
        let drops = heard.drop.iter().map(|dropped| self.store.drop(dropped, &case.id));
        future::try_join_all(drops).await?;
        let advice = Box::pin(self.advice(&case, &at_once, round.hearing)).await;
        let brief = Brief::of(&case.news);
        let (ended, kept, set) = future::join3(
            future::join_all(
                at_once
                    .into_iter()
                    .map(|tell| Box::pin(self.tell(&round, &case, tell, advice.as_ref()))),
            ),
            future::join_all(collected.iter().filter_map(|tell| match tell.when {
                When::Collected { due } => Some(self.store.collect(&tell.channel, due, &brief)),
                When::AtOnce => None,
            })),
            future::try_join_all(heard.timers.iter().map(|timer| self.store.set(timer))),
        )
        .await;
        let mut trouble: Option<Error> = set.err();
        for (tell, kept) in collected.iter().zip(kept) {
            trouble = trouble.or(kept.err());
            match trouble {
                None => self.count(tell, "Collected", &case),
                // What nobody would fetch does not wait.
                Some(_) => forget(&mut case, round.before.as_ref(), &tell.channel),
            }
        }
        let mut unsure = round.mine.tried.clone();
        for ended in &ended {
            match ended {
                Ended::Told(tell, _) => {
                    unsure.remove(&tell.channel);
                }
                Ended::PutOff(..) => {}
                Ended::Not(tell, fault) => {
                    self.not_delivered(&tell.channel, &case.id, fault.why());
                    if matches!(fault, Fault::Unknown(_)) {
                        unsure.insert(tell.channel.clone());
                    }
                    trouble = Some(Error::Transient(format!("channel {}: {fault}", tell.channel)));
                }
            }
        }
        self.write_down(case, round.mine, &ended, unsure, now).await?;
        trouble.map_or(Ok(()), Err)
    }

    /// Tells one channel, if its budget allows.
    async fn tell(
        &self,
        round: &Round<'_>,
        case: &Case,
        tell: Tell,
        advice: Option<&Advice>,
    ) -> Ended {
        let Some(channel) = round.rules.channels.get(&tell.channel) else {
            return Ended::Told(tell, Receipt::default());
        };
        match self.may_tell(round, &tell.channel, channel).await {
            Ok(true) => {}
            Ok(false) => return self.put_off(case, tell, channel.due(round.now)).await,
            Err(error) => return Ended::Not(tell, error.into()),
        }
        let telling = Telling {
            tell: &tell,
            case,
            advice: advice.filter(|advice| is_asked(&tell) && !advice.is_said_already()),
            is_unsure: round.mine.is_unsure(&tell.channel),
            now: round.now,
        };
        match self.channels.tell(channel, &telling).await {
            Ok(receipt) => {
                self.count(&tell, "Told", case);
                if let Turn::Escalation { .. } = tell.turn {
                    self.count(&tell, "Escalated", case);
                }
                Ended::Told(tell, receipt)
            }
            Err(fault) => Ended::Not(tell, fault),
        }
    }

    /// Whether its budget allows one more message.
    async fn may_tell(
        &self,
        round: &Round<'_>,
        name: &str,
        channel: &Channel,
    ) -> Result<bool, Error> {
        // The last message of a window is the digest's; tickets have none.
        let most = if channel.is_ticket() { channel.most } else { channel.most.saturating_sub(1) };
        match round.hearing {
            // Who fetched it from where it waited has spent it.
            Hearing::Waits { .. } => Ok(true),
            _ => self.store.spend(name, channel.span(round.now).start, most).await,
        }
    }

    /// Lets it wait for the next window.
    async fn put_off(&self, case: &Case, tell: Tell, due: Timestamp) -> Ended {
        let timer =
            routing::Timer { at: due, kind: routing::Alarm::Digest, name: tell.channel.clone() };
        let brief = Brief::of(&case.news);
        let kept = future::try_join(
            self.store.collect(&tell.channel, due, &brief),
            self.store.set(&timer),
        );
        match kept.await {
            Ok(_) => {
                self.count(&tell, "Collected", case);
                Ended::PutOff(tell, due)
            }
            Err(error) => Ended::Not(tell, error.into()),
        }
    }

    /// What could be done about it, if that is worth asking.
    async fn advice(&self, case: &Case, at_once: &[Tell], hearing: &Hearing) -> Option<Advice> {
        let finding = match hearing {
            Hearing::Found(report) => report.finding.as_ref(),
            Hearing::News(_) | Hearing::Timer | Hearing::Waits { .. } => None,
        };
        match at_once.iter().any(is_asked) {
            true => self.adviser.ask(&case.news, finding, &self.desk).await,
            false => None,
        }
    }

    /// Writes down who was told. Where somebody else wrote in the meantime, it is added to what they wrote.
    async fn write_down(
        &self,
        mut case: Case,
        mut mine: Mine,
        ended: &[Ended],
        unsure: BTreeSet<String>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = case.id.clone();
        // What else was heard may be news to what is written there by now.
        let again =
            || Error::Transient(format!("somebody else told of case {id} at the same time"));
        let mut was_lost = false;
        for _ in 0..WRITES {
            for ended in ended {
                let dropped = match ended {
                    Ended::Told(tell, receipt) => {
                        case.told(tell, receipt.clone(), now);
                        None
                    }
                    Ended::PutOff(tell, due) => case.waits(tell, *due, now),
                    Ended::Not(..) => None,
                };
                if let Some(dropped) = dropped {
                    self.store.drop(&dropped, &id).await?;
                }
            }
            if self.store.keep(&case, &mine, unsure.clone(), now).await? {
                return if was_lost { Err(again()) } else { Ok(()) };
            }
            was_lost = true;
            let kept = self.store.case(&id).await?;
            mine = kept.unclaimed();
            case = kept.case.unwrap_or(case);
        }
        Err(again())
    }

    fn count(&self, tell: &Tell, metric: &str, case: &Case) {
        let what = match metric {
            "Collected" => "collected for",
            "Escalated" => "escalated to",
            _ => "told",
        };
        let message = format!("{what} {}: case {}, {}", tell.channel, case.id, tell.state);
        self.desk.count(&message, metric, Some(&tell.channel));
    }

    pub(crate) fn not_delivered(&self, channel: &str, what: &str, why: &str) {
        let message = format!("could not tell {channel} of {what}: {why}");
        self.desk.count_trouble(&message, "NotDelivered", Some(channel));
    }
}

/// What comes of it.
fn heard(rules: &Rules, kept: &Kept, hearing: &Hearing, now: Timestamp) -> (Heard, Option<Case>) {
    let known = kept.case.clone();
    let mut heard = match hearing {
        Hearing::News(news) => routing::hear(rules, known, news, now),
        Hearing::Found(report) => routing::hear_finding(rules, known, &report.found, now),
        Hearing::Timer => match known {
            Some(case) => routing::wake(rules, case, now),
            None => Heard::default(),
        },
        Hearing::Waits { channel, due } => waits(rules, known, channel, *due),
    };
    let case = heard.case.take();
    (heard, case)
}

/// What changes nothing need not be written.
fn is_nothing(kept: &Kept, heard: &Heard, case: &Case) -> bool {
    let comes = heard.tell.is_empty() && heard.drop.is_empty() && heard.timers.is_empty();
    comes && kept.case.as_ref() == Some(case)
}

/// What all that comes of one hearing has in common.
struct Round<'a> {
    rules: &'a Rules,
    hearing: &'a Hearing,
    /// The case as it was before.
    before: Option<Case>,
    mine: Mine,
    now: Timestamp,
}

/// Takes those who are told at such a time.
fn of(heard: &mut Heard, is_then: impl Fn(When) -> bool) -> Vec<Tell> {
    let (them, others) = std::mem::take(&mut heard.tell).into_iter().partition(|t| is_then(t.when));
    heard.tell = others;
    them
}

/// What waits for `channel`, to be told now.
fn waits(rules: &Rules, case: Option<Case>, channel: &str, due: Timestamp) -> Heard {
    let form = match rules.channels.get(channel) {
        Some(channel) if channel.is_ticket() => routing::Form::Ticket,
        _ => routing::Form::Message,
    };
    let tell = case.as_ref().and_then(|case| {
        let waits = case.told.get(channel)?.waits.as_ref()?;
        (routing::sortable(waits.due) == routing::sortable(due))
            .then(|| case.waiting(channel, form))?
    });
    Heard {
        case: case.filter(|_| tell.is_some()),
        tell: tell.into_iter().collect(),
        ..Heard::default()
    }
}

/// Advice is for who is to do something.
fn is_asked(tell: &Tell) -> bool {
    matches!(tell.stands, Stands::Open | Stands::Asks)
}

/// What the channel knew before is all that it knows.
fn forget(case: &mut Case, before: Option<&Case>, channel: &str) {
    match before.and_then(|before| before.told.get(channel)) {
        Some(told) => case.told.insert(channel.to_owned(), told.clone()),
        None => case.told.remove(channel),
    };
}
