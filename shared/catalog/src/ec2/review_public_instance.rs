//! Leaves an instance that has a public IPv4 address to a person, with what takes each address away.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Instance, InstanceSetting, PublicAddress};

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewPublicInstance;

impl Remediation for ReviewPublicInstance {
    type Facet = Instance;

    const SPEC: Spec = Spec {
        id: "ec2/review_public_instance",
        title: "Ask a person whether an instance needs its public address",
        triggers: &[Trigger::control("EC2.9"), Trigger::config_rule("EC2_INSTANCE_NO_PUBLIC_IP")],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No address is taken away. Elastic ones and those that AWS lent are told apart, as they come off in different ways.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &Instance, case: &Case<'_>) -> Plan<Swap<InstanceSetting>> {
        if instance.public.is_empty() {
            return Plan::none();
        }
        let addresses: Vec<_> =
            instance.public.iter().map(|public| public.address.as_str()).collect();
        let what = format!("the instance has the public address {}", addresses.join(", "));
        let region = &case.signal.place.region;
        Plan::by_hand(what, WHY, instance.public.iter().map(|public| command(public, region)))
    }
}

const WHY: &str = "whoever reaches it from the internet is cut off, and so is it from the internet where there \
     is no NAT gateway; an address that AWS lent does not come back. Put a load balancer or a NAT gateway in \
     its place first";

fn command(
    PublicAddress { address, interface, is_elastic }: &PublicAddress,
    region: &str,
) -> String {
    if *is_elastic {
        return format!(
            "aws ec2 disassociate-address --region {region} --association-id \"$(aws ec2 describe-addresses \
             --region {region} --public-ips {address} --query 'Addresses[0].AssociationId' --output text)\""
        );
    }
    format!(
        "aws ec2 modify-network-interface-attribute --region {region} --network-interface-id {interface} \
         --no-associate-public-ip-address"
    )
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn public(address: &str, is_elastic: bool) -> PublicAddress {
        PublicAddress { address: address.into(), interface: "eni-1".into(), is_elastic }
    }

    #[test]
    fn each_address_comes_off_in_its_own_way() {
        let instance = Instance {
            public: vec![public("198.51.100.7", false), public("203.0.113.9", true)],
            ..Instance::default()
        };
        let signal = signal("i-0a");
        check(&ReviewPublicInstance, &instance, &signal, &[]);
        let case = Case { signal: &signal, now: now() };
        let plan = ReviewPublicInstance.plan(&instance, &case);
        assert_eq!(
            plan.left[0].what,
            "the instance has the public address 198.51.100.7, 203.0.113.9"
        );
        assert!(
            plan.by_hand[0]
                .ends_with("--network-interface-id eni-1 --no-associate-public-ip-address")
        );
        assert!(plan.by_hand[1].contains("disassociate-address"));
    }

    #[test]
    fn one_without_is_right() {
        let case = Case { signal: &signal("i-0a"), now: now() };
        assert_eq!(ReviewPublicInstance.plan(&Instance::default(), &case), Plan::none());
    }
}
