//! Facet: what the detector of `GuardDuty` looks at beyond the basics.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    guard_duty::{DETECTORS, MALWARE_ROLE, its_detector},
    word,
};

/// A detector. An account has one in each Region at most, so that the account names it, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetectorId {
    /// Such as `12abc34d567e8fa901bc2d34e56789f0`.
    One(String),
    /// The one of this account.
    Of(String),
}

/// What a detector can look at, by what AWS calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Feature {
    /// What is done with objects in buckets.
    S3DataEvents,
    /// What is asked of Kubernetes.
    EksAuditLogs,
    /// The volumes of instances that behave oddly.
    EbsMalwareProtection,
    /// Who signs in to databases.
    RdsLoginEvents,
    /// Where functions connect to.
    LambdaNetworkLogs,
}

/// Whether processes on machines are looked at, and on which machines `GuardDuty` sees to its agent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Runtime {
    /// Whether they are looked at.
    pub on: bool,
    /// By what AWS calls them, such as `EKS_ADDON_MANAGEMENT`.
    pub agents: BTreeMap<String, bool>,
}

/// A detector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Detector {
    /// What can be looked at in this Region, and whether it is.
    pub features: BTreeMap<Feature, bool>,
    /// Whether processes are looked at, if they can be in this Region.
    pub runtime: Option<Runtime>,
    /// The same of the forerunner, which knows EKS only and is not to be had beside it.
    pub forerunner: Option<Runtime>,
    /// What a policy of the organisation decides, by what AWS calls it.
    pub managed: BTreeSet<String>,
    /// The detector's tags.
    pub tags: Tags,
}

/// What a detector is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DetectorSetting {
    /// Whether something is looked at.
    Feature(Feature, bool),
    /// Whether processes are looked at, and where.
    Runtime(Runtime),
}

const UPDATE: &[Action] =
    &[MALWARE_ROLE, Action::on(DETECTORS, "guardduty:UpdateDetector").tagged()];
const SETTING: &str = "account-setting/protection";

impl Id for DetectorId {
    const TYPE: &'static str = "AWS::GuardDuty::Detector";

    fn locate(resource: &str) -> Option<Self> {
        let digits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        let of = |account: &str| digits(account).then(|| Self::Of(account.to_owned()));
        let Some(arn) = Arn::parse(resource) else {
            return of(resource.strip_prefix("AWS::::Account:").unwrap_or(resource));
        };
        if arn.service != "guardduty" {
            return None;
        }
        if arn.resource == SETTING {
            return of(arn.account);
        }
        let id = arn.resource.strip_prefix("detector/")?;
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
        is_id.then(|| Self::One(id.to_owned()))
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        match self {
            Self::One(id) => format!("arn:{partition}:guardduty:{region}:{account}:detector/{id}"),
            Self::Of(account) => format!("arn:{partition}:guardduty:{region}:{account}:{SETTING}"),
        }
    }
    fn link(&self, place: &Place) -> String {
        format!("{}/guardduty/home?region={}#/settings", place.console(), place.region)
    }
}

impl fmt::Display for DetectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::One(id) | Self::Of(id)) = self;
        f.write_str(id)
    }
}

impl Facet for Detector {
    type Id = DetectorId;
    type Change = Swap<DetectorSetting>;

    const NAME: &'static str = "GuardDuty detector";
    const READS: &'static [Action] = &[
        Action::on(DETECTORS, "guardduty:GetDetector"),
        Action::on("*", "guardduty:ListDetectors"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<DetectorSetting>) -> Self {
        match &change.to {
            DetectorSetting::Feature(feature, on) => {
                self.features.insert(*feature, *on);
            }
            DetectorSetting::Runtime(runtime) => self.runtime = Some(runtime.clone()),
        }
        self
    }

    /// An agent of which nothing was said is one that is not seen to.
    fn same(&self, other: &Self) -> bool {
        let plain = |detector: &Self| {
            let mut detector = detector.clone();
            detector.runtime.iter_mut().for_each(|runtime| runtime.agents.retain(|_, on| *on));
            detector
        };
        plain(self) == plain(other)
    }

    fn commands(place: &Place, id: &DetectorId, changes: &[Swap<DetectorSetting>]) -> Vec<String> {
        let features: Vec<_> = changes.iter().map(|change| change.to.json()).collect();
        if features.is_empty() {
            return Vec::new();
        }
        let detector = match id {
            DetectorId::One(id) => id.clone(),
            DetectorId::Of(_) => its_detector(&place.region),
        };
        vec![format!(
            "aws guardduty update-detector --region {} --detector-id {detector} --features {}",
            place.region,
            quoted(&serde_json::Value::Array(features).to_string())
        )]
    }
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::S3DataEvents,
        Self::EksAuditLogs,
        Self::EbsMalwareProtection,
        Self::RdsLoginEvents,
        Self::LambdaNetworkLogs,
    ];

    /// As AWS calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::S3DataEvents => "S3_DATA_EVENTS",
            Self::EksAuditLogs => "EKS_AUDIT_LOGS",
            Self::EbsMalwareProtection => "EBS_MALWARE_PROTECTION",
            Self::RdsLoginEvents => "RDS_LOGIN_EVENTS",
            Self::LambdaNetworkLogs => "LAMBDA_NETWORK_LOGS",
        }
    }
}

impl DetectorSetting {
    /// As the AWS CLI takes it.
    fn json(&self) -> serde_json::Value {
        let status = |on: bool| if on { "ENABLED" } else { "DISABLED" };
        match self {
            Self::Feature(feature, on) => {
                serde_json::json!({ "Name": feature.label(), "Status": status(*on) })
            }
            Self::Runtime(Runtime { on, agents }) => {
                let agent = |(name, on): (&String, &bool)| serde_json::json!({ "Name": name, "Status": status(*on) });
                serde_json::json!({
                    "Name": "RUNTIME_MONITORING", "Status": status(*on),
                    "AdditionalConfiguration": agents.iter().map(agent).collect::<Vec<_>>(),
                })
            }
        }
    }
}

impl Setting for DetectorSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for DetectorSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feature(feature, on) => write!(f, "{} {}", feature.label(), word(*on)),
            Self::Runtime(Runtime { on, agents }) => {
                write!(f, "RUNTIME_MONITORING {}", word(*on))?;
                let seen_to: Vec<&str> =
                    agents.iter().filter(|(_, on)| **on).map(|(name, _)| name.as_str()).collect();
                if seen_to.is_empty() { Ok(()) } else { write!(f, " with {}", seen_to.join(", ")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detector_is_named_by_itself_or_by_its_account() {
        for (resource, id) in [
            (
                "arn:aws:guardduty:eu-west-1:111122223333:detector/12ab",
                DetectorId::One("12ab".into()),
            ),
            ("AWS::::Account:111122223333", DetectorId::Of("111122223333".into())),
            ("111122223333", DetectorId::Of("111122223333".into())),
        ] {
            let found = DetectorId::locate(resource);
            assert_eq!(found, Some(id.clone()));
            let arn = id.arn(&Place::new("111122223333", "eu-west-1"));
            assert_eq!(DetectorId::locate(&arn), Some(id));
        }
        for other in [
            "12ab",
            "arn:aws:guardduty:eu-west-1:111122223333:detector/12ab/filter/x",
            "arn:aws:guardduty:eu-west-1:111122223333:detector/",
            "arn:aws:macie2:eu-west-1:111122223333:detector/12ab",
            "",
        ] {
            assert_eq!(DetectorId::locate(other), None, "{other}");
        }
    }
}
