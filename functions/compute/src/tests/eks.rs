use catalog::compute::{EksCluster, EksClusterName, EksSetting, Endpoint, KubernetesVersion};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::{Script, answer};

use super::{apply, by, compute, home, no, yes};

fn prod() -> EksClusterName {
    EksClusterName("prod".into())
}

async fn load(script: &Script) -> Result<Option<EksCluster>, Error> {
    Cloud::<EksCluster>::load(&compute(script), &home(), &prod(), &[]).await
}

#[tokio::test]
async fn a_cluster_is_read_by_one_call() {
    let script = by(&[(
        "/clusters/prod",
        r#"{"cluster":{"name":"prod","status":"ACTIVE","resourcesVpcConfig":{"endpointPublicAccess":true,"endpointPrivateAccess":false,"publicAccessCidrs":["0.0.0.0/0"]},"logging":{"clusterLogging":[{"types":["api"],"enabled":true},{"types":["audit"],"enabled":false}]},"encryptionConfig":[{"resources":["secrets"]}],"tags":{"AutoRemediate":"True"}}}"#,
    )]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!(found.logs, ["api".to_owned()].into());
    assert!(found.encrypts_secrets && found.endpoint.is_public && !found.endpoint.is_private);
    assert_eq!((found.tags.len(), script.requests().len()), (1, 1));
}

#[tokio::test]
async fn what_is_under_way_counts() {
    let script = by(&[
        (
            "/clusters/prod/updates/new",
            r#"{"update":{"id":"new","status":"InProgress","type":"LoggingUpdate","params":[{"type":"ClusterLogging","value":"{\"clusterLogging\":[{\"types\":[\"audit\"],\"enabled\":true}]}"}]}}"#,
        ),
        (
            "/clusters/prod/updates/old",
            r#"{"update":{"id":"old","status":"Failed","params":[{"type":"EndpointPublicAccess","value":"false"}]}}"#,
        ),
        ("/clusters/prod/updates", r#"{"updateIds":["old","new"]}"#),
        (
            "/clusters/prod",
            r#"{"cluster":{"name":"prod","status":"UPDATING","resourcesVpcConfig":{"endpointPublicAccess":true,"endpointPrivateAccess":false}}}"#,
        ),
    ]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!(found.logs, ["audit".to_owned()].into());
    assert!(found.endpoint.is_public);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    assert_eq!(load(&by(&[("", "404")])).await, Ok(None));
    for (script, why) in [
        (by(&[("", "403")]), "kintsugi-compute needs eks:DescribeCluster"),
        (by(&[("", r#"{"cluster":{"name":"prod"}}"#)]), "does not say who reaches its API"),
    ] {
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn only_what_changes_is_sent_and_a_busy_cluster_is_tried_again() {
    let logs = |kinds: &[&str]| EksSetting::Logs(kinds.iter().map(|kind| (*kind).into()).collect());
    let endpoint = |is_public: bool| {
        EksSetting::Endpoint(Endpoint {
            is_public,
            is_private: true,
            sources: ["192.0.2.0/24".into()].into(),
        })
    };
    let already = r#"{"message":"Cluster is already at the desired configuration with endpointPrivateAccess: true"}"#;
    let script = Script::of([
        yes("{}"),
        yes("{}"),
        answer(400, already).with("x-amzn-errortype", "InvalidParameterException"),
        no(409, "ResourceInUseException"),
    ]);
    let changes = [
        Swap { from: logs(&["api"]), to: logs(&["api", "audit"]) },
        Swap { from: logs(&["api", "audit"]), to: logs(&["api"]) },
        Swap { from: endpoint(true), to: endpoint(false) },
        Swap { from: endpoint(false), to: endpoint(true) },
    ];
    let results = apply::<EksCluster>(&script, &prod(), &changes).await;
    assert!(
        matches!(results[..], [Ok(()), Ok(()), Ok(()), Err(Error::Transient(_))]),
        "{results:?}"
    );
    let sent = [
        r#""logging":{"clusterLogging":[{"types":["api","audit"],"enabled":true}]}"#,
        r#""logging":{"clusterLogging":[{"types":["api"],"enabled":true},{"types":["audit"],"enabled":false}]}"#,
        r#""resourcesVpcConfig":{"endpointPublicAccess":false,"endpointPrivateAccess":true}"#,
        r#""resourcesVpcConfig":{"endpointPublicAccess":true,"endpointPrivateAccess":true,"publicAccessCidrs":["192.0.2.0/24"]}"#,
    ];
    for (body, sent) in script.bodies().iter().zip(sent) {
        assert!(body.contains(sent), "{body}");
    }
}

#[tokio::test]
async fn how_a_version_is_supported_is_asked_of_eks() {
    for (known, support) in [
        (
            r#"{"clusterVersions":[{"clusterVersion":"1.29","versionStatus":"EXTENDED_SUPPORT"}]}"#,
            Some("EXTENDED_SUPPORT"),
        ),
        (r#"{"clusterVersions":[]}"#, None),
    ] {
        let script = Script::to(move |request| {
            let versions = request.uri.contains("/cluster-versions?");
            Some(yes(if versions {
                known
            } else {
                r#"{"cluster":{"name":"prod","version":"1.29"}}"#
            }))
        });
        let found =
            Cloud::<KubernetesVersion>::load(&compute(&script), &home(), &prod(), &[]).await;
        let found = found.unwrap().unwrap();
        assert_eq!((found.version.as_str(), found.support.as_deref()), ("1.29", support));
    }
}
