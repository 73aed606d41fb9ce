//! A bot of Slack's: one thread for each case.

use remedy::Severity;
use runtime::Stands;
use serde_json::{Value, json};

use super::{
    channels::bot,
    world::{CASE, Reply, World, heard, news, says},
};

const POST: &str = "POST /api/chat.postMessage";
const UPDATE: &str = "POST /api/chat.update";

/// Told once, at 0.5.
async fn begun() -> World {
    let world = bot();
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new());
    assert_eq!(world.sent(), [POST]);
    assert_eq!(world.case(CASE)["told"]["a"]["thread"], "C0SECURITY/0.5");
    world
}

#[tokio::test(start_paused = true)]
async fn what_changes_is_replied_in_the_thread_and_the_first_message_is_brought_up_to_date() {
    let world = begun().await;
    let notify = world.notify();
    let fixed = news(&notify, Severity::Critical, Stands::Fixed);
    assert_eq!(heard(&notify, &[fixed]).await, Vec::<String>::new());
    let bodies: Vec<Value> =
        world.state().sent.iter().map(|sent| serde_json::from_str(&sent.body).unwrap()).collect();
    assert_eq!(world.sent(), [POST, UPDATE]);
    assert_eq!(bodies[0]["thread_ts"], "0.5");
    assert_eq!(bodies[1]["ts"], "0.5");
    for (body, name) in
        [(&bodies[0], "ts"), (&bodies[1], "thread_ts"), (&bodies[1], "unfurl_links")]
    {
        assert!(body.get(name).is_none(), "{body}");
    }
    assert_eq!(world.case(CASE)["told"]["a"]["thread"], "C0SECURITY/0.5");
}

#[tokio::test(start_paused = true)]
async fn what_is_back_is_shown_to_the_whole_channel() {
    let world = begun().await;
    let notify = world.notify();
    let fixed = news(&notify, Severity::Critical, Stands::Fixed);
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[fixed, open]).await, Vec::<String>::new());
    let state = world.state();
    let reply: Value = serde_json::from_str(&state.sent[2].body).unwrap();
    assert_eq!((&reply["reply_broadcast"], &reply["thread_ts"]), (&json!(true), &json!("0.5")));
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_is_gone_is_begun_anew() {
    let world = begun().await;
    let notify = world.notify();
    world.answers([says(200, &json!({"ok": false, "error": "thread_not_found"}))]);
    let fixed = news(&notify, Severity::Critical, Stands::Fixed);
    assert_eq!(heard(&notify, &[fixed]).await, Vec::<String>::new());
    assert_eq!(world.sent(), [POST, UPDATE, POST]);
    assert_ne!(world.case(CASE)["told"]["a"]["thread"], "C0SECURITY/0.5");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_taken_is_not_said_again_because_the_update_failed() {
    let world = begun().await;
    let notify = world.notify();
    world.answers([says(200, &json!({"ok": true})), Reply::Lost]);
    let fixed = news(&notify, Severity::Critical, Stands::Fixed);
    assert_eq!(heard(&notify, &[fixed]).await, Vec::<String>::new());
    assert_eq!(world.sent(), [POST, UPDATE]);
}

#[tokio::test(start_paused = true)]
async fn what_slack_refuses_in_an_answer_that_looks_well_is_refused() {
    for (error, is_told) in [("channel_not_found", false), ("internal_error", false)] {
        let world = bot();
        let notify = world.notify();
        world.answers([says(200, &json!({"ok": false, "error": error}))]);
        let open = news(&notify, Severity::Critical, Stands::Open);
        let again = heard(&notify, &[open]).await;
        assert_eq!(again.is_empty(), is_told, "{error}");
        assert!(world.case(CASE)["told"].get("a").is_none());
    }
}
