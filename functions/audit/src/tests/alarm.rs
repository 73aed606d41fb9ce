use catalog::audit::{Alarm, AlarmId, AlarmSetting, AlarmState};
use remedy::Swap;
use runtime::Error;
use script::{Answer, Script};

use super::{apply, asked, cbor, cbor::Item, refused, says};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:ops";

fn web() -> AlarmId {
    AlarmId("web".into())
}

async fn load(script: &Script) -> Result<Option<Alarm>, Error> {
    super::load(script, &web()).await
}

fn found(kind: &str, alarm: &[(&str, Item)]) -> Answer {
    cbor::yes(&[(kind, cbor::list(&[cbor::map(alarm)]))])
}

fn tags() -> (&'static str, Answer) {
    let tag = cbor::map(&[("Key", cbor::text("a")), ("Value", cbor::text("b"))]);
    ("ListTagsForResource", cbor::yes(&[("Tags", cbor::list(&[tag]))]))
}

#[tokio::test]
async fn an_alarm_is_read_with_its_tags() {
    let topics = || cbor::list(&[cbor::text(TOPIC)]);
    let alarm = [
        ("ActionsEnabled", cbor::flag(false)),
        ("AlarmActions", topics()),
        ("OKActions", topics()),
    ];
    let script = says([("DescribeAlarms", found("MetricAlarms", &alarm)), tags()]);
    let expected = Alarm {
        alarm: vec![TOPIC.into()],
        ok: vec![TOPIC.into()],
        tags: [("a".into(), "b".into())].into(),
        ..Alarm::default()
    };
    assert_eq!(load(&script).await, Ok(Some(expected)));
    let asked = asked(&script);
    assert!(asked[0].contains("web") && asked[0].contains("CompositeAlarm"), "{asked:?}");
    assert!(asked[1].contains("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web"), "{asked:?}");
}

#[tokio::test]
async fn one_that_does_nothing_is_asked_what_it_is_part_of() {
    let alarm = [("ActionsEnabled", cbor::flag(true))];
    let parent = [("AlarmName", cbor::text("shop"))];
    let script = says([
        ("DescribeAlarms", found("MetricAlarms", &alarm)),
        tags(),
        ("DescribeAlarms", found("CompositeAlarms", &parent)),
    ]);
    let alarm = load(&script).await.unwrap().unwrap();
    assert_eq!((alarm.enabled, alarm.parents), (true, vec!["shop".to_owned()]));
    assert!(asked(&script)[2].contains("ParentsOfAlarmName"));
}

#[tokio::test]
async fn a_composite_alarm_is_read_as_well() {
    let alarm = [("ActionsEnabled", cbor::flag(true))];
    let script = says([("DescribeAlarms", found("CompositeAlarms", &alarm)), tags()]);
    let alarm = load(&script).await.unwrap().unwrap();
    assert!(alarm.composite && alarm.enabled);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&says([("DescribeAlarms", cbor::yes(&[]))])).await, Ok(None));
    let silent = says([("DescribeAlarms", found("MetricAlarms", &[])), tags()]);
    refused(load(&silent).await, "does not say whether its actions are on");
    let denied = says([("DescribeAlarms", cbor::no("AccessDenied"))]);
    refused(load(&denied).await, "needs cloudwatch:DescribeAlarms");
}

#[tokio::test]
async fn actions_are_turned_on_and_off() {
    let yes = || cbor::yes(&[]);
    let script = says([("EnableAlarmActions", yes()), ("DisableAlarmActions", yes())]);
    let (on, off) = (AlarmSetting::Enabled(true), AlarmSetting::Enabled(false));
    let changes = [Swap { from: off.clone(), to: on.clone() }, Swap { from: on, to: off }];
    assert_eq!(apply::<Alarm>(&script, &web(), &changes).await, [Ok(()), Ok(())]);
    assert!(asked(&script).iter().all(|call| call.contains("AlarmNames") && call.contains("web")));
}

fn silence(actions: &[&str]) -> Swap<AlarmSetting> {
    let actions = actions.iter().map(|action| (*action).to_owned()).collect();
    let from = AlarmSetting::Actions(AlarmState::Alarm, Vec::new());
    Swap { from, to: AlarmSetting::Actions(AlarmState::Alarm, actions) }
}

#[tokio::test]
async fn an_action_is_given_and_all_else_is_kept() {
    let dimension = cbor::map(&[("Name", cbor::text("Service")), ("Value", cbor::text("shop"))]);
    let alarm = [
        ("AlarmName", cbor::text("web")),
        ("AlarmDescription", cbor::text("it is slow")),
        ("ActionsEnabled", cbor::flag(true)),
        ("OKActions", cbor::list(&[cbor::text("arn:aws:sns:ok")])),
        ("InsufficientDataActions", cbor::list(&[cbor::text("arn:aws:sns:none")])),
        ("MetricName", cbor::text("Latency")),
        ("Namespace", cbor::text("Shop")),
        ("ExtendedStatistic", cbor::text("p99")),
        ("Dimensions", cbor::list(&[dimension])),
        ("Period", cbor::number(60)),
        ("Unit", cbor::text("Seconds")),
        ("EvaluationPeriods", cbor::number(5)),
        ("DatapointsToAlarm", cbor::number(3)),
        ("Threshold", cbor::float(2.5)),
        ("ComparisonOperator", cbor::text("GreaterThanThreshold")),
        ("TreatMissingData", cbor::text("ignore")),
        ("EvaluateLowSampleCountPercentile", cbor::text("ignore")),
        ("StateValue", cbor::text("OK")),
    ];
    let script = says([
        ("DescribeAlarms", found("MetricAlarms", &alarm)),
        ("PutMetricAlarm", cbor::yes(&[])),
    ]);
    let results = apply::<Alarm>(&script, &web(), &[silence(&[TOPIC])]).await;
    assert_eq!(results, [Ok(())]);
    let put = &asked(&script)[1];
    let kept = [
        "web",
        "it is slow",
        "arn:aws:sns:ok",
        "arn:aws:sns:none",
        "Latency",
        "Shop",
        "p99",
        "Service",
        "shop",
        "Period",
        "Seconds",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "Threshold",
        "GreaterThanThreshold",
        "TreatMissingData",
        "EvaluateLowSampleCountPercentile",
        TOPIC,
    ];
    for text in kept {
        assert!(put.contains(text), "{text}: {put}");
    }
    assert!(!put.contains("StateValue"));
}

#[tokio::test]
async fn an_alarm_that_is_gone_or_of_no_known_kind_is_not_made_again() {
    let gone = says([("DescribeAlarms", cbor::yes(&[]))]);
    let odd =
        says([("DescribeAlarms", found("MetricAlarms", &[("AlarmName", cbor::text("web"))]))]);
    for (script, why) in [(gone, "it is gone"), (odd, "of a kind that is not known")] {
        let results = apply::<Alarm>(&script, &web(), &[silence(&[])]).await;
        refused(results.into_iter().next().unwrap(), why);
    }
}
