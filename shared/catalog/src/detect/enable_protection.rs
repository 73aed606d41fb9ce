//! Lets `GuardDuty` look at what a control asks for, if a person agrees: it is paid by what it looks at.
//!
//! Nothing that is on is turned off. What a policy of the organisation decides, and the forerunner of Runtime
//! Monitoring, are left to a person.

use remedy::{
    Case, Facet as _, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger,
    Undo, Wrong,
};

use super::{Detector, DetectorId, DetectorSetting, Feature, Runtime, row};

/// See the [module](self).
#[derive(Debug)]
pub struct EnableProtection;

/// What a control asks for.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// That this is looked at.
    Feature(Feature),
    /// That processes are, and that `GuardDuty` sees to its agent there.
    Runtime(Option<&'static str>),
}

const EKS: &str = "EKS_ADDON_MANAGEMENT";
const ECS: &str = "ECS_FARGATE_AGENT_MANAGEMENT";
const EC2: &str = "EC2_AGENT_MANAGEMENT";
const RUNTIME: &str = "RUNTIME_MONITORING";

const ASKED: [(&str, &str, Asked); 9] = [
    (
        "GuardDuty.5",
        "GUARDDUTY_EKS_PROTECTION_AUDIT_ENABLED",
        Asked::Feature(Feature::EksAuditLogs),
    ),
    (
        "GuardDuty.6",
        "GUARDDUTY_LAMBDA_PROTECTION_ENABLED",
        Asked::Feature(Feature::LambdaNetworkLogs),
    ),
    ("GuardDuty.7", "GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED", Asked::Runtime(Some(EKS))),
    (
        "GuardDuty.8",
        "GUARDDUTY_MALWARE_PROTECTION_ENABLED",
        Asked::Feature(Feature::EbsMalwareProtection),
    ),
    ("GuardDuty.9", "GUARDDUTY_RDS_PROTECTION_ENABLED", Asked::Feature(Feature::RdsLoginEvents)),
    ("GuardDuty.10", "GUARDDUTY_S3_PROTECTION_ENABLED", Asked::Feature(Feature::S3DataEvents)),
    ("GuardDuty.11", "GUARDDUTY_RUNTIME_MONITORING_ENABLED", Asked::Runtime(None)),
    ("GuardDuty.12", "GUARDDUTY_ECS_PROTECTION_RUNTIME_ENABLED", Asked::Runtime(Some(ECS))),
    ("GuardDuty.13", "GUARDDUTY_EC2_PROTECTION_RUNTIME_ENABLED", Asked::Runtime(Some(EC2))),
];

impl Remediation for EnableProtection {
    type Facet = Detector;

