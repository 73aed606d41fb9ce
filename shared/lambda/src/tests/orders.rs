//! What people ordered, read once for half a minute.

use std::{sync::Mutex, time::Duration};

use remedy::Settings;
use runtime::{Error, Pause};
use scope::Bounds;
use serde_json::{Value, json};

use script::{Script, answer};

use super::{all, done, items, table, time};
use crate::{
    in_force::{InForce, Moment},
    log::Log,
};

fn bounds() -> Bounds {
    Bounds::configured(&Settings::default()).unwrap()
}

fn policies() -> String {
    bounds().policies()
}

fn pushed(sk: &str, version: u32, text: &str) -> Value {
    json!({
        "sk": {"S": sk}, "version": {"N": version.to_string()}, "text": {"S": text},
        "by": {"S": "ada"}, "at": {"S": "2026-11-20T10:00:00.000Z"}, "why": {"S": ""},
    })
}

fn pause(sk: &str) -> Value {
    json!({"sk": {"S": sk}, "by": {"S": "ada"}, "at": {"S": "2026-11-20T10:00:00.000Z"}})
}

fn in_force(script: &Script) -> InForce {
    InForce::new(table(script), bounds(), Log { function: "kintsugi-ec2".into() })
}

/// So many seconds after the first one, by both clocks.
struct Clocks(Moment, Mutex<(u64, i64)>);

impl Clocks {
    fn new() -> Self {
        let clock = time("2026-11-20T10:30:00Z");
        Self(Moment { instant: std::time::Instant::now(), clock }, Mutex::default())
    }
    fn set(&self, seconds: u64, clock: i64) {
        *self.1.lock().unwrap() = (seconds, clock);
    }
    fn now(&self) -> Moment {
        let (seconds, clock) = *self.1.lock().unwrap();
        Moment {
            instant: self.0.instant + Duration::from_secs(seconds),
            clock: self.0.clock + chrono::TimeDelta::seconds(clock),
        }
    }
}

#[tokio::test]
async fn a_stack_in_dry_run_mode_only_looks_whatever_policies_are_pushed() {
    let permits = r#"@id("all") @mode("enforce") permit (principal, action, resource);"#;
    let script = Script::of([items(&[pushed("policy", 1, permits)])]);
    let dry = Bounds { mode: scope::Mode::DryRun, ..bounds() };
    let log = Log { function: "kintsugi-ec2".into() };
    let orders = InForce::new(table(&script), dry, log).orders().await.unwrap();
    assert!(orders.looks_only);
}

#[tokio::test]
async fn until_others_are_pushed_the_policies_of_the_stack_hold() {
    let script = Script::of([items(&[])]);
    let orders = in_force(&script).orders().await.unwrap();
    assert_eq!(orders.policies, "the stack's parameters");
    assert!(orders.pauses.is_empty() && !orders.looks_only);
    let [query] = all(&script).try_into().unwrap();
    assert_eq!(query["ConsistentRead"], true);
    assert_eq!(query["KeyConditionExpression"], "#pk = :pk AND #sk BETWEEN :from AND :to");
    let values = &query["ExpressionAttributeValues"];
    assert_eq!(
        [&values[":pk"]["S"], &values[":from"]["S"], &values[":to"]["S"]],
        ["control", "pause", "policy#00000001"]
    );
}

#[tokio::test]
async fn what_was_pushed_last_and_what_is_paused_hold() {
    let mut of_one = pause("pause#ec2/close_world_ingress");
    of_one["until"] = json!({"S": "2026-11-20T12:00:00Z"});
    of_one["why"] = json!({"S": "a migration"});
    let script = Script::of([items(&[
        pause("pause"),
        of_one,
        pushed("policy", 7, &policies()),
        pushed("policy#00000001", 1, "what was before"),
    ])]);
    let orders = in_force(&script).orders().await.unwrap();
    assert_eq!(orders.policies, "version 7");
    let all = Pause {
        remediation: None,
        by: "ada".into(),
        at: time("2026-11-20T10:00:00Z"),
        why: String::new(),
        until: None,
    };
    let one = Pause {
        remediation: Some("ec2/close_world_ingress".into()),
        why: "a migration".into(),
        until: Some(time("2026-11-20T12:00:00Z")),
        ..all.clone()
    };
    assert_eq!(orders.pauses, [all, one]);
}

