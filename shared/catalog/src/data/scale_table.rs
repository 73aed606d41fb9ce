//! Lets a table take whatever is asked of it, after a person has looked at what that costs.
//!
//! A table that is replicated is left to a person: its replicas change with it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Capacity, Table, TableId, TableSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ScaleTable;

impl Remediation for ScaleTable {
    type Facet = Table;

    const SPEC: Spec = Spec {
        id: "data/scale_table",
        title: "Let a DynamoDB table scale on demand, after asking",
        triggers: &[
            Trigger::control("DynamoDB.1"),
            Trigger::config_rule("DYNAMODB_AUTOSCALING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "The cost is told before; no capacity is guessed, least of all that to write from that to read, and taking it back restores each number.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, table: &Table, case: &Case<'_>) -> Plan<Swap<TableSetting>> {
        if table.capacity == Capacity::OnDemand {
            return Plan::none();
        }
        if !table.replicas.is_empty() {
            let what = table.capacity.to_string();
            let why = format!(
                "its replicas in {} change with it; give all of them auto scaling, or change them together",
                table.replicas.join(", ")
            );
            return Plan::by_hand(what, why, by_hand(case));
        }
        let is = TableSetting::Capacity(table.capacity.clone());
        let plan: Plan<_> =
            Swap::of(is, TableSetting::Capacity(Capacity::OnDemand)).into_iter().collect();
        plan.asking(
            "on demand each request is paid for: nothing while it is idle, but several times the price of \
             capacity that is used to the full. Auto scaling, which cannot be seen from here, may have been \
             set up since; AWS changes to on demand four times a day at most",
        )
    }
}

fn by_hand(case: &Case<'_>) -> Vec<String> {
    let Some(id) = <TableId as remedy::Id>::locate(&case.signal.resource) else {
        return Vec::new();
    };
    let to = format!("--region {} --service-namespace dynamodb", case.signal.place.region);
    let see = format!(
        "aws application-autoscaling describe-scalable-targets {to} --resource-ids table/{id}"
    );
    let register = ["Read", "Write"].map(|way| {
        format!(
            "aws application-autoscaling register-scalable-target {to} --resource-id table/{id} \
             --scalable-dimension dynamodb:table:{way}CapacityUnits --min-capacity MIN_{upper} \
             --max-capacity MAX_{upper}",
            upper = way.to_ascii_uppercase()
        )
    });
    let policy = ["Read", "Write"].map(|way| {
        format!(
            "aws application-autoscaling put-scaling-policy {to} --resource-id table/{id} \
             --scalable-dimension dynamodb:table:{way}CapacityUnits --policy-name {id}-{way} \
             --policy-type TargetTrackingScaling --target-tracking-scaling-policy-configuration \
             TargetValue=70,PredefinedMetricSpecification={{PredefinedMetricType=DynamoDB{way}CapacityUtilization}}"
        )
    });
    [see].into_iter().chain(register).chain(policy).collect()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::data::Units;

    fn table(replicas: &[&str]) -> Table {
        let units = |read, write| Units { read, write };
        Table {
            capacity: Capacity::Provisioned {
                table: units(100, 5),
                indexes: [("by-day".to_owned(), units(7, 8))].into(),
            },
            replicas: replicas.iter().map(|region| (*region).to_owned()).collect(),
            ..Table::default()
        }
    }

    fn plan(table: &Table) -> Plan<Swap<TableSetting>> {
        ScaleTable.plan(table, &Case { signal: &signal("orders"), now: now() })
    }

    #[test]
    fn a_table_of_fixed_capacity_is_asked_about() {
        let expected =
            ["set capacity on demand (it is capacity 100 to read and 5 to write, and of 1 index)"];
        check(&ScaleTable, &table(&[]), &signal("orders"), &expected);
        assert!(plan(&table(&[])).ask.unwrap().contains("several times the price"));
    }

    #[test]
    fn one_that_scales_is_left_alone() {
        check(&ScaleTable, &Table::default(), &signal("orders"), &[]);
        assert_eq!(plan(&Table::default()), Plan::none());
    }

    #[test]
    fn one_with_replicas_is_left_to_a_person() {
        check(&ScaleTable, &table(&["eu-central-1"]), &signal("orders"), &[]);
        let plan = plan(&table(&["eu-central-1"]));
        assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 5));
        assert!(
            plan.by_hand[2].contains("WriteCapacityUnits --min-capacity MIN_WRITE"),
            "{}",
            plan.by_hand[2]
        );
    }
}
