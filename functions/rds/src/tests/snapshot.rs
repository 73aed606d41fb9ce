use catalog::rds::{
    DbClusterSnapshot, DbClusterSnapshotId, DbClusterSnapshotSetting, DbSnapshot, DbSnapshotId,
    DbSnapshotSetting, Snapshot,
};
use remedy::Swap;
use runtime::Error;
use script::{Answer, Script};

use super::{apply, no, rds, yes};

fn web() -> DbSnapshotId {
    DbSnapshotId("web".into())
}

fn main() -> DbClusterSnapshotId {
    DbClusterSnapshotId("main".into())
}

fn one(encrypted: &str) -> Answer {
    let tags = "<TagList><Tag><Key>a</Key><Value>b</Value></Tag></TagList>";
    let one = format!(
        "<DBSnapshots><DBSnapshot><Engine>postgres</Engine>{encrypted}{tags}</DBSnapshot></DBSnapshots>"
    );
    yes("DescribeDBSnapshots", &one)
}

fn shared(with: &[&str]) -> Answer {
    let value = |with: &&str| format!("<AttributeValue>{with}</AttributeValue>");
    let values: String = with.iter().map(value).collect();
    let all = format!(
        "<DBSnapshotAttributesResult><DBSnapshotAttributes><DBSnapshotAttribute>\
         <AttributeName>restore</AttributeName><AttributeValues>{values}</AttributeValues>\
         </DBSnapshotAttribute></DBSnapshotAttributes></DBSnapshotAttributesResult>"
    );
    yes("DescribeDBSnapshotAttributes", &all)
}

const ENCRYPTED: &str = "<Encrypted>true</Encrypted>";

async fn load(script: &Script) -> Result<Option<DbSnapshot>, Error> {
    super::load::<DbSnapshot>(&rds(script), &web()).await
}

#[tokio::test]
async fn a_snapshot_is_read_with_those_who_may_restore_it() {
    let script = Script::of([one(ENCRYPTED), shared(&["444455556666", "all"])]);
    let expected = Snapshot {
        engine: "postgres".into(),
        shared_with: ["444455556666".into(), "all".into()].into(),
        encrypted: true,
        tags: [("a".into(), "b".into())].into(),
    };
    assert_eq!(load(&script).await, Ok(Some(DbSnapshot(expected))));
    assert_eq!(
        script.bodies(),
        [
            "Action=DescribeDBSnapshots&Version=2014-10-31&DBSnapshotIdentifier=web",
            "Action=DescribeDBSnapshotAttributes&Version=2014-10-31&DBSnapshotIdentifier=web",
        ]
    );
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_half_of_one_is_an_error() {
    for script in [
        [no(404, "DBSnapshotNotFound"), no(404, "DBSnapshotNotFound")],
        [one(ENCRYPTED), no(404, "DBSnapshotNotFound")],
        [no(404, "DBSnapshotNotFound"), shared(&[])],
    ] {
        assert_eq!(load(&Script::of(script)).await, Ok(None));
    }
    for (script, why) in [
        ([no(403, "AccessDenied"), shared(&[])], "needs rds:DescribeDBSnapshots"),
        ([one(ENCRYPTED), no(403, "AccessDenied")], "needs rds:DescribeDBSnapshotAttributes"),
        ([one(""), shared(&[])], "does not say whether it is encrypted"),
        (
            [one(ENCRYPTED), yes("DescribeDBSnapshotAttributes", "")],
            "does not say who may restore it",
        ),
    ] {
        let error = load(&Script::of(script)).await.unwrap_err().to_string();
        assert!(error.starts_with("could not read database snapshot web in "), "{error}");
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn only_everybody_is_taken_out_and_put_back() {
    let script = Script::of([
        yes("ModifyDBSnapshotAttribute", ""),
        yes("ModifyDBSnapshotAttribute", ""),
        no(400, "InvalidDBSnapshotState"),
    ]);
    let to =
        |on: bool| Swap { from: DbSnapshotSetting::Public(!on), to: DbSnapshotSetting::Public(on) };
    let results =
        apply::<DbSnapshot>(&rds(&script), &web(), &[to(false), to(true), to(false)]).await;
    assert_eq!(results[..2], [Ok(()), Ok(())]);
    assert!(matches!(&results[2], Err(Error::Refused(_))));
    let head = "Action=ModifyDBSnapshotAttribute&Version=2014-10-31&DBSnapshotIdentifier=web\
                &AttributeName=restore";
    assert_eq!(
        script.bodies()[..2],
        [
            format!("{head}&ValuesToRemove.AttributeValue.1=all"),
            format!("{head}&ValuesToAdd.AttributeValue.1=all"),
        ]
    );
}

#[tokio::test]
async fn a_clusters_snapshot_is_read_and_closed_alike() {
    let found = "<DBClusterSnapshots><DBClusterSnapshot><Engine>neptune</Engine>\
        <StorageEncrypted>false</StorageEncrypted></DBClusterSnapshot></DBClusterSnapshots>";
    let shared = "<DBClusterSnapshotAttributesResult><DBClusterSnapshotAttributes>\
        <DBClusterSnapshotAttribute><AttributeName>restore</AttributeName><AttributeValues>\
        <AttributeValue>all</AttributeValue></AttributeValues></DBClusterSnapshotAttribute>\
        </DBClusterSnapshotAttributes></DBClusterSnapshotAttributesResult>";
    let script = Script::of([
        yes("DescribeDBClusterSnapshots", found),
        yes("DescribeDBClusterSnapshotAttributes", shared),
        yes("ModifyDBClusterSnapshotAttribute", ""),
        no(404, "DBClusterSnapshotNotFoundFault"),
        no(404, "DBClusterSnapshotNotFoundFault"),
    ]);
    let rds = rds(&script);
    let expected = Snapshot {
        engine: "neptune".into(),
        shared_with: ["all".into()].into(),
        ..Snapshot::default()
    };
    let id = main();
    let load = || super::load::<DbClusterSnapshot>(&rds, &id);
    let loaded = load().await;
    assert_eq!(loaded, Ok(Some(DbClusterSnapshot(expected))));
    let close = Swap {
        from: DbClusterSnapshotSetting::Public(true),
        to: DbClusterSnapshotSetting::Public(false),
    };
    assert_eq!(apply::<DbClusterSnapshot>(&rds, &main(), &[close]).await, [Ok(())]);
    assert_eq!(
        script.bodies()[2],
        "Action=ModifyDBClusterSnapshotAttribute&Version=2014-10-31&DBClusterSnapshotIdentifier=main\
         &AttributeName=restore&ValuesToRemove.AttributeValue.1=all"
    );
    assert_eq!(load().await, Ok(None));
}
