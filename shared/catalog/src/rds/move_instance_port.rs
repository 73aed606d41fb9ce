//! Reports a database instance that listens at its engine's usual port, with the command that moves it. A
//! member of a cluster listens where that does, and is left alone.
//!
//! Moving it restarts it and cuts off every client that is not told, so a person does that.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbClusterId, DbInstance, DbInstanceId, DbInstanceSetting, asked, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct MoveInstancePort;

impl Remediation for MoveInstancePort {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/move_instance_port",
        title: "Report a database instance at its usual port",
        triggers: &[Trigger::control("RDS.23")],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is restarted and no client is cut off: the command is left to a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn answers(&self, signal: &Signal) -> bool {
        asked::calls(&Self::SPEC, signal) && !asked::is_about::<DbClusterId>(signal)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        let port =
            engine::default_port(&instance.engine).filter(|port| instance.port == Some(*port));
        let (Some(port), None) = (port, &instance.cluster) else { return Plan::none() };
        let command = |id: DbInstanceId| {
            format!(
                "aws rds modify-db-instance --region {} --db-instance-identifier {} \
                 --db-port-number {}",
                case.signal.place.region,
                id.in_command(&case.signal.place),
                engine::other_port(port)
            )
        };
        Plan::by_hand(
            format!("it listens at {port}, where everybody looks for its engine"),
            "another port restarts it, and every client and security group must know of it first",
            DbInstanceId::locate(&case.signal.resource).map(command),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    #[test]
    fn the_way_to_another_port_is_left_to_a_person() {
        let usual =
            DbInstance { engine: "mysql".into(), port: Some(3306), ..DbInstance::default() };
        check(&MoveInstancePort, &usual, &signal(WEB), &[]);
        let (what, commands) = hand(&MoveInstancePort, &usual, &signal(WEB));
        assert!(what.starts_with("it listens at 3306"), "{what}");
        assert!(commands[0].ends_with("--db-port-number 13306"), "{commands:?}");
    }

    #[test]
    fn another_port_or_none_yet_is_right() {
        for port in [Some(6_000), None] {
            let other = DbInstance { engine: "mysql".into(), port, ..DbInstance::default() };
            assert!(hand(&MoveInstancePort, &other, &signal(WEB)).0.is_empty());
        }
    }

    #[test]
    fn a_member_listens_where_its_cluster_does() {
        let member = DbInstance {
            engine: "aurora-mysql".into(),
            cluster: Some("main".into()),
            port: Some(3306),
            ..DbInstance::default()
        };
        assert!(hand(&MoveInstancePort, &member, &signal(WEB)).0.is_empty());
    }

    #[test]
    fn the_other_kind_is_not_its_business() {
        let called =
            |resource: &str| Signal { trigger: Trigger::control("RDS.23"), ..signal(resource) };
        assert!(MoveInstancePort.answers(&called(WEB)));
        assert!(
            !MoveInstancePort.answers(&called("arn:aws:rds:eu-west-1:111122223333:cluster:main"))
        );
    }
}
