//! What a database instance or a cluster can be set to: RDS has the same words for both.

use std::fmt;

use remedy::{Action, quoted};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What is either on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// It cannot be deleted before this is turned off.
    DeletionProtection,
    /// People can log in with credentials of IAM.
    IamAuthentication,
    /// New minor versions are installed in the maintenance window.
    MinorUpgrades,
    /// Its name leads to an address in the internet.
    PublicAccess,
    /// Snapshots get its tags.
    SnapshotTags,
    /// A copy in another Availability Zone takes over when it fails.
    Standby,
}

impl Switch {
    /// As the AWS CLI calls it.
    fn flag(self) -> &'static str {
        match self {
            Self::DeletionProtection => "deletion-protection",
            Self::IamAuthentication => "enable-iam-database-authentication",
            Self::MinorUpgrades => "auto-minor-version-upgrade",
            Self::PublicAccess => "publicly-accessible",
            Self::SnapshotTags => "copy-tags-to-snapshot",
            Self::Standby => "multi-az",
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DeletionProtection => "deletion protection",
            Self::IamAuthentication => "IAM authentication",
            Self::MinorUpgrades => "automatic minor upgrades",
            Self::PublicAccess => "public access",
            Self::SnapshotTags => "copying of tags to snapshots",
            Self::Standby => "standby in another zone",
        })
    }
}

/// How often the operating system is looked at, and the role that RDS writes that down as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// Between two looks.
    pub seconds: u32,
    /// The role's ARN.
    pub role: String,
}

/// A setting and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// What is on or off.
    Switch(Switch, bool),
    /// Whether the log of this name goes to `CloudWatch`.
    Log(String, bool),
    /// For how many days backups are kept; none are made where it is 0.
    BackupDays(u32),
    /// Enhanced monitoring, if it is on.
    Monitoring(Option<Monitoring>),
}

impl Value {
    /// Whether one call can set both: they are members of one list.
    pub fn goes_with(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Log(..), Self::Log(..)))
    }

    /// Whether RDS is told a role with it.
    pub(super) fn passes_role(&self) -> bool {
        matches!(self, Self::Monitoring(Some(_)))
    }

    /// Whether it can be set back to this. Without backups it cannot: those that were made would be
    /// deleted.
    pub(super) fn comes_back(&self) -> bool {
        *self != Self::BackupDays(0)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |on: &bool| if *on { "on" } else { "off" };
        match self {
            Self::Switch(switch, on) => write!(f, "{switch} {}", word(on)),
            Self::Log(log, on) => write!(f, "export of the {log} log {}", word(on)),
            Self::BackupDays(1) => f.write_str("backup retention 1 day"),
            Self::BackupDays(days) => write!(f, "backup retention {days} days"),
            Self::Monitoring(None) => f.write_str("enhanced monitoring off"),
            Self::Monitoring(Some(Monitoring { seconds, role })) => {
                write!(f, "enhanced monitoring every {seconds} s as {role}")
            }
        }
    }
}

/// What RDS may be told a role for. Which role that is, is the operator's or was set before.
pub(super) const PASS: Action = Action::on(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*",
    "iam:PassRole",
)
.only("StringEquals", "iam:PassedToService", "monitoring.rds.amazonaws.com");

/// The logs that are to be sent, and those that are not any more.
#[derive(Serialize)]
struct LogTypes<'a> {
    #[serde(rename = "EnableLogTypes", skip_serializing_if = "Vec::is_empty")]
    enable: Vec<&'a str>,
    #[serde(rename = "DisableLogTypes", skip_serializing_if = "Vec::is_empty")]
    disable: Vec<&'a str>,
}

/// The options of the AWS CLI that set `values`.
pub(super) fn options<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let (mut options, mut enable, mut disable) = (Vec::new(), Vec::new(), Vec::new());
    for value in values {
        match value {
            Value::Switch(switch, true) => options.push(format!("--{}", switch.flag())),
            Value::Switch(switch, false) => options.push(format!("--no-{}", switch.flag())),
            Value::Log(log, true) => enable.push(log.as_str()),
            Value::Log(log, false) => disable.push(log.as_str()),
            Value::BackupDays(days) => options.push(format!("--backup-retention-period {days}")),
            Value::Monitoring(None) => options.push("--monitoring-interval 0".into()),
            Value::Monitoring(Some(Monitoring { seconds, role })) => options.push(format!(
                "--monitoring-interval {seconds} --monitoring-role-arn {}",
                quoted(role)
            )),
        }
    }
    let logs = LogTypes { enable, disable };
    if !(logs.enable.is_empty() && logs.disable.is_empty()) {
        let logs = json!(logs).to_string();
        options.push(format!("--cloudwatch-logs-export-configuration {}", quoted(&logs)));
    }
    options.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_said_in_words_and_in_options() {
        let role = String::from("arn:aws:iam::111122223333:role/rds-monitoring-role");
        let cases = [
            (
                Value::Switch(Switch::DeletionProtection, true),
                "deletion protection on",
                "--deletion-protection",
            ),
            (
                Value::Switch(Switch::PublicAccess, false),
                "public access off",
                "--no-publicly-accessible",
            ),
            (Value::Switch(Switch::Standby, true), "standby in another zone on", "--multi-az"),
            (
                Value::Switch(Switch::IamAuthentication, false),
                "IAM authentication off",
                "--no-enable-iam-database-authentication",
            ),
            (Value::BackupDays(1), "backup retention 1 day", "--backup-retention-period 1"),
            (Value::BackupDays(7), "backup retention 7 days", "--backup-retention-period 7"),
            (Value::Monitoring(None), "enhanced monitoring off", "--monitoring-interval 0"),
            (
                Value::Monitoring(Some(Monitoring { seconds: 60, role })),
                "enhanced monitoring every 60 s as arn:aws:iam::111122223333:role/rds-monitoring-role",
                "--monitoring-interval 60 \
                 --monitoring-role-arn arn:aws:iam::111122223333:role/rds-monitoring-role",
            ),
        ];
        for (value, words, option) in cases {
            assert_eq!(
                (value.to_string().as_str(), options([&value].into_iter()).as_str()),
                (words, option)
            );
        }
        let logs = [Value::Log("audit".into(), true), Value::Log("error".into(), false)];
        let of = |log: &Value| options([log].into_iter());
        assert_eq!(logs[0].to_string(), "export of the audit log on");
        assert_eq!(
            of(&logs[0]),
            r#"--cloudwatch-logs-export-configuration '{"EnableLogTypes":["audit"]}'"#
        );
        assert!(of(&logs[1]).ends_with(r#"'{"DisableLogTypes":["error"]}'"#));
    }
}
