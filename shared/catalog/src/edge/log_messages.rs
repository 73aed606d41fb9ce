//! Lets a stage of a WebSocket API write down what its routes do, at least what fails.
//!
//! HTTP APIs cannot. A stage that writes more keeps doing so; routes with a level of their own are left to
//! a person.

use remedy::{
    Case, Hold, Id as _, Left, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger,
    Undo, Wrong, quoted,
};

use super::{
    LogLevel, Protocol, RouteDefaults, V2Stage, V2StageId, V2StageSetting,
    log_executions::{NO_ROLE, set_role},
};

/// See the [module](self).
#[derive(Debug)]
pub struct LogMessages;

impl Remediation for LogMessages {
    type Facet = V2Stage;

    const SPEC: Spec = Spec {
        id: "edge/log_messages",
        title: "Turn on execution logging of a stage of a WebSocket API",
        triggers: &[
            Trigger::control("APIGateway.1"),
            Trigger::config_rule("API_GW_EXECUTION_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "The limits and metrics of its routes are sent back as they were read; messages are not written down in full.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stage: &V2Stage, case: &Case<'_>) -> Plan<Swap<V2StageSetting>> {
        let wanted = LogLevel::wanted(case);
        let below = |level: LogLevel| stage.protocol == Protocol::WebSocket && level < wanted;
        let routes: Vec<&str> = stage
            .routes
            .iter()
            .filter(|(_, level)| below(**level))
            .map(|(route, _)| route.as_str())
            .collect();
        let mut plan = Plan::none();
        if below(stage.defaults.level) {
            if stage.log_role.is_none() {
                return Plan::by_hand("execution logging off", NO_ROLE, set_role(case));
            }
            let raised = RouteDefaults { level: wanted, ..stage.defaults.clone() };
            let is = V2StageSetting::Defaults(stage.defaults.clone());
            plan.changes.extend(Swap::of(is, V2StageSetting::Defaults(raised)));
        }
        for route in routes {
            let why = "it has a level of its own, so that somebody meant it so";
            plan.left.push(Left {
                what: format!("log level of route {route}"),
                why: Hold::ByHand { why: why.into() },
            });
            let Some(V2StageId { api, stage }) = V2StageId::locate(&case.signal.resource) else {
                continue;
            };
            let settings =
                serde_json::json!({ (route): { "LoggingLevel": wanted.label() } }).to_string();
            plan.by_hand.push(format!(
                "aws apigatewayv2 update-stage --region {} --api-id {api} --stage-name {} --route-settings {}",
                case.signal.place.region,
                quoted(&stage),
                quoted(&settings)
            ));
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const CHAT: &str = "arn:aws:apigateway:eu-west-1::/apis/a1/stages/prod";

    fn stage(level: LogLevel) -> V2Stage {
        V2Stage {
            protocol: Protocol::WebSocket,
            defaults: RouteDefaults {
                level,
                burst: Some(7),
                rate: Some(1.5),
                ..RouteDefaults::default()
            },
            log_role: Some("arn:aws:iam::111122223333:role/logs".into()),
            ..V2Stage::default()
        }
    }

    #[test]
    fn a_stage_that_writes_nothing_down_writes_down_what_fails() {
        let expected = ["set log level ERROR (it is log level OFF)"];
        check(&LogMessages, &stage(LogLevel::Off), &signal(CHAT), &expected);
        check(&LogMessages, &stage(LogLevel::Error), &signal(CHAT), &[]);
        check(&LogMessages, &stage(LogLevel::Info), &signal(CHAT), &[]);
        let http = V2Stage { protocol: Protocol::Http, ..stage(LogLevel::Off) };
        check(&LogMessages, &http, &signal(CHAT), &[]);
    }

    #[test]
    fn routes_of_their_own_and_a_missing_role_are_left_to_a_person() {
        let own = V2Stage {
            routes: [("$connect".into(), LogLevel::Off)].into(),
            ..stage(LogLevel::Info)
        };
        let roleless = V2Stage { log_role: None, ..stage(LogLevel::Off) };
        for (stage, commands) in [(own, 1), (roleless, 3)] {
            check(&LogMessages, &stage, &signal(CHAT), &[]);
            let plan = LogMessages.plan(&stage, &Case { signal: &signal(CHAT), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, commands));
        }
    }
}
