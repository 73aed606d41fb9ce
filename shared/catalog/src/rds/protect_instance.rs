//! Keeps a database instance from being deleted by mistake.
//!
//! A member of a cluster is left alone: there the cluster's own protection counts.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbInstance, DbInstanceSetting, Switch, Value};

/// See the [module](self).
#[derive(Debug)]
pub struct ProtectInstance;

impl Remediation for ProtectInstance {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/protect_instance",
        title: "Turn on deletion protection of a database instance",
        triggers: &[
            Trigger::control("RDS.8"),
            Trigger::config_rule("RDS_INSTANCE_DELETION_PROTECTION_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A member of a cluster is left to the protection of its cluster, and changes that wait for the maintenance window are not applied with it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        if instance.cluster.is_some() {
            return Plan::none();
        }
        instance.set([Value::Switch(Switch::DeletionProtection, true)], case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    #[test]
    fn an_instance_that_anybody_can_delete_is_protected() {
        let expected = ["set deletion protection on (it is deletion protection off)"];
        check(&ProtectInstance, &DbInstance::default(), &signal(WEB), &expected);
    }

    #[test]
    fn one_that_is_protected_or_is_its_clusters_is_left_alone() {
        for instance in [
            DbInstance { setup: [Switch::DeletionProtection].into(), ..DbInstance::default() },
            DbInstance { cluster: Some("main".into()), ..DbInstance::default() },
        ] {
            check(&ProtectInstance, &instance, &signal(WEB), &[]);
            assert!(hand(&ProtectInstance, &instance, &signal(WEB)).0.is_empty());
        }
    }

    #[test]
    fn one_that_is_stopped_is_started_by_a_person() {
        let stopped = DbInstance { status: "stopped".into(), ..DbInstance::default() };
        check(&ProtectInstance, &stopped, &signal(WEB), &[]);
        let (what, commands) = hand(&ProtectInstance, &stopped, &signal(WEB));
        assert_eq!(
            what,
            "deletion protection off: it is stopped, and RDS changes only what is available"
        );
        assert_eq!(
            commands,
            [
                "aws rds start-db-instance --region eu-west-1 --db-instance-identifier web",
                "aws rds wait db-instance-available --region eu-west-1 --db-instance-identifier web",
                "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier web --deletion-protection",
            ]
        );
    }
}
