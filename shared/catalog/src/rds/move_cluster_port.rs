//! Reports a database cluster that listens at its engine's usual port, with the command that moves it.
//!
//! Moving it restarts it and cuts off every client that is not told, so a person does that.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbCluster, DbClusterId, DbClusterSetting, asked, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct MoveClusterPort;

impl Remediation for MoveClusterPort {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/move_cluster_port",
        title: "Report a database cluster at its usual port",
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
        asked::calls(&Self::SPEC, signal) && asked::is_about::<DbClusterId>(signal)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        let port = engine::default_port(&cluster.engine).filter(|port| cluster.port == Some(*port));
        let Some(port) = port else { return Plan::none() };
        let command = |id: DbClusterId| {
            format!(
                "aws rds modify-db-cluster --region {} --db-cluster-identifier {} --port {}",
                case.signal.place.region,
                id.in_command(&case.signal.place),
                engine::other_port(port)
            )
        };
        Plan::by_hand(
            format!("it listens at {port}, where everybody looks for its engine"),
            "another port restarts it, and every client and security group must know of it first",
            DbClusterId::locate(&case.signal.resource).map(command),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    #[test]
    fn the_way_to_another_port_is_left_to_a_person() {
        let usual =
            DbCluster { engine: "neptune".into(), port: Some(8182), ..DbCluster::default() };
        check(&MoveClusterPort, &usual, &signal(MAIN), &[]);
        let (what, commands) = hand(&MoveClusterPort, &usual, &signal(MAIN));
        assert!(what.starts_with("it listens at 8182"), "{what}");
        assert!(commands[0].ends_with("--port 18182"), "{commands:?}");
    }

    #[test]
    fn another_port_or_none_yet_is_right() {
        for port in [Some(6_000), None] {
            let other = DbCluster { engine: "neptune".into(), port, ..DbCluster::default() };
            assert!(hand(&MoveClusterPort, &other, &signal(MAIN)).0.is_empty());
        }
    }

    #[test]
    fn the_other_kind_is_not_its_business() {
        let called =
            |resource: &str| Signal { trigger: Trigger::control("RDS.23"), ..signal(resource) };
        assert!(MoveClusterPort.answers(&called(MAIN)));
        assert!(!MoveClusterPort.answers(&called("arn:aws:rds:eu-west-1:111122223333:db:web")));
    }
}
