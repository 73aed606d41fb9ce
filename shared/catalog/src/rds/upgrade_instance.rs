//! Lets RDS install minor versions on a database instance by itself, in its maintenance window.
//!
//! RDS Custom cannot, and is left alone. A Multi-AZ cluster decides it for its members: there a person types
//! the command.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbInstance, DbInstanceSetting, Switch, Value, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct UpgradeInstance;

impl Remediation for UpgradeInstance {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/upgrade_instance",
        title: "Turn on automatic minor upgrades of a database instance",
        triggers: &[
            Trigger::control("RDS.13"),
            Trigger::config_rule("RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Nothing is upgraded at once: the database restarts in its maintenance window when there is a new version.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        if engine::is_custom(&instance.engine) {
            return Plan::none();
        }
        instance.set([Value::Switch(Switch::MinorUpgrades, true)], case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn of(engine: &str, cluster: Option<&str>) -> DbInstance {
        let cluster = cluster.map(Into::into);
        DbInstance { engine: engine.into(), cluster, ..DbInstance::default() }
    }

    #[test]
    fn an_instance_is_upgraded_also_in_aurora_where_each_has_its_own_say() {
        let expected = ["set automatic minor upgrades on (it is automatic minor upgrades off)"];
        check(&UpgradeInstance, &of("mysql", None), &signal(WEB), &expected);
        check(&UpgradeInstance, &of("aurora-mysql", Some("main")), &signal(WEB), &expected);
    }

    #[test]
    fn one_that_is_or_that_cannot_be_is_left_alone() {
        let done = DbInstance { setup: [Switch::MinorUpgrades].into(), ..of("mysql", None) };
        check(&UpgradeInstance, &done, &signal(WEB), &[]);
        check(&UpgradeInstance, &of("custom-oracle-ee", None), &signal(WEB), &[]);
    }

    #[test]
    fn a_multi_az_cluster_is_told_by_hand() {
        let member = of("postgres", Some("main"));
        check(&UpgradeInstance, &member, &signal(WEB), &[]);
        assert_eq!(
            hand(&UpgradeInstance, &member, &signal(WEB)).1,
            ["aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier main \
              --auto-minor-version-upgrade"]
        );
    }
}
