//! Facet: how an Auto Scaling group keeps its instances.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{Launch, launch_configuration::named};

/// An Auto Scaling group: what AWS made of its name, and the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoScalingGroupId {
    /// What tells it from others that had its name.
    pub uuid: String,
    /// The name.
    pub name: String,
}

/// An Auto Scaling group, as far as its health and its spread go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AutoScalingGroup {
    /// The health checks beside that of EC2, which is always made: `ELB`, `EBS`, `VPC_LATTICE`.
    pub checks: BTreeSet<String>,
    /// Whether a load balancer sends it requests.
    pub balanced: bool,
    /// Whether one of them is a classic one, whose checks are not looked at here.
    pub classic: bool,
    /// Its instances that fail the check of a load balancer now.
    pub failing: Vec<String>,
    /// The Availability Zones that it may be in.
    pub zones: BTreeSet<String>,
    /// How many types of instances it may launch.
    pub types: usize,
    /// The launch configuration that it uses, if it uses one.
    pub launch: Option<Launch>,
    /// The group's tags.
    pub tags: Tags,
}

/// What an Auto Scaling group is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AutoScalingGroupSetting {
    /// The health checks beside that of EC2.
    Checks(BTreeSet<String>),
}

const GROUPS: &str = "arn:${AWS::Partition}:autoscaling:*:${AWS::AccountId}:autoScalingGroup:*:autoScalingGroupName/*";
const UPDATE: &[Action] = &[Action::on(GROUPS, "autoscaling:UpdateAutoScalingGroup").tagged()];

impl Id for AutoScalingGroupId {
    const TYPE: &'static str = "AWS::AutoScaling::AutoScalingGroup";

    fn locate(resource: &str) -> Option<Self> {
        let (uuid, name) = named(resource, "autoScalingGroup")?;
        Some(Self { uuid, name })
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        let Self { uuid, name } = self;
        format!(
            "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}"
        )
    }
    fn link(&self, place: &Place) -> String {
        let (console, region) = (place.console(), &place.region);
        format!("{console}/ec2/home?region={region}#AutoScalingGroupDetails:id={}", self.name)
    }
}

impl fmt::Display for AutoScalingGroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Facet for AutoScalingGroup {
    type Id = AutoScalingGroupId;
    type Change = Swap<AutoScalingGroupSetting>;

    const NAME: &'static str = "Auto Scaling group";
    const READS: &'static [Action] = &[
        Action::on("*", "autoscaling:DescribeAutoScalingGroups"),
        Action::on("*", "autoscaling:DescribeLaunchConfigurations"),
        Action::on("*", "elasticloadbalancing:DescribeTargetHealth"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<AutoScalingGroupSetting>) -> Self {
        let AutoScalingGroupSetting::Checks(checks) = &change.to;
        self.checks.clone_from(checks);
        self
    }

    fn commands(
        place: &Place,
        id: &AutoScalingGroupId,
        changes: &[Swap<AutoScalingGroupSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<AutoScalingGroupSetting>| {
            format!(
                "aws autoscaling update-auto-scaling-group --region {} --auto-scaling-group-name {} \
                 --health-check-type {}",
                place.region,
                quoted(&id.name),
                change.to.kind()
            )
        };
        changes.iter().map(command).collect()
    }
}

impl AutoScalingGroupSetting {
    /// The type of health check, as AWS takes it.
    pub fn kind(&self) -> String {
        let Self::Checks(checks) = self;
        if checks.is_empty() {
            return "EC2".into();
        }
        checks.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }
}

impl Setting for AutoScalingGroupSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for AutoScalingGroupSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "health checks {}", self.kind())
    }
}
