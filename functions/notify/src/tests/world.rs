//! A table, topics, secrets and channels that remember what they were sent, for a function of its own.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard},
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use chrono::TimeDelta;
use lambda::{Aws, Outside, Shell, Web};
use remedy::{Settings, Timestamp};
use script::{Answer, Request, Script, answer};
use serde_json::{Value, json};

pub(super) use super::given::{batch, heard, news};

use super::expression::{Given, Item};
use crate::Notify;

pub(super) const MAIL: &str = "arn:aws:sns:eu-west-1:111122223333:kintsugi-mail";
pub(super) const CASE: &str = "c-0123456789ab";

/// What becomes of a request to a channel.
pub(super) enum Reply {
    Say(Answer),
    /// The request arrives, and no answer comes back.
    Lost,
    /// Nothing ever happens.
    Silence,
}

pub(super) fn says(status: u16, body: &Value) -> Reply {
    Reply::Say(answer(status, &body.to_string()))
}

/// What is done before the next call of such a name to the table.
type Before = Box<dyn FnOnce(&mut State) + Send>;

#[derive(Default)]
pub(super) struct State {
    pub(super) table: BTreeMap<(String, String), Item>,
    pub(super) secrets: BTreeMap<String, VecDeque<Value>>,
    /// What is published, in order: topic, subject and text.
    pub(super) published: Vec<Vec<(String, String)>>,
    /// How often publishing fails from now on.
    pub(super) topics_fail: usize,
    /// What channels were sent.
    pub(super) sent: Vec<Request>,
    pub(super) replies: VecDeque<Reply>,
    /// Calls to AWS: the name of each.
    pub(super) calls: Vec<String>,
    pub(super) before: VecDeque<(&'static str, Before)>,
}

/// All that the function can reach.
#[derive(Clone)]
pub(super) struct World(Arc<Mutex<State>>);

impl World {
    /// With these rules, and secrets for all channels.
    pub(super) fn with(rules: &str) -> Self {
        let world = Self(Arc::default());
        let secrets = [
            ("hook", json!({"webhook": "https://hooks.slack.com/services/T0/B0/hooksecret"})),
            ("bot", json!({"token": "xoxb-botsecret"})),
            ("sign", json!({"key": "signsecret"})),
            ("jira", json!({"email": "a@example.com", "token": "jirasecret"})),
            ("backlog", json!({"api_key": "backlogsecret"})),
        ];
        {
            let mut state = world.state();
            for (name, secret) in secrets {
                state.secrets.insert(name.to_owned(), VecDeque::from([secret]));
            }
            if !rules.is_empty() {
                let item = json!({
                    "pk": {"S": "control"}, "sk": {"S": "rules"}, "version": {"N": "1"},
                    "text": {"S": rules}, "by": {"S": "me"}, "at": {"S": "2026-11-20T10:00:00Z"},
                });
                state.put(item.as_object().unwrap().clone());
            }
        }
        world
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The function, just started.
    pub(super) fn notify(&self) -> Notify {
        let connector = SharedHttpConnector::new(self.clone());
        let client = connector.clone();
        // For credentials and Region; it is never asked.
        let config = Script::of([]).config().into_builder();
        let config = config.http_client(http_client_fn(move |_, _| client.clone())).build();
        let settings: Settings = [
            ("TABLE_NAME", "kintsugi"),
            ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
            ("OWN_ROLES", "kintsugi-notify"),
            ("MAIL_TOPIC_ARN", MAIL),
        ]
        .into_iter()
        .collect();
        let shell = Shell::new(settings, &Aws::new(config), connector.clone(), "kintsugi-notify");
        Notify::over(shell.unwrap(), Outside::over(Web::new(connector))).unwrap()
    }

    /// What the channels answer from now on; after that, what is done is done.
    pub(super) fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state().replies.extend(replies);
    }

    /// What channels were sent since it was asked last: method and path of each.
    pub(super) fn sent(&self) -> Vec<String> {
        let sent = std::mem::take(&mut self.state().sent);
        sent.iter().map(|request| format!("{} {}", request.method, path(&request.uri))).collect()
    }

