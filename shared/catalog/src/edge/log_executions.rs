//! Lets a stage of a REST API write down what its methods do, at least what fails.
//!
//! A method that writes more keeps doing so, and no method begins to write down whole requests. Without a
//! role that may write logs AWS would refuse: that is left to a person.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{LogLevel, RestStage, RestStageSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogExecutions;

impl Remediation for LogExecutions {
    type Facet = RestStage;

    const SPEC: Spec = Spec {
        id: "edge/log_executions",
        title: "Turn on execution logging of a stage of a REST API",
        triggers: &[
            Trigger::control("APIGateway.1"),
            Trigger::config_rule("API_GW_EXECUTION_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only log levels below what the control asks for are raised, to ERROR unless it asks for INFO; requests are not written down in full.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stage: &RestStage, case: &Case<'_>) -> Plan<Swap<RestStageSetting>> {
        let wanted = LogLevel::wanted(case);
        let below = stage.methods.iter().filter(|(_, method)| method.level < wanted);
        let setting =
            |method: &str, level| RestStageSetting::Level { method: method.to_owned(), level };
        let changes: Vec<_> = below
            .filter_map(|(name, is)| Swap::of(setting(name, is.level), setting(name, wanted)))
            .collect();
        if changes.is_empty() || stage.log_role.is_some() {
            return changes.into_iter().collect();
        }
        Plan::by_hand("execution logging off", NO_ROLE, set_role(case))
    }
}

pub(super) const NO_ROLE: &str =
    "API Gateway has no role in this account and Region that may write logs";

/// The commands that give API Gateway a role to write logs with.
pub(super) fn set_role(case: &Case<'_>) -> Vec<String> {
    let remedy::Place { partition, account, region } = &case.signal.place;
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    vec![
        format!(
            "aws iam create-role --role-name ApiGatewayLogs --assume-role-policy-document {}",
            remedy::quoted(trust)
        ),
        format!(
            "aws iam attach-role-policy --role-name ApiGatewayLogs --policy-arn \
             arn:{partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        ),
        format!(
            "aws apigateway update-account --region {region} --patch-operations \
             op=replace,path=/cloudwatchRoleArn,value=arn:{partition}:iam::{account}:role/ApiGatewayLogs"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;
    use crate::edge::Method;

    const PROD: &str = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod";

    fn stage(methods: &[(&str, LogLevel)]) -> RestStage {
        let method = |(name, level): &(&str, LogLevel)| {
            ((*name).into(), Method { level: *level, ..Method::default() })
        };
        let log_role = Some("arn:aws:iam::111122223333:role/logs".into());
        RestStage {
            methods: methods.iter().map(method).collect(),
            log_role,
            ..RestStage::default()
        }
    }

    fn asked(level: &str) -> Signal {
        Signal { parameters: [("loggingLevel".into(), vec![level.into()])].into(), ..signal(PROD) }
    }

    #[test]
    fn levels_are_raised_to_what_is_asked_and_never_lowered() {
        use LogLevel::{Error, Info, Off};
        let all =
            |is: &str, to: &str| format!("set log level of */* {to} (it is log level of */* {is})");
        for (signal, level, expected) in [
            (signal(PROD), Off, Some(all("OFF", "ERROR"))),
            (signal(PROD), Error, None),
            (signal(PROD), Info, None),
            (asked("ERROR"), Info, None),
            (asked("INFO"), Error, Some(all("ERROR", "INFO"))),
            (asked("what?"), Off, Some(all("OFF", "ERROR"))),
            (asked("OFF"), Off, Some(all("OFF", "ERROR"))),
        ] {
            let lines: Vec<&str> = expected.iter().map(String::as_str).collect();
            check(&LogExecutions, &stage(&[("*/*", level)]), &signal, &lines);
        }
    }

    #[test]
    fn each_method_that_is_off_is_turned_on_and_the_others_stay() {
        let stage = stage(&[
            ("*/*", LogLevel::Error),
            ("~1a/GET", LogLevel::Off),
            ("~1b/GET", LogLevel::Info),
        ]);
        let expected = ["set log level of ~1a/GET ERROR (it is log level of ~1a/GET OFF)"];
        check(&LogExecutions, &stage, &signal(PROD), &expected);
    }

    #[test]
    fn without_a_role_a_person_is_told_how_to_make_one() {
        let stage = RestStage { log_role: None, ..stage(&[("*/*", LogLevel::Off)]) };
        check(&LogExecutions, &stage, &signal(PROD), &[]);
        let plan = LogExecutions.plan(&stage, &Case { signal: &signal(PROD), now: now() });
        assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 3));
    }
}
