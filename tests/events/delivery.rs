//! Batches of a queue.

use remedy::{Delivery, delivery};
use serde_json::json;

use super::{fixture, one};

#[test]
fn the_poison_of_a_batch_is_told_alone_and_its_neighbours_are_read() {
    let Delivery::Batch(messages) = delivery(fixture("batch-with-poison")) else {
        panic!("a batch")
    };
    let [first, poison, last] = &messages[..] else { panic!("three: {messages:?}") };
    assert_eq!((poison.id.as_str(), poison.receives), ("00000000-0000-4000-9000-000000000002", 4));
    let why = poison.body.as_ref().unwrap_err();
    assert_eq!(why, "the body (9 bytes) is not JSON: key must be a string at line 1 column 2");
    assert!(one(first.body.as_ref().unwrap()).contains("Config rule INCOMING_SSH_DISABLED"));
    assert!(one(last.body.as_ref().unwrap()).contains("API call AuthorizeSecurityGroupIngress"));
}

#[test]
fn a_bare_event_is_taken_as_it_is() {
    let event = fixture("hub-control");
    assert_eq!(delivery(event.clone()), Delivery::Bare(event));
}

#[test]
fn a_secret_in_what_cannot_be_read_is_not_told() {
    let record = json!({"messageId": "m1", "body": "password=hunter2", "eventSource": "aws:sqs"});
    let Delivery::Batch(messages) = delivery(json!({"Records": [record]})) else {
        panic!("a batch")
    };
    assert!(!messages[0].body.as_ref().unwrap_err().contains("hunter2"));
}
