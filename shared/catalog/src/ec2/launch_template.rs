//! Facet: what a launch template's default version gives to instances.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Owner, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{Tokens, id::ec2_id};

ec2_id!(
    /// `lt-...`
    LaunchTemplateId,
    "AWS::EC2::LaunchTemplate",
    "launch-template",
    "lt-",
    "/ec2/home?region={region}#LaunchTemplateDetails:launchTemplateId={id}"
);

/// A launch template, as far as the safety of what its default version launches goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LaunchTemplate {
    /// Its name.
    pub name: String,
    /// The version that counts where none is named.
    pub default: i64,
    /// The last version that was made.
    pub latest: i64,
    /// How instances are asked for their metadata.
    pub metadata: Tokens,
    /// The network interfaces that get a public address, by their place in the template.
    pub public: BTreeSet<usize>,
    /// The devices whose volumes are said not to be encrypted.
    pub plain: BTreeSet<String>,
    /// The template's tags.
    pub tags: Tags,
}

/// What a new version has otherwise than the one it is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateEdit {
    /// Metadata is given for a token only.
    Tokens,
    /// These network interfaces get no public address.
    Private(BTreeSet<usize>),
    /// The volumes of these devices are encrypted.
    Encrypted(BTreeSet<String>),
}

/// An edit of a launch template. Versions themselves never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateChange {
    /// Makes version `to` of version `from`, and makes it the default.
    Edit {
        /// The version that is the default.
        from: i64,
        /// The next version.
        to: i64,
        /// What it has otherwise.
        edit: TemplateEdit,
    },
    /// Makes version `from` the default again; `to` stays, unused.
    Return {
        /// The version that was the default.
        from: i64,
        /// The version that is.
        to: i64,
        /// What it has otherwise.
        edit: TemplateEdit,
    },
}

