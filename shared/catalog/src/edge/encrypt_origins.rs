//! Tells a person of origins of a distribution that are spoken to in plain or by old protocols.
//!
//! Whether a server can do better is not seen from here: one that cannot would be gone for all viewers.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionId, DistributionSetting, OriginKind, ViewerPolicy};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptOrigins;

impl Remediation for EncryptOrigins {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/encrypt_origins",
        title: "Tell of origins that a distribution speaks to in plain or by old protocols",
        triggers: &[
            Trigger::control("CloudFront.9"),
            Trigger::control("CloudFront.10"),
            Trigger::config_rule("CLOUDFRONT_TRAFFIC_TO_ORIGIN_ENCRYPTED"),
            Trigger::config_rule("CLOUDFRONT_NO_DEPRECATED_SSL_PROTOCOLS"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "All origins are looked at, not the first one only; none is cut off that may know no better.",
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
        let open = distribution.viewers.values().any(|policy| *policy == ViewerPolicy::AllowAll);
        let is_wrong = |kind: &OriginKind| match kind {
            OriginKind::Bucket | OriginKind::Private => false,
            OriginKind::Server { policy, protocols } => {
                policy == "http-only"
                    || (policy == "match-viewer" && open)
                    || protocols.iter().any(|protocol| protocol == "SSLv3")
            }
        };
        let wrong: Vec<_> =
            distribution.origins.iter().filter(|origin| is_wrong(&origin.kind)).collect();
        let id = DistributionId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !wrong.is_empty()) else { return Plan::none() };
        let edits: Vec<String> = (wrong.iter())
            .map(|origin| {
                let name = serde_json::Value::from(origin.id.as_str());
                format!(
                    "(.Origins.Items[] | select(.Id == {name}) | .CustomOriginConfig) |= (.OriginProtocolPolicy = \
                     \"https-only\" | .OriginSslProtocols = {{\"Quantity\": 1, \"Items\": [\"TLSv1.2\"]}})"
                )
            })
            .collect();
        let domains: Vec<_> = wrong.iter().map(|origin| origin.domain.as_str()).collect();
        Plan::by_hand(
            format!("spoken to in plain or by old protocols: {}", domains.join(", ")),
            "an origin that does not speak HTTPS with TLS 1.2 would be gone for all viewers; look first",
            [
                format!("aws cloudfront get-distribution-config --id {id} > {id}.json"),
                format!(
                    "jq {} {id}.json > {id}-new.json",
                    remedy::quoted(&format!(".DistributionConfig | {}", edits.join(" | ")))
                ),
                format!(
                    "aws cloudfront update-distribution --id {id} --if-match \"$(jq -r .ETag {id}.json)\" \
                     --distribution-config file://{id}-new.json"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::edge::Origin;

    const SHOP: &str = "arn:aws:cloudfront::111122223333:distribution/E1";

    #[test]
    fn every_origin_that_is_spoken_to_in_plain_is_told_of() {
        let server = |domain: &str, policy: &str, protocols: &[&str]| Origin {
            id: domain.into(),
            domain: domain.into(),
            kind: OriginKind::Server {
                policy: policy.into(),
                protocols: protocols.iter().map(|protocol| (*protocol).into()).collect(),
            },
        };
        let shop = |open| Distribution {
            viewers: [(String::new(), open)].into(),
            origins: vec![
                Origin::default(),
                server("a", "https-only", &["TLSv1.2"]),
                server("b", "http-only", &["TLSv1.2"]),
                server("c", "match-viewer", &["TLSv1.2"]),
                server("d", "https-only", &["SSLv3", "TLSv1"]),
            ],
            ..Distribution::default()
        };
        for (policy, domains) in
            [(ViewerPolicy::AllowAll, "b, c, d"), (ViewerPolicy::HttpsOnly, "b, d")]
        {
            let shop = shop(policy);
            check(&EncryptOrigins, &shop, &signal(SHOP), &[]);
            let plan = EncryptOrigins.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
            assert_eq!(
                plan.left[0].what,
                format!("spoken to in plain or by old protocols: {domains}")
            );
        }
        check(&EncryptOrigins, &Distribution::default(), &signal(SHOP), &[]);
    }
}
