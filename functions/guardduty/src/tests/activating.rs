use catalog::guardduty::Status;
use remedy::Facet;
use runtime::{Cloud, Error};

use super::{
    activate, error,
    estate::{Estate, Reply, Set},
    home, id, list, load, make, s3_error, says, see, started,
};

const TEXT: &str = "PutObject bucket/kintsugi.txt";
const UPDATE: &str = "UpdateThreatEntitySet s1";
const CREATE: &str = "CreateThreatEntitySet";

/// Every call of a change that is not made to read.
fn changing(estate: &Estate) -> Vec<String> {
    let reads = ["Get", "List", "Head"];
    let calls = estate.calls().into_iter();
    calls.filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

#[tokio::test]
async fn a_list_that_is_missing_is_made_with_the_opt_in_tag_and_read_at_once() {
    let estate = Estate::new();
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[list("192.0.2.2"), list("192.0.2.1")]).await, [Ok(()), Ok(())]);
    let text = estate.call(TEXT);
    assert_eq!((text.header("if-none-match"), text.header("if-match")), (Some("*"), None));
    assert_eq!(text.header("content-type"), Some("text/plain"));
    assert_eq!(text.header("x-amz-meta-kintsugi-serial"), Some("2"), "ours by that");
    assert_eq!(text.body, "192.0.2.1\n192.0.2.2\n");
    let body: serde_json::Value = serde_json::from_str(&estate.call(CREATE).body).unwrap();
    for (field, expected) in [
        ("name", "kintsugi"),
        ("format", "TXT"),
        ("location", "s3://bucket/kintsugi.txt"),
        ("expectedBucketOwner", "111122223333"),
    ] {
        assert_eq!(body[field], expected);
    }
    assert_eq!(body["activate"], true);
    assert_eq!(body["tags"], serde_json::json!({ "AutoRemediate": "True" }));
    assert_eq!(
        changing(&estate),
        ["PutObject bucket/kintsugi.json", TEXT, CREATE, "UpdateItem"],
        "it is written before it is read, and told before that is remembered"
    );
    assert_eq!(estate.now().mark, Some(2));
    let after = load(&cloud).await.unwrap();
    assert_eq!((after.status.clone(), after.told, after.is_due()), (Status::Busy, 2, false));
    assert!(after.shows(&activate(2)) && after.edits.is_empty());
}

#[tokio::test]
async fn a_list_that_is_there_is_read_anew() {
    let estate = Estate::with(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())]);
    assert_eq!(estate.call(TEXT).header("if-match"), Some("\"v1\""));
    let body: serde_json::Value = serde_json::from_str(&estate.call(UPDATE).body).unwrap();
    let expected = serde_json::json!({
        "activate": true,
        "expectedBucketOwner": "111122223333",
        "location": "s3://bucket/kintsugi.txt",
    });
    assert_eq!(body, expected);
    assert_eq!((estate.text().as_str(), estate.now().mark), ("192.0.2.1\n192.0.2.2\n", Some(2)));
}

#[tokio::test]
async fn who_is_only_seen_again_is_nothing_that_guardduty_must_be_told() {
    let estate = Estate::with(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[see("192.0.2.1", 9)]).await, [Ok(())]);
    assert_eq!(changing(&estate), ["PutObject bucket/kintsugi.json"]);
    assert!(!load(&cloud).await.unwrap().is_due());
}

#[tokio::test]
async fn while_guardduty_is_busy_it_is_asked_nothing_and_the_text_stays() {
    for status in ["ACTIVATING", "DEACTIVATING", "DELETE_PENDING"] {
        let estate = Estate::with(&["192.0.2.1"]);
        let set = Set { status, ..Set::at("s3://bucket/kintsugi.txt") };
        estate.now().sets.insert("s1".into(), set);
        let cloud = started(&estate, &[]);
        assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())]);
        assert_eq!(changing(&estate), ["PutObject bucket/kintsugi.json"], "{status}");
        assert_eq!(estate.text(), "192.0.2.1\n");
        let after = load(&cloud).await.unwrap();
        assert!(after.is_due(), "the next sweep sees to it");
        estate.calls();

        estate.now().sets.insert("s1".into(), Set::at("s3://bucket/kintsugi.txt"));
        assert_eq!(make(&cloud, &[activate(2)]).await, [Ok(())]);
        assert_eq!(changing(&estate), [TEXT, UPDATE, "UpdateItem"]);
        assert!(!load(&cloud).await.unwrap().is_due());
    }
}

