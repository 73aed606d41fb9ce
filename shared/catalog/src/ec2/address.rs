//! Facet: whether an Elastic IP address is in use.

use remedy::{Action, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::id::located;

/// `eipalloc-...`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressId(pub String);

impl Id for AddressId {
    const TYPE: &'static str = "AWS::EC2::EIP";

    /// IAM calls the kind `elastic-ip`, AWS Config and Security Hub `eip-allocation`.
    fn locate(resource: &str) -> Option<Self> {
        let of = |kind| located(resource, kind, "eipalloc-");
        of("elastic-ip").or_else(|| of("eip-allocation")).or_else(|| of("eip")).map(Self)
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ec2:{region}:{account}:elastic-ip/{self}")
    }
    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/ec2/home?region={region}#ElasticIpDetails:AllocationId={self}", place.console())
    }
}

impl std::fmt::Display for AddressId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An Elastic IP address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// Such as `198.51.100.7`.
    pub address: String,
    /// Whether something has it.
    pub is_used: bool,
    /// The address's tags.
    pub tags: Tags,
}

impl Facet for Address {
    type Id = AddressId;
    type Change = Never;

    const NAME: &'static str = "Elastic IP address";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeAddresses")];

    fn label(&self) -> Option<&str> {
        Some(&self.address)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &AddressId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_by_each_of_its_names() {
        let id = Some(AddressId("eipalloc-1".into()));
        for named in [
            "eipalloc-1",
            "arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-1",
            "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-1",
        ] {
            assert_eq!(AddressId::locate(named), id, "{named}");
        }
        for other in ["198.51.100.7", "arn:aws:ec2:eu-west-1:111122223333:instance/eipalloc-1", ""]
        {
            assert_eq!(AddressId::locate(other), None, "{other}");
        }
    }
}
