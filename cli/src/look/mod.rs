//! The pipeline, to look only: resources as they are or as a file has them, and nothing is written.

mod desk;
mod facets;
mod next;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use catalog::guardduty::{Known, ListChange, Status, ThreatList, ThreatListId, Time, Truth};
use guardduty::GuardDuty;
use lambda::Accounts;
use remedy::{Facet, Id, Own, Place, Settings, Signal, Tags, Wrong};
use runtime::{Cloud, Elsewhere, Error, Workshop};

use self::state::Kept;

pub(crate) use self::{
    desk::Onlooker,
    next::{Next, next},
    state::States,
};

/// Everything that there is to look at, and nothing that can be changed.
pub(crate) struct Look {
    live: Option<Live>,
    /// What was read, or what is to be read.
    states: Mutex<States>,
}

/// AWS as it is now.
pub(crate) struct Live {
    audit: audit::Audit,
    compute: compute::Compute,
    data: data::Data,
    detect: detect::Detect,
    ec2: ec2::Ec2,
    edge: edge::Edge,
    iam: iam::Iam,
    messages: messages::Messages,
    rds: rds::Rds,
    s3: s3::S3,
    secrets: secrets::Secrets,
    guardduty: Lists,
}

impl Live {
    /// In these accounts.
    pub(crate) fn new(accounts: &Arc<Accounts>, guardduty: Lists) -> Self {
        Self {
            audit: audit::Audit::new(accounts),
            compute: compute::Compute::new(accounts),
            data: data::Data::new(accounts),
            detect: detect::Detect::new(accounts),
            ec2: ec2::Ec2::new(accounts),
            edge: edge::Edge::new(accounts),
            iam: iam::Iam::new(accounts),
            messages: messages::Messages::new(accounts),
            rds: rds::Rds::new(accounts),
            s3: s3::S3::new(accounts),
            secrets: secrets::Secrets::new(accounts),
            guardduty,
        }
    }
}

/// The threat list, or the lack of one.
pub(crate) enum Lists {
    /// The stack's.
    Kept(GuardDuty),
    /// Without a stack there is none yet: it is planned on an empty one.
    Empty {
        /// What knows what must never be listed.
        guardduty: GuardDuty,
        /// What the list would be tagged with.
        tags: Tags,
        /// Which kind it would be.
        kind: catalog::guardduty::Kind,
    },
}

impl Look {
    /// At what a file has.
    pub(crate) fn at_states(states: States) -> Self {
        Self { live: None, states: Mutex::new(states) }
    }

    /// At AWS as it is now.
    pub(crate) fn live(live: Live) -> Self {
        Self { live: Some(live), states: Mutex::default() }
    }

    /// What was read of resources, or is known of them.
    pub(crate) fn states(&self) -> MutexGuard<'_, States> {
        // Nothing can panic while it is held; if something did, it is whole all the same.
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept of a resource, else what is there now.
    async fn read<F, C>(
        &self,
        live: impl FnOnce(&Live) -> &C,
        place: &Place,
        id: &F::Id,
        signals: &[&Signal],
    ) -> Result<Option<F>, Error>
    where
        F: Facet + serde::de::DeserializeOwned,
        C: Cloud<F>,
    {
        let arn = id.arn(place);
        let kept = self.states().facet::<F>(&arn)?;
        match kept {
            Kept::There(facet) => return Ok(Some(facet)),
            Kept::Gone => return Ok(None),
            Kept::Nothing => {}
        }
        let Some(there) = &self.live else { return Err(States::silent::<F>(&arn)) };
        let facet = live(there).load(place, id, signals).await?;
        self.states().keep(&arn, facet.as_ref());
        Ok(facet)
    }
}

impl Cloud<ThreatList> for Look {
    async fn load(
        &self,
        place: &Place,
        id: &ThreatListId,
        signals: &[&Signal],
    ) -> Result<Option<ThreatList>, Error> {
        let Some(live) = &self.live else {
            return Err(Error::Refused(
                "the threat list is in no file: it is made of what GuardDuty, S3 and EC2 say now; explain \
                 it with --live"
                    .into(),
            ));
        };
        live.guardduty.load(place, id, signals).await
    }
    async fn apply(
        &self,
        _: &Place,
        _: &ThreatListId,
        all: &[ListChange],
    ) -> Vec<Result<(), Error>> {
        all.iter().map(|_| Err(only_looks())).collect()
    }
}

impl Lists {
    async fn load(
        &self,
        place: &Place,
        id: &ThreatListId,
        signals: &[&Signal],
    ) -> Result<Option<ThreatList>, Error> {
        match self {
            Self::Kept(guardduty) => guardduty.load(place, id, signals).await,
            Self::Empty { guardduty, tags, kind } => {
                let known: Known = guardduty.known(signals).await?;
                Ok(Some(ThreatList {
                    kind: *kind,
                    truth: Truth::default(),
                    told: 0,
                    status: Status::Missing,
                    edits: catalog::guardduty::Edits::default(),
                    edited: Time::default(),
                    known: Arc::new(known),
                    tags: tags.clone(),
                }))
            }
        }
    }
}

fn only_looks() -> Error {
    Error::Refused("nothing is changed here: this only looks".into())
}

/// Every remediation there is, over what is looked at.
///
/// # Errors
/// If a parameter is set to what it cannot be.
pub(crate) fn workshop(
    look: Look,
    desk: Onlooker,
    settings: &Settings,
    home: &Place,
) -> Result<Workshop<Look, Onlooker>, Wrong> {
    let mut runners = catalog::ec2::runners(settings)?;
    runners.extend(catalog::audit::runners(settings)?);
    runners.extend(catalog::compute::runners(settings)?);
    runners.extend(catalog::data::runners(settings)?);
    runners.extend(catalog::detect::runners(settings)?);
    runners.extend(catalog::edge::runners(settings)?);
    runners.extend(catalog::iam::runners(settings)?);
    runners.extend(catalog::messages::runners(settings)?);
    runners.extend(catalog::rds::runners(settings)?);
    runners.extend(catalog::s3::runners(settings)?);
    runners.extend(catalog::secrets::runners(settings)?);
    runners.extend(catalog::guardduty::runners(settings)?);
    let limits = lambda::limits(settings, home.clone())?;
    let roles = settings.list(&lambda::OWN_ROLES).map(str::to_owned).collect();
    let own = Own { roles, note_by: "kintsugi" };
    Ok(Workshop { runners, limits, own, elsewhere: Elsewhere::NONE, cloud: look, desk })
}
