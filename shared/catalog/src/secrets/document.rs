//! Facet: whom a document of Systems Manager is shared with.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Change, Facet, Id, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of a document of the account's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentId(pub String);

impl DocumentId {
    /// The document of this name.
    pub fn named(name: &str) -> Option<Self> {
        let is_name = (3..=128).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        is_name.then(|| Self(name.to_owned()))
    }
}

impl Id for DocumentId {
    const TYPE: &'static str = "AWS::SSM::Document";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "ssm")?;
        Self::named(arn.resource.strip_prefix("document/")?)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ssm:{region}:{account}:document/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let (console, region) = (place.console(), &place.region);
        format!("{console}/systems-manager/documents/{self}/permissions?region={region}")
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whom a document is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Document {
    /// The version that everybody can use, such as `$DEFAULT`, if everybody can.
    pub public: Option<String>,
    /// The accounts that can use it.
    pub accounts: BTreeSet<String>,
    /// The document's tags.
    pub tags: Tags,
}

/// What is done about everybody. Either names the version that is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentChange {
    /// They cannot use it any more.
    Unshare(String),
    /// They can again.
    Share(String),
}

const DOCUMENTS: &str = "arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:document/*";
const MODIFY: &[Action] = &[Action::on(DOCUMENTS, "ssm:ModifyDocumentPermission").tagged()];

impl Facet for Document {
    type Id = DocumentId;
    type Change = DocumentChange;

    const NAME: &'static str = "document of Systems Manager";
    const READS: &'static [Action] = &[
        Action::on(DOCUMENTS, "ssm:DescribeDocumentPermission"),
        Action::on(DOCUMENTS, "ssm:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &DocumentChange) -> Self {
        let public = match change {
            DocumentChange::Unshare(_) => None,
            DocumentChange::Share(version) => Some(version.clone()),
        };
        Self { public, ..self }
    }

    fn commands(place: &Place, id: &DocumentId, changes: &[DocumentChange]) -> Vec<String> {
        let command = |change: &DocumentChange| {
            let how = match change {
                DocumentChange::Unshare(_) => "--account-ids-to-remove all".into(),
                DocumentChange::Share(version) => format!(
                    "--account-ids-to-add all --shared-document-version {}",
                    quoted(version)
                ),
            };
            format!(
                "aws ssm modify-document-permission --region {} --name {} --permission-type Share {how}",
                place.region,
                quoted(&id.0)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Change for DocumentChange {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self {
            Self::Unshare(version) => Self::Share(version.clone()),
            Self::Share(version) => Self::Unshare(version.clone()),
        })
    }
}

impl fmt::Display for DocumentChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unshare(_) => f.write_str("unshare from everybody"),
            Self::Share(version) => write!(f, "share version {version} with everybody"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_located_by_its_arn_alone() {
        let arn = "arn:aws:ssm:eu-west-1:111122223333:document/Deploy-web_1.0";
        assert_eq!(DocumentId::locate(arn), Some(DocumentId("Deploy-web_1.0".into())));
        for other in [
            "Deploy-web",
            "arn:aws:ssm:eu-west-1:111122223333:parameter/x",
            "arn:aws:ssm:eu-west-1:111122223333:document/a b c",
            "arn:aws:ssm:eu-west-1:111122223333:document/",
        ] {
            assert_eq!(DocumentId::locate(other), None, "{other}");
        }
    }
}
