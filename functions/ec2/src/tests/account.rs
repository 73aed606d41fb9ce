use catalog::ec2::{
    Blocked, EbsEncryption, EbsEncryptionId, EbsEncryptionSetting, GatewayMode, PublicSnapshots,
    PublicSnapshotsId, SnapshotChange, SnapshotSharing, SnapshotSharingId, SnapshotSharingSetting,
    VpcExposure, VpcExposureId, VpcExposureSetting,
};
use remedy::Swap;
use runtime::Cloud;
use script::Script;

use super::{action, ec2, field, home, make, no, yes};

const ACCOUNT: &str = "111122223333";

fn snapshot(id: &str) -> String {
    format!(
        "<item><snapshotId>{id}</snapshotId><tagSet><item><key>AutoRemediate</key><value>True</value>\
         </item></tagSet></item>"
    )
}

fn snapshots(ids: &[&str], next: &str) -> script::Answer {
    let items: String = ids.iter().map(|id| snapshot(id)).collect();
    let body = format!("<snapshotSet>{items}</snapshotSet><nextToken>{next}</nextToken>");
    yes("DescribeSnapshots", &body)
}

#[tokio::test]
async fn default_encryption_is_read_and_set_both_ways() {
    let on = |on| {
        let body = format!("<ebsEncryptionByDefault>{on}</ebsEncryptionByDefault>");
        yes("GetEbsEncryptionByDefault", &body)
    };
    let script = Script::of([
        on(false),
        yes("EnableEbsEncryptionByDefault", ""),
        yes("DisableEbsEncryptionByDefault", ""),
        yes("GetEbsEncryptionByDefault", ""),
    ]);
    let (cloud, id) = (ec2(&script), EbsEncryptionId(ACCOUNT.into()));
    let found = Cloud::<EbsEncryption>::load(&cloud, &home(), &id, &[]).await;
    assert_eq!(found, Ok(Some(EbsEncryption { on: false })));
    let by_default = EbsEncryptionSetting::ByDefault;
    let there = Swap { from: by_default(false), to: by_default(true) };
    let back = Swap { from: by_default(true), to: by_default(false) };
    assert_eq!(make::<EbsEncryption>(&cloud, &id, &[there, back]).await, [Ok(()), Ok(())]);
    let actions: Vec<_> = script.bodies().iter().map(|body| action(body)).collect();
    assert_eq!(actions[1..], ["EnableEbsEncryptionByDefault", "DisableEbsEncryptionByDefault"]);
    let error = Cloud::<EbsEncryption>::load(&cloud, &home(), &id, &[]).await.unwrap_err();
    assert!(error.to_string().contains("does not say whether it is on"), "{error}");
}

#[tokio::test]
async fn all_public_snapshots_of_the_account_are_read_and_no_others() {
    let script = Script::of([snapshots(&["snap-1"], "two"), snapshots(&["snap-2"], "")]);
    let id = PublicSnapshotsId(ACCOUNT.into());
    let found = Cloud::<PublicSnapshots>::load(&ec2(&script), &home(), &id, &[]).await;
    let found = found.unwrap().unwrap().snapshots;
    assert_eq!(found.keys().collect::<Vec<_>>(), ["snap-1", "snap-2"]);
    assert_eq!(found["snap-1"]["AutoRemediate"], "True");
    assert_eq!(
        script.bodies()[1],
        "Action=DescribeSnapshots&Version=2016-11-15&MaxResults=1000&NextToken=two&Owner.1=self\
         &RestorableBy.1=all"
    );
}

#[tokio::test]
async fn a_snapshot_is_taken_from_everybody_and_given_back() {
    let script = Script::of([
        yes("ModifySnapshotAttribute", ""),
        no(400, "InvalidSnapshot.NotFound"),
        yes("ModifySnapshotAttribute", ""),
        no(400, "OperationNotPermitted"),
    ]);
    let changes = [
        SnapshotChange::Hide("snap-1".into()),
        SnapshotChange::Hide("snap-2".into()),
        SnapshotChange::Publish("snap-1".into()),
        SnapshotChange::Publish("snap-2".into()),
    ];
    let id = PublicSnapshotsId(ACCOUNT.into());
    let results = make::<PublicSnapshots>(&ec2(&script), &id, &changes).await;
    assert_eq!(results[..3], [Ok(()), Ok(()), Ok(())]);
    let error = results[3].as_ref().unwrap_err().to_string();
    assert!(error.starts_with("could not make snapshot snap-2 public in "), "{error}");
    let bodies = script.bodies();
    assert_eq!(
        bodies[0],
        "Action=ModifySnapshotAttribute&Version=2016-11-15&Attribute=createVolumePermission\
         &UserGroup.1=all&OperationType=remove&SnapshotId=snap-1"
    );
    assert_eq!(field(&bodies[2], "OperationType").as_deref(), Some("add"));
}

