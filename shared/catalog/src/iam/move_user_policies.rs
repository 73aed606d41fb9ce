//! Tells how the policies of a user are moved to a group. Which group is a person's to say: it is not done
//! here.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};

use super::{UserPolicies, UserPolicyChange};

/// See the [module](self).
#[derive(Debug)]
pub struct MoveUserPolicies;

impl Remediation for MoveUserPolicies {
    type Facet = UserPolicies;

    const SPEC: Spec = Spec {
        id: "iam/move_user_policies",
        title: "Tell how to move the policies of a user to a group",
        triggers: &[Trigger::control("IAM.2"), Trigger::config_rule("IAM_USER_NO_POLICIES_CHECK")],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "A policy is never taken from a user before a group gives the same.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, user: &UserPolicies, case: &Case<'_>) -> Plan<UserPolicyChange> {
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        let number = user.attached.len() + user.inline.len();
        if number == 0 {
            return Plan::none();
        }
        let (name, group) = (quoted(&id.name), "\"$GROUP\"");
        let mut commands = Vec::new();
        if user.groups.is_empty() {
            commands.push(format!("aws iam create-group --group-name {group}"));
            let add = format!("aws iam add-user-to-group --group-name {group} --user-name {name}");
            commands.push(add);
        }
        for arn in user.attached.iter().map(|arn| quoted(arn)) {
            commands.push(format!(
                "aws iam attach-group-policy --group-name {group} --policy-arn {arn}"
            ));
            commands
                .push(format!("aws iam detach-user-policy --user-name {name} --policy-arn {arn}"));
        }
        for policy in user.inline.iter().map(|policy| quoted(policy)) {
            commands.push(format!(
                "aws iam get-user-policy --user-name {name} --policy-name {policy} --query PolicyDocument > policy.json"
            ));
            commands.push(format!(
                "aws iam put-group-policy --group-name {group} --policy-name {policy} --policy-document file://policy.json"
            ));
            commands.push(format!(
                "aws iam delete-user-policy --user-name {name} --policy-name {policy}"
            ));
        }
        let groups: Vec<_> = user.groups.iter().map(String::as_str).collect();
        let why = match groups.as_slice() {
            [] => "the user is in no group: make one for the task, set GROUP to its name".into(),
            groups => format!(
                "set GROUP to a group whose members should all have it: {}",
                groups.join(", ")
            ),
        };
        let policies = if number == 1 { "policy" } else { "policies" };
        Plan::by_hand(format!("the user has {number} {policies} of their own"), why, commands)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ALICE: &str = "arn:aws:iam::111122223333:user/alice";

    #[test]
    fn every_policy_is_moved_before_it_is_taken_away() {
        let user = UserPolicies {
            attached: ["arn:aws:iam::aws:policy/ReadOnlyAccess".into()].into(),
            inline: ["own one".into()].into(),
            ..UserPolicies::default()
        };
        check(&MoveUserPolicies, &user, &signal(ALICE), &[]);
        let plan = MoveUserPolicies.plan(&user, &Case { signal: &signal(ALICE), now: now() });
        assert_eq!(plan.left[0].what, "the user has 2 policies of their own");
        let verbs: Vec<_> = plan.by_hand.iter().filter_map(|c| c.split(' ').nth(2)).collect();
        assert_eq!(
            verbs,
            [
                "create-group",
                "add-user-to-group",
                "attach-group-policy",
                "detach-user-policy",
                "get-user-policy",
                "put-group-policy",
                "delete-user-policy",
            ]
        );
        assert!(plan.by_hand[4].contains("--policy-name 'own one'"));
    }

    #[test]
    fn a_user_without_any_is_right() {
        let user = UserPolicies { groups: ["ops".into()].into(), ..UserPolicies::default() };
        let plan = MoveUserPolicies.plan(&user, &Case { signal: &signal(ALICE), now: now() });
        assert_eq!(plan, Plan::none());
    }
}
