//! Who looks after a resource: whoever does puts it back, and should be the one to mend it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Tags;

/// Something other than a person that made a resource and keeps it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// One of [`Owner::KINDS`].
    pub kind: String,
    /// Where to mend it instead: a stack and logical id, a cluster, a tag.
    pub place: String,
}

impl Owner {
    /// The owners that can be recognised, as `AllowedOwners` takes them.
    pub const KINDS: &'static [&'static str] = &[
        "cloudformation",
        "control-tower",
        "directory-service",
        "eks",
        "elastic-beanstalk",
        "elb",
        "emr",
        "iac",
        "rds",
    ];

    /// An owner of one of the [`KINDS`](Self::KINDS).
    pub fn new(kind: &'static str, place: impl Into<String>) -> Self {
        debug_assert!(Self::KINDS.contains(&kind), "{kind} is not in Owner::KINDS");
        Self { kind: kind.into(), place: place.into() }
    }

    /// The owner that `tags` tell of. `iac` are the keys, or `key=value` pairs, that Terraform and its
    /// like are recognised by here.
    ///
    /// Keys that begin with `aws:` cannot be set by users, so they come first.
    pub fn of(tags: &Tags, iac: &[String]) -> Option<Self> {
        let tag = |key: &str| tags.get(key);
        if let Some(stack) = tag("aws:cloudformation:stack-name") {
            let resource = tag("aws:cloudformation:logical-id").map_or("unknown", String::as_str);
            return Some(if stack.contains("AWSControlTower") {
                Self::new("control-tower", format!("stack {stack}, resource {resource}"))
            } else {
                Self::new("cloudformation", format!("stack {stack}, resource {resource}"))
            });
        }
        if let Some(cluster) = tag("aws:eks:cluster-name") {
            return Some(Self::new("eks", format!("cluster {cluster}")));
        }
        for key in ["elbv2.k8s.aws/cluster", "ingress.k8s.aws/stack", "service.k8s.aws/stack"] {
            if let Some(cluster) = tag(key) {
                return Some(Self::new("elb", format!("load balancer controller, {cluster}")));
            }
        }
        for (key, value) in tags {
            if let Some(cluster) = key.strip_prefix("kubernetes.io/cluster/")
                && value == "owned"
            {
                return Some(Self::new("eks", format!("cluster {cluster}")));
            }
            if key.starts_with("elasticbeanstalk:") {
                return Some(Self::new("elastic-beanstalk", format!("{key}={value}")));
            }
            if key.starts_with("aws:elasticmapreduce:") {
                return Some(Self::new("emr", format!("{key}={value}")));
            }
        }
        let marked = iac.iter().find_map(|mark| match mark.split_once('=') {
            Some((key, value)) => {
                tag(key).filter(|v| v.eq_ignore_ascii_case(value)).map(|v| (key, v))
            }
            None => tag(mark).map(|v| (mark.as_str(), v)),
        });
        marked.map(|(key, value)| Self::new("iac", format!("tag {key}={value}")))
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(tags: &[(&str, &str)]) -> Option<String> {
        let tags = tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Owner::of(&tags, &["terraform".into(), "ManagedBy=terraform".into()]).map(|o| o.to_string())
    }

    #[test]
    fn owners_are_known_by_the_tags_they_leave() {
        type Case = (&'static [(&'static str, &'static str)], Option<&'static str>);
        let cases: &[Case] = &[
            (&[("Name", "web")], None),
            (
                &[
                    ("aws:cloudformation:stack-name", "shop"),
                    ("aws:cloudformation:logical-id", "Web"),
                ],
                Some("cloudformation (stack shop, resource Web)"),
            ),
            (
                &[("aws:cloudformation:stack-name", "StackSet-AWSControlTowerBP-VPC")],
                Some("control-tower (stack StackSet-AWSControlTowerBP-VPC, resource unknown)"),
            ),
            (&[("aws:eks:cluster-name", "prod")], Some("eks (cluster prod)")),
            (&[("kubernetes.io/cluster/prod", "owned")], Some("eks (cluster prod)")),
            (&[("kubernetes.io/cluster/prod", "shared")], None),
            (&[("elbv2.k8s.aws/cluster", "prod")], Some("elb (load balancer controller, prod)")),
            (
                &[("elasticbeanstalk:environment-name", "e")],
                Some("elastic-beanstalk (elasticbeanstalk:environment-name=e)"),
            ),
            (&[("terraform", "")], Some("iac (tag terraform=)")),
            (&[("ManagedBy", "Terraform")], Some("iac (tag ManagedBy=Terraform)")),
            (&[("ManagedBy", "ops")], None),
        ];
        for (tags, expected) in cases {
            assert_eq!(owner(tags).as_deref(), *expected, "{tags:?}");
        }
    }
}
