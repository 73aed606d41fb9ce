//! What tests add up.

use chrono::TimeDelta;
use remedy::{Severity, Timestamp};
use runtime::Stands;

use crate::{CaseEntry, Entry};

/// 2026-11-20, a Friday, noon.
pub(crate) fn now() -> Timestamp {
    remedy::check::now()
}

/// A record of the last hour, closed after 20 seconds, 30 seconds after it was seen.
pub(crate) fn entry(id: &str, outcome: &str) -> Entry {
    let at = now() - TimeDelta::hours(1);
    Entry {
        id: id.into(),
        at,
        closed: Some(at + TimeDelta::seconds(20)),
        seen: Some(at - TimeDelta::seconds(10)),
        outcome: outcome.into(),
        why: "done".into(),
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.19".into(),
        severity: Severity::High,
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        resource: "sg-1".into(),
        team: Some("web".into()),
        owner: Some("cloudformation stack web".into()),
        ..Entry::default()
    }
}

/// A problem that stands open for two days.
pub(crate) fn case(id: &str) -> CaseEntry {
    CaseEntry {
        id: id.into(),
        stands: Stands::Open,
        severity: Severity::High,
        headline: "port 22 is open".into(),
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.19".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        resource: "sg-1".into(),
        team: Some("web".into()),
        since: now() - TimeDelta::days(2),
        closed: None,
        returns: 0,
        accepted: None,
    }
}
