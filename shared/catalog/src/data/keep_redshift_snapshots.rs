//! Has automatic snapshots of a cluster of Redshift kept long enough.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RedshiftCluster, RedshiftSetting, asked::days};

/// See the [module](self).
#[derive(Debug)]
pub struct KeepRedshiftSnapshots;

impl Remediation for KeepRedshiftSnapshots {
    type Facet = RedshiftCluster;

    const SPEC: Spec = Spec {
        id: "data/keep_redshift_snapshots",
        title: "Keep automatic snapshots of a Redshift cluster long enough",
        triggers: &[
            Trigger::control("Redshift.3"),
            Trigger::config_rule("REDSHIFT_BACKUP_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Partly("AWS deletes the snapshots that are then older than they are kept."),
        care: "They are kept for as many days as Security Hub asks for, and never for fewer than they are.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, cluster: &RedshiftCluster, case: &Case<'_>) -> Plan<Swap<RedshiftSetting>> {
        let wanted = days(case.signal, "MinRetentionPeriod", 1..=35, 7);
        let is = RedshiftSetting::SnapshotDays(cluster.snapshot_days);
        let to = RedshiftSetting::SnapshotDays(cluster.snapshot_days.max(wanted));
        Swap::of(is, to).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, signal},
    };

    use super::*;

    #[test]
    fn snapshots_are_kept_as_long_as_is_asked_and_never_shorter_than_they_are() {
        for (is, asked, expected) in [
            (
                1,
                "",
                &[
                    "set automatic snapshots kept for 7 days (it is automatic snapshots kept for 1 day)",
                ][..],
            ),
            (0, "", &["set automatic snapshots kept for 7 days (it is automatic snapshots off)"]),
            (
                0,
                "14",
                &["set automatic snapshots kept for 14 days (it is automatic snapshots off)"],
            ),
            (
                0,
                "ever",
                &["set automatic snapshots kept for 7 days (it is automatic snapshots off)"],
            ),
            (7, "", &[]),
            (35, "14", &[]),
        ] {
            let parameters = match asked {
                "" => [].into(),
                days => [("MinRetentionPeriod".into(), vec![days.into()])].into(),
            };
            let cluster = RedshiftCluster { snapshot_days: is, ..RedshiftCluster::default() };
            let signal = Signal { parameters, ..signal("warehouse") };
            check(&KeepRedshiftSnapshots, &cluster, &signal, expected);
        }
    }
}
