//! Lets people log in to a database instance with credentials of IAM, beside those they have.
//!
//! Nobody's password stops working by that: a user of the database logs in with IAM once that is granted to
//! it there. It is applied in the maintenance window, without an interruption. Engines that cannot do it are
//! left alone.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbInstance, DbInstanceSetting, Switch, Value};

/// See the [module](self).
#[derive(Debug)]
pub struct AllowInstanceIam;

impl Remediation for AllowInstanceIam {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/allow_instance_iam",
        title: "Turn on IAM authentication of a database instance",
        triggers: &[
            Trigger::control("RDS.10"),
            Trigger::config_rule("RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "It is left for the maintenance window, since applying it at once would apply whatever else waits there.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        match instance.engine.as_str() {
            "mariadb" | "mysql" | "postgres" | "aurora" | "aurora-mysql" | "aurora-postgresql" => {
                instance.set([Value::Switch(Switch::IamAuthentication, true)], case)
            }
            _ => Plan::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn of(engine: &str) -> DbInstance {
        DbInstance { engine: engine.into(), ..DbInstance::default() }
    }

    #[test]
    fn an_engine_that_can_do_it_is_told_to() {
        let expected = ["set IAM authentication on (it is IAM authentication off)"];
        for engine in ["mariadb", "mysql", "postgres"] {
            check(&AllowInstanceIam, &of(engine), &signal(WEB), &expected);
        }
    }

    #[test]
    fn one_that_does_it_or_cannot_is_left_alone() {
        let done = DbInstance { setup: [Switch::IamAuthentication].into(), ..of("mysql") };
        for instance in [done, of("oracle-ee"), of("sqlserver-se"), of("neptune")] {
            check(&AllowInstanceIam, &instance, &signal(WEB), &[]);
        }
    }

    #[test]
    fn for_a_member_the_cluster_is_told_by_hand() {
        let member = DbInstance { cluster: Some("main".into()), ..of("aurora-mysql") };
        check(&AllowInstanceIam, &member, &signal(WEB), &[]);
        assert_eq!(
            hand(&AllowInstanceIam, &member, &signal(WEB)).1,
            ["aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier main \
              --enable-iam-database-authentication"]
        );
    }
}
