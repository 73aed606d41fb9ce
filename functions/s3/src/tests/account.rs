use catalog::s3::{
    AccessBlock, AccessPoint, AccessPointId, AccountAccess, AccountAccessId, AccountBlock,
};
use remedy::Swap;
use runtime::Cloud;
use script::{Answer, Script, answer};

use super::{error, home, s3, yes};

const SOME: &str = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
    <IgnorePublicAcls>false</IgnorePublicAcls></PublicAccessBlockConfiguration>";

/// S3 Control does not do as it is told.
fn no(status: u16, code: &str) -> Answer {
    answer(status, &format!("<ErrorResponse>{}</ErrorResponse>", error(code)))
}

fn account() -> AccountAccessId {
    AccountAccessId("111122223333".into())
}

#[tokio::test]
async fn the_block_of_an_account_is_read_and_none_refuses_nothing() {
    let some = AccessBlock { block_public_acls: true, ..AccessBlock::default() };
    for (says, block) in [
        (yes(SOME), some),
        (no(404, "NoSuchPublicAccessBlockConfiguration"), AccessBlock::default()),
    ] {
        let script = Script::of([says]);
        let found = Cloud::<AccountAccess>::load(&s3(&script), &home(), &account(), &[]).await;
        assert_eq!(found, Ok(Some(AccountAccess { block })));
        let sent = &script.requests()[0];
        assert_eq!(sent.header("x-amz-account-id"), Some("111122223333"));
    }
    let script = Script::of([no(403, "AccessDenied")]);
    let error = Cloud::<AccountAccess>::load(&s3(&script), &home(), &account(), &[]).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("needs s3:GetAccountPublicAccessBlock"), "{error}");
}

#[tokio::test]
async fn it_is_set_by_one_call() {
    let script = Script::of([yes("")]);
    let (from, to) = (AccountBlock(AccessBlock::default()), AccountBlock(AccessBlock::ALL));
    let change = [Swap { from, to }];
    let done = Cloud::<AccountAccess>::apply(&s3(&script), &home(), &account(), &change).await;
    assert_eq!(done, [Ok(())]);
    assert_eq!(script.bodies()[0].matches("true").count(), 4);
}

#[tokio::test]
async fn an_access_point_is_read_with_its_tags() {
    let id = AccessPointId("point".into());
    let found = format!(
        "<GetAccessPointResult><Name>point</Name><Bucket>web</Bucket><VpcConfiguration>\
         <VpcId>vpc-1</VpcId></VpcConfiguration>{SOME}</GetAccessPointResult>"
    );
    let tags = "<ListTagsForResourceResult><Tags><Tag><Key>team</Key><Value>web</Value></Tag></Tags>\
                </ListTagsForResourceResult>";
    let script = Script::of([yes(&found), yes(tags)]);
    let read = Cloud::<AccessPoint>::load(&s3(&script), &home(), &id, &[]).await;
    let block = AccessBlock { block_public_acls: true, ..AccessBlock::default() };
    let point = AccessPoint {
        bucket: "web".into(),
        vpc: Some("vpc-1".into()),
        block,
        tags: [("team".into(), "web".into())].into(),
    };
    assert_eq!(read, Ok(Some(point)));

    let script = Script::of([no(404, "NoSuchAccessPoint")]);
    assert_eq!(Cloud::<AccessPoint>::load(&s3(&script), &home(), &id, &[]).await, Ok(None));
    let script = Script::of([answer(500, "")]);
    assert!(Cloud::<AccessPoint>::load(&s3(&script), &home(), &id, &[]).await.is_err());
}
