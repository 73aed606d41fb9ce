//! Tells which tags a table lacks: what they should say only a person knows.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{Table, TableId, TableSetting, asked::values};

/// See the [module](self).
#[derive(Debug)]
pub struct TagTable;

impl Remediation for TagTable {
    type Facet = Table;

    const SPEC: Spec = Spec {
        id: "data/tag_table",
        title: "Tag a DynamoDB table, by hand",
        triggers: &[Trigger::control("DynamoDB.5")],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No value is made up to please a control: the tags that lack are named.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, table: &Table, case: &Case<'_>) -> Plan<Swap<TableSetting>> {
        let is_ours = |key: &&String| !key.starts_with("aws:");
        let wanted = values(case.signal, "requiredTagKeys").into_iter().flatten();
        let wanted: Vec<_> = wanted.flat_map(|keys| keys.split(',')).map(str::trim).collect();
        let lacks: Vec<_> = match wanted.is_empty() {
            true if table.tags.keys().any(|key| is_ours(&key)) => Vec::new(),
            true => vec!["KEY"],
            false => wanted.into_iter().filter(|key| !table.tags.contains_key(*key)).collect(),
        };
        let Some(id) = TableId::locate(&case.signal.resource).filter(|_| !lacks.is_empty()) else {
            return Plan::none();
        };
        let place = &case.signal.place;
        let tags: Vec<_> =
            lacks.iter().map(|key| quoted(&format!("Key={key},Value=VALUE"))).collect();
        let command = format!(
            "aws dynamodb tag-resource --region {} --resource-arn {} --tags {}",
            place.region,
            id.arn(place),
            tags.join(" ")
        );
        let what = format!("the tags it lacks: {}", lacks.join(", "));
        Plan::by_hand(what, "what they should say only its owner knows", [command])
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    #[test]
    fn the_tags_that_lack_are_named() {
        let table = |tags: &[&str]| Table {
            tags: tags.iter().map(|key| ((*key).to_owned(), "x".to_owned())).collect(),
            ..Table::default()
        };
        for (tags, required, lacks) in [
            (&["Team"][..], "", None),
            (&["aws:cloudformation:stack-name"], "", Some("Key=KEY,Value=VALUE")),
            (&["Team"], "Team", None),
            (&["Team"], "Team, Cost Centre", Some("'Key=Cost Centre,Value=VALUE'")),
        ] {
            let parameters = match required {
                "" => [].into(),
                keys => [("requiredTagKeys".into(), vec![keys.into()])].into(),
            };
            let signal = Signal { parameters, ..signal("orders") };
            check(&TagTable, &table(tags), &signal, &[]);
            let plan = TagTable.plan(&table(tags), &Case { signal: &signal, now: now() });
            let told = plan.by_hand.first().and_then(|command| command.split("--tags ").nth(1));
            assert_eq!(told, lacks, "{tags:?} {required}");
        }
    }
}
