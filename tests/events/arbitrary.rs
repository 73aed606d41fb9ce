//! Whatever comes in, something comes out.

use proptest::{collection::vec, prelude::*, sample::select};
use remedy::{Delivery, Reading, Threat, delivery, read};
use serde_json::{Map, Value, json};

use super::{fixture, fixtures::ALL, own};

/// The kinds of events there are readers for.
const KINDS: &[(&str, &str)] = &[
    ("aws.securityhub", "Security Hub Findings - Imported"),
    ("aws.securityhub", "Security Hub Findings - Custom Action"),
    ("aws.securityhub", "Findings Imported V2"),
    ("aws.config", "Config Rules Compliance Change"),
    ("aws.guardduty", "GuardDuty Finding"),
    ("aws.ec2", "AWS API Call via CloudTrail"),
    ("kintsugi.schedule", "Kintsugi Schedule"),
    ("aws.events", "Scheduled Event"),
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(Value::from("x".repeat(3000))),
        select(vec!["arn:::::", "AWS::::Account:", "sg-0a1", "2026-11-20T09:59:00Z", "192.0.2.1"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let keys = vec(("[a-zA-Z_/]{0,12}", inner.clone()), 0..6);
        prop_oneof![
            vec(inner, 0..6).prop_map(Value::from),
            keys.prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// One change of an event: at a place of it, chosen by a number, something else or nothing.
fn any_change() -> impl Strategy<Value = (usize, Option<Value>)> {
    (any::<usize>(), proptest::option::weighted(0.7, any_json()))
}

fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                pointers(inner, format!("{at}/{}", escaped(key)), into);
            }
        }
        Value::Array(list) => {
            for (key, inner) in list.iter().enumerate() {
                pointers(inner, format!("{at}/{key}"), into);
            }
        }
        _ => {}
    }
    into.push(at);
}

fn changed(mut event: Value, changes: &[(usize, Option<Value>)]) -> Value {
    for (choice, value) in changes {
        let mut places = Vec::new();
        pointers(&event, String::new(), &mut places);
        let place = &places[choice % places.len()];
        match (value, place.rsplit_once('/')) {
            (Some(value), _) => *event.pointer_mut(place).unwrap() = value.clone(),
            (None, Some((parent, key))) => {
                let key = key.replace("~1", "/").replace("~0", "~");
                match event.pointer_mut(parent).unwrap() {
                    Value::Object(map) => drop(map.remove(&key)),
                    Value::Array(list) => drop(list.remove(key.parse().unwrap())),
                    _ => {}
                }
            }
            (None, None) => event = Value::Null,
        }
    }
    event
}

/// What holds for whatever is read in whatever event.
fn check(event: &Value) {
    let readings = read(event, &own());
    assert!(!readings.is_empty(), "nothing is read in {event}");
    for reading in readings {
        let (about, why) = match reading {
            Reading::Signal(signal) => {
                assert!(signal.place.is_plausible(), "{signal:#?}");
                for name in [&signal.id, &signal.resource] {
                    assert!(!name.is_empty() && name.len() <= 1024, "{signal:#?}");
                }
                signal.threat.iter().for_each(check_threat);
                continue;
            }
            Reading::Ignored { about, why } => (about, why.to_string()),
            Reading::Unreadable { about, why } => (about, why),
        };
        for line in [&why, &about.id, &about.trigger, &about.resource] {
            assert!(line.chars().count() <= 600 && !line.chars().any(char::is_control), "{line}");
        }
        assert!(!why.is_empty());
        assert!(about.place.is_none_or(|place| place.is_plausible()));
    }
}

/// A threat holds nothing that could not be told, and nothing twice.
fn check_threat(threat: &Threat) {
    let hosts = threat.peers.iter().map(|peer| peer.host.to_string());
    for text in hosts.chain(threat.lists.iter().cloned()) {
        let is_fit = !text.is_empty() && text.chars().count() <= 256;
        assert!(is_fit && !text.chars().any(char::is_control), "{threat:#?}");
    }
    assert!(threat.peers.is_sorted_by(|one, next| one < next), "{threat:#?}");
    assert!(threat.lists.is_sorted_by(|one, next| one < next), "{threat:#?}");
}

fn any_fixture() -> impl Strategy<Value = Value> {
    select(ALL).prop_map(|(name, _)| fixture(name))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_at_all_is_read(event in any_json()) {
        check(&event);
    }

    #[test]
    fn any_detail_of_a_known_kind_of_event_is_read(kind in select(KINDS), detail in any_json()) {
        let (source, detail_type) = kind;
        check(&json!({"source": source, "detail-type": detail_type, "detail": detail}));
        let many = json!({"findings": [detail.clone(), detail], "actionName": "a"});
        check(&json!({"source": source, "detail-type": detail_type, "detail": many}));
    }

    #[test]
    fn a_real_event_with_anything_changed_or_gone_is_read(
        event in any_fixture(),
        changes in vec(any_change(), 1..5),
    ) {
        check(&changed(event, &changes));
    }

    #[test]
    fn whatever_a_finding_is_its_neighbours_are_read_as_before(
        changes in vec(any_change(), 1..5),
        odd in any_json(),
        at in 0..=2_usize,
    ) {
        let event = fixture("hub-several-resources");
        let before = read(&event, &own());
        let finding = fixture("hub-control")["detail"]["findings"][0].take();
        let mut crowded = event;
        let findings = crowded["detail"]["findings"].as_array_mut().unwrap();
        findings.insert(at.min(1), changed(finding, &changes));
        findings.insert(at, odd);
        let after = read(&crowded, &own());
        for reading in before {
            prop_assert!(after.contains(&reading));
        }
    }

    #[test]
    fn a_body_cut_or_garbled_anywhere_is_one_message_among_others(
        event in any_fixture(),
        cut in any::<usize>(),
        noise in ".{0,5}",
    ) {
        let text = event.to_string();
        let at = (0..=cut % text.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (before, after) = text.split_at(at);
        let record = |id: &str, body: &str| json!({"messageId": id, "body": body});
        let records = [
            record("whole", &text),
            record("cut", before),
            record("garbled", &format!("{before}{noise}{after}")),
        ];
        let Delivery::Batch(messages) = delivery(json!({"Records": records})) else {
            return Err(TestCaseError::fail("no batch"));
        };
        let ids: Vec<_> = messages.iter().map(|message| message.id.as_str()).collect();
        prop_assert_eq!(ids, ["whole", "cut", "garbled"]);
        prop_assert_eq!(messages[0].body.as_ref(), Ok(&event));
        prop_assert!(messages[1].body.is_err());
        for message in &messages {
            message.body.iter().for_each(check);
        }
    }

    #[test]
    fn any_records_are_as_many_messages(records in vec(any_json(), 0..6)) {
        let count = records.len();
        let Delivery::Batch(messages) = delivery(json!({"Records": records})) else {
            return Err(TestCaseError::fail("no batch"));
        };
        prop_assert_eq!(messages.len(), count);
    }
}
