//! The IAM policies that follow from what remediations need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::Action;

/// The least that lets a function do `actions`: IAM policies by the template's condition they depend
/// on (none first). Actions on the same resources under the same conditions share a statement: IAM counts
/// characters. The opt-in tag is left to the template's parameters.
pub fn policies<'a>(
    actions: impl IntoIterator<Item = &'a Action>,
) -> BTreeMap<Option<&'static str>, Value> {
    let mut by_condition: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (when, statement) in statements(actions) {
        by_condition.entry(when).or_default().push(statement);
    }
    let policy =
        |statements: Vec<Value>| json!({ "Version": "2012-10-17", "Statement": statements });
    by_condition.into_iter().map(|(when, statements)| (when, policy(statements))).collect()
}

/// The statements that let a function do `actions`, each with the template's condition it depends on.
pub fn statements<'a>(
    actions: impl IntoIterator<Item = &'a Action>,
) -> Vec<(Option<&'static str>, Value)> {
    let mut alike: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for Action { name, resource, by_tag, only, when } in actions {
        alike.entry((*when, *resource, *by_tag, *only)).or_default().insert(name);
    }
    let mut sids = BTreeMap::new();
    let statement = |((when, resource, by_tag, only), names): ((_, _, _, _), BTreeSet<&str>)| {
        let first = names.iter().next().and_then(|name| name.rsplit(':').next());
        let first = first.unwrap_or_default();
        let nth = sids.entry((when, first.to_owned())).and_modify(|n| *n += 1).or_insert(1);
        let sid = if *nth == 1 { first.to_owned() } else { format!("{first}{nth}") };
        let one = Action { name: "", resource, by_tag, only, when };
        (when, self::statement(&one, &names, &sid))
    };
    alike.into_iter().map(statement).collect()
}

fn statement(action: &Action, names: &BTreeSet<&str>, sid: &str) -> Value {
    let names = match names.iter().collect::<Vec<_>>()[..] {
        [name] => json!(name),
        ref names => json!(names),
    };
    let mut statement = json!({
        "Sid": sid, "Effect": "Allow", "Action": names, "Resource": action.resource,
    });
    if action.by_tag {
        statement["Condition"]["StringEquals"]["aws:ResourceTag/${ScopeTagKey}"] =
            "${ScopeTagValue}".into();
    }
    if let Some((operator, key, value)) = action.only {
        statement["Condition"][operator][key] = value.into();
    }
    statement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_on_the_same_under_the_same_conditions_share_a_statement() {
        const GROUPS: &str = "arn:aws:ec2:*:*:security-group/*";
        let actions = [
            Action::on("*", "ec2:DescribeSecurityGroups"),
            Action::on(GROUPS, "ec2:Revoke").tagged(),
            Action::on("*", "ec2:Revoke"),
            Action::on(GROUPS, "ec2:CreateTags").only("StringEquals", "k", "v").when("Splits"),
            Action::on("*", "ec2:DescribeSecurityGroups"),
        ];
        let policies = policies(&actions);
        let sids = |when: Option<&str>| -> Vec<String> {
            let statements = policies[&when]["Statement"].as_array().unwrap();
            statements.iter().map(|s| s["Sid"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(sids(None), ["DescribeSecurityGroups", "Revoke"]);
        assert_eq!(
            policies[&None]["Statement"][0]["Action"],
            json!(["ec2:DescribeSecurityGroups", "ec2:Revoke"])
        );
        assert_eq!(sids(Some("Splits")), ["CreateTags"]);
        let condition = &policies[&None]["Statement"][1]["Condition"];
        assert_eq!(
            *condition,
            json!({ "StringEquals": { "aws:ResourceTag/${ScopeTagKey}": "${ScopeTagValue}" } })
        );
    }
}
