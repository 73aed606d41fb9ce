//! Threat lists: filled for a measurement, and read after it.

use std::net::Ipv4Addr;
use std::time::Duration;

use catalog::guardduty::{FindingId, Kind, Listing, Name, Time, Truth};
use remedy::Severity;

use crate::aws::Estate;
use crate::events::now;

pub(crate) const BUCKET: &str = "kintsugi-threats";
pub(crate) const NAME: &str = "kintsugi";
const TRUTH: &str = "kintsugi-threats/kintsugi.json";
const TEXT: &str = "kintsugi-threats/kintsugi.txt";
/// How long a listing stays.
const STAY: u32 = 30 * 24 * 60 * 60;

/// A list of so many addresses, seen one after the other within the last days, none of them next to another; each is
/// known by so many findings.
pub(crate) fn list(length: usize, findings: usize) -> Truth {
    let length = u32::try_from(length).unwrap_or_default();
    let seen = Time::from(now()).0.saturating_sub(3 * length.min(500_000) + 60);
    let listing = |nth: u32| {
        let last = Time(seen + 2 * nth);
        let listing = Listing {
            first: last,
            last,
            until: Time(last.0 + STAY),
            severity: Severity::Low,
            findings: (0..findings).map(|which| finding(nth, which)).collect(),
            serial: nth + 1,
            ..Listing::default()
        };
        (Name::address(Ipv4Addr::from(u32::from(Ipv4Addr::new(20, 0, 0, 1)) + nth * 7)), listing)
    };
    Truth {
        serial: length,
        shown: length,
        roll: (0..length).map(listing).collect(),
        ..Truth::default()
    }
}

fn finding(listing: u32, which: usize) -> FindingId {
    FindingId::of(&format!("{:016x}{:016x}", which + 1, listing.wrapping_mul(7919)))
}

/// An estate with nothing but this list; GuardDuty has it, takes so long to read it, and was not told what is on it.
pub(crate) fn fill(estate: &mut Estate, kind: Kind, truth: &Truth, activation: Duration) {
    estate.renew();
    if !truth.roll.is_empty() {
        estate.objects.set(TRUTH, truth.write());
    }
    estate.lists.set(kind_of_path(kind), NAME, TEXT);
    estate.lists.activation = activation;
}

const fn kind_of_path(kind: Kind) -> &'static str {
    match kind {
        Kind::EntitySet => "threatentityset",
        Kind::IntelSet => "threatintelset",
    }
}

/// The truth as it is kept.
pub(crate) fn truth(estate: &Estate) -> Result<Truth, String> {
    estate.objects.get(TRUTH).map_or_else(|| Ok(Truth::default()), |json| Truth::read(&json))
}

/// Whether an address is in the truth.
pub(crate) fn is_listed(estate: &Estate, address: Ipv4Addr) -> bool {
    let name = Name::address(address);
    truth(estate).is_ok_and(|truth| truth.roll.get(&name).is_some())
}

/// Whether GuardDuty has read all that is in the truth.
pub(crate) fn is_told(estate: &Estate) -> bool {
    let read = estate.lists.read();
    let lines = read.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    truth(estate).is_ok_and(|truth| truth.roll.len() == lines)
}

/// What GuardDuty has to read.
pub(crate) fn text(truth: &Truth, kind: Kind) -> String {
    catalog::guardduty::render(truth, kind)
}
