//! Leaves an Elastic IP address that nothing has to a person, with what releases it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::Address;

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewUnusedAddress;

impl Remediation for ReviewUnusedAddress {
    type Facet = Address;

    const SPEC: Spec = Spec {
        id: "ec2/review_unused_address",
        title: "Ask a person whether an unused Elastic IP address can go",
        triggers: &[Trigger::control("EC2.12"), Trigger::config_rule("EIP_ATTACHED")],
        severity: Severity::Low,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is released: an address that others know, in DNS or in firewalls, would be somebody else's soon.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, address: &Address, case: &Case<'_>) -> Plan<Never> {
        let Some(id) = self.target(case.signal).filter(|_| !address.is_used) else {
            return Plan::none();
        };
        let region = &case.signal.place.region;
        let command = format!("aws ec2 release-address --region {region} --allocation-id {id}");
        Plan::by_hand(format!("nothing has the address {}", address.address), WHY, [command])
    }
}

const WHY: &str = "whoever gets it next is reached by all who still know it: see that no DNS record, firewall or \
     partner names it";

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn only_one_that_nothing_has_is_told() {
        let signal = signal("eipalloc-1");
        let case = Case { signal: &signal, now: now() };
        let unused = Address { address: "198.51.100.7".into(), ..Address::default() };
        check(&ReviewUnusedAddress, &unused, &signal, &[]);
        let plan = ReviewUnusedAddress.plan(&unused, &case);
        assert_eq!(plan.left[0].what, "nothing has the address 198.51.100.7");
        assert_eq!(
            plan.by_hand,
            ["aws ec2 release-address --region eu-west-1 --allocation-id eipalloc-1"]
        );
        let used = Address { is_used: true, ..unused };
        assert_eq!(ReviewUnusedAddress.plan(&used, &case), Plan::none());
    }
}
