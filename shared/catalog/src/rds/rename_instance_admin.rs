//! Reports a database instance whose administrator has the name that everybody tries first. A member of a
//! cluster has that of its cluster, and is left alone.
//!
//! The name is given when it is made, and a snapshot brings it back: only moving the data to a new one
//! changes it.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{DbInstance, DbInstanceId, DbInstanceSetting, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct RenameInstanceAdmin;

impl Remediation for RenameInstanceAdmin {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/rename_instance_admin",
        title: "Report a database instance whose administrator has the usual name",
        triggers: &[
            Trigger::control("RDS.25"),
            Trigger::config_rule("RDS_INSTANCE_DEFAULT_ADMIN_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is made, moved or deleted: the way to another name is left to a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        let usual = engine::default_admin(&instance.engine) == Some(instance.admin.as_str());
        if !usual || instance.cluster.is_some() {
            return Plan::none();
        }
        let make = |id: DbInstanceId| {
            format!(
                "aws rds create-db-instance --region {} --db-instance-identifier {} --engine {} \
 --master-username NAME \
                 --manage-master-user-password --storage-encrypted \
 --allocated-storage SIZE --db-instance-class CLASS",
                case.signal.place.region,
                quoted(&format!("{id}-new")),
                quoted(&instance.engine)
            )
        };
        Plan::by_hand(
            format!("its administrator has the usual name {}", instance.admin),
            "that name is given when it is made, and a snapshot brings it back: make a new one, \
             move the data over, and delete this one",
            DbInstanceId::locate(&case.signal.resource).map(make),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn of(engine: &str, admin: &str) -> DbInstance {
        DbInstance { engine: engine.into(), admin: admin.into(), ..DbInstance::default() }
    }

    #[test]
    fn the_usual_name_is_reported_by_engine() {
        for usual in [of("aurora-mysql", "admin"), of("postgres", "postgres")] {
            check(&RenameInstanceAdmin, &usual, &signal(WEB), &[]);
            let (what, commands) = hand(&RenameInstanceAdmin, &usual, &signal(WEB));
            assert!(what.starts_with("its administrator has the usual name"), "{what}");
            assert_eq!(commands.len(), 1);
        }
    }

    #[test]
    fn another_name_is_right_and_so_is_a_clusters() {
        let member = DbInstance { cluster: Some("main".into()), ..of("postgres", "postgres") };
        assert!(hand(&RenameInstanceAdmin, &member, &signal(WEB)).0.is_empty());
        for other in [of("postgres", "ada"), of("postgres", "admin"), of("neptune", "admin")] {
            assert!(hand(&RenameInstanceAdmin, &other, &signal(WEB)).0.is_empty());
        }
    }
}
