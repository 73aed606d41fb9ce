use catalog::compute::{FunctionAccess, FunctionName, Grant, GrantChange, LetsIn, Statement};
use remedy::Change;
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, by, compute, home, no, yes};

fn orders() -> FunctionName {
    FunctionName("orders".into())
}

async fn load(script: &Script) -> Result<Option<FunctionAccess>, Error> {
    Cloud::<FunctionAccess>::load(&compute(script), &home(), &orders(), &[]).await
}

const OPEN: &str = r#"{"Policy":"{\"Statement\":[{\"Sid\":\"open\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:orders\"}]}"}"#;
const URL: &str = r#"{"Policy":"{\"Statement\":[{\"Sid\":\"url\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunctionUrl\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:orders:live\",\"Condition\":{\"StringEquals\":{\"lambda:FunctionUrlAuthType\":\"NONE\"}}}]}"}"#;

#[tokio::test]
async fn the_policies_of_the_function_its_aliases_and_its_versions_are_read() {
    let script = by(&[
        ("/orders/aliases", r#"{"Aliases":[{"Name":"live","FunctionVersion":"3"}]}"#),
        ("/orders/versions?Marker=next", r#"{"Versions":[{"Version":"3"}]}"#),
        ("/orders/versions", r#"{"Versions":[{"Version":"$LATEST"}],"NextMarker":"next"}"#),
        (
            "/orders/urls",
            r#"{"FunctionUrlConfigs":[{"FunctionUrl":"u","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:orders:live","CreationTime":"t","LastModifiedTime":"t","AuthType":"NONE"}]}"#,
        ),
        ("/tags/", r#"{"Tags":{"AutoRemediate":"True"}}"#),
        ("/orders/policy?Qualifier=live", URL),
        ("/orders/policy?Qualifier=3", "404"),
        ("/orders/policy", OPEN),
    ]);
    let found = load(&script).await.unwrap().unwrap();
    let grants: Vec<_> =
        found.grants.iter().map(|g| (g.qualifier.as_str(), g.statement.sid.as_str())).collect();
    assert_eq!(grants, [("", "open"), ("live", "url")]);
    assert!(found.grants.iter().all(|grant| grant.statement.lets_in() == LetsIn::Everybody));
    assert_eq!(found.open_urls, ["live".to_owned()].into());
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(script.requests().len(), 8, "and nothing is asked twice");
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_in_full_is_an_error() {
    assert_eq!(load(&by(&[("", "404")])).await, Ok(None));
    let rest = [
        ("/aliases", r#"{"Aliases":[]}"#),
        ("/versions", r#"{"Versions":[]}"#),
        ("/urls", r#"{"FunctionUrlConfigs":[]}"#),
        ("/tags/", r#"{"Tags":{}}"#),
    ];
    for (policy, why) in [
        ("403", "kintsugi-compute needs lambda:GetPolicy"),
        (r#"{"Policy":"?"}"#, "its policy cannot be read"),
    ] {
        let script = Script::to(move |request| {
            let found = rest.iter().find(|(part, _)| request.uri.contains(part));
            Some(match found {
                Some((_, body)) => yes(body),
                None if policy == "403" => no(403, "AccessDeniedException"),
                None => yes(policy),
            })
        });
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

fn grant(qualifier: &str, policy: &str) -> Grant {
    let policy = policy
        .trim_start_matches(r#"{"Policy":""#)
        .trim_end_matches(r#""}"#)
        .replace(r#"\""#, r#"""#);
    Grant { qualifier: qualifier.into(), statement: Statement::all(&policy).unwrap().remove(0) }
}

#[tokio::test]
async fn statements_are_removed_and_added_by_their_name() {
    let script = Script::of([yes(""), no(404, "ResourceNotFoundException"), yes("{}")]);
    let remove = GrantChange::Remove(grant("live", URL));
    let changes = [GrantChange::Remove(grant("", OPEN)), remove.clone(), remove.inverse().unwrap()];
    let results = apply::<FunctionAccess>(&script, &orders(), &changes).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(())]);
    let requests = script.requests();
    let asked: Vec<_> = requests
        .iter()
        .map(|r| (r.method.as_str(), r.uri.rsplit("amazonaws.com").next().unwrap()))
        .collect();
    assert_eq!(
        asked,
        [
            ("DELETE", "/2015-03-31/functions/orders/policy/open"),
            ("DELETE", "/2015-03-31/functions/orders/policy/url?Qualifier=live"),
            ("POST", "/2015-03-31/functions/orders/policy?Qualifier=live"),
        ]
    );
    assert_eq!(
        requests[2].body,
        r#"{"Action":"lambda:InvokeFunctionUrl","FunctionUrlAuthType":"NONE","Principal":"*","StatementId":"url"}"#
    );
}

#[tokio::test]
async fn one_that_is_being_changed_is_tried_again_and_one_that_is_there_is_added() {
    let script =
        Script::of([no(409, "ResourceConflictException"), no(409, "ResourceConflictException")]);
    let changes = [GrantChange::Remove(grant("", OPEN)), GrantChange::Add(grant("", OPEN))];
    let results = apply::<FunctionAccess>(&script, &orders(), &changes).await;
    assert!(matches!(results[..], [Err(Error::Transient(_)), Ok(())]), "{results:?}");
}
