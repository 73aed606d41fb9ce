//! Lets Macie look for sensitive data in buckets by itself, if a person agrees: it is paid by the bucket and
//! by what it looks at.
//!
//! Which other accounts of the organisation it is turned on for stays as it is.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Discovery, DiscoverySetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EnableDiscovery;

impl Remediation for EnableDiscovery {
    type Facet = Discovery;

    const SPEC: Spec = Spec {
        id: "detect/enable_discovery",
        title: "Turn on the automated discovery of sensitive data",
        triggers: &[
            Trigger::control("Macie.2"),
            Trigger::config_rule("MACIE_AUTO_SENSITIVE_DATA_DISCOVERY_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, because it costs; it is not turned on for accounts of the organisation that it was not for.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, discovery: &Discovery, case: &Case<'_>) -> Plan<Swap<DiscoverySetting>> {
        if !discovery.macie {
            return Plan::by_hand(
                "automated discovery off",
                "Macie is off, and that is asked for by a control of its own",
                [format!(
                    "aws macie2 enable-macie --region {} --status ENABLED",
                    case.signal.place.region
                )],
            );
        }
        let setting = |on| DiscoverySetting { on, members: discovery.members.clone() };
        let plan: Plan<_> = Swap::of(setting(discovery.on), setting(true)).into_iter().collect();
        plan.asking("Macie is paid by the bucket, and by what it looks at in them")
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet as _,
        check::{check, now, signal},
    };

    use super::*;
    use crate::detect::DiscoveryId;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    #[test]
    fn it_is_turned_on_for_nobody_else_if_a_person_agrees() {
        let off = Discovery { macie: true, on: false, members: Some("NONE".into()) };
        let expected = ["set automated discovery on (it is automated discovery off)"];
        check(&EnableDiscovery, &off, &signal(ACCOUNT), &expected);
        let plan = EnableDiscovery.plan(&off, &Case { signal: &signal(ACCOUNT), now: now() });
        assert!(plan.ask.is_some());
        let commands = Discovery::commands(
            &signal(ACCOUNT).place,
            &DiscoveryId("111122223333".into()),
            &plan.changes,
        );
        assert_eq!(
            commands,
            [
                "aws macie2 update-automated-discovery-configuration --region eu-west-1 --status ENABLED \
              --auto-enable-organization-members NONE"
            ]
        );
        check(&EnableDiscovery, &Discovery { on: true, ..off }, &signal(ACCOUNT), &[]);
    }

    #[test]
    fn where_macie_is_off_a_person_is_told() {
        check(&EnableDiscovery, &Discovery::default(), &signal(ACCOUNT), &[]);
        let plan = EnableDiscovery
            .plan(&Discovery::default(), &Case { signal: &signal(ACCOUNT), now: now() });
        assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 1));
    }
}
