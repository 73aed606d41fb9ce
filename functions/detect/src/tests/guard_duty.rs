use std::sync::Arc;

use catalog::detect::{
    Detector, DetectorId, DetectorPart, DetectorPartId, DetectorSetting, DetectorState, Feature,
    GuardDuty, GuardDutyId, Runtime,
};
use lambda::{Accounts, Aws};
use remedy::Swap;
use runtime::Cloud;
use script::{Script, answer};

use super::{apply, home, load, no};
use crate::Detect;

const NOT_OURS: &str =
    "The request is rejected because the input detectorId is not owned by the current account.";

fn account() -> GuardDutyId {
    GuardDutyId("111122223333".into())
}

fn listed(ids: &str) -> script::Answer {
    answer(200, &format!(r#"{{"detectorIds":[{ids}]}}"#))
}

fn swap(from: DetectorState, to: DetectorState) -> [Swap<DetectorState>; 1] {
    [Swap { from, to }]
}

#[tokio::test]
async fn a_detector_is_found_by_its_account_with_its_tags() {
    for (status, state) in [("ENABLED", DetectorState::On), ("DISABLED", DetectorState::Suspended)]
    {
        let found = format!(r#"{{"status":"{status}","tags":{{"AutoRemediate":"True"}}}}"#);
        let script = Script::of([listed(r#""12ab""#), answer(200, &found)]);
        let found = load::<GuardDuty>(&script, &account()).await.unwrap().unwrap();
        assert_eq!((found.state, found.tags.len()), (state, 1));
    }
}

#[tokio::test]
async fn none_is_missing_and_what_cannot_be_read_is_an_error() {
    for answers in
        [vec![listed("")], vec![listed(r#""12ab""#), no(400, "BadRequestException", NOT_OURS)]]
    {
        let found = load::<GuardDuty>(&Script::of(answers), &account()).await.unwrap().unwrap();
        assert_eq!(found.state, DetectorState::Missing);
    }
    let script = Script::of([no(403, "AccessDeniedException", "no")]);
    let error = load::<GuardDuty>(&script, &account()).await.unwrap_err().to_string();
    assert!(error.contains("kintsugi-detect needs guardduty:ListDetectors"), "{error}");
    let script = Script::of([listed(r#""12ab""#), answer(200, "{}")]);
    assert!(load::<GuardDuty>(&script, &account()).await.is_err());
}

#[tokio::test]
async fn a_detector_that_is_made_gets_the_opt_in_tag_and_one_that_came_in_between_is_used() {
    let on = swap(DetectorState::Missing, DetectorState::On);
    let script = Script::of([listed(""), answer(200, r#"{"detectorId":"12ab"}"#)]);
    assert_eq!(apply::<GuardDuty>(&script, &account(), &on).await, [Ok(())]);
    let body = &script.bodies()[1];
    assert!(
        body.contains(r#""enable":true"#) && body.contains(r#""tags":{"AutoRemediate":"True"}"#),
        "{body}"
    );
    let script = Script::of([listed(r#""12ab""#), answer(200, "{}")]);
    assert_eq!(apply::<GuardDuty>(&script, &account(), &on).await, [Ok(())]);
    assert_eq!(script.bodies()[1], r#"{"enable":true}"#);
}

#[tokio::test]
async fn who_only_undoes_makes_none_and_nobody_deletes_one() {
    let script = Script::of([listed("")]);
    let accounts = Accounts::new(home(), "kintsugi-respond", "", Aws::new(script.config()));
    let undoes = Detect::new(&Arc::new(accounts));
    let on = swap(DetectorState::Suspended, DetectorState::On);
    let results = Cloud::<GuardDuty>::apply(&undoes, &home(), &account(), &on).await;
    assert!(results[0].as_ref().unwrap_err().to_string().contains("none is made here"));
    let gone = swap(DetectorState::On, DetectorState::Missing);
    assert!(apply::<GuardDuty>(&Script::of([]), &account(), &gone).await[0].is_err());
}

#[tokio::test]
async fn a_detector_is_read_with_its_features_and_who_decides_them() {
    let found = r#"{"status":"ENABLED","features":[{"name":"S3_DATA_EVENTS","status":"ENABLED","managedBy":"GUARDDUTY_POLICY"},
        {"name":"FLOW_LOGS","status":"ENABLED"},{"name":"RUNTIME_MONITORING","status":"DISABLED","additionalConfiguration":
        [{"name":"EC2_AGENT_MANAGEMENT","status":"ENABLED"}]},{"name":"EKS_RUNTIME_MONITORING","status":"ENABLED"}]}"#;
    let script = Script::of([answer(200, found)]);
    let found = load::<Detector>(&script, &DetectorId::One("12ab".into())).await.unwrap().unwrap();
    assert_eq!(found.features, [(Feature::S3DataEvents, true)].into());
    let agents = [("EC2_AGENT_MANAGEMENT".into(), true)].into();
    assert_eq!(found.runtime, Some(Runtime { on: false, agents }));
    assert_eq!(found.forerunner.map(|runtime| runtime.on), Some(true));
    assert_eq!(found.managed, ["S3_DATA_EVENTS".into()].into());
}

#[tokio::test]
async fn features_are_set_by_one_call_that_names_no_others() {
    let runtime = |on, agent| {
        let agents =
            [("EC2_AGENT_MANAGEMENT".into(), agent), ("EKS_ADDON_MANAGEMENT".into(), false)];
        DetectorSetting::Runtime(Runtime { on, agents: agents.into() })
    };
    let feature = |on| DetectorSetting::Feature(Feature::RdsLoginEvents, on);
    let changes = [
        Swap { from: feature(false), to: feature(true) },
        Swap { from: runtime(false, false), to: runtime(true, true) },
    ];
    let script = Script::of([listed(r#""12ab""#), answer(200, "{}")]);
    let id = DetectorId::Of("111122223333".into());
    assert_eq!(apply::<Detector>(&script, &id, &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        script.bodies()[1],
        r#"{"features":[{"name":"RDS_LOGIN_EVENTS","status":"ENABLED"},{"name":"RUNTIME_MONITORING","status":"ENABLED","additionalConfiguration":[{"name":"EC2_AGENT_MANAGEMENT","status":"ENABLED"},{"name":"EKS_ADDON_MANAGEMENT","status":"DISABLED"}]}]}"#
    );
}

#[tokio::test]
async fn the_tags_of_a_part_are_read_by_its_name() {
    let script = Script::of([answer(200, r#"{"tags":{"Owner":"web"}}"#)]);
    let id = DetectorPartId("12ab/filter/noise".into());
    let found = load::<DetectorPart>(&script, &id).await.unwrap().unwrap();
    assert_eq!(found.tags, [("Owner".into(), "web".into())].into());
    assert!(script.requests()[0].uri.contains("detector%2F12ab%2Ffilter%2Fnoise"));
}
