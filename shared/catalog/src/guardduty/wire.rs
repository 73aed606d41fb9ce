//! The truth as JSON, one listing a line: the object in S3.
//!
//! A listing is an array rather than an object: 250,000 of them take 30 MB so, and 45 MB otherwise.

use std::io::{self, Write};

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;

use super::{By, Findings, Listing, Name, Roll, Time, Truth, truth::Rejected};
use remedy::Severity;

/// What a listing's items are.
const COLUMNS: [&str; 8] =
    ["name", "first_seen", "last_seen", "until", "severity", "by", "findings", "serial"];
const VERSION: u32 = 1;

type Row<N> = (N, Time, Time, Option<Time>, Severity, By, Findings, u32);

#[derive(Deserialize)]
struct Read {
    version: u32,
    #[serde(default)]
    serial: u32,
    #[serde(default)]
    shown: u32,
    #[serde(default)]
    listings: Rows,
    #[serde(default)]
    removed: Vec<(Name, Time)>,
    #[serde(default)]
    rejected: Vec<Rejected>,
}

/// Those that can be read, and those that cannot.
#[derive(Default)]
struct Rows {
    good: Vec<(Name, Listing)>,
    bad: Vec<Rejected>,
}

impl Truth {
    /// Reads the object. A listing that cannot be read is set aside, and nothing else is lost.
    ///
    /// # Errors
    /// If it is no such object at all; what it is is told.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let Read { version, serial, shown, listings, removed, mut rejected } =
            serde_json::from_slice(json)
                .map_err(|error| format!("the object is no list of Kintsugi's: {error}"))?;
        if version != VERSION {
            return Err(format!(
                "the object is of version {version}; this Kintsugi reads {VERSION}"
            ));
        }
        for bad in listings.bad {
            if !rejected.contains(&bad) {
                rejected.push(bad);
            }
        }
        let roll = Roll::from_iter(listings.good);
        Ok(Self { serial, shown, roll, removed: removed.into_iter().collect(), rejected })
    }

    /// The object, in a buffer that is no larger than it must be.
    pub fn write(&self) -> Vec<u8> {
        let mut size = Size(0);
        let _ = self.write_to(&mut size);
        let mut json = Vec::with_capacity(size.0);
        // Writing into memory cannot fail.
        let _ = self.write_to(&mut json);
        json
    }

    fn write_to(&self, to: &mut impl Write) -> io::Result<()> {
        let columns = serde_json::to_string(&COLUMNS)?;
        let Self { serial, shown, .. } = self;
        write!(
            to,
            "{{\"version\":{VERSION},\"serial\":{serial},\"shown\":{shown},\"columns\":{columns}"
        )?;
        lines(
            to,
            "listings",
            self.roll.iter().map(|(name, listing)| {
                let Listing { first, last, until, severity, by, findings, serial } = listing;
                let until = Some(*until).filter(|until| *until != Time::NEVER);
                (name, first, last, until, severity, by, findings, serial)
            }),
        )?;
        lines(to, "removed", self.removed.iter())?;
        lines(to, "rejected", self.rejected.iter())?;
        writeln!(to, "}}")
    }
}

fn lines<T: Serialize>(
    to: &mut impl Write,
    name: &str,
    items: impl Iterator<Item = T>,
) -> io::Result<()> {
    write!(to, ",\n\"{name}\":[")?;
    for (nth, item) in items.enumerate() {
        to.write_all(if nth == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *to, &item)?;
    }
    write!(to, "]")
}

/// Counts what is written.
struct Size(usize);

impl Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> de::Visitor<'de> for Each {
            type Value = Rows;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of listings")
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut all: A) -> Result<Rows, A::Error> {
                let mut rows = Rows::default();
                while let Some(raw) = all.next_element::<&RawValue>()? {
                    match serde_json::from_str::<Row<Name>>(raw.get()) {
                        Ok(row) => rows.good.push(listing(row)),
                        Err(error) => rows.bad.push(Rejected {
                            line: raw.get().chars().take(200).collect(),
                            why: format!("cannot be read: {error}"),
                        }),
                    }
                }
                Ok(rows)
            }
        }
        from.deserialize_seq(Each)
    }
}

fn listing(
    (name, first, last, until, severity, by, findings, serial): Row<Name>,
) -> (Name, Listing) {
    let until = until.unwrap_or(Time::NEVER);
    (name, Listing { first, last, until, severity, by, findings, serial })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth() -> Truth {
        let listing = |findings: &str, until| Listing {
            first: Time(1_795_000_000),
            last: Time(1_795_176_000),
            until,
            severity: Severity::High,
            by: By::Finding,
            findings: Findings::one(findings),
            serial: 2,
        };
        let id = "16afba5c5c43e07c9e3e5e2e544e95df";
        Truth {
            serial: 3,
            shown: 2,
            roll: [
                ("198.51.100.10".parse().unwrap(), listing(id, Time(1_797_768_000))),
                ("bad.example".parse().unwrap(), listing("other", Time::NEVER)),
            ]
            .into_iter()
            .collect(),
            removed: [("192.0.2.1".parse().unwrap(), Time(7))].into(),
            rejected: vec![Rejected { line: "x\"y".into(), why: "is nothing".into() }],
        }
    }

    #[test]
    fn it_is_one_line_a_listing_and_reads_as_it_was_written() {
        let json = truth().write();
        assert_eq!(
            String::from_utf8(json.clone()).unwrap(),
            r#"{"version":1,"serial":3,"shown":2,"columns":["name","first_seen","last_seen","until","severity","by","findings","serial"],
"listings":[
["198.51.100.10",1795000000,1795176000,1797768000,"HIGH","finding",["16afba5c5c43e07c9e3e5e2e544e95df"],2],
["bad.example",1795000000,1795176000,null,"HIGH","finding",["other"],2]],
"removed":[
["192.0.2.1",7]],
"rejected":[
{"line":"x\"y","why":"is nothing"}]}
"#
        );
        assert_eq!(json.len(), json.capacity());
        assert_eq!(Truth::read(&json), Ok(truth()));
    }

    #[test]
    fn what_people_did_to_it_is_read_as_far_as_it_goes() {
        let pretty: serde_json::Value = serde_json::from_slice(&truth().write()).unwrap();
        assert_eq!(Truth::read(&serde_json::to_vec_pretty(&pretty).unwrap()), Ok(truth()));
        let mut edited = pretty;
        let listings = edited["listings"].as_array_mut().unwrap();
        listings.push(serde_json::json!(["not an address", 1, 2, 3, "HIGH", "hand", [], 1]));
        listings.push(serde_json::json!("198.51.100.11"));
        listings.push(listings[0].clone());
        let read = Truth::read(edited.to_string().as_bytes()).unwrap();
        assert_eq!(read.roll, truth().roll);
        assert_eq!(read.rejected.len(), 3);
        assert_eq!(read.rejected[2].line, "\"198.51.100.11\"");
    }

    #[test]
    fn what_is_no_list_is_an_error_and_nothing_is_guessed() {
        for (json, why) in [
            ("", "no list of Kintsugi's: EOF"),
            ("198.51.100.10\n", "no list of Kintsugi's"),
            ("{}", "missing field `version`"),
            (r#"{"version":2}"#, "version 2; this Kintsugi reads 1"),
            (r#"{"version":1,"listings":7}"#, "a list of listings"),
        ] {
            let error = Truth::read(json.as_bytes()).unwrap_err();
            assert!(error.contains(why), "{json}: {error}");
        }
    }
}
