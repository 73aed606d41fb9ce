//! Findings of Security Hub in OCSF ("Findings Imported V2"): the same outcome as their twins in ASFF,
//! under the same id (`finding_info.uid`) and time, so that a problem told twice is handled once.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Event, Found, Ignored, Not, Own, Progress, Standing, Subject, Whole,
    said::{Said, full_name},
    sent_from,
    shape::{Moment, shaped, short, text},
    threat::{is_guardduty_ocsf, of_ocsf},
    trigger,
    whole::{described, sent},
};
use crate::{Arn, Finding, Severity, Signal, Source, Threat, Timestamp, Trigger};

/// A compliance finding among OCSF's classes.
const COMPLIANCE_FINDING: i64 = 2003;

#[derive(Deserialize)]
#[serde(expecting = "a finding in OCSF")]
struct Ocsf<'a> {
    class_uid: Option<i64>,
    activity_id: Option<i64>,
    #[serde(borrow)]
    cloud: Option<Cloud<'a>>,
    compliance: Option<Compliance<'a>>,
    finding_info: Info<'a>,
    metadata: Metadata<'a>,
    resources: Vec<Resource<'a>>,
    severity: Option<&'a str>,
    severity_id: Option<i64>,
    status_id: Option<i64>,
    time: Option<i64>,
    time_dt: Option<Moment>,
    comment: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Cloud<'a> {
    #[serde(borrow)]
    account: Option<Account<'a>>,
    region: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(expecting = "an account")]
struct Account<'a> {
    uid: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Compliance<'a> {
    control: Option<&'a str>,
    status: Option<&'a str>,
    status_id: Option<i64>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Info<'a> {
    uid: &'a str,
    title: Option<&'a str>,
    #[serde(borrow)]
    types: Option<Vec<&'a str>>,
    modified_time: Option<i64>,
    modified_time_dt: Option<Moment>,
    last_seen_time: Option<i64>,
    last_seen_time_dt: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Metadata<'a> {
    uid: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(expecting = "a resource")]
struct Resource<'a> {
    uid: Option<&'a str>,
    uid_alt: Option<&'a str>,
    cloud_partition: Option<&'a str>,
    region: Option<&'a str>,
    #[serde(borrow)]
    owner: Option<Owner<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an owner")]
struct Owner<'a> {
    #[serde(borrow)]
    account: Option<Account<'a>>,
}

pub(super) fn imported(raw: &Value, at: &str, event: &Event, own: &Own) -> Found {
    let finding: Ocsf<'_> = shaped(raw, at)?;
    finding.needs_something()?;
    let seen = finding.seen().ok_or_else(|| format!("{at} does not say when it was modified"))?;
    if finding.is_own_echo(seen, own) {
        return Err(Ignored::OwnNote.into());
    }
    let threat = is_guardduty_ocsf(raw).then(|| of_ocsf(raw)).transpose()?;
    signals(&finding, seen, threat.as_ref(), raw, event)
}

/// All that a finding says, whether or not something is to be done.
pub(super) fn whole(raw: &Value, at: &str, event: &Event, own: &Own) -> Result<Whole, Not> {
    let finding: Ocsf<'_> = shaped(raw, at)?;
    let seen = finding.seen().ok_or_else(|| format!("{at} does not say when it was modified"))?;
    Ok(Whole {
        standing: finding.standing(seen, own)?,
        signals: signals(&finding, seen, None, raw, event)?,
        sent: sent(event, seen),
        description: short(text(raw, "/finding_info/desc"), 1024),
        advice: short(text(raw, "/remediation/desc"), 512),
        link: short(text(raw, "/remediation/references/0"), 2048),
        resources: described(raw, ["/resources", "/type", "/tags"]),
    })
}

