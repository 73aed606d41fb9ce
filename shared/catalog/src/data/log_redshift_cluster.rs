//! Has a cluster of Redshift log to `CloudWatch` Logs who connects and what they ask.
//!
//! A cluster that logs already, to a bucket for instance, goes on as it does. What users ask is logged only if
//! its parameter group also says `enable_user_activity_logging`.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RedshiftLog, RedshiftLogSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogRedshiftCluster;

impl Remediation for LogRedshiftCluster {
    type Facet = RedshiftLog;

    const SPEC: Spec = Spec {
        id: "data/log_redshift_cluster",
        title: "Turn on the audit log of a Redshift cluster",
        triggers: &[
            Trigger::control("Redshift.4"),
            Trigger::config_rule("REDSHIFT_AUDIT_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "It goes to CloudWatch Logs, which needs no bucket and no rights to one; a log that goes elsewhere is left as it is.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, log: &RedshiftLog, _: &Case<'_>) -> Plan<Swap<RedshiftLogSetting>> {
        if log.to.is_some() {
            return Plan::none();
        }
        Swap::of(RedshiftLogSetting::Off, RedshiftLogSetting::CloudWatch).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_cluster_without_a_log_gets_one() {
        let expected = ["set audit log to CloudWatch Logs (it is audit log off)"];
        check(&LogRedshiftCluster, &RedshiftLog::default(), &signal("warehouse"), &expected);
        for to in ["cloudwatch", "a-bucket"] {
            let log = RedshiftLog { to: Some(to.into()), ..RedshiftLog::default() };
            check(&LogRedshiftCluster, &log, &signal("warehouse"), &[]);
        }
    }
}
