//! Facet: until when a server certificate that IAM keeps is valid.

use std::fmt;

use remedy::{Action, Facet, Id, Never, Place, Tags, Timestamp};
use serde::{Deserialize, Serialize};

use super::user::{arn, located};

/// A server certificate: the name, which no other in the account has, and the path it is under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerCertificateId {
    /// Such as `/` or `/cloudfront/`.
    pub path: String,
    /// Such as `www`.
    pub name: String,
}

impl Id for ServerCertificateId {
    const TYPE: &'static str = "AWS::IAM::ServerCertificate";

    fn locate(resource: &str) -> Option<Self> {
        let (path, name) = located(resource, "server-certificate")?;
        Some(Self { path, name })
    }

    fn arn(&self, place: &Place) -> String {
        arn(place, "server-certificate", &self.path, &self.name)
    }

    fn link(&self, place: &Place) -> String {
        format!("{}/iam/home?region={}#/home", place.console(), place.region)
    }
}

impl fmt::Display for ServerCertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A server certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerCertificate {
    /// When it ends.
    pub expires: Timestamp,
    /// The certificate's tags.
    pub tags: Tags,
}

const READ: &[Action] = &[Action::on(
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:server-certificate/*",
    "iam:GetServerCertificate",
)];

impl Facet for ServerCertificate {
    type Id = ServerCertificateId;
    type Change = Never;

    const NAME: &'static str = "server certificate";
    const READS: &'static [Action] = READ;

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &ServerCertificateId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
