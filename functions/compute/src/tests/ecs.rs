use catalog::compute::{
    EcsCluster, EcsClusterName, EcsClusterSetting, EcsService, EcsServiceId, EcsServiceSetting,
    Insights, Network,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, compute, home, no, yes};

fn shop() -> EcsClusterName {
    EcsClusterName("shop".into())
}

fn web() -> EcsServiceId {
    EcsServiceId { cluster: "shop".into(), service: "web".into() }
}

async fn cluster(script: &Script) -> Result<Option<EcsCluster>, Error> {
    Cloud::<EcsCluster>::load(&compute(script), &home(), &shop(), &[]).await
}

async fn service(script: &Script) -> Result<Option<EcsService>, Error> {
    Cloud::<EcsService>::load(&compute(script), &home(), &web(), &[]).await
}

#[tokio::test]
async fn a_cluster_is_read_by_one_call() {
    let found = r#"{"clusters":[{"clusterName":"shop","status":"ACTIVE","settings":[{"name":"containerInsights","value":"enhanced"}],"tags":[{"key":"AutoRemediate","value":"True"}]}]}"#;
    let script = Script::of([yes(found)]);
    let found = cluster(&script).await.unwrap().unwrap();
    assert_eq!((found.insights, found.tags.len()), (Insights::Enhanced, 1));
    assert_eq!(script.bodies(), [r#"{"clusters":["shop"],"include":["SETTINGS","TAGS"]}"#]);
}

#[tokio::test]
async fn a_cluster_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    for gone in [
        r#"{"clusters":[],"failures":[{"reason":"MISSING"}]}"#,
        r#"{"clusters":[{"status":"INACTIVE"}]}"#,
    ] {
        assert_eq!(cluster(&Script::of([yes(gone)])).await, Ok(None));
    }
    let half = yes(r#"{"clusters":[{"status":"ACTIVE","settings":[]}]}"#);
    let error = cluster(&Script::of([half])).await.unwrap_err().to_string();
    assert!(error.contains("does not say how closely"), "{error}");
}

#[tokio::test]
async fn insights_are_set_by_one_call() {
    let script = Script::of([yes("{}")]);
    let setting = EcsClusterSetting::Insights;
    let change = Swap { from: setting(Insights::Disabled), to: setting(Insights::Enabled) };
    assert_eq!(apply::<EcsCluster>(&script, &shop(), &[change]).await, [Ok(())]);
    assert_eq!(
        script.bodies(),
        [r#"{"cluster":"shop","settings":[{"name":"containerInsights","value":"enabled"}]}"#]
    );
}

#[tokio::test]
async fn a_service_is_read_by_one_call() {
    let found = r#"{"services":[{"status":"ACTIVE","platformVersion":"1.3.0","platformFamily":"Linux","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"ENABLED"}},"tags":[{"key":"AutoRemediate","value":"True"}]}]}"#;
    let script = Script::of([yes(found)]);
    let found = service(&script).await.unwrap().unwrap();
    let network =
        Network { subnets: vec!["subnet-1".into()], groups: vec!["sg-1".into()], is_public: true };
    assert_eq!(found.network, Some(network));
    assert_eq!((found.controller.as_str(), found.platform.as_deref()), ("ECS", Some("1.3.0")));
    assert_eq!(script.bodies(), [r#"{"cluster":"shop","services":["web"],"include":["TAGS"]}"#]);
}

#[tokio::test]
async fn a_service_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    for gone in [
        yes(r#"{"services":[],"failures":[{"reason":"MISSING"}]}"#),
        yes(r#"{"services":[{"status":"INACTIVE"}]}"#),
        no(400, "ClusterNotFoundException"),
    ] {
        assert_eq!(service(&Script::of([gone])).await, Ok(None));
    }
    for (answer, why) in [
        (yes(r#"{"services":[{}]}"#), "does not say whether it is active"),
        (no(400, "AccessDeniedException"), "kintsugi-compute needs ecs:DescribeServices"),
    ] {
        let error = service(&Script::of([answer])).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn the_network_goes_as_a_whole_and_the_version_alone() {
    let script = Script::of([yes("{}"), yes("{}")]);
    let network = |is_public| {
        EcsServiceSetting::Network(Network {
            subnets: vec!["subnet-1".into()],
            groups: vec!["sg-1".into()],
            is_public,
        })
    };
    let version = |text: &str| EcsServiceSetting::Platform(text.into());
    let changes = [
        Swap { from: network(true), to: network(false) },
        Swap { from: version("1.3.0"), to: version("LATEST") },
    ];
    assert_eq!(apply::<EcsService>(&script, &web(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        script.bodies(),
        [
            r#"{"cluster":"shop","service":"web","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}}}"#,
            r#"{"cluster":"shop","service":"web","platformVersion":"LATEST"}"#,
        ]
    );
}
