//! What arrives, whatever it is.

use chrono::TimeDelta;
use remedy::{Own, Place, Severity};
use runtime::Stands;
use serde_json::{Value, json};

use super::world::{World, news};
use crate::{about::Hearing, intake::read};

fn own() -> Own {
    Own { roles: vec!["kintsugi-notify".into()], note_by: "kintsugi" }
}

fn home() -> Place {
    Place::new("111122223333", "eu-west-1")
}

#[test]
fn what_is_not_understood_is_kept_and_what_has_no_news_is_left_out() {
    let notification = |attributes: Value| json!({"Type": "Notification", "Message": "text", "MessageAttributes": attributes});
    let cases = [
        ("nothing", json!(null), "a kind that is not known"),
        ("a list", json!([1]), "a kind that is not known"),
        ("another source", json!({"source": "aws.ec2", "detail": {}}), "not known here: aws.ec2"),
        (
            "another schedule",
            json!({"source": "kintsugi.schedule", "detail": {"name": "tock"}}),
            "not known",
        ),
        (
            "another kind",
            json!({"Type": "SubscriptionConfirmation", "Token": "t"}),
            "SubscriptionConfirmation",
        ),
        (
            "broken news",
            notification(json!({"news": {"Type": "String", "Value": "{\"case\": 5}"}})),
            "line 1",
        ),
        ("no news at all", notification(json!({})), ""),
    ];
    for (what, event, said) in cases {
        let heard = read(&event, &own(), &home());
        assert!(heard.hearings.is_empty() && !heard.ticks, "{what}");
        match said {
            "" => assert_eq!((heard.unreadable.len(), heard.ignored.len()), (0, 1), "{what}"),
            said => assert!(heard.unreadable[0].contains(said), "{what}: {heard:?}"),
        }
    }
}

#[test]
fn news_comes_with_the_topic_s_messages_and_the_tick_with_the_schedule_s() {
    let world = World::with("");
    let news = news(&world.notify(), Severity::Critical, Stands::Open);
    let json = serde_json::to_string(&news).unwrap();
    let event = json!({"Type": "Notification", "MessageAttributes": {"news": {"Value": json}}});
    let heard = read(&event, &own(), &home());
    assert_eq!(heard.hearings, [(news.case.clone(), Hearing::News(Box::new(news)))]);

    let tick = json!({
        "source": "kintsugi.schedule", "detail-type": "Kintsugi Schedule", "detail": {"name": "tick"},
    });
    assert!(read(&tick, &own(), &home()).ticks);
}

#[tokio::test(start_paused = true)]
async fn one_message_that_cannot_be_read_takes_no_other_down() {
    let world = World::with("");
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    let mut batch = super::world::batch(&[open]);
    let records = batch["Records"].as_array_mut().unwrap();
    records.insert(0, json!({"messageId": "odd", "eventSource": "aws:sqs", "body": "{not json"}));
    records.push(json!({"messageId": "none", "eventSource": "aws:sqs", "body": "{}"}));
    let until = notify.now() + TimeDelta::seconds(50);
    assert_eq!(notify.handle(batch, until).await, (vec!["odd".into(), "none".into()], true));
    assert_eq!(world.state().published.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_there_is_no_time_for_comes_again() {
    let world = World::with("");
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    let batch = super::world::batch(&[open]);
    assert_eq!(notify.handle(batch, notify.now()).await, (vec!["m0".into()], true));
    assert!(world.state().published.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_bare_tick_is_taken_too() {
    let world = World::with("");
    let notify = world.notify();
    let tick = json!({"source": "kintsugi.schedule", "detail": {"name": "tick"}});
    let until = notify.now() + TimeDelta::seconds(50);
    assert_eq!(notify.handle(tick, until).await, (Vec::new(), false));
    assert_eq!(world.state().calls, ["Query"]);
}
