//! Facet: where a cluster of Redshift logs who connects and what they ask.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    RedshiftClusterId,
    redshift_cluster::{CLUSTERS, DESCRIBE},
};

/// The audit log of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedshiftLog {
    /// Where it goes to, if it is kept: `cloudwatch`, or a bucket.
    pub to: Option<String>,
    /// The cluster's tags.
    pub tags: Tags,
}

/// Where the audit log goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedshiftLogSetting {
    /// Nowhere.
    Off,
    /// To `CloudWatch` Logs, all three logs.
    CloudWatch,
}

impl RedshiftLogSetting {
    /// As AWS calls that destination.
    pub const CLOUD_WATCH: &'static str = "cloudwatch";
    /// The logs there are: of connections, of users, and of what they ask.
    pub const LOGS: [&'static str; 3] = ["connectionlog", "userlog", "useractivitylog"];
}

const ENABLE: Action = Action::on(CLUSTERS, "redshift:EnableLogging").tagged();
const DISABLE: Action = Action::on(CLUSTERS, "redshift:DisableLogging").tagged();

impl Facet for RedshiftLog {
    type Id = RedshiftClusterId;
    type Change = Swap<RedshiftLogSetting>;

    const NAME: &'static str = "Redshift cluster's audit log";
    const READS: &'static [Action] =
        &[DESCRIBE, Action::on(CLUSTERS, "redshift:DescribeLoggingStatus")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<RedshiftLogSetting>) -> Self {
        self.to = match change.to {
            RedshiftLogSetting::Off => None,
            RedshiftLogSetting::CloudWatch => Some(RedshiftLogSetting::CLOUD_WATCH.into()),
        };
        self
    }

    fn commands(
        place: &Place,
        id: &RedshiftClusterId,
        changes: &[Swap<RedshiftLogSetting>],
    ) -> Vec<String> {
        let on = format!("--region {} --cluster-identifier {id}", place.region);
        let command = |change: &Swap<RedshiftLogSetting>| match change.to {
            RedshiftLogSetting::Off => format!("aws redshift disable-logging {on}"),
            RedshiftLogSetting::CloudWatch => format!(
                "aws redshift enable-logging {on} --log-destination-type {} --log-exports {}",
                RedshiftLogSetting::CLOUD_WATCH,
                RedshiftLogSetting::LOGS.join(" ")
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for RedshiftLogSetting {
    const MAKE: &'static [Action] = &[ENABLE];
    const UNDO: &'static [Action] = &[DISABLE, ENABLE];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Off => &[DISABLE],
            Self::CloudWatch => &[ENABLE],
        }
    }
}

impl fmt::Display for RedshiftLogSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("audit log off"),
            Self::CloudWatch => f.write_str("audit log to CloudWatch Logs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_kept_by_command() {
        let (off, on) = (RedshiftLogSetting::Off, RedshiftLogSetting::CloudWatch);
        let changes = [Swap { from: off.clone(), to: on.clone() }, Swap { from: on, to: off }];
        let place = Place::new("111122223333", "eu-west-1");
        assert_eq!(
            RedshiftLog::commands(&place, &RedshiftClusterId("warehouse".into()), &changes),
            [
                "aws redshift enable-logging --region eu-west-1 --cluster-identifier warehouse --log-destination-type cloudwatch --log-exports connectionlog userlog useractivitylog",
                "aws redshift disable-logging --region eu-west-1 --cluster-identifier warehouse",
            ]
        );
    }
}
