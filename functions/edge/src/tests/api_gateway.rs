use catalog::edge::{
    AccessLogs, LogLevel, Protocol, RestStage, RestStageId, RestStageSetting, Route, RouteDefaults,
    RouteId, V2Stage, V2StageId, V2StageSetting,
};
use remedy::Swap;
use runtime::Cloud;
use script::{Answer, Script, answer};

use super::{apply, edge, home, not};

/// Says of each path what is said of it.
fn by_path(answers: impl IntoIterator<Item = (&'static str, Answer)>) -> Script {
    let answers: Vec<_> = answers.into_iter().collect();
    Script::to(move |request| {
        let is_its = |(path, _): &&(&str, Answer)| {
            request.uri.split('?').next().is_some_and(|uri| uri.ends_with(path))
        };
        answers.iter().find(is_its).map(|(_, answer)| answer.clone())
    })
}

fn rest() -> RestStageId {
    RestStageId { api: "a1".into(), stage: "prod".into() }
}

fn v2() -> V2StageId {
    V2StageId { api: "a1".into(), stage: "$default".into() }
}

const ROLE: (&str, &str) = ("/account", r#"{"cloudwatchRoleArn":"arn:aws:iam::1:role/logs"}"#);

#[tokio::test]
async fn a_rest_stage_is_read_with_the_role_that_writes_its_logs() {
    let stage = r#"{"tracingEnabled":true,"tags":{"AutoRemediate":"True"},"methodSettings":{"~1pets/GET":
        {"loggingLevel":"INFO","cachingEnabled":true,"cacheDataEncrypted":false}}}"#;
    let script = by_path([("/stages/prod", answer(200, stage)), (ROLE.0, answer(200, ROLE.1))]);
    let found =
        Cloud::<RestStage>::load(&edge(&script), &home(), &rest(), &[]).await.unwrap().unwrap();
    assert_eq!(found.methods["*/*"].level, LogLevel::Off);
    let pets = &found.methods["~1pets/GET"];
    assert_eq!((pets.level, pets.caching, pets.encrypted), (LogLevel::Info, true, false));
    assert_eq!((found.traced, found.log_role.is_some(), found.tags.len()), (true, true, 1));
}

#[tokio::test]
async fn a_rest_stage_that_is_gone_is_none_and_half_a_one_is_an_error() {
    let script =
        by_path([("/stages/prod", not(404, "NotFoundException")), (ROLE.0, answer(200, ROLE.1))]);
    assert_eq!(Cloud::<RestStage>::load(&edge(&script), &home(), &rest(), &[]).await, Ok(None));
    let script =
        by_path([("/stages/prod", answer(200, "{}")), (ROLE.0, not(403, "AccessDeniedException"))]);
    let error = Cloud::<RestStage>::load(&edge(&script), &home(), &rest(), &[]).await.unwrap_err();
    assert!(error.to_string().contains("apigateway:GET on the account"), "{error}");
}

#[tokio::test]
async fn all_changes_of_a_rest_stage_are_one_patch() {
    let script = Script::of([answer(200, "{}")]);
    let level = |level| RestStageSetting::Level { method: "*/*".into(), level };
    let changes = [
        Swap { from: level(LogLevel::Off), to: level(LogLevel::Error) },
        Swap { from: RestStageSetting::Tracing(false), to: RestStageSetting::Tracing(true) },
    ];
    assert_eq!(apply::<RestStage>(&script, &rest(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        script.bodies(),
        [
            r#"{"patchOperations":[{"op":"replace","path":"/*/*/logging/loglevel","value":"ERROR"},{"op":"replace","path":"/tracingEnabled","value":"true"}]}"#
        ]
    );
}

#[tokio::test]
async fn a_v2_stage_is_read_with_what_its_api_speaks() {
    let stage = r#"{"defaultRouteSettings":{"throttlingBurstLimit":7,"throttlingRateLimit":1.5},"tags":
        {"AutoRemediate":"True"},"routeSettings":{"$connect":{"loggingLevel":"OFF"}}}"#;
    let script = by_path([
        ("/apis/a1", answer(200, r#"{"protocolType":"WEBSOCKET"}"#)),
        ("/stages/%24default", answer(200, stage)),
        (ROLE.0, answer(200, "{}")),
    ]);
    let found = Cloud::<V2Stage>::load(&edge(&script), &home(), &v2(), &[]).await.unwrap().unwrap();
    assert_eq!((found.protocol, found.log_role, found.accesses), (Protocol::WebSocket, None, None));
    assert_eq!((found.defaults.burst, found.defaults.rate), (Some(7), Some(1.5)));
    assert_eq!(found.routes, [("$connect".into(), LogLevel::Off)].into());
}

#[tokio::test]
async fn limits_are_sent_back_and_access_logs_come_and_go() {
    let script = Script::to(|request| {
        Some(answer(if request.method == "DELETE" { 204 } else { 200 }, "{}"))
    });
    let defaults = |level| {
        let (burst, rate) = (Some(7), Some(1.5));
        V2StageSetting::Defaults(RouteDefaults { level, burst, rate, ..RouteDefaults::default() })
    };
    let logs =
        Some(AccessLogs { destination: "arn:logs".into(), format: "$context.requestId".into() });
    let changes = [
        Swap { from: defaults(LogLevel::Off), to: defaults(LogLevel::Error) },
        Swap { from: V2StageSetting::Accesses(None), to: V2StageSetting::Accesses(logs.clone()) },
        Swap { from: V2StageSetting::Accesses(logs), to: V2StageSetting::Accesses(None) },
    ];
    assert_eq!(apply::<V2Stage>(&script, &v2(), &changes).await, [Ok(()), Ok(()), Ok(())]);
    let sent = script.requests();
    assert_eq!(
        [&sent[0].body, &sent[1].body, &sent[2].body],
        [
            r#"{"defaultRouteSettings":{"loggingLevel":"ERROR","throttlingBurstLimit":7,"throttlingRateLimit":1.5}}"#,
            r#"{"accessLogSettings":{"destinationArn":"arn:logs","format":"$context.requestId"}}"#,
            "",
        ]
    );
    assert_eq!(sent[2].method, "DELETE");
    assert!(
        sent[2].uri.contains("/v2/apis/a1/stages/%24default/accesslogsettings"),
        "{}",
        sent[2].uri
    );
}

#[tokio::test]
async fn a_route_has_the_tags_of_its_api() {
    let script = by_path([
        ("/apis/a1", answer(200, r#"{"tags":{"AutoRemediate":"True"}}"#)),
        ("/routes/r1", answer(200, r#"{"routeKey":"GET /pets"}"#)),
    ]);
    let id = RouteId { api: "a1".into(), route: "r1".into() };
    let found = Cloud::<Route>::load(&edge(&script), &home(), &id, &[]).await.unwrap().unwrap();
    assert_eq!(
        (found.key.as_str(), found.authorization.as_str(), found.tags.len()),
        ("GET /pets", "NONE", 1)
    );
}
