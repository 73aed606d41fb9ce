//! Tells how to turn on Object Lock of a bucket.
//!
//! It is never done here: it cannot be turned off again, and what is locked cannot be deleted, by nobody.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::BucketLock;

/// See the [module](self).
#[derive(Debug)]
pub struct LockObjects;

impl Remediation for LockObjects {
    type Facet = BucketLock;

    const SPEC: Spec = Spec {
        id: "s3/lock_objects",
        title: "Tell how to turn on Object Lock of a bucket",
        triggers: &[
            Trigger::control("S3.15"),
            Trigger::config_rule("S3_BUCKET_DEFAULT_LOCK_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "It is only told: Object Lock cannot be turned off again.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketLock, case: &Case<'_>) -> Plan<Never> {
        let mode = mode(case.signal);
        let is_in =
            |mode: &str| bucket.mode.as_deref().is_some_and(|is| is.eq_ignore_ascii_case(mode));
        let rule = match mode {
            None if bucket.enabled => return Plan::none(),
            Some(mode) if bucket.enabled && is_in(mode) => return Plan::none(),
            None => String::new(),
            Some(mode) => format!(",Rule={{DefaultRetention={{Mode={mode},Days=DAYS}}}}"),
        };
        let commands = self.target(case.signal).map(|id| {
            let place = &case.signal.place;
            let versioning = id.command(place, "put-bucket-versioning");
            let lock = id.command(place, "put-object-lock-configuration");
            [
                format!("{versioning} --versioning-configuration Status=Enabled"),
                format!("{lock} --object-lock-configuration 'ObjectLockEnabled=Enabled{rule}'"),
            ]
        });
        Plan::by_hand(
            "objects are not locked as the control wants",
            "neither Object Lock nor the versioning that it needs can be turned off again, and nobody \
             can delete what is locked",
            commands.into_iter().flatten(),
        )
    }
}

/// The mode that the control wants, where Security Hub passes it.
fn mode(signal: &Signal) -> Option<&'static str> {
    let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case("mode"));
    let given = given.and_then(|(_, values)| values.first())?;
    let is = |mode: &&&str| given.trim().eq_ignore_ascii_case(mode);
    ["COMPLIANCE", "GOVERNANCE"].iter().find(is).copied()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn it_is_told_where_objects_are_not_locked_as_the_control_wants() {
        let wants = |mode: &str| Signal {
            parameters: [("mode".into(), vec![mode.into()])].into(),
            ..signal("web")
        };
        for (enabled, mode, wanted, left) in [
            (false, None, "", 1),
            (true, None, "", 0),
            (true, None, "what?", 0),
            (true, None, "GOVERNANCE", 1),
            (true, Some("GOVERNANCE"), "governance", 0),
            (true, Some("GOVERNANCE"), "COMPLIANCE", 1),
        ] {
            let bucket = BucketLock { enabled, mode: mode.map(str::to_owned), tags: [].into() };
            let signal = wants(wanted);
            check(&LockObjects, &bucket, &signal, &[]);
            let plan = LockObjects.plan(&bucket, &Case { signal: &signal, now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (left, 2 * left), "{bucket:?}");
        }
    }
}
