use catalog::data::{
    RedshiftCluster, RedshiftClusterId, RedshiftLog, RedshiftLogSetting, RedshiftParameters,
    RedshiftSetting,
};
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, data, denies, home, says, to};

const FOUND: &str = "<ClusterIdentifier>web</ClusterIdentifier><PubliclyAccessible>true</PubliclyAccessible>\
    <AutomatedSnapshotRetentionPeriod>1</AutomatedSnapshotRetentionPeriod><AllowVersionUpgrade>false\
    </AllowVersionUpgrade><EnhancedVpcRouting>false</EnhancedVpcRouting><Encrypted>false</Encrypted>\
    <MasterUsername>awsuser</MasterUsername><DBName>dev</DBName><MultiAZ>Disabled</MultiAZ>\
    <ElasticIpStatus><ElasticIp>203.0.113.7</ElasticIp></ElasticIpStatus><ClusterParameterGroups>\
    <ClusterParameterGroup><ParameterGroupName>ours</ParameterGroupName></ClusterParameterGroup>\
    </ClusterParameterGroups><Tags><Tag><Key>AutoRemediate</Key><Value>True</Value></Tag></Tags>";

fn web() -> RedshiftClusterId {
    RedshiftClusterId("web".into())
}

/// A service that says this of its cluster's log.
fn redshift(found: String, logging: &'static str) -> Script {
    Script::by(move |body| {
        let action = body.split('&').next()?.strip_prefix("Action=")?;
        let parameter = |name: &str| {
            format!(
                "<Parameters><Parameter><ParameterName>{name}</ParameterName><ParameterValue>true\
                 </ParameterValue></Parameter></Parameters>"
            )
        };
        Some(match action {
            "DescribeClusters" => {
                says(action, &format!("<Clusters><Cluster>{found}</Cluster></Clusters>"))
            }
            "DescribeLoggingStatus" => says(action, logging),
            "DescribeClusterParameters" if body.contains("Marker") => {
                says(action, &parameter("require_ssl"))
            }
            "DescribeClusterParameters" => says(
                action,
                &format!("{}<Marker>more</Marker>", parameter("wlm_json_configuration")),
            ),
            _ => says(action, ""),
        })
    })
}

async fn load(script: &Script) -> Result<Option<RedshiftCluster>, Error> {
    Cloud::<RedshiftCluster>::load(&data(script), &home(), &web(), &[]).await
}

#[tokio::test]
async fn a_cluster_is_read_by_one_call_and_what_is_pending_counts() {
    let script = redshift(FOUND.into(), "");
    let found = load(&script).await.unwrap().unwrap();
    assert!(found.public && !found.encrypted && !found.multi_az);
    assert_eq!(found.elastic_ip.as_deref(), Some("203.0.113.7"));
    assert_eq!((found.admin.as_str(), found.database.as_str()), ("awsuser", "dev"));
    assert_eq!((found.snapshot_days, found.tags.len()), (1, 1));
    assert_eq!(
        script.bodies(),
        ["Action=DescribeClusters&Version=2012-12-01&ClusterIdentifier=web"]
    );
    let pending = "<PendingModifiedValues><PubliclyAccessible>false</PubliclyAccessible>\
        <AutomatedSnapshotRetentionPeriod>7</AutomatedSnapshotRetentionPeriod><EnhancedVpcRouting>true\
        </EnhancedVpcRouting><EncryptionType>KMS</EncryptionType></PendingModifiedValues>";
    let found = load(&redshift(format!("{FOUND}{pending}"), "")).await.unwrap().unwrap();
    assert!(!found.public && found.encrypted && found.vpc_routing);
    assert_eq!(found.snapshot_days, 7);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&Script::of([denies(404, "ClusterNotFound")])).await, Ok(None));
    let going = redshift("<ClusterStatus>deleting</ClusterStatus>".into(), "");
    assert_eq!(load(&going).await, Ok(None));
    for (script, why) in [
        (
            Script::of([denies(403, "AccessDenied")]),
            "kintsugi-data needs redshift:DescribeClusters",
        ),
        (redshift(String::new(), ""), "does not tell all of how it is set up"),
    ] {
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn each_setting_is_one_call() {
    let script = redshift(String::new(), "");
    let address = Some("203.0.113.7".to_owned());
    let changes = [
        RedshiftSetting::Public { on: false, elastic_ip: None },
        RedshiftSetting::Public { on: true, elastic_ip: address },
        RedshiftSetting::SnapshotDays(7),
        RedshiftSetting::VersionUpgrades(true),
        RedshiftSetting::VpcRouting(true),
    ];
    let results = apply::<RedshiftCluster>(&script, &web(), &changes.map(to)).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(()), Ok(()), Ok(())]);
    let modify = "Action=ModifyCluster&Version=2012-12-01&ClusterIdentifier=web";
    assert_eq!(
        script.bodies(),
        [
            "PubliclyAccessible=false",
            "PubliclyAccessible=true&ElasticIp=203.0.113.7",
            "AutomatedSnapshotRetentionPeriod=7",
            "AllowVersionUpgrade=true",
            "EnhancedVpcRouting=true",
        ]
        .map(|setting| format!("{modify}&{setting}"))
    );
}

#[tokio::test]
async fn a_cluster_that_is_being_changed_is_tried_again() {
    let script = Script::by(|_| Some(denies(400, "InvalidClusterState")));
    let change = to(RedshiftSetting::VpcRouting(true));
    let results = apply::<RedshiftCluster>(&script, &web(), &[change]).await;
    assert!(matches!(results[..], [Err(Error::Transient(_))]), "{results:?}");
}

#[tokio::test]
async fn the_log_is_read_wherever_it_goes_to_and_set_by_one_call() {
    for (logging, expected) in [
        ("<LoggingEnabled>false</LoggingEnabled>", Ok(None)),
        (
            "<LoggingEnabled>true</LoggingEnabled><LogDestinationType>cloudwatch</LogDestinationType>",
            Ok(Some("cloudwatch")),
        ),
        ("<LoggingEnabled>true</LoggingEnabled><BucketName>logs</BucketName>", Ok(Some("logs"))),
        ("", Err(())),
    ] {
        let script = redshift(FOUND.into(), logging);
        let found = Cloud::<RedshiftLog>::load(&data(&script), &home(), &web(), &[]).await;
        let to = found.as_ref().map(|found| found.as_ref().and_then(|log| log.to.as_deref()));
        assert_eq!(to.map_err(|_| ()), expected, "{logging}");
    }
    let script = redshift(String::new(), "");
    let changes = [to(RedshiftLogSetting::CloudWatch), to(RedshiftLogSetting::Off)];
    assert_eq!(apply::<RedshiftLog>(&script, &web(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        script.bodies(),
        [
            "Action=EnableLogging&Version=2012-12-01&ClusterIdentifier=web&LogDestinationType=cloudwatch\
             &LogExports.member.1=connectionlog&LogExports.member.2=userlog\
             &LogExports.member.3=useractivitylog",
            "Action=DisableLogging&Version=2012-12-01&ClusterIdentifier=web",
        ]
    );
}

#[tokio::test]
async fn parameters_are_read_page_by_page() {
    let script = redshift(FOUND.into(), "");
    let found = Cloud::<RedshiftParameters>::load(&data(&script), &home(), &web(), &[]).await;
    assert_eq!(found.unwrap().unwrap().wants_tls, [("ours".to_owned(), true)].into());
    assert_eq!(script.bodies().len(), 3);
}
