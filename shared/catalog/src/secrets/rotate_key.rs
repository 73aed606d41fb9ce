//! Lets KMS rotate the material of a key. What was encrypted with older material can be read all the same.
//!
//! Only keys that KMS can rotate are meant: symmetric ones with material of its own. A copy of a key in
//! another Region is rotated with that one.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Key, KeySetting};

/// See the [module](self).
#[derive(Debug)]
pub struct RotateKey;

impl Remediation for RotateKey {
    type Facet = Key;

    const SPEC: Spec = Spec {
        id: "secrets/rotate_key",
        title: "Turn on the rotation of a KMS key",
        triggers: &[
            Trigger::control("KMS.4"),
            Trigger::config_rule("CMK_BACKING_KEY_ROTATION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Keys that KMS cannot rotate are left alone, and so are those that are disabled; for a copy, the Region of the key itself is named.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, key: &Key, case: &Case<'_>) -> Plan<Swap<KeySetting>> {
        if !key.can_rotate() || key.state != "Enabled" || key.rotation {
            return Plan::none();
        }
        if let (Some(region), Some(id)) = (&key.copy_of, self.target(case.signal)) {
            return Plan::by_hand(
                "the key is not rotated",
                format!("it is a copy of a key in {region}, and rotates with that one"),
                [format!("aws kms enable-key-rotation --region {region} --key-id {id}")],
            );
        }
        Swap::of(KeySetting::Rotation(false), KeySetting::Rotation(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn key() -> Key {
        Key {
            state: "Enabled".into(),
            customer: true,
            spec: "SYMMETRIC_DEFAULT".into(),
            origin: "AWS_KMS".into(),
            ..Key::default()
        }
    }

    #[test]
    fn a_key_that_can_be_rotated_is() {
        check(&RotateKey, &key(), &signal(KEY), &["set rotation on (it is rotation off)"]);
        check(&RotateKey, &Key { rotation: true, ..key() }, &signal(KEY), &[]);
    }

    #[test]
    fn one_that_cannot_is_left_alone() {
        for other in [
            Key { spec: "RSA_2048".into(), ..key() },
            Key { spec: "HMAC_256".into(), ..key() },
            Key { origin: "EXTERNAL".into(), ..key() },
            Key { origin: "AWS_CLOUDHSM".into(), ..key() },
            Key { customer: false, ..key() },
            Key { state: "Disabled".into(), ..key() },
            Key { state: "PendingDeletion".into(), ..key() },
        ] {
            check(&RotateKey, &other, &signal(KEY), &[]);
            let plan = RotateKey.plan(&other, &Case { signal: &signal(KEY), now: now() });
            assert_eq!(plan, Plan::none(), "{other:?}");
        }
    }

    #[test]
    fn a_copy_is_rotated_where_its_key_is() {
        let copy = Key { copy_of: Some("us-east-1".into()), ..key() };
        check(&RotateKey, &copy, &signal(KEY), &[]);
        let plan = RotateKey.plan(&copy, &Case { signal: &signal(KEY), now: now() });
        let command = "aws kms enable-key-rotation --region us-east-1 --key-id 1234abcd-12ab-34cd-56ef-1234567890ab";
        assert_eq!(plan.by_hand, [command]);
    }
}
