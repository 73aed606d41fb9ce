//! Policies and the pipeline together: what no policy permits is never touched, whatever else they say.

use crate::world::{World, tags, why, world};
use proptest::{collection::vec, prelude::*, sample::select};
use remedy::{Severity, Source, Trigger};
use runtime::{Outcome, Page};
use scope::Scope;

const KEYS: [&str; 3] = ["AutoRemediate", "env", "aws:cloudformation:stack-name"];
const VALUES: [&str; 3] = ["True", "prod", "shop"];

/// What a policy asks of a resource or a finding.
fn condition() -> impl Strategy<Value = String> {
    prop_oneof![
        (select(&KEYS), select(&VALUES)).prop_map(|(key, value)| format!(
            r#"resource.hasTag("{key}") && resource.getTag("{key}") == "{value}""#
        )),
        select(&[0, 40, 70, 90]).prop_map(|severity| format!("context.severity >= {severity}")),
        select(&["none", "cloudformation"])
            .prop_map(|owner| format!(r#"resource.owner == "{owner}""#)),
        // Where the tag is missing this cannot be evaluated.
        select(&KEYS).prop_map(|key| format!(r#"resource.getTag("{key}") == "True""#)),
        Just("true".to_owned()),
    ]
}

fn policy(effect: &'static str) -> impl Strategy<Value = String> {
    let action = select(&[
        "action",
        r#"action == Action::"ec2/close_world_ingress""#,
        r#"action in Action::"ec2""#,
        r#"action in Action::"interrupts""#,
    ]);
    let mode = match effect {
        "permit" => select(&[r#"@mode("enforce")"#, r#"@mode("approve")"#, r#"@mode("dry-run")"#]),
        _ => select(&["", "", ""]),
    };
    (mode, action, condition()).prop_map(move |(mode, action, condition)| {
        format!("{mode} {effect} (principal, {action}, resource) when {{ {condition} }};")
    })
}

fn set(policies: &[String]) -> String {
    let with_id =
        policies.iter().enumerate().map(|(nth, text)| format!("@id(\"p{nth}\") {text}\n"));
    with_id.collect()
}

/// What these policies let be done with a group that has these tags.
fn handled(policies: &[String], given: &[(&str, &str)]) -> (World, Page) {
    let w = world();
    w.cloud.edit("sg-1", |group| group.tags = tags(given));
    let scope = Scope::load(&set(policies)).unwrap();
    w.desk.order(|orders| orders.scope = scope);
    let page = w.handled(&w.signal);
    (w, page)
}

fn pairs() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    vec((select(&KEYS), select(&VALUES)), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_a_permit_that_applies_nothing_is_touched(
        permits in vec(policy("permit"), 1..4),
        forbids in vec(policy("forbid"), 0..3),
        given in pairs(),
    ) {
        let policies = [permits, forbids].concat();
        let (w, page) = handled(&policies, &given);
        let verdict = page.verdict.clone().unwrap();
        if !verdict.is_permitted() {
            prop_assert!(w.is_untouched(), "{}\n{:?}\n{}", set(&policies), given, why(&page));
            prop_assert!(page.asks.is_none(), "nobody is asked about what is not permitted");
        }
        if !w.is_untouched() {
            prop_assert!(given.contains(&("AutoRemediate", "True")), "IAM would have refused it");
        }
    }

    #[test]
    fn a_forbid_more_enables_nothing(
        permits in vec(policy("permit"), 1..4),
        forbids in vec(policy("forbid"), 0..2),
        more in policy("forbid"),
        given in pairs(),
    ) {
        let before = [permits, forbids].concat();
        let after = [before.clone(), vec![more]].concat();
        let (was, is) = (handled(&before, &given), handled(&after, &given));
        if was.0.is_untouched() {
            prop_assert!(is.0.is_untouched(), "{}\n{:?}", set(&after), given);
        }
        if was.1.asks.is_none() && was.0.is_untouched() {
            prop_assert!(is.1.asks.is_none(), "{}\n{:?}", set(&after), given);
        }
    }
}

#[test]
fn what_the_policies_say_is_on_record_and_in_the_message() {
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);
    let tagged = [("AutoRemediate", "True")];
    let prod = [("AutoRemediate", "True"), ("env", "prod")];
    let ours = r#"@mode("enforce") permit (principal, action, resource)
                  when { resource.hasTag("AutoRemediate") };"#;
    let not_prod = r#"@reason("the shop's people do that") forbid (principal, action, resource)
                      when { resource.hasTag("env") && resource.getTag("env") == "prod" };"#;
    let unclear =
        r#"forbid (principal, action, resource) when { resource.getTag("env") == "prod" };"#;
    let severe = r#"@mode("enforce") permit (principal, action, resource)
                    when { context.severity >= 90 };"#;
    let cases: &[Case<'_>] = &[
        (&[ours, not_prod], &tagged, "2 of 2 changes made and verified"),
        (&[ours, not_prod], &prod, "policy p1 forbids it: the shop's people do that"),
        (&[ours, not_prod], &[], "it is not in scope: the tag AutoRemediate=True is missing"),
        (&[ours, unclear], &tagged, "policy p1 forbids it: `Resource::"),
        (&[severe], &tagged, "it is not in scope: no policy permits it"),
    ];
    for (policies, given, said) in cases {
        let policies: Vec<_> = policies.iter().map(|text| (*text).to_owned()).collect();
        let (w, page) = handled(&policies, given);
        assert!(why(&page).starts_with(said), "{}", why(&page));
        assert_eq!(w.is_untouched(), page.outcome != Outcome::Fixed);
    }
}

#[test]
fn where_a_source_says_no_severity_the_remediations_own_counts() {
    let severe = r#"@id("severe") @mode("enforce") permit (principal, action, resource)
                    when { context.severity >= 70 };"#;
    for (source, outcome) in [(Source::CloudTrail, "fixed"), (Source::SecurityHub, "held")] {
        let mut w = world();
        w.desk.order(|orders| orders.scope = Scope::load(severe).unwrap());
        (w.signal.source, w.signal.severity) = (source, Severity::Informational);
        assert_eq!(w.handled(&w.signal).outcome.word(), outcome, "{source:?}");
    }
}

#[test]
fn a_policy_can_name_what_was_found_and_who_asks() {
    let policies = [
        r#"@mode("enforce") permit (principal, action, resource)
           when { context.trigger == "EC2.19" && context.source == "security-hub" };"#,
        r#"@reason("Bob is on leave") forbid (principal == Person::"bob", action, resource);"#,
    ];
    let policies = policies.map(str::to_owned);
    for (trigger, asked_by, outcome) in [
        ("EC2.19", None, "fixed"),
        ("EC2.13", None, "held"),
        ("EC2.19", Some("ada"), "fixed"),
        ("EC2.19", Some("bob"), "held"),
    ] {
        let mut w = world();
        let scope = Scope::load(&set(&policies)).unwrap();
        w.desk.order(|orders| orders.scope = scope);
        w.signal.trigger = Trigger::control(trigger);
        w.signal.asked_by = asked_by.map(str::to_owned);
        assert_eq!(w.handled(&w.signal).outcome.word(), outcome, "{trigger} {asked_by:?}");
    }
}
