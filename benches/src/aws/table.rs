//! `DynamoDB`: one table and its index of resources, with as much of its expressions as functions write.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::Answer;
use crate::http::Request;

type Item = Map<String, Value>;
/// Partition and sort key.
type Key = [String; 2];

#[derive(Debug, Default)]
pub(crate) struct Table {
    items: BTreeMap<Key, Item>,
    /// Of a resource: when, and which item.
    by_resource: HashMap<String, BTreeSet<(String, Key)>>,
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
        let (status, answer) = match action {
            "GetItem" => (
                200,
                self.items
                    .get(&key(&body["Key"]))
                    .map_or(json!({}), |item| json!({ "Item": item })),
            ),
            "Query" => (200, self.query(&body)?),
            "PutItem" => self.write(&body, "Item", put),
            "UpdateItem" => self.write(&body, "Key", updated),
            _ => return None,
        };
        let action = match (action, body["IndexName"].as_str()) {
            ("Query", Some(index)) => format!("Query {index}"),
            _ => action.to_owned(),
        };
        Some(Answer::new(&action, status, "application/x-amz-json-1.0", answer.to_string()))
    }

    /// Puts an item there, as if somebody had written it.
    pub(super) fn put(&mut self, item: Item) {
        self.keep(key(&Value::Object(item.clone())), item);
    }

    /// Takes all items of a partition away.
    pub(super) fn clear(&mut self, partition: &str) {
        self.items.retain(|[pk, _], _| pk != partition);
    }

    fn keep(&mut self, key: Key, item: Item) {
        let indexed = |item: &Item| Some((text(item.get("resource")?)?, text(item.get("at")?)?));
        if let Some((resource, at)) = self.items.get(&key).and_then(indexed)
            && let Some(known) = self.by_resource.get_mut(&resource)
        {
            known.remove(&(at, key.clone()));
        }
        if let Some((resource, at)) = indexed(&item) {
            self.by_resource.entry(resource).or_default().insert((at, key.clone()));
        }
        self.items.insert(key, item);
    }

    /// The items of a partition, or of a resource, in their order; `None` if it asks for something else.
    fn query(&self, body: &Value) -> Option<Value> {
        let condition = body["KeyConditionExpression"].as_str()?;
        let (partition, range) = condition.split_once(" AND ").unwrap_or((condition, ""));
        let none = Item::new();
        let of = |item| Given { item, body };
        let [_, "=", value] = partition.split_whitespace().collect::<Vec<_>>()[..] else {
            return None;
        };
        let value = text(&of(&none).value(value)?)?;
        let mut found: Vec<&Item> = match body["IndexName"].as_str() {
            None => {
                let all = self.items.range([value.clone(), String::new()]..);
                all.take_while(|([pk, _], _)| *pk == value).map(|(_, item)| item).collect()
            }
            Some("by-resource") => {
                let known = self.by_resource.get(&value).into_iter().flatten();
                known.filter_map(|(_, key)| self.items.get(key)).collect()
            }
            Some(_) => return None,
        };
        found.retain(|item| of(item).is_within(range));
        if body["ScanIndexForward"] == false {
            found.reverse();
        }
        // A limit is of what is looked at, not of what is found.
        let most = body["Limit"].as_u64().and_then(|most| usize::try_from(most).ok());
        found.truncate(most.unwrap_or(usize::MAX));
        let looked_at = found.len();
        found
            .retain(|item| body["FilterExpression"].as_str().is_none_or(|all| of(item).holds(all)));
        let items: Vec<Item> = found.into_iter().map(|item| of(item).projected()).collect();
        Some(json!({ "Count": items.len(), "ScannedCount": looked_at, "Items": items }))
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
                self.keep(key, item);
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

    /// Of a sort key: everything, a comparison, or `x BETWEEN a AND b`.
    fn is_within(&self, range: &str) -> bool {
        match range.split_whitespace().collect::<Vec<_>>()[..] {
            [] => true,
            [name, "BETWEEN", from, "AND", to] => {
                self.is_so(&format!("{name} >= {from}")) && self.is_so(&format!("{name} <= {to}"))
            }
            _ => self.is_so(range),
        }
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
        match *is {
            "=" => one == other,
            "<>" => one != other,
            "<" => order(&one, &other).is_some_and(Ordering::is_lt),
            "<=" => order(&one, &other).is_some_and(Ordering::is_le),
            ">=" => order(&one, &other).is_some_and(Ordering::is_ge),
            ">" => order(&one, &other).is_some_and(Ordering::is_gt),
            _ => false,
        }
    }

    /// The item, or what is asked for of it.
    fn projected(&self) -> Item {
        let Some(names) = self.body["ProjectionExpression"].as_str() else {
            return self.item.clone();
        };
        let names = names.split(',').map(|name| self.name(name.trim()));
        names.filter_map(|name| Some((name.to_owned(), self.item.get(name)?.clone()))).collect()
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

fn key(item: &Value) -> Key {
    ["pk", "sk"].map(|name| text(&item[name]).unwrap_or_default())
}

fn text(value: &Value) -> Option<String> {
    value["S"].as_str().map(str::to_owned)
}

/// Of two numbers or two texts; others have none.
fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => Some(text(one)?.cmp(&text(other)?)),
    }
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

    #[test]
    fn a_partition_and_a_resource_are_queried() {
        let mut estate = Estate::default();
        for (pk, sk, at) in [
            ("control", "a", "1"),
            ("control", "policy", "1"),
            ("r#1", "r", "2"),
            ("r#2", "r", "3"),
        ] {
            let [pk, sk, at] = [pk, sk, at].map(|text| json!({ "S": text }));
            let item = json!({ "pk": pk, "sk": sk, "at": at, "resource": { "S": "sg" } });
            call(&mut estate, "PutItem", &json!({ "Item": item }));
        }
        let control = json!({
            "KeyConditionExpression": "#pk = :pk AND #sk BETWEEN :from AND :to",
            "ExpressionAttributeNames": { "#pk": "pk", "#sk": "sk" },
            "ExpressionAttributeValues":
                { ":pk": { "S": "control" }, ":from": { "S": "pause" }, ":to": { "S": "q" } },
        });
        let (status, text) = call(&mut estate, "Query", &control);
        assert!(
            status == 200 && text.contains(r#""Count":1"#) && text.contains("policy"),
            "{text}"
        );

        let recent = json!({
            "IndexName": "by-resource",
            "KeyConditionExpression": "#resource = :resource AND #at >= :since",
            "FilterExpression": "attribute_not_exists(#undoes) AND #pk <> :pk",
            "ProjectionExpression": "#at",
            "ExpressionAttributeNames":
                { "#resource": "resource", "#at": "at", "#undoes": "undoes", "#pk": "pk" },
            "ExpressionAttributeValues":
                { ":resource": { "S": "sg" }, ":since": { "S": "2" }, ":pk": { "S": "r#1" } },
            "ScanIndexForward": false,
        });
        let (_, text) = call(&mut estate, "Query", &recent);
        let (found, looked_at) = (r#""Items":[{"at":{"S":"3"}}]"#, r#""ScannedCount":2"#);
        assert!(text.contains(found) && text.contains(looked_at), "{text}");
    }
}