#[tokio::test]
async fn the_block_of_public_snapshots_is_read_and_set() {
    let says = |state: &'static str, by: &'static str| {
        Script::by(move |body| match action(body).as_str() {
            "DescribeSnapshots" => Some(snapshots(&["snap-1"], "")),
            "GetSnapshotBlockPublicAccessState" => Some(yes(
                "GetSnapshotBlockPublicAccessState",
                &format!("<state>{state}</state><managedBy>{by}</managedBy>"),
            )),
            other => Some(yes(other, "<state>x</state>")),
        })
    };
    let id = SnapshotSharingId(ACCOUNT.into());
    for (state, by, blocked, is_declared) in [
        ("unblocked", "account", Blocked::Nothing, false),
        ("block-new-sharing", "account", Blocked::New, false),
        ("block-all-sharing", "declarative-policy", Blocked::All, true),
    ] {
        let cloud = ec2(&says(state, by));
        let found = Cloud::<SnapshotSharing>::load(&cloud, &home(), &id, &[]).await;
        let public = vec!["snap-1".to_owned()];
        assert_eq!(found, Ok(Some(SnapshotSharing { blocked, is_declared, public })));
    }
    let script = says("", "");
    let cloud = ec2(&script);
    assert!(Cloud::<SnapshotSharing>::load(&cloud, &home(), &id, &[]).await.is_err());
    let set = |to| Swap {
        from: SnapshotSharingSetting::Blocked(Blocked::Nothing),
        to: SnapshotSharingSetting::Blocked(to),
    };
    let changes = [set(Blocked::All), set(Blocked::New), set(Blocked::Nothing)];
    assert_eq!(make::<SnapshotSharing>(&cloud, &id, &changes).await, vec![Ok(()); 3]);
    let bodies = script.bodies();
    assert!(bodies[2].ends_with("&State=block-all-sharing"), "{}", bodies[2]);
    assert!(bodies[3].ends_with("&State=block-new-sharing"), "{}", bodies[3]);
    assert_eq!(action(&bodies[4]), "DisableSnapshotBlockPublicAccess");
}

#[tokio::test]
async fn the_block_of_internet_gateways_is_read_and_set() {
    let gateways = "<internetGatewaySet><item><attachmentSet><item><vpcId>vpc-2</vpcId></item></attachmentSet>\
        </item><item><attachmentSet><item><vpcId>vpc-1</vpcId></item></attachmentSet></item>\
        <item/></internetGatewaySet>";
    let options = "<vpcBlockPublicAccessOptions><internetGatewayBlockMode>off</internetGatewayBlockMode>\
        <managedBy>account</managedBy></vpcBlockPublicAccessOptions>";
    let script = Script::by(move |body| match action(body).as_str() {
        "DescribeInternetGateways" => Some(yes("DescribeInternetGateways", gateways)),
        other => Some(yes(other, options)),
    });
    let (cloud, id) = (ec2(&script), VpcExposureId(ACCOUNT.into()));
    let found = Cloud::<VpcExposure>::load(&cloud, &home(), &id, &[]).await.unwrap().unwrap();
    assert_eq!((found.mode, found.is_declared), (GatewayMode::Open, false));
    assert_eq!(found.vpcs, ["vpc-1", "vpc-2"]);
    let change = Swap {
        from: VpcExposureSetting::Mode(GatewayMode::Open),
        to: VpcExposureSetting::Mode(GatewayMode::OutOnly),
    };
    assert_eq!(make::<VpcExposure>(&cloud, &id, &[change]).await, [Ok(())]);
    assert!(script.bodies()[2].ends_with("&InternetGatewayBlockMode=block-ingress"));
}
