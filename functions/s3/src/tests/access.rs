use catalog::s3::{AccessBlock, BucketAccess, BucketBlock};
use remedy::Swap;

use super::{apply, body, bucket, load, no, yes};

const BLOCK: &str = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
    <IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>\
    <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";

#[tokio::test]
async fn a_bucket_is_read_with_what_it_refuses_and_what_it_shows() {
    let site = bucket(&[
        ("GET publicAccessBlock", no(404, "NoSuchPublicAccessBlockConfiguration")),
        ("GET website", yes("<WebsiteConfiguration/>")),
        ("GET policyStatus", yes("<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>")),
    ]);
    let tags = [("AutoRemediate".into(), "True".into())].into();
    let expected =
        BucketAccess { block: AccessBlock::default(), website: true, public_policy: true, tags };
    assert_eq!(load(&site).await, Ok(Some(expected.clone())));

    let closed = bucket(&[
        ("GET publicAccessBlock", yes(BLOCK)),
        ("GET website", no(404, "NoSuchWebsiteConfiguration")),
        ("GET policyStatus", no(404, "NoSuchBucketPolicy")),
    ]);
    let expected =
        BucketAccess { block: AccessBlock::ALL, website: false, public_policy: false, ..expected };
    assert_eq!(load(&closed).await, Ok(Some(expected)));
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_in_full_is_an_error() {
    let gone = no(404, "NoSuchBucket");
    let gone = bucket(&[
        ("GET publicAccessBlock", gone.clone()),
        ("GET website", gone.clone()),
        ("GET policyStatus", gone),
    ]);
    assert_eq!(load::<BucketAccess>(&gone).await, Ok(None));

    for (status, why) in [
        (no(403, "AccessDenied"), "The role kintsugi-s3 needs s3:GetBucketPolicyStatus"),
        (yes("<PolicyStatus/>"), "it does not say whether the policy is public"),
        (
            no(301, "PermanentRedirect").with("x-amz-bucket-region", "us-west-2"),
            "the bucket is not in eu-west-1 but in us-west-2",
        ),
        (
            no(400, "AuthorizationHeaderMalformed"),
            "the bucket is not in eu-west-1 but in another one than S3 tells",
        ),
    ] {
        let script = bucket(&[
            ("GET publicAccessBlock", yes(BLOCK)),
            ("GET website", no(404, "NoSuchWebsiteConfiguration")),
            ("GET policyStatus", status),
        ]);
        let error = load::<BucketAccess>(&script).await.unwrap_err().to_string();
        let what = "could not read the policy status of bucket web in 111122223333/eu-west-1: ";
        assert!(error.starts_with(what), "{error}");
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_bucket_without_tags_has_none() {
    let script = super::Script::to(|request| {
        Some(match super::asked(request).as_str() {
            "GET publicAccessBlock" => yes(BLOCK),
            "GET website" => no(404, "NoSuchWebsiteConfiguration"),
            "GET policyStatus" => no(404, "NoSuchBucketPolicy"),
            _ => no(404, "NoSuchTagSet"),
        })
    });
    let found = load::<BucketAccess>(&script).await.unwrap().unwrap();
    assert_eq!(found.tags, [].into());
}

#[tokio::test]
async fn the_block_is_set_by_one_call() {
    let script = bucket(&[("PUT publicAccessBlock", yes(""))]);
    let (from, to) = (BucketBlock(AccessBlock::default()), BucketBlock(AccessBlock::ALL));
    assert_eq!(apply::<BucketAccess>(&script, Swap { from, to }).await, [Ok(())]);
    assert_eq!(body(&script, "PUT publicAccessBlock"), BLOCK);
    let sent = &script.requests()[0];
    assert!(sent.uri.starts_with("https://web.s3.eu-west-1.amazonaws.com/?"), "{}", sent.uri);
}
