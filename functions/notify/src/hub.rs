//! What the rules say of findings, told to Security Hub: how bad they are here, and which risks are accepted.
//!
//! The hub that reported a finding is told. An administrator's update reaches the findings of its members, and
//! one in the aggregation Region reaches the others: that is Security Hub's work. A finding that a member's own
//! hub reported is updated there, as the member role.

use aws_sdk_securityhub::{
    Client,
    types::{
        AwsSecurityFindingIdentifier,
        BatchUpdateFindingsV2UnprocessedFindingErrorCode as ErrorCode, NoteUpdate, SeverityLabel,
        SeverityUpdate, WorkflowStatus, WorkflowUpdate,
    },
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use lambda::{Clients, Local, Shell};
use remedy::{Finding, Own, Place, Severity, Timestamp};
use runtime::{Error, notice::clean};

/// Characters of a note, and of a comment.
const LONGEST: usize = 512;
/// How many findings a call may name.
const MOST: usize = 100;
/// What the role needs, for both forms.
const NEEDS: &str = "securityhub:BatchUpdateFindings";
/// Why a finding was not taken, where it may be the next time.
const TRANSIENT: [&str; 4] =
    ["ConcurrentUpdateError", "ConflictException", "InternalException", "InternalFailure"];

/// What is to be told to findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Update {
    /// When their source saw them: by that an update of ours is known when it comes back as an event.
    pub(crate) seen: Timestamp,
    /// How bad they are; none: that is left as it is.
    pub(crate) severity: Option<Severity>,
    /// How far people are with them; none: that is left as it is.
    pub(crate) workflow: Option<Workflow>,
    /// Why.
    pub(crate) note: String,
}

/// How far people are with a finding. That it is resolved is said by who repaired it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workflow {
    /// Nobody looked at it.
    New,
    /// Nobody wants to hear of it.
    Suppressed,
}

/// Security Hub, wherever findings are reported.
#[derive(Debug)]
pub(crate) struct Hub {
    hubs: Clients<Client>,
    own: Own,
}

impl Hub {
    /// Told by the function's own role at home, by the member role elsewhere.
    pub(crate) fn new(shell: &Shell) -> Self {
        // Most events need none.
        let hubs = Clients::later(&shell.accounts, "SECURITYHUB", Client::new);
        Self { hubs, own: shell.own.clone() }
    }

    /// Tells `findings` of the hub at `place`, which is where the event came from: its account and Region.
    ///
    /// # Errors
    /// If one was not taken. Doing it again does no harm.
    pub(crate) async fn apply(
        &self,
        place: &Place,
        findings: &[Finding],
        update: &Update,
    ) -> Result<(), Error> {
        let (mut asff, mut ocsf) = (Vec::new(), Vec::new());
        for finding in findings {
            match finding {
                Finding::Asff { id, product } => asff.push((id, product)),
                Finding::Ocsf { uid } => ocsf.push(uid.clone()),
            }
        }
        if asff.is_empty() && ocsf.is_empty() {
            return Ok(());
        }
        let hub = self.hubs.at(place).await?;
        for some in asff.chunks(MOST) {
            note(&hub, some, update, self.own.note_by).await?;
        }
        let comment = clean(&self.own.comment(update.seen, &update.note), LONGEST);
        for some in ocsf.chunks(MOST) {
            self::comment(&hub, some, update, &comment).await?;
        }
        Ok(())
    }
}

async fn note(
    hub: &Local<Client>,
    findings: &[(&String, &String)],
    update: &Update,
    by: &str,
) -> Result<(), Error> {
    // A note must have a text.
    let text = match update.note.trim() {
        "" => "the rules say so",
        text => text,
    };
    let note = NoteUpdate::builder().text(clean(text, LONGEST)).updated_by(by).build();
    let severity = update.severity.map(|severity| {
        SeverityUpdate::builder().label(SeverityLabel::from(severity.label())).build()
    });
    let workflow = update.workflow.map(|workflow| {
        let status = match workflow {
            Workflow::New => WorkflowStatus::New,
            Workflow::Suppressed => WorkflowStatus::Suppressed,
        };
        WorkflowUpdate::builder().status(status).build()
    });
    let mut call =
        hub.client.batch_update_findings().note(note).set_severity(severity).set_workflow(workflow);
    for (id, product) in findings {
        let finding = AwsSecurityFindingIdentifier::builder().id(*id).product_arn(*product);
        call = call.finding_identifiers(finding.build());
    }
    let answer = call.send().await.map_err(|error| {
        hub.failed(&format!("update {} finding(s)", findings.len()), NEEDS, &error)
    })?;
    unprocessed(
        hub,
        answer.unprocessed_findings().iter().map(|finding| {
            let id = finding.finding_identifier().and_then(|finding| finding.id());
            (id, finding.error_code(), finding.error_message())
        }),
    )
}

async fn comment(
    hub: &Local<Client>,
    findings: &[String],
    update: &Update,
    comment: &str,
) -> Result<(), Error> {
    let severity = update.severity.map(|severity| match severity {
        Severity::Informational => 1,
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    });
    let status = update.workflow.map(|workflow| match workflow {
        Workflow::New => 1,
        Workflow::Suppressed => 3,
    });
    let call = hub
        .client
        .batch_update_findings_v2()
        .set_metadata_uids(Some(findings.to_vec()))
        .comment(comment)
        .set_severity_id(severity)
        .set_status_id(status);
    let answer = call.send().await.map_err(|error| {
        let failed = hub.failed(&format!("update {} finding(s)", findings.len()), NEEDS, &error);
        // Somebody else updates it at the same time.
        match (failed, error.code()) {
            (Error::Refused(why), Some(code)) if TRANSIENT.contains(&code) => Error::Transient(why),
            (failed, _) => failed,
        }
    })?;
    unprocessed(
        hub,
        answer.unprocessed_findings().iter().map(|finding| {
            let code = finding.error_code().map(ErrorCode::as_str);
            (finding.metadata_uid(), code, finding.error_message())
        }),
    )
}

/// What Security Hub took the call, but not the finding for.
fn unprocessed<'a>(
    hub: &Local<Client>,
    findings: impl ExactSizeIterator<Item = (Option<&'a str>, Option<&'a str>, Option<&'a str>)>,
) -> Result<(), Error> {
    let all = findings.len();
    // One that will never be taken is told before one that may be.
    let is_transient = |code: Option<&str>| code.is_some_and(|code| TRANSIENT.contains(&code));
    let Some((id, code, why)) = findings.min_by_key(|(_, code, _)| is_transient(*code)) else {
        return Ok(());
    };
    let what = format!("update finding {} ({all} in all)", clean(id.unwrap_or("?"), 300));
    let said = clean(code.unwrap_or("no code"), 100);
    let odd = hub.odd(&what, &format!("{said} ({})", clean(why.unwrap_or_default(), 300)));
    Err(match (odd, is_transient(code)) {
        (Error::Refused(why), true) => Error::Transient(why),
        (odd, _) => odd,
    })
}
