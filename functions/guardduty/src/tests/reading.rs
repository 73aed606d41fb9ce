use catalog::guardduty::Status;
use runtime::Error;

use super::{
    error,
    estate::{Estate, Reply, Set},
    list, load, s3_error, says, started, unread,
};
use script::answer;

fn sorted(mut calls: Vec<String>) -> Vec<String> {
    calls.sort();
    calls
}

#[tokio::test]
async fn a_list_that_was_never_made_is_an_empty_one() {
    let estate = Estate::new();
    let list = load(&started(&estate, &[])).await.unwrap();
    assert_eq!((list.truth.roll.len(), list.truth.serial, list.told), (0, 0, 0));
    assert_eq!(list.status, Status::Missing);
    assert!(list.edits.is_empty());
    let tags: Vec<_> = list.tags.iter().collect();
    assert_eq!(tags, [(&"AutoRemediate".to_owned(), &"True".to_owned())], "as it will be made");
    assert_eq!(
        sorted(estate.calls()),
        [
            "GetItem",
            "GetObject bucket/kintsugi.json",
            "HeadObject bucket/kintsugi.txt",
            "ListDetectors",
            "ListThreatEntitySets"
        ]
    );
}

#[tokio::test]
async fn what_was_read_before_and_is_still_so_is_not_sent_again() {
    let estate = Estate::with(&["192.0.2.1", "192.0.2.2"]);
    let cloud = started(&estate, &[]);
    let first = load(&cloud).await.unwrap();
    assert_eq!((first.truth.roll.len(), first.told, &first.status), (2, 2, &Status::Active));
    assert_eq!(first.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(estate.call("GetObject bucket/kintsugi.json").header("if-none-match"), None);
    estate.calls();
    assert_eq!(load(&cloud).await.unwrap(), first);
    let again = estate.call("GetObject bucket/kintsugi.json");
    assert_eq!(again.header("if-none-match"), Some("\"v1\""), "as S3 wrote it, quotes and all");
    assert_eq!(
        sorted(estate.calls()),
        [
            "GetItem",
            "GetObject bucket/kintsugi.json",
            "GetThreatEntitySet s1",
            "HeadObject bucket/kintsugi.txt"
        ],
        "which detector and which list is known by now"
    );
    estate.now().make(&list("192.0.2.3"));
    assert_eq!(load(&cloud).await.unwrap().truth.roll.len(), 3, "another process was here");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_never_an_empty_one() {
    let truth = "GetObject bucket/kintsugi.json";
    for (answer, why) in [
        (
            s3_error(403, "AccessDenied"),
            "could not read the threat list s3://bucket/kintsugi.json in 111122223333/eu-west-1: \
             AccessDenied (of AccessDenied). The role kintsugi-guardduty needs s3:GetObject and \
             s3:ListBucket",
        ),
        (s3_error(404, "NoSuchBucket"), "NoSuchBucket"),
        (s3_error(503, "SlowDown"), "SlowDown"),
        (answer(200, "192.0.2.1\n"), "Restore a former version of it: the bucket keeps them"),
        (answer(200, r#"{"version":1,"listings":[["192.0.2.1""#), "no list of Kintsugi's"),
        (answer(200, ""), "no list of Kintsugi's"),
        (answer(200, r#"{"version":9}"#), "version 9; this Kintsugi reads 1"),
    ] {
        let estate = Estate::with(&["192.0.2.1"]);
        estate.once(truth, says(answer));
        let error = unread(&estate).await;
        assert!(error.contains(why), "{error}");
    }
    let estate = Estate::with(&["192.0.2.1"]);
    estate.once(truth, |_| Reply::Down);
    let error = load(&started(&estate, &[])).await.unwrap_err();
    assert!(matches!(&error, Error::Transient(why) if why.contains("no connection")), "{error}");
}

#[tokio::test]
async fn after_an_answer_that_cannot_be_read_the_next_one_is_read_in_full() {
    let estate = Estate::with(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    load(&cloud).await.unwrap();
    estate.once("GetObject bucket/kintsugi.json", says(answer(200, "{")));
    assert!(load(&cloud).await.is_err());
    assert_eq!(load(&cloud).await.unwrap().truth.roll.len(), 1);
}

#[tokio::test]
async fn a_text_that_is_ours_is_not_read_and_one_that_a_person_wrote_is() {
    let estate = Estate::with(&["192.0.2.1", "192.0.2.2"]);
    let cloud = started(&estate, &[]);
    assert!(load(&cloud).await.unwrap().edits.is_empty());
    assert!(!estate.calls().contains(&"GetObject bucket/kintsugi.txt".into()));
    estate.edit("192.0.2.2\nbad.example\nnonsense\n");
    let list = load(&cloud).await.unwrap();
    let names = |names: &std::collections::BTreeSet<catalog::guardduty::Name>| -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    };
    assert_eq!(names(&list.edits.added), ["bad.example"]);
    assert_eq!(names(&list.edits.removed), ["192.0.2.1"]);
    assert_eq!(list.edits.rejected[0].line, "nonsense");
    assert_eq!(list.edited.to_string(), "2026-11-20 11:00 UTC", "when the text was written");
}

#[tokio::test]
async fn a_text_that_is_not_there_is_no_edit_and_one_that_cannot_be_read_is_an_error() {
    let estate = Estate::with(&["192.0.2.1"]);
    estate.now().objects.remove("bucket/kintsugi.txt");
    assert!(load(&started(&estate, &[])).await.unwrap().edits.is_empty());

    // HEAD has no body to say why.
    let estate = Estate::with(&["192.0.2.1"]);
    estate.once("HeadObject bucket/kintsugi.txt", says(answer(403, "")));
    let error = unread(&estate).await;
    assert!(error.starts_with("could not look at s3://bucket/kintsugi.txt"), "{error}");

    let estate = Estate::with(&["192.0.2.1"]);
    estate.edit("192.0.2.9");
    estate.once("GetObject bucket/kintsugi.txt", says(s3_error(403, "AccessDenied")));
    let error = unread(&estate).await;
    assert!(error.starts_with("could not read s3://bucket/kintsugi.txt"), "{error}");
    assert!(error.ends_with("The role kintsugi-guardduty needs s3:GetObject"), "{error}");
}

#[tokio::test]
async fn without_guardduty_there_is_a_clear_error() {
    let estate = Estate::new();
    estate.now().detector = None;
    assert_eq!(
        unread(&estate).await,
        "could not find the detector of GuardDuty in 111122223333/eu-west-1: there is none: enable \
         GuardDuty in this account and Region"
    );
}

#[tokio::test]
async fn our_list_is_found_by_where_it_is_read_from_in_whichever_form_that_is_written() {
    for location in [
        "s3://bucket/kintsugi.txt",
        "https://s3.amazonaws.com/bucket/kintsugi.txt",
        "https://s3.eu-west-1.amazonaws.com/bucket/kintsugi.txt",
        "https://s3-eu-west-1.amazonaws.com/bucket/kintsugi.txt",
        "https://bucket.s3.amazonaws.com/kintsugi.txt",
        "https://bucket.s3.eu-west-1.amazonaws.com/kintsugi.txt",
        "https://bucket.s3-eu-west-1.amazonaws.com/kintsugi.txt",
    ] {
        let estate = Estate::with(&["192.0.2.1"]);
        estate.now().sets.insert("s0".into(), Set { name: "other", ..Set::at("s3://x/y.txt") });
        let ours = Set { name: "renamed", ..Set::at(location) };
        estate.now().sets.insert("s1".into(), ours);
        assert_eq!(
            load(&started(&estate, &[])).await.unwrap().status,
            Status::Active,
            "{location}"
        );
    }
}

#[tokio::test]
async fn a_list_of_the_same_name_that_is_read_from_elsewhere_is_a_clear_error() {
    for location in
        ["s3://bucket2/kintsugi.txt", "s3://bucket/kintsugi.txt.old", "s3://bucket/", ""]
    {
        let estate = Estate::new();
        estate.now().sets.insert("s1".into(), Set::at(location));
        assert_eq!(
            unread(&estate).await,
            format!(
                "could not find the ThreatEntitySet kintsugi in 111122223333/eu-west-1: another list \
                 of that name is there, read from {location}: rename or delete it, or set \
                 ThreatListName"
            )
        );
    }
}

#[tokio::test]
async fn where_there_is_no_room_for_a_list_that_is_a_clear_error() {
    let estate = Estate::new();
    for nth in 0..6 {
        let other = Set { name: "other", ..Set::at("s3://x/y.txt") };
        estate.now().sets.insert(format!("s{nth}"), other);
    }
    assert_eq!(
        unread(&estate).await,
        "could not find the ThreatEntitySet kintsugi in 111122223333/eu-west-1: the account has 6 \
         ThreatEntitySets, as many as it can: delete one"
    );
    estate.now().sets.insert("s5".into(), Set::at("s3://bucket/kintsugi.txt"));
    assert_eq!(load(&started(&estate, &[])).await.unwrap().status, Status::Active, "one is ours");
}

#[tokio::test]
async fn each_state_of_a_list_is_understood_and_unknown_ones_are_waited_for() {
    let broken = |why: &str| Status::Broken(why.into());
    for (status, why, expected) in [
        ("ACTIVE", None, Status::Active),
        ("INACTIVE", None, Status::Inactive),
        ("ACTIVATING", None, Status::Busy),
        ("DEACTIVATING", None, Status::Busy),
        ("DELETE_PENDING", None, Status::Busy),
        ("SOMETHING_NEW", None, Status::Busy),
        ("DELETED", None, Status::Missing),
        ("ERROR", None, broken("GuardDuty says ERROR")),
        ("ERROR", Some("the object is empty"), broken("the object is empty")),
    ] {
        let estate = Estate::with(&["192.0.2.1"]);
        let set = Set { status, why, ..Set::at("s3://bucket/kintsugi.txt") };
        estate.now().sets.insert("s1".into(), set);
        assert_eq!(load(&started(&estate, &[])).await.unwrap().status, expected);
    }
}

#[tokio::test]
async fn a_list_that_went_since_is_looked_for_again() {
    let estate = Estate::with(&["192.0.2.1"]);
    let cloud = started(&estate, &[]);
    load(&cloud).await.unwrap();
    let set = estate.now().sets.remove("s1").unwrap();
    assert_eq!(load(&cloud).await.unwrap().status, Status::Missing);
    estate.now().sets.insert("s2".into(), set);
    assert_eq!(load(&cloud).await.unwrap().status, Status::Active);
}

#[tokio::test]
async fn what_guardduty_denies_names_the_role_and_what_it_needs() {
    for (call, code, needs) in [
        ("ListDetectors", "AccessDeniedException", "guardduty:ListDetectors"),
        ("ListThreatEntitySets", "AccessDeniedException", "guardduty:ListThreatEntitySets"),
        ("GetThreatEntitySet s1", "AccessDeniedException", "guardduty:GetThreatEntitySet"),
    ] {
        let estate = Estate::with(&["192.0.2.1"]);
        estate.once(call, says(error(403, code)));
        let error = unread(&estate).await;
        let expected = format!("The role kintsugi-guardduty needs {needs}");
        assert!(error.ends_with(&expected), "{error}");
    }
    let estate = Estate::with(&["192.0.2.1"]);
    estate.once("ListThreatEntitySets", says(error(429, "TooManyRequestsException")));
    let error = load(&started(&estate, &[])).await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
}

#[tokio::test]
async fn the_other_kind_of_list_is_read_like_this_one() {
    let estate = Estate::with(&["192.0.2.1"]);
    let set = Set { status: "ERROR", ..Set::at("https://bucket.s3.amazonaws.com/kintsugi.txt") };
    estate.now().sets.insert("s1".into(), set);
    let cloud = started(&estate, &[("THREAT_LIST_KIND", "ThreatIntelSet")]);
    let list = load(&cloud).await.unwrap();
    assert_eq!(list.status, Status::Broken("GuardDuty says ERROR".into()));
    assert!(estate.calls().contains(&"GetThreatIntelSet s1".into()));
}
