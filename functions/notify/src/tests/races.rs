//! Two at once: nobody is told twice, and nothing is forgotten.

use remedy::Severity;
use runtime::Stands;
use serde_json::{Value, json};

use super::world::{CASE, State, World, heard, news};

const NOBODY: Vec<String> = Vec::new();
const HOOK: &str = r#"
[channels.hook]
kind = "webhook"
url = "https://example.com/hook"
secret = "sign"
[[routes]]
to = ["hook"]
"#;

fn item(state: &mut State) -> &mut super::expression::Item {
    state.table.get_mut(&(format!("case#{CASE}"), "case".to_owned())).unwrap()
}

#[tokio::test(start_paused = true)]
async fn who_reads_while_another_tells_waits_and_then_need_not_tell() {
    let world = World::with(HOOK);
    let (one, other) = (world.notify(), world.notify());
    let open = news(&one, Severity::Critical, Stands::Open);
    let all = [open];
    let (first, second) = tokio::join!(heard(&one, &all), heard(&other, &all));
    assert_eq!((first, second), (NOBODY, NOBODY));
    assert_eq!(world.sent(), ["POST /hook"]);
}

#[tokio::test(start_paused = true)]
async fn while_another_one_tells_for_long_it_comes_again() {
    let world = World::with(HOOK);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    let busy = json!({
        "pk": {"S": format!("case#{CASE}")}, "sk": {"S": "case"}, "version": {"N": "1"},
        "busy": {"N": (notify.now().timestamp() + 50).to_string()},
    });
    let place = (format!("case#{CASE}"), "case".to_owned());
    world.state().table.insert(place, busy.as_object().unwrap().clone());
    assert_eq!(heard(&notify, &[open]).await, ["m0"]);
    assert_eq!(world.sent(), NOBODY);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_wrote_while_we_told_is_kept_and_ours_is_added() {
    let world = World::with(HOOK);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    world.sent();
    let fixed = news(&notify, Severity::Critical, Stands::Fixed);
    // The claim is the first update, spending is the second, and then the case is written.
    let write = |state: &mut State| {
        let item = item(state);
        let mut case: Value = serde_json::from_str(item["case"]["S"].as_str().unwrap()).unwrap();
        case["told"]["other"] = json!({"states": ["open held"], "at": "2026-11-20T10:00:00Z"});
        item.insert("case".into(), json!({ "S": case.to_string() }));
        item.insert("version".into(), json!({"N": "70"}));
    };
    let nothing = |_: &mut State| {};
    world.state().before.extend([
        ("UpdateItem", Box::new(nothing) as Box<dyn FnOnce(&mut State) + Send>),
        ("UpdateItem", Box::new(nothing)),
        ("UpdateItem", Box::new(write)),
    ]);
    // What else it was about may be news to what is there by now: it is heard again, and nobody told again.
    assert_eq!(heard(&notify, std::slice::from_ref(&fixed)).await, ["m0"]);
    assert_eq!(world.sent(), ["POST /hook"]);
    assert_eq!(heard(&notify, &[fixed]).await, NOBODY);
    assert_eq!(world.sent(), NOBODY);
    let told = &world.case(CASE)["told"];
    assert!(told["other"].is_object(), "{told}");
    assert_eq!(told["hook"]["stands"], "fixed");
}

#[tokio::test(start_paused = true)]
async fn what_a_person_said_to_it_is_kept_until_it_is_back() {
    let world = World::with(HOOK);
    let notify = world.notify();
    let made = |stands| news(&notify, Severity::Critical, stands);
    assert_eq!(heard(&notify, &[made(Stands::Open)]).await, NOBODY);
    let said = json!({"by": "mia", "at": notify.now(), "why": "I look at it"}).to_string();
    item(&mut world.state()).insert("acknowledged".into(), json!({ "S": said }));
    let worse = runtime::News { outcome: "failed".into(), ..made(Stands::Open) };
    assert_eq!(heard(&notify, &[worse]).await, NOBODY);
    assert_eq!(world.case(CASE)["acknowledged"]["by"], "mia");
    assert_eq!(heard(&notify, &[made(Stands::Fixed), made(Stands::Open)]).await, NOBODY);
    assert!(world.case(CASE)["acknowledged"].is_null());
    // And is not taken from where it was said either.
    let later = runtime::News { outcome: "failed".into(), ..made(Stands::Open) };
    assert_eq!(heard(&notify, &[later]).await, NOBODY);
    assert!(world.case(CASE)["acknowledged"].is_null());
}

#[tokio::test(start_paused = true)]
async fn a_case_that_cannot_be_read_is_named_and_nothing_is_told() {
    let world = World::with(HOOK);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, NOBODY);
    world.sent();
    item(&mut world.state()).insert("case".into(), json!({"S": "{\"id\": 5}"}));
    let hearing = crate::about::Hearing::News(Box::new(open));
    let error = notify.about(CASE, &hearing).await.unwrap_err().to_string();
    assert!(error.contains(&format!("case#{CASE}")), "{error}");
    assert_eq!(world.sent(), NOBODY);
}
