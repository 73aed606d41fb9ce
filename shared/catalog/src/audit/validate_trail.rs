//! Lets CloudTrail keep digests of a trail's log files, by which edits are found out.
//!
//! The trail of an organization, and the shadow of one that was made in another Region, are left alone:
//! the first is every account's, the second cannot be changed.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Trail, TrailId, TrailSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ValidateTrail;

impl Remediation for ValidateTrail {
    type Facet = Trail;

    const SPEC: Spec = Spec {
        id: "audit/validate_trail",
        title: "Turn on log file validation of a trail",
        triggers: &[
            Trigger::control("CloudTrail.4"),
            Trigger::config_rule("CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only this one setting is sent. Trails of an organization and shadows of trails in other Regions are left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn target(&self, signal: &Signal) -> Option<TrailId> {
        TrailId::reported(signal)
    }

    fn plan(&self, trail: &Trail, case: &Case<'_>) -> Plan<Swap<TrailSetting>> {
        let is = TrailSetting::Validation(trail.validated);
        trail.set(is, TrailSetting::Validation(true), case)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const MAIN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

    fn main() -> Trail {
        let (account, home) = ("111122223333".into(), "eu-west-1".into());
        Trail { account, home, ..Trail::default() }
    }

    #[test]
    fn a_trail_without_digests_gets_them_whether_its_arn_is_given_or_its_name() {
        let expected = ["set log file validation on (it is log file validation off)"];
        check(&ValidateTrail, &main(), &signal(MAIN), &expected);
        check(&ValidateTrail, &main(), &signal("main"), &expected);
    }

    #[test]
    fn one_with_digests_is_right() {
        let trail = Trail { validated: true, organization: true, ..main() };
        check(&ValidateTrail, &trail, &signal(MAIN), &[]);
    }

    #[test]
    fn an_organizations_trail_and_a_shadow_are_left_to_people() {
        for (trail, region) in [
            (Trail { organization: true, ..main() }, "eu-west-1"),
            (Trail { home: "us-east-1".into(), ..main() }, "us-east-1"),
        ] {
            check(&ValidateTrail, &trail, &signal(MAIN), &[]);
            let plan = ValidateTrail.plan(&trail, &Case { signal: &signal(MAIN), now: now() });
            assert_eq!(plan.left[0].what, "log file validation on");
            assert_eq!(
                plan.by_hand,
                [format!(
                    "aws cloudtrail update-trail --region {region} --name main --enable-log-file-validation"
                )]
            );
        }
    }
}
