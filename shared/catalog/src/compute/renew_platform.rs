//! Has an ECS service run on the latest version of Fargate.
//!
//! A person is asked first: every task is replaced. A version that is the latest for its operating system is
//! left alone, whichever way it is named.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{EcsService, EcsServiceSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct RenewPlatform;

const LATEST: &str = "LATEST";

impl Remediation for RenewPlatform {
    type Facet = EcsService;

    const SPEC: Spec = Spec {
        id: "compute/renew_platform",
        title: "Run an ECS service on the latest version of Fargate",
        triggers: &[
            Trigger::control("ECS.10"),
            Trigger::config_rule("ECS_FARGATE_LATEST_PLATFORM_VERSION"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, as all tasks are replaced; a service whose version is the latest by number is left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, service: &EcsService, case: &Case<'_>) -> Plan<Swap<EcsServiceSetting>> {
        let Some(version) = service.platform.as_ref().filter(|_| service.is_active) else {
            return Plan::none();
        };
        if version == LATEST || *version == newest(&service.family, case.signal) {
            return Plan::none();
        }
        if service.controller != "ECS" {
            return Plan::by_hand(
                format!("platform version {version}"),
                format!(
                    "{} rolls out its tasks: the version is part of the next deployment there",
                    service.controller
                ),
                [],
            );
        }
        let is = EcsServiceSetting::Platform(version.clone());
        let plan: Plan<_> =
            Swap::of(is, EcsServiceSetting::Platform(LATEST.into())).into_iter().collect();
        plan.asking("all its tasks are replaced, and run on another version of Fargate")
    }
}

/// The newest version by number: what Security Hub passes with the finding, else as of this writing.
fn newest(family: &str, signal: &Signal) -> String {
    let is_windows = family.to_ascii_lowercase().starts_with("windows");
    let (name, known) = match is_windows {
        true => ("latestWindowsVersion", "1.0.0"),
        false => ("latestLinuxVersion", "1.4.0"),
    };
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    let given = given.and_then(|(_, values)| values.first()).map(|value| value.trim());
    let is_version =
        |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    given.filter(is_version).unwrap_or(known).to_owned()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:service/shop/web";

    fn service(platform: Option<&str>, family: &str) -> EcsService {
        EcsService {
            is_active: true,
            controller: "ECS".into(),
            platform: platform.map(Into::into),
            family: family.into(),
            ..EcsService::default()
        }
    }

    #[test]
    fn an_old_version_is_left_behind_if_a_person_agrees() {
        let signal = signal(ARN);
        let expected = ["set platform version LATEST (it is platform version 1.3.0)"];
        let service = service(Some("1.3.0"), "Linux");
        check(&RenewPlatform, &service, &signal, &expected);
        let plan = RenewPlatform.plan(&service, &Case { signal: &signal, now: now() });
        assert!(plan.ask.is_some());
    }

    #[test]
    fn the_latest_version_is_left_alone_however_it_is_named() {
        for (version, family) in [
            (Some("LATEST"), "Linux"),
            (Some("1.4.0"), "Linux"),
            (Some("1.0.0"), "Windows Server 2022 Core"),
            (None, ""),
        ] {
            check(&RenewPlatform, &service(version, family), &signal(ARN), &[]);
        }
    }

    #[test]
    fn what_the_latest_is_comes_with_the_finding() {
        let mut signal = signal(ARN);
        signal.parameters = [("latestLinuxVersion".to_owned(), vec!["1.5.0".to_owned()])].into();
        check(&RenewPlatform, &service(Some("1.5.0"), "Linux"), &signal, &[]);
        let expected = ["set platform version LATEST (it is platform version 1.4.0)"];
        check(&RenewPlatform, &service(Some("1.4.0"), "Linux"), &signal, &expected);
        signal.parameters = [("latestLinuxVersion".to_owned(), vec!["newest".to_owned()])].into();
        check(&RenewPlatform, &service(Some("1.4.0"), "Linux"), &signal, &[]);
    }

    #[test]
    fn one_whose_tasks_something_else_makes_is_left_to_it() {
        for controller in ["EXTERNAL", "CODE_DEPLOY"] {
            let service =
                EcsService { controller: controller.into(), ..service(Some("1.3.0"), "Linux") };
            check(&RenewPlatform, &service, &signal(ARN), &[]);
            let left = left(&RenewPlatform, &service, &signal(ARN));
            assert!(left[0].contains(&format!("{controller} rolls out its tasks")), "{left:?}");
        }
    }
}
