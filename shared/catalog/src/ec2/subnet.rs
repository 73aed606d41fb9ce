//! Facet: which addresses a subnet gives to what is launched in it.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `subnet-...`
    SubnetId,
    "AWS::EC2::Subnet",
    "subnet",
    "subnet-",
    "/vpcconsole/home?region={region}#SubnetDetails:subnetId={id}"
);

/// A subnet, as far as addresses go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Subnet {
    /// The account it belongs to; a subnet can be shared with others.
    pub account: String,
    /// Whether what is launched in it gets a public IPv4 address.
    pub public_v4: bool,
    /// Whether network interfaces that are made in it get an IPv6 address.
    pub gives_v6: bool,
    /// Whether there is nothing but IPv6 in it.
    pub only_v6: bool,
    /// The subnet's tags.
    pub tags: Tags,
}

/// What a subnet is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubnetSetting {
    /// Whether what is launched in it gets a public IPv4 address.
    PublicV4(bool),
    /// Whether network interfaces that are made in it get an IPv6 address.
    GivesV6(bool),
}

const SUBNETS: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:subnet/*";
const MODIFY: &[Action] = &[Action::on(SUBNETS, "ec2:ModifySubnetAttribute").tagged()];

impl Facet for Subnet {
    type Id = SubnetId;
    type Change = Swap<SubnetSetting>;

    const NAME: &'static str = "subnet";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeSubnets")];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &Swap<SubnetSetting>) -> Self {
        match change.to {
            SubnetSetting::PublicV4(on) => self.public_v4 = on,
            SubnetSetting::GivesV6(on) => self.gives_v6 = on,
        }
        self
    }

    fn commands(place: &Place, id: &SubnetId, changes: &[Swap<SubnetSetting>]) -> Vec<String> {
        let command = |change: &Swap<SubnetSetting>| {
            let flag = match change.to {
                SubnetSetting::PublicV4(true) => "--map-public-ip-on-launch",
                SubnetSetting::PublicV4(false) => "--no-map-public-ip-on-launch",
                SubnetSetting::GivesV6(true) => "--assign-ipv6-address-on-creation",
                SubnetSetting::GivesV6(false) => "--no-assign-ipv6-address-on-creation",
            };
            format!(
                "aws ec2 modify-subnet-attribute --region {} --subnet-id {id} {flag}",
                place.region
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for SubnetSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for SubnetSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |on: &bool| if *on { "on" } else { "off" };
        match self {
            Self::PublicV4(is) => write!(f, "public IPv4 addresses at launch {}", on(is)),
            Self::GivesV6(is) => write!(f, "IPv6 addresses at launch {}", on(is)),
        }
    }
}
