//! The ledger against a table that answers as it is told.

use remedy::Timestamp;
use runtime::{Error, Exempt, Opened, Outcome, Page, Refusal, State, Step, Terms, Written};
use serde_json::{Value, json};

use script::{Answer, Script, answer};

use super::{bodies, by_item, done, not, page, table};

const CAP: u32 = 10;
const TERMS: Terms = Terms { cap: Some(CAP), newest: true, standing: true };

fn count(hour: &str, used: u32, blown: bool) -> Value {
    let mut item = json!({"hour": {"S": hour}, "used": {"N": used.to_string()}});
    if blown {
        item["blown_at"] = json!({"S": "2026-11-20T10:29:00Z"});
    }
    not_key(item)
}

fn not_key(mut item: Value) -> Value {
    item["sk"] = json!({"S": "ec2/close_world_ingress#111122223333"});
    item
}

async fn open(script: &Script) -> Result<Opened, Error> {
    table(script).open(&page(), TERMS).await
}

async fn refusal(counts: Vec<Answer>) -> (Option<Refusal>, Vec<Value>) {
    let script = by_item([("record", vec![done()]), ("seen", vec![done()]), ("caps", counts)]);
    let opened = open(&script).await.unwrap();
    assert_eq!(opened.old, None);
    (opened.refusal, bodies(&script, "caps"))
}

