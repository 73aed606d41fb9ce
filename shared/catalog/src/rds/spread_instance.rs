//! Gives a database instance a standby in another Availability Zone, in its next maintenance window.
//!
//! Members of clusters are left alone: there it is the members that stand in several zones.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbInstance, DbInstanceSetting, Switch, Value};

/// See the [module](self).
#[derive(Debug)]
pub struct SpreadInstance;

impl Remediation for SpreadInstance {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/spread_instance",
        title: "Give a database instance a standby in another Availability Zone",
        triggers: &[Trigger::control("RDS.5"), Trigger::config_rule("RDS_MULTI_AZ_SUPPORT")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked, since the standby costs as much again; it is made in the maintenance window and not at once.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        if instance.cluster.is_some() {
            return Plan::none();
        }
        instance.set([Value::Switch(Switch::Standby, true)], case).asking(
            "the standby costs as much as the instance; it is made in the maintenance window",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    #[test]
    fn a_single_instance_gets_a_standby_once_a_person_agrees() {
        let single = DbInstance::default();
        let expected = ["set standby in another zone on (it is standby in another zone off)"];
        check(&SpreadInstance, &single, &signal(WEB), &expected);
        let plan = SpreadInstance.plan(&single, &Case { signal: &signal(WEB), now: now() });
        assert!(plan.ask.is_some_and(|why| why.contains("costs")));
    }

    #[test]
    fn one_that_has_a_standby_or_is_a_clusters_is_left_alone() {
        for instance in [
            DbInstance { setup: [Switch::Standby].into(), ..DbInstance::default() },
            DbInstance { cluster: Some("main".into()), ..DbInstance::default() },
        ] {
            check(&SpreadInstance, &instance, &signal(WEB), &[]);
        }
    }
}