const TEMPLATES: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:launch-template/*";
const MODIFY: Action = Action::on(TEMPLATES, "ec2:ModifyLaunchTemplate").tagged();
const EDIT: &[Action] = &[
    Action::on(TEMPLATES, "ec2:CreateLaunchTemplateVersion").tagged(),
    // A version that turns out to have another number than was planned is taken away again.
    Action::on(TEMPLATES, "ec2:DeleteLaunchTemplateVersions").tagged(),
    MODIFY,
];

impl Facet for LaunchTemplate {
    type Id = LaunchTemplateId;
    type Change = TemplateChange;

    const NAME: &'static str = "launch template";
    const READS: &'static [Action] = &[
        Action::on("*", "ec2:DescribeLaunchTemplateVersions"),
        Action::on("*", "ec2:DescribeLaunchTemplates"),
    ];

    fn label(&self) -> Option<&str> {
        Some(&self.name)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn owner(&self) -> Option<Owner> {
        // EKS copies the template of a managed node group, and puts back what is changed of the copy.
        let cluster = self.tags.get("eks:cluster-name")?;
        Some(Owner::new("eks", format!("cluster {cluster}")))
    }

    fn after(mut self, change: &TemplateChange) -> Self {
        match change {
            TemplateChange::Edit { to, edit, .. } => {
                self.default = *to;
                self.latest = self.latest.max(*to);
                match edit {
                    TemplateEdit::Tokens => self.metadata = Tokens::Required,
                    TemplateEdit::Private(places) => self.public.retain(|at| !places.contains(at)),
                    TemplateEdit::Encrypted(devices) => {
                        self.plain.retain(|at| !devices.contains(at));
                    }
                }
            }
            TemplateChange::Return { from, edit, .. } => {
                self.default = *from;
                match edit {
                    TemplateEdit::Tokens => self.metadata = Tokens::Optional,
                    TemplateEdit::Private(places) => self.public.extend(places),
                    TemplateEdit::Encrypted(devices) => self.plain.extend(devices.iter().cloned()),
                }
            }
        }
        self
    }

    /// Versions that nobody uses do not count.
    fn same(&self, other: &Self) -> bool {
        Self { latest: 0, ..self.clone() } == Self { latest: 0, ..other.clone() }
    }

    fn commands(place: &Place, id: &LaunchTemplateId, changes: &[TemplateChange]) -> Vec<String> {
        let aws = |verb: &str| {
            format!("aws ec2 {verb} --region {} --launch-template-id {id}", place.region)
        };
        let choose = |version: &i64| {
            format!("{} --default-version {version}", aws("modify-launch-template"))
        };
        let command = |change: &TemplateChange| match change {
            TemplateChange::Edit { from, to, edit } => {
                let (part, filter) = edit.filter();
                let read = format!(
                    "{} --versions {from} --query \
                     'LaunchTemplateVersions[0].LaunchTemplateData.{{{part}: {part}}}'",
                    aws("describe-launch-template-versions")
                );
                let make = format!(
                    "{} --source-version {from} --launch-template-data \"$({read} | jq '{filter}')\"",
                    aws("create-launch-template-version")
                );
                vec![make, choose(to)]
            }
            TemplateChange::Return { from, .. } => vec![choose(from)],
        };
        changes.iter().flat_map(command).collect()
    }
}

impl TemplateEdit {
    /// The part of a version that is given anew, and what makes it of the old one, in the words of jq.
    fn filter(&self) -> (&'static str, String) {
        match self {
            Self::Tokens => {
                let filter =
                    ".MetadataOptions |= ((. // {}) | del(.State) | .HttpTokens = \"required\")";
                ("MetadataOptions", filter.to_owned())
            }
            Self::Private(places) => {
                let one = |at| format!(".NetworkInterfaces[{at}].AssociatePublicIpAddress = false");
                ("NetworkInterfaces", places.iter().map(one).collect::<Vec<_>>().join(" | "))
            }
            Self::Encrypted(_) => {
                let filter =
                    "(.BlockDeviceMappings[].Ebs | select(.Encrypted == false)).Encrypted = true";
                ("BlockDeviceMappings", filter.to_owned())
            }
        }
    }
}

impl Change for TemplateChange {
    const MAKE: &'static [Action] = EDIT;
    const UNDO: &'static [Action] = &[MODIFY];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Edit { .. } => EDIT,
            Self::Return { .. } => &[MODIFY],
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Edit { from, to, edit } => Self::Return { from, to, edit },
            Self::Return { from, to, edit } => Self::Edit { from, to, edit },
        })
    }
}

impl fmt::Display for TemplateEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tokens => f.write_str("metadata tokens required"),
            Self::Private(_) => f.write_str("no public addresses"),
            Self::Encrypted(devices) => {
                let devices: Vec<_> = devices.iter().map(String::as_str).collect();
                write!(f, "encrypted volumes at {}", devices.join(", "))
            }
        }
    }
}

impl fmt::Display for TemplateChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edit { from, to, edit } => {
                write!(f, "make version {to} the default: version {from} with {edit}")
            }
            Self::Return { from, to, edit } => {
                write!(f, "make version {from} the default again, not version {to} with {edit}")
            }
        }
    }
}

impl LaunchTemplate {
    /// The edit of the version that is the default now.
    pub(super) fn edited(&self, edit: TemplateEdit) -> TemplateChange {
        TemplateChange::Edit { from: self.default, to: self.latest.max(self.default) + 1, edit }
    }
}

/// Why a person should look before a template has another default version.
pub(super) const PICKED_UP: &str = "Auto Scaling groups and fleets that launch from the template's default \
     version get the new one from their next instance on; what names a version keeps it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_take_over_everything_else_of_the_version() {
        let place = Place::new("111122223333", "eu-west-1");
        let id = LaunchTemplateId("lt-1".into());
        let edit = |edit| TemplateChange::Edit { from: 3, to: 5, edit };
        let commands = LaunchTemplate::commands(&place, &id, &[edit(TemplateEdit::Tokens)]);
        assert_eq!(
            commands,
            [
                "aws ec2 create-launch-template-version --region eu-west-1 --launch-template-id lt-1 \
                 --source-version 3 --launch-template-data \"$(aws ec2 describe-launch-template-versions \
                 --region eu-west-1 --launch-template-id lt-1 --versions 3 --query \
                 'LaunchTemplateVersions[0].LaunchTemplateData.{MetadataOptions: MetadataOptions}' \
                 | jq '.MetadataOptions |= ((. // {}) | del(.State) | .HttpTokens = \"required\")')\"",
                "aws ec2 modify-launch-template --region eu-west-1 --launch-template-id lt-1 \
                 --default-version 5",
            ]
        );
        let back = edit(TemplateEdit::Tokens).inverse().unwrap();
        assert_eq!(LaunchTemplate::commands(&place, &id, &[back]).len(), 1);
    }

    #[test]
    fn the_copy_of_a_node_group_is_eks_own() {
        let tags = [("eks:cluster-name".into(), "prod".into())].into();
        let template = LaunchTemplate { tags, ..LaunchTemplate::default() };
        assert_eq!(template.owner().unwrap().to_string(), "eks (cluster prod)");
    }
}
