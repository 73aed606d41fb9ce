//! Takes a database instance out of the internet: its name leads to a private address from then on, and
//! whoever came in by the public one does not any more.
//!
//! Security groups stay as they are. Members of a Multi-AZ cluster are public or not as their cluster was
//! made.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{DbInstance, DbInstanceSetting, Switch, Value, engine};

/// See the [module](self).
#[derive(Debug)]
pub struct HideInstance;

impl Remediation for HideInstance {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/hide_instance",
        title: "Turn off public access to a database instance",
        triggers: &[
            Trigger::control("RDS.2"),
            Trigger::config_rule("RDS_INSTANCE_PUBLIC_ACCESS_CHECK"),
        ],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "An instance that is busy is tried again until it is available; what RDS has accepted and does not show yet is no failure.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        let public = instance.setup.on.contains(&Switch::PublicAccess);
        match &instance.cluster {
            Some(cluster) if public && !engine::has_own_members(&instance.engine) => Plan::by_hand(
                "public access on",
                format!(
                    "it is a member of Multi-AZ cluster {cluster}, which is public since it was made: \
                     restore a private one, move over, and delete this one"
                ),
                restore(cluster, &instance.engine, case),
            ),
            _ => instance.set([Value::Switch(Switch::PublicAccess, false)], case),
        }
    }
}

/// The commands that make a private copy of a cluster.
fn restore(cluster: &str, engine: &str, case: &Case<'_>) -> Vec<String> {
    let region = &case.signal.place.region;
    let snapshot = quoted(&format!("{cluster}-public"));
    vec![
        format!(
            "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {} \
             --db-cluster-snapshot-identifier {snapshot}",
            quoted(cluster)
        ),
        format!(
            "aws rds restore-db-cluster-from-snapshot --region {region} \
 --snapshot-identifier {snapshot} \
             --db-cluster-identifier {} --engine {} --db-cluster-instance-class CLASS \
             --no-publicly-accessible",
            quoted(&format!("{cluster}-private")),
            quoted(engine)
        ),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    fn public(engine: &str, cluster: Option<&str>) -> DbInstance {
        DbInstance {
            engine: engine.into(),
            cluster: cluster.map(Into::into),
            setup: [Switch::PublicAccess, Switch::DeletionProtection].into(),
            ..DbInstance::default()
        }
    }

    #[test]
    fn an_instance_that_is_public_is_hidden_also_in_aurora() {
        let expected = ["set public access off (it is public access on)"];
        check(&HideInstance, &public("postgres", None), &signal(WEB), &expected);
        check(&HideInstance, &public("aurora-mysql", Some("main")), &signal(WEB), &expected);
    }

    #[test]
    fn one_that_is_not_is_left_alone() {
        check(&HideInstance, &DbInstance::default(), &signal(WEB), &[]);
    }

    #[test]
    fn busy_is_no_reason_to_leave_it() {
        let busy = DbInstance { status: "backing-up".into(), ..public("mysql", None) };
        let expected = ["set public access off (it is public access on)"];
        check(&HideInstance, &busy, &signal(WEB), &expected);
    }

    #[test]
    fn a_multi_az_cluster_is_public_for_good() {
        let member = public("postgres", Some("main"));
        check(&HideInstance, &member, &signal(WEB), &[]);
        let (what, commands) = hand(&HideInstance, &member, &signal(WEB));
        assert!(
            what.starts_with("public access on: it is a member of Multi-AZ cluster main"),
            "{what}"
        );
        assert!(commands[1].ends_with("--no-publicly-accessible"), "{commands:?}");
    }
}
