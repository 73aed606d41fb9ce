//! Tells how the root user of an account is secured: nobody else can do it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{Mfa, RootUser};

/// See the [module](self).
#[derive(Debug)]
pub struct SecureRootUser;

const KEY: &str = "whatever uses the access key of the root user stops when it is deleted: see when it was used last";
const MFA: &str =
    "only the root user can register a device: sign in as such, and open Security credentials";

impl Remediation for SecureRootUser {
    type Facet = RootUser;

    const SPEC: Spec = Spec {
        id: "iam/secure_root_user",
        title: "Tell how to secure the root user of the account",
        triggers: &[
            Trigger::control("IAM.4"),
            Trigger::control("IAM.6"),
            Trigger::control("IAM.9"),
            Trigger::config_rule("IAM_ROOT_ACCESS_KEY_CHECK"),
            Trigger::config_rule("ROOT_ACCOUNT_HARDWARE_MFA_ENABLED"),
            Trigger::config_rule("ROOT_ACCOUNT_MFA_ENABLED"),
        ],
        severity: Severity::Critical,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "What is true of the root user now is read first: a finding that is out of date bothers nobody.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, root: &RootUser, case: &Case<'_>) -> Plan<Never> {
        let name = case.signal.trigger.name();
        let is = |names: [&str; 2]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(["IAM.4", "IAM_ROOT_ACCESS_KEY_CHECK"]) {
            return match root.access_key {
                true => Plan::by_hand("the root user has an access key", KEY, deletion(case)),
                false => Plan::none(),
            };
        }
        let is_hardware = is(["IAM.6", "ROOT_ACCOUNT_HARDWARE_MFA_ENABLED"]);
        match root.mfa {
            // Nobody can sign in.
            None if !root.password => Plan::none(),
            None => Plan::by_hand("the root user has no second factor", MFA, []),
            Some(Mfa::Virtual) if is_hardware => {
                Plan::by_hand("the second factor of the root user is an app, not a device", MFA, [])
            }
            Some(Mfa::Virtual | Mfa::Hardware) => Plan::none(),
        }
    }
}

/// How the key is deleted by the root user, and from the management account of an organization.
fn deletion(case: &Case<'_>) -> [String; 4] {
    let place = &case.signal.place;
    let policy =
        format!("arn:{}:iam::aws:policy/root-task/IAMDeleteRootUserCredentials", place.partition);
    [
        format!(
            "aws sts assume-root --target-principal {} --task-policy-arn arn={policy}",
            place.account
        ),
        "aws iam list-access-keys".into(),
        "aws iam update-access-key --access-key-id \"$KEY\" --status Inactive".into(),
        "aws iam delete-access-key --access-key-id \"$KEY\"".into(),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    fn left(root: &RootUser, trigger: Trigger) -> Option<String> {
        let signal = Signal { trigger, ..signal("AWS::::Account:111122223333") };
        check(&SecureRootUser, root, &signal, &[]);
        let plan = SecureRootUser.plan(root, &Case { signal: &signal, now: now() });
        plan.left.into_iter().next().map(|left| left.what)
    }

    #[test]
    fn each_control_is_about_its_own() {
        let nothing = RootUser { password: true, ..RootUser::default() };
        let app = RootUser { mfa: Some(Mfa::Virtual), access_key: true, ..nothing };
        let device = RootUser { mfa: Some(Mfa::Hardware), ..nothing };
        let kept = RootUser::default();
        let key = Some("the root user has an access key".to_owned());
        let none = Some("the root user has no second factor".to_owned());
        let not_hard =
            Some("the second factor of the root user is an app, not a device".to_owned());
        for (root, control, expected) in [
            (&nothing, "IAM.4", &None),
            (&nothing, "IAM.6", &none),
            (&nothing, "IAM.9", &none),
            (&app, "IAM.4", &key),
            (&app, "IAM.6", &not_hard),
            (&app, "IAM.9", &None),
            (&device, "IAM.6", &None),
            (&device, "IAM.9", &None),
            (&kept, "IAM.6", &None),
            (&kept, "IAM.9", &None),
        ] {
            assert_eq!(left(root, Trigger::control(control)), *expected, "{control}");
        }
        assert_eq!(left(&app, Trigger::config_rule("IAM_ROOT_ACCESS_KEY_CHECK")), key);
    }
}
