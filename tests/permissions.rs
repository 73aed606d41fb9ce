//! What remediations may do, beside what AWS says can be allowed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use remedy::{Action, Entry};
use serde_json::Value;

/// AWS's service authorization reference, as far as it is used; `tests/aws/actions.py` writes it.
static ACTIONS: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("actions.json")).unwrap());

fn about(action: &Action) -> &'static Value {
    ACTIONS.get(action.name).unwrap_or_else(|| {
        panic!("{} is not in tests/actions.json: run python3 tests/aws/actions.py", action.name)
    })
}

/// Whether `pattern`, in which `*` stands for anything, matches `text`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// `${...}` is `*`.
fn opened(arn: &str) -> String {
    let mut parts = arn.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + "*" + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// The types of resources that the action can be allowed on and that its ARN names.
fn types(action: &Action) -> Vec<&'static Value> {
    let ours = opened(action.resource);
    let resources = about(action)["resources"].as_object().unwrap();
    let is_meant = |kind: &&Value| {
        let known = opened(kind["arn"].as_str().unwrap());
        // A parameter of the template can be all of it.
        matches(&known, &ours) || matches(&ours, &known)
    };
    resources.values().filter(is_meant).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value["keys"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

/// Whether AWS has this condition key, as `aws:ResourceTag/${TagKey}` has `aws:ResourceTag/team`.
fn has(keys: &[&str], key: &str) -> bool {
    let key = opened(key);
    keys.iter().any(|known| matches(&opened(known), &key))
}

fn all() -> impl Iterator<Item = (&'static str, &'static Action, bool)> {
    catalog::entries().flat_map(|Entry { spec, reads, also_reads, makes, undoes, .. }| {
        let reading = reads.iter().chain(*also_reads).map(|action| (spec.id, action, false));
        reading.chain(makes.iter().chain(*undoes).map(|action| (spec.id, action, true)))
    })
}

/// Fails with all of them.
#[track_caller]
fn none(problems: impl Iterator<Item = String>) {
    let problems: BTreeSet<String> = problems.collect();
    assert!(problems.is_empty(), "{}", problems.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_action_is_one_of_aws_and_on_a_resource_that_it_knows() {
    none(all().filter_map(|(id, action, writes)| {
        let Action { name, resource, .. } = action;
        let resources = about(action)["resources"].as_object().unwrap();
        let known: Vec<_> = resources.keys().collect();
        if *resource == "*" {
            let could_be = writes && !known.is_empty();
            return could_be.then(|| format!("{id}: {name} can be held to {known:?}"));
        }
        let is_unknown = types(action).is_empty() && !UNLISTED.contains(resource);
        is_unknown.then(|| format!("{id}: {name} on {resource} is none of {known:?}"))
    }));
}

/// Resources that AWS documents with the service and not in the reference.
const UNLISTED: &[&str] = &[
    "arn:${AWS::Partition}:apigateway:*::/account",
    "arn:${AWS::Partition}:apigateway:*::/restapis/*/stages/*",
];

#[test]
fn what_reads_reads() {
    none(all().filter(|(_, _, writes)| !writes).filter_map(|(id, action, _)| {
        let level = level(action);
        let reads = ["Read", "List"].contains(&level);
        (!reads).then(|| format!("{id}: {} is {level}", action.name))
    }));
}

fn level(action: &Action) -> &'static str {
    about(action)["level"].as_str().unwrap()
}

#[test]
fn conditions_look_at_what_aws_gives_them() {
    none(all().flat_map(|(id, action, _)| {
        let types = types(action);
        let Action { name, resource, .. } = action;
        let untagged =
            action.by_tag && !types.iter().all(|kind| has(&keys(kind), "aws:ResourceTag/x"));
        let untagged = untagged.then(|| format!("{id}: {name} on {resource} knows no tags"));
        let mut known = keys(about(action));
        known.extend(types.iter().flat_map(|kind| keys(kind)));
        let unknown = action.only.filter(|(_, key, _)| !has(&known, key));
        let unknown = unknown
            .map(|(_, key, _)| format!("{id}: {name} has no condition key {key}: {known:?}"));
        untagged.into_iter().chain(unknown)
    }));
}

#[test]
fn what_writes_to_a_resource_with_tags_is_fenced_by_the_opt_in_tag() {
    let writes =
        all().filter(|(_, action, writes)| *writes && !["Read", "List"].contains(&level(action)));
    none(writes.filter_map(|(id, action, _)| {
        // What is made has no tags yet, and what is under a condition of its own is fenced by that.
        let types = types(action);
        let can_be =
            !types.is_empty() && types.iter().all(|kind| has(&keys(kind), "aws:ResourceTag/x"));
        let Action { name, resource, .. } = action;
        let fenced = action.by_tag || action.only.is_some() || UNFENCED.contains(&(name, resource));
        (can_be && !fenced).then(|| format!("{id}: {name} on {resource} could be fenced"))
    }));
}

/// The reason stands beside each.
const UNFENCED: &[(&str, &str)] = &[
    // The rule to be made, which has no tags yet; its group is fenced.
    ("ec2:AuthorizeSecurityGroupEgress", RULES),
    ("ec2:AuthorizeSecurityGroupIngress", RULES),
    // A listener has tags of its own; what is opted in is its balancer.
    ("elasticloadbalancing:ModifyListener", LISTENERS),
    ("elasticloadbalancing:ModifyListener", NETWORK_LISTENERS),
    // GuardDuty wants its own role to be let read the list: there is one, which carries no tags.
    ("iam:DeleteRolePolicy", GUARDDUTY_ROLE),
    ("iam:PutRolePolicy", GUARDDUTY_ROLE),
    // Objects of the stack's own bucket.
    ("s3:PutObject", "arn:${AWS::Partition}:s3:::${ThreatListBucket}/*"),
];
const RULES: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group-rule/*";
const GUARDDUTY_ROLE: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty";
const LISTENERS: &str =
    "arn:${AWS::Partition}:elasticloadbalancing:*:${AWS::AccountId}:listener/app/*/*/*";
const NETWORK_LISTENERS: &str =
    "arn:${AWS::Partition}:elasticloadbalancing:*:${AWS::AccountId}:listener/net/*/*/*";