#[tokio::test]
async fn what_cannot_be_used_lets_nothing_be_changed() {
    let mut no_text = pushed("policy", 7, "");
    no_text["text"] = json!({"N": "1"});
    let mut no_version = pushed("policy", 7, &policies());
    no_version["version"] = json!({"S": "seven"});
    let mut no_end = pause("pause");
    no_end["until"] = json!({"S": "tomorrow"});
    for (found, said) in [
        (vec![pushed("policy", 7, " ")], "policies of version 7 cannot be used"),
        (vec![pushed("policy", 7, "permit (")], "policies of version 7 cannot be used"),
        (vec![pushed("policy#00000001", 1, &policies())], "in force was deleted"),
        (vec![no_text], "no text in `text`"),
        (vec![no_version], "no number in `version`"),
        (vec![no_end], "no time in `until`"),
        (vec![json!({"sk": {"S": "pause"}})], "no text in `by`"),
        (vec![pause("pauses")], "nobody knows what the item `pauses`"),
    ] {
        let script = Script::of([items(&found)]);
        let error = in_force(&script).orders().await.unwrap_err();
        assert!(matches!(&error, Error::Refused(why) if why.contains(said)), "{error}");
    }
    let denied = answer(400, r#"{"__type": "x#AccessDeniedException"}"#);
    let error = in_force(&Script::of([denied])).orders().await.unwrap_err();
    assert!(error.to_string().contains("needs dynamodb:Query"), "{error}");
}

#[tokio::test]
async fn what_was_read_is_used_for_25_seconds_by_either_clock() {
    let clocks = Clocks::new();
    let script = Script::by(|_| Some(items(&[])));
    let in_force = in_force(&script);
    for (seconds, clock, reads) in
        [(0, 0, 1), (25, 25, 1), (26, 26, 2), (30, 60, 3), (31, 61, 3), (60, 62, 4), (61, 50, 5)]
    {
        clocks.set(seconds, clock);
        in_force.orders_at(|| clocks.now()).await.unwrap();
        assert_eq!(script.bodies().len(), reads, "{seconds} s, {clock} s by the clock");
    }
}

#[tokio::test]
async fn while_something_is_paused_it_is_read_again_at_once_so_that_who_resumes_need_not_wait() {
    let clocks = Clocks::new();
    let script = Script::by(|_| Some(items(&[pause("pause")])));
    let in_force = in_force(&script);
    for (seconds, reads) in [(0, 1), (1, 2), (2, 3)] {
        clocks.set(seconds, i64::try_from(seconds).unwrap());
        in_force.orders_at(|| clocks.now()).await.unwrap();
        assert_eq!(script.bodies().len(), reads, "{seconds} s");
    }
}

#[tokio::test]
async fn what_is_old_is_not_used_when_it_cannot_be_read_again() {
    let clocks = Clocks::new();
    let script = Script::of([items(&[]), answer(500, "{}"), items(&[pause("pause")])]);
    let in_force = in_force(&script);
    in_force.orders_at(|| clocks.now()).await.unwrap();
    clocks.set(26, 26);
    in_force.orders_at(|| clocks.now()).await.unwrap_err();
    assert_eq!(in_force.orders_at(|| clocks.now()).await.unwrap().pauses.len(), 1);
}

#[tokio::test]
async fn who_asks_at_the_same_time_shares_what_is_read() {
    let script = Script::of([items(&[])]);
    let in_force = in_force(&script);
    let (one, other) = futures_util::future::join(in_force.orders(), in_force.orders()).await;
    assert!(std::sync::Arc::ptr_eq(&one.unwrap(), &other.unwrap()));
}

#[tokio::test]
async fn a_pause_is_written_and_ended() {
    let gone = answer(200, r#"{"Attributes": {"by": {"S": "ada"}}}"#);
    let script = Script::of([done(), done(), gone, done()]);
    let table = table(&script);
    let pause = |remediation: Option<&str>| Pause {
        remediation: remediation.map(str::to_owned),
        by: "ada".into(),
        at: time("2026-11-20T10:00:00Z"),
        why: "a migration".into(),
        until: remediation.map(|_| time("2026-11-20T12:00:00Z")),
    };
    table.pause(&pause(None)).await.unwrap();
    table.pause(&pause(Some("ec2/x"))).await.unwrap();
    assert_eq!(table.resume(Some("ec2/x")).await, Ok(true));
    assert_eq!(table.resume(None).await, Ok(false));
    let [all, one, end_one, end_all] = all(&script).try_into().unwrap();
    assert_eq!(all["Item"]["sk"]["S"], "pause");
    assert_eq!(all["Item"].get("until"), None);
    assert_eq!(one["Item"]["sk"]["S"], "pause#ec2/x");
    assert_eq!(one["Item"]["until"]["S"], "2026-11-20T12:00:00.000Z");
    assert_eq!(end_one["Key"]["sk"]["S"], "pause#ec2/x");
    assert_eq!(end_all["Key"]["sk"]["S"], "pause");
}
