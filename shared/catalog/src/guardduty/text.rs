//! The list as GuardDuty reads it: plain text, an address, network or domain a line.
//!
//! People edit that text, too. What they wrote is understood, kept where it can be on a list, and set
//! aside where it cannot.

use std::collections::BTreeSet;

use super::{Kind, Name, Truth, public, truth::Rejected};

/// What a person did to the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    /// What was written into it.
    pub added: BTreeSet<Name>,
    /// What was taken out of it.
    pub removed: BTreeSet<Name>,
    /// What cannot be on the list.
    pub rejected: Vec<Rejected>,
}

impl Edits {
    /// Whether nobody did anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The text that GuardDuty is to read: sorted, nothing covered twice.
pub fn render(truth: &Truth, kind: Kind) -> String {
    let mut text = String::new();
    for name in shown(truth, kind) {
        text.push_str(&name.to_string());
        text.push('\n');
    }
    text
}

/// What of the truth is in the text: no domains where none are allowed, and nothing that lies in a
/// network that is on the list, too.
fn shown(truth: &Truth, kind: Kind) -> impl Iterator<Item = &Name> {
    let mut widest: Option<ipnet::Ipv4Net> = None;
    truth.roll.iter().map(|(name, _)| name).filter(move |name| match name {
        Name::Domain(_) => kind.takes_domains(),
        Name::Net(net) => {
            let is_covered = widest.is_some_and(|wide| wide.contains(net));
            if !is_covered {
                widest = Some(*net);
            }
            !is_covered
        }
    })
}

/// How many lines that cannot be on the list are named; the others are counted. A table or a page of a
/// browser has nothing else.
const MOST_REJECTED: usize = 50;

/// What a person did to a text that showed `truth` as it was after `told` changes.
///
/// What was written is on the list from then on, what was left out is off it. A line that begins with
/// `-` takes off what follows it, also what was not in the text yet. A text without any line is
/// nobody's wish to empty the list: that is not an edit.
pub fn edits(text: &str, truth: &Truth, told: u32, kind: Kind) -> Edits {
    let mut edits = Edits::default();
    let (mut there, mut off) = (BTreeSet::new(), BTreeSet::new());
    let (mut rejected, mut more) = (Vec::new(), 0_usize);
    for line in text.trim_start_matches('\u{feff}').lines() {
        match read(line, kind) {
            Ok(None) => {}
            Ok(Some(Line::Name(name))) => {
                there.insert(name);
            }
            Ok(Some(Line::Off(name))) => {
                off.insert(name);
            }
            Err(why) => {
                let line = line.trim().chars().filter(|c| !c.is_control()).take(200).collect();
                let bad = Rejected { line, why };
                if rejected.len() < MOST_REJECTED && !rejected.contains(&bad) {
                    rejected.push(bad);
                } else if rejected.len() >= MOST_REJECTED {
                    more += 1;
                }
            }
        }
    }
    if more > 0 {
        let why = format!("stands for {more} lines more that cannot be on the list");
        rejected.push(Rejected { line: "...".into(), why });
    }
    rejected.retain(|bad| !truth.rejected.contains(bad));
    edits.rejected = rejected;
    let is_listed = |name: &&Name| truth.roll.get(name).is_some();
    edits.removed.extend(off.iter().filter(is_listed).cloned());
    if there.is_empty() {
        return edits;
    }
    edits.removed.extend(left_out(truth, &there, &off, told, kind).cloned());
    let mut stays = truth.roll.clone();
    edits.removed.iter().for_each(|name| stays.set(name.clone(), None));
    there.retain(|name| !off.contains(name) && stays.covering(name).is_none());
    edits.added = there;
    edits
}

/// What the text showed and does not say any more. What lay in a network that goes was not shown, and
/// goes with it unless it is said now.
fn left_out<'a>(
    truth: &'a Truth,
    there: &BTreeSet<Name>,
    off: &BTreeSet<Name>,
    told: u32,
    kind: Kind,
) -> impl Iterator<Item = &'a Name> {
    let mut stays: Option<ipnet::Ipv4Net> = None;
    let goes = move |(name, listing): &(&Name, &super::Listing)| {
        let is_shown = match name {
            Name::Domain(_) => kind.takes_domains(),
            Name::Net(net) => !stays.is_some_and(|wide| wide.contains(net)),
        };
        let goes = is_shown && listing.serial <= told && !there.contains(name);
        if is_shown && !goes && !off.contains(name) {
            stays = name.net().or(stays);
        }
        goes
    };
    truth.roll.iter().filter(goes).map(|(name, _)| name)
}

/// A line that says something.
enum Line {
    Name(Name),
    Off(Name),
}

