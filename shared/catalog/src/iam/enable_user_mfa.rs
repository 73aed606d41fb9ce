//! Tells how a user is given a second factor: whoever holds the device has to be there.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};

use super::UserMfa;

/// See the [module](self).
#[derive(Debug)]
pub struct EnableUserMfa;

impl Remediation for EnableUserMfa {
    type Facet = UserMfa;

    const SPEC: Spec = Spec {
        id: "iam/enable_user_mfa",
        title: "Tell how to give a user a second factor",
        triggers: &[
            Trigger::control("IAM.5"),
            Trigger::control("IAM.19"),
            Trigger::config_rule("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS"),
            Trigger::config_rule("IAM_USER_MFA_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nobody is locked out: the password and the keys stay until the user has a device.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, user: &UserMfa, case: &Case<'_>) -> Plan<Never> {
        let for_console = ["IAM.5", "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS"];
        let name = case.signal.trigger.name();
        let is_for_console = for_console.iter().any(|known| known.eq_ignore_ascii_case(name));
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        if !user.devices.is_empty() || (is_for_console && !user.password) {
            return Plan::none();
        }
        let (place, name) = (&case.signal.place, quoted(&id.name));
        let serial = quoted(&format!("arn:{}:iam::{}:mfa/{id}", place.partition, place.account));
        Plan::by_hand(
            "the user has no second factor",
            "only who holds the device can register it: have them do it while you type",
            [
                format!(
                    "aws iam create-virtual-mfa-device --virtual-mfa-device-name {name} --bootstrap-method QRCodePNG --outfile mfa.png"
                ),
                format!(
                    "aws iam enable-mfa-device --user-name {name} --serial-number {serial} --authentication-code1 \"$CODE\" --authentication-code2 \"$NEXT\""
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const ALICE: &str = "arn:aws-cn:iam::111122223333:user/alice";

    fn plan(user: &UserMfa, control: &'static str) -> Plan<Never> {
        let signal = Signal {
            trigger: Trigger::control(control),
            place: remedy::Place::new("111122223333", "cn-north-1"),
            ..signal(ALICE)
        };
        check(&EnableUserMfa, user, &signal, &[]);
        EnableUserMfa.plan(user, &Case { signal: &signal, now: now() })
    }

    #[test]
    fn who_has_none_is_told_how_to_get_one() {
        let user = UserMfa { password: true, ..UserMfa::default() };
        let plan = plan(&user, "IAM.5");
        assert_eq!(plan.left[0].what, "the user has no second factor");
        assert!(plan.by_hand[1].contains("--serial-number arn:aws-cn:iam::111122223333:mfa/alice"));
    }

    #[test]
    fn a_user_without_a_password_is_right_where_only_the_console_counts() {
        assert_eq!(plan(&UserMfa::default(), "IAM.5"), Plan::none());
        assert_ne!(plan(&UserMfa::default(), "IAM.19"), Plan::none());
        let user = UserMfa { password: true, devices: vec!["arn".into()], ..UserMfa::default() };
        assert_eq!(plan(&user, "IAM.19"), Plan::none());
    }
}
