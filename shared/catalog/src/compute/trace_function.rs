//! Turns on active tracing of a Lambda function.
//!
//! A person is asked first: traces cost, and only arrive if the function's role may write them.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{FunctionSetting, FunctionSetup};

/// See the [module](self).
#[derive(Debug)]
pub struct TraceFunction;

impl Remediation for TraceFunction {
    type Facet = FunctionSetup;

    const SPEC: Spec = Spec {
        id: "compute/trace_function",
        title: "Turn on active tracing of a Lambda function",
        triggers: &[
            Trigger::control("Lambda.7"),
            Trigger::config_rule("LAMBDA_FUNCTION_XRAY_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first and told which role must be allowed to write traces; the role is not edited.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, function: &FunctionSetup, _: &Case<'_>) -> Plan<Swap<FunctionSetting>> {
        let is = FunctionSetting::Tracing(function.traces);
        let plan: Plan<_> = Swap::of(is, FunctionSetting::Tracing(true)).into_iter().collect();
        plan.asking(format!(
            "traces cost, and only arrive if role {} may call xray:PutTraceSegments and xray:PutTelemetryRecords",
            function.role
        ))
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:orders";

    #[test]
    fn a_function_without_traces_gets_them_if_a_person_agrees() {
        let function = FunctionSetup {
            role: "arn:aws:iam::111122223333:role/orders".into(),
            ..FunctionSetup::default()
        };
        let signal = signal(ARN);
        check(
            &TraceFunction,
            &function,
            &signal,
            &["set active tracing on (it is active tracing off)"],
        );
        let plan = TraceFunction.plan(&function, &Case { signal: &signal, now: now() });
        assert!(plan.ask.unwrap().contains("role arn:aws:iam::111122223333:role/orders may call"));
    }

    #[test]
    fn one_with_traces_is_left_alone() {
        let function = FunctionSetup { traces: true, ..FunctionSetup::default() };
        check(&TraceFunction, &function, &signal(ARN), &[]);
    }
}
