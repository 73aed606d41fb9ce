//! Tells a person of a distribution that does not write down who calls it.
//!
//! That takes a bucket with access control lists, which is for people to give.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionId, DistributionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogDistribution;

impl Remediation for LogDistribution {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/log_distribution",
        title: "Tell of a distribution that writes no accesses down",
        triggers: &[
            Trigger::control("CloudFront.5"),
            Trigger::config_rule("CLOUDFRONT_ACCESSLOGS_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No bucket is opened for the logs: that takes an access control list on it.",
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
        let Some(id) = id.filter(|_| !distribution.logs) else { return Plan::none() };
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
            "accesses are not written down",
            "it takes a bucket that allows access control lists, since CloudFront writes by one",
            edit(
                r#".Logging = {"Enabled": true, "IncludeCookies": false, "Bucket": "BUCKET.s3.amazonaws.com", "Prefix": ""}"#,
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
            (Distribution { logs: true, ..Distribution::default() }, 0),
        ] {
            check(&LogDistribution, &shop, &signal(SHOP), &[]);
            let plan = LogDistribution.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, 3 * told));
        }
    }
}
