//! What is due: digests, escalations, reminders, accepted risks that end.

use chrono::TimeDelta;
use remedy::Severity;
use runtime::{News, Stands};
use serde_json::json;

use super::{
    expression::Item,
    world::{CASE, Reply, World, heard, news, says},
};
use crate::Notify;

const NOBODY: Vec<String> = Vec::new();
const RULES: &str = r#"
[channels.hook]
kind = "webhook"
url = "https://example.com/hook"
secret = "sign"
remind = "2h"
[channels.boss]
kind = "webhook"
url = "https://example.com/boss"
secret = "sign"
[[routes]]
to = ["hook"]
[[escalations]]
after = "1h"
to = ["boss"]
"#;
const TICKETS: &str = r#"
[channels.jira]
kind = "jira"
site = "https://x.atlassian.net"
project = "SEC"
secret = "jira"
most = 2
window = "1h"
[[routes]]
to = ["jira"]
"#;

async fn tick(notify: &Notify) {
    notify.tick(notify.now() + TimeDelta::seconds(50)).await.unwrap();
}

/// The timers of digests.
fn digests(world: &World) -> Vec<Item> {
    let due = world.items("due").into_iter();
    due.filter(|(key, _)| key.contains("#digest#")).map(|(_, timer)| timer).collect()
}

fn other(news: &News, number: usize) -> News {
    News { case: format!("c-{number:012}"), ..news.clone() }
}

