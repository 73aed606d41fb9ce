//! Facet: whether a network interface passes on what is not meant for it.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `eni-...`
    NetworkInterfaceId,
    "AWS::EC2::NetworkInterface",
    "network-interface",
    "eni-",
    "/ec2/home?region={region}#NetworkInterface:networkInterfaceId={id}"
);

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkInterface {
    /// What it is for, as whoever made it says.
    pub description: String,
    /// The account it belongs to.
    pub account: String,
    /// The instance it is attached to, if it is to one.
    pub instance: Option<String>,
    /// Whether a service made it for its own use.
    pub is_services: bool,
    /// Whether it takes and sends only what is for or from itself.
    pub checks: bool,
    /// The interface's tags.
    pub tags: Tags,
}

/// What a network interface is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkInterfaceSetting {
    /// Whether it takes and sends only what is for or from itself.
    Checks(bool),
}

const INTERFACES: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:network-interface/*";
const MODIFY: &[Action] = &[Action::on(INTERFACES, "ec2:ModifyNetworkInterfaceAttribute").tagged()];

impl Facet for NetworkInterface {
    type Id = NetworkInterfaceId;
    type Change = Swap<NetworkInterfaceSetting>;

    const NAME: &'static str = "network interface";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeNetworkInterfaces")];

    fn label(&self) -> Option<&str> {
        Some(&self.description).filter(|text| !text.is_empty()).map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &Swap<NetworkInterfaceSetting>) -> Self {
        match change.to {
            NetworkInterfaceSetting::Checks(on) => self.checks = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &NetworkInterfaceId,
        changes: &[Swap<NetworkInterfaceSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<NetworkInterfaceSetting>| {
            let flag = match change.to {
                NetworkInterfaceSetting::Checks(true) => "--source-dest-check",
                NetworkInterfaceSetting::Checks(false) => "--no-source-dest-check",
            };
            format!(
                "aws ec2 modify-network-interface-attribute --region {} --network-interface-id {id} {flag}",
                place.region
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for NetworkInterfaceSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for NetworkInterfaceSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checks(true) => f.write_str("source/destination checking on"),
            Self::Checks(false) => f.write_str("source/destination checking off"),
        }
    }
}
