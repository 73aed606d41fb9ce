//! What is remembered of a resource.

use runtime::{Asked, Error, Exempt, Standing};
use serde_json::{Value, json};

use script::{Script, answer};

use super::{all, done, item, not, table, time};

const GROUP: &str = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1";

fn exempt() -> Exempt {
    let until = time("2026-12-20T10:30:00Z");
    Exempt { until, by: "ada".into(), why: "a test".into() }
}

#[tokio::test]
async fn what_is_remembered_is_read_as_it_is_now() {
    let both = json!({
        "exempt_until": {"S": "2026-12-20T10:30:00.000Z"},
        "exempt_by": {"S": "ada"},
        "exempt_why": {"S": "a test"},
        "asked_record": {"S": "k-1"},
        "asked_plan": {"S": "p1"},
        "asked_until": {"S": "2026-11-23T10:30:00.000Z"},
    });
    let script = Script::of([answer(200, "{}"), item(&both)]);
    let table = table(&script);
    assert_eq!(table.standing(GROUP).await, Ok(Standing::default()));
    let asked =
        Asked { record: "k-1".into(), plan: "p1".into(), until: time("2026-11-23T10:30:00Z") };
    let standing = Standing { exempt: Some(exempt()), asked: Some(asked) };
    assert_eq!(table.standing(GROUP).await, Ok(standing));
    for body in all(&script) {
        assert_eq!(body["ConsistentRead"], true);
        assert_eq!(body["Key"]["pk"]["S"], format!("resource#{GROUP}"));
        assert_eq!(body["Key"]["sk"]["S"], "standing");
    }
}

#[tokio::test]
async fn a_part_of_it_or_one_of_another_type_is_an_error() {
    for odd in [
        json!({"exempt_by": {"S": "ada"}}),
        json!({"exempt_until": {"S": "for ever"}, "exempt_by": {"S": "ada"}}),
        json!({"exempt_until": {"N": "5"}, "exempt_by": {"S": "ada"}}),
        json!({"exempt_until": {"S": "2026-12-20T10:30:00Z"}, "exempt_by": {"BOOL": true}}),
        json!({"asked_record": {"S": "k-1"}}),
        json!({"asked_record": {"S": "k-1"}, "asked_plan": {"S": "p"}, "asked_until": {"S": ""}}),
    ] {
        let script = Script::of([item(&odd)]);
        let error = table(&script).standing(GROUP).await.unwrap_err();
        let said = error.to_string();
        assert!(matches!(error, Error::Refused(_)) && said.contains(GROUP), "{odd}: {said}");
    }
    let error = table(&Script::of([])).standing(GROUP).await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
}

#[tokio::test]
async fn an_exemption_is_kept_until_a_day_after_its_end_and_shortens_nothing() {
    let script = Script::of([done(), not(&Value::Null), done()]);
    let table = table(&script);
    assert_eq!(table.exempt(GROUP, Some(&exempt())).await, Ok(()));
    assert_eq!(table.exempt(GROUP, Some(&exempt())).await, Ok(()));
    let [first, beaten, second] = all(&script).try_into().unwrap();
    for body in [&first, &beaten] {
        let condition = "attribute_not_exists(#expires) OR #expires < :expires";
        assert_eq!(body["ConditionExpression"], condition);
        let end = time("2026-12-21T10:30:00Z").timestamp().to_string();
        assert_eq!(body["ExpressionAttributeValues"][":expires"]["N"], end);
    }
    assert_eq!(second["UpdateExpression"], "SET #0 = :0, #1 = :1, #2 = :2");
    for body in [&first, &second] {
        assert_eq!(body["ExpressionAttributeNames"]["#0"], "exempt_until");
        assert_eq!(body["ExpressionAttributeValues"][":0"]["S"], "2026-12-20T10:30:00.000Z");
        assert_eq!(body["ExpressionAttributeValues"][":1"]["S"], "ada");
        assert_eq!(body["ExpressionAttributeValues"][":2"]["S"], "a test");
    }
}

#[tokio::test]
async fn that_an_exemption_ends_which_is_not_there_is_no_error() {
    let script = Script::of([not(&Value::Null)]);
    assert_eq!(table(&script).exempt(GROUP, None).await, Ok(()));
    let [body] = all(&script).try_into().unwrap();
    assert_eq!(body["UpdateExpression"], "REMOVE #until, #by, #why");
    assert_eq!(body["ConditionExpression"], "attribute_exists(pk)");
}
