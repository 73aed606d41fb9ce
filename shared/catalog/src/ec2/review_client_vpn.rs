//! Leaves a Client VPN endpoint that does not log who connects to it to a person, with what makes it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::ClientVpn;

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewClientVpn;

impl Remediation for ReviewClientVpn {
    type Facet = ClientVpn;

    const SPEC: Spec = Spec {
        id: "ec2/review_client_vpn",
        title: "Ask a person to log the connections of a Client VPN endpoint",
        triggers: &[
            Trigger::control("EC2.51"),
            Trigger::config_rule("EC2_CLIENT_VPN_CONNECTION_LOG_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The endpoint is not touched: a change of it can end the connections that are open.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, vpn: &ClientVpn, case: &Case<'_>) -> Plan<Never> {
        let Some(id) = self.target(case.signal).filter(|_| !vpn.is_logged) else {
            return Plan::none();
        };
        let region = &case.signal.place.region;
        let create = "aws logs create-log-group";
        let commands = [
            format!("{create} --region {region} --log-group-name client-vpn/{id}"),
            format!(
                "aws ec2 modify-client-vpn-endpoint --region {region} --client-vpn-endpoint-id {id} \
                 --connection-log-options Enabled=true,CloudwatchLogGroup=client-vpn/{id}"
            ),
        ];
        let why = "open connections can end when the endpoint is changed; choose the time";
        Plan::by_hand("nobody writes down who connects to the endpoint", why, commands)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn an_endpoint_without_a_log_is_told_with_what_makes_one() {
        let signal = signal("cvpn-endpoint-1");
        let case = Case { signal: &signal, now: now() };
        check(&ReviewClientVpn, &ClientVpn::default(), &signal, &[]);
        let plan = ReviewClientVpn.plan(&ClientVpn::default(), &case);
        assert!(plan.by_hand[1].ends_with("CloudwatchLogGroup=client-vpn/cvpn-endpoint-1"));
        let logged = ClientVpn { is_logged: true, ..ClientVpn::default() };
        assert_eq!(ReviewClientVpn.plan(&logged, &case), Plan::none());
    }
}
