//! Contains a user whose access key does what an attacker would: nothing that they do is allowed any more.
//!
//! Only users with a key of their own are meant: keys that AWS gave for a time (`ASIA...`) belong to roles as
//! well, and end by themselves. A person always looks first; the password stays, since it cannot be brought
//! back, and is worth nothing while everything is denied.

use remedy::{
    Case, Facet, Id, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo,
    Wrong,
};

use super::{ContainmentChange, UserContainment, UserId};

/// See the [module](self).
#[derive(Debug)]
pub struct ContainUser;

impl Remediation for ContainUser {
    type Facet = UserContainment;

    const SPEC: Spec = Spec {
        id: "iam/contain_user",
        title: "Deny a user everything whose access key is in the wrong hands",
        triggers: &[
            Trigger::finding("CredentialAccess:IAMUser/AnomalousBehavior"),
            Trigger::finding("CredentialAccess:IAMUser/CompromisedCredentials"),
            Trigger::finding("DefenseEvasion:IAMUser/AnomalousBehavior"),
            Trigger::finding("Exfiltration:IAMUser/AnomalousBehavior"),
            Trigger::finding("Impact:IAMUser/AnomalousBehavior"),
            Trigger::finding("InitialAccess:IAMUser/AnomalousBehavior"),
            Trigger::finding("PenTest:IAMUser/KaliLinux"),
            Trigger::finding("PenTest:IAMUser/ParrotLinux"),
            Trigger::finding("PenTest:IAMUser/PentooLinux"),
            Trigger::finding("Persistence:IAMUser/AnomalousBehavior"),
            Trigger::finding("PrivilegeEscalation:IAMUser/AnomalousBehavior"),
            Trigger::finding("Recon:IAMUser/MaliciousIPCaller"),
            Trigger::finding("Recon:IAMUser/MaliciousIPCaller.Custom"),
            Trigger::finding("Recon:IAMUser/TorIPCaller"),
            Trigger::finding("Stealth:IAMUser/CloudTrailLoggingDisabled"),
            Trigger::finding("UnauthorizedAccess:IAMUser/MaliciousIPCaller"),
            Trigger::finding("UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom"),
            Trigger::finding("UnauthorizedAccess:IAMUser/TorIPCaller"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person agrees first, and all of it can be taken back: keys become inactive, nothing is deleted. Roles and keys that AWS gave for a time are left alone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    /// Findings of these types are about roles as often.
    fn answers(&self, signal: &Signal) -> bool {
        Self::SPEC.triggers.iter().any(|trigger| trigger.is(&signal.trigger))
            && self.target(signal).is_some()
    }

    /// `GuardDuty` names the user and the key, `alice/AKIA...`, and not the path that the user is under.
    fn target(&self, signal: &Signal) -> Option<UserId> {
        UserId::locate(&signal.resource).or_else(|| {
            let (name, key) = signal.resource.split_once('/')?;
            let is_own = key.len() >= 16
                && key.starts_with("AKIA")
                && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            is_own.then(|| UserId::named(name))?
        })
    }

    fn plan(&self, user: &UserContainment, case: &Case<'_>) -> Plan<ContainmentChange> {
        let keys = user.active_keys.iter().cloned().map(ContainmentChange::Deactivate);
        let deny = (!user.denied).then_some(ContainmentChange::Deny);
        let changes: Vec<_> = deny.into_iter().chain(keys).collect();
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        if id.path == user.path || changes.is_empty() {
            let plan: Plan<_> = changes.into_iter().collect();
            return plan.asking(format!(
                "whatever works as user {id} stops: make sure that it is not the owner who did this"
            ));
        }
        // What people wrote about the user by its name has the path in it.
        let named = UserId { path: user.path.clone(), ..id.clone() }.arn(&case.signal.place);
        Plan::by_hand(
            format!("user {id} is not contained"),
            format!("the finding does not say that it is {named}; make sure, and contain it"),
            UserContainment::commands(&case.signal.place, &id, &changes),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const KEY: &str = "alice/AKIAIOSFODNN7EXAMPLE";
    const TYPE: &str = "UnauthorizedAccess:IAMUser/TorIPCaller";

    fn found(resource: &str) -> Signal {
        Signal { trigger: Trigger::finding(TYPE), ..signal(resource) }
    }

    fn alice(path: &str) -> UserContainment {
        UserContainment {
            path: path.into(),
            active_keys: vec!["AKIA1".into(), "AKIA2".into()],
            ..UserContainment::default()
        }
    }

    #[test]
    fn a_user_is_denied_everything_once_a_person_agrees() {
        let expected = [
            "attach policy AWSDenyAll",
            "deactivate access key AKIA1",
            "deactivate access key AKIA2",
        ];
        check(&ContainUser, &alice("/"), &found(KEY), &expected);
        let plan = ContainUser.plan(&alice("/"), &Case { signal: &found(KEY), now: now() });
        assert!(plan.ask.unwrap().starts_with("whatever works as user alice stops"));
    }

    #[test]
    fn what_is_done_already_is_not_done_again() {
        let half = UserContainment { active_keys: Vec::new(), ..alice("/") };
        check(&ContainUser, &half, &found(KEY), &["attach policy AWSDenyAll"]);
        check(&ContainUser, &UserContainment { denied: true, ..half }, &found(KEY), &[]);
    }

    #[test]
    fn a_user_under_a_path_is_left_to_a_person_unless_named_in_full() {
        let plan = ContainUser.plan(&alice("/ops/"), &Case { signal: &found(KEY), now: now() });
        assert!(plan.is_empty());
        assert_eq!(
            plan.by_hand[0],
            "aws iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/AWSDenyAll"
        );
        let full = found("arn:aws:iam::111122223333:user/ops/alice");
        check(
            &ContainUser,
            &UserContainment { active_keys: vec![], ..alice("/ops/") },
            &full,
            &["attach policy AWSDenyAll"],
        );
    }

    #[test]
    fn roles_and_keys_for_a_time_are_not_answered() {
        for other in [
            "web-role/ASIAIOSFODNN7EXAMPLE",
            "alice",
            "alice/AKIA",
            "alice/AKIAiosfodnn7example",
            "a b/AKIAIOSFODNN7EXAMPLE",
            "AKIAIOSFODNN7EXAMPLE",
            "arn:aws:iam::111122223333:role/web",
        ] {
            assert!(!ContainUser.answers(&found(other)), "{other}");
        }
        assert!(ContainUser.answers(&found(KEY)));
        assert!(!ContainUser.answers(&signal(KEY)));
    }
}
