//! A finding in ASFF: its shape, and whether it stands.

use serde::Deserialize;
use serde_json::Value;

use super::{
    Ignored, Not, Own, Progress, Standing,
    shape::{Moment, short},
};

/// The part of a finding that decides. The rest is read where it is of use, and may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "a finding in ASFF")]
pub(super) struct Asff<'a> {
    pub(super) id: &'a str,
    pub(super) product_arn: Option<&'a str>,
    pub(super) generator_id: Option<&'a str>,
    pub(super) aws_account_id: Option<&'a str>,
    pub(super) region: Option<&'a str>,
    pub(super) updated_at: Moment,
    pub(super) title: Option<&'a str>,
    #[serde(borrow)]
    pub(super) types: Option<Vec<&'a str>>,
    pub(super) resources: Vec<Resource<'a>>,
    pub(super) compliance: Option<Compliance<'a>>,
    record_state: Option<RecordState>,
    workflow: Option<Workflow>,
    note: Option<Note<'a>>,
    sample: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "a resource")]
pub(super) struct Resource<'a> {
    pub(super) id: &'a str,
    pub(super) partition: Option<&'a str>,
    pub(super) region: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "an object")]
pub(super) struct Compliance<'a> {
    pub(super) status: Option<&'a str>,
    pub(super) security_control_id: Option<&'a str>,
    pub(super) security_control_parameters: Option<Vec<Parameter<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "a parameter of the control")]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) value: Option<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum RecordState {
    Active,
    Archived,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "an object")]
struct Workflow {
    status: Option<Status>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    New,
    Notified,
    Resolved,
    Suppressed,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "a note")]
struct Note<'a> {
    updated_by: Option<&'a str>,
    updated_at: Option<Moment>,
}

impl Asff<'_> {
    /// Whether the finding stands and is nobody's decision yet.
    pub(super) fn needs_something(&self, raw: &Value) -> Result<(), Not> {
        self.is_real(raw)?;
        if self.is_archived(raw) {
            return Err(Ignored::Archived.into());
        }
        let control =
            self.compliance.as_ref().and_then(|compliance| compliance.security_control_id);
        match self.compliance.as_ref().and_then(|compliance| compliance.status) {
            Some("FAILED") => {}
            None if control.is_none() => {}
            Some("PASSED") => return Err(Ignored::Passed.into()),
            Some(status @ ("WARNING" | "NOT_AVAILABLE")) => {
                return Err(Ignored::NotFailed { status: status.into() }.into());
            }
            Some(other) => {
                let other = short(other, 50);
                return Err(
                    format!("Compliance.Status is `{other}`, which is none of ASFF's").into()
                );
            }
            None => return Err(String::from("Compliance.Status is missing").into()),
        }
        match self.status() {
            Status::New | Status::Notified => Ok(()),
            Status::Resolved => Err(Ignored::Resolved.into()),
            Status::Suppressed => Err(Ignored::Suppressed.into()),
        }
    }

    /// Whether it is no sample.
    fn is_real(&self, raw: &Value) -> Result<(), Not> {
        if self.sample == Some(true)
            || self.title.is_some_and(|title| title.starts_with("[SAMPLE]"))
            || guardduty(raw, "additionalInfo/sample") == "true"
        {
            return Err(Ignored::Sample.into());
        }
        Ok(())
    }

    fn is_archived(&self, raw: &Value) -> bool {
        self.record_state == Some(RecordState::Archived) || guardduty(raw, "archived") == "true"
    }

    /// How it stands, whether or not something is to be done.
    pub(super) fn standing(&self, raw: &Value, own: &Own) -> Result<Standing, Not> {
        self.is_real(raw)?;
        let archived = self.is_archived(raw);
        let passed = match self.compliance.as_ref().and_then(|compliance| compliance.status) {
            None => None,
            Some("FAILED" | "WARNING") => Some(false),
            Some("PASSED") => Some(true),
            Some("NOT_AVAILABLE") if archived => None,
            Some("NOT_AVAILABLE") => {
                return Err(Ignored::NotFailed { status: "NOT_AVAILABLE".into() }.into());
            }
            Some(other) => {
                let other = short(other, 50);
                return Err(
                    format!("Compliance.Status is `{other}`, which is none of ASFF's").into()
                );
            }
        };
        let progress = match self.status() {
            Status::New => Progress::New,
            Status::Notified => Progress::Notified,
            Status::Resolved => Progress::Resolved,
            Status::Suppressed => Progress::Suppressed,
        };
        Ok(Standing { progress, passed, archived, own: self.has_own_note(own) })
    }

    fn status(&self) -> Status {
        self.workflow.as_ref().and_then(|workflow| workflow.status).unwrap_or(Status::New)
    }

    /// Each update of a finding comes back as an event, and does not touch `UpdatedAt`. A person who sets
    /// our finding back to NEW asks us to look again; so does a later `UpdatedAt`.
    pub(super) fn is_own_echo(&self, own: &Own) -> bool {
        self.status() == Status::Notified && self.has_own_note(own)
    }

    /// Whether the newest that is said of it is our note.
    fn has_own_note(&self, own: &Own) -> bool {
        self.note.as_ref().is_some_and(|note| {
            note.updated_by == Some(own.note_by)
                && note.updated_at.is_some_and(|noted| noted.0 >= self.updated_at.0)
        })
    }
}

fn guardduty<'a>(raw: &'a Value, name: &str) -> &'a str {
    product_field(raw, &format!("aws/guardduty/service/{name}"))
}

/// What the product that made a finding says of it; empty if it does not.
pub(super) fn product_field<'a>(raw: &'a Value, name: &str) -> &'a str {
    let field = raw.get("ProductFields").and_then(|fields| fields.get(name));
    field.and_then(Value::as_str).unwrap_or_default()
}
