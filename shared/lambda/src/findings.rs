//! Notes on the findings themselves, in Security Hub.
//!
//! The hub of the function's own account and Region is told, also about findings of other accounts and
//! Regions: from there the event came, and that an administrator's or an aggregation Region's update
//! reaches the finding's own is Security Hub's work.

use std::sync::OnceLock;

use aws_sdk_securityhub::{
    Client,
    types::{
        AwsSecurityFindingIdentifier,
        BatchUpdateFindingsV2UnprocessedFindingErrorCode as ErrorCode, NoteUpdate, WorkflowStatus,
        WorkflowUpdate,
    },
};
use remedy::{Finding, Own, Place, Signal};
use runtime::{Error, Workflow, notice::clean};

use crate::{Aws, Local};

/// Characters of a note, and of a comment.
const LONGEST: usize = 512;
/// How many findings a call may name.
const MOST: usize = 100;
/// What the role needs, for both forms.
const NEEDS: &str = "securityhub:BatchUpdateFindings";

/// Security Hub.
#[derive(Debug)]
pub(crate) struct Findings {
    aws: Aws,
    home: Place,
    role: String,
    own: Own,
    /// Most events need none.
    hub: OnceLock<Local<Client>>,
}

impl Findings {
    /// Told by `role`, at home.
    pub(crate) fn new(aws: Aws, home: Place, role: &str, own: Own) -> Self {
        Self { aws, home, role: role.to_owned(), own, hub: OnceLock::new() }
    }

    /// As [`runtime::Herald::annotate`].
    pub(crate) async fn annotate(
        &self,
        signal: &Signal,
        note: &str,
        workflow: Workflow,
    ) -> Result<(), Error> {
        let (mut asff, mut ocsf) = (Vec::new(), Vec::new());
        for finding in &signal.findings {
            match finding {
                Finding::Asff { id, product } => asff.push((id, product)),
                Finding::Ocsf { uid } => ocsf.push(uid.clone()),
            }
        }
        for some in asff.chunks(MOST) {
            self.note(some, note, workflow).await?;
        }
        let comment = clean(&self.own.comment(signal.seen, note), LONGEST);
        for some in ocsf.chunks(MOST) {
            self.comment(some, &comment, workflow).await?;
        }
        Ok(())
    }

    fn hub(&self) -> &Local<Client> {
        self.hub.get_or_init(|| {
            let client = Client::new(&self.aws.service("SECURITYHUB"));
            Local::new(client, self.home.clone(), &self.role)
        })
    }

    async fn note(
        &self,
        findings: &[(&String, &String)],
        note: &str,
        workflow: Workflow,
    ) -> Result<(), Error> {
        let note = NoteUpdate::builder().text(clean(note, LONGEST)).updated_by(self.own.note_by);
        let status = match workflow {
            Workflow::Notified => WorkflowStatus::Notified,
            Workflow::Resolved => WorkflowStatus::Resolved,
        };
        let mut call = self
            .hub()
            .client
            .batch_update_findings()
            .note(note.build())
            .workflow(WorkflowUpdate::builder().status(status).build());
        for (id, product) in findings {
            let finding = AwsSecurityFindingIdentifier::builder().id(*id).product_arn(*product);
            call = call.finding_identifiers(finding.build());
        }
        let answer = call.send().await.map_err(|error| {
            self.hub().failed(&format!("annotate {} finding(s)", findings.len()), NEEDS, &error)
        })?;
        self.unprocessed(answer.unprocessed_findings().iter().map(|finding| {
            let id = finding.finding_identifier().and_then(|finding| finding.id());
            (id, finding.error_code(), finding.error_message())
        }))
    }

    async fn comment(
        &self,
        findings: &[String],
        comment: &str,
        workflow: Workflow,
    ) -> Result<(), Error> {
        // 2 is "In Progress", 4 "Resolved".
        let status = match workflow {
            Workflow::Notified => 2,
            Workflow::Resolved => 4,
        };
        let call = self
            .hub()
            .client
            .batch_update_findings_v2()
            .set_metadata_uids(Some(findings.to_vec()))
            .comment(comment)
            .status_id(status);
        let answer = call.send().await.map_err(|error| {
            self.hub().failed(&format!("annotate {} finding(s)", findings.len()), NEEDS, &error)
        })?;
        self.unprocessed(answer.unprocessed_findings().iter().map(|finding| {
            let code = finding.error_code().map(ErrorCode::as_str);
            (finding.metadata_uid(), code, finding.error_message())
        }))
    }

