//! Letting go what waited: each plan whose pause, cap or closed window is over is signalled again.

use futures_util::{StreamExt, future, stream};
use remedy::{Timestamp, Wrong, again};
use runtime::{Error, Pause};

use crate::{AwsDesk, Beside, Cap, Parked, Queues, Shell, desk::now};

/// How many are let go at the same time.
const SIDE_BY_SIDE: usize = 8;

/// Lets go what waited.
#[derive(Debug, Clone)]
pub struct Release {
    queues: Queues,
    /// Which function a remediation belongs to.
    function_of: fn(&str) -> Option<&'static str>,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Released {
    /// The records whose signals were sent.
    pub sent: Vec<String>,
    /// How many could be let go too, and were left for the next time.
    pub left: usize,
    /// What went wrong.
    pub trouble: Vec<String>,
}

/// What became of one.
enum Gone {
    Sent(String),
    /// It has nothing to wait for any more.
    Over,
    Late,
    Failed(Error),
}

impl Release {
    /// By the queues of the stack.
    ///
    /// # Errors
    /// If they are set to what they cannot be.
    pub fn new(
        shell: &Shell,
        function_of: fn(&str) -> Option<&'static str>,
    ) -> Result<Self, Wrong> {
        Ok(Self { queues: shell.queues()?, function_of })
    }

    /// Lets go whatever of `which` has nothing more to wait for. What is not begun by `until` is left.
    ///
    /// Each is sent first and forgotten then, unless it waits again by that time: nothing is lost, and
    /// what is sent twice is done once.
    pub async fn release(
        &self,
        desk: &AwsDesk,
        which: impl Fn(&Parked) -> bool + Send,
        until: Timestamp,
    ) -> Released {
        let read = future::try_join3(
            Box::pin(desk.table.parked()),
            Box::pin(desk.table.pauses()),
            Box::pin(desk.table.caps()),
        );
        let (parked, pauses, caps) = match read.await {
            Ok(read) => read,
            Err(error) => {
                return Released { trouble: vec![error.to_string()], ..Released::default() };
            }
        };
        let is_due = |parked: &Parked| which(parked) && is_over(parked, &pauses, &caps, now());
        let due: Vec<_> = parked.into_iter().filter(is_due).collect();
        let work: Vec<_> =
            due.iter().map(|parked| Box::pin(self.let_go(desk, parked, until))).collect();
        let gone: Vec<Gone> = stream::iter(work).buffer_unordered(SIDE_BY_SIDE).collect().await;
        let mut released = Released::default();
        for gone in gone {
            match gone {
                Gone::Sent(record) => released.sent.push(record),
                Gone::Over => {}
                Gone::Late => released.left += 1,
                Gone::Failed(error) => released.trouble.push(error.to_string()),
            }
        }
        released.sent.sort();
        released
    }

    async fn let_go(&self, desk: &AwsDesk, parked: &Parked, until: Timestamp) -> Gone {
        if now() >= until {
            return Gone::Late;
        }
        match self.sent(desk, parked).await {
            Ok(is_sent) => match desk.table.unpark(parked).await {
                Ok(()) if is_sent => Gone::Sent(parked.record.clone()),
                Ok(()) => Gone::Over,
                Err(error) => Gone::Failed(error),
            },
            Err(error) => Gone::Failed(error),
        }
    }

    /// Whether there was anything to be sent.
    async fn sent(&self, desk: &AwsDesk, parked: &Parked) -> Result<bool, Error> {
        let page = desk.table.page(&parked.record).await?;
        let signal = page.filter(|page| page.waits().is_some()).and_then(|page| page.signal);
        let Some(signal) = signal else { return Ok(false) };
        let Some(function) = (self.function_of)(&parked.remediation) else {
            let Parked { record, remediation, .. } = parked;
            return Err(Error::Refused(format!(
                "could not let record {record} go on: no function has the remediation `{remediation}`"
            )));
        };
        self.queues.send(function, &again(&signal, now())).await.map(|()| true)
    }
}

/// Whether there is nothing more to wait for.
fn is_over(parked: &Parked, pauses: &[Pause], caps: &[Cap], now: Timestamp) -> bool {
    let is_paused = pauses.iter().any(|pause| pause.holds(&parked.remediation, now));
    let is_capped = caps.iter().any(|cap| {
        cap.blown_at.is_some()
            && cap.remediation == parked.remediation
            && cap.account == parked.account
    });
    parked.until.is_none_or(|until| until <= now) && !is_paused && !is_capped
}

impl Beside for Release {
    async fn look(&self, desk: &AwsDesk, until: Timestamp) {
        let released = self.release(desk, |_| true, until).await;
        desk.log.released(&released, now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> Timestamp {
        format!("2026-11-20T10:{minute:02}:00Z").parse().unwrap()
    }

    fn parked(until: Option<Timestamp>) -> Parked {
        let (record, remediation) = ("k-1".into(), "ec2/close_world_ingress".into());
        Parked { record, remediation, account: "111122223333".into(), until, at: at(0) }
    }

    fn pause(remediation: Option<&str>, until: Option<Timestamp>) -> Pause {
        let remediation = remediation.map(str::to_owned);
        Pause { remediation, by: "ada".into(), at: at(0), why: String::new(), until }
    }

    fn cap(account: &str, blown_at: Option<Timestamp>) -> Cap {
        let remediation = "ec2/close_world_ingress".into();
        Cap {
            remediation,
            account: account.into(),
            hour: "2026-11-20T10".into(),
            used: 9,
            blown_at,
        }
    }

    #[test]
    fn what_waits_goes_on_when_nothing_it_may_wait_for_is_left() {
        let mine = Some("ec2/close_world_ingress");
        for (until, pauses, caps, is_over_) in [
            (None, vec![], vec![], true),
            (Some(at(30)), vec![], vec![], true),
            (Some(at(31)), vec![], vec![], false),
            (None, vec![pause(None, None)], vec![], false),
            (None, vec![pause(mine, None)], vec![], false),
            (None, vec![pause(mine, Some(at(30)))], vec![], true),
            (None, vec![pause(Some("ec2/empty_default_group"), None)], vec![], true),
            (None, vec![], vec![cap("111122223333", Some(at(1)))], false),
            (None, vec![], vec![cap("111122223333", None)], true),
            (None, vec![], vec![cap("444455556666", Some(at(1)))], true),
        ] {
            let said = format!("{until:?} {pauses:?} {caps:?}");
            assert_eq!(is_over(&parked(until), &pauses, &caps, at(30)), is_over_, "{said}");
        }
    }
}
