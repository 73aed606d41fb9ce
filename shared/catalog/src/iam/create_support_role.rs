//! Tells how a role for AWS Support is made. Who may take it on is a person's to say: it is not made here.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};
use serde_json::json;

use super::SupportAccess;

/// See the [module](self).
#[derive(Debug)]
pub struct CreateSupportRole;

impl Remediation for CreateSupportRole {
    type Facet = SupportAccess;

    const SPEC: Spec = Spec {
        id: "iam/create_support_role",
        title: "Tell how to create a role for AWS Support",
        triggers: &[Trigger::control("IAM.18"), Trigger::config_rule("IAM_POLICY_IN_USE")],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No role is made that somebody could take on whom nobody chose.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, access: &SupportAccess, case: &Case<'_>) -> Plan<Never> {
        if !access.held_by.is_empty() {
            return Plan::none();
        }
        let (partition, account) = (&case.signal.place.partition, &case.signal.place.account);
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
                "Action": "sts:AssumeRole",
                "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } },
            }],
        });
        Plan::by_hand(
            "nobody can open cases with AWS Support",
            "choose who may take the role on: as written, everybody in the account who is allowed sts:AssumeRole",
            [
                format!(
                    "aws iam create-role --role-name SupportAccess --assume-role-policy-document {}",
                    quoted(&trust.to_string())
                ),
                format!(
                    "aws iam attach-role-policy --role-name SupportAccess --policy-arn arn:{partition}:iam::aws:policy/AWSSupportAccess"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Place, Signal,
        check::{check, now, signal},
    };

    use super::*;

    fn plan(access: &SupportAccess) -> Plan<Never> {
        let place = Place::new("111122223333", "us-gov-west-1");
        let signal = Signal { place, ..signal("AWS::::Account:111122223333") };
        check(&CreateSupportRole, access, &signal, &[]);
        CreateSupportRole.plan(access, &Case { signal: &signal, now: now() })
    }

    #[test]
    fn an_account_in_which_nobody_has_it_is_told_how_to_make_a_role() {
        let plan = plan(&SupportAccess::default());
        assert_eq!(plan.left[0].what, "nobody can open cases with AWS Support");
        assert!(plan.by_hand[0].contains("arn:aws-us-gov:iam::111122223333:root"));
        assert!(plan.by_hand[1].ends_with("arn:aws-us-gov:iam::aws:policy/AWSSupportAccess"));
    }

    #[test]
    fn one_in_which_somebody_has_it_is_right() {
        assert_eq!(plan(&SupportAccess { held_by: vec!["ops".into()] }), Plan::none());
    }
}
