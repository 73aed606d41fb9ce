//! Lets a work group of Athena publish metrics of its queries.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{WorkGroup, WorkGroupSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct MeasureWorkGroup;

impl Remediation for MeasureWorkGroup {
    type Facet = WorkGroup;

    const SPEC: Spec = Spec {
        id: "data/measure_work_group",
        title: "Publish query metrics of an Athena work group",
        triggers: &[
            Trigger::control("Athena.4"),
            Trigger::config_rule("ATHENA_WORKGROUP_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only that one setting is written; where results go and how they are encrypted stays.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, group: &WorkGroup, _: &Case<'_>) -> Plan<Swap<WorkGroupSetting>> {
        let is = WorkGroupSetting::Metrics(group.metrics);
        Swap::of(is, WorkGroupSetting::Metrics(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn a_work_group_that_is_not_watched_is_then() {
        let expected = ["set query metrics on (it is query metrics off)"];
        check(&MeasureWorkGroup, &WorkGroup::default(), &signal("primary"), &expected);
        let watched = WorkGroup { metrics: true, ..WorkGroup::default() };
        check(&MeasureWorkGroup, &watched, &signal("primary"), &[]);
    }
}
