use runtime::{Cloud, Error};

use super::{
    estate::{Estate, Reply, Set},
    evidence, home, id, list, load, make, s3_error, says, see, started,
};
use crate::GuardDuty;

const TRUTH: &str = "PutObject bucket/kintsugi.json";

/// Activating is another matter: `GuardDuty` is busy.
fn busy(addresses: &[&str]) -> Estate {
    let estate = Estate::with(addresses);
    let set = Set { status: "ACTIVATING", ..Set::at("s3://bucket/kintsugi.txt") };
    estate.now().sets.insert("s1".into(), set);
    estate
}

fn writes(estate: &Estate) -> usize {
    estate.calls().iter().filter(|call| *call == TRUTH).count()
}

#[tokio::test]
async fn the_first_listing_makes_the_object_unless_somebody_else_just_did() {
    let estate = Estate::new();
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[list("192.0.2.1"), list("192.0.2.2")]).await, [Ok(()), Ok(())]);
    let put = estate.call(TRUTH);
    assert_eq!((put.header("if-none-match"), put.header("if-match")), (Some("*"), None));
    assert_eq!(put.header("content-type"), Some("application/json"));
    assert!(put.body.contains("[\"192.0.2.1\","), "{}", put.body);
    assert_eq!(estate.listed(), ["192.0.2.1", "192.0.2.2"], "by one write");

    let estate = Estate::new();
    estate.once(TRUTH, |state| {
        state.make(&list("192.0.2.9"));
        Reply::Usual
    });
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[list("192.0.2.1")]).await, [Ok(())]);
    assert_eq!(estate.listed(), ["192.0.2.1", "192.0.2.9"]);
}

#[tokio::test]
async fn a_later_one_is_written_on_top_of_what_was_read_and_of_nothing_else() {
    let estate = busy(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())]);
    let put = estate.call(TRUTH);
    assert_eq!((put.header("if-match"), put.header("if-none-match")), (Some("\"v1\""), None));
    estate.calls();
    // What was just written need not be read to be written again.
    let results = cloud.apply(&home(), &id(), &[list("192.0.2.3")]).await;
    assert_eq!(results, [Ok(())]);
    assert_eq!(estate.call(TRUTH).header("if-match"), Some("\"v2\""));
    assert_eq!(estate.calls(), [TRUTH]);
    assert_eq!(estate.listed().len(), 3);
}

#[tokio::test]
async fn nothing_to_change_is_not_written() {
    let estate = busy(&["192.0.2.1"]);
    assert_eq!(make(&started(&estate, &[]), &[list("192.0.2.1")]).await, [Ok(())]);
    assert_eq!(writes(&estate), 0);
    assert_eq!(make(&started(&estate, &[]), &[]).await, []);
    assert_eq!(writes(&estate), 0);
}

#[tokio::test]
async fn whoever_is_beaten_reads_again_joins_and_writes_again() {
    for answer in [s3_error(412, "PreconditionFailed"), s3_error(409, "ConditionalRequestConflict")]
    {
        let estate = busy(&["192.0.2.1"]);
        estate.once(TRUTH, move |state| {
            state.make(&list("192.0.2.9"));
            Reply::Say(answer)
        });
        // And once more, for good measure.
        estate.once(TRUTH, |state| {
            state.make(&see("192.0.2.1", 7));
            Reply::Usual
        });
        let changes = [see("192.0.2.1", 3), list("192.0.2.2")];
        assert_eq!(make(&started(&estate, &[]), &changes).await, [Ok(()), Ok(())]);
        assert_eq!(estate.listed(), ["192.0.2.1", "192.0.2.2", "192.0.2.9"]);
        let known = estate.truth().roll.get(&"192.0.2.1".parse().unwrap()).cloned().unwrap();
        assert_eq!((known.first, known.last), (evidence(1).first, evidence(7).last));
        assert_eq!(known.findings.iter().count(), 3, "nobody's evidence is lost");
        assert_eq!(writes(&estate), 3);
    }
}

