//! Every kind of channel: what it is sent, and what becomes of what it answers.

use std::time::Duration;

use remedy::Severity;
use runtime::Stands;
use script::{Answer, answer};
use serde_json::json;

use super::world::{CASE, MAIL, Reply, World, heard, news, says};
use crate::about::Hearing;

const SLACK: &str = "[channels.a]\nkind = \"slack\"\nsecret = \"hook\"\n";
const BOT: &str = "[channels.a]\nkind = \"slack\"\nsecret = \"bot\"\nchannel = \"C0SECURITY\"\n\
                   api = \"https://slack.com/api\"\n";
const WEBHOOK: &str = "[channels.a]\nkind = \"webhook\"\nurl = \"https://example.com/urlsecret\"\nsecret = \"sign\"\n";
const JIRA: &str = "[channels.a]\nkind = \"jira\"\nsite = \"https://x.atlassian.net\"\nproject = \
                    \"SEC\"\nsecret = \"jira\"\nclose = \"Done\"\nreopen = \"To Do\"\n";
const BACKLOG: &str = "[channels.a]\nkind = \"backlog\"\nsite = \"https://x.backlog.com\"\nproject = \
                       1001\nissue_type = 2001\nsecret = \"backlog\"\nclose = 4\n";
const ROUTE: &str = "[[routes]]\nto = [\"a\"]\n";
const MAILS: &str = "[channels.a]\nkind = \"mail\"\n";
const CHAT: &str =
    "[channels.a]\nkind = \"chat\"\ntopic = \"arn:aws:sns:us-east-1:111122223333:kintsugi-chat\"\n";

pub(super) fn world(channel: &str) -> World {
    World::with(&format!("{channel}{ROUTE}"))
}

pub(super) fn jira() -> World {
    world(JIRA)
}

pub(super) fn backlog() -> World {
    world(BACKLOG)
}

pub(super) fn bot() -> World {
    world(BOT)
}

/// Channels that are reached over HTTP, and the call that tells news.
const HTTP: [(&str, &str); 5] = [
    (SLACK, "POST /services/T0/B0/hooksecret"),
    (BOT, "POST /api/chat.postMessage"),
    (WEBHOOK, "POST /urlsecret"),
    (JIRA, "POST /rest/api/3/issue"),
    (BACKLOG, "POST /api/v2/issues"),
];

/// What nobody must read, for each.
const OWN: [&str; 5] = ["hooksecret", "botsecret", "signsecret", "jirasecret", "backlogsecret"];

/// What is told of it, and what it is.
type Trouble = (&'static str, fn() -> Reply);

fn busy(seconds: &str) -> Reply {
    Reply::Say(answer(429, "slow down").with("retry-after", seconds))
}

#[tokio::test(start_paused = true)]
async fn news_is_one_call() {
    for (channel, call) in HTTP {
        let world = world(channel);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, Vec::<String>::new());
        assert_eq!(world.sent(), [call]);
        // The same again is nothing new.
        assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new());
        assert_eq!(world.sent(), Vec::<String>::new(), "{call}");
    }
}

