//! Lets snapshots of a database instance have its tags.
//!
//! A member of a cluster is left alone: snapshots are of the cluster, which has a setting of its own.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbInstance, DbInstanceSetting, Switch, Value};

/// See the [module](self).
#[derive(Debug)]
pub struct TagInstanceSnapshots;

impl Remediation for TagInstanceSnapshots {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/tag_instance_snapshots",
        title: "Copy the tags of a database instance to its snapshots",
        triggers: &[Trigger::control("RDS.17")],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A member of a cluster is left to its cluster; snapshots that are there keep the tags they have.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        if instance.cluster.is_some() {
            return Plan::none();
        }
        instance.set([Value::Switch(Switch::SnapshotTags, true)], case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    #[test]
    fn tags_are_copied_from_now_on() {
        let expected =
            ["set copying of tags to snapshots on (it is copying of tags to snapshots off)"];
        check(&TagInstanceSnapshots, &DbInstance::default(), &signal(WEB), &expected);
    }

    #[test]
    fn where_they_are_or_where_the_cluster_says_nothing_is_done() {
        for instance in [
            DbInstance { setup: [Switch::SnapshotTags].into(), ..DbInstance::default() },
            DbInstance { cluster: Some("main".into()), ..DbInstance::default() },
        ] {
            check(&TagInstanceSnapshots, &instance, &signal(WEB), &[]);
        }
    }
}
