//! Facet: the list of attackers' addresses that Kintsugi keeps for GuardDuty.

use std::{fmt, sync::Arc};

use remedy::{Action, Arn, Facet, Id, Place, Tags};
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Edits, Known, ListChange, Name, Time, Truth, command, iam, text};

/// A list, by the bucket it is kept in and its name: `<name>.json` holds the truth, `<name>.txt` is
/// what GuardDuty reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreatListId {
    /// The stack's bucket.
    pub bucket: String,
    /// As GuardDuty calls the list, too.
    pub name: String,
}

/// The two kinds of list that GuardDuty has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// 1,000 addresses and domains; reading it needs no right over a role.
    #[default]
    EntitySet,
    /// 250,000 addresses; whoever activates it must be allowed to change GuardDuty's own role.
    IntelSet,
}

/// How the list is doing at GuardDuty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Status {
    /// There is none yet.
    #[default]
    Missing,
    /// It is read.
    Active,
    /// It is being read, or put away: nothing may be done meanwhile.
    Busy,
    /// Somebody switched it off.
    Inactive,
    /// It could not be read.
    Broken(String),
}

/// The list, as far as it concerns who is on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ThreatList {
    /// Which kind it is.
    pub kind: Kind,
    /// Who is on it.
    pub truth: Truth,
    /// How many changes GuardDuty was told of.
    pub told: u32,
    /// How it is doing there.
    pub status: Status,
    /// What a person did to the text.
    pub edits: Edits,
    /// When.
    pub edited: Time,
    /// What must never be on it.
    pub known: Arc<Known>,
    /// The tags of the list at GuardDuty; those it will get, if it is missing.
    pub tags: Tags,
}

impl Id for ThreatListId {
    const TYPE: &'static str = "AWS::GuardDuty::ThreatEntitySet";

    fn locate(resource: &str) -> Option<Self> {
        let object = Arn::parse(resource).filter(|arn| arn.service == "s3")?.resource;
        let (bucket, key) = object.split_once('/')?;
        let name = key.strip_suffix(".json").filter(|name| !name.is_empty())?;
        Some(Self { bucket: bucket.into(), name: name.into() })
    }

    fn arn(&self, place: &Place) -> String {
        format!("arn:{}:s3:::{}/{}.json", place.partition, self.bucket, self.name)
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/guardduty/home?region={}#/lists", place.console(), place.region)
    }
}

impl fmt::Display for ThreatListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Kind {
    /// As the stack's parameter calls them.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "ThreatEntitySet" => Some(Self::EntitySet),
            "ThreatIntelSet" => Some(Self::IntelSet),
            _ => None,
        }
    }

    /// How many can be on it; GuardDuty's own limit.
    pub fn capacity(self) -> usize {
        match self {
            Self::EntitySet => 1_000,
            Self::IntelSet => 250_000,
        }
    }

    /// Whether there can be domains on it.
    pub fn takes_domains(self) -> bool {
        self == Self::EntitySet
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EntitySet => "ThreatEntitySet",
            Self::IntelSet => "ThreatIntelSet",
        })
    }
}

impl ThreatList {
    /// Whether GuardDuty does not know all of it.
    pub fn is_due(&self) -> bool {
        // More changes told than there are: an older version of the truth was put back.
        self.truth.shown > self.told || self.told > self.truth.serial
    }

    /// What goes first when there is no room: what was seen longest ago. What a person wrote stays.
    pub(super) fn stalest(&self) -> Option<(&Name, &super::Listing)> {
        let all = self.truth.roll.iter();
        let by_finding = all.filter(|(_, listing)| listing.by == super::By::Finding);
        by_finding.min_by_key(|(_, listing)| listing.last)
    }
}

impl Facet for ThreatList {
    type Id = ThreatListId;
    type Change = ListChange;

    const NAME: &'static str = "threat list";
    const VERB: &'static str = "update";
    const READS: &'static [Action] = iam::READS;
    const SHARED: bool = true;

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &ListChange) -> Self {
        self.truth.make(change);
        match change {
            ListChange::List { name, .. } | ListChange::Restore { name, .. } => {
                self.edits.added.remove(name);
            }
            ListChange::Remove { name, .. } => {
                self.edits.removed.remove(name);
            }
            ListChange::Reject(rejected) => self.edits.rejected.retain(|one| one != rejected),
            ListChange::Activate { serial, .. } => {
                self.told = *serial;
                self.status = Status::Busy;
            }
            ListChange::See { .. } | ListChange::Forget { .. } | ListChange::Readmit(_) => {}
        }
        self
    }

    fn shows(&self, change: &ListChange) -> bool {
        match change {
            ListChange::Activate { serial, .. } => self.told == *serial,
            change => {
                let mut after = self.truth.clone();
                after.make(change);
                after.serial == self.truth.serial
            }
        }
    }

    /// Who is on it, and why. In which order they came is nothing to GuardDuty.
    fn same(&self, other: &Self) -> bool {
        let (one, other) = (&self.truth.roll, &other.truth.roll);
        let alike = |((name, listing), (other, more)): (
            (&Name, &super::Listing),
            (&Name, &super::Listing),
        )| { name == other && listing.same(more) };
        one == other || (one.len() == other.len() && one.iter().zip(other.iter()).all(alike))
    }

    fn commands(place: &Place, id: &ThreatListId, changes: &[ListChange]) -> Vec<String> {
        command::commands(place, id, changes)
    }
}

/// For the hash of what was found: the number of a change stands for all that is on the list.
impl Serialize for ThreatList {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut found = to.serialize_struct("ThreatList", 3)?;
        found.serialize_field("serial", &self.truth.serial)?;
        found.serialize_field("listed", &self.truth.roll.len())?;
        found.serialize_field("told", &self.told)?;
        found.end()
    }
}

/// What GuardDuty is to read.
impl ThreatList {
    /// The text, as of now.
    pub fn text(&self) -> String {
        text::render(&self.truth, self.kind)
    }
}
