//! Facet: how an instance is set up.

use std::fmt;

use remedy::{Action, Facet, Owner, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `i-...`
    InstanceId,
    "AWS::EC2::Instance",
    "instance",
    "i-",
    "/ec2/home?region={region}#InstanceDetails:instanceId={id}"
);

/// An instance, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Instance {
    /// Such as `running` or `stopped`.
    pub state: String,
    /// What EC2 says of its last change of state, such as `User initiated (2026-09-01 08:00:00 GMT)`.
    pub since: String,
    /// How it is asked for its metadata.
    pub metadata: Tokens,
    /// The volumes that are attached to it.
    pub volumes: Vec<String>,
    /// Its public IPv4 addresses.
    pub public: Vec<PublicAddress>,
    /// The service that runs it for its owner, if one does.
    pub operator: Option<String>,
    /// The instance's tags.
    pub tags: Tags,
}

/// How the metadata service is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tokens {
    /// Without a token, too: both versions answer.
    #[default]
    Optional,
    /// With a token only: version 2 answers.
    Required,
}

/// An address by which the internet reaches an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicAddress {
    /// Such as `198.51.100.7`.
    pub address: String,
    /// The network interface that has it.
    pub interface: String,
    /// Whether it is an Elastic IP address of the account.
    pub is_elastic: bool,
}

/// What an instance is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceSetting {
    /// How its metadata service is asked.
    Metadata(Tokens),
}

const INSTANCES: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:instance/*";
const MODIFY: &[Action] = &[Action::on(INSTANCES, "ec2:ModifyInstanceMetadataOptions").tagged()];

impl Facet for Instance {
    type Id = InstanceId;
    type Change = Swap<InstanceSetting>;

    const NAME: &'static str = "instance";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeInstances")];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn owner(&self) -> Option<Owner> {
        let operator = self.operator.as_deref()?;
        let kind = if operator.contains("eks") { "eks" } else { "iac" };
        Some(Owner::new(kind, format!("the service {operator}")))
    }

    fn after(mut self, change: &Swap<InstanceSetting>) -> Self {
        match change.to {
            InstanceSetting::Metadata(tokens) => self.metadata = tokens,
        }
        self
    }

    fn commands(place: &Place, id: &InstanceId, changes: &[Swap<InstanceSetting>]) -> Vec<String> {
        let command = |change: &Swap<InstanceSetting>| match change.to {
            InstanceSetting::Metadata(tokens) => format!(
                "aws ec2 modify-instance-metadata-options --region {} --instance-id {id} \
                 --http-tokens {tokens}",
                place.region
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for InstanceSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Optional => "optional",
            Self::Required => "required",
        })
    }
}

impl fmt::Display for InstanceSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata(tokens) => write!(f, "metadata tokens {tokens}"),
        }
    }
}
