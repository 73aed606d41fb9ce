//! Rules that people push, and what they say to cases.

use serde_json::{Value, json};

use script::{Script, answer};

use super::{all, done, item, items, not, table, time};
use crate::{Heeded, policy, rules::RULES};

fn version(number: u32) -> Value {
    json!({
        "version": {"N": number.to_string()}, "text": {"S": "[channels]"}, "by": {"S": "bob"},
        "at": {"S": "2026-11-20T09:00:00.000Z"},
    })
}

#[tokio::test]
async fn rules_are_pushed_as_policies_are_under_a_key_of_their_own() {
    let at = time("2026-11-20T10:00:00Z");
    for (replaces, keys) in [
        (0, vec!["rules", "rules#00000001"]),
        (7, vec!["rules", "rules#00000008", "rules#00000007"]),
    ] {
        let script = Script::of([done()]);
        let pushed = table(&script).push_rules("[channels]", replaces, "ada", at, "a test").await;
        assert_eq!(pushed.unwrap().version, replaces + 1);
        let [body] = all(&script).try_into().unwrap();
        let wrote = body["TransactItems"].as_array().unwrap().iter().map(|write| {
            let key =
                write.get("ConditionCheck").map_or(&write["Put"]["Item"], |check| &check["Key"]);
            assert_eq!(key["pk"]["S"], "control");
            key["sk"]["S"].as_str().unwrap().to_owned()
        });
        assert_eq!(wrote.collect::<Vec<_>>(), keys);
    }
}

#[tokio::test]
async fn whoever_was_quicker_with_rules_is_named_and_the_command_that_shows_theirs() {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": version(1)}, {"Code": "None"}],
    });
    let script = Script::of([answer(400, &body.to_string())]);
    let at = time("2026-11-20T10:00:00Z");
    let error = table(&script).push_rules("[channels]", 0, "ada", at, "").await.unwrap_err();
    let error = error.to_string();
    assert!(error.contains("could not push the rules: bob was quicker"), "{error}");
    assert!(error.contains("kintsugi rules show") && !error.contains("polic"), "{error}");
}

#[tokio::test]
async fn rules_that_are_and_were_in_force_can_be_read() {
    let mut short = version(8);
    short.as_object_mut().unwrap().remove("text");
    let script = Script::of([
        answer(200, "{}"),
        item(&version(8)),
        item(&version(7)),
        items(&[short.clone()]),
        item(&short),
    ]);
    let table = table(&script);
    assert_eq!(table.rules().await, Ok(None));
    assert_eq!(table.rules().await.unwrap().map(|pushed| pushed.version), Some(8));
    assert_eq!(table.rules_version(7).await.unwrap().map(|pushed| pushed.by), Some("bob".into()));
    assert_eq!(table.rules_versions().await.unwrap()[0].number, 8);
    let error = table.rules().await.unwrap_err().to_string();
    assert!(error.contains("could not read the rules: its item"), "{error}");
    let bodies = all(&script);
    assert_eq!(bodies[0]["Key"]["sk"]["S"], "rules");
    assert_eq!(bodies[2]["Key"]["sk"]["S"], "rules#00000007");
    assert_eq!(bodies[3]["ExpressionAttributeValues"][":version"]["S"], "rules#");
}

#[test]
fn what_every_plan_reads_ends_before_the_rules() {
    assert!(policy::version_key(1).as_str() < RULES.sk);
}

#[tokio::test]
async fn who_takes_care_of_a_case_is_written_beside_it_if_it_stands_open() {
    let closed = json!({"closed": {"S": "2026-11-20T09:00:00.000Z"}});
    for (said, heeded) in [
        (done(), Heeded::Yes),
        (not(&Value::Null), Heeded::Unknown),
        (not(&closed), Heeded::Closed),
    ] {
        let script = Script::of([said]);
        assert_eq!(table(&script).acknowledge("c-0123456789ab", "{}").await, Ok(heeded));
        let [body] = all(&script).try_into().unwrap();
        assert_eq!(body["Key"], json!({"pk": {"S": "case#c-0123456789ab"}, "sk": {"S": "case"}}));
        let condition = "attribute_exists(pk) AND attribute_not_exists(#closed)";
        assert_eq!(body["ConditionExpression"], condition);
    }
}
