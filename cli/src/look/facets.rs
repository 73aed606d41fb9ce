//! Which facet is read by which service.

use remedy::{Facet, Place, Signal};
use runtime::{Cloud, Error};

use super::{Look, only_looks};

/// Looks at facets that a file can hold, too: `Facet of service`, one a line.
macro_rules! looks_at {
    ($($facet:ident of $service:ident,)+) => {
        $(impl Cloud<catalog::$service::$facet> for Look {
            async fn load(
                &self,
                place: &Place,
                id: &<catalog::$service::$facet as Facet>::Id,
                signals: &[&Signal],
            ) -> Result<Option<catalog::$service::$facet>, Error> {
                self.read(|live| &live.$service, place, id, signals).await
            }
            async fn apply(
                &self,
                _: &Place,
                _: &<catalog::$service::$facet as Facet>::Id,
                changes: &[<catalog::$service::$facet as Facet>::Change],
            ) -> Vec<Result<(), Error>> {
                changes.iter().map(|_| Err(only_looks())).collect()
            }
        })+
    };
}

looks_at! {
    Alarm of audit,
    EventStore of audit,
    LogGroup of audit,
    Recorders of audit,
    Trail of audit,
    Trails of audit,
    Watch of audit,
    BuildProject of compute,
    EcsCluster of compute,
    EcsService of compute,
    EksCluster of compute,
    FunctionAccess of compute,
    FunctionSetup of compute,
    ImageLifecycle of compute,
    KubernetesVersion of compute,
    ReportGroup of compute,
    Repository of compute,
    Stack of compute,
    StateMachine of compute,
    TaskDefinition of compute,
    AccessPoint of data,
    CacheCluster of data,
    FileSystem of data,
    RedshiftCluster of data,
    RedshiftLog of data,
    RedshiftParameters of data,
    ReplicationGroup of data,
    Table of data,
    WorkGroup of data,
    Address of ec2,
    ClientVpn of ec2,
    DefaultGroup of ec2,
    EbsEncryption of ec2,
    FlowLogs of ec2,
    Instance of ec2,
    LaunchTemplate of ec2,
    NetworkAcl of ec2,
    NetworkInterface of ec2,
    PublicSnapshots of ec2,
    SecurityGroup of ec2,
    SnapshotSharing of ec2,
    Subnet of ec2,
    TransitGateway of ec2,
    Volume of ec2,
    VpcEndpoints of ec2,
    VpcExposure of ec2,
    CustomerPolicy of iam,
    PasswordPolicy of iam,
    RolePolicies of iam,
    RootUser of iam,
    ServerCertificate of iam,
    SupportAccess of iam,
    UserContainment of iam,
    UserCredentials of iam,
    UserMfa of iam,
    UserPolicies of iam,
    Queue of messages,
    QueuePolicy of messages,
    Topic of messages,
    TopicPolicy of messages,
    DbCluster of rds,
    DbClusterSnapshot of rds,
    DbInstance of rds,
    DbInstanceTransit of rds,
    DbProxy of rds,
    DbSnapshot of rds,
    EventSubscription of rds,
    AccessPoint of s3,
    AccountAccess of s3,
    BucketAccess of s3,
    BucketEncryption of s3,
    BucketEvents of s3,
    BucketLifecycle of s3,
    BucketLock of s3,
    BucketLogging of s3,
    BucketOwnership of s3,
    BucketPolicy of s3,
    BucketReplication of s3,
    BucketVersioning of s3,
    AutomationLogs of secrets,
    Document of secrets,
    DocumentSharing of secrets,
    Key of secrets,
    KeyPolicy of secrets,
    ManagedInstance of secrets,
    Secret of secrets,
}
