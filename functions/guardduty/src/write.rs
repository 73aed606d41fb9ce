//! Changes, joined to whatever the truth is by now.

use std::time::Duration;

use catalog::guardduty::{ListChange, Truth};
use runtime::Error;

use crate::{GuardDuty, objects::Put};

/// How often others may be quicker. Of fifty that write at once, the last one is beaten 49 times.
const TRIES: u32 = 200;
/// How long to wait before reading again, at first and at most.
const WAIT: (u64, u64) = (20, 1_000);

impl GuardDuty {
    /// Makes `changes`, and tells what the truth is then.
    pub(crate) async fn write(&self, changes: &[ListChange]) -> Result<Truth, Error> {
        let mut before = match self.objects.truth_at_hand() {
            Some(truth) => truth,
            None => self.objects.truth().await?,
        };
        for nth in 1..=TRIES {
            let mut truth = before.clone();
            for change in changes {
                truth.make(change);
            }
            if truth.serial == before.serial {
                return Ok(before);
            }
            drop(before);
            match self.objects.put_truth(&truth).await? {
                Put::Done => return Ok(truth),
                Put::Beaten => {
                    drop(truth);
                    tokio::time::sleep(pause(nth)).await;
                    before = self.objects.truth().await?;
                }
            }
        }
        Err(Error::Transient(format!(
            "could not write the threat list in {}: {TRIES} times others were quicker",
            self.home
        )))
    }
}

/// Twice as long each time, and not as long as others wait.
fn pause(nth: u32) -> Duration {
    // The address of a variable of ours differs from process to process.
    let here = std::ptr::from_ref(&nth).addr() as u64 ^ u64::from(std::process::id());
    let spread = here.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(nth) % 100;
    let (first, most) = WAIT;
    let wait = first.saturating_mul(1 << nth.saturating_sub(1).min(10)).min(most);
    Duration::from_millis(wait * (50 + spread) / 100)
}
