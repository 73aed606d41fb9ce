//! Facet: what an access point of EFS holds those who use it to. Nobody changes it: AWS lets it be made only.

use std::fmt;

use remedy::{Action, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::file_system::id;

/// `fsap-...`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPointId(pub String);

impl Id for AccessPointId {
    const TYPE: &'static str = "AWS::EFS::AccessPoint";

    fn locate(resource: &str) -> Option<Self> {
        id(resource, "access-point", "fsap-").map(Self)
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/efs/home?region={region}#/access-points/{self}", place.console())
    }
}

impl fmt::Display for AccessPointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An access point.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessPoint {
    /// The file system it leads to.
    pub file_system: String,
    /// The directory that is its root, such as `/`.
    pub root: String,
    /// The user and group that all who use it are, if it says so.
    pub user: Option<(i64, i64)>,
    /// The access point's tags.
    pub tags: Tags,
}

const ACCESS_POINTS: &str =
    "arn:${AWS::Partition}:elasticfilesystem:*:${AWS::AccountId}:access-point/*";

impl Facet for AccessPoint {
    type Id = AccessPointId;
    type Change = Never;

    const NAME: &'static str = "access point";
    const READS: &'static [Action] =
        &[Action::on(ACCESS_POINTS, "elasticfilesystem:DescribeAccessPoints")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &AccessPointId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_access_point_is_located() {
        for known in
            ["fsap-0a1b", "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-0a1b"]
        {
            assert_eq!(AccessPointId::locate(known), Some(AccessPointId("fsap-0a1b".into())));
        }
        for other in
            ["fs-0a1b", "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b", ""]
        {
            assert_eq!(AccessPointId::locate(other), None, "{other}");
        }
    }
}
