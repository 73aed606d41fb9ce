use catalog::iam::{Mfa, RootUser, RootUserId, SupportAccess, SupportAccessId};
use runtime::Error;
use script::Script;

use super::{by_name, found, read, yes};

async fn root(summary: &str, devices: &str) -> Result<Option<RootUser>, Error> {
    let devices = format!("<VirtualMFADevices>{devices}</VirtualMFADevices>");
    let script = by_name(&[
        (
            "GetAccountSummary",
            yes("GetAccountSummary", &format!("<SummaryMap>{summary}</SummaryMap>")),
        ),
        ("ListVirtualMFADevices", yes("ListVirtualMFADevices", &devices)),
    ]);
    read(&script, &RootUserId("111122223333".into())).await
}

fn count(key: &str, value: u8) -> String {
    format!("<entry><key>{key}</key><value>{value}</value></entry>")
}

fn device(of: &str) -> String {
    format!(
        "<member><SerialNumber>s</SerialNumber><User><Path>/</Path><UserName>u</UserName>\
         <UserId>u</UserId><Arn>arn:aws:iam::111122223333:{of}</Arn>\
         <CreateDate>2020-01-01T00:00:00Z</CreateDate></User></member>"
    )
}

#[tokio::test]
async fn the_root_user_is_known_by_the_summary_and_its_devices() {
    let summary =
        |keys, mfa| count("AccountAccessKeysPresent", keys) + &count("AccountMFAEnabled", mfa);
    for (summary, devices, access_key, mfa) in [
        (summary(1, 0), String::new(), true, None),
        (summary(0, 1), device("user/root"), false, Some(Mfa::Hardware)),
        (summary(0, 1), device("root"), false, Some(Mfa::Virtual)),
    ] {
        let found = root(&summary, &devices).await;
        assert_eq!(found, Ok(Some(RootUser { access_key, password: true, mfa })));
    }
    let kept = summary(0, 0) + &count("AccountPasswordPresent", 0);
    assert_eq!(root(&kept, "").await, Ok(Some(RootUser::default())));
}

#[tokio::test]
async fn a_summary_that_does_not_say_it_is_an_error() {
    let error = root(&count("AccountMFAEnabled", 1), "").await.unwrap_err().to_string();
    assert!(error.contains("there is no AccountAccessKeysPresent"), "{error}");
}

#[tokio::test]
async fn all_who_have_access_to_support_are_found() {
    let page = |body: &str| yes("ListEntitiesForPolicy", body);
    let script = Script::of([
        page(
            "<PolicyRoles><member><RoleName>r</RoleName></member></PolicyRoles>\
             <IsTruncated>true</IsTruncated><Marker>m</Marker>",
        ),
        page("<PolicyGroups><member><GroupName>g</GroupName></member></PolicyGroups>"),
    ]);
    let id = SupportAccessId("111122223333".into());
    let found = found::<SupportAccess>(&script, &id).await;
    assert_eq!(found.held_by, ["r", "g"]);
    assert!(
        script.bodies()[0]
            .contains("PolicyArn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FAWSSupportAccess")
    );
}
