//! Letting GuardDuty read the list.

use catalog::guardduty::{Status, ThreatListId, Truth, render};
use runtime::Error;

use crate::{GuardDuty, Last, mark, objects::Put};

impl GuardDuty {
    /// Lets GuardDuty read the list as it is now, if it can. That it cannot now is no error: the list is
    /// due then, and the next sweep sees to it.
    ///
    /// The text is written here and nowhere else, and never when GuardDuty is known to read it: what it
    /// has read is what the text says. Of two functions that both find it idle one is refused after it
    /// has written; the list is due then, too.
    pub(crate) async fn activate(&self, id: &ThreatListId, truth: &Truth) -> Result<(), Error> {
        let Some(Last { set, text, is_edited, told }) = self.last().clone() else {
            return Ok(());
        };
        let is_read = set.as_ref().is_some_and(|set| set.status == Status::Active);
        if is_read && (truth.shown..=truth.serial).contains(&told) {
            return Ok(());
        }
        // What a person wrote into the text is taken over before it is written over.
        if is_edited || set.as_ref().is_some_and(|set| set.status == Status::Busy) {
            return Ok(());
        }
        let written = render(truth, self.kind);
        if self.objects.put_text(written, truth.serial, text.as_ref()).await? == Put::Beaten {
            return Ok(());
        }
        // Whatever comes of it, what was read before is not so any more.
        *self.last() = None;
        let location = self.objects.location();
        let asked = match &set {
            Some(set) => Box::pin(self.sets.update(set, &location)).await,
            None => Box::pin(self.sets.create(&location, &self.tags)).await,
        };
        if let Err(error) = asked {
            return match Box::pin(self.sets.ours()).await {
                // Somebody else was quicker.
                Ok(Some(set)) if set.status == Status::Busy => Ok(()),
                _ => Err(error),
            };
        }
        self.marks.write(&mark(id), truth.serial).await
    }
}
