use catalog::audit::{AccountTrail, Reach, Trails, TrailsChange, TrailsId};
use runtime::Error;
use script::{Answer, Script};

use super::{apply, asked, no, refused, says, yes};

pub(super) const MAIN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";
pub(super) const FOUND: &str = r#"{"trailList":[{"Name":"main","HomeRegion":"eu-west-1","IsMultiRegionTrail":true,
    "IncludeGlobalServiceEvents":true,"IsOrganizationTrail":false,"HasCustomEventSelectors":false,
    "CloudWatchLogsLogGroupArn":"arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
    "TrailARN":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"}]}"#;
const TAGS: &str = r#"{"ResourceTagList":[{"ResourceId":
    "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main","TagsList":[{"Key":"a","Value":"b"}]}]}"#;
const SELECTORS: &str = r#"{"EventSelectors":[{"ReadWriteType":"WriteOnly"}]}"#;

fn account() -> TrailsId {
    TrailsId("111122223333".into())
}

async fn load(script: &Script) -> Result<Option<Trails>, Error> {
    super::load(script, &account()).await
}

/// What there is, that it records, and its tags.
pub(super) fn recording(found: &str) -> [(&'static str, Answer); 3] {
    [
        ("DescribeTrails", yes(found)),
        ("GetTrailStatus", yes(r#"{"IsLogging":true}"#)),
        ("ListTags", yes(TAGS)),
    ]
}

#[tokio::test]
async fn trails_are_read_with_their_state_and_tags() {
    let script = says(recording(FOUND));
    let expected = AccountTrail {
        arn: MAIN.into(),
        home: "eu-west-1".into(),
        organization: false,
        reach: Reach { every_region: true, global: true },
        logging: true,
        complete: true,
        group: Some("arn:aws:logs:eu-west-1:111122223333:log-group:trail:*".into()),
        tags: [("a".into(), "b".into())].into(),
    };
    assert_eq!(load(&script).await, Ok(Some(Trails { trails: vec![expected] })));
    let asked = asked(&script);
    assert_eq!(asked[0], r#"DescribeTrails {"includeShadowTrails":true}"#);
    assert_eq!(asked[1], format!(r#"GetTrailStatus {{"Name":"{MAIN}"}}"#));
}

#[tokio::test]
async fn event_selectors_are_looked_at_where_there_are_some() {
    let found =
        FOUND.replace(r#""HasCustomEventSelectors":false"#, r#""HasCustomEventSelectors":true"#);
    let selectors = ("GetEventSelectors", yes(SELECTORS));
    let script = says(recording(&found).into_iter().chain([selectors]));
    assert!(!load(&script).await.unwrap().unwrap().trails[0].complete);
}

#[tokio::test]
async fn tags_are_read_of_what_can_be_changed_from_here_only() {
    for (from, to) in [
        (r#""HomeRegion":"eu-west-1""#, r#""HomeRegion":"us-east-1""#),
        (MAIN, "arn:aws:cloudtrail:eu-west-1:444455556666:trail/main"),
    ] {
        let script = says(recording(&FOUND.replace(from, to)));
        assert_eq!(load(&script).await.unwrap().unwrap().trails[0].tags.len(), 0);
        assert!(!asked(&script).iter().any(|call| call.starts_with("ListTags")));
    }
}

#[tokio::test]
async fn no_trails_are_an_answer_and_half_of_one_is_an_error() {
    let none = says([("DescribeTrails", yes(r#"{"trailList":[]}"#))]);
    assert_eq!(load(&none).await, Ok(Some(Trails::default())));
    let half = FOUND.replace(r#""IsMultiRegionTrail":true,"#, "");
    refused(load(&says(recording(&half))).await, "does not say which Regions it records");
    let silent = [("DescribeTrails", yes(FOUND)), ("GetTrailStatus", yes("{}"))];
    refused(load(&says(silent)).await, "does not say whether it records");
    let denied = says([("DescribeTrails", no("AccessDeniedException"))]);
    refused(load(&denied).await, "needs cloudtrail:DescribeTrails");
}

#[tokio::test]
async fn each_change_is_one_call() {
    let script =
        says([("UpdateTrail", yes("{}")), ("StartLogging", yes("{}")), ("StopLogging", yes("{}"))]);
    let trail = || MAIN.to_owned();
    let to = Reach { every_region: true, global: true };
    let changes = [
        TrailsChange::Reach { trail: trail(), from: Reach::default(), to },
        TrailsChange::Start { trail: trail() },
        TrailsChange::Stop { trail: trail() },
    ];
    let results = apply::<Trails>(&script, &account(), &changes).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(())]);
    assert_eq!(
        asked(&script),
        [
            format!(
                r#"UpdateTrail {{"Name":"{MAIN}","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":true}}"#
            ),
            format!(r#"StartLogging {{"Name":"{MAIN}"}}"#),
            format!(r#"StopLogging {{"Name":"{MAIN}"}}"#),
        ]
    );
}
