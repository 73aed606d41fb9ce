//! Lets Inspector scan what a control asks for, if a person agrees: it is paid by what it scans.
//!
//! Nothing that is scanned stops to be. The code of functions is scanned only where what they depend on is,
//! so that this is turned on with it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Inspector, Scan, ScanSetting, row};

/// See the [module](self).
#[derive(Debug)]
pub struct EnableScanning;

const ASKED: [(&str, &str, Scan); 4] = [
    ("Inspector.1", "INSPECTOR_EC2_SCAN_ENABLED", Scan::Ec2),
    ("Inspector.2", "INSPECTOR_ECR_SCAN_ENABLED", Scan::Ecr),
    ("Inspector.3", "INSPECTOR_LAMBDA_CODE_SCAN_ENABLED", Scan::LambdaCode),
    ("Inspector.4", "INSPECTOR_LAMBDA_STANDARD_SCAN_ENABLED", Scan::Lambda),
];

impl Remediation for EnableScanning {
    type Facet = Inspector;

    const SPEC: Spec = Spec {
        id: "detect/enable_scanning",
        title: "Turn on a kind of scan of Inspector",
        triggers: &[
            Trigger::control("Inspector.1"),
            Trigger::control("Inspector.2"),
            Trigger::control("Inspector.3"),
            Trigger::control("Inspector.4"),
            Trigger::config_rule("INSPECTOR_EC2_SCAN_ENABLED"),
            Trigger::config_rule("INSPECTOR_ECR_SCAN_ENABLED"),
            Trigger::config_rule("INSPECTOR_LAMBDA_CODE_SCAN_ENABLED"),
            Trigger::config_rule("INSPECTOR_LAMBDA_STANDARD_SCAN_ENABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, because it costs; only the kind of scan that the control asks for is turned on.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, inspector: &Inspector, case: &Case<'_>) -> Plan<Swap<ScanSetting>> {
        let Some(asked) = row(&ASKED, case) else { return Plan::none() };
        let Some(is) = inspector.scans.get(&asked) else {
            let what = format!("scanning of {} off", asked.label());
            return Plan::by_hand(what, "Inspector does not offer it here", None);
        };
        if *is {
            return Plan::none();
        }
        let first = (asked == Scan::LambdaCode).then_some(Scan::Lambda);
        let turn_on = |scan: Scan| {
            let on = inspector.scans.get(&scan).copied().unwrap_or_default();
            Swap::of(ScanSetting { scan, on }, ScanSetting { scan, on: true })
        };
        let plan: Plan<_> = first.into_iter().chain([asked]).filter_map(turn_on).collect();
        plan.asking(match asked {
            Scan::Ecr => "Inspector is paid by what it scans, and takes the place of the basic scanning of ECR",
            Scan::Ec2 | Scan::Lambda | Scan::LambdaCode => "Inspector is paid by what it scans",
        })
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    fn asked(control: &'static str) -> Signal {
        Signal { trigger: Trigger::control(control), ..signal("AWS::::Account:111122223333") }
    }

    fn scans(on: &[Scan]) -> Inspector {
        let all = [Scan::Ec2, Scan::Ecr, Scan::Lambda, Scan::LambdaCode];
        Inspector { scans: all.into_iter().map(|scan| (scan, on.contains(&scan))).collect() }
    }

    #[test]
    fn each_control_turns_on_what_it_asks_for_if_a_person_agrees() {
        let line = |scan: &str| format!("set scanning of {scan} on (it is scanning of {scan} off)");
        for (control, on, expected) in [
            ("Inspector.1", &[][..], &["EC2"][..]),
            ("Inspector.2", &[Scan::Ec2], &["ECR"]),
            ("Inspector.3", &[], &["LAMBDA", "LAMBDA_CODE"]),
            ("Inspector.3", &[Scan::Lambda], &["LAMBDA_CODE"]),
            ("Inspector.4", &[], &["LAMBDA"]),
            ("Inspector.1", &[Scan::Ec2], &[]),
            ("Inspector.9", &[], &[]),
        ] {
            let lines: Vec<_> = expected.iter().map(|scan| line(scan)).collect();
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            check(&EnableScanning, &scans(on), &asked(control), &lines);
            let plan =
                EnableScanning.plan(&scans(on), &Case { signal: &asked(control), now: now() });
            assert_eq!(plan.ask.is_some(), !expected.is_empty());
        }
    }

    #[test]
    fn what_is_not_offered_is_left_to_a_person() {
        let plan = EnableScanning
            .plan(&Inspector::default(), &Case { signal: &asked("Inspector.3"), now: now() });
        assert_eq!((plan.left.len(), plan.changes.len()), (1, 0));
    }
}
