//! Which events the rules of each function let through.

use catalog::FUNCTIONS;
use remedy::patterns;
use serde_json::{Map, Value};

use super::fixtures;

/// Whether `EventBridge` lets `event` through: each field of the pattern must match; of a list, one item
/// must match as a whole.
fn matches(pattern: &Value, event: Option<&Value>) -> bool {
    match (pattern, event) {
        (Value::Object(fields), Some(Value::Array(items))) => {
            items.iter().any(|item| of_object(fields, item))
        }
        (Value::Object(fields), Some(event)) => of_object(fields, event),
        (Value::Object(fields), None) => of_object(fields, &Value::Null),
        (Value::Array(any), Some(Value::Array(items))) => {
            items.iter().any(|item| any.iter().any(|one| of_value(one, Some(item))))
        }
        (Value::Array(any), event) => any.iter().any(|one| of_value(one, event)),
        _ => panic!("no pattern: {pattern}"),
    }
}

fn of_object(fields: &Map<String, Value>, event: &Value) -> bool {
    fields.iter().all(|(name, pattern)| match (name.as_str(), pattern) {
        ("$or", Value::Array(any)) => any.iter().any(|pattern| matches(pattern, Some(event))),
        // The template's parameter, at its default.
        ("actionName", _) => ["Kintsugi: run", "Remediate"].map(Value::from).contains(&event[name]),
        _ => matches(pattern, event.get(name)),
    })
}

fn of_value(pattern: &Value, event: Option<&Value>) -> bool {
    let text = event.and_then(Value::as_str);
    let Some((kind, given)) = pattern.as_object().and_then(|fields| fields.iter().next()) else {
        return event == Some(pattern);
    };
    let given_text = given.as_str().unwrap_or_default();
    match kind.as_str() {
        "exists" => *given == event.is_some(),
        "suffix" => text.is_some_and(|text| text.ends_with(given_text)),
        "equals-ignore-case" => text.is_some_and(|text| text.eq_ignore_ascii_case(given_text)),
        _ => panic!("no test: {pattern}"),
    }
}

/// The rules of `function` that let `event` through.
fn through(function: &str, event: &Value) -> Vec<String> {
    let (_, entries) = FUNCTIONS.iter().find(|(name, _)| *name == function).unwrap();
    let all = patterns(entries).into_iter();
    all.filter(|(_, pattern)| matches(pattern, Some(event))).map(|(name, _)| name).collect()
}

#[test]
fn what_comes_from_guardduty_reaches_its_function_once_by_whichever_way() {
    for (fixture, text) in fixtures::ALL {
        let expected: &[&str] = match *fixture {
            name if name.starts_with("guardduty-") => &["guardduty"],
            "hub-custom-action" | "hub-guardduty-custom-action" => &["custom-action"],
            name if name.starts_with("hub-guardduty") => &["security-hub-guardduty"],
            name if name.starts_with("hub-v2-guardduty") => &["security-hub-v2-guardduty"],
            _ => &[],
        };
        let event = serde_json::from_str(text).unwrap();
        assert_eq!(through("guardduty", &event), expected, "{fixture}");
        assert_eq!(through("sweep", &event), [""; 0], "{fixture}");
    }
}

#[test]
fn what_is_about_a_threat_is_not_sent_to_ec2_and_what_is_not_is_not_sent_to_guardduty() {
    for (fixture, text) in fixtures::ALL {
        let event = serde_json::from_str(text).unwrap();
        let both = !through("ec2", &event).is_empty() && !through("guardduty", &event).is_empty();
        assert_eq!(both, fixture.ends_with("custom-action"), "{fixture}: only people choose");
    }
}
