//! Tells which Lambda function runs on a runtime that AWS no longer supports.
//!
//! Left to a person: code written for one runtime may not run on another.

use chrono::NaiveDate;
use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
    quoted,
};

use super::{FunctionSetting, FunctionSetup};

/// See the [module](self).
#[derive(Debug)]
pub struct RenewRuntime;

/// The runtimes that AWS supports as of this writing, and the day that ends.
const SUPPORTED: &[(&str, (i32, u32, u32))] = &[
    ("dotnet10", (2028, 11, 14)),
    ("dotnet8", (2026, 11, 10)),
    ("java11", (2027, 6, 30)),
    ("java17", (2027, 6, 30)),
    ("java21", (2029, 6, 30)),
    ("java25", (2029, 6, 30)),
    ("java8.al2", (2027, 6, 30)),
    ("nodejs22.x", (2027, 4, 30)),
    ("nodejs24.x", (2028, 4, 30)),
    ("provided.al2023", (2029, 6, 30)),
    ("python3.11", (2027, 6, 30)),
    ("python3.12", (2028, 10, 31)),
    ("python3.13", (2029, 6, 30)),
    ("python3.14", (2029, 6, 30)),
    ("ruby3.3", (2027, 3, 31)),
    ("ruby3.4", (2028, 3, 31)),
];

impl Remediation for RenewRuntime {
    type Facet = FunctionSetup;

    const SPEC: Spec = Spec {
        id: "compute/renew_runtime",
        title: "Tell which Lambda function needs another runtime",
        triggers: &[
            Trigger::control("Lambda.2"),
            Trigger::config_rule("LAMBDA_FUNCTION_SETTINGS_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The runtime is read from the function as it is now; the way there keeps the present code as a version to go back to.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, function: &FunctionSetup, case: &Case<'_>) -> Plan<Swap<FunctionSetting>> {
        let Some(runtime) = &function.runtime else { return Plan::none() };
        let is_supported = named(case.signal).map_or_else(
            || is_supported(runtime, case.now.date_naive()),
            |named| named.iter().any(|name| name == runtime),
        );
        if is_supported {
            return Plan::none();
        }
        let of = format!(
            "--region {} --function-name {}",
            case.signal.place.region,
            quoted(&function.name)
        );
        Plan::by_hand(
            format!("runtime {runtime}"),
            "AWS does not support it any more, or is not known to: the code may need changes to run on another, so try it there first",
            [
                format!("aws lambda publish-version {of} --description 'before its new runtime'"),
                format!("aws lambda update-function-configuration {of} --runtime NEW_RUNTIME"),
            ],
        )
    }
}

fn is_supported(runtime: &str, today: NaiveDate) -> bool {
    let known = SUPPORTED.iter().find(|(known, _)| *known == runtime);
    let end =
        known.and_then(|(_, (year, month, day))| NaiveDate::from_ymd_opt(*year, *month, *day));
    end.is_some_and(|end| today <= end)
}

/// The runtimes that Security Hub says are supported, if it says so.
fn named(signal: &Signal) -> Option<Vec<String>> {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("runtime"));
    let names = given.map(|(_, values)| values.iter().flat_map(|value| value.split(',')));
    let names: Vec<_> =
        names?.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    Some(names).filter(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:orders";

    fn function(runtime: Option<&str>) -> FunctionSetup {
        FunctionSetup {
            name: "orders".into(),
            runtime: runtime.map(Into::into),
            ..FunctionSetup::default()
        }
    }

    #[test]
    fn a_runtime_that_ended_is_told_with_the_way_out() {
        let signal = signal(ARN);
        for runtime in ["python3.8", "nodejs20.x", "provided.al2", "dotnet8"] {
            check(&RenewRuntime, &function(Some(runtime)), &signal, &[]);
            let left = left(&RenewRuntime, &function(Some(runtime)), &signal);
            assert!(
                left[0].starts_with(&format!("runtime {runtime}: AWS does not support it")),
                "{left:?}"
            );
        }
        let plan =
            RenewRuntime.plan(&function(Some("python3.8")), &Case { signal: &signal, now: now() });
        assert_eq!(
            plan.by_hand,
            [
                "aws lambda publish-version --region eu-west-1 --function-name orders --description 'before its new runtime'",
                "aws lambda update-function-configuration --region eu-west-1 --function-name orders --runtime NEW_RUNTIME",
            ]
        );
    }

    #[test]
    fn what_is_supported_comes_with_the_finding() {
        let mut signal = signal(ARN);
        signal.parameters =
            [("runtime".to_owned(), vec!["python3.15, nodejs26.x".to_owned()])].into();
        assert_eq!(left(&RenewRuntime, &function(Some("python3.15")), &signal), [""; 0]);
        assert_eq!(left(&RenewRuntime, &function(Some("python3.14")), &signal).len(), 1);
    }

    #[test]
    fn a_runtime_of_today_and_an_image_are_left_alone() {
        for runtime in [Some("python3.14"), Some("java25"), None] {
            check(&RenewRuntime, &function(runtime), &signal(ARN), &[]);
            assert_eq!(left(&RenewRuntime, &function(runtime), &signal(ARN)), [""; 0]);
        }
    }
}