#[tokio::test]
async fn if_somebody_else_lets_guardduty_read_it_that_is_no_error_and_it_stays_due() {
    for code in ["BadRequestException", "ConflictException"] {
        let estate = Estate::with(&["192.0.2.1"]);
        let refused = error(400, code);
        estate.once(UPDATE, move |state| {
            state.sets.get_mut("s1").unwrap().status = "ACTIVATING";
            Reply::Say(refused)
        });
        let cloud = started(&estate, &[]);
        assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())]);
        assert_eq!(estate.now().mark, Some(1), "it is not claimed to be told");
        assert!(load(&cloud).await.unwrap().is_due());
    }
}

#[tokio::test]
async fn what_guardduty_refuses_for_another_reason_is_an_error() {
    let estate = Estate::with(&["192.0.2.1"]);
    estate.once(UPDATE, says(error(400, "BadRequestException")));
    let results = make(&started(&estate, &[]), &[list("192.0.2.2")]).await;
    let why = results[0].as_ref().unwrap_err().to_string();
    assert_eq!(
        why,
        "could not activate the ThreatEntitySet kintsugi in 111122223333/eu-west-1: \
         BadRequestException (of BadRequestException)"
    );
    assert_eq!((estate.listed().len(), estate.now().mark), (2, Some(1)));
}

#[tokio::test]
async fn where_guardduty_is_throttled_who_is_listed_stays_listed_and_the_list_is_due() {
    for answer in
        [error(429, "TooManyRequestsException"), error(500, "InternalServerErrorException")]
    {
        let estate = Estate::with(&["192.0.2.1"]);
        let cloud = started(&estate, &[]);
        estate.once(UPDATE, says(answer.clone()));
        assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())]);
        assert!(load(&cloud).await.unwrap().is_due());
        estate.once(UPDATE, says(answer));
        let results = make(&cloud, &[activate(2)]).await;
        assert!(matches!(&results[..], [Err(Error::Transient(_))]), "{results:?}");
        assert_eq!(make(&cloud, &[activate(2)]).await, [Ok(())]);
        assert!(!load(&cloud).await.unwrap().is_due());
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_the_list_due_or_told_and_never_in_between() {
    for (call, mark) in [(TEXT, 1), (UPDATE, 1), ("UpdateItem", 2)] {
        let estate = Estate::with(&["192.0.2.1"]);
        let cloud = started(&estate, &[]);
        estate.once(call, |_| Reply::Lost);
        assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())], "{call}");
        assert_eq!((estate.listed().len(), estate.now().mark), (2, Some(mark)), "{call}");
        let after = load(&cloud).await.unwrap();
        assert!(after.edits.is_empty(), "{call}: our own text is nobody's edit");
        // Reading ends, a sweep comes, and all is told.
        estate.now().sets.insert("s1".into(), Set::at("s3://bucket/kintsugi.txt"));
        assert_eq!(make(&cloud, &[activate(2)]).await, [Ok(())], "{call}");
        assert_eq!(
            (estate.text().as_str(), estate.now().mark),
            ("192.0.2.1\n192.0.2.2\n", Some(2))
        );
    }
}

#[tokio::test]
async fn what_is_denied_names_the_role_and_the_action() {
    for (call, needs) in [
        (UPDATE, "guardduty:UpdateThreatEntitySet"),
        (CREATE, "guardduty:CreateThreatEntitySet"),
        (TEXT, "s3:PutObject and s3:GetObject"),
        ("UpdateItem", "dynamodb:UpdateItem"),
    ] {
        let estate = Estate::with(&["192.0.2.1"]);
        if call == CREATE {
            estate.now().sets.clear();
        }
        let denied = match call {
            TEXT => s3_error(403, "AccessDenied"),
            _ => error(403, "AccessDeniedException"),
        };
        estate.once(call, says(denied));
        let results = make(&started(&estate, &[]), &[list("192.0.2.2")]).await;
        let why = results[0].as_ref().unwrap_err().to_string();
        assert!(matches!(results[0], Err(Error::Refused(_))), "people are told");
        let expected = format!("The role kintsugi-guardduty needs {needs}");
        assert!(why.ends_with(&expected), "{call}: {why}");
        assert_eq!(estate.listed(), ["192.0.2.1", "192.0.2.2"], "it is on the list all the same");
    }
}

