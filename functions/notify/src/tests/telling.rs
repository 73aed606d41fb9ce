//! Many channels, collected news, and budgets.

use remedy::Severity;
use runtime::{News, Stands};
use script::answer;

use super::world::{CASE, Reply, World, heard, news};

const NOBODY: Vec<String> = Vec::new();
const TWO: &str = r#"
[channels.hook]
kind = "webhook"
url = "https://example.com/hook"
secret = "sign"
[channels.mail]
kind = "mail"
[[routes]]
to = ["hook", "mail"]
"#;
const FEW: &str = r#"
[channels.hook]
kind = "webhook"
url = "https://example.com/hook"
secret = "sign"
most = 3
window = "24h"
[[routes]]
to = ["hook"]
"#;

fn other(news: &News, number: usize) -> News {
    let resource = format!("{}{number}", news.resource);
    News { case: format!("c-{number:012}"), resource, ..news.clone() }
}

#[tokio::test(start_paused = true)]
async fn without_rules_everything_goes_to_the_stack_s_own_mail() {
    let world = World::with("");
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    assert_eq!(world.state().published.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_broken_channel_keeps_no_other_from_being_told_and_none_is_told_twice() {
    let world = World::with(TWO);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    world.answers([Reply::Say(answer(410, "gone")), Reply::Say(answer(410, "gone"))]);
    for _ in 0..2 {
        assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, ["m0"]);
        assert_eq!(world.sent(), ["POST /hook"]);
        assert_eq!(world.state().published.len(), 1);
    }
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    assert_eq!(world.sent(), ["POST /hook"]);
    assert_eq!(world.state().published.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_silent_keeps_no_other_waiting() {
    let world = World::with(TWO);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    world.answers([Reply::Silence]);
    let begun = tokio::time::Instant::now();
    assert_eq!(heard(&notify, &[open]).await, ["m0"]);
    assert_eq!(begun.elapsed().as_secs(), 10);
    assert_eq!(world.state().published.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_minor_is_collected_and_what_is_bad_goes_at_once_within_the_budget() {
    let world = World::with(FEW);
    let notify = world.notify();
    let minor = news(&notify, Severity::Low, Stands::Open);
    assert_eq!(heard(&notify, &[minor]).await, NOBODY);
    assert_eq!(world.sent(), NOBODY);
    assert_eq!(world.items("digest#hook").len(), 1);
    assert_eq!(world.items("due").len(), 1);

    let bad = news(&notify, Severity::Critical, Stands::Open);
    let bad: Vec<_> = (1..=20).map(|number| other(&bad, number)).collect();
    assert_eq!(heard(&notify, &bad).await, NOBODY);
    assert_eq!(world.sent(), ["POST /hook", "POST /hook"], "the third is the digest's");
    assert_eq!(world.items("digest#hook").len(), 1 + 18);
    assert_eq!(world.items("due").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_hundreds_is_told_in_as_many_messages_as_the_rules_allow() {
    let world = World::with(FEW);
    let notify = world.notify();
    let bad = news(&notify, Severity::Critical, Stands::Open);
    let all: Vec<_> = (0..250).map(|number| other(&bad, number)).collect();
    for some in all.chunks(10) {
        assert_eq!(heard(&notify, some).await, NOBODY);
    }
    world.age(chrono::TimeDelta::hours(25));
    notify.tick(notify.now() + chrono::TimeDelta::seconds(50)).await.unwrap();
    assert_eq!(world.sent().len(), 3);
    assert_eq!(world.items("digest#hook").len(), 0);
    assert_eq!(world.items("due").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn messages_of_one_case_are_heard_in_turn() {
    let world = World::with(TWO);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    let fixed = news(&notify, Severity::Critical, Stands::Fixed);
    assert_eq!(heard(&notify, &[open, fixed]).await, NOBODY);
    assert_eq!(world.sent().len(), 2);
    assert_eq!(world.case(CASE)["news"]["stands"], "fixed");
}

#[tokio::test(start_paused = true)]
async fn where_the_rules_cannot_be_used_nothing_is_lost() {
    let world = World::with("[channels.a]\nkind = \"pigeon\"\n");
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, ["m0"]);
    assert!(world.state().published.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_written_beside_the_case_is_for_reports() {
    let world = World::with(TWO);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, NOBODY);
    let (_, item) = world.items(&format!("case#{CASE}")).remove(0);
    for (name, value) in [
        ("stands", "open"),
        ("severity", "CRITICAL"),
        ("remediation", "ec2/close_world_ingress"),
        ("account", "111122223333"),
        ("region", "eu-west-1"),
        ("team", "shop"),
    ] {
        assert_eq!(item[name]["S"], value);
    }
    for name in ["at", "day", "busy", "tried", "closed"] {
        assert!(!item.contains_key(name), "{name}");
    }
}
