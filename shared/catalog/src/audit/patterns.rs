//! What is to be watched for in an account, as the CIS benchmark and Security Hub say.

use remedy::Trigger;

/// Something that is watched for.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The control that asks for it.
    pub(super) control: Trigger,
    /// In the names of what is made for it.
    pub(super) name: &'static str,
    /// What happens when it is found.
    pub(super) about: &'static str,
    /// How records of it are told: as Security Hub wants it.
    pub(super) filter: &'static str,
    /// The same as others have it, which is as good.
    pub(super) or: &'static [&'static str],
}

impl Pattern {
    /// The one that a control asks for.
    pub(super) fn of(trigger: &Trigger) -> Option<&'static Self> {
        ALL.iter().find(|pattern| pattern.control.is(trigger))
    }

    /// Whether `filter` says the same. Space and quotes say nothing here.
    pub(super) fn is(&self, filter: &str) -> bool {
        let filter = bare(filter);
        bare(self.filter) == filter || self.or.iter().any(|other| bare(other) == filter)
    }
}

fn bare(filter: &str) -> String {
    filter.chars().filter(|c| !c.is_whitespace() && *c != '"').collect()
}

const fn pattern(
    control: &'static str,
    name: &'static str,
    about: &'static str,
    filter: &'static str,
    or: &'static [&'static str],
) -> Pattern {
    Pattern { control: Trigger::control(control), name, about, filter, or }
}

/// All of them.
pub(super) const ALL: &[Pattern] = &[
    pattern(
        "CloudWatch.1",
        "root-use",
        "the root user was used",
        r#"{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}"#,
        &[
            r#"{($.userIdentity.type="Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType !="AwsServiceEvent")}"#,
        ],
    ),
    pattern(
        "CloudWatch.2",
        "denied-calls",
        "a call was denied",
        r#"{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}"#,
        &[],
    ),
    pattern(
        "CloudWatch.3",
        "sign-in-without-mfa",
        "somebody signed in to the console without MFA",
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }"#,
        &[r#"{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes")}"#],
    ),
    pattern(
        "CloudWatch.4",
        "iam-policy-changes",
        "an IAM policy was changed",
        "{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}",
        &[
            "{($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy)}",
        ],
    ),
    pattern(
        "CloudWatch.5",
        "trail-changes",
        "a trail was changed",
        "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}",
        &[],
    ),
    pattern(
        "CloudWatch.6",
        "sign-in-failures",
        "signing in to the console failed",
        r#"{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}"#,
        &[],
    ),
    pattern(
        "CloudWatch.7",
        "key-removals",
        "a KMS key was disabled or will be deleted",
        "{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}",
        &[],
    ),
    pattern(
        "CloudWatch.8",
        "bucket-policy-changes",
        "the policy of an S3 bucket was changed",
        "{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || ($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || ($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || ($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || ($.eventName=DeleteBucketReplication))}",
        &[],
    ),
    pattern(
        "CloudWatch.9",
        "config-changes",
        "AWS Config was changed",
        "{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || ($.eventName=PutConfigurationRecorder))}",
        &[],
    ),
    pattern(
        "CloudWatch.10",
        "security-group-changes",
        "a security group was changed",
        "{($.eventName=AuthorizeSecurityGroupIngress) || ($.eventName=AuthorizeSecurityGroupEgress) || ($.eventName=RevokeSecurityGroupIngress) || ($.eventName=RevokeSecurityGroupEgress) || ($.eventName=CreateSecurityGroup) || ($.eventName=DeleteSecurityGroup)}",
        &[],
    ),
    pattern(
        "CloudWatch.11",
        "network-acl-changes",
        "a network ACL was changed",
        "{($.eventName=CreateNetworkAcl) || ($.eventName=CreateNetworkAclEntry) || ($.eventName=DeleteNetworkAcl) || ($.eventName=DeleteNetworkAclEntry) || ($.eventName=ReplaceNetworkAclEntry) || ($.eventName=ReplaceNetworkAclAssociation)}",
        &[],
    ),
    pattern(
        "CloudWatch.12",
        "gateway-changes",
        "a network gateway was changed",
        "{($.eventName=CreateCustomerGateway) || ($.eventName=DeleteCustomerGateway) || ($.eventName=AttachInternetGateway) || ($.eventName=CreateInternetGateway) || ($.eventName=DeleteInternetGateway) || ($.eventName=DetachInternetGateway)}",
        &[],
    ),
    pattern(
        "CloudWatch.13",
        "route-table-changes",
        "a route table was changed",
        "{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}",
        &[
            "{($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable)}",
        ],
    ),
    pattern(
        "CloudWatch.14",
        "vpc-changes",
        "a VPC was changed",
        "{($.eventName=CreateVpc) || ($.eventName=DeleteVpc) || ($.eventName=ModifyVpcAttribute) || ($.eventName=AcceptVpcPeeringConnection) || ($.eventName=CreateVpcPeeringConnection) || ($.eventName=DeleteVpcPeeringConnection) || ($.eventName=RejectVpcPeeringConnection) || ($.eventName=AttachClassicLinkVpc) || ($.eventName=DetachClassicLinkVpc) || ($.eventName=DisableVpcClassicLink) || ($.eventName=EnableVpcClassicLink)}",
        &[],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_control_has_one_and_none_is_anothers() {
        let names: BTreeSet<_> = ALL.iter().map(|pattern| pattern.name).collect();
        assert_eq!(names.len(), 14);
        for (nth, pattern) in ALL.iter().enumerate() {
            assert_eq!(pattern.control.name(), format!("CloudWatch.{}", nth + 1));
            let its: Vec<_> = ALL.iter().filter(|other| other.is(pattern.filter)).collect();
            assert_eq!(its.len(), 1, "{}", pattern.name);
            let pairs = pattern.filter.matches('(').count() == pattern.filter.matches(')').count();
            assert!(pairs && pattern.filter.starts_with('{') && pattern.filter.ends_with('}'));
            // CloudWatch Logs takes no more.
            assert!(pattern.filter.len() <= 1_024, "{}", pattern.name);
        }
    }

    #[test]
    fn space_and_quotes_say_nothing() {
        let root = Pattern::of(&Trigger::control("cloudwatch.1")).unwrap();
        assert!(root.is(r"{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }"));
        assert!(!root.is(r#"{ $.userIdentity.type = "Root" }"#));
        assert!(Pattern::of(&Trigger::control("CloudWatch.15")).is_none());
    }
}
