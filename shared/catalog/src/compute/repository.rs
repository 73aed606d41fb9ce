//! Facet: how an image repository is set up.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of an image repository, such as `shop/web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryName(pub String);

impl Id for RepositoryName {
    const TYPE: &'static str = "AWS::ECR::Repository";

    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "ecr" => arn.resource.strip_prefix("repository/")?,
            Some(_) => return None,
            None => resource,
        };
        let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-/".contains(&b);
        let named = name.bytes().all(is_part)
            && name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ecr:{region}:{account}:repository/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let Place { account, region, .. } = place;
        let console = place.console();
        format!("{console}/ecr/repositories/private/{account}/{self}?region={region}")
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A repository, as far as its images go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Repository {
    /// Whether it says itself that images are scanned when they are pushed.
    pub scans_on_push: bool,
    /// Whether a rule of the registry has its images scanned, on push or all the time.
    pub is_scanned: bool,
    /// Whether tags can be moved to another image.
    pub tags_move: TagsMove,
    /// The repository's tags.
    pub tags: Tags,
}

/// Whether the tags of images can be moved to another image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagsMove {
    /// All can.
    Always,
    /// All but those that match a filter.
    AlwaysBut(BTreeSet<String>),
    /// None can.
    #[default]
    Never,
    /// None but those that match a filter.
    NeverBut(BTreeSet<String>),
}

/// What a repository is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepositorySetting {
    /// Whether images are scanned when they are pushed.
    ScanOnPush(bool),
    /// Whether tags can be moved to another image.
    TagsMove(TagsMove),
}

/// All repositories of the account.
pub(super) const REPOSITORIES: &str = "arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/*";
const SCAN: Action = Action::on(REPOSITORIES, "ecr:PutImageScanningConfiguration").tagged();
const FREEZE: Action = Action::on(REPOSITORIES, "ecr:PutImageTagMutability").tagged();

impl Facet for Repository {
    type Id = RepositoryName;
    type Change = Swap<RepositorySetting>;

    const NAME: &'static str = "image repository";
    const READS: &'static [Action] = &[
        Action::on(REPOSITORIES, "ecr:BatchGetRepositoryScanningConfiguration"),
        Action::on(REPOSITORIES, "ecr:DescribeRepositories"),
        Action::on(REPOSITORIES, "ecr:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<RepositorySetting>) -> Self {
        match &change.to {
            RepositorySetting::ScanOnPush(on) => self.scans_on_push = *on,
            RepositorySetting::TagsMove(moves) => self.tags_move = moves.clone(),
        }
        self
    }

    fn commands(
        place: &Place,
        id: &RepositoryName,
        changes: &[Swap<RepositorySetting>],
    ) -> Vec<String> {
        let of = format!("--region {} --repository-name {}", place.region, quoted(&id.0));
        let command = |change: &Swap<RepositorySetting>| match &change.to {
            RepositorySetting::ScanOnPush(on) => {
                format!(
                    "aws ecr put-image-scanning-configuration {of} --image-scanning-configuration scanOnPush={on}"
                )
            }
            RepositorySetting::TagsMove(moves) => {
                let mutability = moves.word();
                let mut command = format!(
                    "aws ecr put-image-tag-mutability {of} --image-tag-mutability {mutability}"
                );
                if let TagsMove::AlwaysBut(filters) | TagsMove::NeverBut(filters) = moves {
                    command += " --image-tag-mutability-exclusion-filters";
                    for filter in filters {
                        command = format!(
                            "{command} {}",
                            quoted(&format!("filterType=WILDCARD,filter={filter}"))
                        );
                    }
                }
                command
            }
        };
        changes.iter().map(command).collect()
    }
}

impl TagsMove {
    /// As ECR calls it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Always => "MUTABLE",
            Self::AlwaysBut(_) => "MUTABLE_WITH_EXCLUSION",
            Self::Never => "IMMUTABLE",
            Self::NeverBut(_) => "IMMUTABLE_WITH_EXCLUSION",
        }
    }
}

impl Setting for RepositorySetting {
    const MAKE: &'static [Action] = &[SCAN, FREEZE];
    const UNDO: &'static [Action] = &[SCAN, FREEZE];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::ScanOnPush(_) => &[SCAN],
            Self::TagsMove(_) => &[FREEZE],
        }
    }
}

impl fmt::Display for RepositorySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list =
            |filters: &BTreeSet<String>| filters.iter().cloned().collect::<Vec<_>>().join(", ");
        match self {
            Self::ScanOnPush(on) => write!(f, "scan on push {}", if *on { "on" } else { "off" }),
            Self::TagsMove(TagsMove::Always) => f.write_str("tags free to move"),
            Self::TagsMove(TagsMove::AlwaysBut(fixed)) => {
                write!(f, "tags free to move but {}", list(fixed))
            }
            Self::TagsMove(TagsMove::Never) => f.write_str("tags fixed"),
            Self::TagsMove(TagsMove::NeverBut(free)) => write!(f, "tags fixed but {}", list(free)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_repository_is_located() {
        let arn = "arn:aws-cn:ecr:cn-north-1:111122223333:repository/shop/web";
        assert_eq!(RepositoryName::locate(arn), Some(RepositoryName("shop/web".into())));
        assert_eq!(RepositoryName::locate("shop/web"), Some(RepositoryName("shop/web".into())));
        for other in [
            "arn:aws:ecr:eu-west-1:111122223333:registry/x",
            "arn:aws:ecr:eu-west-1:1:repository/",
            "/web",
            "A b",
            "",
        ] {
            assert_eq!(RepositoryName::locate(other), None, "{other}");
        }
    }
}
