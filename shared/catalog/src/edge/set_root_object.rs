//! Gives a distribution a default root object, if a person agrees, so that its first page cannot list what
//! is in the bucket behind it.
//!
//! One that is set stays; so do distributions without a bucket.

use remedy::{
    Case, Parameter, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Distribution, DistributionSetting, OriginKind};

/// See the [module](self).
#[derive(Debug)]
pub struct SetRootObject {
    object: String,
}

const DEFAULT_ROOT_OBJECT: Parameter = Parameter {
    name: "DefaultRootObject",
    default: "index.html",
    allowed: "the name of an object, without a slash before it",
    about: "what distributions show under CloudFront.1 where no object is named",
};

impl Remediation for SetRootObject {
    type Facet = Distribution;

    const SPEC: Spec = Spec {
        id: "edge/set_root_object",
        title: "Set the default root object of a distribution",
        triggers: &[
            Trigger::control("CloudFront.1"),
            Trigger::config_rule("CLOUDFRONT_DEFAULT_ROOT_OBJECT_CONFIGURED"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[DEFAULT_ROOT_OBJECT],
        undo: Undo::Yes,
        care: "A person is asked first, and all else of the configuration is sent back as it was read, in the version that was read.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { object: settings.read(&DEFAULT_ROOT_OBJECT, object)? })
    }

    fn plan(&self, distribution: &Distribution, _: &Case<'_>) -> Plan<Swap<DistributionSetting>> {
        let is_bucket = |kind: &OriginKind| match kind {
            OriginKind::Bucket => true,
            OriginKind::Server { .. } | OriginKind::Private => false,
        };
        let has_bucket = distribution.origins.iter().any(|origin| is_bucket(&origin.kind));
        if !has_bucket || !distribution.root_object.is_empty() {
            return Plan::none();
        }
        let is = DistributionSetting::RootObject(String::new());
        let change = Swap::of(is, DistributionSetting::RootObject(self.object.clone()));
        let plan: Plan<_> = change.into_iter().collect();
        plan.asking(format!(
            "whether its origin has an object {} is not looked at here",
            self.object
        ))
    }
}

fn object(text: &str) -> Option<String> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.*$/~\"'&@:+".contains(&b);
    let fits = text.bytes().all(fits) && (1..=255).contains(&text.len()) && !text.starts_with('/');
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::edge::Origin;

    const SHOP: &str = "arn:aws:cloudfront::111122223333:distribution/E1";

    fn distribution(root_object: &str, kind: OriginKind) -> Distribution {
        let server = OriginKind::Server { policy: "https-only".into(), protocols: Vec::new() };
        let origin = |kind| Origin { kind, ..Origin::default() };
        let (root_object, origins) = (root_object.into(), vec![origin(server), origin(kind)]);
        Distribution { root_object, origins, ..Distribution::default() }
    }

    #[test]
    fn a_distribution_of_a_bucket_gets_one_if_a_person_agrees() {
        let remediation = SetRootObject::configured(&Settings::default()).unwrap();
        let expected = ["set default root object index.html (it is no default root object)"];
        let shop = distribution("", OriginKind::Bucket);
        check(&remediation, &shop, &signal(SHOP), &expected);
        let plan = remediation.plan(&shop, &Case { signal: &signal(SHOP), now: now() });
        assert!(plan.ask.unwrap().contains("index.html"));
    }

    #[test]
    fn one_that_is_set_stays_and_servers_are_left_alone() {
        let remediation = SetRootObject::configured(&Settings::default()).unwrap();
        for shop in
            [distribution("start.html", OriginKind::Bucket), distribution("", OriginKind::Private)]
        {
            check(&remediation, &shop, &signal(SHOP), &[]);
        }
    }

    #[test]
    fn what_can_be_no_object_is_refused() {
        for wrong in ["/index.html", "", "a b"] {
            assert!(
                SetRootObject::configured(&Settings::from_iter([("DEFAULT_ROOT_OBJECT", wrong)]))
                    .is_err()
            );
        }
    }
}
