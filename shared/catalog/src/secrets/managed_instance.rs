//! Facet: whether Systems Manager knows an instance.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

/// The id of an instance, such as `i-0a1b2c3d4e5f60718`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedInstanceId(pub String);

impl Id for ManagedInstanceId {
    const TYPE: &'static str = "AWS::EC2::Instance";

    fn locate(resource: &str) -> Option<Self> {
        let id = match Arn::parse(resource) {
            Some(arn) if arn.service == "ec2" => arn.resource.strip_prefix("instance/")?,
            Some(_) => return None,
            None => resource,
        };
        let digits = id.strip_prefix("i-")?;
        let is_id = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_alphanumeric());
        is_id.then(|| Self(id.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ec2:{region}:{account}:instance/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let (console, region) = (place.console(), &place.region);
        format!("{console}/ec2/home?region={region}#InstanceDetails:instanceId={self}")
    }
}

impl fmt::Display for ManagedInstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An instance, as far as Systems Manager knows it. Its tags are not read: nothing is done to it here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ManagedInstance {
    /// What its agent answered last, such as `Online`; nothing if it never did.
    pub answers: Option<String>,
}

impl Facet for ManagedInstance {
    type Id = ManagedInstanceId;
    type Change = Never;

    const NAME: &'static str = "management of an instance";
    const READS: &'static [Action] = &[Action::on("*", "ssm:DescribeInstanceInformation")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &ManagedInstanceId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_located_by_its_arn_and_by_its_id() {
        for name in ["i-0a1", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1"] {
            assert_eq!(ManagedInstanceId::locate(name), Some(ManagedInstanceId("i-0a1".into())));
        }
        for other in ["i-", "mi-0a1", "i-0/1", "arn:aws:ec2:eu-west-1:111122223333:volume/i-0a1"] {
            assert_eq!(ManagedInstanceId::locate(other), None, "{other}");
        }
    }
}
