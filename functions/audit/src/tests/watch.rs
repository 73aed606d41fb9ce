use catalog::audit::{MetricFilter, OurAlarm, Watch, WatchAlarm, WatchChange, WatchId};
use runtime::Error;
use script::{Answer, Script};

use super::{apply, asked, cbor, no, refused, says, trails, yes};

const FILTERS: &str = r#"{"metricFilters":[{"filterName":"root","filterPattern":"{ $.a = b }",
    "metricTransformations":[{"metricName":"Root","metricNamespace":"CIS","metricValue":"1"}]}],"nextToken":"t"}"#;
const MORE: &str = r#"{"metricFilters":[{"filterName":"some","filterPattern":"",
    "metricTransformations":[{"metricName":"Some","metricNamespace":"CIS","metricValue":"1",
    "dimensions":{"a":"$.a"}}]}]}"#;
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:audit";

fn account() -> WatchId {
    WatchId("111122223333".into())
}

async fn load(script: &Script) -> Result<Option<Watch>, Error> {
    super::load(script, &account()).await
}

fn root() -> MetricFilter {
    MetricFilter {
        group: "trail".into(),
        name: "root".into(),
        pattern: "{ $.a = b }".into(),
        namespace: "CIS".into(),
        metric: "Root".into(),
        value: "1".into(),
        partial: false,
    }
}

fn alarm() -> WatchAlarm {
    WatchAlarm {
        namespace: "CIS".into(),
        metric: "Root".into(),
        statistic: "Sum".into(),
        comparison: "GreaterThanOrEqualToThreshold".into(),
        threshold: 1.0,
        periods: 1,
        partial: false,
        enabled: true,
        actions: vec![TOPIC.into()],
    }
}

fn ours() -> OurAlarm {
    let tag = ("AutoRemediate".into(), "True".into());
    OurAlarm { name: "kintsugi-watch-x".into(), alarm: alarm(), tag }
}

fn alarms() -> Answer {
    let found = |name: &str, namespace: &str| {
        cbor::map(&[
            ("AlarmName", cbor::text(name)),
            ("ActionsEnabled", cbor::flag(true)),
            ("AlarmActions", cbor::list(&[cbor::text(TOPIC)])),
            ("MetricName", cbor::text("Root")),
            ("Namespace", cbor::text(namespace)),
            ("Statistic", cbor::text("Sum")),
            ("EvaluationPeriods", cbor::number(1)),
            ("Threshold", cbor::float(1.0)),
            ("ComparisonOperator", cbor::text("GreaterThanOrEqualToThreshold")),
        ])
    };
    let all = [found("root", "CIS"), found("other", "Shop"), found("kintsugi-watch-x", "Shop")];
    cbor::yes(&[("MetricAlarms", cbor::list(&all))])
}

#[tokio::test]
async fn what_is_watched_is_read_from_the_trail_to_the_alarm() {
    let watched = [
        ("DescribeMetricFilters", yes(FILTERS)),
        ("DescribeMetricFilters", yes(MORE)),
        ("ListTagsForResource", yes(r#"{"tags":{"a":"b"}}"#)),
        ("DescribeAlarms", alarms()),
    ];
    let script = says(trails::recording(trails::FOUND).into_iter().chain(watched));
    let watch = load(&script).await.unwrap().unwrap();
    assert_eq!(watch.groups, [("trail".into(), [("a".into(), "b".into())].into())].into());
    let some = MetricFilter {
        name: "some".into(),
        pattern: String::new(),
        metric: "Some".into(),
        partial: true,
        ..root()
    };
    assert_eq!(watch.filters, [root(), some].into());
    assert_eq!(watch.alarms.keys().collect::<Vec<_>>(), ["kintsugi-watch-x", "root"]);
    assert_eq!(watch.alarms["root"], alarm());
}

#[tokio::test]
async fn a_log_group_that_is_gone_is_left_out_and_one_of_another_place_is_not_looked_for() {
    let gone = ("DescribeMetricFilters", no("ResourceNotFoundException"));
    let script = says(trails::recording(trails::FOUND).into_iter().chain([gone]));
    let watch = load(&script).await.unwrap().unwrap();
    assert_eq!((watch.trails.len(), watch.groups.len()), (1, 0));
    let elsewhere = trails::FOUND.replace("logs:eu-west-1:", "logs:us-east-1:");
    let script = says(trails::recording(&elsewhere));
    assert_eq!(load(&script).await.unwrap().unwrap().groups.len(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    let denied = ("DescribeMetricFilters", no("AccessDeniedException"));
    let script = says(trails::recording(trails::FOUND).into_iter().chain([denied]));
    refused(load(&script).await, "needs logs:DescribeMetricFilters");
    let watched = [
        ("DescribeMetricFilters", yes(MORE)),
        ("ListTagsForResource", yes("{}")),
        ("DescribeAlarms", cbor::no("AccessDenied")),
    ];
    let script = says(trails::recording(trails::FOUND).into_iter().chain(watched));
    refused(load(&script).await, "needs cloudwatch:DescribeAlarms");
}

#[tokio::test]
async fn a_filter_and_an_alarm_are_made_by_one_call_each() {
    let script = says([("PutMetricFilter", yes("")), ("PutMetricAlarm", cbor::yes(&[]))]);
    let changes = [WatchChange::AddFilter(root()), WatchChange::AddAlarm(ours())];
    assert_eq!(apply::<Watch>(&script, &account(), &changes).await, [Ok(()), Ok(())]);
    let asked = asked(&script);
    assert_eq!(
        asked[0],
        r#"PutMetricFilter {"logGroupName":"trail","filterName":"root","filterPattern":"{ $.a = b }","metricTransformations":[{"metricName":"Root","metricNamespace":"CIS","metricValue":"1","defaultValue":0.0}]}"#
    );
    for text in ["kintsugi-watch-x", "CIS", "Root", "Sum", "notBreaching", "AutoRemediate", TOPIC] {
        assert!(asked[1].contains(text), "{text}: {}", asked[1]);
    }
}

#[tokio::test]
async fn they_are_deleted_and_what_is_gone_already_is_deleted_too() {
    let gone = [
        ("DeleteAlarms", cbor::no("ResourceNotFound")),
        ("DeleteMetricFilter", no("ResourceNotFoundException")),
    ];
    for script in
        [says([("DeleteAlarms", cbor::yes(&[])), ("DeleteMetricFilter", yes(""))]), says(gone)]
    {
        let changes = [WatchChange::RemoveAlarm(ours()), WatchChange::RemoveFilter(root())];
        assert_eq!(apply::<Watch>(&script, &account(), &changes).await, [Ok(()), Ok(())]);
        assert!(asked(&script)[0].contains("kintsugi-watch-x"));
        assert_eq!(
            asked(&script)[1],
            r#"DeleteMetricFilter {"logGroupName":"trail","filterName":"root"}"#
        );
    }
}
