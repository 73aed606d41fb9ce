//! Takes a document of Systems Manager from everybody. The accounts it is shared with by name keep it.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::{Document, DocumentChange, DocumentId};

/// See the [module](self).
#[derive(Debug)]
pub struct UnshareDocument;

impl Remediation for UnshareDocument {
    type Facet = Document;

    const SPEC: Spec = Spec {
        id: "secrets/unshare_document",
        title: "Take a document of Systems Manager from everybody",
        triggers: &[Trigger::control("SSM.4"), Trigger::config_rule("SSM_DOCUMENT_NOT_PUBLIC")],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Accounts that it is shared with by name keep it; undo shares the same version again.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    /// AWS Config calls a document by its name.
    fn target(&self, signal: &Signal) -> Option<DocumentId> {
        DocumentId::locate(&signal.resource).or_else(|| DocumentId::named(&signal.resource))
    }

    fn plan(&self, document: &Document, _: &Case<'_>) -> Plan<DocumentChange> {
        document.public.clone().map(DocumentChange::Unshare).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const DEPLOY: &str = "arn:aws:ssm:eu-west-1:111122223333:document/Deploy";

    fn shared(public: Option<&str>) -> Document {
        Document {
            public: public.map(str::to_owned),
            accounts: ["444455556666".to_owned()].into(),
            ..Document::default()
        }
    }

    #[test]
    fn everybody_loses_it_and_named_accounts_do_not() {
        for resource in [DEPLOY, "Deploy"] {
            let public = shared(Some("$DEFAULT"));
            check(&UnshareDocument, &public, &signal(resource), &["unshare from everybody"]);
        }
    }

    #[test]
    fn one_that_is_shared_by_name_only_is_left_alone() {
        check(&UnshareDocument, &shared(None), &signal(DEPLOY), &[]);
    }
}
