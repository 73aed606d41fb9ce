//! Who hears what, and who takes care of what.

use runtime::{News, order::What};
use serde_json::{Value, json};

use script::answer;

use super::{World, not, page};

const RULES: &str = "
[channels.mail]
kind = \"mail\"

[[routes]]
to = [\"mail\"]
";

#[tokio::test]
async fn rules_are_put_in_force_if_they_are_valid_and_nobody_was_quicker() {
    let push = |text: &str| What::Rules { text: text.into(), replaces: 7 };
    let world = World::with([]);
    let said = world.done(push(RULES)).await;
    assert!(said.starts_with("version 8 of the rules is in force"), "{said}");
    assert_eq!(world.writes(), ["TransactWriteItems", "PutItem", "Publish"]);

    let world = World::with([]);
    let why = world.refused(push("[channels.mail]\nkind = \"pigeon\"\n")).await;
    assert!(why.contains("are not put in force") && why.contains("line 2"), "{why}");
    assert!(world.writes().is_empty());

    let beaten = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed"}],
    });
    let world = World::with([]);
    let world = world.says("TransactWriteItems", move |_| Some(answer(400, &beaten.to_string())));
    let why = world.refused(push(RULES)).await;
    assert!(why.contains("version 7 is not what was in force last"), "{why}");
    assert_eq!(world.writes(), ["TransactWriteItems"]);
}

#[tokio::test]
async fn a_problem_is_acknowledged_by_its_case_or_a_record_of_it() {
    let page = page();
    let case = News::of(&page).case;
    for named in [&case, &page.id] {
        let world = World::with([page.clone()]);
        let what = What::Acknowledge { case_or_record: named.clone() };
        let said = world.done(what).await;
        assert!(
            said.starts_with(&format!("case {case}")) && said.contains("is acknowledged"),
            "{said}"
        );
        assert_eq!(world.writes(), ["UpdateItem", "PutItem"], "nobody is told once more");
        let [update] = world.calls("UpdateItem").try_into().unwrap();
        assert_eq!(update["Key"]["pk"]["S"], format!("case#{case}"));
        let said = update["ExpressionAttributeValues"][":said"]["S"].as_str().unwrap();
        let said: Value = serde_json::from_str(said).unwrap();
        assert_eq!((&said["by"], &said["why"]), (&json!("ada"), &json!("a test")));
        assert!(said["at"].is_string(), "{said}");
    }
}

#[tokio::test]
async fn what_nobody_was_told_of_or_is_closed_cannot_be_acknowledged() {
    let acknowledge = |named: &str| What::Acknowledge { case_or_record: named.into() };
    for (item, said) in [
        (json!(null), "nobody was told of it"),
        (json!({"closed": {"S": "2026-11-20T09:00:00Z"}}), "is closed"),
    ] {
        let world = World::with([]).says("UpdateItem", move |_| Some(not(&item)));
        let why = world.refused(acknowledge("c-0123456789ab")).await;
        assert!(why.contains(said), "{why}");
        assert_eq!(world.writes(), ["UpdateItem"]);
    }
    for named in ["c-0123", "", "k-1"] {
        let world = World::with([]);
        let why = world.refused(acknowledge(named)).await;
        assert!(why.contains("record"), "{why}");
        assert!(world.writes().is_empty());
    }
}
