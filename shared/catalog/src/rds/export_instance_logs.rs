//! Sends the logs of a database instance to `CloudWatch`: those that the control asks for, beside those that
//! go there already.
//!
//! What an engine does not write by itself, such as the audit log of `MySQL`, is only sent once a parameter
//! or option group makes it write it. A member of a cluster sends what its cluster is set to: that is left to
//! a person, with the command.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbInstance, DbInstanceSetting, Value, asked, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct ExportInstanceLogs;

impl Remediation for ExportInstanceLogs {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/export_instance_logs",
        title: "Send the logs of a database instance to CloudWatch",
        triggers: &[
            Trigger::control("RDS.9"),
            Trigger::control("RDS.36"),
            Trigger::control("RDS.40"),
            Trigger::control("RDS.42"),
            Trigger::config_rule("RDS_LOGGING_ENABLED"),
            Trigger::config_rule("RDS_POSTGRESQL_LOGS_TO_CLOUDWATCH"),
            Trigger::config_rule("RDS_SQL_SERVER_LOGS_TO_CLOUDWATCH"),
            Trigger::config_rule("MARIADB_PUBLISH_LOGS_TO_CLOUDWATCH_LOGS"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only what is missing is added, and only what the engine has; the log types that Security Hub passes are honoured.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        let logs = engine::instance_logs(&instance.engine);
        let wanted = wanted(case.signal);
        let is_wanted = |log: &&&str| wanted.as_ref().is_none_or(|wanted| wanted.contains(*log));
        let missing = logs.iter().filter(is_wanted).map(|log| Value::Log((*log).into(), true));
        instance.set(missing, case)
    }
}

/// The logs that are asked for; none: all that there are.
fn wanted(signal: &Signal) -> Option<Vec<&str>> {
    asked::list(signal, "logTypes").filter(|given| !given.is_empty()).or_else(|| {
        let by_default: [(&str, &str, &[&str]); 3] = [
            ("RDS.36", "RDS_POSTGRESQL_LOGS_TO_CLOUDWATCH", &["postgresql"]),
            ("RDS.40", "RDS_SQL_SERVER_LOGS_TO_CLOUDWATCH", &["agent", "error"]),
            ("RDS.42", "MARIADB_PUBLISH_LOGS_TO_CLOUDWATCH_LOGS", &["audit", "error"]),
        ];
        let name = signal.trigger.name();
        let is_it = |id: &str| id.eq_ignore_ascii_case(name);
        let found = by_default.iter().find(|(control, rule, _)| is_it(control) || is_it(rule));
        found.map(|(_, _, logs)| logs.to_vec())
    })
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn sends(engine: &str, logs: &[&str]) -> DbInstance {
        let mut instance = DbInstance { engine: engine.into(), ..DbInstance::default() };
        instance.setup.logs = logs.iter().map(|log| (*log).into()).collect();
        instance
    }

    fn control(id: &'static str, logs: &[&str]) -> Signal {
        let given = logs.iter().map(|log| (*log).into()).collect::<Vec<_>>();
        let parameters = match given.is_empty() {
            true => [].into(),
            false => [("logTypes".into(), given)].into(),
        };
        Signal { trigger: Trigger::control(id), parameters, ..signal(WEB) }
    }

    #[track_caller]
    fn adds(instance: &DbInstance, signal: &Signal, logs: &[&str]) {
        let line = |log: &&str| {
            format!("set export of the {log} log on (it is export of the {log} log off)")
        };
        let lines: Vec<_> = logs.iter().map(line).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        check(&ExportInstanceLogs, instance, signal, &lines);
    }

    #[test]
    fn what_is_missing_is_added_as_the_engine_has_it() {
        let all = control("RDS.9", &[]);
        adds(&sends("postgres", &[]), &all, &["postgresql", "upgrade"]);
        adds(&sends("postgres", &["upgrade", "iam-db-auth-error"]), &all, &["postgresql"]);
        adds(&sends("mysql", &["error"]), &all, &["audit", "general", "slowquery"]);
        adds(&sends("sqlserver-ex", &[]), &all, &["error"]);
        adds(&sends("oracle-ee", &["alert", "audit", "listener", "trace"]), &all, &[]);
        adds(&sends("custom-oracle-ee", &[]), &all, &[]);
    }

    #[test]
    fn a_control_of_one_engine_asks_for_less() {
        adds(&sends("postgres", &[]), &control("rds.36", &[]), &["postgresql"]);
        adds(&sends("sqlserver-se", &["error"]), &control("RDS.40", &[]), &["agent"]);
        adds(&sends("mariadb", &[]), &control("RDS.42", &[]), &["audit", "error"]);
        adds(&sends("mariadb", &[]), &control("RDS.42", &["slowquery", "what"]), &["slowquery"]);
        adds(&sends("mariadb", &[]), &control("RDS.42", &[" "]), &["audit", "error"]);
    }

    #[test]
    fn a_member_sends_what_its_cluster_says() {
        let member = DbInstance { cluster: Some("main".into()), ..sends("aurora-postgresql", &[]) };
        adds(&member, &control("RDS.9", &[]), &[]);
        let (what, commands) = hand(&ExportInstanceLogs, &member, &control("RDS.9", &[]));
        assert_eq!(
            what,
            "export of the postgresql log off: it is a member of cluster main, which decides that"
        );
        assert_eq!(
            commands,
            [
                r#"aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier main --cloudwatch-logs-export-configuration '{"EnableLogTypes":["postgresql"]}'"#
            ]
        );
    }
}
