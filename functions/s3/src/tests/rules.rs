use catalog::s3::{
    AbortRule, BucketEvents, BucketLifecycle, BucketReplication, EventDelivery, LifecycleChange,
    Replica,
};
use remedy::Swap;

use super::{apply, asked, body, bucket, load, no, yes};

const THEIRS: &str = "<Rule><Expiration><Days>365</Days></Expiration><ID>theirs</ID><Filter>\
    <Prefix>logs/</Prefix></Filter><Status>Disabled</Status></Rule>";
const OURS: &str = "<Rule><ID>ours</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
    <AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>\
    </AbortIncompleteMultipartUpload></Rule>";

fn ours() -> AbortRule {
    AbortRule { id: "ours".into(), days: 7 }
}

fn rules(rules: &str) -> String {
    format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>")
}

#[tokio::test]
async fn lifecycle_rules_are_read_and_a_bucket_can_have_none() {
    let script = bucket(&[("GET lifecycle", yes(&rules(&format!("{THEIRS}{OURS}"))))]);
    let found = load::<BucketLifecycle>(&script).await.unwrap().unwrap();
    let [theirs, other] = &found.rules[..] else { panic!("{found:?}") };
    assert_eq!((theirs.enabled, theirs.expires_after), (false, Some(365)));
    assert_eq!(theirs.prefix, "logs/");
    assert_eq!(*other, ours().rule());
    let script = bucket(&[("GET lifecycle", no(404, "NoSuchLifecycleConfiguration"))]);
    assert!(load::<BucketLifecycle>(&script).await.unwrap().unwrap().rules.is_empty());
}

