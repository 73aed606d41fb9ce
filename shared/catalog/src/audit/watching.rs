//! What [`WatchAccount`] makes and what it leaves.

use remedy::{
    Case, Facet, Left, Remediation, Signal, Trigger,
    check::{check, now, signal},
};

use super::{AccountTrail, MetricFilter, Reach, Watch, WatchAccount, WatchAlarm, patterns::ALL};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:audit";

fn trail(name: &str, group: &str) -> AccountTrail {
    AccountTrail {
        arn: format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/{name}"),
        home: "eu-west-1".into(),
        logging: true,
        complete: true,
        reach: Reach { every_region: true, global: true },
        group: Some(format!("arn:aws:logs:eu-west-1:111122223333:log-group:{group}:*")),
        ..AccountTrail::default()
    }
}

fn watch() -> Watch {
    let tags = [("AutoRemediate".into(), "True".into())].into();
    Watch {
        trails: vec![trail("main", "trail")],
        groups: [("trail".into(), tags)].into(),
        ..Watch::default()
    }
}

fn filter(name: &str, pattern: &str) -> MetricFilter {
    MetricFilter {
        group: "trail".into(),
        name: name.into(),
        pattern: pattern.into(),
        namespace: "CIS".into(),
        metric: name.into(),
        value: "1".into(),
        partial: false,
    }
}

fn remediation(topic: &str) -> WatchAccount {
    WatchAccount::configured(&[("AUDIT_TOPIC_ARN", topic)].into_iter().collect()).unwrap()
}

fn of(control: &Trigger) -> Signal {
    Signal { trigger: control.clone(), ..signal("AWS::::Account:111122223333") }
}

fn root() -> Signal {
    of(&Trigger::control("CloudWatch.1"))
}

#[track_caller]
fn watches(watch: &Watch, expected: &[&str]) {
    check(&remediation("arn:aws:sns:{region}:{account}:audit"), watch, &root(), expected);
}

/// The kind of what holds it, why, and how many commands there are.
#[track_caller]
fn left(topic: &str, watch: &Watch) -> (&'static str, String, usize) {
    check(&remediation(topic), watch, &root(), &[]);
    let plan = remediation(topic).plan(watch, &Case { signal: &root(), now: now() });
    let [Left { what, why }] = &plan.left[..] else { panic!("{:?}", plan.left) };
    assert_eq!(what, "nobody is told when the root user was used");
    (why.kind(), why.to_string(), plan.by_hand.len())
}

#[test]
fn what_nobody_watches_is_watched_and_told() {
    watches(
        &watch(),
        &[
            "add metric filter kintsugi-watch-root-use to log group trail",
            "add alarm kintsugi-watch-root-use on metric kintsugi-watch-root-use, which tells \
             arn:aws:sns:eu-west-1:111122223333:audit",
        ],
    );
}

#[test]
fn each_control_gets_its_own() {
    let mut all = watch();
    for pattern in ALL {
        let signal = of(&pattern.control);
        let plan = remediation(TOPIC).plan(&all, &Case { signal: &signal, now: now() });
        let name = format!("kintsugi-watch-{}", pattern.name);
        let alarm = format!("add alarm {name} on metric {name}, which tells {TOPIC}");
        let lines = [format!("add metric filter {name} to log group trail"), alarm];
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        check(&remediation(TOPIC), &all, &signal, &lines);
        all = plan.changes.iter().fold(all, Facet::after);
    }
    assert_eq!((all.filters.len(), all.alarms.len()), (14, 14));
}

#[test]
fn what_does_the_same_under_another_name_is_right() {
    let cis = filter(
        "CIS-1.1",
        r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
    );
    let alarm = WatchAlarm::on(&cis, "arn:aws:sns:eu-west-1:444455556666:security");
    let right = Watch {
        filters: [cis.clone()].into(),
        alarms: [("root".into(), alarm.clone())].into(),
        ..watch()
    };
    watches(&right, &[]);
    check(&remediation(""), &right, &root(), &[]);
    // A filter without an alarm that is heard gets one, and what is there stays as it is.
    let muted = WatchAlarm { enabled: false, ..alarm };
    for alarms in [[].into(), [("root".into(), muted)].into()] {
        let expected =
            format!("add alarm kintsugi-watch-root-use on metric CIS-1.1, which tells {TOPIC}");
        watches(
            &Watch { alarms, ..Watch { filters: [cis.clone()].into(), ..watch() } },
            &[&expected],
        );
    }
}

