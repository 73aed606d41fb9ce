use catalog::iam::{
    CustomerPolicy, CustomerPolicyId, RoleId, RolePolicies, RolePolicyChange, ServerCertificate,
    ServerCertificateId,
};
use script::Script;

use super::{by_name, found, make, no, read, yes};

const POLICY: &str = "<Policy><PolicyName>deploy</PolicyName><DefaultVersionId>v3</DefaultVersionId>\
    <AttachmentCount>2</AttachmentCount></Policy>";

fn deploy() -> CustomerPolicyId {
    CustomerPolicyId { path: "/ops/".into(), name: "deploy".into() }
}

fn version(document: &str) -> Script {
    let version = format!("<PolicyVersion><Document>{document}</Document></PolicyVersion>");
    by_name(&[
        ("GetPolicy", yes("GetPolicy", POLICY)),
        ("GetPolicyVersion", yes("GetPolicyVersion", &version)),
    ])
}

#[tokio::test]
async fn the_version_that_holds_is_read_and_decoded() {
    let script = version(
        "%7B%22Statement%22%3A%5B%7B%22Sid%22%3A%22%C3%BC%25%22%2C%22Effect%22%3A%22Allow%22%2C\
         %22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
    );
    let found = found::<CustomerPolicy>(&script, &deploy()).await;
    assert_eq!((found.version.as_str(), found.attachments), ("v3", 2));
    assert_eq!((found.statements[0].sid.as_str(), found.statements[0].allows("*")), ("ü%", true));
    assert!(script.bodies()[1].contains("policy%2Fops%2Fdeploy&VersionId=v3"));
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_an_error_and_a_policy_that_is_gone_is_none() {
    for document in ["", "what?", "%", "%7B%7"] {
        let found = read::<CustomerPolicy>(&version(document), &deploy()).await;
        assert!(found.is_err(), "{document}");
    }
    let script = by_name(&[("GetPolicy", no(404, "NoSuchEntity"))]);
    let found = read::<CustomerPolicy>(&script, &deploy()).await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn the_policies_of_a_role_are_read_over_several_pages_and_taken_away() {
    let role = "<Role><Path>/</Path><RoleName>web</RoleName><RoleId>AROA</RoleId><Arn>a</Arn>\
        <CreateDate>2020-01-01T00:00:00Z</CreateDate></Role>";
    let page = |arn: &str, more: &str| {
        let member = format!("<member><PolicyArn>{arn}</PolicyArn></member>");
        let body = format!("<AttachedPolicies>{member}</AttachedPolicies>{more}");
        yes("ListAttachedRolePolicies", &body)
    };
    let script = Script::of([
        yes("GetRole", role),
        page("a", "<IsTruncated>true</IsTruncated><Marker>m</Marker>"),
        page("b", "<IsTruncated>false</IsTruncated>"),
    ]);
    let web = RoleId { path: "/".into(), name: "web".into() };
    let found = found::<RolePolicies>(&script, &web).await;
    assert_eq!(found.attached, ["a".to_owned(), "b".to_owned()].into());
    let script = Script::of([
        yes("DetachRolePolicy", ""),
        no(404, "NoSuchEntity"),
        yes("AttachRolePolicy", ""),
    ]);
    let changes = [
        RolePolicyChange::Detach("a".into()),
        RolePolicyChange::Detach("b".into()),
        RolePolicyChange::Attach("a".into()),
    ];
    assert_eq!(make::<RolePolicies>(&script, &web, &changes).await, [Ok(()), Ok(()), Ok(())]);
}

#[tokio::test]
async fn a_certificate_says_when_it_ends() {
    let certificate = |ends: &str| {
        format!(
            "<ServerCertificate><ServerCertificateMetadata><Path>/</Path>\
             <ServerCertificateName>www</ServerCertificateName>\
             <ServerCertificateId>ASCA</ServerCertificateId><Arn>a</Arn>{ends}\
             </ServerCertificateMetadata><CertificateBody>b</CertificateBody></ServerCertificate>"
        )
    };
    let www = ServerCertificateId { path: "/".into(), name: "www".into() };
    let ends = certificate("<Expiration>2026-11-19T00:00:00Z</Expiration>");
    let script = Script::of([yes("GetServerCertificate", &ends)]);
    let found = found::<ServerCertificate>(&script, &www).await;
    assert_eq!(found.expires.to_rfc3339(), "2026-11-19T00:00:00+00:00");
    let script = Script::of([yes("GetServerCertificate", &certificate(""))]);
    let found = read::<ServerCertificate>(&script, &www).await;
    assert!(found.unwrap_err().to_string().contains("does not say when it ends"));
}
