//! Facet: whether old images of a repository go by themselves.

use remedy::{Action, Facet, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::{RepositoryName, repository::REPOSITORIES};

/// What becomes of a repository's images.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageLifecycle {
    /// The repository's name.
    pub name: String,
    /// Whether there is a lifecycle policy.
    pub has_policy: bool,
    /// The repository's tags.
    pub tags: Tags,
}

impl Facet for ImageLifecycle {
    type Id = RepositoryName;
    type Change = Never;

    const NAME: &'static str = "lifecycle of images";
    const READS: &'static [Action] = &[
        Action::on(REPOSITORIES, "ecr:DescribeRepositories"),
        Action::on(REPOSITORIES, "ecr:GetLifecyclePolicy"),
        Action::on(REPOSITORIES, "ecr:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &RepositoryName, changes: &[Never]) -> Vec<String> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