#[tokio::test(start_paused = true)]
async fn topics_are_published_to_where_they_are() {
    for (channel, topic) in
        [(MAILS, MAIL), (CHAT, "arn:aws:sns:us-east-1:111122223333:kintsugi-chat")]
    {
        let world = world(channel);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        world.state().topics_fail = 1;
        assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, ["m0"]);
        assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new());
        let published = world.state().published.clone();
        assert_eq!(published.len(), 1);
        assert!(published[0].contains(&("TopicArn".into(), topic.into())), "{published:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_busy_for_a_moment_is_waited_for_and_else_it_comes_again() {
    for (channel, call) in HTTP {
        let world = world(channel);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        world.answers([busy("2")]);
        let begun = tokio::time::Instant::now();
        assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new());
        assert_eq!(world.sent(), [call, call]);
        assert!(begun.elapsed() >= Duration::from_secs(2));

        let world = self::world(channel);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        world.answers([busy("30")]);
        assert_eq!(heard(&notify, std::slice::from_ref(&open)).await, ["m0"]);
        assert_eq!(world.sent(), [call]);
        assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new());
        assert_eq!(world.sent(), [call], "nothing arrived: there is nothing to look for");
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_comes_again_and_tells_no_secrets() {
    let echo = |status| {
        Reply::Say(answer(status, "hooksecret xoxb-botsecret signsecret jirasecret backlogsecret"))
    };
    let trouble: [Trouble; 3] = [
        ("no answer within 10 s", || Reply::Silence),
        ("no connection", || Reply::Lost),
        ("status 429", || busy("600")),
    ];
    for ((channel, call), own) in HTTP.into_iter().zip(OWN) {
        let mut replies: Vec<(&str, Reply)> =
            trouble.iter().map(|(said, reply)| (*said, reply())).collect();
        replies.extend([
            ("status 500", echo(500)),
            ("status 400", echo(400)),
            ("status 404", echo(404)),
        ]);
        for (said, reply) in replies {
            let world = world(channel);
            let notify = world.notify();
            let open = news(&notify, Severity::Critical, Stands::Open);
            world.answers([reply]);
            let error = notify.about(CASE, &Hearing::News(Box::new(open))).await.unwrap_err();
            let error = format!("{error} {error:?} {notify:?}");
            assert!(error.contains(said), "{call}: {error}");
            assert!(!error.contains(own), "{error}");
            assert!(!error.contains("urlsecret"), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_not_taken_is_read_anew_once() {
    let refused = [
        (
            "hook",
            SLACK,
            json!({"webhook": "https://hooks.slack.com/services/T0/B0/new"}),
            says(403, &json!("invalid_token")),
        ),
        (
            "bot",
            BOT,
            json!({"token": "xoxb-new"}),
            says(200, &json!({"ok": false, "error": "token_revoked"})),
        ),
        ("jira", JIRA, json!({"email": "a@example.com", "token": "new"}), says(401, &json!("no"))),
        ("backlog", BACKLOG, json!({"api_key": "new"}), says(401, &json!("no"))),
        ("sign", WEBHOOK, json!({"key": "new"}), says(401, &json!("no"))),
    ];
    for (name, channel, new, reply) in refused {
        let world = world(channel);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        world.answers([reply]);
        world.state().secrets.get_mut(name).unwrap().push_back(new);
        assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new(), "{name}");
        let state = world.state();
        let [before, after] = state.sent.as_slice() else { panic!("{name}: {}", state.sent.len()) };
        assert_ne!((&before.uri, &before.headers), (&after.uri, &after.headers), "{name}");
        let reads = state.calls.iter().filter(|call| *call == "GetSecretValue").count();
        assert_eq!(reads, 2, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_never_taken_is_not_read_for_ever() {
    for (channel, call) in HTTP {
        let world = world(channel);
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        let refusal = || Reply::Say(Answer { status: 401, headers: Vec::new(), body: Vec::new() });
        world.answers([refusal(), refusal(), refusal()]);
        assert_eq!(heard(&notify, &[open]).await, ["m0"]);
        assert_eq!(world.sent(), [call, call]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_without_what_is_needed_is_named() {
    for (name, channel, needed) in [
        ("bot", BOT, "`token`"),
        ("sign", WEBHOOK, "`key`"),
        ("jira", JIRA, "`email`"),
        ("backlog", BACKLOG, "`api_key`"),
    ] {
        let world = world(channel);
        let secret = json!({"other": "othersecret"});
        world.state().secrets.insert(name.into(), [secret].into());
        let notify = world.notify();
        let open = news(&notify, Severity::Critical, Stands::Open);
        let error = notify.about(CASE, &Hearing::News(Box::new(open))).await.unwrap_err();
        let error = error.to_string();
        assert!(error.contains(&format!("secret {name}")) && error.contains(needed), "{error}");
        assert!(!error.contains("othersecret"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_called_with_a_signature_of_time_and_body() {
    let world = world(WEBHOOK);
    let notify = world.notify();
    let open = news(&notify, Severity::Critical, Stands::Open);
    assert_eq!(heard(&notify, &[open]).await, Vec::<String>::new());
    let state = world.state();
    let call = &state.sent[0];
    let time = call.header("x-kintsugi-timestamp").unwrap();
    let expected = routing::render::webhook::signature(b"signsecret", time, &call.body);
    assert_eq!(call.header("x-kintsugi-signature"), Some(expected.as_str()));
    assert!(call.header("content-type").unwrap().starts_with("application/json"));
}