    /// The case, as it is in the table.
    pub(super) fn case(&self, id: &str) -> Value {
        let state = self.state();
        let item = &state.table[&(format!("case#{id}"), "case".to_owned())];
        serde_json::from_str(item["case"]["S"].as_str().unwrap()).unwrap()
    }

    /// The items of a partition.
    pub(super) fn items(&self, pk: &str) -> Vec<(String, Item)> {
        let state = self.state();
        let its = state.table.iter().filter(|((known, _), _)| known == pk);
        its.map(|((_, sk), item)| (sk.clone(), item.clone())).collect()
    }

    /// Turns the clock: what is due in up to `time` is due now.
    pub(super) fn age(&self, time: TimeDelta) {
        let mut state = self.state();
        let table = std::mem::take(&mut state.table);
        for ((pk, sk), mut item) in table {
            let is_timed = pk == "due" || pk.starts_with("digest#") || pk.starts_with("budget#");
            let sk = if is_timed { earlier(&sk, time) } else { sk };
            item.insert("sk".into(), json!({ "S": sk }));
            if let Some(case) = item.get("case").and_then(|case| case["S"].as_str()) {
                let mut case: Value = serde_json::from_str(case).unwrap();
                age(&mut case, time);
                item.insert("case".into(), json!({ "S": case.to_string() }));
            }
            state.table.insert((pk, sk), item);
        }
    }
}

/// Every time in it, earlier.
fn age(value: &mut Value, time: TimeDelta) {
    match value {
        Value::String(text) if text.parse::<Timestamp>().is_ok() => *text = earlier(text, time),
        Value::Array(all) => all.iter_mut().for_each(|one| age(one, time)),
        Value::Object(all) => all.values_mut().for_each(|one| age(one, time)),
        _ => {}
    }
}

fn earlier(key: &str, time: TimeDelta) -> String {
    let (at, rest) =
        key.split_once('#').map_or((key, String::new()), |(at, rest)| (at, format!("#{rest}")));
    let at: Timestamp = at.parse().unwrap();
    format!("{}{rest}", routing::sortable(at - time))
}

fn path(uri: &str) -> String {
    let rest = uri.split_once("://").unwrap().1;
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split('?').next().unwrap_or_default().to_owned()
}

impl State {
    fn put(&mut self, item: Item) {
        let text = |name: &str| item[name]["S"].as_str().unwrap().to_owned();
        self.table.insert((text("pk"), text("sk")), item);
    }

    fn dynamodb(&mut self, call: &str, body: &Value) -> Answer {
        if let Some(at) = self.before.iter().position(|(name, _)| *name == call) {
            let (_, before) = self.before.remove(at).unwrap();
            before(self);
        }
        let key = |item: &Value| {
            let text = |name: &str| item[name]["S"].as_str().unwrap().to_owned();
            (text("pk"), text("sk"))
        };
        let given = Given {
            names: &body["ExpressionAttributeNames"],
            values: &body["ExpressionAttributeValues"],
        };
        let condition = body["ConditionExpression"].as_str();
        if call == "Query" {
            let (pk, until) = (
                body["ExpressionAttributeValues"][":pk"]["S"].as_str().unwrap(),
                body["ExpressionAttributeValues"][":until"]["S"].as_str().unwrap(),
            );
            let its =
                self.table.iter().filter(|((known, sk), _)| known == pk && sk.as_str() <= until);
            let items: Vec<_> = its.map(|(_, item)| item).collect();
            return answer(200, &json!({ "Items": items, "Count": items.len() }).to_string());
        }
        let key = key(if call == "PutItem" { &body["Item"] } else { &body["Key"] });
        let known = self.table.get(&key);
        if condition.is_some_and(|condition| !given.holds(condition, known)) {
            let mut refusal = json!({
                "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                "message": "The conditional request failed",
            });
            if let Some(known) = known {
                refusal["Item"] = json!(known);
            }
            return answer(400, &refusal.to_string());
        }
        match call {
            "GetItem" => match known {
                Some(item) => answer(200, &json!({ "Item": item }).to_string()),
                None => answer(200, "{}"),
            },
            "PutItem" => {
                self.put(body["Item"].as_object().unwrap().clone());
                answer(200, "{}")
            }
            "DeleteItem" => {
                self.table.remove(&key);
                answer(200, "{}")
            }
            "UpdateItem" => {
                let mut item = known.cloned().unwrap_or_default();
                item.insert("pk".into(), json!({ "S": key.0 }));
                item.insert("sk".into(), json!({ "S": key.1 }));
                given.update(body["UpdateExpression"].as_str().unwrap(), &mut item);
                self.table.insert(key, item);
                answer(200, "{}")
            }
            other => panic!("{other}"),
        }
    }

