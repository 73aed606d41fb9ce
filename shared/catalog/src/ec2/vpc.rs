//! Facet: the interface endpoints of a VPC, and what one more would need.

use std::collections::{BTreeMap, BTreeSet};

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{flow_logs::VPCS, id::ec2_id};

ec2_id!(
    /// `vpc-...`
    VpcId,
    "AWS::EC2::VPC",
    "vpc",
    "vpc-",
    "/vpcconsole/home?region={region}#VpcDetails:VpcId={id}"
);

/// A VPC, as far as endpoints go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VpcEndpoints {
    /// The account it belongs to; a VPC can be shared with others.
    pub account: String,
    /// Its blocks of IPv4 addresses.
    pub cidrs: Vec<String>,
    /// The full names of the services that it has interface endpoints for.
    pub services: BTreeSet<String>,
    /// A subnet in each Availability Zone, by the zone.
    pub subnets: BTreeMap<String, String>,
    /// Whether names in it can be made to mean the endpoint: its DNS support and its DNS host names are on.
    pub has_dns: bool,
    /// The VPC's tags.
    pub tags: Tags,
}

impl Facet for VpcEndpoints {
    type Id = VpcId;
    type Change = Never;

    const NAME: &'static str = "endpoints of a VPC";
    const READS: &'static [Action] = &[
        Action::on("*", "ec2:DescribeSubnets"),
        Action::on("*", "ec2:DescribeVpcEndpoints"),
        Action::on("*", "ec2:DescribeVpcs"),
        Action::on(VPCS, "ec2:DescribeVpcAttribute"),
    ];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &VpcId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
