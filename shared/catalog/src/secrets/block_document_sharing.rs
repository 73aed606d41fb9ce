//! Keeps the documents of an account from being shared with everybody. Those that are shared so already stay
//! shared: they are a finding of their own.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DocumentSharing, DocumentSharingSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct BlockDocumentSharing;

impl Remediation for BlockDocumentSharing {
    type Facet = DocumentSharing;

    const SPEC: Spec = Spec {
        id: "secrets/block_document_sharing",
        title: "Block the sharing of documents with everybody",
        triggers: &[
            Trigger::control("SSM.7"),
            Trigger::config_rule("SSM_AUTOMATION_BLOCK_PUBLIC_SHARING"),
        ],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only new shares are blocked: no document is taken from anybody by this.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, sharing: &DocumentSharing, _: &Case<'_>) -> Plan<Swap<DocumentSharingSetting>> {
        let is = DocumentSharingSetting::Public(sharing.public);
        Swap::of(is, DocumentSharingSetting::Public(false)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    #[test]
    fn sharing_that_is_allowed_is_blocked() {
        let expected =
            ["set public sharing of documents blocked (it is public sharing of documents allowed)"];
        let allowed = DocumentSharing { public: true };
        check(&BlockDocumentSharing, &allowed, &signal(ACCOUNT), &expected);
        check(&BlockDocumentSharing, &DocumentSharing::default(), &signal(ACCOUNT), &[]);
    }
}
