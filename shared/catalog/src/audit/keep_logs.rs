//! Lets a log group keep its logs for at least as long as the control asks for, else a year.
//!
//! A group that keeps them longer, or for ever, stays as it is: shortening deletes.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{LogGroup, LogGroupId, Retention};

/// See the [module](self).
#[derive(Debug)]
pub struct KeepLogs;

/// What Security Hub asks for by default.
const A_YEAR: u32 = 365;

impl Remediation for KeepLogs {
    type Facet = LogGroup;

    const SPEC: Spec = Spec {
        id: "audit/keep_logs",
        title: "Keep the logs of a log group for at least as long as the control asks",
        triggers: &[
            Trigger::control("CloudWatch.16"),
            Trigger::config_rule("CW_LOGGROUP_RETENTION_PERIOD_CHECK"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Partly("what has grown older than the retention of before is deleted then"),
        care: "Retention is only ever made longer, never shorter, which would delete logs; the days that Security Hub passes are honoured.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn target(&self, signal: &Signal) -> Option<LogGroupId> {
        LogGroupId::reported(signal)
    }

    fn plan(&self, group: &LogGroup, case: &Case<'_>) -> Plan<Swap<Retention>> {
        let (wanted, retention) = wanted(case.signal);
        match group.days {
            Some(days) if days < wanted => {}
            Some(_) | None => return Plan::none(),
        }
        if group.passes_on {
            let why = "its class DELIVERY keeps logs for a day, whatever is set: what is read is where they go";
            return Plan::by_hand("the log group keeps its logs for a day", why, []);
        }
        Swap::of(Retention(group.days), retention).into_iter().collect()
    }
}

/// The days that are asked for, and the retention that keeps logs for so long.
fn wanted(signal: &Signal) -> (u32, Retention) {
    let given =
        signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("minRetentionTime"));
    let days = given.and_then(|(_, values)| values.first()?.trim().parse().ok());
    let choice = days.and_then(|days| Some((days, Retention::of_at_least(days)?)));
    choice.unwrap_or((A_YEAR, Retention(Some(A_YEAR))))
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/web:*";

    fn group(days: Option<u32>) -> LogGroup {
        LogGroup { days, ..LogGroup::default() }
    }

    fn asked(days: &str) -> Signal {
        let parameters = [("minRetentionTime".into(), vec![days.into()])].into();
        Signal { parameters, ..signal(WEB) }
    }

    #[test]
    fn logs_that_go_too_soon_are_kept_for_a_year() {
        let year = "set retention of 365 days (it is retention of 7 days)";
        check(&KeepLogs, &group(Some(7)), &signal(WEB), &[year]);
        check(&KeepLogs, &group(Some(7)), &signal("/aws/lambda/web"), &[year]);
        let expected = ["set retention of 365 days (it is retention of 1 day)"];
        check(&KeepLogs, &group(Some(1)), &signal(WEB), &expected);
    }

    #[test]
    fn what_is_kept_as_long_longer_or_for_ever_stays() {
        for days in [Some(365), Some(400), Some(3653), None] {
            check(&KeepLogs, &group(days), &signal(WEB), &[]);
        }
    }

    #[test]
    fn the_controls_own_days_are_honoured_where_they_can_be_read() {
        let group = group(Some(400));
        let longer = ["set retention of 545 days (it is retention of 400 days)"];
        check(&KeepLogs, &group, &asked("545"), &longer);
        check(&KeepLogs, &group, &asked(" 500 "), &longer);
        for days in ["400", "365", "what?", "", "-1", "99999999999", "4000"] {
            check(&KeepLogs, &group, &asked(days), &[]);
        }
        let nothing =
            Signal { parameters: [("minRetentionTime".into(), vec![])].into(), ..signal(WEB) };
        check(&KeepLogs, &group, &nothing, &[]);
    }

    #[test]
    fn a_group_that_only_passes_logs_on_is_left_to_people() {
        let group = LogGroup { passes_on: true, ..group(Some(1)) };
        check(&KeepLogs, &group, &signal(WEB), &[]);
        let plan = KeepLogs.plan(&group, &Case { signal: &signal(WEB), now: now() });
        assert_eq!(plan.left[0].why.kind(), "by-hand");
    }
}
