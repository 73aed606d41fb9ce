//! Tells a person of a distribution that keeps addresses of its own, which is paid for.
//!
//! Very old viewers may need them.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionId, DistributionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct UseServerNames;

impl Remediation for UseServerNames {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/use_server_names",
        title: "Tell of a distribution with dedicated addresses",
        triggers: &[
            Trigger::control("CloudFront.8"),
            Trigger::config_rule("CLOUDFRONT_SNI_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nobody is shut out: viewers that cannot name the server they call may be why it is so.",
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
        let Some(id) = id.filter(|_| distribution.dedicated) else { return Plan::none() };
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
            "it keeps addresses of its own for viewers that do not name the server they call",
            "such viewers could no longer connect",
            edit(r#".ViewerCertificate.SSLSupportMethod = "sni-only""#),
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
            (Distribution { dedicated: true, ..Distribution::default() }, 1),
            (Distribution::default(), 0),
        ] {
            check(&UseServerNames, &shop, &signal(SHOP), &[]);
            let plan = UseServerNames.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, 3 * told));
        }
    }
}
