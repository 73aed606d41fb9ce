//! The calls that change a group's rules, and what EC2 answers to them.

use aws_sdk_ec2::{
    error::{ProvideErrorMetadata, SdkError},
    types::IpPermission,
};
use catalog::ec2::{Rule, Way};
use runtime::Error;

use crate::{read::Group, rules};

/// Why a call changed nothing: it was refused as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// EC2's code; empty if EC2 did not answer.
    pub(crate) code: String,
    pub(crate) error: Error,
}

/// Which rules are to go.
#[derive(Debug)]
pub(crate) enum Which {
    Ids(Vec<String>),
    /// For one that has no id.
    Permission(IpPermission),
}

impl Refusal {
    /// One of the rules is not there any more.
    pub(crate) fn is_gone(&self) -> bool {
        ["InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound"]
            .contains(&self.code.as_str())
    }
    /// The whole group is not there any more.
    pub(crate) fn is_group_gone(&self) -> bool {
        ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"].contains(&self.code.as_str())
    }
    /// Another try may do.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self.error, Error::Transient(_))
    }
}

impl Group<'_> {
    /// Takes rules out, all or none; whether they were there. EC2 says so of permissions only where the
    /// VPC is the default one: elsewhere what is not there is an error.
    pub(crate) async fn revoke_these(&self, way: Way, which: Which) -> Result<bool, Refusal> {
        let (ids, permissions) = match which {
            Which::Ids(ids) => (Some(ids), None),
            Which::Permission(permission) => (None, Some(vec![permission])),
        };
        let ec2 = &self.ec2.client;
        let unknown = match way {
            Way::Ingress => {
                let call = ec2.revoke_security_group_ingress().group_id(self.id);
                let call = call.set_security_group_rule_ids(ids).set_ip_permissions(permissions);
                let answer = call.send().await;
                answer.map_err(|error| self.refusal("revoke", way, &error))?.unknown_ip_permissions
            }
            Way::Egress => {
                let call = ec2.revoke_security_group_egress().group_id(self.id);
                let call = call.set_security_group_rule_ids(ids).set_ip_permissions(permissions);
                let answer = call.send().await;
                answer.map_err(|error| self.refusal("revoke", way, &error))?.unknown_ip_permissions
            }
        };
        Ok(unknown.unwrap_or_default().is_empty())
    }

    /// Puts a rule in; its new id, or `None` if it was there.
    pub(crate) async fn authorize(&self, way: Way, rule: &Rule) -> Result<Option<String>, Error> {
        let permissions = Some(vec![rules::permission(rule)]);
        let tags = rules::tag_specification(rule).map(|tags| vec![tags]);
        let ec2 = &self.ec2.client;
        let made = match way {
            Way::Ingress => {
                let call = ec2.authorize_security_group_ingress().group_id(self.id);
                let call = call.set_ip_permissions(permissions).set_tag_specifications(tags);
                let answer = call.send().await;
                answer
                    .map(|answer| answer.security_group_rules)
                    .map_err(|error| self.refusal("authorize", way, &error))
            }
            Way::Egress => {
                let call = ec2.authorize_security_group_egress().group_id(self.id);
                let call = call.set_ip_permissions(permissions).set_tag_specifications(tags);
                let answer = call.send().await;
                answer
                    .map(|answer| answer.security_group_rules)
                    .map_err(|error| self.refusal("authorize", way, &error))
            }
        };
        match made {
            Ok(made) => {
                let made = made.unwrap_or_default().into_iter().next();
                Ok(Some(made.and_then(|rule| rule.security_group_rule_id).unwrap_or_default()))
            }
            Err(refusal) if refusal.code == "InvalidPermission.Duplicate" => Ok(None),
            Err(refusal) => Err(refusal.error),
        }
    }

    fn refusal<E>(&self, verb: &str, way: Way, error: &SdkError<E>) -> Refusal
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let (way, action) = match way {
            Way::Ingress => ("ingress", "Ingress"),
            Way::Egress => ("egress", "Egress"),
        };
        let needs = match verb {
            "revoke" => format!("ec2:RevokeSecurityGroup{action}"),
            _ => format!("ec2:AuthorizeSecurityGroup{action}"),
        };
        let what = format!("{verb} {way} rules of security group {}", self.id);
        Refusal {
            code: error.code().unwrap_or_default().to_owned(),
            error: self.ec2.failed(&what, &needs, error),
        }
    }
}