    /// What Security Hub took the call, but not the finding for.
    fn unprocessed<'a>(
        &self,
        mut findings: impl ExactSizeIterator<Item = (Option<&'a str>, Option<&'a str>, Option<&'a str>)>,
    ) -> Result<(), Error> {
        let all = findings.len();
        let Some((id, code, why)) = findings.next() else { return Ok(()) };
        let what = format!("annotate finding {} ({all} in all)", clean(id.unwrap_or("?"), 300));
        let code = clean(code.unwrap_or("no code"), 100);
        Err(self.hub().odd(&what, &format!("{code} ({})", clean(why.unwrap_or_default(), 300))))
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::signal;
    use serde_json::{Value, json};

    use super::*;
    use script::{Answer, Script, answer};

    fn findings(script: &Script) -> Findings {
        let own = Own { roles: Vec::new(), note_by: "kintsugi" };
        let home = Place::new("111122223333", "eu-west-1");
        Findings::new(Aws::new(script.config()), home, "kintsugi-ec2", own)
    }

    fn told(findings: Vec<Finding>) -> Signal {
        Signal { findings, ..signal("sg-1") }
    }

    fn asff(id: &str) -> Finding {
        Finding::Asff { id: id.into(), product: "product".into() }
    }

    fn all_processed() -> Answer {
        answer(200, r#"{"ProcessedFindings": [], "UnprocessedFindings": []}"#)
    }

    fn bodies(script: &Script) -> Vec<Value> {
        script.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect()
    }

    #[tokio::test]
    async fn findings_of_both_forms_are_told_by_note_and_by_comment() {
        let script = Script::of([all_processed(), all_processed()]);
        let signal = told(vec![asff("f-1"), Finding::Ocsf { uid: "u-1".into() }, asff("f-2")]);
        findings(&script).annotate(&signal, "fixed", Workflow::Resolved).await.unwrap();
        let [note, comment] = bodies(&script).try_into().unwrap();
        assert_eq!(
            note,
            json!({
                "FindingIdentifiers": [
                    {"Id": "f-1", "ProductArn": "product"},
                    {"Id": "f-2", "ProductArn": "product"},
                ],
                "Note": {"Text": "fixed", "UpdatedBy": "kintsugi"},
                "Workflow": {"Status": "RESOLVED"},
            })
        );
        assert_eq!(comment["MetadataUids"], json!(["u-1"]));
        assert_eq!(comment["StatusId"], 4);
        let comment = comment["Comment"].as_str().unwrap();
        assert!(comment.starts_with("kintsugi 20") && comment.ends_with(": fixed"), "{comment}");
    }

    #[tokio::test]
    async fn no_call_names_more_findings_than_it_may_and_no_note_is_too_long() {
        let script = Script::by(|_| Some(all_processed()));
        let mut list: Vec<_> = (0..101).map(|nth| asff(&nth.to_string())).collect();
        list.push(Finding::Ocsf { uid: "u-1".into() });
        let note = "x".repeat(600);
        findings(&script).annotate(&told(list), &note, Workflow::Notified).await.unwrap();
        let bodies = bodies(&script);
        let count = |body: &Value| body["FindingIdentifiers"].as_array().map(Vec::len);
        assert_eq!(bodies.iter().map(count).collect::<Vec<_>>(), [Some(100), Some(1), None]);
        for body in &bodies {
            let text = body["Note"]["Text"].as_str().or_else(|| body["Comment"].as_str()).unwrap();
            assert_eq!(text.chars().count(), 512);
        }
    }

    #[tokio::test]
    async fn a_finding_that_was_not_taken_is_named() {
        let refused = r#"{"ProcessedFindings": [], "UnprocessedFindings": [{
            "FindingIdentifier": {"Id": "f-1", "ProductArn": "product"},
            "ErrorCode": "FindingNotFound", "ErrorMessage": "Finding Not Found"}]}"#;
        let script = Script::of([answer(200, refused)]);
        let result =
            findings(&script).annotate(&told(vec![asff("f-1")]), "held", Workflow::Notified).await;
        assert_eq!(
            result,
            Err(Error::Refused(
                "could not annotate finding f-1 (1 in all) in 111122223333/eu-west-1: FindingNotFound \
                 (Finding Not Found)"
                    .into()
            ))
        );
    }

    #[tokio::test]
    async fn nobody_is_called_for_a_signal_without_findings() {
        let script = Script::of([]);
        let quiet = findings(&script);
        quiet.annotate(&told(Vec::new()), "fixed", Workflow::Resolved).await.unwrap();
        assert!(quiet.hub.get().is_none());
    }
}
