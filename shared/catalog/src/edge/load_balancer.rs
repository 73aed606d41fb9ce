//! Facet: how a load balancer is set up: what it protects from, and what it writes down.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::word;

/// A load balancer as it ends its ARN, such as `app/web/50dc6c495c0c9188`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBalancerId(pub String);

/// The kinds of load balancer of the second generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Understands HTTP.
    #[default]
    Application,
    /// Passes connections on.
    Network,
    /// Passes packets on to appliances.
    Gateway,
}

/// How strictly requests are treated that servers may understand differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Desync {
    /// All pass.
    Monitor,
    /// What is known to be harmful does not pass.
    Defensive,
    /// Only what keeps the standard passes.
    Strictest,
}

/// Where access logs go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogPlace {
    /// The bucket.
    pub bucket: String,
    /// What their names begin with; may be empty.
    pub prefix: String,
}

/// A load balancer, as far as its attributes go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadBalancer {
    /// What kind it is.
    pub kind: Kind,
    /// The Availability Zones that it is in.
    pub zones: BTreeSet<String>,
    /// Whether it is kept from being deleted.
    pub deletion_protection: bool,
    /// Whether it drops header fields that are not valid; none: it does not look at them.
    pub drops_invalid_headers: Option<bool>,
    /// How it treats ambiguous requests; none: it does not look at them.
    pub desync: Option<Desync>,
    /// Where its access logs go, if they are on.
    pub logs: Option<LogPlace>,
    /// Where they would go: what was set before they were turned off.
    pub idle_logs: Option<LogPlace>,
    /// The load balancer's tags.
    pub tags: Tags,
}

/// What a load balancer is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadBalancerSetting {
    /// Whether it is kept from being deleted.
    DeletionProtection(bool),
    /// Whether it drops header fields that are not valid.
    DropInvalidHeaders(bool),
    /// How it treats ambiguous requests.
    Desync(Desync),
    /// Where its access logs go; none: they are off.
    Logs(Option<LogPlace>),
}

/// All of the second generation: the name of a classic one has no slash.
const BALANCERS: &str =
    "arn:${AWS::Partition}:elasticloadbalancing:*:${AWS::AccountId}:loadbalancer/*/*/*";
const MODIFY: &[Action] =
    &[Action::on(BALANCERS, "elasticloadbalancing:ModifyLoadBalancerAttributes").tagged()];

impl LoadBalancerId {
    /// The name that people gave it.
    pub fn name(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or_default()
    }
    /// `resource` of an ARN without its first word, if it ends in `parts` words after a kind.
    pub(super) fn path(resource: &str, first: &str, parts: usize) -> Option<String> {
        let path = resource.strip_prefix(first)?.strip_prefix('/')?;
        let words: Vec<&str> = path.split('/').collect();
        let is_word =
            |w: &&str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let kind = words.first().is_some_and(|kind| ["app", "net", "gwy"].contains(kind));
        (kind && words.len() == parts + 1 && words.iter().all(is_word)).then(|| path.to_owned())
    }
}

impl Id for LoadBalancerId {
    const TYPE: &'static str = "AWS::ElasticLoadBalancingV2::LoadBalancer";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "elasticloadbalancing")?;
        Self::path(arn.resource, "loadbalancer", 2).map(Self)
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{self}")
    }
    fn link(&self, place: &Place) -> String {
        let (console, region, arn) = (place.console(), &place.region, self.arn(place));
        format!("{console}/ec2/home?region={region}#LoadBalancer:loadBalancerArn={arn}")
    }
}

impl fmt::Display for LoadBalancerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Facet for LoadBalancer {
    type Id = LoadBalancerId;
    type Change = Swap<LoadBalancerSetting>;

    const NAME: &'static str = "load balancer";
    const READS: &'static [Action] = &[
        Action::on("*", "elasticloadbalancing:DescribeLoadBalancerAttributes"),
        Action::on("*", "elasticloadbalancing:DescribeLoadBalancers"),
        Action::on("*", "elasticloadbalancing:DescribeTags"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<LoadBalancerSetting>) -> Self {
        match &change.to {
            LoadBalancerSetting::DeletionProtection(on) => self.deletion_protection = *on,
            LoadBalancerSetting::DropInvalidHeaders(on) => self.drops_invalid_headers = Some(*on),
            LoadBalancerSetting::Desync(mode) => self.desync = Some(*mode),
            LoadBalancerSetting::Logs(place) => self.logs.clone_from(place),
        }
        self
    }

