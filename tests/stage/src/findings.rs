//! The findings that Security Hub keeps, and what it was told of them.

use aws_sdk_securityhub::{
    Client,
    types::{
        AwsSecurityFinding, AwsSecurityFindingFilters, AwsSecurityFindingIdentifier, Compliance,
        ComplianceStatus, Resource, Severity, SeverityLabel, StringFilter, StringFilterComparison,
        WorkflowUpdate,
    },
};
use aws_smithy_types::Document;
use serde_json::Value;

use crate::{Estate, Result, Trouble};

/// What a finding was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The note, or the comment in OCSF; empty if there is none.
    pub note: String,
    /// Who wrote it; not kept in OCSF.
    pub by: String,
    /// NEW, NOTIFIED, RESOLVED; in OCSF the number of the status.
    pub workflow: String,
    /// How bad it is, in a word; not kept in OCSF.
    pub severity: String,
}

impl Estate {
    fn hub(&self) -> Client {
        Client::new(&self.aws)
    }

    /// Lets Security Hub know the findings of an event in ASFF.
    pub async fn import(&self, event: &Value) -> Result<()> {
        let findings = event["detail"]["findings"].as_array().into_iter().flatten();
        let findings = findings.map(finding).collect();
        let done = self.hub().batch_import_findings().set_findings(Some(findings)).send().await;
        let done = done.map_err(|error| Trouble::aws("import findings", error))?;
        match done.failed_findings().first() {
            None => Ok(()),
            Some(failed) => Err(Trouble::new("import a finding", format!("{failed:?}"))),
        }
    }

    /// Sets the workflow of a finding of an event, as a person does.
    pub async fn set_workflow(&self, event: &Value, status: &str) -> Result<()> {
        let finding = &event["detail"]["findings"][0];
        let text = |name: &str| finding[name].as_str().unwrap_or_default();
        let which = AwsSecurityFindingIdentifier::builder()
            .id(text("Id"))
            .product_arn(text("ProductArn"))
            .build();
        let workflow = WorkflowUpdate::builder().status(status.into()).build();
        let call = self.hub().batch_update_findings().finding_identifiers(which);
        let done = call.workflow(workflow).send().await;
        done.map(drop).map_err(|error| Trouble::aws("set a finding's workflow", error))
    }

    /// What a finding of Security Hub CSPM was told.
    pub async fn told(&self, finding: &str) -> Result<Told> {
        let what = format!("read finding {finding}");
        let is = StringFilter::builder().value(finding).comparison(StringFilterComparison::Equals);
        let filters = AwsSecurityFindingFilters::builder().id(is.build()).build();
        let answer = self.hub().get_findings().filters(filters).send().await;
        let answer = answer.map_err(|error| Trouble::aws(&what, error))?;
        let finding = answer.findings().first();
        let finding = finding.ok_or_else(|| Trouble::new(&what, "it is not there"))?;
        let note = finding.note();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let workflow = finding.workflow().and_then(|workflow| workflow.status());
        Ok(Told {
            note: text(note.and_then(|note| note.text())),
            by: text(note.and_then(|note| note.updated_by())),
            severity: text(
                finding.severity().and_then(|severity| severity.label()).map(SeverityLabel::as_str),
            ),
            workflow: text(workflow.map(aws_sdk_securityhub::types::WorkflowStatus::as_str)),
        })
    }

    /// What a finding of Security Hub was told, by its `metadata.uid`.
    pub async fn told_in_ocsf(&self, uid: &str) -> Result<Told> {
        let what = format!("read finding {uid}");
        let answer = self.hub().get_findings_v2().send().await;
        let answer = answer.map_err(|error| Trouble::aws(&what, error))?;
        let of = |finding: &&Document| text(finding, &["metadata", "uid"]) == uid;
        let finding = answer.findings().iter().find(of);
        let finding = finding.ok_or_else(|| Trouble::new(&what, "it is not there"))?;
        Ok(Told {
            note: text(finding, &["comment"]),
            by: String::new(),
            severity: String::new(),
            workflow: text(finding, &["status_id"]),
        })
    }
}

fn text(document: &Document, path: &[&str]) -> String {
    let found = path.iter().try_fold(document, |found, name| found.as_object()?.get(*name));
    match found {
        Some(Document::String(text)) => text.clone(),
        Some(Document::Number(number)) => number.to_f64_lossy().to_string(),
        _ => String::new(),
    }
}

fn finding(asff: &Value) -> AwsSecurityFinding {
    let text = |place: &str| asff.pointer(place).and_then(Value::as_str).unwrap_or_default();
    let resources = asff["Resources"].as_array().into_iter().flatten();
    let resource = |resource: &Value| {
        let text = |name: &str| resource[name].as_str().unwrap_or_default();
        Resource::builder().r#type(text("Type")).id(text("Id")).region(text("Region")).build()
    };
    let status = ComplianceStatus::from(text("/Compliance/Status"));
    let control = text("/Compliance/SecurityControlId");
    AwsSecurityFinding::builder()
        .schema_version(text("/SchemaVersion"))
        .id(text("/Id"))
        .product_arn(text("/ProductArn"))
        .generator_id(text("/GeneratorId"))
        .aws_account_id(text("/AwsAccountId"))
        .created_at(text("/CreatedAt"))
        .updated_at(text("/UpdatedAt"))
        .title(text("/Title"))
        .description(text("/Description"))
        .severity(Severity::builder().label(SeverityLabel::from(text("/Severity/Label"))).build())
        .compliance(Compliance::builder().status(status).security_control_id(control).build())
        .set_resources(Some(resources.map(resource).collect()))
        .build()
}