#[tokio::test]
async fn an_object_that_was_deleted_meanwhile_is_made_anew() {
    let estate = busy(&["192.0.2.1"]);
    estate.once(TRUTH, |state| {
        state.objects.remove("bucket/kintsugi.json");
        Reply::Usual
    });
    assert_eq!(make(&started(&estate, &[]), &[list("192.0.2.2")]).await, [Ok(())]);
    assert_eq!(estate.listed(), ["192.0.2.2"], "the bucket keeps former versions");
    assert_eq!(writes(&estate), 2);
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_makes_nothing_twice() {
    let estate = busy(&["192.0.2.1"]);
    estate.once(TRUTH, |_| Reply::Lost);
    let cloud = started(&estate, &[]);
    let results = make(&cloud, &[list("192.0.2.2")]).await;
    assert!(matches!(&results[..], [Err(Error::Transient(_))]), "{results:?}");
    let serial = estate.truth().serial;
    // As the SDK and SQS do: what took effect is beaten by itself, and found there.
    let results = cloud.apply(&home(), &id(), &[list("192.0.2.2")]).await;
    assert_eq!(results, [Ok(())]);
    assert_eq!((estate.truth().serial, estate.listed().len()), (serial, 2));
    assert_eq!(writes(&estate), 2, "the second one is refused by S3");
}

#[tokio::test]
async fn a_write_that_is_refused_says_what_the_role_needs_and_none_of_its_changes_is_claimed() {
    let estate = busy(&["192.0.2.1"]);
    estate.once(TRUTH, says(s3_error(403, "AccessDenied")));
    let results = make(&started(&estate, &[]), &[list("192.0.2.2"), list("192.0.2.3")]).await;
    let expected = Error::Refused(
        "could not write the threat list s3://bucket/kintsugi.json in 111122223333/eu-west-1: \
         AccessDenied (of AccessDenied). The role kintsugi-guardduty needs s3:PutObject and \
         s3:GetObject"
            .into(),
    );
    assert_eq!(results, [Err(expected.clone()), Err(expected)]);
    assert_eq!(estate.listed(), ["192.0.2.1"]);
    for answer in [s3_error(503, "SlowDown"), s3_error(500, "InternalError")] {
        estate.once(TRUTH, says(answer));
        let results = make(&started(&estate, &[]), &[list("192.0.2.2")]).await;
        assert!(matches!(&results[..], [Err(Error::Transient(_))]), "{results:?}");
    }
    estate.once(TRUTH, says(s3_error(404, "NoSuchBucket")));
    let results = make(&started(&estate, &[]), &[list("192.0.2.2")]).await;
    assert!(matches!(&results[..], [Err(Error::Refused(_))]), "it is not tried for ever");
}

#[tokio::test]
async fn what_cannot_be_read_after_a_defeat_is_an_error_and_nothing_is_written_blindly() {
    let estate = busy(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    load(&cloud).await.unwrap();
    estate.once(TRUTH, says(s3_error(412, "PreconditionFailed")));
    estate.once("GetObject bucket/kintsugi.json", says(s3_error(403, "AccessDenied")));
    let results = cloud.apply(&home(), &id(), &[list("192.0.2.2")]).await;
    assert!(matches!(&results[..], [Err(Error::Refused(_))]), "{results:?}");
    assert_eq!((writes(&estate), estate.listed().len()), (1, 1));
}

#[tokio::test]
async fn two_functions_that_list_at_the_same_time_lose_nobody() {
    let estate = busy(&[]);
    let clouds: Vec<GuardDuty> = (0..5).map(|_| started(&estate, &[])).collect();
    for cloud in &clouds {
        load(cloud).await.unwrap();
    }
    for (nth, cloud) in clouds.iter().enumerate() {
        let address = format!("192.0.2.{}", nth + 1);
        assert_eq!(cloud.apply(&home(), &id(), &[list(&address)]).await, [Ok(())]);
    }
    assert_eq!(estate.listed().len(), 5);
    assert_eq!(estate.truth().serial, 5);
}
