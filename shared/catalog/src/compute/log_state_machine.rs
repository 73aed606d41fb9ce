//! Has a state machine log what goes wrong in its executions.
//!
//! One that has a log group is made to use it. One that has none is left to a person: its role must be allowed
//! to log, else it cannot be updated at all. Whether the data of executions is logged stays as it is.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
    quoted,
};

use super::{LogLevel, StateMachine, StateMachineName, StateMachineSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct LogStateMachine;

impl Remediation for LogStateMachine {
    type Facet = StateMachine;

    const SPEC: Spec = Spec {
        id: "compute/log_state_machine",
        title: "Log what goes wrong in a state machine",
        triggers: &[
            Trigger::control("StepFunctions.1"),
            Trigger::config_rule("STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A level that logs more is kept, and data of executions is never added to the logs; no role is edited.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, machine: &StateMachine, case: &Case<'_>) -> Plan<Swap<StateMachineSetting>> {
        let wanted = wanted(case.signal);
        if machine.level >= wanted || !machine.is_active {
            return Plan::none();
        }
        if machine.groups.is_empty() {
            return by_hand(machine, wanted, case);
        }
        Swap::of(machine.logs(machine.level), machine.logs(wanted)).into_iter().collect()
    }
}

fn by_hand(
    machine: &StateMachine,
    level: LogLevel,
    case: &Case<'_>,
) -> Plan<Swap<StateMachineSetting>> {
    let place = &case.signal.place;
    let (region, name) = (&place.region, &machine.name);
    let group = format!("/aws/vendedlogs/states/{name}-Logs");
    let arn =
        format!("arn:{}:logs:{region}:{}:log-group:{group}:*", place.partition, place.account);
    let role = machine.role.rsplit('/').next().unwrap_or_default();
    let rights = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogDelivery","logs:GetLogDelivery","logs:UpdateLogDelivery","logs:DeleteLogDelivery","logs:ListLogDeliveries","logs:PutResourcePolicy","logs:DescribeResourcePolicies","logs:DescribeLogGroups"],"Resource":"*"}]}"#;
    let to =
        StateMachineSetting::Logs { level, with_data: machine.with_data, groups: [arn].into() };
    Plan::by_hand(
        "no log group",
        format!("role {role} must be allowed to log, else the state machine cannot be updated"),
        [
            format!(
                "aws logs create-log-group --region {region} --log-group-name {}",
                quoted(&group)
            ),
            format!(
                "aws iam put-role-policy --role-name {} --policy-name LogExecutions --policy-document {}",
                quoted(role),
                quoted(rights)
            ),
            to.command(place, &StateMachineName(name.clone())),
        ],
    )
}

/// The least that is to be logged: as Security Hub says, else errors.
fn wanted(signal: &Signal) -> LogLevel {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("logLevel"));
    let level = given.and_then(|(_, values)| LogLevel::of(values.first()?));
    level.filter(|level| *level != LogLevel::Off).unwrap_or(LogLevel::Error)
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, now, signal},
    };

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:states:eu-west-1:111122223333:stateMachine:orders";
    const GROUP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:orders:*";

    fn machine(level: LogLevel, groups: &[&str]) -> StateMachine {
        StateMachine {
            name: "orders".into(),
            is_active: true,
            role: "arn:aws:iam::111122223333:role/orders-role".into(),
            level,
            with_data: true,
            groups: groups.iter().map(|group| (*group).into()).collect(),
            ..StateMachine::default()
        }
    }

    #[test]
    fn one_with_a_log_group_logs_errors_to_it() {
        let signal = signal(ARN);
        let off = machine(LogLevel::Off, &[GROUP]);
        check(
            &LogStateMachine,
            &off,
            &signal,
            &["set logging of executions ERROR (it is logging of executions OFF)"],
        );
        let plan = LogStateMachine.plan(&off, &Case { signal: &signal, now: now() });
        let id = StateMachineName("orders".into());
        assert_eq!(
            StateMachine::commands(&signal.place, &id, &plan.changes),
            [format!(
                r#"aws stepfunctions update-state-machine --region eu-west-1 --state-machine-arn {ARN} --logging-configuration '{{"level":"ERROR","includeExecutionData":true,"destinations":[{{"cloudWatchLogsLogGroup":{{"logGroupArn":"{GROUP}"}}}}]}}'"#
            )]
        );
    }

    #[test]
    fn one_that_logs_more_or_is_going_is_left_alone() {
        for machine in [
            machine(LogLevel::Error, &[GROUP]),
            machine(LogLevel::All, &[GROUP]),
            StateMachine { is_active: false, ..machine(LogLevel::Off, &[GROUP]) },
        ] {
            check(&LogStateMachine, &machine, &signal(ARN), &[]);
            assert_eq!(left(&LogStateMachine, &machine, &signal(ARN)), [""; 0]);
        }
    }

    #[test]
    fn the_least_level_comes_with_the_finding() {
        let mut signal = signal(ARN);
        for (given, found, lines) in [
            (
                "ALL",
                LogLevel::Error,
                &["set logging of executions ALL (it is logging of executions ERROR)"][..],
            ),
            ("FATAL", LogLevel::Fatal, &[]),
            ("LOUD", LogLevel::Error, &[]),
            ("OFF", LogLevel::Error, &[]),
        ] {
            signal.parameters = [("logLevel".to_owned(), vec![given.to_owned()])].into();
            check(&LogStateMachine, &machine(found, &[GROUP]), &signal, lines);
        }
    }

    #[test]
    fn one_without_a_log_group_is_left_to_a_person() {
        let signal = signal(ARN);
        let machine = machine(LogLevel::Off, &[]);
        check(&LogStateMachine, &machine, &signal, &[]);
        assert!(
            left(&LogStateMachine, &machine, &signal)[0]
                .starts_with("no log group: role orders-role must")
        );
        let plan = LogStateMachine.plan(&machine, &Case { signal: &signal, now: now() });
        assert_eq!(plan.by_hand.len(), 3);
    }
}
