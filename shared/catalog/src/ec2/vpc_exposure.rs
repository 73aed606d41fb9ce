//! Facet: whether VPCs of an account can be reached from the internet at all.

use std::fmt;

use remedy::{AccountId, Action, Arn, Facet, Id, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

/// The block of public access to the VPCs in a Region of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VpcExposureId(pub String);

impl AccountId for VpcExposureId {
    const SERVICE: &'static str = "ec2";
    const SETTING: &'static str = "vpc-block-public-access";
    const REGIONAL: bool = true;
}

impl Id for VpcExposureId {
    const TYPE: &'static str = "AWS::EC2::VPCBlockPublicAccessOptions";

    fn locate(resource: &str) -> Option<Self> {
        let named = || {
            let arn = Arn::parse(resource).filter(|arn| arn.service == "ec2")?;
            let kind = arn.resource.split(['/', ':']).next().unwrap_or_default();
            let is_it = kind.replace('-', "").eq_ignore_ascii_case("VpcBlockPublicAccessOptions");
            is_it.then(|| Self::account_of(arn.account)).flatten()
        };
        Self::account_of(resource).or_else(named).map(Self)
    }
    fn arn(&self, place: &Place) -> String {
        Self::name(place, &self.0)
    }
    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/vpcconsole/home?region={region}#Settings:", place.console())
    }
}

impl fmt::Display for VpcExposureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether VPCs can be reached from the internet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VpcExposure {
    /// What internet gateways let through.
    pub mode: GatewayMode,
    /// Whether the organization decides it, by a declarative policy.
    pub is_declared: bool,
    /// The VPCs that have an internet gateway, `vpc-...`.
    pub vpcs: Vec<String>,
}

/// What internet gateways let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GatewayMode {
    /// Everything.
    #[default]
    Open,
    /// Only what goes out through NAT and egress-only gateways.
    OutOnly,
    /// Nothing.
    Shut,
}

/// What it is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VpcExposureSetting {
    /// What internet gateways let through.
    Mode(GatewayMode),
}

/// AWS knows no resource for what concerns the whole account.
const MODIFY: &[Action] = &[Action::on("*", "ec2:ModifyVpcBlockPublicAccessOptions")];

impl Facet for VpcExposure {
    type Id = VpcExposureId;
    type Change = Swap<VpcExposureSetting>;

    const NAME: &'static str = "block of public access to VPCs";
    const READS: &'static [Action] = &[
        Action::on("*", "ec2:DescribeInternetGateways"),
        Action::on("*", "ec2:DescribeVpcBlockPublicAccessOptions"),
    ];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &Swap<VpcExposureSetting>) -> Self {
        match change.to {
            VpcExposureSetting::Mode(mode) => self.mode = mode,
        }
        self
    }

    /// VPCs come and go.
    fn same(&self, other: &Self) -> bool {
        self.mode == other.mode
    }

    fn commands(
        place: &Place,
        _: &VpcExposureId,
        changes: &[Swap<VpcExposureSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<VpcExposureSetting>| match change.to {
            VpcExposureSetting::Mode(mode) => format!(
                "aws ec2 modify-vpc-block-public-access-options --region {} \
                 --internet-gateway-block-mode {}",
                place.region,
                mode.name()
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl GatewayMode {
    /// As EC2 calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "off",
            Self::OutOnly => "block-ingress",
            Self::Shut => "block-bidirectional",
        }
    }
    /// The one that EC2 calls so.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Open, Self::OutOnly, Self::Shut].into_iter().find(|mode| mode.name() == name)
    }
}

impl Setting for VpcExposureSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for VpcExposureSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mode(mode) => write!(f, "block of internet gateways {}", mode.name()),
        }
    }
}