fn signals(
    finding: &Ocsf<'_>,
    seen: Timestamp,
    threat: Option<&Threat>,
    raw: &Value,
    event: &Event,
) -> Found {
    let trigger = finding.trigger(raw)?;
    let cloud = finding.cloud.as_ref();
    let said = Said {
        account: cloud.and_then(|cloud| cloud.account.as_ref()?.uid),
        region: cloud.and_then(|cloud| cloud.region),
        ..Said::default()
    };
    let told = finding.metadata.uid.map(|uid| Finding::Ocsf { uid: uid.into() });
    let signal = |resource: &Resource<'_>| {
        let name = resource.name();
        let place = resource.said().place(name, &[said, sent_from(event)])?;
        Ok(Signal {
            id: finding.finding_info.uid.into(),
            seen,
            source: Source::SecurityHubV2,
            trigger: trigger.clone(),
            severity: finding.severity(),
            title: short(finding.finding_info.title.unwrap_or_default(), 256),
            resource: full_name(name, &place),
            place,
            findings: told.iter().cloned().collect(),
            asked_by: None,
            approves: None,
            caused_by: None,
            parameters: BTreeMap::new(),
            threat: threat.cloned(),
        })
    };
    finding.resources.iter().map(signal).collect()
}

pub(super) fn subject(raw: &Value) -> Subject {
    let names = ["/compliance/control", "/finding_info/types/0", "/class_name"];
    let name = names.map(|name| text(raw, name)).into_iter().find(|name| !name.is_empty());
    let names = ["/resources/0/uid", "/resources/0/uid_alt"].map(|name| text(raw, name));
    let said = Said {
        account: Some(text(raw, "/cloud/account/uid")),
        region: Some(text(raw, "/cloud/region")),
        ..Said::default()
    };
    Subject::new(
        text(raw, "/finding_info/uid"),
        text(raw, "/finding_info/modified_time_dt"),
        name.unwrap_or_default(),
        arn_among(names),
        said,
    )
}

