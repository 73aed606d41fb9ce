//! Lets an instance's metadata service answer only those who show a token (version 2 of it), so that a server
//! that can be talked into fetching a URL gives no credentials away.
//!
//! Whether the service answers at all, and how far its tokens travel, stays as it is.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Instance, InstanceSetting, Tokens};

/// See the [module](self).
#[derive(Debug)]
pub struct RequireMetadataTokens;

impl Remediation for RequireMetadataTokens {
    type Facet = Instance;

    const SPEC: Spec = Spec {
        id: "ec2/require_metadata_tokens",
        title: "Require tokens for the metadata of an instance (IMDSv2)",
        triggers: &[Trigger::control("EC2.8"), Trigger::config_rule("EC2_IMDSV2_CHECK")],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only the tokens change: hop limit, endpoint and metadata tags stay as they are, and what a service such as EKS runs is held.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &Instance, _: &Case<'_>) -> Plan<Swap<InstanceSetting>> {
        let is = InstanceSetting::Metadata(instance.metadata);
        Swap::of(is, InstanceSetting::Metadata(Tokens::Required)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet as _, Place,
        check::{check, signal},
    };

    use super::*;
    use crate::ec2::InstanceId;

    const WEB: &str = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a";

    fn instance(metadata: Tokens) -> Instance {
        Instance { state: "running".into(), metadata, ..Instance::default() }
    }

    #[test]
    fn an_instance_that_answers_without_a_token_stops_to() {
        let expected = ["set metadata tokens required (it is metadata tokens optional)"];
        for named in [WEB, "i-0a"] {
            check(&RequireMetadataTokens, &instance(Tokens::Optional), &signal(named), &expected);
        }
    }

    #[test]
    fn one_that_wants_a_token_already_is_left_alone() {
        check(&RequireMetadataTokens, &instance(Tokens::Required), &signal(WEB), &[]);
    }

    #[test]
    fn what_a_service_runs_is_that_services() {
        let operated = |by: &str| Instance { operator: Some(by.into()), ..Instance::default() };
        let owner = |by| operated(by).owner().map(|owner| owner.to_string());
        assert_eq!(owner("eks.amazonaws.com").unwrap(), "eks (the service eks.amazonaws.com)");
        assert_eq!(Instance::default().owner(), None);
    }

    #[test]
    fn the_command_names_nothing_but_the_tokens() {
        let is = InstanceSetting::Metadata(Tokens::Optional);
        let change = Swap::of(is, InstanceSetting::Metadata(Tokens::Required)).unwrap();
        let place = Place::new("111122223333", "eu-west-1");
        assert_eq!(
            Instance::commands(&place, &InstanceId("i-0a".into()), &[change]),
            ["aws ec2 modify-instance-metadata-options --region eu-west-1 --instance-id i-0a \
              --http-tokens required"]
        );
    }
}
