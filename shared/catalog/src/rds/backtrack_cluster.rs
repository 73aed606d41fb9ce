//! Reports an Aurora `MySQL` cluster that cannot be wound back, with the command that makes a copy of it that
//! can.
//!
//! Backtracking is chosen when a cluster is made, or never. One that has it for a shorter time than the
//! control asks for keeps it: the longer window costs, and a person says so.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo,
    Wrong, quoted,
};

use super::{DbCluster, DbClusterId, DbClusterSetting, asked};

/// See the [module](self).
#[derive(Debug)]
pub struct BacktrackCluster;

impl Remediation for BacktrackCluster {
    type Facet = DbCluster;

    const SPEC: Spec = Spec {
        id: "rds/backtrack_cluster",
        title: "Report an Aurora cluster that cannot be wound back",
        triggers: &[
            Trigger::control("RDS.14"),
            Trigger::config_rule("AURORA_MYSQL_BACKTRACKING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No clone is made unasked; the time that Security Hub passes is honoured.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &DbCluster, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        let wanted = hours(case.signal).map_or(DAY, |hours| hours * 3_600);
        let enough = cluster.backtrack_seconds >= wanted
            || (cluster.backtrack_seconds > 0 && hours(case.signal).is_none());
        if enough || !matches!(cluster.engine.as_str(), "aurora" | "aurora-mysql") {
            return Plan::none();
        }
        let Some(id) = DbClusterId::locate(&case.signal.resource) else {
            return Plan::none();
        };
        let region = &case.signal.place.region;
        if cluster.backtrack_seconds > 0 {
            return Plan::by_hand(
                format!("it can be wound back for {} seconds only", cluster.backtrack_seconds),
                "a longer window keeps more changes, which cost",
                [format!(
                    "aws rds modify-db-cluster --region {region} --db-cluster-identifier {} \
 --backtrack-window {wanted}",
                    id.in_command(&case.signal.place)
                )],
            );
        }
        Plan::by_hand(
            "it cannot be wound back",
            "that is chosen when a cluster is made: make a clone that can be, move over, and \
 delete this one",
            [format!(
                "aws rds restore-db-cluster-to-point-in-time --region {region} \
 --source-db-cluster-identifier {} \
                 --db-cluster-identifier {} --restore-type copy-on-write --use-latest-restorable-time \
                 --backtrack-window {wanted}",
                id.in_command(&case.signal.place),
                quoted(&format!("{id}-backtrack"))
            )],
        )
    }
}

/// In seconds, where nobody says for how long.
const DAY: i64 = 86_400;

/// For how many hours the control wants it, if Security Hub says; parts of an hour count as one.
fn hours(signal: &Signal) -> Option<i64> {
    let given = asked::list(signal, "BacktrackWindowInHours")?;
    let (whole, part) = given.first()?.split_once('.').unwrap_or((given.first()?, "0"));
    let more = i64::from(part.bytes().any(|digit| digit != b'0'));
    let hours = whole.parse::<i64>().ok()? + more;
    (1..=72).contains(&hours).then_some(hours)
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const MAIN: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:main";

    fn back(engine: &str, seconds: i64) -> DbCluster {
        DbCluster { engine: engine.into(), backtrack_seconds: seconds, ..DbCluster::default() }
    }

    fn given(hours: &str) -> Signal {
        Signal {
            parameters: [("BacktrackWindowInHours".into(), vec![hours.into()])].into(),
            ..signal(MAIN)
        }
    }

    #[test]
    fn a_clone_is_left_to_a_person() {
        check(&BacktrackCluster, &back("aurora-mysql", 0), &signal(MAIN), &[]);
        let (_, commands) = hand(&BacktrackCluster, &back("aurora-mysql", 0), &signal(MAIN));
        assert!(commands[0].ends_with("--backtrack-window 86400"), "{commands:?}");
    }

    #[test]
    fn a_window_that_is_too_short_is_only_made_longer() {
        let (_, commands) = hand(&BacktrackCluster, &back("aurora-mysql", 3_600), &given("1.5"));
        assert_eq!(
            commands,
            ["aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier main \
              --backtrack-window 7200"]
        );
    }

    #[test]
    fn one_that_can_be_is_right_and_so_is_one_that_never_could() {
        for (cluster, signal) in [
            (back("aurora-mysql", 60), signal(MAIN)),
            (back("aurora-mysql", 60), given("what?")),
            (back("aurora-mysql", 7_200), given("2")),
            (back("aurora-postgresql", 0), signal(MAIN)),
        ] {
            assert!(hand(&BacktrackCluster, &cluster, &signal).0.is_empty());
        }
    }
}
