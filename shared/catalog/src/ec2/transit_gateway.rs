//! Facet: whom a transit gateway lets in.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `tgw-...`
    TransitGatewayId,
    "AWS::EC2::TransitGateway",
    "transit-gateway",
    "tgw-",
    "/vpcconsole/home?region={region}#TransitGatewayDetails:transitGatewayId={id}"
);

/// A transit gateway, as far as new attachments go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransitGateway {
    /// The account it belongs to; a transit gateway can be shared with others.
    pub account: String,
    /// Whether VPCs of other accounts are attached without being asked about.
    pub accepts_anybody: bool,
    /// The transit gateway's tags.
    pub tags: Tags,
}

/// What a transit gateway is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransitGatewaySetting {
    /// Whether VPCs of other accounts are attached without being asked about.
    AcceptsAnybody(bool),
}

const GATEWAYS: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:transit-gateway/*";
const MODIFY: &[Action] = &[Action::on(GATEWAYS, "ec2:ModifyTransitGateway").tagged()];

impl Facet for TransitGateway {
    type Id = TransitGatewayId;
    type Change = Swap<TransitGatewaySetting>;

    const NAME: &'static str = "transit gateway";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeTransitGateways")];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &Swap<TransitGatewaySetting>) -> Self {
        match change.to {
            TransitGatewaySetting::AcceptsAnybody(on) => self.accepts_anybody = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &TransitGatewayId,
        changes: &[Swap<TransitGatewaySetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<TransitGatewaySetting>| {
            let value = match change.to {
                TransitGatewaySetting::AcceptsAnybody(true) => "enable",
                TransitGatewaySetting::AcceptsAnybody(false) => "disable",
            };
            format!(
                "aws ec2 modify-transit-gateway --region {} --transit-gateway-id {id} \
                 --options AutoAcceptSharedAttachments={value}",
                place.region
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for TransitGatewaySetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for TransitGatewaySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AcceptsAnybody(true) => f.write_str("acceptance of shared attachments automatic"),
            Self::AcceptsAnybody(false) => f.write_str("acceptance of shared attachments manual"),
        }
    }
}
