//! Has RDS look at the operating system under a database instance once a minute, or as often as the control
//! asks.
//!
//! RDS writes down what it sees as a role. One that the instance has is kept; else it is the one that the
//! operator names. Where there is none, making one is left to a person, with the commands.

use remedy::{
    Case, Facet, Id, Parameter, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Swap,
    Trigger, Undo, Wrong, quoted,
};

use super::{DbInstance, DbInstanceId, DbInstanceSetting, Monitoring, Value, asked};

/// See the [module](self).
#[derive(Debug)]
pub struct MonitorInstance {
    /// The name of the role, path included; none: nobody named one.
    role: Option<String>,
}

const ROLE: Parameter = Parameter {
    name: "RdsMonitoringRole",
    default: "",
    allowed: "the name of an IAM role, with its path if it has one, such as rds-monitoring-role",
    about: "the role as which RDS writes down enhanced monitoring (RDS.6), of this name in every account; \
            empty: that is left to people",
};

impl Remediation for MonitorInstance {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/monitor_instance",
        title: "Turn on enhanced monitoring of a database instance",
        triggers: &[
            Trigger::control("RDS.6"),
            Trigger::config_rule("RDS_ENHANCED_MONITORING_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[ROLE],
        undo: Undo::Yes,
        care: "A shorter interval and a role that are there are kept; the interval that Security Hub passes is honoured.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        settings.read(&ROLE, |given| match given {
            "" => Some(Self { role: None }),
            name if is_role(name) => Some(Self { role: Some(name.into()) }),
            _ => None,
        })
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        let seconds = asked::number(case.signal, "monitoringInterval", 1..=60)
            .filter(|seconds| [1, 5, 10, 15, 30, 60].contains(seconds))
            .unwrap_or(60);
        if matches!(instance.engine.as_str(), "neptune" | "docdb") {
            return Plan::none();
        }
        let place = &case.signal.place;
        let role = match &instance.setup.monitoring {
            Some(Monitoring { seconds: is, .. }) if *is <= seconds => return Plan::none(),
            Some(Monitoring { role, .. }) => Some(role.clone()),
            None => self.role.as_deref().map(|name| arn(place, name)),
        };
        let set =
            |role| instance.set([Value::Monitoring(Some(Monitoring { seconds, role }))], case);
        if let Some(role) = role {
            return set(role);
        }
        let plan = set(arn(place, USUAL));
        let mut commands = make_role(place);
        if let Some(id) = DbInstanceId::locate(&case.signal.resource) {
            commands.extend(DbInstance::commands(place, &id, &plan.changes));
        }
        commands.extend(plan.by_hand);
        Plan::by_hand(
            "enhanced monitoring off",
            "no role is named for it: make one, and name it in parameter RdsMonitoringRole",
            commands,
        )
    }
}

/// As the console calls it.
const USUAL: &str = "rds-monitoring-role";

fn arn(Place { partition, account, .. }: &Place, role: &str) -> String {
    format!("arn:{partition}:iam::{account}:role/{role}")
}

/// Whether it is a role's name, with a path before it or without.
fn is_role(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b);
    name.len() <= 512 && name.split('/').all(|part| !part.is_empty() && part.bytes().all(letter))
}

/// The commands that make the role.
fn make_role(Place { partition, .. }: &Place) -> Vec<String> {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"monitoring.rds.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    vec![
        format!(
            "aws iam create-role --role-name {USUAL} --assume-role-policy-document {}",
            quoted(trust)
        ),
        format!(
            "aws iam attach-role-policy --role-name {USUAL} --policy-arn \
             arn:{partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, signal},
    };

    use super::{
        super::{Setup, tests::hand},
        *,
    };

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn named(role: &str) -> MonitorInstance {
        MonitorInstance::configured(&Settings::from_iter([("RDS_MONITORING_ROLE", role)])).unwrap()
    }

    fn every(seconds: u32) -> DbInstance {
        let role = "arn:aws:iam::111122223333:role/own".into();
        let monitoring = Some(Monitoring { seconds, role });
        DbInstance { setup: Setup { monitoring, ..Setup::default() }, ..DbInstance::default() }
    }

    fn given(seconds: &str) -> Signal {
        Signal {
            parameters: [("monitoringInterval".into(), vec![seconds.into()])].into(),
            ..signal(WEB)
        }
    }

    #[test]
    fn it_is_looked_at_as_the_role_that_is_named() {
        check(
            &named("ops/rds"),
            &DbInstance::default(),
            &signal(WEB),
            &["set enhanced monitoring every 60 s as arn:aws:iam::111122223333:role/ops/rds \
               (it is enhanced monitoring off)"],
        );
    }

    #[test]
    fn a_shorter_interval_and_its_role_stay() {
        check(&named("rds"), &every(15), &signal(WEB), &[]);
        check(&named("rds"), &every(15), &given("30"), &[]);
        check(&named("rds"), &every(60), &given("7"), &[]);
        check(
            &named(""),
            &every(60),
            &given("5"),
            &["set enhanced monitoring every 5 s as arn:aws:iam::111122223333:role/own \
               (it is enhanced monitoring every 60 s as arn:aws:iam::111122223333:role/own)"],
        );
    }

    #[test]
    fn without_a_role_it_is_left_to_a_person() {
        let off = DbInstance { engine: "mysql".into(), ..DbInstance::default() };
        check(&named(""), &off, &signal(WEB), &[]);
        let (what, commands) = hand(&named(""), &off, &signal(WEB));
        assert!(what.contains("no role is named for it"), "{what}");
        assert!(commands[0].starts_with("aws iam create-role --role-name rds-monitoring-role"));
        assert_eq!(
            commands[2],
            "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier web \
             --monitoring-interval 60 \
             --monitoring-role-arn arn:aws:iam::111122223333:role/rds-monitoring-role"
        );
    }

    #[test]
    fn a_multi_az_cluster_and_other_services_are_not_told() {
        let member = DbInstance {
            engine: "mysql".into(),
            cluster: Some("main".into()),
            ..DbInstance::default()
        };
        check(&named("rds"), &member, &signal(WEB), &[]);
        assert!(hand(&named("rds"), &member, &signal(WEB)).0.contains("member of cluster main"));
        let neptune = DbInstance { engine: "neptune".into(), ..DbInstance::default() };
        assert!(hand(&named("rds"), &neptune, &signal(WEB)).0.is_empty());
    }

    #[test]
    fn a_role_is_named_and_not_described() {
        for wrong in ["arn:aws:iam::111122223333:role/rds", "/rds", "rds/", "a b"] {
            let settings = Settings::from_iter([("RDS_MONITORING_ROLE", wrong)]);
            assert!(MonitorInstance::configured(&settings).is_err(), "{wrong}");
        }
    }
}
