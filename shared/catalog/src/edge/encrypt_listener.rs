//! Tells a person of a listener that does not encrypt.
//!
//! It takes a certificate, and every caller must come another way. A listener that only redirects to
//! HTTPS is right.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Listener, ListenerId, ListenerSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptListener;

impl Remediation for EncryptListener {
    type Facet = Listener;

    const SPEC: Spec = Spec {
        id: "edge/encrypt_listener",
        title: "Tell of a listener that does not encrypt",
        triggers: &[
            Trigger::control("ELB.18"),
            Trigger::config_rule("ELBV2_LISTENER_ENCRYPTION_IN_TRANSIT"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "One that only redirects to HTTPS is called right; no protocol is changed under its callers.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, listener: &Listener, case: &Case<'_>) -> Plan<Swap<ListenerSetting>> {
        let secure = match listener.protocol.as_str() {
            "HTTP" => "HTTPS",
            "TCP" => "TLS",
            _ => return Plan::none(),
        };
        if listener.redirects {
            return Plan::none();
        }
        let place = &case.signal.place;
        let command = ListenerId::locate(&case.signal.resource).map(|id| {
            format!(
                "aws elbv2 modify-listener --region {} --listener-arn {} --protocol {secure} --certificates \
                 CertificateArn=CERTIFICATE_ARN --ssl-policy ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
                place.region,
                id.arn(place)
            )
        });
        Plan::by_hand(
            format!("{}:{} does not encrypt", listener.protocol, listener.port),
            "it takes a certificate, and whoever calls it must speak the other protocol from then on",
            command,
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const TLS: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/web/1/2";

    #[test]
    fn what_does_not_encrypt_is_told_of_unless_it_only_redirects() {
        for (protocol, redirects, told) in [
            ("HTTP", false, 1),
            ("HTTP", true, 0),
            ("TCP", false, 1),
            ("HTTPS", false, 0),
            ("TLS", false, 0),
            ("UDP", false, 0),
        ] {
            let listener = Listener { protocol: protocol.into(), redirects, ..Listener::default() };
            check(&EncryptListener, &listener, &signal(TLS), &[]);
            let plan = EncryptListener.plan(&listener, &Case { signal: &signal(TLS), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, told), "{protocol}");
        }
    }
}
