use catalog::s3::{BucketPolicy, Denial, PolicyChange};
use script::Script;

use super::{apply, asked, bucket, load, no, yes};

const READ: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::web/*"}}"#;
const OURS: &str = r#"{"Sid":"Ours","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":["arn:aws:s3:::web","arn:aws:s3:::web/*"]}"#;

fn denial() -> Denial {
    Denial { sid: "Ours".into(), says: String::new(), text: OURS.into() }
}

fn with(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

fn first() -> &'static str {
    READ.split_once(r#""Statement":"#).unwrap().1.strip_suffix('}').unwrap()
}

#[tokio::test]
async fn a_policy_is_read_as_it_is_written_and_a_bucket_can_have_none() {
    let none = ("GET website", no(404, "NoSuchWebsiteConfiguration"));
    let script = bucket(&[("GET policy", yes(READ)), none.clone()]);
    let found = load::<BucketPolicy>(&script).await.unwrap().unwrap();
    assert_eq!(found.document.unwrap().to_string(), with(first()));
    let script = bucket(&[("GET policy", no(404, "NoSuchBucketPolicy")), none.clone()]);
    assert_eq!(load::<BucketPolicy>(&script).await.unwrap().unwrap().document, None);
    let script = bucket(&[("GET policy", yes("{}")), none]);
    let error = load::<BucketPolicy>(&script).await.unwrap_err().to_string();
    assert!(error.contains("could not read the policy of bucket web"), "{error}");
}

fn written(script: &Script) -> Vec<String> {
    let writes = script.requests().into_iter().filter(|request| request.method != "GET");
    writes.map(|request| format!("{} {}", asked(&request), request.body)).collect()
}

#[tokio::test]
async fn a_statement_is_joined_to_the_policy_that_is_there_by_then() {
    let put = ("PUT policy", yes(""));
    let joined = format!("PUT policy {}", with(&format!("{},{OURS}", first())));
    for change in [PolicyChange::Add(denial()), PolicyChange::Create(denial())] {
        let script = bucket(&[("GET policy", yes(READ)), put.clone()]);
        assert_eq!(apply::<BucketPolicy>(&script, change.clone()).await, [Ok(())]);
        assert_eq!(written(&script), std::slice::from_ref(&joined));

        let script = bucket(&[("GET policy", no(404, "NoSuchBucketPolicy")), put.clone()]);
        assert_eq!(apply::<BucketPolicy>(&script, change.clone()).await, [Ok(())]);
        assert_eq!(written(&script), [format!("PUT policy {}", with(OURS))]);

        // It is there already.
        let script = bucket(&[("GET policy", yes(&with(OURS)))]);
        assert_eq!(apply::<BucketPolicy>(&script, change).await, [Ok(())]);
        assert!(written(&script).is_empty());
    }
}

#[tokio::test]
async fn taking_it_back_takes_out_ours_and_nothing_else() {
    // As S3 may give it back.
    let told = OURS.replace(r#"["s3:*"]"#, r#""s3:*""#);
    let both = with(&format!("{},{told}", first()));
    for change in [PolicyChange::Remove(denial()), PolicyChange::Delete(denial())] {
        let script = bucket(&[("GET policy", yes(&both)), ("PUT policy", yes(""))]);
        assert_eq!(apply::<BucketPolicy>(&script, change.clone()).await, [Ok(())]);
        assert_eq!(written(&script), [format!("PUT policy {}", with(first()))]);

        let script = bucket(&[("GET policy", yes(&with(&told))), ("DELETE policy", yes(""))]);
        assert_eq!(apply::<BucketPolicy>(&script, change.clone()).await, [Ok(())]);
        assert_eq!(written(&script), ["DELETE policy "]);

        // It is gone already.
        let script = bucket(&[("GET policy", no(404, "NoSuchBucketPolicy"))]);
        assert_eq!(apply::<BucketPolicy>(&script, change).await, [Ok(())]);
        assert!(written(&script).is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_written_over() {
    for says in [no(403, "AccessDenied"), no(404, "NoSuchBucket"), yes("[]")] {
        let script = bucket(&[("GET policy", says)]);
        let done = apply::<BucketPolicy>(&script, PolicyChange::Add(denial())).await;
        assert!(done[0].is_err());
        assert!(written(&script).is_empty());
    }
}
