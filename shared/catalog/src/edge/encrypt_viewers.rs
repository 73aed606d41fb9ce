//! Sends viewers of a distribution that use plain HTTP to HTTPS, if a person agrees: programs that follow
//! no redirects would see nothing more.
//!
//! Paths that take nothing but HTTPS stay so.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Distribution, DistributionSetting, ViewerPolicy};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptViewers;

impl Remediation for EncryptViewers {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/encrypt_viewers",
        title: "Redirect viewers of a distribution to HTTPS",
        triggers: &[
            Trigger::control("CloudFront.3"),
            Trigger::config_rule("CLOUDFRONT_VIEWER_POLICY_HTTPS"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first; paths that are redirected or closed to HTTP already stay as they are.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, distribution: &Distribution, _: &Case<'_>) -> Plan<Swap<DistributionSetting>> {
        let open =
            distribution.viewers.iter().filter(|(_, policy)| **policy == ViewerPolicy::AllowAll);
        let setting =
            |path: &String, policy| DistributionSetting::Viewers { path: path.clone(), policy };
        let change = |(path, policy): (&String, &ViewerPolicy)| {
            Swap::of(setting(path, *policy), setting(path, ViewerPolicy::RedirectToHttps))
        };
        let plan: Plan<_> = open.filter_map(change).collect();
        plan.asking("programs that follow no redirects, or send more than they fetch, would fail over plain HTTP")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const SHOP: &str = "arn:aws:cloudfront::111122223333:distribution/E1";

    #[test]
    fn paths_that_are_open_to_http_are_redirected_if_a_person_agrees() {
        let viewers = [
            (String::new(), ViewerPolicy::AllowAll),
            ("/api/*".into(), ViewerPolicy::HttpsOnly),
            ("/img/*".into(), ViewerPolicy::AllowAll),
            ("/js/*".into(), ViewerPolicy::RedirectToHttps),
        ];
        let shop = Distribution { viewers: viewers.into(), ..Distribution::default() };
        let expected = [
            "set redirect-to-https by default (it is allow-all by default)",
            "set redirect-to-https for /img/* (it is allow-all for /img/*)",
        ];
        check(&EncryptViewers, &shop, &signal(SHOP), &expected);
        let plan = EncryptViewers.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
        assert!(plan.ask.is_some());
        check(&EncryptViewers, &Distribution::default(), &signal(SHOP), &[]);
    }
}
