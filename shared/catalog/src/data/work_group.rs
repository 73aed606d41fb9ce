//! Facet: how a work group of Athena is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

/// The name of a work group, such as `primary`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkGroupId(pub String);

impl Id for WorkGroupId {
    const TYPE: &'static str = "AWS::Athena::WorkGroup";

    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "athena" => arn.resource.strip_prefix("workgroup/")?,
            Some(_) => return None,
            None => resource,
        };
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        let named = (1..=128).contains(&name.len()) && name.bytes().all(is_name);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:athena:{region}:{account}:workgroup/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/athena/home?region={region}#/workgroups/details/{self}", place.console())
    }
}

impl fmt::Display for WorkGroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A work group, as far as it is watched.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkGroup {
    /// Whether it publishes metrics of its queries.
    pub metrics: bool,
    /// The work group's tags.
    pub tags: Tags,
}

/// What a work group is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkGroupSetting {
    /// Whether it publishes metrics of its queries.
    Metrics(bool),
}

const GROUPS: &str = "arn:${AWS::Partition}:athena:*:${AWS::AccountId}:workgroup/*";
const UPDATE: &[Action] = &[Action::on(GROUPS, "athena:UpdateWorkGroup").tagged()];

impl Facet for WorkGroup {
    type Id = WorkGroupId;
    type Change = Swap<WorkGroupSetting>;

    const NAME: &'static str = "work group";
    const READS: &'static [Action] = &[
        Action::on(GROUPS, "athena:GetWorkGroup"),
        Action::on(GROUPS, "athena:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<WorkGroupSetting>) -> Self {
        match change.to {
            WorkGroupSetting::Metrics(on) => self.metrics = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &WorkGroupId,
        changes: &[Swap<WorkGroupSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<WorkGroupSetting>| match change.to {
            WorkGroupSetting::Metrics(on) => format!(
                "aws athena update-work-group --region {} --work-group {id} --configuration-updates \
                 PublishCloudWatchMetricsEnabled={on}",
                place.region
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for WorkGroupSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for WorkGroupSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metrics(true) => f.write_str("query metrics on"),
            Self::Metrics(false) => f.write_str("query metrics off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_work_group_is_located() {
        for group in ["primary", "arn:aws:athena:eu-west-1:111122223333:workgroup/primary"] {
            assert_eq!(WorkGroupId::locate(group), Some(WorkGroupId("primary".into())));
        }
        for other in [
            "a b",
            "arn:aws:athena:eu-west-1:111122223333:datacatalog/primary",
            "arn:aws:athena:eu-west-1:111122223333:workgroup/primary/session/1",
            "AWS::::Account:111122223333",
            "",
        ] {
            assert_eq!(WorkGroupId::locate(other), None, "{other}");
        }
    }
}