    /// Where logs would go that are off makes no difference to anybody.
    fn same(&self, other: &Self) -> bool {
        Self { idle_logs: other.idle_logs.clone(), ..self.clone() } == *other
    }

    fn commands(
        place: &Place,
        id: &LoadBalancerId,
        changes: &[Swap<LoadBalancerSetting>],
    ) -> Vec<String> {
        let attributes = changes.iter().flat_map(|change| change.to.attributes());
        let words: Vec<_> =
            attributes.map(|(key, value)| quoted(&format!("Key={key},Value={value}"))).collect();
        if words.is_empty() {
            return Vec::new();
        }
        vec![format!(
            "aws elbv2 modify-load-balancer-attributes --region {} --load-balancer-arn {} --attributes {}",
            place.region,
            id.arn(place),
            words.join(" ")
        )]
    }
}

impl LoadBalancerSetting {
    /// The attributes that say so, as AWS calls them.
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::DeletionProtection(on) => vec![("deletion_protection.enabled", on.to_string())],
            Self::DropInvalidHeaders(on) => {
                vec![("routing.http.drop_invalid_header_fields.enabled", on.to_string())]
            }
            Self::Desync(mode) => vec![("routing.http.desync_mitigation_mode", mode.to_string())],
            Self::Logs(None) => vec![("access_logs.s3.enabled", "false".into())],
            Self::Logs(Some(LogPlace { bucket, prefix })) => vec![
                ("access_logs.s3.enabled", "true".into()),
                ("access_logs.s3.bucket", bucket.clone()),
                ("access_logs.s3.prefix", prefix.clone()),
            ],
        }
    }
}

impl Setting for LoadBalancerSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for Desync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Monitor => "monitor",
            Self::Defensive => "defensive",
            Self::Strictest => "strictest",
        })
    }
}

impl fmt::Display for LoadBalancerSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeletionProtection(on) => write!(f, "deletion protection {}", word(*on)),
            Self::DropInvalidHeaders(on) => {
                write!(f, "dropping of invalid header fields {}", word(*on))
            }
            Self::Desync(mode) => write!(f, "desync mitigation {mode}"),
            Self::Logs(None) => f.write_str("access logs off"),
            Self::Logs(Some(LogPlace { bucket, prefix })) if prefix.is_empty() => {
                write!(f, "access logs to {bucket}")
            }
            Self::Logs(Some(LogPlace { bucket, prefix })) => {
                write!(f, "access logs to {bucket}/{prefix}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_load_balancer_of_the_second_generation_is_located() {
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer";
        for path in
            ["app/web/50dc6c495c0c9188", "net/web/50dc6c495c0c9188", "gwy/web/50dc6c495c0c9188"]
        {
            let id = LoadBalancerId::locate(&format!("{arn}/{path}")).unwrap();
            assert_eq!((id.0.as_str(), id.name()), (path, "web"));
        }
        for other in [
            "web",
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/web",
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/",
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/w b/1",
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/2",
            "arn:aws:ec2:eu-west-1:111122223333:loadbalancer/app/web/1",
            "",
        ] {
            assert_eq!(LoadBalancerId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn the_attributes_of_several_changes_are_set_by_one_command() {
        let on = |from, to| Swap { from, to };
        let commands = LoadBalancer::commands(
            &Place::new("111122223333", "eu-west-1"),
            &LoadBalancerId("app/web/1".into()),
            &[
                on(
                    LoadBalancerSetting::Desync(Desync::Monitor),
                    LoadBalancerSetting::Desync(Desync::Defensive),
                ),
                on(
                    LoadBalancerSetting::Logs(None),
                    LoadBalancerSetting::Logs(Some(LogPlace {
                        bucket: "logs".into(),
                        prefix: "a b".into(),
                    })),
                ),
            ],
        );
        assert_eq!(
            commands,
            ["aws elbv2 modify-load-balancer-attributes --region eu-west-1 --load-balancer-arn \
              arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1 --attributes \
              Key=routing.http.desync_mitigation_mode,Value=defensive Key=access_logs.s3.enabled,Value=true \
              Key=access_logs.s3.bucket,Value=logs 'Key=access_logs.s3.prefix,Value=a b'"]
        );
    }
}
