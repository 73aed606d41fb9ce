//! Tells a person of a distribution that shows the certificate of `CloudFront`.
//!
//! One of its own takes a name that somebody owns.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionId, DistributionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct CertifyDistribution;

impl Remediation for CertifyDistribution {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/certify_distribution",
        title: "Tell of a distribution without a certificate of its own",
        triggers: &[
            Trigger::control("CloudFront.7"),
            Trigger::config_rule("CLOUDFRONT_CUSTOM_SSL_CERTIFICATE"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No certificate is asked for: that takes a name that somebody owns.",
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
        let Some(id) = id.filter(|_| !distribution.certified) else { return Plan::none() };
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
            "it has no certificate of its own",
            "it takes a name of its own and a certificate for that, in us-east-1",
            edit(
                r#".Aliases = {"Quantity": 1, "Items": ["NAME"]} | .ViewerCertificate = {"ACMCertificateArn": "CERTIFICATE_ARN", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}"#,
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
            (Distribution { certified: true, ..Distribution::default() }, 0),
        ] {
            check(&CertifyDistribution, &shop, &signal(SHOP), &[]);
            let plan = CertifyDistribution.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, 3 * told));
        }
    }
}
