//! DynamoDB: one table, with as much of its expressions as functions write.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Answer;
use crate::http::Request;

type Item = Map<String, Value>;

#[derive(Debug, Default)]
pub(crate) struct Table {
    items: HashMap<String, Item>,
}

/// What a request says names and values are.
struct Given<'a> {
    item: &'a Item,
    body: &'a Value,
}

impl Table {
    pub(super) fn answer(&mut self, request: &Request) -> Option<Answer> {
        let target = request.header("x-amz-target")?;
        let action = target.rsplit('.').next().unwrap_or(target);
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let (status, body) = match action {
            "GetItem" => (
                200,
                self.items
                    .get(&key(&body["Key"]))
                    .map_or(json!({}), |item| json!({ "Item": item })),
            ),
            "PutItem" => self.write(&body, "Item", put),
            "UpdateItem" => self.write(&body, "Key", updated),
            _ => return None,
        };
        Some(Answer::new(action, status, "application/x-amz-json-1.0", body.to_string()))
    }

    fn write(
        &mut self,
        body: &Value,
        named: &str,
        make: fn(&Given<'_>) -> Option<Item>,
    ) -> (u16, Value) {
        let key = key(&body[named]);
        let there = self.items.get(&key);
        let none = Item::new();
        let given = Given { item: there.unwrap_or(&none), body };
        if !body["ConditionExpression"].as_str().is_none_or(|condition| given.holds(condition)) {
            let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
            let error = match there {
                Some(item) => json!({ "__type": kind, "message": "no", "Item": item }),
                None => json!({ "__type": kind, "message": "no" }),
            };
            return (400, error);
        }
        match make(&given) {
            Some(item) => {
                self.items.insert(key, item);
                (200, json!({}))
            }
            None => (400, json!({ "__type": "ValidationException", "message": "not understood" })),
        }
    }
}

impl Given<'_> {
    /// `A AND B OR C`, of comparisons and of whether an attribute is there.
    fn holds(&self, condition: &str) -> bool {
        condition.split(" OR ").any(|all| all.split(" AND ").all(|one| self.is_so(one.trim())))
    }

    fn is_so(&self, condition: &str) -> bool {
        let inner = |name: &str| condition.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(name) = inner("attribute_not_exists") {
            return self.value(name).is_none();
        }
        if let Some(name) = inner("attribute_exists") {
            return self.value(name).is_some();
        }
        let words: Vec<&str> = condition.split_whitespace().collect();
        let [one, is, other] = words.as_slice() else { return false };
        let (Some(one), Some(other)) = (self.value(one), self.value(other)) else { return false };
        let (less, same) = match (number(&one), number(&other)) {
            (Some(one), Some(other)) => (one < other, one == other),
            _ => (false, one == other),
        };
        match *is {
            "=" => same,
            "<" => less,
            "<=" => less || same,
            ">=" => !less,
            ">" => !less && !same,
            _ => false,
        }
    }

    fn name<'n>(&'n self, name: &'n str) -> &'n str {
        self.body["ExpressionAttributeNames"][name].as_str().unwrap_or(name)
    }

    /// Of an attribute, or of a value that is given.
    fn value(&self, name: &str) -> Option<Value> {
        match name.starts_with(':') {
            true => self.body["ExpressionAttributeValues"].get(name).cloned(),
            false => self.item.get(self.name(name)).cloned(),
        }
    }
}

fn put(given: &Given<'_>) -> Option<Item> {
    given.body["Item"].as_object().cloned()
}

/// The item after `SET a = b, c = d + e REMOVE f`; `None` if that says something else.
fn updated(given: &Given<'_>) -> Option<Item> {
    let update = given.body["UpdateExpression"].as_str()?;
    let (set, removed) = update.split_once(" REMOVE ").unwrap_or((update, ""));
    let mut item = given.item.clone();
    item.extend(given.body["Key"].as_object()?.clone());
    for assignment in set.strip_prefix("SET ")?.split(',') {
        let (name, value) = assignment.split_once('=')?;
        let words: Vec<&str> = value.split_whitespace().collect();
        let value = match words.as_slice() {
            [value] => given.value(value)?,
            [one, sign, other] => {
                let (one, other) = (number(&given.value(one)?)?, number(&given.value(other)?)?);
                let sum = if *sign == "-" { one - other } else { one + other };
                json!({ "N": sum.to_string() })
            }
            _ => return None,
        };
        item.insert(given.name(name.trim()).to_owned(), value);
    }
    for name in removed.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        item.remove(given.name(name));
    }
    Some(item)
}

fn key(item: &Value) -> String {
    ["pk", "sk"].map(|name| item[name]["S"].as_str().unwrap_or_default()).join("\n")
}

fn number(value: &Value) -> Option<i64> {
    value["N"].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{Estate, Service, tests::asked};

    fn call(estate: &mut Estate, action: &str, body: &Value) -> (u16, String) {
        let head = format!("POST / HTTP/1.1\r\nx-amz-target: DynamoDB_20120810.{action}\r\n");
        asked(estate, Service::DynamoDb, &head, &body.to_string())
    }

    #[test]
    fn an_item_is_written_under_its_condition_and_counts() {
        let mut estate = Estate::default();
        let key = json!({ "pk": { "S": "cap#x" }, "sk": { "S": "cap" } });
        let put = json!({ "Item": key, "ConditionExpression": "attribute_not_exists(pk)" });
        assert_eq!(call(&mut estate, "PutItem", &put).0, 200);
        let (status, text) = call(&mut estate, "PutItem", &put);
        assert!(status == 400 && text.contains("ConditionalCheckFailed") && text.contains("cap#x"));

        let update = |update: &str, condition: &str| {
            json!({
                "Key": key,
                "UpdateExpression": update,
                "ConditionExpression": condition,
                "ExpressionAttributeNames": { "#used": "used", "#blown": "blown" },
                "ExpressionAttributeValues": { ":one": { "N": "1" }, ":cap": { "N": "2" } },
            })
        };
        let free = "attribute_not_exists(#used) OR #used < :cap AND attribute_not_exists(#blown)";
        let begun = update("SET #used = :one, #blown = :one", free);
        assert_eq!(call(&mut estate, "UpdateItem", &begun).0, 200);
        let more = update("SET #used = #used + :one REMOVE #blown", free);
        assert_eq!(call(&mut estate, "UpdateItem", &more).0, 400);
        let more = update("SET #used = #used + :one REMOVE #blown", "#used <= :one");
        assert_eq!(call(&mut estate, "UpdateItem", &more).0, 200);
        let (_, item) = call(&mut estate, "GetItem", &json!({ "Key": key }));
        assert!(item.contains(r#""used":{"N":"2"}"#) && !item.contains("blown"), "{item}");
    }
}