#[test]
fn what_counts_something_else_or_only_a_part_does_not_do() {
    let pattern = ALL[0].filter;
    for other in [
        filter("a", ALL[1].filter),
        MetricFilter { partial: true, ..filter("a", pattern) },
        MetricFilter { value: "0".into(), ..filter("a", pattern) },
        MetricFilter { value: "$.bytes".into(), ..filter("a", pattern) },
        MetricFilter { group: "other".into(), ..filter("a", pattern) },
    ] {
        let alarms = [("a".into(), WatchAlarm::on(&other, TOPIC))].into();
        let watch = Watch { filters: [other].into(), alarms, ..watch() };
        let plan = remediation(TOPIC).plan(&watch, &Case { signal: &root(), now: now() });
        assert_eq!(plan.changes.len(), 2);
    }
}

#[test]
fn without_a_topic_that_can_be_told_it_is_left_to_people() {
    let (kind, why, commands) = left("", &watch());
    assert_eq!((kind, commands), ("by-hand", 4));
    assert!(why.contains("AuditTopicArn"), "{why}");
    let (kind, why, commands) = left("arn:aws:sns:us-east-1:{account}:audit", &watch());
    assert_eq!((kind, commands), ("by-hand", 2));
    assert!(why.contains("another Region"), "{why}");
}

#[test]
fn without_a_trail_that_records_all_of_it_into_a_log_group_there_is_nothing_to_watch() {
    let main = trail("main", "trail");
    for trails in [
        vec![],
        vec![AccountTrail { logging: false, ..main.clone() }],
        vec![AccountTrail { complete: false, ..main.clone() }],
        vec![AccountTrail { reach: Reach::default(), ..main.clone() }],
        vec![AccountTrail { home: "us-east-1".into(), ..main.clone() }],
        vec![AccountTrail { group: None, ..main.clone() }],
        vec![trail("main", "deleted")],
        vec![AccountTrail {
            arn: "arn:aws:cloudtrail:eu-west-1:444455556666:trail/all".into(),
            ..main
        }],
    ] {
        let (kind, why, commands) = left(TOPIC, &Watch { trails, ..watch() });
        assert_eq!((kind, commands), ("by-hand", 0));
        assert!(why.contains("CloudTrail.1 and CloudTrail.5"), "{why}");
    }
}

#[test]
fn a_log_group_that_is_out_of_scope_or_full_is_left_to_people() {
    let untagged = Watch { groups: [("trail".into(), [].into())].into(), ..watch() };
    assert_eq!((left(TOPIC, &untagged).0, left(TOPIC, &untagged).2), ("not-opted-in", 2));
    let filters = (0..100).map(|nth| filter(&format!("f{nth}"), "x")).collect();
    let (kind, why, _) = left(TOPIC, &Watch { filters, ..watch() });
    assert_eq!(kind, "by-hand");
    assert!(why.contains("has 100 metric filters, and can have no more"), "{why}");
}

#[test]
fn what_carries_our_name_and_was_edited_is_left_to_people() {
    let ours = "kintsugi-watch-root-use";
    let filters = [filter(ours, "{ $.userIdentity.type = Root }")].into();
    assert!(left(TOPIC, &Watch { filters, ..watch() }).1.contains("finds something else"));
    let good = filter("a", ALL[0].filter);
    let muted = WatchAlarm { actions: vec![], ..WatchAlarm::on(&good, TOPIC) };
    let edited = Watch { filters: [good].into(), alarms: [(ours.into(), muted)].into(), ..watch() };
    assert!(left(TOPIC, &edited).1.contains("is not heard"));
}

#[test]
fn the_commands_are_those_of_the_cli() {
    let plan = remediation("").plan(&watch(), &Case { signal: &root(), now: now() });
    assert_eq!(
        plan.by_hand[2..],
        [
            "aws logs put-metric-filter --region eu-west-1 --log-group-name trail --filter-name \
             kintsugi-watch-root-use --filter-pattern '{$.userIdentity.type=\"Root\" && \
             $.userIdentity.invokedBy NOT EXISTS && $.eventType !=\"AwsServiceEvent\"}' \
             --metric-transformations metricName=kintsugi-watch-root-use,metricNamespace=LogMetrics,\
             metricValue=1,defaultValue=0",
            "aws cloudwatch put-metric-alarm --region eu-west-1 --alarm-name kintsugi-watch-root-use \
             --namespace LogMetrics --metric-name kintsugi-watch-root-use --statistic Sum --period 300 \
             --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold \
             --treat-missing-data notBreaching --alarm-actions arn:aws:sns:eu-west-1:111122223333:audit \
             --tags Key=AutoRemediate,Value=True",
        ]
    );
}
