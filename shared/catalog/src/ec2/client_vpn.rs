//! Facet: whether a Client VPN endpoint logs who connects to it.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `cvpn-endpoint-...`
    ClientVpnId,
    "AWS::EC2::ClientVpnEndpoint",
    "client-vpn-endpoint",
    "cvpn-endpoint-",
    "/vpcconsole/home?region={region}#ClientVPNEndpointDetails:clientVpnEndpointId={id}"
);

/// A Client VPN endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientVpn {
    /// What it is for, as whoever made it says.
    pub description: String,
    /// Whether connections are logged.
    pub is_logged: bool,
    /// The endpoint's tags.
    pub tags: Tags,
}

impl Facet for ClientVpn {
    type Id = ClientVpnId;
    type Change = Never;

    const NAME: &'static str = "Client VPN endpoint";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeClientVpnEndpoints")];

    fn label(&self) -> Option<&str> {
        Some(&self.description).filter(|text| !text.is_empty()).map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &ClientVpnId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
