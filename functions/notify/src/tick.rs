//! Every minute: digests, escalations, reminders, and accepted risks that end.

use futures_util::{StreamExt, stream};
use remedy::Timestamp;
use routing::{Alarm, Channel, Said, Timer};
use runtime::Error;

use crate::{
    Notify,
    about::Hearing,
    post::Fault,
    store::{Due, Waiting},
};

/// How many timers are looked at, at most, and at the same time.
const TIMERS: (usize, usize) = (500, 16);
/// How much is summed up at once.
const MOST: usize = 5_000;

impl Notify {
    /// Acts upon all that is due. What is not begun by `until` is left for the next minute.
    ///
    /// # Errors
    /// If it cannot be read what is due; what cannot be done is tried again by its timer.
    pub(crate) async fn tick(&self, until: Timestamp) -> Result<(), Error> {
        let (most, at_once) = TIMERS;
        let due = self.store.due(self.now(), most).await?;
        let each: Vec<_> = due.iter().map(|due| Box::pin(self.ring(due, until))).collect();
        stream::iter(each).buffer_unordered(at_once).collect::<()>().await;
        Ok(())
    }

    async fn ring(&self, due: &Due, until: Timestamp) {
        let now = self.now();
        if until <= now {
            return;
        }
        match self.store.take(due, now).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return self.desk.count_trouble(&error.to_string(), "TimerFailed", None),
        }
        let timer = &due.timer;
        let rung = match timer.kind {
            Alarm::Digest => Box::pin(self.digest(timer, until)).await,
            Alarm::Escalate | Alarm::Remind | Alarm::Lapse => {
                Box::pin(self.about(&timer.name, &Hearing::Timer)).await
            }
        };
        let (settled, trouble) = match rung {
            Ok(()) => (self.store.done(timer).await.map(|()| true), None),
            Err(error) => (self.store.put_off(due, self.now()).await, Some(error.to_string())),
        };
        let given_up = match settled {
            Ok(true) => None,
            Ok(false) => Some("it is not tried again".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        let said: Vec<_> = trouble.into_iter().chain(given_up).collect();
        if !said.is_empty() {
            let message = format!("timer {timer}: {}", said.join("; "));
            self.desk.count_trouble(&message, "TimerFailed", None);
        }
    }

    /// Tells a channel what was collected for it: what is one piece of news alone is told whole.
    async fn digest(&self, timer: &Timer, until: Timestamp) -> Result<(), Error> {
        let name = &timer.name;
        let now = self.now();
        let rules = self.rules.rules(now).await?;
        let waiting = self.store.waiting(name, timer.at, MOST).await?;
        let Some(channel) = rules.channels.get(name) else {
            // The rules know it no more: nobody is there to be told.
            let keys: Vec<_> = waiting.into_iter().map(|waiting| waiting.key).collect();
            return self.store.forget(name, &keys).await;
        };
        if channel.is_ticket() {
            return self.tickets(timer, channel, &waiting, until).await;
        }
        if waiting.is_empty() {
            return Ok(());
        }
        if !self.store.spend(name, channel.span(now).start, channel.most).await? {
            return self.store.set(&Timer { at: channel.due(now), ..timer.clone() }).await;
        }
        if let [alone] = waiting.as_slice() {
            return self.alone(name, alone).await;
        }
        let keys: Vec<_> = waiting.iter().map(|waiting| waiting.key.clone()).collect();
        let digest = routing::digest(waiting.into_iter().map(|waiting| waiting.brief).collect());
        let count = digest.count();
        let told = self.channels.sum_up(channel, &Said::Digest(digest), now).await;
        told.map_err(|fault| self.undigested(name, &fault))?;
        self.desk.count(&format!("told {name} a digest of {count}"), "Told", Some(name));
        self.store.forget(name, &keys).await
    }

    fn undigested(&self, channel: &str, fault: &Fault) -> Error {
        self.not_delivered(channel, "what was collected", fault.why());
        Error::Transient(format!("channel {channel}: {fault}"))
    }

    /// Makes the tickets that wait, one after the other, as far as the budget goes; the others go on waiting.
    /// Those that cannot be made do not keep the others from being made.
    async fn tickets(
        &self,
        timer: &Timer,
        channel: &Channel,
        waiting: &[Waiting],
        until: Timestamp,
    ) -> Result<(), Error> {
        let mut trouble = None;
        for waiting in waiting {
            let now = self.now();
            if until <= now {
                let later = "there was no time for all tickets that wait";
                return Err(Error::Transient(later.into()));
            }
            if !self.store.spend(&timer.name, channel.span(now).start, channel.most).await? {
                self.store.set(&Timer { at: channel.due(now), ..timer.clone() }).await?;
                break;
            }
            if let Err(error) = self.alone(&timer.name, waiting).await {
                trouble = Some(error);
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Tells what waits as what it is: one piece of news.
    async fn alone(&self, channel: &str, waiting: &Waiting) -> Result<(), Error> {
        if let Some(due) = waiting.due() {
            let hearing = Hearing::Waits { channel: channel.to_owned(), due };
            self.about(&waiting.brief.case, &hearing).await?;
        }
        self.store.forget(channel, std::slice::from_ref(&waiting.key)).await
    }
}
