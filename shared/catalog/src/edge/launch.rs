//! What a launch configuration launches, and the commands that make a launch template of it.

use remedy::{Place, quoted};
use serde::{Deserialize, Serialize};

/// A launch configuration, as far as a launch template can say the same.
///
/// User data is not read here: it is only known whether there is some. The commands copy it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Launch {
    /// Its name.
    pub name: String,
    /// Whether tokens are `required` of who asks for metadata, or `optional`; none: it does not say.
    pub tokens: Option<String>,
    /// How far answers about metadata go; none: it does not say.
    pub hops: Option<i32>,
    /// Whether instances get public addresses; none: the subnet says.
    pub public_address: Option<bool>,
    /// The instance profile, by its name or ARN.
    pub profile: Option<String>,
    /// Its parts that a launch template calls alike or nearly so, by its own names.
    pub parts: Vec<String>,
}

/// What is to be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mended {
    pub(super) tokens: bool,
    pub(super) hops: bool,
    pub(super) hidden: bool,
}

impl Launch {
    /// Each part of a launch configuration, and the expression that makes a launch template's of it.
    pub const PARTS: [(&'static str, &'static str); 10] = [
        ("ImageId", "ImageId:ImageId"),
        ("InstanceType", "InstanceType:InstanceType"),
        ("KeyName", "KeyName:KeyName"),
        ("UserData", "UserData:UserData"),
        ("BlockDeviceMappings", "BlockDeviceMappings:BlockDeviceMappings"),
        ("EbsOptimized", "EbsOptimized:EbsOptimized"),
        ("InstanceMonitoring", "Monitoring:InstanceMonitoring"),
        ("KernelId", "KernelId:KernelId"),
        ("RamdiskId", "RamDiskId:RamdiskId"),
        ("PlacementTenancy", "Placement:{Tenancy:PlacementTenancy}"),
    ];

    /// The commands that make a launch template of it, and let `groups` use that from now on.
    pub(super) fn commands(&self, place: &Place, groups: &[&str], mended: Mended) -> Vec<String> {
        let region = &place.region;
        let (name, file) = (quoted(&self.name), quoted(&format!("{}.json", self.name)));
        let mut commands = vec![
            format!(
                "aws autoscaling describe-launch-configurations --region {region} --launch-configuration-names {name} \
                 --query {} > {file}",
                quoted(&format!(
                    "LaunchConfigurations[0].{{{}}}",
                    self.expressions(mended).join(",")
                ))
            ),
            format!(
                "aws ec2 create-launch-template --region {region} --launch-template-name {name} \
                 --launch-template-data file://{file}"
            ),
        ];
        let template = quoted(&format!("LaunchTemplateName={},Version=$Latest", self.name));
        commands.extend(groups.iter().map(|group| {
            format!(
                "aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {} \
                 --launch-template {template}",
                quoted(group)
            )
        }));
        commands
    }

    /// The parts of the launch template, as `JMESPath` has them.
    fn expressions(&self, mended: Mended) -> Vec<String> {
        let has = |part: &str| self.parts.iter().any(|known| known == part);
        let parts = Self::PARTS.iter().filter(|(part, _)| has(part));
        let mut all: Vec<String> = parts.map(|(_, expression)| (*expression).to_owned()).collect();
        all.extend(self.profile.as_ref().map(|profile| {
            let by = if profile.starts_with("arn:") { "Arn" } else { "Name" };
            format!("IamInstanceProfile:{{{by}:IamInstanceProfile}}")
        }));
        let groups = has("SecurityGroups");
        let public = if mended.hidden { Some(false) } else { self.public_address };
        match public {
            Some(public) => {
                let groups = if groups { ",Groups:SecurityGroups" } else { "" };
                all.push(format!(
                    "NetworkInterfaces:[{{DeviceIndex:`0`,AssociatePublicIpAddress:`{public}`{groups}}}]"
                ));
            }
            None if groups => all.push("SecurityGroupIds:SecurityGroups".into()),
            None => {}
        }
        let tokens = if mended.tokens { Some("required") } else { self.tokens.as_deref() };
        let hops = if mended.hops { Some(1) } else { self.hops };
        let metadata: Vec<String> =
            (tokens.map(|tokens| format!("HttpTokens:'{tokens}'")).into_iter())
                .chain(hops.map(|hops| format!("HttpPutResponseHopLimit:`{hops}`")))
                .collect();
        if !metadata.is_empty() {
            all.push(format!("MetadataOptions:{{{}}}", metadata.join(",")));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_copy_all_that_there_is_without_showing_user_data() {
        let launch = Launch {
            name: "web v1".into(),
            public_address: Some(true),
            profile: Some("web".into()),
            parts: ["ImageId", "UserData", "SecurityGroups"].map(String::from).into(),
            ..Launch::default()
        };
        let mended = Mended { tokens: true, ..Mended::default() };
        let place = Place::new("111122223333", "eu-west-1");
        assert_eq!(
            launch.commands(&place, &["web"], mended),
            [
                "aws autoscaling describe-launch-configurations --region eu-west-1 --launch-configuration-names \
                 'web v1' --query 'LaunchConfigurations[0].{ImageId:ImageId,UserData:UserData,\
                 IamInstanceProfile:{Name:IamInstanceProfile},NetworkInterfaces:[{DeviceIndex:`0`,\
                 AssociatePublicIpAddress:`true`,Groups:SecurityGroups}],MetadataOptions:{HttpTokens:'\\''required'\\''}}' \
                 > 'web v1.json'",
                "aws ec2 create-launch-template --region eu-west-1 --launch-template-name 'web v1' \
                 --launch-template-data file://'web v1.json'",
                "aws autoscaling update-auto-scaling-group --region eu-west-1 --auto-scaling-group-name web \
                 --launch-template 'LaunchTemplateName=web v1,Version=$Latest'",
            ]
        );
    }
}
