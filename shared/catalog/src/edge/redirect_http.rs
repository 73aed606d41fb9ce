//! Redirects what comes to an Application Load Balancer over plain HTTP to HTTPS.
//!
//! Only where it listens for HTTPS on port 443: elsewhere a redirect leads nowhere. Only listeners that
//! forward by default are changed; another default action, and rules of a listener that do something
//! else, are left to a person. No listener is made or deleted.

use remedy::{
    Case, Facet as _, Hold, Id as _, Left, Plan, Remediation, Risk, Settings, Severity, Spec,
    Trigger, Undo, Wrong,
};

use super::{
    DefaultAction, DefaultActionChange, HttpListener, HttpListeners, LoadBalancerId, Redirect,
};

/// See the [module](self).
#[derive(Debug)]
pub struct RedirectHttp;

impl Remediation for RedirectHttp {
    type Facet = HttpListeners;

    const SPEC: Spec = Spec {
        id: "edge/redirect_http",
        title: "Redirect plain HTTP to HTTPS where a load balancer serves HTTPS",
        triggers: &[
            Trigger::control("ELB.1"),
            Trigger::config_rule("ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Nothing is redirected unless port 443 serves HTTPS; custom default actions and rules stay, and the former action comes back to the letter.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, listeners: &HttpListeners, case: &Case<'_>) -> Plan<DefaultActionChange> {
        let place = &case.signal.place;
        let Some(id) = LoadBalancerId::locate(&case.signal.resource) else { return Plan::none() };
        let unencrypted: Vec<_> =
            listeners.http.iter().filter(|listener| !redirects(listener)).collect();
        let mut plan = Plan::none();
        if !unencrypted.is_empty() && !listeners.https.contains(&443) {
            let ports: Vec<_> =
                unencrypted.iter().map(|listener| format!("HTTP:{}", listener.port)).collect();
            return Plan::by_hand(
                format!("{} serves plain HTTP", ports.join(", ")),
                "it does not listen for HTTPS on port 443, so that a redirect would lead nowhere; that takes a certificate",
                [format!(
                    "aws elbv2 create-listener --region {} --load-balancer-arn {} --protocol HTTPS --port 443 \
                     --certificates CertificateArn=CERTIFICATE_ARN --default-actions Type=forward,TargetGroupArn=TARGET_GROUP_ARN",
                    place.region,
                    id.arn(place)
                )],
            );
        }
        for listener in unencrypted {
            let to = DefaultAction::Redirect(Redirect::default());
            let change = |from: &DefaultAction| DefaultActionChange {
                listener: listener.id.clone(),
                port: listener.port,
                from: from.clone(),
                to: to.clone(),
            };
            match listener.actions.as_slice() {
                [forward @ DefaultAction::Forward { .. }] => plan.changes.push(change(forward)),
                other => {
                    let what: Vec<_> = other.iter().map(ToString::to_string).collect();
                    plan.left.push(left(
                        format!("HTTP:{}: {}", listener.port, what.join(", ")),
                        "it does not simply forward by default, so that somebody meant it so",
                    ));
                    let none = DefaultAction::Other("none".into());
                    let change = change(other.first().unwrap_or(&none));
                    plan.by_hand.extend(HttpListeners::commands(place, &id, &[change]));
                }
            }
        }
        for listener in listeners.http.iter().filter(|listener| listener.other_rules > 0) {
            plan.left.push(left(
                format!("{} of the rules of HTTP:{}", listener.other_rules, listener.port),
                "rules that do something else than redirect to HTTPS go before the default action",
            ));
            let arn = HttpListener::arn(place, &id, &listener.id);
            plan.by_hand.push(format!(
                "aws elbv2 describe-rules --region {} --listener-arn {arn}",
                place.region
            ));
        }
        plan
    }
}

fn redirects(listener: &HttpListener) -> bool {
    let to_https = |action: &DefaultAction| match action {
        DefaultAction::Redirect(to) => to.protocol == "HTTPS",
        DefaultAction::Forward { .. } | DefaultAction::Other(_) => false,
    };
    !listener.actions.is_empty() && listener.actions.iter().all(to_https)
}

fn left(what: String, why: &str) -> Left {
    Left { what, why: Hold::ByHand { why: why.into() } }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::edge::{Stickiness, Target};

    const WEB: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

    fn forward(groups: &[&str]) -> DefaultAction {
        let arn = |name: &&str| {
            format!("arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/{name}/1")
        };
        DefaultAction::Forward {
            targets: groups.iter().map(|g| Target { group: arn(g), weight: Some(7) }).collect(),
            stickiness: Some(Stickiness { enabled: Some(true), seconds: Some(60) }),
            order: Some(1),
        }
    }

    fn redirect(protocol: &str, port: &str) -> DefaultAction {
        let (protocol, port) = (protocol.into(), port.into());
        DefaultAction::Redirect(Redirect { protocol, port, ..Redirect::default() })
    }

    fn balancer(https: &[i32], http: &[(i32, DefaultAction, usize)]) -> HttpListeners {
        let listener = |(port, action, other_rules): &(i32, DefaultAction, usize)| HttpListener {
            id: format!("f{port}"),
            port: *port,
            actions: vec![action.clone()],
            other_rules: *other_rules,
        };
        HttpListeners {
            http: http.iter().map(listener).collect(),
            https: https.iter().copied().collect(),
            ..HttpListeners::default()
        }
    }

    fn plan(listeners: &HttpListeners) -> Plan<DefaultActionChange> {
        RedirectHttp.plan(listeners, &Case { signal: &signal(WEB), now: now() })
    }

    #[test]
    fn every_listener_that_forwards_is_redirected_where_https_is_served() {
        let web = balancer(
            &[443],
            &[(80, forward(&["blue", "green"]), 0), (8080, forward(&["blue"]), 0)],
        );
        let expected = [
            "let HTTP:80 by default redirect to HTTPS:443 (it is: forward to blue, green)",
            "let HTTP:8080 by default redirect to HTTPS:443 (it is: forward to blue)",
        ];
        check(&RedirectHttp, &web, &signal(WEB), &expected);
    }

    #[test]
    fn nothing_is_redirected_to_where_nobody_listens() {
        for https in [&[][..], &[8443]] {
            let web = balancer(https, &[(80, forward(&["blue"]), 0)]);
            check(&RedirectHttp, &web, &signal(WEB), &[]);
            let plan = plan(&web);
            assert_eq!(
                (plan.left[0].what.as_str(), plan.by_hand.len()),
                ("HTTP:80 serves plain HTTP", 1)
            );
        }
    }

    #[test]
    fn what_redirects_already_stays_and_so_does_a_balancer_without_http() {
        for web in [
            balancer(&[443], &[(80, redirect("HTTPS", "443"), 0)]),
            balancer(&[8443], &[(80, redirect("HTTPS", "8443"), 0)]),
            balancer(&[443], &[]),
            balancer(&[], &[]),
        ] {
            check(&RedirectHttp, &web, &signal(WEB), &[]);
            assert_eq!(plan(&web), Plan::none());
        }
    }

    #[test]
    fn custom_default_actions_and_rules_stay_and_are_told_of() {
        let fixed = DefaultAction::Other("fixed-response".into());
        let web = balancer(
            &[443],
            &[
                (80, forward(&["blue"]), 2),
                (81, fixed, 0),
                (82, redirect("#{protocol}", "8080"), 0),
            ],
        );
        let expected = ["let HTTP:80 by default redirect to HTTPS:443 (it is: forward to blue)"];
        check(&RedirectHttp, &web, &signal(WEB), &expected);
        let left: Vec<_> = plan(&web).left.into_iter().map(|left| left.what).collect();
        let expected = [
            "HTTP:81: fixed-response",
            "HTTP:82: redirect to #{protocol}:8080",
            "2 of the rules of HTTP:80",
        ];
        assert_eq!(left, expected);
    }

    #[test]
    fn the_commands_say_all_that_the_action_has() {
        let web = balancer(&[443], &[(80, forward(&["blue"]), 0)]);
        let (id, place) = (LoadBalancerId::locate(WEB).unwrap(), signal(WEB).place);
        let back = plan(&web).inverse().unwrap();
        let command = HttpListeners::commands(&place, &id, &back).remove(0);
        let (command, actions) = command.split_once(" --default-actions ").unwrap();
        assert!(command.ends_with(":listener/app/web/1/f80"), "{command}");
        let actions: serde_json::Value = serde_json::from_str(actions.trim_matches('\'')).unwrap();
        let group = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/1";
        let expected = serde_json::json!([{ "Type": "forward", "Order": 1, "ForwardConfig": {
            "TargetGroups": [{ "TargetGroupArn": group, "Weight": 7 }],
            "TargetGroupStickinessConfig": { "Enabled": true, "DurationSeconds": 60 },
        } }]);
        assert_eq!(actions, expected);
    }
}
