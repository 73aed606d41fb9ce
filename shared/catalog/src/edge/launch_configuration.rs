//! Facet: a launch configuration, and the Auto Scaling groups that use it.
//!
//! It cannot be changed, and carries no tags: those that all the groups have alike speak for it.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::Launch;

/// A launch configuration: what AWS made of its name, and the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchConfigurationId {
    /// What tells it from others that had its name.
    pub uuid: String,
    /// The name.
    pub name: String,
}

/// A launch configuration, as far as who uses it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LaunchConfiguration {
    /// What it launches.
    pub launch: Launch,
    /// The groups that use it.
    pub groups: Vec<String>,
    /// The tags that all these groups have alike.
    pub tags: Tags,
}

/// The two last parts of `arn` of Auto Scaling, if it is of this kind.
pub(super) fn named(resource: &str, kind: &str) -> Option<(String, String)> {
    let arn = Arn::parse(resource).filter(|arn| arn.service == "autoscaling")?;
    let rest = arn.resource.strip_prefix(kind)?.strip_prefix(':')?;
    let (uuid, rest) = rest.split_once(':')?;
    let name = rest.strip_prefix(kind)?.strip_prefix("Name/")?;
    let is_uuid = !uuid.is_empty() && uuid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_name = !name.is_empty() && name.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b':');
    (is_uuid && is_name).then(|| (uuid.to_owned(), name.to_owned()))
}

impl Id for LaunchConfigurationId {
    const TYPE: &'static str = "AWS::AutoScaling::LaunchConfiguration";

    fn locate(resource: &str) -> Option<Self> {
        let (uuid, name) = named(resource, "launchConfiguration")?;
        Some(Self { uuid, name })
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        let Self { uuid, name } = self;
        format!(
            "arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:{uuid}:launchConfigurationName/{name}"
        )
    }
    fn link(&self, place: &Place) -> String {
        format!("{}/ec2/home?region={}#LaunchConfigurations:", place.console(), place.region)
    }
}

impl fmt::Display for LaunchConfigurationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Facet for LaunchConfiguration {
    type Id = LaunchConfigurationId;
    type Change = Never;

    const NAME: &'static str = "launch configuration";
    const READS: &'static [Action] = &[
        Action::on("*", "autoscaling:DescribeAutoScalingGroups"),
        Action::on("*", "autoscaling:DescribeLaunchConfigurations"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &LaunchConfigurationId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_launch_configuration_is_located() {
        let arn = "arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:0-a:launchConfigurationName/web v1/a";
        let id = LaunchConfigurationId::locate(arn).unwrap();
        assert_eq!((id.uuid.as_str(), id.name.as_str()), ("0-a", "web v1/a"));
        for other in [
            "web",
            "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0-a:autoScalingGroupName/web",
            "arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:0-a:launchConfigurationName/",
            "arn:aws:autoscaling:eu-west-1:111122223333:launchConfiguration:0-a:launchConfigurationName/a:b",
            "",
        ] {
            assert_eq!(LaunchConfigurationId::locate(other), None, "{other}");
        }
    }
}
