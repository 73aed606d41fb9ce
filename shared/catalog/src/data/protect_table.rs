//! Keeps a table from being deleted by mistake.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Table, TableSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ProtectTable;

impl Remediation for ProtectTable {
    type Facet = Table;

    const SPEC: Spec = Spec {
        id: "data/protect_table",
        title: "Turn on deletion protection of a DynamoDB table",
        triggers: &[
            Trigger::control("DynamoDB.6"),
            Trigger::config_rule("DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Nothing else of the table is written; a protected one is left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, table: &Table, _: &Case<'_>) -> Plan<Swap<TableSetting>> {
        let is = TableSetting::DeletionProtection(table.protected);
        Swap::of(is, TableSetting::DeletionProtection(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_table_that_anybody_can_delete_is_protected() {
        let expected = ["set deletion protection on (it is deletion protection off)"];
        check(&ProtectTable, &Table::default(), &signal("orders"), &expected);
        let protected = Table { protected: true, ..Table::default() };
        check(&ProtectTable, &protected, &signal("orders"), &[]);
    }
}
