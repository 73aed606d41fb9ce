//! Policies that people push, and their versions.

use runtime::Error;
use serde_json::{Value, json};

use script::{Answer, Script, answer};

use super::{all, done, item, items, table, time};
use crate::policy::{Pushed, Version};

async fn push(script: &Script, replaces: u32) -> Result<Pushed, Error> {
    let at = time("2026-11-20T10:00:00Z");
    table(script).push_policy("permit (…);", replaces, "ada", at, "a test").await
}

fn canceled(reasons: &Value) -> Answer {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled",
        "CancellationReasons": reasons,
    });
    answer(400, &body.to_string())
}

fn version(number: u32) -> Value {
    json!({
        "version": {"N": number.to_string()}, "text": {"S": "permit (…);"}, "by": {"S": "bob"},
        "at": {"S": "2026-11-20T09:00:00.000Z"}, "why": {"S": ""},
    })
}

#[tokio::test]
async fn the_first_policies_replace_those_of_the_stack() {
    let script = Script::of([done()]);
    assert_eq!(push(&script, 0).await.unwrap().version, 1);
    let [body] = all(&script).try_into().unwrap();
    let [current, kept] =
        <[Value; 2]>::try_from(body["TransactItems"].as_array().unwrap().clone()).unwrap();
    assert_eq!(current["Put"]["Item"]["sk"]["S"], "policy");
    assert_eq!(current["Put"]["ConditionExpression"], "attribute_not_exists(pk)");
    assert_eq!(kept["Put"]["Item"]["sk"]["S"], "policy#00000001");
    assert_eq!(kept["Put"]["ConditionExpression"], "attribute_not_exists(pk)");
    for put in [current, kept] {
        assert_eq!(put["Put"]["Item"]["text"]["S"], "permit (…);");
        assert_eq!(put["Put"]["Item"]["version"]["N"], "1");
        assert_eq!(put["Put"]["Item"]["by"]["S"], "ada");
    }
}

#[tokio::test]
async fn the_next_ones_replace_what_their_author_saw() {
    let script = Script::of([done()]);
    assert_eq!(push(&script, 7).await.unwrap().version, 8);
    let [body] = all(&script).try_into().unwrap();
    let [current, kept, before] =
        <[Value; 3]>::try_from(body["TransactItems"].as_array().unwrap().clone()).unwrap();
    let condition = "attribute_not_exists(pk) OR #version = :replaces";
    assert_eq!(current["Put"]["ConditionExpression"], condition);
    assert_eq!(current["Put"]["ExpressionAttributeValues"][":replaces"]["N"], "7");
    assert_eq!(kept["Put"]["Item"]["sk"]["S"], "policy#00000008");
    assert_eq!(before["ConditionCheck"]["Key"]["sk"]["S"], "policy#00000007");
}

#[tokio::test]
async fn whoever_was_quicker_is_named() {
    let failed = json!({"Code": "ConditionalCheckFailed", "Item": version(8)});
    let none = json!({"Code": "None"});
    for (reasons, transient, said) in [
        (
            json!([failed, none, none]),
            false,
            "bob was quicker, and pushed version 8 at 2026-11-20 09:00 UTC, which does not replace version 7",
        ),
        (
            json!([none, {"Code": "ConditionalCheckFailed"}, none]),
            false,
            "version 7 is not what was in force last",
        ),
        (json!([{"Code": "TransactionConflict"}, none, none]), true, "at this very moment"),
        (json!([{"Code": "ValidationError"}, none, none]), false, "TransactionCanceledException"),
    ] {
        let error = push(&Script::of([canceled(&reasons)]), 7).await.unwrap_err();
        assert_eq!(matches!(error, Error::Transient(_)), transient, "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn policies_that_are_too_large_are_not_sent() {
    let script = Script::of([]);
    let at = time("2026-11-20T10:00:00Z");
    let large = "x".repeat(400 * 1024);
    let error = table(&script).push_policy(&large, 0, "ada", at, "").await.unwrap_err();
    assert!(error.to_string().contains("400 KiB"), "{error}");
    assert!(script.bodies().is_empty());
}

#[tokio::test]
async fn what_is_and_was_in_force_can_be_read() {
    let mut short = version(8);
    short.as_object_mut().unwrap().remove("text");
    let none = answer(200, "{}");
    let script = Script::of([
        none.clone(),
        item(&version(8)),
        item(&version(7)),
        none,
        items(&[short.clone(), short]),
        items(&[json!({"version": {"N": "x"}})]),
    ]);
    let table = table(&script);
    assert_eq!(table.policy().await, Ok(None));
    assert_eq!(table.policy().await.unwrap().map(|pushed| pushed.version), Some(8));
    let seven = table.policy_version(7).await.unwrap().unwrap();
    assert_eq!((seven.version, seven.by.as_str()), (7, "bob"));
    assert_eq!(table.policy_version(99).await, Ok(None));
    let versions = table.policy_versions().await.unwrap();
    let (by, at) = ("bob".to_owned(), time("2026-11-20T09:00:00Z"));
    assert_eq!(versions[0], Version { number: 8, by, at, why: String::new() });
    assert!(table.policy_versions().await.is_err());
    let bodies = all(&script);
    assert_eq!(bodies[2]["Key"]["sk"]["S"], "policy#00000007");
    assert_eq!(bodies[4]["ScanIndexForward"], false);
    assert_eq!(bodies[4]["ProjectionExpression"], "#version, #by, #at, #why");
}
