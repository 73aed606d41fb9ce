//! How a database instance or a cluster is set up, in what RDS has the same words for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Monitoring, Switch, Value};

/// How a database instance or a cluster is set up. What AWS has accepted for the next maintenance window
/// counts as set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// What is on; all else is off.
    pub on: BTreeSet<Switch>,
    /// The logs that go to `CloudWatch`.
    pub logs: BTreeSet<String>,
    /// For how many days backups are kept.
    pub backup_days: u32,
    /// Enhanced monitoring, if it is on.
    pub monitoring: Option<Monitoring>,
}

impl Setup {
    /// What it is set to where it should be `value`.
    pub(super) fn is(&self, value: &Value) -> Value {
        match value {
            Value::Switch(switch, _) => Value::Switch(*switch, self.on.contains(switch)),
            Value::Log(log, _) => Value::Log(log.clone(), self.logs.contains(log)),
            Value::BackupDays(_) => Value::BackupDays(self.backup_days),
            Value::Monitoring(_) => Value::Monitoring(self.monitoring.clone()),
        }
    }

    /// As it is once it is set to `value`.
    pub(super) fn set(&mut self, value: &Value) {
        match value {
            Value::Switch(switch, true) => {
                self.on.insert(*switch);
            }
            Value::Switch(switch, false) => {
                self.on.remove(switch);
            }
            Value::Log(log, true) => {
                self.logs.insert(log.clone());
            }
            Value::Log(log, false) => {
                self.logs.remove(log);
            }
            Value::BackupDays(days) => self.backup_days = *days,
            Value::Monitoring(monitoring) => self.monitoring.clone_from(monitoring),
        }
    }
}

impl FromIterator<Switch> for Setup {
    /// With nothing but these on.
    fn from_iter<I: IntoIterator<Item = Switch>>(on: I) -> Self {
        Self { on: on.into_iter().collect(), ..Self::default() }
    }
}

/// For tests: with nothing but this on.
#[cfg(test)]
impl<const N: usize> From<[Switch; N]> for Setup {
    fn from(on: [Switch; N]) -> Self {
        on.into_iter().collect()
    }
}
