//! Tells a person of the buckets that a distribution takes what it shows from, so that they look which of
//! them is gone: whoever makes a bucket of that name is shown to all viewers.
//!
//! Every origin is named, not the first one only. The distribution is neither changed nor disabled.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
    quoted,
};

use super::{Distribution, DistributionId, DistributionSetting, Origin, OriginKind};

/// See the [module](self).
#[derive(Debug)]
pub struct CheckOrigins;

impl Remediation for CheckOrigins {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/check_origins",
        title: "Tell of a distribution that may show what is in a bucket of somebody else",
        triggers: &[
            Trigger::control("CloudFront.12"),
            Trigger::config_rule("CLOUDFRONT_S3_ORIGIN_NON_EXISTENT_BUCKET"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is disabled and no origin is swapped; every origin is looked at, websites of buckets too.",
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
        let mut buckets: Vec<&str> = distribution.origins.iter().filter_map(bucket).collect();
        buckets.sort_unstable();
        buckets.dedup();
        let id = DistributionId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !buckets.is_empty()) else { return Plan::none() };
        let account = &case.signal.place.account;
        let look = |bucket: &&str| {
            format!(
                "aws s3api head-bucket --bucket {} --expected-bucket-owner {account}",
                quoted(bucket)
            )
        };
        let mut commands: Vec<String> = buckets.iter().map(look).collect();
        commands.push(format!("aws cloudfront get-distribution-config --id {id}"));
        Plan::by_hand(
            format!("one of these buckets is reported missing: {}", buckets.join(", ")),
            "make a bucket of that name in this account at once (404), or take the origin out; what the viewers should see is for people to say",
            commands,
        )
    }
}

/// The bucket that an origin is, or that it is the website of.
fn bucket(origin: &Origin) -> Option<&str> {
    let end = match &origin.kind {
        OriginKind::Bucket => ".s3",
        OriginKind::Server { .. } => ".s3-website",
        OriginKind::Private => return None,
    };
    let domain = origin.domain.as_str();
    let ends = domain.ends_with(".amazonaws.com") || domain.ends_with(".amazonaws.com.cn");
    let at = domain.rfind(end).filter(|_| ends)?;
    domain.get(..at).filter(|bucket| !bucket.is_empty())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const SHOP: &str = "arn:aws:cloudfront::111122223333:distribution/E1";

    #[test]
    fn every_bucket_behind_it_is_named_and_nothing_is_disabled() {
        let origin = |domain: &str, kind| Origin { id: "o".into(), domain: domain.into(), kind };
        let server = || OriginKind::Server { policy: "http-only".into(), protocols: Vec::new() };
        let shop = Distribution {
            origins: vec![
                origin("shop.example.com", server()),
                origin("shop.s3.eu-west-1.amazonaws.com", OriginKind::Bucket),
                origin("img.shop.s3.amazonaws.com", OriginKind::Bucket),
                origin("site.s3-website.eu-west-1.amazonaws.com", server()),
                origin("old.s3-website-us-east-1.amazonaws.com", server()),
            ],
            ..Distribution::default()
        };
        check(&CheckOrigins, &shop, &signal(SHOP), &[]);
        let plan = CheckOrigins.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
        assert_eq!(
            plan.left[0].what,
            "one of these buckets is reported missing: img.shop, old, shop, site"
        );
        assert_eq!(plan.by_hand.len(), 5);
        assert_eq!(
            plan.by_hand[2],
            "aws s3api head-bucket --bucket shop --expected-bucket-owner 111122223333"
        );
        assert!(!plan.by_hand.iter().any(|command| command.contains("update-distribution")));
        check(&CheckOrigins, &Distribution::default(), &signal(SHOP), &[]);
    }
}