#[tokio::test]
async fn a_record_is_written_unless_there_is_one() {
    let old = Page { outcome: Outcome::Right, ..page() };
    let item =
        json!({"record": {"S": serde_json::to_string(&old).unwrap()}, "told": {"BOOL": true}});
    let script = Script::of([done(), not(&item)]);
    assert_eq!(table(&script).note(&page()).await, Ok(Written::New));
    let told = Page { told: true, ..old };
    assert_eq!(table(&script).note(&page()).await, Ok(Written::Already(Box::new(told))));
    for body in bodies(&script, "record") {
        assert_eq!(body["TableName"], "kintsugi");
        assert_eq!(body["ConditionExpression"], "attribute_not_exists(pk)");
        assert_eq!(body["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_not_overwritten() {
    let script = Script::of([not(&json!({"record": {"S": "{}"}}))]);
    let error = table(&script).note(&page()).await.unwrap_err();
    assert!(matches!(&error, Error::Refused(why) if why.contains(&page().id)), "{error}");
}

#[tokio::test]
async fn a_plan_is_opened_by_three_writes_and_a_read() {
    let script =
        by_item([("record", vec![done()]), ("seen", vec![done()]), ("caps", vec![done()])]);
    assert_eq!(open(&script).await, Ok(Opened::default()));
    let [count] = bodies(&script, "caps").try_into().unwrap();
    assert_eq!(count["Key"]["pk"]["S"], "caps");
    assert_eq!(count["Key"]["sk"]["S"], "ec2/close_world_ingress#111122223333");
    assert_eq!(count["ExpressionAttributeValues"][":hour"]["S"], "2026-11-20T10");
    assert_eq!(count["ExpressionAttributeValues"][":cap"]["N"], "10");
    let [seen] = bodies(&script, "seen").try_into().unwrap();
    let millis = page().signal.unwrap().seen.timestamp_millis().to_string();
    assert_eq!(seen["ExpressionAttributeValues"][":seen"]["N"], millis);
    let [standing] = bodies(&script, "resource").try_into().unwrap();
    assert_eq!(standing["Key"]["pk"]["S"], format!("resource#{}", page().about.resource));
    assert_eq!(standing["ConsistentRead"], true);
}

#[tokio::test]
async fn what_became_exempt_is_refused_and_not_counted() {
    let exempt = |until: &str| {
        answer(
            200,
            &json!({"Item": {"exempt_until": {"S": until}, "exempt_by": {"S": "ada"}}}).to_string(),
        )
    };
    let blown = || vec![not(&count("2026-11-20T10", CAP, true))];
    let full = || vec![not(&count("2026-11-20T10", CAP, false)), done()];
    let until = "2026-11-20T10:30:01Z";
    let refusal = Refusal::Exempt(Exempt {
        until: until.parse().unwrap(),
        by: "ada".into(),
        why: String::new(),
    });
    for (until, counts, refused, updates) in [
        (until, vec![done(), done()], Some(refusal.clone()), 2),
        (until, blown(), Some(refusal.clone()), 1),
        // That the cap is reached is told once.
        (until, full(), Some(Refusal::OverCap { first: true }), 2),
        ("2026-11-20T10:30:00Z", vec![done()], None, 1),
    ] {
        let script = by_item([
            ("record", vec![done()]),
            ("seen", vec![done()]),
            ("caps", counts),
            ("resource", vec![exempt(until)]),
        ]);
        assert_eq!(open(&script).await.unwrap().refusal, refused, "{until}");
        assert_eq!(bodies(&script, "caps").len(), updates, "{until}");
    }
}

#[tokio::test]
async fn an_exemption_that_cannot_be_read_lets_nothing_through() {
    let odd = answer(200, r#"{"Item": {"exempt_until": {"N": "5"}, "exempt_by": {"S": "ada"}}}"#);
    let script = by_item([
        ("record", vec![done()]),
        ("seen", vec![done()]),
        ("caps", vec![done()]),
        ("resource", vec![odd]),
    ]);
    let error = open(&script).await.unwrap_err();
    assert!(error.to_string().contains("no text in `exempt_until`"), "{error}");
}

#[tokio::test]
async fn what_does_not_ask_for_it_is_not_looked_up() {
    let script = by_item([("record", vec![done()])]);
    let terms = Terms { cap: None, newest: false, standing: false };
    assert_eq!(table(&script).open(&page(), terms).await, Ok(Opened::default()));
    assert_eq!(script.bodies().len(), 1);
}

#[tokio::test]
async fn an_older_hour_or_none_begins_a_new_count() {
    let (refusal_, bodies) = refusal(vec![not(&Value::Null), done()]).await;
    assert_eq!(refusal_, None);
    let condition = bodies[1]["ConditionExpression"].as_str().unwrap();
    assert_eq!(condition, "attribute_not_exists(#hour) AND attribute_not_exists(#blown_at)");

    let before = not(&count("2026-11-20T09", CAP, false));
    let (refusal_, bodies) = refusal(vec![before, done()]).await;
    assert_eq!(refusal_, None);
    assert_eq!(bodies[1]["ExpressionAttributeValues"][":before"]["S"], "2026-11-20T09");
    assert_eq!(bodies[1]["ExpressionAttributeValues"][":hour"]["S"], "2026-11-20T10");
}

#[tokio::test]
async fn whoever_loses_a_race_looks_again() {
    let begun = not(&count("2026-11-20T10", 1, false));
    let (refusal, bodies) = refusal(vec![not(&Value::Null), begun, done()]).await;
    assert_eq!(refusal, None);
    assert_eq!(bodies.len(), 3);
}

#[tokio::test]
async fn an_hour_that_has_begun_elsewhere_is_counted_there() {
    let ahead = not(&count("2026-11-20T11", 3, false));
    let (refusal, bodies) = refusal(vec![ahead, done()]).await;
    assert_eq!(refusal, None);
    assert_eq!(bodies[1]["ExpressionAttributeValues"][":hour"]["S"], "2026-11-20T11");
}

#[tokio::test]
async fn exactly_one_of_those_who_find_the_cap_reached_tells_it() {
    let full = || not(&count("2026-11-20T10", CAP, false));
    let blown = || not(&count("2026-11-20T10", CAP, true));
    let (first, bodies) = refusal(vec![full(), done()]).await;
    assert_eq!(first, Some(Refusal::OverCap { first: true }));
    assert_eq!(bodies[1]["UpdateExpression"], "SET #blown_at = :now REMOVE #expires");

    let (second, _) = refusal(vec![full(), blown(), blown()]).await;
    assert_eq!(second, Some(Refusal::OverCap { first: false }));
}

#[tokio::test]
async fn a_blown_cap_stays_blown_in_the_next_hour() {
    let (later, bodies) = refusal(vec![not(&count("2026-11-20T08", CAP, true))]).await;
    assert_eq!(later, Some(Refusal::OverCap { first: false }));
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn a_count_that_cannot_be_read_lets_nothing_through() {
    let odd = || not(&json!({"hour": {"N": "5"}, "blown_at": {"S": "x"}}));
    let odd = (0..40).map(|_| odd()).collect();
    let script = by_item([("record", vec![done()]), ("seen", vec![done()]), ("caps", odd)]);
    let error = open(&script).await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
}

#[tokio::test]
async fn evidence_that_is_older_than_what_was_acted_on_is_stale() {
    let newer = "2026-11-20T10:29:45Z".parse::<Timestamp>().unwrap();
    let there = json!({"seen": {"N": newer.timestamp_millis().to_string()}});
    let script =
        by_item([("record", vec![done()]), ("seen", vec![not(&there)]), ("caps", vec![done()])]);
    let opened = open(&script).await.unwrap();
    assert_eq!(opened.refusal, Some(Refusal::Stale(newer)));
}

#[tokio::test]
async fn what_is_not_begun_now_is_not_counted_now() {
    let there = json!({"seen": {"N": "1795170585000"}});
    let old = |outcome| Page { outcome, ..page() };
    let item = |page: &Page| not(&json!({"record": {"S": serde_json::to_string(page).unwrap()}}));
    for (record, seen, less) in [
        (done(), done(), false),
        (done(), not(&there), true),
        (item(&old(Outcome::Open)), done(), true),
        (item(&old(Outcome::Fixed)), done(), true),
        (item(&old(Outcome::Right)), done(), false),
    ] {
        let counts = vec![done(), done()];
        let script = by_item([("record", vec![record]), ("seen", vec![seen]), ("caps", counts)]);
        open(&script).await.unwrap();
        let bodies = bodies(&script, "caps");
        let updates: Vec<_> = bodies.iter().map(|body| &body["UpdateExpression"]).collect();
        let mut expected = vec!["SET #used = #used + :one"];
        expected.extend(less.then_some("SET #used = #used - :one"));
        assert_eq!(updates, expected);
    }
}

#[tokio::test]
async fn that_the_cap_is_reached_is_told_even_by_stale_evidence() {
    let there = json!({"seen": {"N": "1795170585000"}});
    for (counts, refusal) in [
        (vec![not(&count("2026-11-20T10", CAP, false)), done()], Refusal::OverCap { first: true }),
        (
            vec![not(&count("2026-11-20T10", CAP, true))],
            Refusal::Stale("2026-11-20T10:29:45Z".parse().unwrap()),
        ),
    ] {
        let script =
            by_item([("record", vec![done()]), ("seen", vec![not(&there)]), ("caps", counts)]);
        assert_eq!(open(&script).await.unwrap().refusal, Some(refusal));
    }
}

#[tokio::test]
async fn nothing_is_written_for_a_plan_that_could_not_be_kept() {
    let script = Script::of([]);
    let unasked = Page { signal: None, ..page() };
    let step = Step { what: "x".repeat(2_000), state: State::Planned, routine: false };
    let large = Page { steps: vec![step; 300], ..page() };
    for page in [unasked, large] {
        let error = table(&script).open(&page, TERMS).await.unwrap_err();
        assert!(matches!(&error, Error::Refused(why) if why.contains(&page.id)), "{error}");
    }
    assert!(script.bodies().is_empty());
}

#[tokio::test]
async fn a_mark_on_a_record_that_is_gone_is_not_missed() {
    let script = Script::of([not(&Value::Null)]);
    assert_eq!(table(&script).told("k-1").await, Ok(()));
    let [body] = bodies(&script, "record").try_into().unwrap();
    assert_eq!(body["ConditionExpression"], "attribute_exists(pk)");
}

#[tokio::test]
async fn what_the_table_refuses_is_sorted_and_said() {
    let says = |code: &str| {
        answer(400, &json!({"__type": format!("com.amazon.coral.service#{code}")}).to_string())
    };
    let script = Script::of([says("AccessDeniedException"), says("ThrottlingException")]);
    let table = table(&script);
    let page = page();
    let said = "could not write record {} in table kintsugi in 111122223333/eu-west-1: \
                AccessDeniedException. The role kintsugi-ec2 needs dynamodb:PutItem";
    let said = said.replace("{}", &page.id);
    assert_eq!(table.close(&page).await, Err(Error::Refused(said)));
    assert!(matches!(table.close(&page).await, Err(Error::Transient(_))));
}
