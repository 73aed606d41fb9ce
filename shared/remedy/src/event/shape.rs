//! What the readers share: JSON by pointer, text from outside made safe, places, numbers made words.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

use crate::{Severity, Timestamp};

/// The longest name that can be a key of the ledger and its indexes, with what is put before it.
const LONGEST: usize = 1024;

/// `value`, which stands `at` a place in the event, as a `T`. The error says where it does not fit.
pub(super) fn shaped<'a, T: Deserialize<'a>>(value: &'a Value, at: &str) -> Result<T, String> {
    if !value.is_object() {
        return Err(format!("{at} is {}, not an object", kind_of(value)));
    }
    serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        let path = if path == "." { String::new() } else { format!(" at `{path}`") };
        // Whether a string is borrowed is nothing to people.
        let why = e.inner().to_string().replace("a borrowed string", "a string");
        format!("{at} cannot be read{}: {}", short(&path, 100), short(&why, 200))
    })
}

/// A time as in RFC 3339. It complains in words that tell so.
#[derive(Clone, Copy)]
pub(super) struct Moment(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(from)?;
        let no_time =
            |_| D::Error::custom(format!("`{}` is no time as in RFC 3339", short(text, 50)));
        text.parse().map(Self).map_err(no_time)
    }
}

/// The text at `pointer`; empty if there is none.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The items of the list at `pointer`. One thing alone is a list of one, and nothing is an empty list.
pub(super) fn each<'a>(
    value: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = &'a Value> + use<'a> {
    let (list, single) = match value.pointer(pointer) {
        Some(Value::Array(list)) => (list.as_slice(), None),
        Some(single @ Value::Object(_)) => ([].as_slice(), Some(single)),
        _ => ([].as_slice(), None),
    };
    list.iter().chain(single)
}

/// What a value is, in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Text from outside, fit for a line of a log: at most `most` characters, none of them a control
/// character or one that turns the direction of writing.
pub(super) fn short(text: &str, most: usize) -> String {
    let safe = |c: char| {
        let turns = matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns { ' ' } else { c }
    };
    let mut safe = text.chars().map(safe);
    let mut kept: String = safe.by_ref().take(most).collect();
    if safe.next().is_some() {
        kept.pop();
        kept.push('…');
    }
    kept
}

/// Whether `text`, which is `what`, can be a name: not empty, not endless, in one line.
pub(super) fn fit_name(text: &str, what: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        Err(format!("{what} is empty"))
    } else if text.len() > LONGEST {
        Err(format!("{what} is {} bytes long; at most {LONGEST} are allowed", text.len()))
    } else if text.chars().any(char::is_control) {
        Err(format!("{what} holds control characters: `{}`", short(text, 100)))
    } else {
        Ok(())
    }
}

/// Whether a flag is set: as a boolean, or as a text that is one.
pub(super) fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(flag)) => flag.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A number, or a text that is one: Security Hub writes both.
pub(super) fn number(value: Option<&Value>) -> Option<f64> {
    let value = value?;
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The label of a severity between 0 and 100. What lies between two labels is not yet the worse one: to
/// `GuardDuty`, which counts in tenths up to 10.0, 8.9 is high and 9.0 critical.
pub(super) fn of_hundred(severity: f64) -> Severity {
    match severity {
        s if s >= 90.0 => Severity::Critical,
        s if s >= 70.0 => Severity::High,
        s if s >= 40.0 => Severity::Medium,
        s if s >= 1.0 => Severity::Low,
        _ => Severity::Informational,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_from_outside_loses_what_could_forge_a_line() {
        assert_eq!(short("a\r\nb\u{1b}[31m\u{202e}c", 20), "a  b [31m c");
        assert_eq!(short("äöüß", 4), "äöüß");
        assert_eq!(short("äöüßx", 4), "äöü…");
        assert_eq!(short("abc", 0), "…");
    }

    #[test]
    fn a_name_is_one_line_of_a_bearable_length() {
        assert_eq!(fit_name("sg-1", "it"), Ok(()));
        for (text, why) in [
            ("", "it is empty"),
            (" ", "it is empty"),
            ("a\nb", "it holds control characters: `a b`"),
            (&"x".repeat(1025), "it is 1025 bytes long; at most 1024 are allowed"),
        ] {
            assert_eq!(fit_name(text, "it"), Err(why.into()));
        }
    }

    #[test]
    fn a_misfit_is_told_with_its_place() {
        #[derive(Debug, Deserialize)]
        struct Group {
            #[expect(dead_code, reason = "only its type matters here")]
            ports: Vec<u16>,
        }
        let why = |value: Value| shaped::<Group>(&value, "it").unwrap_err();
        assert_eq!(why(json!("x")), "it is a string, not an object");
        assert_eq!(why(json!({})), "it cannot be read: missing field `ports`");
        assert_eq!(
            why(json!({"ports": [22, true]})),
            "it cannot be read at `ports[1]`: invalid type: boolean `true`, expected u16"
        );
    }

    #[test]
    fn flags_come_as_booleans_and_as_text() {
        for (value, expected) in [
            (json!(true), true),
            (json!("true"), true),
            (json!("True"), true),
            (json!(false), false),
            (json!("false"), false),
            (json!(1), false),
            (json!(null), false),
        ] {
            assert_eq!(is_true(Some(&value)), expected);
        }
        assert!(!is_true(None));
    }

    #[test]
    fn a_severity_has_the_edges_that_guardduty_has() {
        for (severity, expected) in [
            (10.0, Severity::Critical),
            (9.0, Severity::Critical),
            (8.99, Severity::High),
            (8.95, Severity::High),
            (8.9, Severity::High),
            (7.0, Severity::High),
            (6.95, Severity::Medium),
            (6.9, Severity::Medium),
            (4.0, Severity::Medium),
            (3.95, Severity::Low),
            (3.9, Severity::Low),
            (1.0, Severity::Low),
            (0.09, Severity::Informational),
        ] {
            assert_eq!(of_hundred(severity * 10.0), expected, "{severity}");
        }
    }

    #[test]
    fn numbers_come_as_numbers_and_as_text() {
        for (value, expected) in [
            (json!(40), Some(40.0)),
            (json!("40"), Some(40.0)),
            (json!(7.5), Some(7.5)),
            (json!("x"), None),
            (json!([]), None),
        ] {
            assert_eq!(number(Some(&value)), expected);
        }
    }
}
