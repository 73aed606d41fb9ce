//! Values that can be typed, read as they are typed.

use std::{fmt, str::FromStr};

use chrono::TimeDelta;
use remedy::{Exemption, Timestamp};

/// The words of outcomes.
pub(super) const OUTCOMES: [&str; 11] = [
    "fixed",
    "partial",
    "not-fixed",
    "failed",
    "held",
    "right",
    "gone",
    "ignored",
    "unreadable",
    "open",
    "ordered",
];

/// The id of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordId(pub(crate) String);

impl FromStr for RecordId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hex = |part: &str| {
            part.len() == 12
                && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let is_nth = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_id = text.strip_prefix("k-").is_some_and(|rest| match rest.split_once('.') {
            Some((hex, nth)) => is_hex(hex) && is_nth(nth),
            None => is_hex(rest),
        });
        if is_id {
            return Ok(Self(text.to_owned()));
        }
        Err("a record's id is k- and twelve hexadecimal digits, such as k-0123456789ab".into())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a case, or of a record of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

impl FromStr for Problem {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let as_record = text.strip_prefix("c-").map(|hex| format!("k-{hex}"));
        let is_case =
            as_record.is_some_and(|id| !id.contains('.') && RecordId::from_str(&id).is_ok());
        if is_case || RecordId::from_str(text).is_ok() {
            return Ok(Self(text.to_owned()));
        }
        Err("name a case, such as c-0123456789ab, or a record, such as k-0123456789ab".into())
    }
}

/// `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Set {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("it has no `=`: write NAME=VALUE")?;
        Ok(Self { name: name.trim().into(), value: value.into() })
    }
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) TimeDelta);

/// As long as a record may be kept.
const LONGEST: TimeDelta = TimeDelta::days(3_653);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a number and a unit: 30m, 2h, 3d or 1w".to_owned();
        let at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, unit) = text.split_at(at);
        let number: i64 = number.parse().map_err(|_| wrong())?;
        let span = match unit {
            "m" => TimeDelta::try_minutes(number),
            "h" => TimeDelta::try_hours(number),
            "d" => TimeDelta::try_days(number),
            "w" => TimeDelta::try_weeks(number),
            _ => return Err(wrong()),
        };
        let span = span.filter(|span| *span > TimeDelta::zero() && *span <= LONGEST);
        span.map(Self).ok_or_else(|| "it is to be at least 1m and at most ten years".into())
    }
}

/// A day, to its end, or a time.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    match Exemption::parse(text) {
        Exemption::Until(until) => Ok(until),
        Exemption::Unclear(_) => {
            Err("write a day like 2027-03-31 or a time like 2027-03-31T12:00:00Z".into())
        }
    }
}

/// An account's id.
pub(super) fn account(text: &str) -> Result<String, String> {
    let is_id = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    is_id.then(|| text.to_owned()).ok_or_else(|| "an account's id has twelve digits".into())
}

/// A time.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write a time like 2027-03-31T12:00:00Z".into())
}
