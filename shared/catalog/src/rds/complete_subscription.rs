//! Lets an event subscription tell of what is critical too: the categories that the control asks for are
//! added to those that it has.
//!
//! One that tells of all categories, or of all sources, misses nothing; what it tells of is decided by its
//! own kind of source. Subscriptions that are missing are not made: whom they should tell only people know.

use std::collections::BTreeSet;

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{EventSubscription, EventSubscriptionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct CompleteSubscription;

impl Remediation for CompleteSubscription {
    type Facet = EventSubscription;

    const SPEC: Spec = Spec {
        id: "rds/complete_subscription",
        title: "Add critical events to an event subscription",
        triggers: &[
            Trigger::control("RDS.19"),
            Trigger::control("RDS.20"),
            Trigger::control("RDS.21"),
            Trigger::control("RDS.22"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Categories are added to those that are there; one that tells of all stays as it is.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(
        &self,
        subscription: &EventSubscription,
        _: &Case<'_>,
    ) -> Plan<Swap<EventSubscriptionSetting>> {
        let Some(source) = &subscription.source else { return Plan::none() };
        let critical = critical(source);
        if critical.is_empty() {
            return Plan::none();
        }
        let mut wanted = subscription.categories.clone();
        if !wanted.is_empty() {
            wanted.extend(critical.iter().map(|category| (*category).to_owned()));
        }
        let list = |list: &BTreeSet<String>| EventSubscriptionSetting::Categories {
            source: source.clone(),
            list: list.clone(),
        };
        let on = EventSubscriptionSetting::Enabled;
        let more = Swap::of(list(&subscription.categories), list(&wanted));
        more.into_iter().chain(Swap::of(on(subscription.enabled), on(true))).collect()
    }
}

/// What is critical of a kind of source.
fn critical(source: &str) -> &'static [&'static str] {
    match source {
        "db-cluster" => &["failure", "maintenance"],
        "db-instance" => &["configuration change", "failure", "maintenance"],
        "db-parameter-group" => &["configuration change"],
        "db-security-group" => &["configuration change", "failure"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet, Id, Place,
        check::{check, signal},
    };

    use super::{super::EventSubscriptionId, *};

    const ALL: &str = "arn:aws:rds:eu-west-1:111122223333:es:all";

    fn tells(source: &str, categories: &[&str]) -> EventSubscription {
        EventSubscription {
            source: Some(source.into()),
            categories: categories.iter().map(|category| (*category).into()).collect(),
            enabled: true,
            ..EventSubscription::default()
        }
    }

    #[test]
    fn what_is_missing_is_added_to_what_is_there() {
        check(
            &CompleteSubscription,
            &tells("db-instance", &["backup", "failure"]),
            &signal(ALL),
            &["set notifications of backup, configuration change, failure, maintenance \
               (it is notifications of backup, failure)"],
        );
        check(
            &CompleteSubscription,
            &tells("db-security-group", &["failure"]),
            &signal(ALL),
            &[
                "set notifications of configuration change, failure (it is notifications of failure)",
            ],
        );
    }

    #[test]
    fn one_that_tells_of_all_or_of_something_else_is_left_alone() {
        for subscription in [
            tells("db-cluster", &[]),
            tells("db-cluster", &["failover", "failure", "maintenance"]),
            tells("db-parameter-group", &["configuration change"]),
            tells("db-snapshot", &["creation"]),
            EventSubscription { source: None, ..tells("", &[]) },
        ] {
            check(&CompleteSubscription, &subscription, &signal(ALL), &[]);
        }
    }

    #[test]
    fn one_that_tells_nothing_tells_again() {
        let off = EventSubscription { enabled: false, ..tells("db-cluster", &[]) };
        let expected = ["set notifications on (it is notifications off)"];
        check(&CompleteSubscription, &off, &signal(ALL), &expected);
    }

    #[test]
    fn a_category_of_two_words_is_one_word_to_the_shell() {
        let change = Swap {
            from: EventSubscriptionSetting::Enabled(false),
            to: EventSubscriptionSetting::Categories {
                source: "db-instance".into(),
                list: ["configuration change".into(), "failure".into()].into(),
            },
        };
        let id = EventSubscriptionId::locate(ALL).unwrap();
        let place = Place::new("111122223333", "eu-west-1");
        assert_eq!(
            EventSubscription::commands(&place, &id, &[change]),
            ["aws rds modify-event-subscription --region eu-west-1 --subscription-name all \
              --source-type db-instance --event-categories 'configuration change' failure"]
        );
    }
}
