//! The list at GuardDuty, of either kind.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_guardduty::{
    Client,
    error::ProvideErrorMetadata,
    types::{ThreatEntitySetFormat, ThreatIntelSetFormat},
};
use catalog::guardduty::{Kind, Status, ThreatListId};
use lambda::{Clients, Local};
use remedy::{Place, Tags};
use runtime::Error;

use crate::{cache::Cache, known::object_of};

/// How many lists of a kind an account can have in a Region.
const MOST: usize = 6;

/// The lists of one kind, and which of them is ours.
#[derive(Debug)]
pub(crate) struct Sets {
    guardduty: Arc<Clients<Client>>,
    home: Place,
    kind: Kind,
    id: ThreatListId,
    /// The detector of this account and Region: there is one at most, and it stays.
    detector: Cache<String>,
    /// The id of our list, once it is found.
    found: Mutex<Option<String>>,
}

/// The list, as GuardDuty has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) tags: Tags,
}

/// As either kind is told.
struct Told {
    name: String,
    location: String,
    status: String,
    error: Option<String>,
    tags: Tags,
}

impl Sets {
    pub(crate) fn new(
        guardduty: Arc<Clients<Client>>,
        home: &Place,
        kind: Kind,
        id: ThreatListId,
    ) -> Self {
        Self {
            guardduty,
            home: home.clone(),
            kind,
            id,
            detector: Cache::new(Duration::MAX),
            found: Mutex::default(),
        }
    }

