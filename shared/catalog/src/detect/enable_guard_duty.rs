//! Lets `GuardDuty` look at an account and Region, if a person agrees: it is paid by what it looks at.
//!
//! A detector that is suspended goes on as it was set up. One that is made has what AWS turns on by default.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{DetectorState, GuardDuty};

/// See the [module](self).
#[derive(Debug)]
pub struct EnableGuardDuty;

impl Remediation for EnableGuardDuty {
    type Facet = GuardDuty;

    const SPEC: Spec = Spec {
        id: "detect/enable_guard_duty",
        title: "Turn on GuardDuty in a Region",
        triggers: &[
            Trigger::control("GuardDuty.1"),
            Trigger::config_rule("GUARDDUTY_ENABLED_CENTRALIZED"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Partly("a detector that was made stays: its findings would go with it"),
        care: "A person is asked first, because it costs; a suspended detector goes on with the protections it had.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, guard_duty: &GuardDuty, _: &Case<'_>) -> Plan<Swap<DetectorState>> {
        let plan: Plan<_> = Swap::of(guard_duty.state, DetectorState::On).into_iter().collect();
        plan.asking(match guard_duty.state {
            DetectorState::Missing => {
                "GuardDuty is paid by what it looks at; a new detector also has the protections that AWS turns on by default"
            }
            DetectorState::Suspended | DetectorState::On => {
                "GuardDuty is paid by what it looks at, and somebody suspended it"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet as _,
        check::{check, now, signal},
    };

    use super::*;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    #[test]
    fn what_is_missing_or_suspended_is_turned_on_if_a_person_agrees() {
        for (state, expected, comes_back) in [
            (DetectorState::Missing, "set detector on (it is no detector)", false),
            (DetectorState::Suspended, "set detector on (it is detector suspended)", true),
        ] {
            let guard_duty = GuardDuty { state, ..GuardDuty::default() };
            check(&EnableGuardDuty, &guard_duty, &signal(ACCOUNT), &[expected]);
            let plan =
                EnableGuardDuty.plan(&guard_duty, &Case { signal: &signal(ACCOUNT), now: now() });
            assert_eq!((plan.ask.is_some(), plan.inverse().is_some()), (true, comes_back));
        }
    }

    #[test]
    fn one_that_is_on_is_left_alone() {
        let on = GuardDuty { state: DetectorState::On, ..GuardDuty::default() };
        check(&EnableGuardDuty, &on, &signal(ACCOUNT), &[]);
    }

    #[test]
    fn the_tags_of_a_detector_decide_and_without_one_it_is_a_setting_of_the_account() {
        let suspended = GuardDuty { state: DetectorState::Suspended, ..GuardDuty::default() };
        assert!(suspended.tags().is_some() && GuardDuty::default().tags().is_none());
    }
}