    const SPEC: Spec = Spec {
        id: "detect/enable_protection",
        title: "Turn on a protection of GuardDuty",
        triggers: &[
            Trigger::control("GuardDuty.5"),
            Trigger::control("GuardDuty.6"),
            Trigger::control("GuardDuty.7"),
            Trigger::control("GuardDuty.8"),
            Trigger::control("GuardDuty.9"),
            Trigger::control("GuardDuty.10"),
            Trigger::control("GuardDuty.11"),
            Trigger::control("GuardDuty.12"),
            Trigger::control("GuardDuty.13"),
            Trigger::config_rule("GUARDDUTY_EKS_PROTECTION_AUDIT_ENABLED"),
            Trigger::config_rule("GUARDDUTY_LAMBDA_PROTECTION_ENABLED"),
            Trigger::config_rule("GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED"),
            Trigger::config_rule("GUARDDUTY_MALWARE_PROTECTION_ENABLED"),
            Trigger::config_rule("GUARDDUTY_RDS_PROTECTION_ENABLED"),
            Trigger::config_rule("GUARDDUTY_S3_PROTECTION_ENABLED"),
            Trigger::config_rule("GUARDDUTY_RUNTIME_MONITORING_ENABLED"),
            Trigger::config_rule("GUARDDUTY_ECS_PROTECTION_RUNTIME_ENABLED"),
            Trigger::config_rule("GUARDDUTY_EC2_PROTECTION_RUNTIME_ENABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, because it costs; only the protection that the control asks for is turned on, and none is turned off.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, detector: &Detector, case: &Case<'_>) -> Plan<Swap<DetectorSetting>> {
        let Some(asked) = row(&ASKED, case) else { return Plan::none() };
        let (name, swap) = match asked {
            Asked::Feature(feature) => {
                let is = detector.features.get(&feature);
                let setting = |on| DetectorSetting::Feature(feature, on);
                (feature.label(), is.map(|on| (setting(*on), setting(true))))
            }
            Asked::Runtime(agent) => {
                if let Some(forerunner) = detector.forerunner.as_ref().filter(|runtime| runtime.on)
                {
                    return beside(forerunner, agent, case);
                }
                let wanted = |is: &Runtime| {
                    let mut wanted = Runtime { on: true, ..is.clone() };
                    wanted.agents.extend(agent.map(|agent| (agent.to_owned(), true)));
                    wanted
                };
                let swap = detector.runtime.as_ref().map(|is| {
                    (DetectorSetting::Runtime(is.clone()), DetectorSetting::Runtime(wanted(is)))
                });
                (RUNTIME, swap)
            }
        };
        let Some((from, to)) = swap else {
            return Plan::by_hand(format!("{name} off"), "GuardDuty does not offer it here", None);
        };
        let change = Swap::of(from, to);
        if change.is_some() && detector.managed.contains(name) {
            let id = DetectorId::locate(&case.signal.resource);
            let commands = id
                .zip(change)
                .map(|(id, change)| Detector::commands(&case.signal.place, &id, &[change]));
            return Plan::by_hand(
                format!("{name} off"),
                "a policy of the organisation decides it, and would put it back: mend it there",
                commands.unwrap_or_default(),
            );
        }
        let plan: Plan<_> = change.into_iter().collect();
        plan.asking("GuardDuty is paid by what it looks at, and this is more than before")
    }
}

/// Runtime Monitoring is not to be had beside its forerunner.
fn beside(
    forerunner: &Runtime,
    agent: Option<&str>,
    case: &Case<'_>,
) -> Plan<Swap<DetectorSetting>> {
    if agent == Some(EKS) && forerunner.agents.get(EKS) == Some(&true) {
        return Plan::none();
    }
    let wanted = |on| Runtime {
        on,
        agents: agent.map(|agent| (agent.to_owned(), on)).into_iter().collect(),
    };
    let change =
        Swap::of(DetectorSetting::Runtime(wanted(false)), DetectorSetting::Runtime(wanted(true)));
    let id = DetectorId::locate(&case.signal.resource);
    let commands = id.zip(change).map(|(id, change)| {
        let place = &case.signal.place;
        let on = Detector::commands(place, &id, &[change]);
        let off = on.iter().filter_map(|command| command.split(" --features ").next());
        let off: Vec<String> = off
            .map(|start| format!("{start} --features Name=EKS_RUNTIME_MONITORING,Status=DISABLED"))
            .collect();
        off.into_iter().chain(on)
    });
    Plan::by_hand(
        format!("{RUNTIME} off, its forerunner EKS_RUNTIME_MONITORING on"),
        "AWS refuses both, and clusters are not looked at while one takes the place of the other",
        commands.into_iter().flatten(),
    )
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const DETECTOR: &str = "arn:aws:guardduty:eu-west-1:111122223333:detector/12ab";

    fn asked(control: &'static str) -> Signal {
        Signal { trigger: Trigger::control(control), ..signal(DETECTOR) }
    }

    fn runtime(on: bool, agents: &[(&str, bool)]) -> Runtime {
        let agents = agents.iter().map(|(name, on)| ((*name).into(), *on)).collect();
        Runtime { on, agents }
    }

    fn off() -> Detector {
        let features = Feature::ALL.into_iter().map(|feature| (feature, false)).collect();
        let agents = [(EKS, false), (ECS, false), (EC2, false)];
        Detector { features, runtime: Some(runtime(false, &agents)), ..Detector::default() }
    }

    fn plan(detector: &Detector, control: &'static str) -> Plan<Swap<DetectorSetting>> {
        EnableProtection.plan(detector, &Case { signal: &asked(control), now: now() })
    }

    #[test]
    fn each_control_turns_on_what_it_asks_for_and_no_more() {
        for (control, to, from) in [
            ("GuardDuty.5", "EKS_AUDIT_LOGS on", "EKS_AUDIT_LOGS off"),
            ("GuardDuty.6", "LAMBDA_NETWORK_LOGS on", "LAMBDA_NETWORK_LOGS off"),
            (
                "GuardDuty.7",
                "RUNTIME_MONITORING on with EKS_ADDON_MANAGEMENT",
                "RUNTIME_MONITORING off",
            ),
            ("GuardDuty.8", "EBS_MALWARE_PROTECTION on", "EBS_MALWARE_PROTECTION off"),
            ("GuardDuty.9", "RDS_LOGIN_EVENTS on", "RDS_LOGIN_EVENTS off"),
            ("GuardDuty.10", "S3_DATA_EVENTS on", "S3_DATA_EVENTS off"),
            ("guardduty.11", "RUNTIME_MONITORING on", "RUNTIME_MONITORING off"),
            (
                "GuardDuty.12",
                "RUNTIME_MONITORING on with ECS_FARGATE_AGENT_MANAGEMENT",
                "RUNTIME_MONITORING off",
            ),
            (
                "GuardDuty.13",
                "RUNTIME_MONITORING on with EC2_AGENT_MANAGEMENT",
                "RUNTIME_MONITORING off",
            ),
        ] {
            let expected = format!("set {to} (it is {from})");
            check(&EnableProtection, &off(), &asked(control), &[&expected]);
            assert!(plan(&off(), control).ask.is_some());
        }
        check(&EnableProtection, &off(), &asked("GuardDuty.1"), &[]);
    }

    #[test]
    fn what_is_on_stays_and_other_agents_stay_as_they_are() {
        let on = Detector { features: [(Feature::S3DataEvents, true)].into(), ..off() };
        check(&EnableProtection, &on, &asked("GuardDuty.10"), &[]);
        let eks = Detector { runtime: Some(runtime(true, &[(EKS, true)])), ..off() };
        check(&EnableProtection, &eks, &asked("GuardDuty.7"), &[]);
        check(&EnableProtection, &eks, &asked("GuardDuty.11"), &[]);
        let expected =
            ["set RUNTIME_MONITORING on with EC2_AGENT_MANAGEMENT, EKS_ADDON_MANAGEMENT \
             (it is RUNTIME_MONITORING on with EKS_ADDON_MANAGEMENT)"];
        check(&EnableProtection, &eks, &asked("GuardDuty.13"), &expected);
    }

    #[test]
    fn what_is_not_offered_or_decided_elsewhere_is_left_to_a_person() {
        let managed = Detector { managed: ["S3_DATA_EVENTS".into()].into(), ..off() };
        for (detector, commands) in [(Detector::default(), 0), (managed, 1)] {
            check(&EnableProtection, &detector, &asked("GuardDuty.10"), &[]);
            let plan = plan(&detector, "GuardDuty.10");
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, commands));
        }
    }

    #[test]
    fn the_forerunner_is_not_replaced_behind_anybodys_back() {
        let detector =
            |agent| Detector { forerunner: Some(runtime(true, &[(EKS, agent)])), ..off() };
        check(&EnableProtection, &detector(true), &asked("GuardDuty.7"), &[]);
        assert_eq!(plan(&detector(true), "GuardDuty.7"), Plan::none());
        for (agent, control) in
            [(false, "GuardDuty.7"), (true, "GuardDuty.11"), (true, "GuardDuty.13")]
        {
            check(&EnableProtection, &detector(agent), &asked(control), &[]);
            let plan = plan(&detector(agent), control);
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 2));
            assert!(plan.by_hand[0].ends_with("Name=EKS_RUNTIME_MONITORING,Status=DISABLED"));
        }
    }
}