/// What a line says; `None` if nothing. A comment begins with `#` or `;` and says nothing to GuardDuty.
fn read(line: &str, kind: Kind) -> Result<Option<Line>, String> {
    let said = line.split(['#', ';']).next().unwrap_or_default();
    let said = said.trim().trim_matches(['"', ',', '\'']).trim();
    let (is_off, said) = match said.strip_prefix('-') {
        Some(said) => (true, said.trim()),
        None => (false, said),
    };
    if said.is_empty() {
        return match line.trim().is_empty() {
            true => Ok(None),
            false => Err("is a comment, and GuardDuty reads none".into()),
        };
    }
    let name: Name = said.parse().map_err(|why: super::Unfit| why.to_string())?;
    if is_off {
        return Ok(Some(Line::Off(name)));
    }
    match &name {
        Name::Net(net) => public::why_not(*net).map_or(Ok(()), Err)?,
        Name::Domain(_) if kind.takes_domains() => {}
        Name::Domain(_) => return Err(format!("is a domain, and a {kind} takes addresses only")),
    }
    Ok(Some(Line::Name(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardduty::{Listing, Roll};

    fn truth(names: &[&str]) -> Truth {
        let listing =
            |text: &&str| (text.parse().unwrap(), Listing { serial: 1, ..Listing::default() });
        Truth { serial: 1, roll: names.iter().map(listing).collect::<Roll>(), ..Truth::default() }
    }

    fn lines(names: &BTreeSet<Name>) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_text_is_sorted_and_covers_nothing_twice() {
        let truth = truth(&[
            "bad.example",
            "198.51.100.7",
            "198.51.100.0/24",
            "203.0.113.9",
            "198.51.100.128/25",
            "9.9.9.9",
        ]);
        let addresses = "9.9.9.9\n198.51.100.0/24\n203.0.113.9\n";
        assert_eq!(render(&truth, Kind::IntelSet), addresses);
        assert_eq!(render(&truth, Kind::EntitySet), format!("{addresses}bad.example\n"));
        assert_eq!(render(&Truth::default(), Kind::EntitySet), "");
    }

    #[test]
    fn what_a_person_wrote_is_understood_in_every_form() {
        let text = "\u{feff}192.0.2.1\r\n\r\n# scanners\r\n  192.0.2.2  # seen by bob\r\n\
                    192.0.2.2\n192.0.2.3/32\n\"192.0.2.4\",\nbad.example\n198.51.100.77/24\n\
                    198.51.100.5\n10.0.0.1\n2001:db8::1\nnonsense\n0.0.0.0/0";
        let edits = edits(text, &truth(&["192.0.2.1"]), 1, Kind::EntitySet);
        assert_eq!(
            lines(&edits.added),
            [
                "192.0.2.2",
                "192.0.2.3",
                "192.0.2.4",
                "198.51.100.0/24",
                "198.51.100.5",
                "bad.example"
            ]
        );
        assert!(edits.removed.is_empty());
        let rejected: Vec<_> =
            edits.rejected.iter().map(|r| format!("{}: {}", r.line, r.why)).collect();
        assert_eq!(
            rejected,
            [
                "# scanners: is a comment, and GuardDuty reads none",
                "10.0.0.1: is private (10.0.0.0/8)",
                "2001:db8::1: is an IPv6 address, and GuardDuty's lists take IPv4 only",
                "nonsense: is neither an IPv4 address, nor a network, nor a domain",
                "0.0.0.0/0: is wider than a /8",
            ]
        );
    }

    #[test]
    fn what_was_left_out_is_off_unless_it_was_not_in_the_text_yet() {
        let mut truth =
            truth(&["192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.0/24", "198.51.100.7"]);
        let late = Listing { serial: 9, ..Listing::default() };
        truth.roll.set("192.0.2.9".parse().unwrap(), Some(late));
        let edits = |text| edits(text, &truth, 5, Kind::EntitySet);
        assert_eq!(lines(&edits("192.0.2.1\n192.0.2.3\n198.51.100.0/24").removed), ["192.0.2.2"]);
        // Not in the text yet, but named.
        let off =
            edits("192.0.2.1\n192.0.2.2\n192.0.2.3\n198.51.100.0/24\n-192.0.2.9\n- 203.0.113.1\n");
        assert_eq!((lines(&off.removed), off.added.len()), (vec!["192.0.2.9".into()], 0));
        assert_eq!(lines(&edits("-192.0.2.1").removed), ["192.0.2.1"]);
        // Beside its own line, as the command of a message leaves it.
        let all = render(&truth, Kind::EntitySet);
        assert_eq!(lines(&edits(&format!("{all}-192.0.2.1\n")).removed), ["192.0.2.1"]);
    }

    #[test]
    fn a_text_without_any_line_empties_nothing() {
        for text in ["", "\n\n", "\r\n"] {
            assert!(edits(text, &truth(&["192.0.2.1"]), 1, Kind::EntitySet).is_empty());
        }
    }

    #[test]
    fn an_untouched_text_is_no_edit() {
        let truth = truth(&["192.0.2.1", "198.51.100.0/24", "198.51.100.7", "bad.example"]);
        for kind in [Kind::EntitySet, Kind::IntelSet] {
            assert!(edits(&render(&truth, kind), &truth, 1, kind).is_empty());
        }
    }
}
