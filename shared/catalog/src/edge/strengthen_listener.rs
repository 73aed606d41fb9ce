//! Gives a listener a security policy that AWS recommends, if a person agrees: callers that know only
//! older protocols or ciphers are shut out by it.
//!
//! One of the recommended policies stays, whichever it is.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Listener, ListenerSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct StrengthenListener;

/// What the control accepts. The first is set: it is the one that most callers can live with.
const RECOMMENDED: [&str; 8] = [
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
];

/// The counterpart for who must use validated cryptography.
const FIPS: &str = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04";

impl Remediation for StrengthenListener {
    type Facet = Listener;

    const SPEC: Spec = Spec {
        id: "edge/strengthen_listener",
        title: "Set a recommended security policy on a listener",
        triggers: &[
            Trigger::control("ELB.17"),
            Trigger::config_rule("ELBV2_PREDEFINED_SECURITY_POLICY_SSL_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first; a recommended policy stays as it is, and a FIPS one stays FIPS.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, listener: &Listener, _: &Case<'_>) -> Plan<Swap<ListenerSetting>> {
        let Some(policy) = listener.policy.clone() else { return Plan::none() };
        if RECOMMENDED.contains(&policy.as_str()) {
            return Plan::none();
        }
        let to = if policy.contains("FIPS") { FIPS } else { RECOMMENDED[0] };
        let change = Swap::of(ListenerSetting::Policy(policy), ListenerSetting::Policy(to.into()));
        let plan: Plan<_> = change.into_iter().collect();
        plan.asking("callers that know only protocols and ciphers which it gives up could no longer connect")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const TLS: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/2";

    #[test]
    fn an_old_policy_is_replaced_if_a_person_agrees_and_a_recommended_one_stays() {
        for (policy, to) in [
            ("ELBSecurityPolicy-2016-08", Some("ELBSecurityPolicy-TLS13-1-2-Res-2021-06")),
            ("ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", Some(FIPS)),
            ("ELBSecurityPolicy-TLS13-1-3-2021-06", None),
            ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", None),
        ] {
            let listener = Listener { policy: Some(policy.into()), ..Listener::default() };
            let line =
                to.map(|to| format!("set security policy {to} (it is security policy {policy})"));
            let lines: Vec<&str> = line.iter().map(String::as_str).collect();
            check(&StrengthenListener, &listener, &signal(TLS), &lines);
            let plan =
                StrengthenListener.plan(&listener, &Case { signal: &signal(TLS), now: now() });
            assert_eq!(plan.ask.is_some(), to.is_some());
        }
    }

    #[test]
    fn a_listener_that_does_not_encrypt_is_left_alone() {
        check(&StrengthenListener, &Listener::default(), &signal(TLS), &[]);
    }
}
