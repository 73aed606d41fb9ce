//! Tells a person of a distribution that no web ACL stands before.
//!
//! Which rules its viewers can live with is for people to say.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionId, DistributionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct AssociateDistributionAcl;

impl Remediation for AssociateDistributionAcl {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/associate_distribution_acl",
        title: "Tell of a distribution without a web ACL",
        triggers: &[
            Trigger::control("CloudFront.6"),
            Trigger::config_rule("CLOUDFRONT_ASSOCIATED_WITH_WAF"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No web ACL is chosen or made: one that does not fit shuts viewers out.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(
        &self,
        distribution: &Distribution,
        case: &Case<'_>,
    ) -> Plan<Swap<DistributionSetting>> {
        let id = DistributionId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !distribution.acl) else { return Plan::none() };
        let edit = |jq: &str| {
            [
                format!("aws cloudfront get-distribution-config --id {id} > {id}.json"),
                format!(
                    "jq {} {id}.json > {id}-new.json",
                    remedy::quoted(&format!(".DistributionConfig | {jq}"))
                ),
                format!(
                    "aws cloudfront update-distribution --id {id} --if-match \"$(jq -r .ETag {id}.json)\" \
                     --distribution-config file://{id}-new.json"
                ),
            ]
        };
        Plan::by_hand(
            "no web ACL stands before it",
            "people know which rules its viewers can live with; the web ACL must be of scope CLOUDFRONT, in us-east-1",
            edit(r#".WebACLId = "WEB_ACL_ARN""#),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const SHOP: &str = "arn:aws:cloudfront::111122223333:distribution/E1";

    #[test]
    fn a_person_is_told_unless_it_is_right() {
        for (shop, told) in [
            (Distribution::default(), 1),
            (Distribution { acl: true, ..Distribution::default() }, 0),
        ] {
            check(&AssociateDistributionAcl, &shop, &signal(SHOP), &[]);
            let plan =
                AssociateDistributionAcl.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, 3 * told));
        }
    }
}
