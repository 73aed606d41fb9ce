//! Orders against an AWS that answers as it is told.

mod action;
mod answers;
mod events;
mod list;
mod orders;
mod rules;
mod undoing;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use lambda::{Answers, Aws, Shell};
use remedy::{Settings, Timestamp, check};
use runtime::{
    Page,
    order::{Order, Reply, What},
};
use serde_json::{Value, json};

use script::{Answer, Request, Script, answer};

use crate::Respond;

const SETTINGS: [(&str, &str); 6] = [
    ("TABLE_NAME", "kintsugi"),
    ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
    ("OWN_ROLES", "kintsugi-respond"),
    ("THREAT_LIST_BUCKET", "bucket"),
    ("QUEUES", "ec2=https://sqs.example/ec2,guardduty=https://sqs.example/guardduty"),
    ("DEAD_LETTERS", "ec2=https://sqs.example/ec2-dead-letters"),
];

const GROUP: &str = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1";
const CLOSE: &str = "ec2/close_world_ingress";

/// What is answered to one kind of call instead of what is usual.
type Says = Box<dyn FnMut(&Value) -> Option<Answer> + Send>;

/// An AWS with these records in its table.
#[derive(Clone)]
struct World {
    script: Script,
    says: Arc<Mutex<BTreeMap<&'static str, Says>>>,
}

impl World {
    fn with(pages: impl IntoIterator<Item = Page>) -> Self {
        let records: BTreeMap<String, Value> =
            pages.into_iter().map(|page| (format!("record#{}", page.id), item(&page))).collect();
        let says: Arc<Mutex<BTreeMap<&'static str, Says>>> = Arc::default();
        let also = Arc::clone(&says);
        let script = Script::to(move |request| {
            let (call, body) = call(request);
            if let Some(says) = also.lock().unwrap().get_mut(call.as_str())
                && let Some(said) = says(&body)
            {
                return Some(said);
            }
            Some(match call.as_str() {
                "GetItem" => {
                    let key = body["Key"]["pk"]["S"].as_str().unwrap();
                    let found = records.get(key).map(|item| json!({ "Item": item }));
                    answer(200, &found.unwrap_or(json!({})).to_string())
                }
                "Query" => answer(200, r#"{"Items": [], "Count": 0}"#),
                "SendMessage" => answer(200, r#"{"MessageId": "m1"}"#),
                "Publish" => answer(
                    200,
                    "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>",
                ),
                _ => answer(200, "{}"),
            })
        });
        Self { script, says }
    }

    /// Answers calls of this name so, as long as `says` has an answer.
    fn says(
        self,
        call: &'static str,
        says: impl FnMut(&Value) -> Option<Answer> + Send + 'static,
    ) -> Self {
        self.says.lock().unwrap().insert(call, Box::new(says));
        self
    }

    fn respond(&self) -> Respond {
        let settings: Settings = SETTINGS.into_iter().collect();
        let aws = Aws::new(self.script.config());
        let shell = Shell::new(settings, &aws, self.script.connector(), "kintsugi-respond");
        Respond::new(shell.unwrap()).unwrap()
    }

    async fn ask(&self, request: Value) -> Value {
        let until = Timestamp::from_timestamp(32_000_000_000, 0).unwrap();
        self.respond().answer(request, until).await.0
    }

    async fn order(&self, what: What) -> Reply {
        let order = Order { by: "ada".into(), why: "a test".into(), what };
        let reply = self.ask(serde_json::to_value(order).unwrap()).await;
        serde_json::from_value(reply).unwrap()
    }

    async fn done(&self, what: What) -> String {
        match self.order(what).await {
            Reply::Done { said, .. } => said,
            other @ Reply::Refused { .. } => panic!("{other:?}"),
        }
    }

    async fn refused(&self, what: What) -> String {
        match self.order(what).await {
            Reply::Refused { why } => why,
            other @ Reply::Done { .. } => panic!("{other:?}"),
        }
    }

    /// The bodies of all calls of this name.
    fn calls(&self, name: &str) -> Vec<Value> {
        let calls = self.script.requests().iter().map(call).collect::<Vec<_>>();
        calls.into_iter().filter(|(call, _)| call == name).map(|(_, body)| body).collect()
    }

    /// The names of the calls that change something, in their order.
    fn writes(&self) -> Vec<String> {
        let names =
            self.script.requests().iter().map(|request| call(request).0).collect::<Vec<_>>();
        names.into_iter().filter(|name| name != "GetItem" && name != "Query").collect()
    }

    /// What was sent to a function's queue.
    fn sent(&self) -> Vec<(String, Value)> {
        let sent = self.calls("SendMessage").into_iter().map(|body| {
            let event: Value = serde_json::from_str(body["MessageBody"].as_str().unwrap()).unwrap();
            (body["QueueUrl"].as_str().unwrap().to_owned(), event["detail"]["signal"].clone())
        });
        sent.collect()
    }
}

/// A call's name, and its body where that is JSON.
fn call(request: &Request) -> (String, Value) {
    let body = serde_json::from_str(&request.body).unwrap_or_default();
    let name = match request.header("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap().to_owned(),
        None if request.body.starts_with("Action=") => {
            let action = request.body.split(['=', '&']).nth(1).unwrap();
            action.to_owned()
        }
        None => format!("{} {}", request.method, request.uri.split('?').next().unwrap()),
    };
    (name, body)
}

fn item(page: &Page) -> Value {
    json!({"id": {"S": page.id}, "record": {"S": serde_json::to_string(page).unwrap()}})
}

/// The condition does not hold, because of this item.
fn not(item: &Value) -> Answer {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed", "Item": item,
    });
    answer(400, &body.to_string())
}

fn page() -> Page {
    let mut page = Page::of(&check::signal(GROUP), CLOSE, check::now());
    page.about.resource = GROUP.into();
    page
}

#[tokio::test]
async fn what_is_no_order_is_answered_with_the_reason() {
    let world = World::with([]);
    for (request, said) in [
        (json!("hello"), "the order cannot be read"),
        (json!({"by": "ada", "what": {"dance": {}}}), "unknown variant `dance`"),
        (
            json!({"by": "ada", "what": {"run": {"record": "k-1"}}, "more": 1}),
            "unknown field `more`",
        ),
        (json!({"by": " ", "what": {"run": {"record": "k-1"}}}), "does not say who gives it"),
    ] {
        let reply = world.ask(request).await;
        let why = reply["refused"]["why"].as_str().unwrap_or_default();
        assert!(why.contains(said), "{reply}");
    }
    assert!(world.script.requests().is_empty());
}

#[tokio::test]
async fn a_record_that_is_none_or_not_there_is_said() {
    let world = World::with([]);
    let record = |id: &str| What::Run { record: id.into() };
    let why = world.refused(record("record#k-1")).await;
    assert!(why.contains("`record#k-1` is no record"), "{why}");
    let why = world.refused(record("k-12ab")).await;
    assert!(why.contains("there is no record k-12ab in table kintsugi"), "{why}");
    assert!(world.writes().is_empty());
}
