//! Lets a stage of an HTTP or WebSocket API write down who calls it.
//!
//! It goes to the stack's log group, if one is given and is there; else it is left to a person. A stage
//! that writes it down already stays, wherever that goes.

use remedy::{
    Arn, Case, Facet as _, Id as _, Parameter, Place, Plan, Remediation, Risk, Settings, Severity,
    Spec, Swap, Trigger, Undo, Wrong,
};

use super::{AccessLogs, V2Stage, V2StageId, V2StageSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogAccesses {
    group: String,
}

const API_LOG_GROUP_ARN: Parameter = Parameter {
    name: "ApiLogGroupArn",
    default: "",
    allowed: "the ARN of a log group, in which {account} and {region} stand for those of the API; or nothing",
    about: "where stages write their access logs under APIGateway.9; its log group must let logs be delivered",
};

/// What AWS proposes: who called what, when, and what came back.
const FORMAT: &str = r#"{"requestId":"$context.requestId","ip":"$context.identity.sourceIp","requestTime":"$context.requestTime","routeKey":"$context.routeKey","status":"$context.status"}"#;

impl Remediation for LogAccesses {
    type Facet = V2Stage;

    const SPEC: Spec = Spec {
        id: "edge/log_accesses",
        title: "Turn on access logging of a stage of an HTTP or WebSocket API",
        triggers: &[
            Trigger::control("APIGateway.9"),
            Trigger::config_rule("API_GWV2_ACCESS_LOGS_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[API_LOG_GROUP_ARN],
        undo: Undo::Yes,
        care: "No log group is made and no policy of one is changed; logs that go elsewhere stay there.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { group: settings.read(&API_LOG_GROUP_ARN, log_group)? })
    }

    fn plan(&self, stage: &V2Stage, case: &Case<'_>) -> Plan<Swap<V2StageSetting>> {
        if stage.accesses.is_some() {
            return Plan::none();
        }
        let place = &case.signal.place;
        let change = |destination| Swap {
            from: V2StageSetting::Accesses(None),
            to: V2StageSetting::Accesses(Some(AccessLogs { destination, format: FORMAT.into() })),
        };
        let group =
            self.group.replace("{account}", &place.account).replace("{region}", &place.region);
        if is_at(&group, place) {
            return [change(group)].into_iter().collect();
        }
        let Place { partition, account, region } = place;
        let example = format!("arn:{partition}:logs:{region}:{account}:log-group:GROUP");
        let id = V2StageId::locate(&case.signal.resource);
        let commands = id.map(|id| V2Stage::commands(place, &id, &[change(example)]));
        Plan::by_hand(
            "access logs off",
            "no log group of this account and Region is given as ApiLogGroupArn",
            commands.unwrap_or_default(),
        )
    }
}

/// API Gateway writes into log groups beside it only.
fn is_at(group: &str, place: &Place) -> bool {
    Arn::parse(group)
        .is_some_and(|arn| (arn.account, arn.region) == (&place.account, &place.region))
}

fn log_group(text: &str) -> Option<String> {
    let text = text.strip_suffix(":*").unwrap_or(text);
    let names_one = |arn: Arn<'_>| arn.service == "logs" && arn.resource.starts_with("log-group:");
    (text.is_empty() || Arn::parse(text).is_some_and(names_one)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const CHAT: &str = "arn:aws:apigateway:eu-west-1::/apis/a1/stages/$default";

    fn to(group: &str) -> Result<LogAccesses, Wrong> {
        LogAccesses::configured(&Settings::from_iter([("API_LOG_GROUP_ARN", group)]))
    }

    #[test]
    fn accesses_go_to_the_log_group_beside_the_api() {
        let expected = [
            "set access logs to arn:aws:logs:eu-west-1:111122223333:log-group:/api (it is access logs off)",
        ];
        for group in [
            "arn:aws:logs:eu-west-1:111122223333:log-group:/api:*",
            "arn:aws:logs:{region}:{account}:log-group:/api",
        ] {
            check(&to(group).unwrap(), &V2Stage::default(), &signal(CHAT), &expected);
        }
    }

    #[test]
    fn what_is_written_down_elsewhere_stays() {
        let accesses =
            Some(AccessLogs { destination: "arn:aws:firehose:x".into(), format: "x".into() });
        let stage = V2Stage { accesses, ..V2Stage::default() };
        let remediation = to("arn:aws:logs:eu-west-1:111122223333:log-group:/api").unwrap();
        check(&remediation, &stage, &signal(CHAT), &[]);
    }

    #[test]
    fn without_a_log_group_beside_it_a_person_is_told_what_to_type() {
        for group in ["", "arn:aws:logs:us-east-1:111122223333:log-group:/api"] {
            let remediation = to(group).unwrap();
            check(&remediation, &V2Stage::default(), &signal(CHAT), &[]);
            let plan =
                remediation.plan(&V2Stage::default(), &Case { signal: &signal(CHAT), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 1));
        }
        assert!(to("/api").is_err() && to("arn:aws:s3:::bucket").is_err());
    }
}
