//! The table and what stands on it, against a table that answers as it is told.

mod history;
mod ledger;
mod orders;
mod policy;
mod release;
mod rules;
mod scan;
mod standing;
mod waiting;

use std::collections::{BTreeMap, VecDeque};

use chrono::TimeDelta;
use remedy::{Place, Timestamp, check::signal};
use runtime::Page;
use serde_json::{Value, json};

use script::{Answer, Script, answer};

use crate::{Aws, table::Table};

pub(crate) fn table(script: &Script) -> Table {
    let home = Place::new("111122223333", "eu-west-1");
    let keep = TimeDelta::days(400);
    Table::new(&Aws::new(script.config()), &home, "kintsugi-ec2", "kintsugi", keep)
}

pub(crate) fn page() -> Page {
    let at: Timestamp = "2026-11-20T10:30:00Z".parse().unwrap();
    let mut signal = signal("sg-1");
    signal.seen = at - TimeDelta::seconds(30);
    Page::of(&signal, "ec2/close_world_ingress", at)
}

pub(crate) fn done() -> Answer {
    answer(200, "{}")
}

/// The condition does not hold, because of `item`, or of none.
pub(crate) fn not(item: &Value) -> Answer {
    let mut body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed",
    });
    if !item.is_null() {
        body["Item"] = item.clone();
    }
    answer(400, &body.to_string())
}

/// Answers that depend on whose item it is: the record's, the count's, or the evidence's.
pub(crate) fn by_item<const N: usize>(answers: [(&'static str, Vec<Answer>); N]) -> Script {
    let mut answers: BTreeMap<_, VecDeque<_>> =
        answers.into_iter().map(|(item, answers)| (item, answers.into())).collect();
    Script::by(move |body| {
        let body: Value = serde_json::from_str(body).unwrap();
        let key = body.get("Item").or(body.get("Key")).unwrap();
        let kind = key["pk"]["S"].as_str().unwrap().split('#').next().unwrap().to_owned();
        match answers.get_mut(kind.as_str()) {
            Some(answers) => answers.pop_front(),
            // Nothing is remembered of the resource.
            None => (kind == "resource").then(done),
        }
    })
}

pub(crate) fn bodies(script: &Script, kind: &str) -> Vec<Value> {
    let bodies = script.bodies();
    let bodies = bodies.iter().map(|body| serde_json::from_str::<Value>(body).unwrap());
    let is_of = |body: &Value| {
        let body = body.to_string();
        [format!(r#""pk":{{"S":"{kind}#"#), format!(r#""pk":{{"S":"{kind}""#)]
            .iter()
            .any(|key| body.contains(key))
    };
    bodies.filter(is_of).collect()
}

/// An answer with this item.
pub(crate) fn item(item: &Value) -> Answer {
    answer(200, &json!({ "Item": item }).to_string())
}

/// An answer with these items.
pub(crate) fn items(items: &[Value]) -> Answer {
    answer(200, &json!({ "Items": items, "Count": items.len() }).to_string())
}

/// All that was asked.
pub(crate) fn all(script: &Script) -> Vec<Value> {
    script.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}
