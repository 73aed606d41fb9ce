//! Tells a person of a distribution none of whose origins stands in for another.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionId, DistributionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ShareOrigins;

impl Remediation for ShareOrigins {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/share_origins",
        title: "Tell of a distribution without origins that stand in for one another",
        triggers: &[
            Trigger::control("CloudFront.4"),
            Trigger::config_rule("CLOUDFRONT_ORIGIN_FAILOVER_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No origin is made up: what stands in must have what the other one has.",
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
        let Some(id) = id.filter(|_| distribution.origin_groups == 0) else { return Plan::none() };
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
            "no origin stands in for another",
            "it takes a second origin that has what the first one has",
            edit(
                r#".OriginGroups = {"Quantity": 1, "Items": [{"Id": "GROUP", "FailoverCriteria": {"StatusCodes": {"Quantity": 3, "Items": [500, 502, 503]}}, "Members": {"Quantity": 2, "Items": [{"OriginId": "ORIGIN"}, {"OriginId": "OTHER_ORIGIN"}]}}]} | .DefaultCacheBehavior.TargetOriginId = "GROUP""#,
            ),
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
            (Distribution { origin_groups: 1, ..Distribution::default() }, 0),
        ] {
            check(&ShareOrigins, &shop, &signal(SHOP), &[]);
            let plan = ShareOrigins.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, 3 * told));
        }
    }
}
