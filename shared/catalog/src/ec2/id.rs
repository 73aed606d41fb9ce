//! The ids of what EC2 names by a prefix and letters, such as `i-0a1b`.

use remedy::Arn;

/// The id that `resource` names: `prefix` and what follows it, bare or at the end of an ARN of this `kind`.
pub(super) fn located(resource: &str, kind: &str, prefix: &str) -> Option<String> {
    let id = match Arn::parse(resource) {
        Some(arn) if arn.service == "ec2" => arn.resource.strip_prefix(kind)?.strip_prefix('/')?,
        Some(_) => return None,
        None => resource,
    };
    let rest = id.strip_prefix(prefix)?;
    let named = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    named.then(|| id.to_owned())
}

/// Makes the type of an id: `ec2_id!(InstanceId, "AWS::EC2::Instance", "instance", "i-", "/ec2/...")`. The
/// last is the page of the web console; `{region}` and `{id}` stand for what they say.
macro_rules! ec2_id {
    ($(#[$doc:meta])* $name:ident, $type:literal, $kind:literal, $prefix:literal, $page:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub String);

        impl remedy::Id for $name {
            const TYPE: &'static str = $type;

            fn locate(resource: &str) -> Option<Self> {
                super::id::located(resource, $kind, $prefix).map(Self)
            }
            fn arn(&self, place: &remedy::Place) -> String {
                let remedy::Place { partition, account, region } = place;
                format!("arn:{partition}:ec2:{region}:{account}:{}/{self}", $kind)
            }
            fn link(&self, place: &remedy::Place) -> String {
                let page = $page.replace("{region}", &place.region).replace("{id}", &self.0);
                format!("{}{page}", place.console())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(super) use ec2_id;

#[cfg(test)]
mod tests {
    use remedy::{Id as _, Place};

    use crate::ec2::{InstanceId, VpcId};

    #[test]
    fn an_id_is_found_bare_and_in_an_arn_of_its_kind() {
        let id = InstanceId("i-0a1b".into());
        let place = Place::new("111122223333", "eu-west-1");
        let arn = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b";
        assert_eq!(id.arn(&place), arn);
        assert_eq!(InstanceId::locate(arn), Some(id.clone()));
        assert_eq!(InstanceId::locate("i-0a1b"), Some(id.clone()));
        assert_eq!(
            id.link(&place),
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1\
             #InstanceDetails:instanceId=i-0a1b"
        );
    }

    #[test]
    fn nothing_else_is() {
        for other in [
            "",
            "i-",
            "i-1 i-2",
            "i-1/../i-2",
            "vpc-1",
            "AWS::::Account:111122223333",
            "arn:aws:ec2:eu-west-1:111122223333:instance/",
            "arn:aws:ec2:eu-west-1:111122223333:instances/i-1",
            "arn:aws:ec2:eu-west-1:111122223333:volume/i-1",
            "arn:aws:ssm:eu-west-1:111122223333:instance/i-1",
        ] {
            assert_eq!(InstanceId::locate(other), None, "{other}");
        }
        assert_eq!(VpcId::locate("arn:aws:ec2:eu-west-1:1:vpc-flow-log/vpc-1"), None);
    }
}