#[tokio::test(start_paused = true)]
async fn what_was_collected_is_told_once_as_one_digest() {
    let world = World::with(RULES);
    let notify = world.notify();
    let minor = news(&notify, Severity::Low, Stands::Open);
    let all: Vec<_> = (0..10).map(|number| other(&minor, number)).collect();
    assert_eq!(heard(&notify, &all).await, NOBODY);
    tick(&notify).await;
    assert_eq!(world.sent(), NOBODY, "it is not due yet");
    world.age(TimeDelta::minutes(11));
    tick(&notify).await;
    assert!(world.state().sent[0].body.contains("\"digest\""));
    assert_eq!(world.sent(), ["POST /hook"]);
    tick(&notify).await;
    assert_eq!(world.sent(), NOBODY);
    assert_eq!(world.items("digest#hook").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_was_collected_alone_is_told_whole() {
    let world = World::with(RULES);
    let notify = world.notify();
    let minor = news(&notify, Severity::Low, Stands::Open);
    assert_eq!(heard(&notify, &[minor]).await, NOBODY);
    world.age(TimeDelta::minutes(11));
    tick(&notify).await;
    assert!(world.state().sent[0].body.contains(CASE));
    assert!(world.state().sent[0].body.contains("\"kind\":\"news\""));
    assert_eq!(world.sent(), ["POST /hook"]);
    assert!(world.case(CASE)["told"]["hook"]["at"].is_string());
    assert_eq!(world.items("digest#hook").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_digest_that_cannot_be_told_waits_and_is_told_later() {
    let world = World::with(RULES);
    let notify = world.notify();
    let minor = news(&notify, Severity::Low, Stands::Open);
    let all: Vec<_> = (0..3).map(|number| other(&minor, number)).collect();
    assert_eq!(heard(&notify, &all).await, NOBODY);
    world.age(TimeDelta::minutes(11));
    world.answers([Reply::Say(script::answer(500, "no"))]);
    tick(&notify).await;
    assert_eq!(world.sent(), ["POST /hook"]);
    tick(&notify).await;
    assert_eq!(world.sent(), NOBODY, "it waits a little");
    assert_eq!(world.items("digest#hook").len(), 3);
    let [digest] = digests(&world).try_into().unwrap();
    assert_eq!(digest["tries"]["N"], "1");
    let past = json!({"N": (notify.now().timestamp() - 100).to_string()});
    world.state().table.iter_mut().filter(|((pk, _), _)| pk == "due").for_each(|(_, timer)| {
        timer.insert("busy".into(), past.clone());
    });
    tick(&notify).await;
    assert_eq!(world.sent(), ["POST /hook"]);
    assert!(digests(&world).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_critical_one_that_nobody_takes_care_of_escalates_once() {
    let world = World::with(RULES);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    assert_eq!(world.sent(), ["POST /hook"]);
    tick(&notify).await;
    assert_eq!(world.sent(), NOBODY);
    world.age(TimeDelta::minutes(61));
    tick(&notify).await;
    assert_eq!(world.sent(), ["POST /boss"]);
    tick(&notify).await;
    assert_eq!(world.sent(), NOBODY);
}

#[tokio::test(start_paused = true)]
async fn what_is_acknowledged_or_put_right_does_not_escalate() {
    for acknowledged in [true, false] {
        let world = World::with(RULES);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        assert_eq!(heard(&notify, &[open]).await, NOBODY);
        if acknowledged {
            let said = json!({"by": "mia", "at": notify.now(), "why": ""}).to_string();
            let place = (format!("case#{CASE}"), "case".to_owned());
            let mut state = world.state();
            let item = state.table.get_mut(&place).unwrap();
            item.insert("acknowledged".into(), json!({ "S": said }));
        } else {
            let fixed = news(&notify, Severity::Critical, Stands::Fixed);
            assert_eq!(heard(&notify, &[fixed]).await, NOBODY);
        }
        world.sent();
        world.age(TimeDelta::minutes(61));
        tick(&notify).await;
        assert_eq!(world.sent(), NOBODY, "{acknowledged}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_still_stands_is_told_again_after_a_while() {
    let world = World::with(&RULES.replace("after = \"1h\"", "after = \"20d\""));
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    world.sent();
    world.age(TimeDelta::minutes(121));
    tick(&notify).await;
    assert!(world.state().sent[0].body.contains("\"reminder\""));
    assert_eq!(world.sent(), ["POST /hook"]);
    assert!(world.items("due").iter().any(|(key, _)| key.contains("#remind#")), "and again later");
}

#[tokio::test(start_paused = true)]
async fn a_risk_that_is_accepted_no_more_is_told() {
    let day = |notify: &Notify, days| (notify.now() + TimeDelta::days(days)).format("%Y-%m-%d");
    let accepted = World::with("").notify();
    let rules = |until: &dyn std::fmt::Display| {
        format!(
            "{RULES}[[accepted]]\nname = \"lab\"\ncontrols = [\"EC2.13\"]\nreason = \"a lab\"\nowner = \
             \"mia\"\nuntil = \"{until}\"\n"
        )
    };
    let world = World::with(&rules(&day(&accepted, 3)));
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    world.sent();
    assert_eq!(world.case(CASE)["accepted"]["name"], "lab");
    assert!(world.items("due").iter().any(|(key, _)| key.contains("#lapse#")));
    // The rule ends, and so does the case's own time.
    let place = ("control".to_owned(), "rules".to_owned());
    let ended = json!({ "S": rules(&day(&notify, -1)) });
    world.state().table.get_mut(&place).unwrap().insert("text".into(), ended);
    world.age(TimeDelta::days(5));
    tick(&world.notify()).await;
    let sent = world.sent();
    assert!(sent.contains(&"POST /hook".to_owned()), "{sent:?}");
    assert_eq!(world.case(CASE)["news"]["stands"], "open");
}

#[tokio::test(start_paused = true)]
async fn tickets_over_the_budget_are_made_one_by_one_in_the_windows_that_follow() {
    let world = World::with(TICKETS);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    let all: Vec<_> = (0..5).map(|number| other(&open, number)).collect();
    assert_eq!(heard(&notify, &all).await, NOBODY);
    assert_eq!(world.sent().len(), 2);
    for (made, left) in [(2, 1), (1, 0)] {
        assert_eq!(world.items("digest#jira").len(), made + left);
        world.age(TimeDelta::minutes(61));
        tick(&notify).await;
        assert_eq!(world.sent(), vec!["POST /rest/api/3/issue"; made]);
        assert_eq!(world.items("digest#jira").len(), left);
    }
    assert_eq!(world.items("due").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_ticket_that_cannot_be_made_keeps_no_other_from_being_made() {
    let world = World::with(&TICKETS.replace("most = 2", "most = 20"));
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    let all: Vec<_> = (0..3).map(|number| other(&open, number)).collect();
    world.state().replies.extend((0..3).map(|_| says(429, &json!({}))));
    assert_eq!(heard(&notify, &all).await.len(), 3);
    // They wait where a window would have put them.
    let world = World::with(&TICKETS.replace("most = 2", "most = 1"));
    let notify = world.notify();
    assert_eq!(heard(&notify, &all).await, NOBODY);
    assert_eq!(world.items("digest#jira").len(), 2);
    let place = ("control".to_owned(), "rules".to_owned());
    let wide = json!({ "S": TICKETS.replace("most = 2", "most = 20") });
    world.state().table.get_mut(&place).unwrap().insert("text".into(), wide);
    world.sent();
    world.age(TimeDelta::minutes(61));
    world.answers([says(400, &json!({"errorMessages": ["no"]}))]);
    tick(&world.notify()).await;
    assert_eq!(world.sent().len(), 2);
    assert_eq!(world.items("digest#jira").len(), 1);
    assert_eq!(world.items("due").len(), 1);
}
