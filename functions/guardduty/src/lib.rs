//! The threat list, as S3, GuardDuty and the stack's table keep it: only the calls.
//!
//! **The list cannot lose an entry.** Its truth is one object, written only if it is still what was read
//! (`If-Match`), and changes are joined to what is there: whoever comes second reads again and joins
//! again. The text that GuardDuty reads is made from it, and written only when GuardDuty is told to read
//! it; what GuardDuty was not told yet is due, and told by the next sweep.

mod activate;
mod cache;
mod known;
mod objects;
mod sets;
#[cfg(test)]
mod tests;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use catalog::guardduty::{
    Edits, Kind, List, ListChange, ThreatList, ThreatListId, Time, Truth, edits,
};
use futures_util::future;
use lambda::{Clients, Kit, Marks};
use remedy::{Guard, Parameter, Place, Signal, Tags, Wrong};
use runtime::{Cloud, Error};

use crate::{
    known::{Own, Published, TrustedLists},
    objects::{Objects, Text},
    sets::{Set, Sets},
};

/// Where AWS publishes its ranges; set only where that cannot be reached.
const PUBLISHED_RANGES_URL: Parameter = Parameter {
    name: "PublishedRangesUrl",
    default: "https://ip-ranges.amazonaws.com/ip-ranges.json",
    allowed: "a URL",
    about: "where the ranges that AWS publishes are read",
};

/// The threat list, wherever its parts are.
#[derive(Debug)]
pub struct GuardDuty {
    kind: Kind,
    home: Place,
    /// What a list gets that is made.
    tags: Tags,
    objects: Objects,
    sets: Sets,
    own: Own,
    trusted: TrustedLists,
    /// None if AWS's own ranges are not to be refused.
    published: Option<Published>,
    marks: Marks,
    /// What was read last.
    last: Mutex<Option<Last>>,
}

/// What was read last, so that a change need not read it again.
#[derive(Debug, Clone)]
struct Last {
    set: Option<Set>,
    text: Option<Text>,
    is_edited: bool,
    told: u32,
}

impl GuardDuty {
    /// As the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn new(kit: &Kit<'_>) -> Result<Self, Wrong> {
        let List { id, kind, refuse_aws } = List::configured(kit.settings)?;
        let (key, value) = Guard::configured(kit.settings)?.opt_in;
        let url = kit.settings.text(&PUBLISHED_RANGES_URL).to_owned();
        let accounts = kit.accounts;
        let published = refuse_aws.then(|| Published::new(kit.web.clone(), url));
        let s3 = Arc::new(Clients::new(accounts, "S3", aws_sdk_s3::Client::new));
        let guardduty = Clients::new(accounts, "GUARDDUTY", aws_sdk_guardduty::Client::new);
        let guardduty = Arc::new(guardduty);
        Ok(Self {
            kind,
            home: accounts.home().clone(),
            tags: [(key, value)].into(),
            objects: Objects::new(Arc::clone(&s3), accounts.home(), &id),
            sets: Sets::new(Arc::clone(&guardduty), accounts.home(), kind, id),
            own: Own::new(Clients::new(accounts, "EC2", aws_sdk_ec2::Client::new)),
            trusted: TrustedLists::new(guardduty, s3, accounts.home()),
            published,
            marks: kit.marks.clone(),
            last: Mutex::default(),
        })
    }

    /// What is on the list, what was taken off and what cannot be on it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn truth(&self) -> Result<Truth, Error> {
        self.objects.truth().await
    }

    /// What must never be on the list; nothing is read for whoever lists nothing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn known(&self, signals: &[&Signal]) -> Result<catalog::guardduty::Known, Error> {
        let mut places: Vec<&Place> = signals
            .iter()
            .filter(|signal| signal.threat.is_some())
            .map(|signal| &signal.place)
            .collect();
        if places.is_empty() {
            return Ok(catalog::guardduty::Known::default());
        }
        places.push(&self.home);
        let published = async {
            match &self.published {
                Some(published) => published.read().await,
                None => Ok(Arc::default()),
            }
        };
        let detector = async {
            let detector = Box::pin(self.sets.detector()).await?;
            Box::pin(self.trusted.read(&detector)).await
        };
        let (own, trusted, aws) =
            future::try_join3(Box::pin(self.own.of(&places)), detector, Box::pin(published))
                .await?;
        Ok(catalog::guardduty::Known { own, trusted, aws })
    }

    /// What a person did to the text, and when.
    async fn edits(
        &self,
        truth: &Truth,
        told: u32,
        text: Option<&Text>,
    ) -> Result<(Edits, Time), Error> {
        match text.filter(|text| !text.is_ours) {
            None => Ok((Edits::default(), Time::default())),
            Some(text) => {
                let written = self.objects.text().await?;
                Ok((edits(&written, truth, told, self.kind), text.at))
            }
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<Last>> {
        // Nothing can panic while it is held; if something did, it is whole all the same.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cloud<ThreatList> for GuardDuty {
    async fn load(
        &self,
        _: &Place,
        id: &ThreatListId,
        signals: &[&Signal],
    ) -> Result<Option<ThreatList>, Error> {
        let (truth, text, set, told, known) = future::try_join5(
            Box::pin(self.objects.truth()),
            Box::pin(self.objects.look()),
            Box::pin(self.sets.ours()),
            Box::pin(self.marks.read(&mark(id))),
            Box::pin(self.known(signals)),
        )
        .await?;
        let (edits, edited) = Box::pin(self.edits(&truth, told, text.as_ref())).await?;
        let is_edited = text.as_ref().is_some_and(|text| !text.is_ours) && !edits.is_empty();
        *self.last() = Some(Last { set: set.clone(), text, is_edited, told });
        let (status, tags) = match set {
            Some(Set { status, tags, .. }) => (status, tags),
            None => (catalog::guardduty::Status::Missing, self.tags.clone()),
        };
        Ok(Some(ThreatList {
            kind: self.kind,
            truth,
            told,
            status,
            edits,
            edited,
            known: Arc::new(known),
            tags,
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        id: &ThreatListId,
        changes: &[ListChange],
    ) -> Vec<Result<(), Error>> {
        let truth = match Box::pin(self.write(changes)).await {
            Ok(truth) => truth,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let activated = Box::pin(self.activate(id, &truth)).await;
        let told = |change: &ListChange| match (&activated, change) {
            (Ok(()), _) => Ok(()),
            // It is on the list; what GuardDuty does not take now it is told by the next sweep.
            (Err(Error::Transient(_)), change)
                if !matches!(change, ListChange::Activate { .. }) =>
            {
                Ok(())
            }
            (Err(error), _) => Err(error.clone()),
        };
        changes.iter().map(told).collect()
    }
}

/// Under which the table knows what GuardDuty was told.
fn mark(id: &ThreatListId) -> String {
    format!("threat-list/{}/{}", id.bucket, id.name)
}
