//! Lets a table be restored to any point in time of the last 35 days.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Table, TableSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct RecoverTable;

impl Remediation for RecoverTable {
    type Facet = Table;

    const SPEC: Spec = Spec {
        id: "data/recover_table",
        title: "Turn on point-in-time recovery of a DynamoDB table",
        triggers: &[Trigger::control("DynamoDB.2"), Trigger::config_rule("DYNAMODB_PITR_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A recovery period that was chosen is never shortened: a table that has one is left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, table: &Table, _: &Case<'_>) -> Plan<Swap<TableSetting>> {
        let is = TableSetting::PointInTimeRecovery(table.recoverable);
        Swap::of(is, TableSetting::PointInTimeRecovery(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_table_that_cannot_be_restored_can_be_then() {
        let expected = ["set point-in-time recovery on (it is point-in-time recovery off)"];
        check(&RecoverTable, &Table::default(), &signal("orders"), &expected);
        let recoverable = Table { recoverable: true, ..Table::default() };
        check(&RecoverTable, &recoverable, &signal("orders"), &[]);
    }
}