    fn found(&self) -> Option<String> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, id: Option<String>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = id;
    }

    async fn client(&self) -> Result<Local<Client>, Error> {
        self.guardduty.at(&self.home).await
    }

    /// The detector; it is asked for once.
    pub(crate) async fn detector(&self) -> Result<String, Error> {
        self.detector.get(Box::pin(self.find_detector())).await
    }

    async fn find_detector(&self) -> Result<String, Error> {
        let guardduty = self.client().await?;
        let what = "find the detector of GuardDuty";
        let answer = guardduty.client.list_detectors().send().await;
        let answer =
            answer.map_err(|error| guardduty.failed(what, "guardduty:ListDetectors", &error))?;
        let detector = answer.detector_ids.unwrap_or_default().into_iter().next();
        detector.ok_or_else(|| {
            guardduty.odd(what, "there is none: enable GuardDuty in this account and Region")
        })
    }

    /// Our list; `None` if there is none yet, and there is room for it.
    pub(crate) async fn ours(&self) -> Result<Option<Set>, Error> {
        let detector = self.detector().await?;
        if let Some(id) = self.found() {
            if let Some(told) = self.get(&detector, &id).await? {
                return Ok(Some(told.set(id)));
            }
            self.remember(None);
        }
        let guardduty = self.client().await?;
        let what = format!("find the {} {}", self.kind, self.id.name);
        let ids = self.list(&detector).await?;
        for id in &ids {
            let Some(told) = self.get(&detector, id).await? else { continue };
            if self.is_at(&told.location) {
                self.remember(Some(id.clone()));
                return Ok(Some(told.set(id.clone())));
            }
            if told.name == self.id.name {
                let why = format!(
                    "another list of that name is there, read from {}: rename or delete it, or set \
                     ThreatListName",
                    told.location
                );
                return Err(guardduty.odd(&what, &why));
            }
        }
        if ids.len() >= MOST {
            let kind = self.kind;
            let why = format!("the account has {MOST} {kind}s, as many as it can: delete one");
            return Err(guardduty.odd(&what, &why));
        }
        Ok(None)
    }

    /// Whether that is where our text is, in whichever form it is written.
    fn is_at(&self, location: &str) -> bool {
        let key = format!("{}.txt", self.id.name);
        object_of(location) == Some((self.id.bucket.as_str(), key.as_str()))
    }

    async fn list(&self, detector: &str) -> Result<Vec<String>, Error> {
        let guardduty = self.client().await?;
        let what = format!("list the {}s", self.kind);
        match self.kind {
            Kind::EntitySet => {
                let call = guardduty.client.list_threat_entity_sets().detector_id(detector);
                let ids: Result<Vec<_>, _> =
                    call.into_paginator().items().send().collect::<Result<_, _>>().await;
                ids.map_err(|e| guardduty.failed(&what, "guardduty:ListThreatEntitySets", &e))
            }
            Kind::IntelSet => {
                let call = guardduty.client.list_threat_intel_sets().detector_id(detector);
                let ids: Result<Vec<_>, _> =
                    call.into_paginator().items().send().collect::<Result<_, _>>().await;
                ids.map_err(|e| guardduty.failed(&what, "guardduty:ListThreatIntelSets", &e))
            }
        }
    }

    /// The list with this id; `None` if there is none.
    async fn get(&self, detector: &str, id: &str) -> Result<Option<Told>, Error> {
        // GuardDuty has no error of its own for what is not there.
        const GONE: &str = "BadRequestException";
        let guardduty = self.client().await?;
        let what = format!("read the {} {id}", self.kind);
        match self.kind {
            Kind::EntitySet => {
                let call = guardduty.client.get_threat_entity_set();
                match call.detector_id(detector).threat_entity_set_id(id).send().await {
                    Ok(set) => Ok(Some(Told {
                        status: set.status().map(|s| s.as_str().to_owned()).unwrap_or_default(),
                        name: set.name.unwrap_or_default(),
                        location: set.location.unwrap_or_default(),
                        error: set.error_details,
                        tags: set.tags.unwrap_or_default().into_iter().collect(),
                    })),
                    Err(error) if error.code() == Some(GONE) => Ok(None),
                    Err(error) => {
                        Err(guardduty.failed(&what, "guardduty:GetThreatEntitySet", &error))
                    }
                }
            }
            Kind::IntelSet => {
                let call = guardduty.client.get_threat_intel_set();
                match call.detector_id(detector).threat_intel_set_id(id).send().await {
                    Ok(set) => Ok(Some(Told {
                        status: set.status().map(|s| s.as_str().to_owned()).unwrap_or_default(),
                        name: set.name.unwrap_or_default(),
                        location: set.location.unwrap_or_default(),
                        error: None,
                        tags: set.tags.unwrap_or_default().into_iter().collect(),
                    })),
                    Err(error) if error.code() == Some(GONE) => Ok(None),
                    Err(error) => {
                        Err(guardduty.failed(&what, "guardduty:GetThreatIntelSet", &error))
                    }
                }
            }
        }
    }

    /// Makes the list, and lets GuardDuty read it.
    pub(crate) async fn create(&self, location: &str, tags: &Tags) -> Result<(), Error> {
        let detector = self.detector().await?;
        let guardduty = self.client().await?;
        let (kind, name) = (self.kind, &self.id.name);
        let what = format!("make the {kind} {name}");
        let tags = Some(tags.clone().into_iter().collect());
        let made = match kind {
            Kind::EntitySet => {
                let call = guardduty.client.create_threat_entity_set().detector_id(detector);
                let call = call.name(name).format(ThreatEntitySetFormat::Txt).location(location);
                let call = call.expected_bucket_owner(&self.home.account).activate(true);
                let made = call.set_tags(tags).send().await;
                made.map(|made| made.threat_entity_set_id).map_err(|error| {
                    guardduty.failed(&what, "guardduty:CreateThreatEntitySet", &error)
                })
            }
            Kind::IntelSet => {
                let call = guardduty.client.create_threat_intel_set().detector_id(detector);
                let call = call.name(name).format(ThreatIntelSetFormat::Txt).location(location);
                let call = call.expected_bucket_owner(&self.home.account).activate(true);
                let made = call.set_tags(tags).send().await;
                made.map(|made| made.threat_intel_set_id)
                    .map_err(|error| guardduty.failed(&what, RIGHTS_OF_INTEL, &error))
            }
        };
        made.map(|id| self.remember(id))
    }

    /// Lets GuardDuty read the list anew.
    pub(crate) async fn update(&self, set: &Set, location: &str) -> Result<(), Error> {
        let detector = self.detector().await?;
        let guardduty = self.client().await?;
        let what = format!("activate the {} {}", self.kind, self.id.name);
        match self.kind {
            Kind::EntitySet => {
                let call = guardduty.client.update_threat_entity_set().detector_id(detector);
                let call = call.threat_entity_set_id(&set.id).location(location).activate(true);
                let call = call.expected_bucket_owner(&self.home.account);
                call.send().await.map(drop).map_err(|error| {
                    guardduty.failed(&what, "guardduty:UpdateThreatEntitySet", &error)
                })
            }
            Kind::IntelSet => {
                let call = guardduty.client.update_threat_intel_set().detector_id(detector);
                let call = call.threat_intel_set_id(&set.id).location(location).activate(true);
                let call = call.expected_bucket_owner(&self.home.account);
                call.send()
                    .await
                    .map(drop)
                    .map_err(|error| guardduty.failed(&what, RIGHTS_OF_INTEL, &error))
            }
        }
    }
}

const RIGHTS_OF_INTEL: &str = "guardduty:CreateThreatIntelSet, guardduty:UpdateThreatIntelSet, and \
    iam:PutRolePolicy and iam:DeleteRolePolicy on AWSServiceRoleForAmazonGuardDuty";

impl Told {
    fn set(self, id: String) -> Set {
        let status = match self.status.as_str() {
            "ACTIVE" => Status::Active,
            "INACTIVE" => Status::Inactive,
            "ERROR" => Status::Broken(self.error.unwrap_or_else(|| "GuardDuty says ERROR".into())),
            "DELETED" => Status::Missing,
            // ACTIVATING, DEACTIVATING, DELETE_PENDING, and whatever comes to be.
            _ => Status::Busy,
        };
        Set { id, status, tags: self.tags }
    }
}
