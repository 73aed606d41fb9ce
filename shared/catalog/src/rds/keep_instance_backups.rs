//! Keeps the automatic backups of a database instance for as long as the control asks: a week, if it does not
//! say.
//!
//! Where backups are off, turning them on stops the database for a while: a person is asked, and it happens
//! in the maintenance window. Read replicas are left alone, as the control does. What AWS Backup looks after
//! is left to its plan.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbInstance, DbInstanceSetting, Value, asked};

/// See the [module](self).
#[derive(Debug)]
pub struct KeepInstanceBackups;

impl Remediation for KeepInstanceBackups {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/keep_instance_backups",
        title: "Keep the backups of a database instance for a week or longer",
        triggers: &[Trigger::control("RDS.11"), Trigger::config_rule("DB_INSTANCE_BACKUP_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Partly(
            "backups that were off stay on: turning them off would delete what they hold",
        ),
        care: "Longer retention is kept, and the one that Security Hub passes is honoured; backups that are off are turned on only after a person agreed, in the maintenance window.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        let days = asked::backup_days(case.signal, "backupRetentionMinimum");
        if instance.source.is_some() || instance.setup.backup_days >= days {
            return Plan::none();
        }
        if instance.in_aws_backup {
            return Plan::by_hand(
                Value::BackupDays(instance.setup.backup_days).to_string(),
                "AWS Backup keeps its backups: the plan there decides for how long",
                [],
            );
        }
        let plan = instance.set([Value::BackupDays(days)], case);
        match instance.setup.backup_days {
            0 => plan.asking(
"the database stops for a while when backups are turned on, in the maintenance window",
),
            _ => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::{
        super::{Setup, tests::hand},
        *,
    };

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn keeps(days: u32) -> DbInstance {
        let setup = Setup { backup_days: days, ..Setup::default() };
        DbInstance { engine: "mysql".into(), setup, ..DbInstance::default() }
    }

    fn asks(instance: &DbInstance) -> bool {
        let case = Case { signal: &signal(WEB), now: now() };
        KeepInstanceBackups.plan(instance, &case).ask.is_some()
    }

    #[test]
    fn a_short_retention_becomes_a_week() {
        let expected = ["set backup retention 7 days (it is backup retention 1 day)"];
        check(&KeepInstanceBackups, &keeps(1), &signal(WEB), &expected);
        assert!(!asks(&keeps(1)));
    }

    #[test]
    fn a_person_is_asked_where_there_are_none_and_they_do_not_go_away_again() {
        let expected = ["set backup retention 7 days (it is backup retention 0 days)"];
        check(&KeepInstanceBackups, &keeps(0), &signal(WEB), &expected);
        assert!(asks(&keeps(0)));
        let case = Case { signal: &signal(WEB), now: now() };
        assert_eq!(KeepInstanceBackups.plan(&keeps(0), &case).inverse(), None);
    }

    #[test]
    fn longer_ones_stay_and_the_controls_own_number_counts() {
        check(&KeepInstanceBackups, &keeps(30), &signal(WEB), &[]);
        let given = |days: &str| Signal {
            parameters: [("backupRetentionMinimum".into(), vec![days.into()])].into(),
            ..signal(WEB)
        };
        let expected = ["set backup retention 14 days (it is backup retention 7 days)"];
        check(&KeepInstanceBackups, &keeps(7), &given("14"), &expected);
        check(&KeepInstanceBackups, &keeps(7), &given("soon"), &[]);
    }

    #[test]
    fn a_replica_is_left_alone_and_aws_backup_is_asked() {
        let replica = DbInstance { source: Some("main".into()), ..keeps(0) };
        check(&KeepInstanceBackups, &replica, &signal(WEB), &[]);
        let elsewhere = DbInstance { in_aws_backup: true, ..keeps(1) };
        check(&KeepInstanceBackups, &elsewhere, &signal(WEB), &[]);
        let (what, _) = hand(&KeepInstanceBackups, &elsewhere, &signal(WEB));
        assert_eq!(
            what,
            "backup retention 1 day: AWS Backup keeps its backups: the plan there decides for how long"
        );
    }
}
