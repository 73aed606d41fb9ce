//! Makes a proxy before databases want encrypted connections.
//!
//! Whoever connects without encryption is refused from then on: a person is asked.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DbProxy, DbProxySetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptProxy;

impl Remediation for EncryptProxy {
    type Facet = DbProxy;

    const SPEC: Spec = Spec {
        id: "rds/encrypt_proxy",
        title: "Make a database proxy require encrypted connections",
        triggers: &[Trigger::control("RDS.43"), Trigger::config_rule("RDS_PROXY_TLS_ENCRYPTION")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked, since clients that do not encrypt are refused from then on.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, proxy: &DbProxy, _: &Case<'_>) -> Plan<Swap<DbProxySetting>> {
        let tls = |on| DbProxySetting::RequiresTls { name: proxy.name.clone(), on };
        let plan: Plan<_> = Swap::of(tls(proxy.requires_tls), tls(true)).into_iter().collect();
        plan.asking("clients that connect without TLS are refused from then on")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ONE: &str = "arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0a1b2c3d4e5f";

    #[test]
    fn a_person_is_asked_before_connections_must_be_encrypted() {
        let open = DbProxy { name: "web".into(), ..DbProxy::default() };
        let expected = ["set TLS required (it is TLS not required)"];
        check(&EncryptProxy, &open, &signal(ONE), &expected);
        let plan = EncryptProxy.plan(&open, &Case { signal: &signal(ONE), now: now() });
        assert!(plan.ask.is_some_and(|why| why.contains("without TLS")));
    }

    #[test]
    fn one_that_wants_it_is_left_alone() {
        let done = DbProxy { requires_tls: true, ..DbProxy::default() };
        check(&EncryptProxy, &done, &signal(ONE), &[]);
    }
}
