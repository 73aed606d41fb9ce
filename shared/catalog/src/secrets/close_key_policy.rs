//! Tells which statements of a KMS key's policy let everybody use it. A key whose policy is wrong can be lost
//! for good, so a person writes it.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::KeyPolicy;

/// See the [module](self).
#[derive(Debug)]
pub struct CloseKeyPolicy;

impl Remediation for CloseKeyPolicy {
    type Facet = KeyPolicy;

    const SPEC: Spec = Spec {
        id: "secrets/close_key_policy",
        title: "Tell which statements let everybody use a KMS key",
        triggers: &[
            Trigger::control("KMS.5"),
            Trigger::config_rule("KMS_KEY_POLICY_NO_PUBLIC_ACCESS"),
        ],
        severity: Severity::Critical,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Statements whose conditions limit who is meant do not count, and no policy is cut by guesswork.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, policy: &KeyPolicy, case: &Case<'_>) -> Plan<Never> {
        let (Some(id), false) = (self.target(case.signal), policy.public.is_empty()) else {
            return Plan::none();
        };
        let names: Vec<_> = policy.public.iter().map(|public| public.name.as_str()).collect();
        let region = &case.signal.place.region;
        let key = format!("--region {region} --key-id {id}");
        Plan::by_hand(
            format!("everybody can use the key by statement {}", names.join(", ")),
            "name who needs it, or limit it by kms:CallerAccount; keep the statement that lets the account manage it",
            [
                format!(
                    "aws kms get-key-policy {key} --policy-name default --query Policy --output text > policy.json"
                ),
                format!(
                    "aws kms put-key-policy {key} --policy-name default --policy file://policy.json"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::PublicStatement, *};

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn plan(document: &str) -> Plan<Never> {
        let public = PublicStatement::of(document).unwrap();
        let policy = KeyPolicy { public, ..KeyPolicy::default() };
        check(&CloseKeyPolicy, &policy, &signal(KEY), &[]);
        CloseKeyPolicy.plan(&policy, &Case { signal: &signal(KEY), now: now() })
    }

    #[test]
    fn statements_that_let_everybody_in_are_named() {
        let plan = plan(r#"{"Statement":[{"Sid":"All","Effect":"Allow","Principal":"*"}]}"#);
        assert_eq!(plan.left[0].what, "everybody can use the key by statement All");
        assert_eq!(plan.by_hand.len(), 2);
    }

    #[test]
    fn a_policy_that_names_who_is_right() {
        let named = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"}}}"#;
        assert_eq!(plan(named), Plan::none());
    }
}
