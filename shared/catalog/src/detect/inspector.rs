//! Facet: what Inspector scans in an account and Region.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{guard_duty::service_role, word};

remedy::account_id!(
    /// The account that Inspector scans in a Region.
    InspectorId, "inspector2", "scanning", regional, "/inspector/v2/home?region={region}#/settings"
);

/// What Inspector can scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scan {
    /// Instances.
    Ec2,
    /// Images of containers.
    Ecr,
    /// What functions depend on.
    Lambda,
    /// What functions are made of.
    LambdaCode,
}

/// Inspector in an account and Region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inspector {
    /// What can be scanned in this Region, and whether it is.
    pub scans: BTreeMap<Scan, bool>,
}

/// Whether something is scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanSetting {
    /// What.
    pub scan: Scan,
    /// Whether it is.
    pub on: bool,
}

const ENABLE: Action = Action::on("*", "inspector2:Enable");
const DISABLE: Action = Action::on("*", "inspector2:Disable");
const ROLE: Action = service_role(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/inspector2.amazonaws.com/*",
    "inspector2.amazonaws.com",
);
const AGENTLESS_ROLE: Action = service_role(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/agentless.inspector2.amazonaws.com/*",
    "agentless.inspector2.amazonaws.com",
);

impl Facet for Inspector {
    type Id = InspectorId;
    type Change = Swap<ScanSetting>;

    const NAME: &'static str = "Inspector in a Region";
    const READS: &'static [Action] = &[Action::on("*", "inspector2:BatchGetAccountStatus")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<ScanSetting>) -> Self {
        self.scans.insert(change.to.scan, change.to.on);
        self
    }

    fn commands(place: &Place, id: &InspectorId, changes: &[Swap<ScanSetting>]) -> Vec<String> {
        let set = |on: bool| -> Vec<&str> {
            changes
                .iter()
                .filter(|change| change.to.on == on)
                .map(|change| change.to.scan.label())
                .collect()
        };
        [("enable", set(true)), ("disable", set(false))]
            .into_iter()
            .filter(|(_, types)| !types.is_empty())
            .map(|(verb, types)| {
                format!(
                    "aws inspector2 {verb} --region {} --account-ids {id} --resource-types {}",
                    place.region,
                    types.join(" ")
                )
            })
            .collect()
    }
}

impl Scan {
    /// As AWS calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ec2 => "EC2",
            Self::Ecr => "ECR",
            Self::Lambda => "LAMBDA",
            Self::LambdaCode => "LAMBDA_CODE",
        }
    }
}

impl Setting for ScanSetting {
    const MAKE: &'static [Action] = &[ENABLE, ROLE, AGENTLESS_ROLE];
    const UNDO: &'static [Action] = &[DISABLE];

    fn needs(&self) -> &'static [Action] {
        if self.on { Self::MAKE } else { Self::UNDO }
    }
}

impl fmt::Display for ScanSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scanning of {} {}", self.scan.label(), word(self.on))
    }
}
