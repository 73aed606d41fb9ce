//! Leaves a network ACL that stands before no subnet to a person, with what deletes it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{AclChange, NetworkAcl};

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewUnusedNetworkAcl;

impl Remediation for ReviewUnusedNetworkAcl {
    type Facet = NetworkAcl;

    const SPEC: Spec = Spec {
        id: "ec2/review_unused_network_acl",
        title: "Ask a person whether an unused network ACL can go",
        triggers: &[
            Trigger::control("EC2.16"),
            Trigger::config_rule("VPC_NETWORK_ACL_UNUSED_CHECK"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is deleted. One that a subnet uses by now, or that the VPC has from the start, is none of it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, acl: &NetworkAcl, case: &Case<'_>) -> Plan<AclChange> {
        let id = self.target(case.signal).filter(|_| acl.subnets.is_empty() && !acl.is_default);
        let Some(id) = id else { return Plan::none() };
        let what = match acl.vpc.as_str() {
            "" => "no subnet uses the network ACL".to_owned(),
            vpc => format!("no subnet of {vpc} uses the network ACL"),
        };
        let region = &case.signal.place.region;
        let command = format!("aws ec2 delete-network-acl --region {region} --network-acl-id {id}");
        Plan::by_hand(
            what,
            "its entries would be gone; see that no template means to use it",
            [command],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn only_one_that_no_subnet_uses_is_told() {
        let signal = signal("acl-1");
        let case = Case { signal: &signal, now: now() };
        let unused = NetworkAcl { vpc: "vpc-1".into(), ..NetworkAcl::default() };
        check(&ReviewUnusedNetworkAcl, &unused, &signal, &[]);
        let plan = ReviewUnusedNetworkAcl.plan(&unused, &case);
        assert_eq!(plan.left[0].what, "no subnet of vpc-1 uses the network ACL");
        assert!(plan.by_hand[0].ends_with("--network-acl-id acl-1"));
        for used in [
            NetworkAcl { subnets: vec!["subnet-1".into()], ..unused.clone() },
            NetworkAcl { is_default: true, ..unused },
        ] {
            assert_eq!(ReviewUnusedNetworkAcl.plan(&used, &case), Plan::none());
        }
    }
}
