use catalog::data::{
    CacheCluster, CacheClusterId, CacheClusterSetting, ReplicationGroup, ReplicationGroupId,
    ReplicationGroupSetting,
};
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, data, denies, home, says, to};

const MEMBERS: &str = "<NodeGroups><NodeGroup><NodeGroupMembers>\
    <NodeGroupMember><CacheClusterId>web-001</CacheClusterId><CurrentRole>primary</CurrentRole></NodeGroupMember>\
    <NodeGroupMember><CacheClusterId>web-002</CacheClusterId><CurrentRole>replica</CurrentRole></NodeGroupMember>\
    </NodeGroupMembers></NodeGroup></NodeGroups>";
const TAGS: &str = "<TagList><Tag><Key>AutoRemediate</Key><Value>True</Value></Tag></TagList>";

/// A service where the one group, or cluster, is described so.
fn cache(kind: &'static str, found: String) -> Script {
    Script::by(move |body| {
        let action = body.split('&').next()?.strip_prefix("Action=")?;
        Some(match action {
            "ListTagsForResource" => says(action, TAGS),
            _ if action.starts_with("Describe") => {
                says(action, &format!("<{kind}s><{kind}>{found}</{kind}></{kind}s>"))
            }
            _ => says(action, ""),
        })
    })
}

async fn group(script: &Script) -> Result<Option<ReplicationGroup>, Error> {
    let id = ReplicationGroupId("web".into());
    Cloud::<ReplicationGroup>::load(&data(script), &home(), &id, &[]).await
}

async fn cluster(script: &Script) -> Result<Option<CacheCluster>, Error> {
    let id = CacheClusterId("web-001".into());
    Cloud::<CacheCluster>::load(&data(script), &home(), &id, &[]).await
}

#[tokio::test]
async fn a_group_is_backed_up_from_a_replica_unless_another_source_is_chosen() {
    let set = "<SnapshotRetentionLimit>0</SnapshotRetentionLimit>";
    for (more, failover, source) in [
        ("<AutomaticFailover>disabled</AutomaticFailover>", false, "web-002"),
        ("<AutomaticFailover>enabling</AutomaticFailover>", true, "web-002"),
        (
            "<AutomaticFailover>disabled</AutomaticFailover><PendingModifiedValues><AutomaticFailoverStatus>\
             enabled</AutomaticFailoverStatus></PendingModifiedValues>\
             <SnapshottingClusterId>web-001</SnapshottingClusterId>",
            true,
            "web-001",
        ),
    ] {
        let script = cache("ReplicationGroup", format!("{MEMBERS}{set}{more}"));
        let found = group(&script).await.unwrap().unwrap();
        assert_eq!((found.failover, found.backup_source.as_deref()), (failover, Some(source)));
        assert!(found.replicas && found.tags.len() == 1);
    }
}

#[tokio::test]
async fn what_is_gone_is_none_and_what_cannot_be_read_is_an_error() {
    let gone = |code: &'static str| Script::by(move |_| Some(denies(404, code)));
    assert_eq!(group(&gone("ReplicationGroupNotFoundFault")).await, Ok(None));
    assert_eq!(cluster(&gone("CacheClusterNotFound")).await, Ok(None));
    let half = cache("ReplicationGroup", MEMBERS.into());
    assert!(group(&half).await.unwrap_err().to_string().contains("does not tell how its backups"));
    let half = cache("CacheCluster", "<Engine>redis</Engine>".into());
    assert!(cluster(&half).await.unwrap_err().to_string().contains("does not tell its upgrades"));
    let error = cluster(&gone("AccessDenied")).await.unwrap_err().to_string();
    assert!(error.contains("kintsugi-data needs elasticache:DescribeCacheClusters"), "{error}");
}

#[tokio::test]
async fn a_member_carries_the_tags_of_its_group() {
    let found = "<Engine>redis</Engine><EngineVersion>7.1.0</EngineVersion>\
        <AutoMinorVersionUpgrade>false</AutoMinorVersionUpgrade>";
    for (of, owner) in [
        ("", "cluster%3Aweb-001"),
        ("<ReplicationGroupId>web</ReplicationGroupId>", "replicationgroup%3Aweb"),
    ] {
        let script = cache("CacheCluster", format!("{found}{of}"));
        let found = cluster(&script).await.unwrap().unwrap();
        assert_eq!(found.group.is_some(), !of.is_empty());
        assert!(script.bodies()[1].ends_with(owner), "{}", script.bodies()[1]);
    }
}

#[tokio::test]
async fn each_setting_of_a_group_is_one_call() {
    let script = cache("ReplicationGroup", String::new());
    let changes = [
        ReplicationGroupSetting::Backups { days: 1, of: Some("web-002".into()) },
        ReplicationGroupSetting::Backups { days: 0, of: None },
        ReplicationGroupSetting::Failover(true),
    ];
    let id = ReplicationGroupId("web".into());
    let results = apply::<ReplicationGroup>(&script, &id, &changes.map(to)).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(())]);
    let modify = "Action=ModifyReplicationGroup&Version=2015-02-02&ReplicationGroupId=web";
    assert_eq!(
        script.bodies(),
        [
            format!(
                "{modify}&SnapshottingClusterId=web-002&ApplyImmediately=true&SnapshotRetentionLimit=1"
            ),
            format!("{modify}&ApplyImmediately=true&SnapshotRetentionLimit=0"),
            format!("{modify}&AutomaticFailoverEnabled=true&ApplyImmediately=true"),
        ]
    );
}

#[tokio::test]
async fn what_a_group_decides_is_set_on_the_group() {
    let script = cache("CacheCluster", String::new());
    let upgrades = |group: Option<&str>| CacheClusterSetting::MinorUpgrades {
        on: true,
        group: group.map(str::to_owned),
    };
    let changes = [CacheClusterSetting::BackupDays(2), upgrades(None), upgrades(Some("web"))];
    let id = CacheClusterId("web-001".into());
    let results = apply::<CacheCluster>(&script, &id, &changes.map(to)).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(())]);
    let modify =
        "Action=ModifyCacheCluster&Version=2015-02-02&CacheClusterId=web-001&ApplyImmediately=true";
    assert_eq!(
        script.bodies(),
        [
            format!("{modify}&SnapshotRetentionLimit=2"),
            format!("{modify}&AutoMinorVersionUpgrade=true"),
            "Action=ModifyReplicationGroup&Version=2015-02-02&ReplicationGroupId=web&ApplyImmediately=true\
             &AutoMinorVersionUpgrade=true"
                .to_owned(),
        ]
    );
}

#[tokio::test]
async fn what_is_being_changed_is_tried_again() {
    let script = Script::by(|_| Some(denies(400, "InvalidReplicationGroupState")));
    let change = to(ReplicationGroupSetting::Failover(true));
    let results =
        apply::<ReplicationGroup>(&script, &ReplicationGroupId("web".into()), &[change]).await;
    assert!(matches!(results[..], [Err(Error::Transient(_))]), "{results:?}");
}
