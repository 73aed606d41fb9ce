//! Lets Macie look at the buckets of an account and Region, if a person agrees: it is paid by the bucket.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Macie, MacieState};

/// See the [module](self).
#[derive(Debug)]
pub struct EnableMacie;

impl Remediation for EnableMacie {
    type Facet = Macie;

    const SPEC: Spec = Spec {
        id: "detect/enable_macie",
        title: "Turn on Macie in a Region",
        triggers: &[Trigger::control("Macie.1"), Trigger::config_rule("MACIE_STATUS_CHECK")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Partly("Macie is not turned off where it was off: all that it knows would go"),
        care: "A person is asked first, because it costs; where it is paused it goes on as it was set up.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, macie: &Macie, _: &Case<'_>) -> Plan<Swap<MacieState>> {
        let plan: Plan<_> = Swap::of(macie.state, MacieState::On).into_iter().collect();
        plan.asking("Macie is paid by the bucket, and by what it looks at in them")
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    #[test]
    fn what_is_off_or_paused_is_turned_on_if_a_person_agrees() {
        for (state, expected, comes_back) in [
            (MacieState::Off, "set Macie on (it is Macie off)", false),
            (MacieState::Paused, "set Macie on (it is Macie paused)", true),
        ] {
            check(&EnableMacie, &Macie { state }, &signal(ACCOUNT), &[expected]);
            let plan =
                EnableMacie.plan(&Macie { state }, &Case { signal: &signal(ACCOUNT), now: now() });
            assert_eq!((plan.ask.is_some(), plan.inverse().is_some()), (true, comes_back));
        }
        check(&EnableMacie, &Macie { state: MacieState::On }, &signal(ACCOUNT), &[]);
    }
}