impl Ocsf<'_> {
    /// Whether the finding stands and is nobody's decision yet.
    fn needs_something(&self) -> Result<(), Not> {
        self.is_real()?;
        if self.is_archived() {
            return Err(Ignored::Archived.into());
        }
        if let Some(Compliance { control, status, status_id }) = &self.compliance {
            match (status_id, status.map(str::to_ascii_lowercase).as_deref()) {
                (Some(3), _) | (None | Some(0 | 99), Some("fail" | "failed")) => {}
                (Some(1), _) | (None | Some(0 | 99), Some("pass" | "passed")) => {
                    return Err(Ignored::Passed.into());
                }
                (None, None) if control.is_none() => {}
                (None, None) => return Err(String::from("compliance.status is missing").into()),
                (Some(2), _) => {
                    return Err(Ignored::NotFailed { status: "WARNING".into() }.into());
                }
                (_, status) => {
                    let status = short(status.unwrap_or("unknown"), 50);
                    return Err(Ignored::NotFailed { status }.into());
                }
            }
        }
        match self.status_id {
            // New, and In Progress.
            None | Some(1 | 2) => Ok(()),
            Some(3) => Err(Ignored::Suppressed.into()),
            Some(4) => Err(Ignored::Resolved.into()),
            Some(other) => {
                Err(format!("status_id is {other}, which Security Hub does not use").into())
            }
        }
    }

    /// Whether it is no sample.
    fn is_real(&self) -> Result<(), Not> {
        match self.finding_info.title.is_some_and(|title| title.starts_with("[SAMPLE]")) {
            true => Err(Ignored::Sample.into()),
            false => Ok(()),
        }
    }

    fn is_archived(&self) -> bool {
        // 3 is "Close".
        self.activity_id == Some(3) || self.status_id == Some(5)
    }

    /// How it stands, whether or not something is to be done.
    fn standing(&self, seen: Timestamp, own: &Own) -> Result<Standing, Not> {
        self.is_real()?;
        let archived = self.is_archived();
        let told = self.compliance.as_ref();
        let word = told.and_then(|told| told.status).map(str::to_ascii_lowercase);
        let passed = match (told.and_then(|told| told.status_id), word.as_deref()) {
            (Some(2 | 3), _) | (None | Some(0 | 99), Some("fail" | "failed" | "warning")) => {
                Some(false)
            }
            (Some(1), _) | (None | Some(0 | 99), Some("pass" | "passed")) => Some(true),
            (None, None) => None,
            _ if archived => None,
            (_, status) => {
                let status = short(status.unwrap_or("unknown"), 50);
                return Err(Ignored::NotFailed { status }.into());
            }
        };
        let progress = match self.status_id {
            None | Some(1) => Progress::New,
            Some(2) => Progress::Notified,
            Some(3) => Progress::Suppressed,
            Some(4 | 5) => Progress::Resolved,
            Some(other) => {
                return Err(format!("status_id is {other}, which Security Hub does not use").into());
            }
        };
        Ok(Standing { progress, passed, archived, own: self.has_own_comment(seen, own) })
    }

    /// When Security Hub changed the finding: `UpdatedAt` of its twin.
    fn seen(&self) -> Option<Timestamp> {
        let info = &self.finding_info;
        moment(info.modified_time_dt, info.modified_time)
            .or_else(|| moment(self.time_dt, self.time))
    }

    /// Our comment, on evidence that is not newer than what it is about. It is not known whether a
    /// comment counts as a modification, hence the time of the evidence where that is told.
    fn is_own_echo(&self, seen: Timestamp, own: &Own) -> bool {
        self.status_id == Some(2) && self.has_own_comment(seen, own)
    }

    /// Whether the newest that is said of it is our comment.
    fn has_own_comment(&self, seen: Timestamp, own: &Own) -> bool {
        let info = &self.finding_info;
        let evidence = moment(info.last_seen_time_dt, info.last_seen_time).unwrap_or(seen);
        let about = self.comment.and_then(|comment| own.commented(comment));
        about.is_some_and(|about| about >= evidence)
    }

    fn trigger(&self, raw: &Value) -> Result<Trigger, Not> {
        let control = self.compliance.as_ref().and_then(|compliance| compliance.control);
        if let Some(control) = control.map(str::trim).filter(|control| !control.is_empty()) {
            return Ok(Trigger::Control(Cow::Owned(control.to_owned())));
        }
        let types = || self.finding_info.types.iter().flatten().copied();
        let known = trigger::control_of_standard(self.finding_info.uid)
            .or_else(|| trigger::finding_type(types()));
        if let Some(known) = known {
            return Ok(known);
        }
        let other = types().next().filter(|_| self.class_uid != Some(COMPLIANCE_FINDING));
        let generator = text(raw, "/finding_info/analytic/name");
        other
            .map(|kind| Trigger::Finding(Cow::Owned(kind.to_owned())))
            .ok_or_else(|| Ignored::NoTrigger { generator: short(generator, 100) }.into())
    }

    fn severity(&self) -> Severity {
        match self.severity_id {
            Some(1) => Severity::Informational,
            Some(2) => Severity::Low,
            Some(3) => Severity::Medium,
            Some(4) => Severity::High,
            // Critical, and Fatal.
            Some(5 | 6) => Severity::Critical,
            _ => self.severity.and_then(Severity::from_label).unwrap_or_default(),
        }
    }
}

impl<'a> Resource<'a> {
    /// The ARN is in `uid` of some resources and in `uid_alt` of others.
    fn name(&self) -> &'a str {
        arn_among([self.uid.unwrap_or_default(), self.uid_alt.unwrap_or_default()])
    }

    fn said(&self) -> Said<'a> {
        let owner = self.owner.as_ref().and_then(|owner| owner.account.as_ref());
        Said {
            partition: self.cloud_partition,
            account: owner.and_then(|account| account.uid),
            region: self.region,
        }
    }
}

fn arn_among(names: [&str; 2]) -> &str {
    let arn = names.into_iter().find(|name| Arn::parse(name).is_some());
    arn.or_else(|| names.into_iter().find(|name| !name.is_empty())).unwrap_or_default()
}

/// OCSF has two ways to tell a time: RFC 3339, and milliseconds since 1970.
fn moment(told: Option<Moment>, millis: Option<i64>) -> Option<Timestamp> {
    told.map(|told| told.0).or_else(|| DateTime::from_timestamp_millis(millis?))
}
