use catalog::iam::{
    ContainmentChange, KeyChange, UserContainment, UserCredentials, UserId, UserMfa, UserPolicies,
    UserPolicyChange,
};
use script::{Answer, Script};

use super::{by_name, called, found, make, no, read, yes};

const USER: &str = "<User><Path>/ops/</Path><UserName>alice</UserName><UserId>AIDA1</UserId>\
    <Arn>arn:aws:iam::111122223333:user/ops/alice</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate>\
    <PasswordLastUsed>2026-01-02T03:04:05Z</PasswordLastUsed><Tags><member><Key>AutoRemediate</Key>\
    <Value>True</Value></member></Tags></User>";
const KEYS: &str = "<IsTruncated>false</IsTruncated><AccessKeyMetadata><member>\
    <UserName>alice</UserName><AccessKeyId>AKIA2</AccessKeyId><Status>Active</Status>\
    <CreateDate>2021-01-01T00:00:00Z</CreateDate></member><member><UserName>alice</UserName>\
    <AccessKeyId>AKIA1</AccessKeyId><Status>Inactive</Status>\
    <CreateDate>2020-01-01T00:00:00Z</CreateDate></member></AccessKeyMetadata>";
const USED: &str = "<UserName>alice</UserName><AccessKeyLastUsed><LastUsedDate>2026-10-01T00:00:00Z\
    </LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region></AccessKeyLastUsed>";
const NEVER: &str = "<UserName>alice</UserName><AccessKeyLastUsed><ServiceName>N/A</ServiceName>\
    <Region>N/A</Region></AccessKeyLastUsed>";
const PROFILE: &str = "<LoginProfile><UserName>alice</UserName>\
    <CreateDate>2025-01-01T00:00:00Z</CreateDate></LoginProfile>";

fn alice() -> UserId {
    UserId { path: "/ops/".into(), name: "alice".into() }
}

fn credentials(used: &str, profile: Answer) -> Script {
    by_name(&[
        ("GetUser", yes("GetUser", USER)),
        ("ListAccessKeys", yes("ListAccessKeys", KEYS)),
        ("GetAccessKeyLastUsed", yes("GetAccessKeyLastUsed", used)),
        ("GetLoginProfile", profile),
    ])
}

#[tokio::test]
async fn credentials_are_read_with_when_they_were_used() {
    let script = credentials(USED, yes("GetLoginProfile", PROFILE));
    let found = found::<UserCredentials>(&script, &alice()).await;
    let keys: Vec<_> = found.keys.iter().map(|key| (key.id.as_str(), key.active)).collect();
    assert_eq!(keys, [("AKIA2", true), ("AKIA1", false)]);
    assert_eq!(found.keys[0].used.unwrap().to_rfc3339(), "2026-10-01T00:00:00+00:00");
    assert_eq!(found.keys[0].service, "s3");
    let password = found.password.unwrap();
    assert_eq!(password.created.to_rfc3339(), "2025-01-01T00:00:00+00:00");
    assert_eq!(password.used.unwrap().to_rfc3339(), "2026-01-02T03:04:05+00:00");
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert!(script.bodies()[0].ends_with("UserName=alice"));
}

#[tokio::test]
async fn a_key_that_was_never_used_and_a_user_without_a_password_say_so() {
    let script = credentials(NEVER, no(404, "NoSuchEntity"));
    let found = found::<UserCredentials>(&script, &alice()).await;
    assert_eq!((found.keys[0].used, found.password), (None, None));
}

#[tokio::test]
async fn a_user_who_is_gone_is_none_and_one_that_cannot_be_read_in_full_is_an_error() {
    let script = by_name(&[("GetUser", no(404, "NoSuchEntity"))]);
    let found = read::<UserCredentials>(&script, &alice()).await.unwrap();
    assert_eq!(found, None);
    let script = credentials(USED, no(403, "AccessDenied"));
    let found = read::<UserCredentials>(&script, &alice()).await;
    let error = found.unwrap_err().to_string();
    assert!(error.contains("The role kintsugi-iam needs iam:GetLoginProfile"), "{error}");
    let script = credentials("", no(404, "NoSuchEntity"));
    let found = read::<UserCredentials>(&script, &alice()).await;
    assert!(found.is_err());
}