#[tokio::test]
async fn a_text_that_a_person_edited_is_never_written_over() {
    let estate = Estate::with(&["192.0.2.1"]);
    estate.edit("192.0.2.1\n192.0.2.7\n");
    let cloud = started(&estate, &[]);
    for change in [list("192.0.2.2"), activate(2)] {
        assert_eq!(make(&cloud, &[change]).await, [Ok(())]);
        assert_eq!(estate.text(), "192.0.2.1\n192.0.2.7\n");
        assert!(!changing(&estate).contains(&UPDATE.to_owned()));
    }
    // Nor if it is edited after it was looked at.
    let estate = Estate::with(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    load(&cloud).await.unwrap();
    estate.edit("192.0.2.1\n192.0.2.7\n");
    assert_eq!(cloud.apply(&home(), &id(), &[list("192.0.2.2")]).await, [Ok(())]);
    assert_eq!(estate.text(), "192.0.2.1\n192.0.2.7\n");
    assert!(!changing(&estate).contains(&UPDATE.to_owned()));
    assert_eq!(estate.now().mark, Some(1));
    let after = load(&cloud).await.unwrap();
    let added: Vec<_> = after.edits.added.iter().map(ToString::to_string).collect();
    assert_eq!(added, ["192.0.2.7"], "it is taken over by the next sweep");
    assert!(after.edits.removed.is_empty(), "who was not in the text yet was not taken out of it");
}

#[tokio::test]
async fn a_text_without_an_edit_in_it_is_written_over() {
    let estate = Estate::with(&["192.0.2.1"]);
    estate.edit("  192.0.2.1  \r\n\r\n");
    let cloud = started(&estate, &[]);
    assert_eq!(make(&cloud, &[list("192.0.2.2")]).await, [Ok(())]);
    assert_eq!(estate.text(), "192.0.2.1\n192.0.2.2\n");
}

#[tokio::test]
async fn a_change_for_which_nothing_was_read_leaves_guardduty_alone() {
    let estate = Estate::with(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    assert_eq!(cloud.apply(&home(), &id(), &[list("192.0.2.2")]).await, [Ok(())]);
    assert_eq!(changing(&estate), ["PutObject bucket/kintsugi.json"]);
    assert_eq!(estate.listed().len(), 2);
}

#[tokio::test]
async fn a_list_of_the_other_kind_is_made_and_read_anew_as_such() {
    let intel: &[_] = &[("THREAT_LIST_KIND", "ThreatIntelSet")];
    let estate = Estate::new();
    let cloud = started(&estate, intel);
    assert_eq!(make(&cloud, &[list("192.0.2.1")]).await, [Ok(())]);
    let body: serde_json::Value =
        serde_json::from_str(&estate.call("CreateThreatIntelSet").body).unwrap();
    assert_eq!((&body["activate"], &body["format"]), (&true.into(), &"TXT".into()));
    assert_eq!(body["expectedBucketOwner"], "111122223333");
    assert_eq!(body["tags"]["AutoRemediate"], "True");
    estate.now().sets.get_mut("made").unwrap().status = "ACTIVE";
    estate.once("UpdateThreatIntelSet made", says(error(403, "AccessDeniedException")));
    let results = make(&cloud, &[list("192.0.2.2")]).await;
    let why = results[0].as_ref().unwrap_err().to_string();
    assert!(
        why.ends_with(
            "iam:PutRolePolicy and iam:DeleteRolePolicy on AWSServiceRoleForAmazonGuardDuty"
        ),
        "{why}"
    );
    assert_eq!(make(&cloud, &[activate(2)]).await, [Ok(())]);
    assert_eq!(estate.now().mark, Some(2));
}
