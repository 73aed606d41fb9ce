//! Reports a database instance that takes connections without encryption, with the commands that make it
//! refuse them.
//!
//! Its parameter group says so, which other instances may have too, and every client that does not encrypt is
//! cut off: a person does that.

use remedy::{
    Case, Id, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{DbInstanceId, DbInstanceTransit};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptConnections;

impl Remediation for EncryptConnections {
    type Facet = DbInstanceTransit;

    const SPEC: Spec = Spec {
        id: "rds/encrypt_connections",
        title: "Report a database instance that takes connections without encryption",
        triggers: &[
            Trigger::control("RDS.38"),
            Trigger::control("RDS.39"),
            Trigger::control("RDS.41"),
            Trigger::control("RDS.44"),
            Trigger::config_rule("RDS_POSTGRES_INSTANCE_ENCRYPTED_IN_TRANSIT"),
            Trigger::config_rule("RDS_MYSQL_INSTANCE_ENCRYPTED_IN_TRANSIT"),
            Trigger::config_rule("RDS_SQLSERVER_ENCRYPTED_IN_TRANSIT"),
            Trigger::config_rule("RDS_MARIADB_INSTANCE_ENCRYPTED_IN_TRANSIT"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No parameter group is changed: others may share it, and clients that do not encrypt would be cut off.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstanceTransit, case: &Case<'_>) -> Plan<Never> {
        let parameter = DbInstanceTransit::parameter(&instance.engine);
        let (Some(parameter), Some(false), None) =
            (parameter, instance.requires_tls, &instance.cluster)
        else {
            return Plan::none();
        };
        let id = DbInstanceId::locate(&case.signal.resource);
        Plan::by_hand(
            format!("{parameter} is off in parameter group {}", instance.group),
            "clients that do not encrypt are cut off, of every instance with that parameter group",
            id.map(|id| steps(&id, instance, parameter, case)).unwrap_or_default(),
        )
    }
}

/// The commands; parameter groups of AWS's own cannot be changed.
fn steps(
    id: &DbInstanceId,
    instance: &DbInstanceTransit,
    parameter: &str,
    case: &Case<'_>,
) -> Vec<String> {
    let region = &case.signal.place.region;
    let own = !instance.group.starts_with("default.");
    let group = if own { quoted(&instance.group) } else { quoted(&format!("{id}-tls")) };
    let change = format!(
        "aws rds modify-db-parameter-group --region {region} --db-parameter-group-name {group} \
         --parameters ParameterName={parameter},ParameterValue=1,ApplyMethod=pending-reboot"
    );
    let reboot = format!(
        "aws rds reboot-db-instance --region {region} --db-instance-identifier {}",
        id.in_command(&case.signal.place)
    );
    if own {
        return vec![change, reboot];
    }
    let family = instance.group.trim_start_matches("default.");
    vec![
        format!(
            "aws rds create-db-parameter-group --region {region} --db-parameter-group-name {group} \
             --db-parameter-group-family {} --description 'Encrypted connections only'",
            quoted(family)
        ),
        change,
        format!(
            "aws rds modify-db-instance --region {region} --db-instance-identifier {} \
             --db-parameter-group-name {group}",
            id.in_command(&case.signal.place)
        ),
        reboot,
    ]
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn takes(engine: &str, group: &str, requires_tls: Option<bool>) -> DbInstanceTransit {
        DbInstanceTransit {
            engine: engine.into(),
            group: group.into(),
            requires_tls,
            ..DbInstanceTransit::default()
        }
    }

    #[test]
    fn the_parameter_is_left_to_a_person() {
        let open = takes("mysql", "ours", Some(false));
        check(&EncryptConnections, &open, &signal(WEB), &[]);
        let (what, commands) = hand(&EncryptConnections, &open, &signal(WEB));
        assert!(
            what.starts_with("require_secure_transport is off in parameter group ours"),
            "{what}"
        );
        assert_eq!(
            commands[0],
            "aws rds modify-db-parameter-group --region eu-west-1 --db-parameter-group-name ours \
             --parameters ParameterName=require_secure_transport,ParameterValue=1,ApplyMethod=pending-reboot"
        );
    }

    #[test]
    fn a_group_of_awss_own_is_replaced_by_another() {
        let open = takes("postgres", "default.postgres14", Some(false));
        let (_, commands) = hand(&EncryptConnections, &open, &signal(WEB));
        assert!(commands[0].contains("--db-parameter-group-name web-tls"), "{commands:?}");
        assert!(commands[0].contains("--db-parameter-group-family postgres14"), "{commands:?}");
        assert_eq!(commands.len(), 4);
    }

    #[test]
    fn one_that_wants_it_cannot_or_is_a_clusters_is_left_alone() {
        for instance in [
            takes("postgres", "ours", Some(true)),
            takes("mariadb", "old", None),
            takes("oracle-ee", "ours", None),
            DbInstanceTransit {
                cluster: Some("main".into()),
                ..takes("mysql", "ours", Some(false))
            },
        ] {
            check(&EncryptConnections, &instance, &signal(WEB), &[]);
            assert!(hand(&EncryptConnections, &instance, &signal(WEB)).0.is_empty());
        }
    }
}
