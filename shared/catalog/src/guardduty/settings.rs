//! What operators can set about the list.

use chrono::TimeDelta;
use ipnet::Ipv4Net;
use remedy::{Parameter, Settings, Severity, Wrong};

use super::{Kind, Name, ThreatListId};

/// Which kind of list is kept.
pub const THREAT_LIST_KIND: Parameter = Parameter {
    name: "ThreatListKind",
    default: "ThreatEntitySet",
    allowed: "ThreatEntitySet, ThreatIntelSet",
    about: "ThreatEntitySet holds 1,000 addresses and domains and needs the least rights; ThreatIntelSet \
            holds 250,000 addresses, and activating it needs the right to change GuardDuty's own role",
};
/// What the list is called.
pub const THREAT_LIST_NAME: Parameter = Parameter {
    name: "ThreatListName",
    default: "kintsugi",
    allowed: "1 to 64 letters, digits, - and _",
    about: "the name of the list at GuardDuty, and of its two objects in the stack's bucket",
};
/// For how long addresses stay.
pub const LIST_DAYS: Parameter = Parameter {
    name: "ListDays",
    default: "30",
    allowed: "a whole number from 1 to 3653",
    about: "for how many days an address stays on the list after it was last seen",
};
/// From which severity on.
pub const LIST_FROM_SEVERITY: Parameter = Parameter {
    name: "ListFromSeverity",
    default: "LOW",
    allowed: "LOW, MEDIUM, HIGH, CRITICAL",
    about: "findings below this severity list nobody; brute force and port probes are LOW at GuardDuty",
};
/// Whether those are listed that our own resources call.
pub const LIST_OUTBOUND: Parameter = Parameter {
    name: "ListOutbound",
    default: "false",
    allowed: "true, false",
    about: "whether command-and-control servers and mining pools are listed that our own resources call, \
            domains included",
};
/// What is never listed.
pub const NEVER_LIST: Parameter = Parameter {
    name: "NeverList",
    default: "",
    allowed: "IPv4 addresses, networks and domains, separated by commas",
    about: "addresses that are never put on the list, such as those of your offices and scanners",
};
/// Whether AWS's own ranges are refused.
pub const REFUSE_AWS_RANGES: Parameter = Parameter {
    name: "RefuseAwsRanges",
    default: "false",
    allowed: "true, false",
    about: "whether addresses in the ranges that AWS publishes are refused; attackers rent there, too",
};
/// Where the list of trusted addresses is.
pub const TRUSTED_LIST_OBJECT: Parameter = Parameter {
    name: "TrustedListObject",
    default: "",
    allowed: "bucket/key of an S3 object, or nothing",
    about: "the S3 object of your trusted list at GuardDuty, if you have one: the function must read it",
};
/// The stack's bucket; the template sets it.
pub const THREAT_LIST_BUCKET: Parameter = Parameter {
    name: "ThreatListBucket",
    default: "",
    allowed: "the name of the stack's bucket",
    about: "where the list is kept",
};

/// The list that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Where.
    pub id: ThreatListId,
    /// Of which kind.
    pub kind: Kind,
    /// Whether AWS's own ranges are to be known.
    pub refuse_aws: bool,
}

impl List {
    /// As the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let name = |text: &str| {
            ((1..=64).contains(&text.len()) && text.chars().all(plain)).then(|| text.to_owned())
        };
        Ok(Self {
            id: ThreatListId {
                bucket: settings.read(&THREAT_LIST_BUCKET, named)?,
                name: settings.read(&THREAT_LIST_NAME, name)?,
            },
            kind: settings.read(&THREAT_LIST_KIND, Kind::from_name)?,
            refuse_aws: settings.read(&REFUSE_AWS_RANGES, |text| text.parse().ok())?,
        })
    }
}

pub(super) fn days(settings: &Settings) -> Result<TimeDelta, Wrong> {
    let days = |text: &str| text.parse().ok().filter(|days| (1..=3_653).contains(days));
    settings.read(&LIST_DAYS, days).map(TimeDelta::days)
}

pub(super) fn from_severity(settings: &Settings) -> Result<Severity, Wrong> {
    let severity = |text: &str| Severity::from_label(text).filter(|s| *s > Severity::Informational);
    settings.read(&LIST_FROM_SEVERITY, severity)
}

pub(super) fn outbound(settings: &Settings) -> Result<bool, Wrong> {
    settings.read(&LIST_OUTBOUND, |text| text.parse().ok())
}

/// What is never listed; a network of any width.
pub(super) fn never(settings: &Settings) -> Result<Vec<Name>, Wrong> {
    let name = |text: &str| {
        let any: Option<Ipv4Net> = text.parse().ok();
        any.map(|net| Name::Net(net.trunc())).or_else(|| text.parse().ok())
    };
    settings.each(&NEVER_LIST, name)
}
