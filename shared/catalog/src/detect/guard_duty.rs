//! Facet: whether `GuardDuty` looks at an account and Region at all.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

remedy::account_id!(
    /// The account whose events `GuardDuty` looks at in a Region.
    GuardDutyId, "guardduty", "detector", regional, "/guardduty/home?region={region}#/settings"
);

/// `GuardDuty` in an account and Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuardDuty {
    /// Whether it looks.
    pub state: DetectorState,
    /// The detector's tags, if there is one.
    pub tags: Tags,
}

/// Whether `GuardDuty` looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DetectorState {
    /// It has no detector.
    #[default]
    Missing,
    /// Its detector looks at nothing.
    Suspended,
    /// It does.
    On,
}

pub(super) const DETECTORS: &str = "arn:${AWS::Partition}:guardduty:*:${AWS::AccountId}:detector/*";
/// A detector that is made gets the opt-in tag.
const CREATE: Action = Action::on("*", "guardduty:CreateDetector").tagging();
const UPDATE: Action = Action::on(DETECTORS, "guardduty:UpdateDetector").tagged();
const ROLE: Action = service_role(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/guardduty.amazonaws.com/*",
    "guardduty.amazonaws.com",
);
pub(super) const MALWARE_ROLE: Action = service_role(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/*",
    "malware-protection.guardduty.amazonaws.com",
);

/// The role by which a service of AWS acts itself, which whoever turns it on makes.
pub(super) const fn service_role(resource: &'static str, service: &'static str) -> Action {
    Action::on(resource, "iam:CreateServiceLinkedRole").only(
        "StringEquals",
        "iam:AWSServiceName",
        service,
    )
}

impl Facet for GuardDuty {
    type Id = GuardDutyId;
    type Change = Swap<DetectorState>;

    const NAME: &'static str = "GuardDuty in a Region";
    const READS: &'static [Action] = &[
        Action::on(DETECTORS, "guardduty:GetDetector"),
        Action::on("*", "guardduty:ListDetectors"),
    ];

    /// Where there is no detector it is a setting of the account.
    fn tags(&self) -> Option<&Tags> {
        (self.state != DetectorState::Missing).then_some(&self.tags)
    }

    fn after(mut self, change: &Swap<DetectorState>) -> Self {
        self.state = change.to;
        self
    }

    fn commands(place: &Place, _: &GuardDutyId, changes: &[Swap<DetectorState>]) -> Vec<String> {
        let region = &place.region;
        let command = |change: &Swap<DetectorState>| {
            let flag = match (change.from, change.to) {
                (_, DetectorState::Missing) => return None,
                (DetectorState::Missing, DetectorState::On) => {
                    return Some(format!(
                        "aws guardduty create-detector --region {region} --enable"
                    ));
                }
                (_, DetectorState::On) => "--enable",
                (_, DetectorState::Suspended) => "--no-enable",
            };
            let detector = its_detector(region);
            Some(format!(
                "aws guardduty update-detector --region {region} --detector-id {detector} {flag}"
            ))
        };
        changes.iter().filter_map(command).collect()
    }
}

/// The only detector of an account in a Region, to a shell.
pub(super) fn its_detector(region: &str) -> String {
    format!(
        "\"$(aws guardduty list-detectors --region {region} --query 'DetectorIds[0]' --output text)\""
    )
}

impl Setting for DetectorState {
    const MAKE: &'static [Action] = &[CREATE, ROLE, MALWARE_ROLE, UPDATE];
    const UNDO: &'static [Action] = &[UPDATE];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Missing => &[],
            Self::Suspended => &[UPDATE],
            Self::On => Self::MAKE,
        }
    }

    /// A detector is not deleted: its findings would go with it.
    fn comes_back(&self, _: &Self) -> bool {
        *self != Self::Missing
    }
}

impl fmt::Display for DetectorState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "no detector",
            Self::Suspended => "detector suspended",
            Self::On => "detector on",
        })
    }
}