#[tokio::test]
async fn a_rule_is_written_beside_those_that_are_there_and_nothing_else_changes() {
    let found = yes(&rules(THEIRS))
        .with("x-amz-transition-default-minimum-object-size", "varies_by_storage_class");
    let script = bucket(&[("GET lifecycle", found), ("PUT lifecycle", yes(""))]);
    let change = LifecycleChange::Add(ours());
    assert_eq!(apply::<BucketLifecycle>(&script, change).await, [Ok(())]);
    assert_eq!(body(&script, "PUT lifecycle"), rules(&format!("{THEIRS}{OURS}")));
    let put = &script.requests()[1];
    let smallest = put.header("x-amz-transition-default-minimum-object-size");
    assert_eq!(smallest, Some("varies_by_storage_class"));

    // Rules of the old kind have no filter, and S3 takes none beside them that has.
    let old = "<Rule><ID>old</ID><Prefix>a</Prefix><Status>Disabled</Status></Rule>";
    let script = bucket(&[("GET lifecycle", yes(&rules(old))), ("PUT lifecycle", yes(""))]);
    let change = LifecycleChange::Add(ours());
    assert_eq!(apply::<BucketLifecycle>(&script, change).await, [Ok(())]);
    let written = body(&script, "PUT lifecycle");
    assert!(written.contains("<ID>ours</ID><Prefix></Prefix>"), "{written}");

    let script = bucket(&[("GET lifecycle", yes(&rules(OURS)))]);
    let change = LifecycleChange::Begin(ours());
    assert_eq!(apply::<BucketLifecycle>(&script, change).await, [Ok(())]);
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn taking_a_rule_back_leaves_the_others_or_no_rules_at_all() {
    let both = yes(&rules(&format!("{THEIRS}{OURS}")));
    let script = bucket(&[("GET lifecycle", both), ("PUT lifecycle", yes(""))]);
    let change = LifecycleChange::Remove(ours());
    assert_eq!(apply::<BucketLifecycle>(&script, change).await, [Ok(())]);
    assert_eq!(body(&script, "PUT lifecycle"), rules(THEIRS));

    let script = bucket(&[("GET lifecycle", yes(&rules(OURS))), ("DELETE lifecycle", yes(""))]);
    let change = LifecycleChange::End(ours());
    assert_eq!(apply::<BucketLifecycle>(&script, change).await, [Ok(())]);
    assert_eq!(asked(&script.requests()[1]), "DELETE lifecycle");

    // Somebody made another rule of it.
    let edited = OURS.replace(">7<", ">30<");
    let script = bucket(&[("GET lifecycle", yes(&rules(&edited)))]);
    let change = LifecycleChange::Remove(ours());
    assert_eq!(apply::<BucketLifecycle>(&script, change).await, [Ok(())]);
    assert_eq!(script.requests().len(), 1);
}

const QUEUE: &str = "<QueueConfiguration><Id>q</Id><Queue>arn:aws:sqs:eu-west-1:111122223333:q\
    </Queue><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name>\
    <Value>in/</Value></FilterRule></S3Key></Filter></QueueConfiguration>";
const FUNCTION: &str = "<CloudFunctionConfiguration><Id>f</Id><CloudFunction>\
    arn:aws:lambda:eu-west-1:111122223333:function:f</CloudFunction>\
    <Event>s3:ObjectRemoved:Delete</Event></CloudFunctionConfiguration>";
const TOPIC: &str = "<TopicConfiguration><Id>t</Id><Topic>arn:aws:sns:eu-west-1:111122223333:t\
    </Topic><Event>s3:ObjectRestore:*</Event></TopicConfiguration>";
const BRIDGE: &str = "<EventBridgeConfiguration></EventBridgeConfiguration>";

fn notifications(of: &[&str]) -> String {
    format!("<NotificationConfiguration>{}</NotificationConfiguration>", of.concat())
}

#[tokio::test]
async fn it_is_read_who_is_told_of_what() {
    for (of, told, event_bridge) in [
        (&[][..], &[][..], false),
        (&[BRIDGE], &[], true),
        (
            &[TOPIC, QUEUE, FUNCTION],
            &["s3:ObjectRestore:*", "s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"],
            false,
        ),
    ] {
        let script = bucket(&[("GET notification", yes(&notifications(of)))]);
        let found = load::<BucketEvents>(&script).await.unwrap().unwrap();
        assert_eq!(found.told, told);
        assert_eq!(found.event_bridge, event_bridge);
    }
}

#[tokio::test]
async fn topics_queues_and_functions_stay_told() {
    let (on, off) = (EventDelivery::On, EventDelivery::Off);
    let all = [TOPIC, QUEUE, FUNCTION];
    for (change, before, after) in [
        (
            Swap { from: off.clone(), to: on.clone() },
            &all[..],
            &[TOPIC, QUEUE, FUNCTION, BRIDGE][..],
        ),
        (Swap { from: on, to: off }, &[TOPIC, QUEUE, FUNCTION, BRIDGE], &all),
    ] {
        let found = yes(&notifications(before));
        let script = bucket(&[("GET notification", found), ("PUT notification", yes(""))]);
        assert_eq!(apply::<BucketEvents>(&script, change).await, [Ok(())]);
        assert_eq!(body(&script, "PUT notification"), notifications(after));
        let put = &script.requests()[1];
        assert_eq!(put.header("x-amz-skip-destination-validation"), Some("true"));
    }
}

#[tokio::test]
async fn copies_are_read_with_the_region_that_s3_tells() {
    let rule = |status: &str, bucket: &str| {
        format!(
            "<Rule><Status>{status}</Status><Destination><Bucket>arn:aws:s3:::{bucket}</Bucket>\
             </Destination></Rule>"
        )
    };
    let rules = [rule("Enabled", "copies"), rule("Disabled", "old")].concat();
    let rules =
        yes(&format!("<ReplicationConfiguration><Role>r</Role>{rules}</ReplicationConfiguration>"));
    for (says, region) in [
        (yes("<LocationConstraint>EU</LocationConstraint>"), Some("eu-west-1")),
        (yes("<LocationConstraint/>"), Some("us-east-1")),
        (no(403, "AccessDenied").with("x-amz-bucket-region", "us-west-2"), Some("us-west-2")),
        (no(404, "NoSuchBucket"), None),
    ] {
        let script = bucket(&[("GET replication", rules.clone()), ("GET location", says)]);
        let found = load::<BucketReplication>(&script).await.unwrap().unwrap();
        let region = region.map(str::to_owned);
        assert_eq!(found.to, [Replica { bucket: "copies".into(), region }]);
    }
    let none = no(404, "ReplicationConfigurationNotFoundError");
    let script = bucket(&[("GET replication", none)]);
    assert!(load::<BucketReplication>(&script).await.unwrap().unwrap().to.is_empty());
}
