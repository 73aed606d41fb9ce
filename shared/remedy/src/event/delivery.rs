//! How events reach a function: in batches from a queue, or bare.

use aws_lambda_events::sqs::SqsMessage;
use serde_json::Value;

use super::shape::{shaped, short, text};

/// What a function was invoked with.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// Messages from SQS; each can fail alone.
    Batch(Vec<Message>),
    /// One event, by a rule without a queue or by hand.
    Bare(Value),
}

/// One message of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// By which it is reported as failed. Empty if the record has none: then only failing the whole
    /// batch keeps it.
    pub id: String,
    /// How many times it was handed out, this time included.
    pub receives: u32,
    /// The event in it, or why there is none that could be read.
    pub body: Result<Value, String>,
}

/// Batches and bare events told apart. Each record of a batch is read by itself, so that one that is
/// malformed does not take the others down.
pub fn delivery(payload: Value) -> Delivery {
    match payload.get("Records") {
        Some(Value::Array(records)) => Delivery::Batch(records.iter().map(message).collect()),
        _ => Delivery::Bare(payload),
    }
}

fn message(record: &Value) -> Message {
    let receives = text(record, "/attributes/ApproximateReceiveCount").parse().unwrap_or(1);
    let id = text(record, "/messageId").to_owned();
    let body = shaped::<SqsMessage>(record, "the record").and_then(body);
    Message { id, receives, body }
}

fn body(message: SqsMessage) -> Result<Value, String> {
    if let Some(source) = message.event_source.filter(|source| source != "aws:sqs") {
        return Err(format!("the record comes from `{}`, not from SQS", short(&source, 50)));
    }
    let body = message.body.ok_or("the record has no body")?;
    // Where it stops being JSON is told, what stands there is not: it may be anybody's secret.
    serde_json::from_str(&body)
        .map_err(|e| format!("the body ({} bytes) is not JSON: {e}", body.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bodies(payload: Value) -> Vec<Result<Value, String>> {
        match delivery(payload) {
            Delivery::Batch(messages) => messages.into_iter().map(|message| message.body).collect(),
            Delivery::Bare(event) => panic!("no batch: {event}"),
        }
    }

    #[test]
    fn a_batch_is_told_from_a_bare_event() {
        let bare = json!({"source": "aws.config", "detail": {}});
        assert_eq!(delivery(bare.clone()), Delivery::Bare(bare));
        for odd in [json!(null), json!([]), json!({"Records": {}}), json!("Records")] {
            assert_eq!(delivery(odd.clone()), Delivery::Bare(odd));
        }
        assert_eq!(delivery(json!({"Records": []})), Delivery::Batch(vec![]));
    }

    #[test]
    fn a_message_knows_its_id_and_how_often_it_came() {
        let record = json!({
            "messageId": "m1",
            "body": "{\"a\": 1}",
            "attributes": {"ApproximateReceiveCount": "3"},
            "eventSource": "aws:sqs",
        });
        let expected = Message { id: "m1".into(), receives: 3, body: Ok(json!({"a": 1})) };
        assert_eq!(delivery(json!({"Records": [record]})), Delivery::Batch(vec![expected]));
    }

    #[test]
    fn a_record_that_cannot_be_read_says_why_and_the_others_go_on() {
        let deep = "[".repeat(1000);
        let records = json!([
            5,
            {"messageId": "m2", "body": 5},
            {"messageId": "m3"},
            {"messageId": "m4", "body": "{not json"},
            {"messageId": "m5", "body": ""},
            {"messageId": "m6", "body": "{}", "eventSource": "aws:sns"},
            {"messageId": "m7", "body": deep},
            {"messageId": "m8", "body": "{}", "attributes": null},
        ]);
        let whys: Vec<_> = bodies(json!({"Records": records}))
            .into_iter()
            .map(|body| body.map_or_else(|why| why, |event| event.to_string()))
            .collect();
        assert_eq!(
            whys,
            [
                "the record is a number, not an object",
                "the record cannot be read at `body`: invalid type: integer `5`, expected a string",
                "the record has no body",
                "the body (9 bytes) is not JSON: key must be a string at line 1 column 2",
                "the body (0 bytes) is not JSON: EOF while parsing a value at line 1 column 0",
                "the record comes from `aws:sns`, not from SQS",
                "the body (1000 bytes) is not JSON: recursion limit exceeded at line 1 column 128",
                "{}",
            ]
        );
    }
}