#[tokio::test]
async fn keys_are_set_one_by_one_and_one_that_is_gone_is_inactive() {
    let script =
        Script::of([yes("UpdateAccessKey", ""), no(404, "NoSuchEntity"), no(404, "NoSuchEntity")]);
    let changes = [
        KeyChange::Deactivate("AKIA1".into()),
        KeyChange::Deactivate("AKIA2".into()),
        KeyChange::Activate("AKIA2".into()),
    ];
    let done = make::<UserCredentials>(&script, &alice(), &changes).await;
    assert_eq!(done.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(
        script.bodies()[0],
        "Action=UpdateAccessKey&Version=2010-05-08&UserName=alice&AccessKeyId=AKIA1&Status=Inactive"
    );
}

#[tokio::test]
async fn who_is_denied_everything_is_seen_by_the_policy() {
    let policies = "<AttachedPolicies><member><PolicyName>AWSDenyAll</PolicyName>\
        <PolicyArn>arn:aws:iam::aws:policy/AWSDenyAll</PolicyArn></member></AttachedPolicies>";
    let script = by_name(&[
        ("GetUser", yes("GetUser", USER)),
        ("ListAccessKeys", yes("ListAccessKeys", KEYS)),
        ("ListAttachedUserPolicies", yes("ListAttachedUserPolicies", policies)),
    ]);
    let found = found::<UserContainment>(&script, &alice()).await;
    assert_eq!(found.path, "/ops/");
    assert_eq!((found.active_keys, found.denied), (vec!["AKIA2".to_owned()], true));
}

#[tokio::test]
async fn a_user_is_contained_and_let_go() {
    let script = Script::of([
        yes("AttachUserPolicy", ""),
        yes("UpdateAccessKey", ""),
        yes("UpdateAccessKey", ""),
        no(404, "NoSuchEntity"),
    ]);
    let changes = [
        ContainmentChange::Deny,
        ContainmentChange::Deactivate("AKIA2".into()),
        ContainmentChange::Activate("AKIA2".into()),
        ContainmentChange::Allow,
    ];
    assert_eq!(
        make::<UserContainment>(&script, &alice(), &changes).await,
        [Ok(()), Ok(()), Ok(()), Ok(())]
    );
    assert_eq!(
        script.bodies()[0],
        "Action=AttachUserPolicy&Version=2010-05-08&UserName=alice\
         &PolicyArn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FAWSDenyAll"
    );
}

#[tokio::test]
async fn policies_and_groups_are_read_together() {
    let script = by_name(&[
        ("GetUser", yes("GetUser", USER)),
        ("ListAttachedUserPolicies", yes("ListAttachedUserPolicies", "<AttachedPolicies/>")),
        (
            "ListUserPolicies",
            yes("ListUserPolicies", "<PolicyNames><member>own</member></PolicyNames>"),
        ),
        (
            "ListGroupsForUser",
            yes(
                "ListGroupsForUser",
                "<Groups><member><Path>/</Path><GroupName>ops</GroupName><GroupId>G</GroupId>\
                 <Arn>a</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate></member></Groups>",
            ),
        ),
    ]);
    let found = found::<UserPolicies>(&script, &alice()).await;
    assert_eq!(found.inline, ["own".to_owned()].into());
    assert_eq!(found.groups, ["ops".to_owned()].into());
    let calls = ["GetUser", "ListAttachedUserPolicies", "ListGroupsForUser", "ListUserPolicies"];
    assert_eq!(called(&script), calls);
    let script = Script::of([yes("DetachUserPolicy", "")]);
    let change = UserPolicyChange::Detach("arn:aws:iam::aws:policy/P".into());
    assert_eq!(make::<UserPolicies>(&script, &alice(), &[change]).await, [Ok(())]);
}

#[tokio::test]
async fn the_devices_of_a_user_are_listed() {
    let device = "<MFADevices><member><UserName>alice</UserName><SerialNumber>arn:mfa</SerialNumber>\
        <EnableDate>2020-01-01T00:00:00Z</EnableDate></member></MFADevices>";
    let script = by_name(&[
        ("GetUser", yes("GetUser", USER)),
        ("ListMFADevices", yes("ListMFADevices", device)),
        ("GetLoginProfile", no(404, "NoSuchEntity")),
    ]);
    let found = found::<UserMfa>(&script, &alice()).await;
    assert_eq!((found.devices, found.password), (vec!["arn:mfa".to_owned()], false));
}