    fn secret(&mut self, body: &Value) -> Answer {
        let name = body["SecretId"].as_str().unwrap();
        let Some(secrets) = self.secrets.get_mut(name) else {
            let missing = json!({"__type": "ResourceNotFoundException", "message": "none"});
            return answer(400, &missing.to_string());
        };
        let secret = if secrets.len() > 1 { secrets.pop_front() } else { secrets.front().cloned() };
        answer(200, &json!({ "SecretString": secret.unwrap().to_string() }).to_string())
    }

    fn publish(&mut self, body: &str) -> Answer {
        if self.topics_fail > 0 {
            self.topics_fail -= 1;
            return answer(
                500,
                "<ErrorResponse><Error><Code>InternalError</Code></Error></ErrorResponse>",
            );
        }
        let pairs = form_urlencoded::parse(body.as_bytes()).into_owned();
        self.published.push(pairs.collect());
        answer(
            200,
            "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>",
        )
    }

    /// What a channel does that is well.
    fn channel(&mut self, request: &Request) -> Reply {
        let count = self.sent.len();
        self.sent.push(request.clone());
        if let Some(reply) = self.replies.pop_front() {
            return reply;
        }
        let path = path(&request.uri);
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        match (request.method.as_str(), path.as_str()) {
            (_, "/api/chat.postMessage" | "/api/chat.update") => says(
                200,
                &json!({"ok": true, "channel": body["channel"], "ts": format!("{count}.5")}),
            ),
            ("POST", "/rest/api/3/issue") => says(201, &json!({"id": "1", "key": "SEC-1"})),
            ("POST", "/rest/api/3/search/jql") => says(200, &json!({ "issues": [] })),
            ("GET", path) if path.ends_with("/transitions") => says(
                200,
                &json!({"transitions": [{"id": "31", "name": "Done"}, {"id": "11", "name": "To Do"}]}),
            ),
            ("POST", "/api/v2/issues") => says(201, &json!({"id": 1, "issueKey": "OPS-1"})),
            ("GET", "/api/v2/issues") => says(200, &json!([])),
            _ => Reply::Say(answer(200, "ok")),
        }
    }

    fn reply(&mut self, request: &Request) -> Reply {
        let host = request.uri.split('/').nth(2).unwrap_or_default();
        let target = request.header("x-amz-target").unwrap_or_default();
        let call = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = || serde_json::from_str::<Value>(&request.body).unwrap();
        if host.starts_with("dynamodb.") {
            self.calls.push(call.clone());
            return Reply::Say(self.dynamodb(&call, &body()));
        }
        if host.starts_with("secretsmanager.") {
            self.calls.push(call);
            return Reply::Say(self.secret(&body()));
        }
        if host.starts_with("sns.") {
            return Reply::Say(self.publish(&request.body));
        }
        if host.starts_with("securityhub.") {
            self.calls.push("BatchUpdateFindings".into());
            let done = json!({"ProcessedFindings": [], "UnprocessedFindings": []});
            return says(200, &done);
        }
        self.channel(request)
    }
}

impl HttpConnector for World {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers = request.headers().iter();
        let request = Request {
            method: request.method().to_owned(),
            uri: request.uri().to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned(),
        };
        let reply = self.state().reply(&request);
        match reply {
            Reply::Say(Answer { status, headers, body }) => {
                let mut said = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
                for (name, value) in headers {
                    said.headers_mut().append(name, value);
                }
                HttpConnectorFuture::ready(Ok(said))
            }
            Reply::Lost => HttpConnectorFuture::ready(Err(ConnectorError::io("reset".into()))),
            Reply::Silence => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}
