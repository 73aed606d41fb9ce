//! Encrypts what a stage of a REST API caches, method by method.
//!
//! Methods that cache nothing are left alone; caching is neither turned on nor off.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RestStage, RestStageSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptCache;

impl Remediation for EncryptCache {
    type Facet = RestStage;

    const SPEC: Spec = Spec {
        id: "edge/encrypt_cache",
        title: "Encrypt the cache of a stage of a REST API",
        triggers: &[
            Trigger::control("APIGateway.5"),
            Trigger::config_rule("API_GW_CACHE_ENABLED_AND_ENCRYPTED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only methods that cache are changed, each for itself; nothing is cached that was not.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stage: &RestStage, _: &Case<'_>) -> Plan<Swap<RestStageSetting>> {
        let plain = stage.methods.iter().filter(|(_, method)| method.caching && !method.encrypted);
        let setting =
            |method: &String, on| RestStageSetting::CacheEncryption { method: method.clone(), on };
        plain.filter_map(|(name, _)| Swap::of(setting(name, false), setting(name, true))).collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;
    use crate::edge::Method;

    const PROD: &str = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod";

    #[test]
    fn what_is_cached_in_plain_is_encrypted_and_nothing_else() {
        let method = |caching, encrypted| Method { caching, encrypted, ..Method::default() };
        let methods = [
            ("*/*".into(), method(true, false)),
            ("~1a/GET".into(), method(true, true)),
            ("~1b/GET".into(), method(false, false)),
            ("~1c/GET".into(), method(true, false)),
        ];
        let stage = RestStage { methods: methods.into(), ..RestStage::default() };
        let expected = [
            "set encryption of the cache of */* on (it is encryption of the cache of */* off)",
            "set encryption of the cache of ~1c/GET on (it is encryption of the cache of ~1c/GET off)",
        ];
        check(&EncryptCache, &stage, &signal(PROD), &expected);
        check(&EncryptCache, &RestStage::default(), &signal(PROD), &[]);
    }
}
