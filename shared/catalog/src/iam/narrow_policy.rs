//! Tells which statements of a policy allow too much. What its holders need is not known here, so a person
//! narrows it.

use remedy::{
    Case, Id, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{CustomerPolicy, Statement, customer_policy::is_like};

/// See the [module](self).
#[derive(Debug)]
pub struct NarrowPolicy;

/// What is too much.
#[derive(Debug, Clone, Copy)]
enum TooMuch {
    /// Everything on everything.
    Everything,
    /// All that a service can do.
    Service,
    /// To decrypt with every key.
    Decryption,
}

const OF_CONTROLS: &[(&str, &str, TooMuch)] = &[
    ("IAM.1", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", TooMuch::Everything),
    ("IAM.21", "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", TooMuch::Service),
    ("KMS.1", "IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS", TooMuch::Decryption),
];

impl Remediation for NarrowPolicy {
    type Facet = CustomerPolicy;

    const SPEC: Spec = Spec {
        id: "iam/narrow_policy",
        title: "Tell which statements of a policy allow too much",
        triggers: &[
            Trigger::control("IAM.1"),
            Trigger::control("IAM.21"),
            Trigger::control("KMS.1"),
            Trigger::config_rule("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"),
            Trigger::config_rule("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS"),
            Trigger::config_rule("IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No policy is cut by guesswork: the statements are named, and how to replace the version.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, policy: &CustomerPolicy, case: &Case<'_>) -> Plan<Never> {
        let name = case.signal.trigger.name();
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        let asked = OF_CONTROLS.iter().find(|(control, rule, _)| is(control) || is(rule));
        let (Some(id), Some((_, _, too_much))) = (self.target(case.signal), asked) else {
            return Plan::none();
        };
        let found = policy.statements.iter().enumerate();
        let found: Vec<_> = found
            .filter(|(_, statement)| too_much.is_allowed_by(statement))
            .map(|(nth, statement)| match statement.sid.as_str() {
                "" => format!("statement {}", nth + 1),
                sid => format!("statement {sid}"),
            })
            .collect();
        if found.is_empty() {
            return Plan::none();
        }
        let (arn, version) = (quoted(&id.arn(&case.signal.place)), quoted(&policy.version));
        let holders = match policy.attachments {
            0 => "nobody has it: delete it, if nobody is to".into(),
            1 => "one has it: see what they use, and allow that".into(),
            number => format!("{number} have it: see what they use, and allow that"),
        };
        Plan::by_hand(
            format!("{} of {version} allows {}", found.join(", "), too_much.words()),
            holders,
            [
                format!(
                    "aws iam generate-service-last-accessed-details --arn {arn} --granularity ACTION_LEVEL"
                ),
                format!(
                    "aws iam get-policy-version --policy-arn {arn} --version-id {version} --query PolicyVersion.Document > policy.json"
                ),
                format!(
                    "aws iam create-policy-version --policy-arn {arn} --policy-document file://policy.json --set-as-default"
                ),
            ],
        )
    }
}

impl TooMuch {
    fn is_allowed_by(self, statement: &Statement) -> bool {
        let on = |is_all: fn(&str) -> bool| statement.resource.iter().any(|arn| is_all(arn));
        let is_all = |arn: &str| arn == "*";
        let is_service = |action: &String| {
            action == "*" || action.split_once(':').is_some_and(|(_, verb)| verb == "*")
        };
        match self {
            Self::Everything => statement.allows("*") && on(is_all),
            Self::Service => {
                let is_wide =
                    statement.action.iter().any(is_service) || !statement.not_action.is_empty();
                statement.effect == "Allow" && is_wide
            }
            Self::Decryption => {
                let any = ["kms:Decrypt", "kms:ReEncryptFrom"];
                any.iter().any(|action| statement.allows(action)) && on(is_every_key)
            }
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Everything => "everything on everything",
            Self::Service => "all that a service can do",
            Self::Decryption => "to decrypt with every key",
        }
    }
}

/// Whether an ARN with wildcards stands for all keys of some account.
fn is_every_key(arn: &str) -> bool {
    arn == "*" || is_like(arn, "arn:aws:kms:*:*:key/*") || arn.ends_with(":key/*")
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const DEPLOY: &str = "arn:aws:iam::111122223333:policy/ops/deploy";

    fn plan(control: &'static str, document: &str) -> Plan<Never> {
        let policy = CustomerPolicy {
            version: "v3".into(),
            statements: Statement::of(document).unwrap(),
            attachments: 2,
            ..CustomerPolicy::default()
        };
        let signal = Signal { trigger: Trigger::control(control), ..signal(DEPLOY) };
        check(&NarrowPolicy, &policy, &signal, &[]);
        NarrowPolicy.plan(&policy, &Case { signal: &signal, now: now() })
    }

    fn what(control: &'static str, document: &str) -> Option<String> {
        plan(control, document).left.into_iter().next().map(|left| left.what)
    }

    #[test]
    fn the_statements_that_allow_too_much_are_named() {
        let all = r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},
            {"Effect":"Allow","Action":"*","Resource":"*"},
            {"Sid":"Keys","Effect":"Allow","Action":["s3:List*","kms:*"],"Resource":["*"]}]}"#;
        let expected = "statement 2 of v3 allows everything on everything";
        assert_eq!(what("IAM.1", all).as_deref(), Some(expected));
        let expected = "statement 2, statement Keys of v3 allows all that a service can do";
        assert_eq!(what("IAM.21", all).as_deref(), Some(expected));
        let expected = "statement 2, statement Keys of v3 allows to decrypt with every key";
        assert_eq!(what("KMS.1", all).as_deref(), Some(expected));
        let commands = plan("IAM.1", all).by_hand;
        assert!(commands[1].contains("--policy-arn arn:aws:iam::111122223333:policy/ops/deploy"));
    }

    #[test]
    fn what_is_narrow_enough_is_right() {
        let narrow = r#"{"Statement":[
            {"Effect":"Deny","Action":"*","Resource":"*"},
            {"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111122223333:key/1"},
            {"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
        for control in ["IAM.1", "IAM.21", "KMS.1"] {
            assert_eq!(what(control, narrow), None, "{control}");
        }
        let keys = r#"{"Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:*:*:key/*"}}"#;
        assert!(what("KMS.1", keys).is_some());
    }
}
