//! Denies other accounts the actions by which a bucket is taken over: its policy, its lists, its
//! encryption.
//!
//! One statement is added to the policy that denies them to whomever of another account the policy lets do
//! them. A person looks first, since somebody gave them that. Nobody of the bucket's own account is ever
//! denied anything; whom we cannot place is left to a person.

use std::collections::BTreeSet;

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::{
    BucketPolicy, PolicyChange,
    denial::Denied,
    statement::{Effect, Statement, Who},
};

/// See the [module](self).
#[derive(Debug)]
pub struct DenyForeignAdmin;

/// As Security Hub has it.
const DENIED: &[&str] = &[
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
    "s3:PutObjectAcl",
];

impl Remediation for DenyForeignAdmin {
    type Facet = BucketPolicy;

    const SPEC: Spec = Spec {
        id: "s3/deny_foreign_admin",
        title: "Deny other accounts the administration of a bucket",
        triggers: &[
            Trigger::control("S3.6"),
            Trigger::config_rule("S3_BUCKET_BLACKLISTED_ACTIONS_PROHIBITED"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "Accounts, roles, lists and everybody are understood however they are written; only whom the policy allows something is denied it, and the own account never is. A person looks first.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketPolicy, case: &Case<'_>) -> Plan<PolicyChange> {
        let (Some(id), Some(policy)) = (self.target(case.signal), &bucket.document) else {
            return Plan::none();
        };
        let place = &case.signal.place;
        let resource = id.resource(place);
        let others = [
            ("Bool", "aws:PrincipalIsAWSService", "false"),
            ("StringNotEquals", "aws:PrincipalAccount", place.account.as_str()),
        ];
        let wanted = wanted(case.signal);
        let is_denied = |who: &Who, action: &str| {
            policy.statements().any(|one| {
                let named = one.named();
                let is_for = |who| named.contains(who);
                one.effect == Effect::Deny
                    && one.covers(action, &resource)
                    && ((is_for(&Who::Anyone) && (one.holds_if(&[]) || one.holds_if(&others)))
                        || (is_for(who) && one.holds_if(&[])))
            })
        };
        let (mut whom, mut what) = (BTreeSet::new(), BTreeSet::new());
        for one in policy.statements().filter(|one| one.effect == Effect::Allow) {
            for action in wanted.iter().filter(|action| one.touches(action)) {
                for who in foreign(one, &place.account).filter(|who| !is_denied(who, action)) {
                    whom.insert(who);
                    what.insert(action.clone());
                }
            }
        }
        if whom.is_empty() {
            return Plan::none();
        }
        let unclear = whom.iter().filter_map(|who| match who {
            Who::Other(kind, name) => Some(format!("{kind} {name}")),
            Who::Anyone | Who::Aws(_) | Who::Service(_) => None,
        });
        let unclear: Vec<_> = unclear.collect();
        let actions: Vec<_> = what.into_iter().collect();
        let wrong = format!("the bucket's policy allows others {}", actions.join(", "));
        if !unclear.is_empty() {
            let get =
                format!("{} --query Policy --output text", id.command(place, "get-bucket-policy"));
            let why =
                format!("whose {} is does not show: see whether they need it", unclear.join(", "));
            return Plan::by_hand(wrong, why, [get]);
        }
        let names = |who: &Who| match who {
            Who::Aws(name) => Some(name.clone()),
            Who::Anyone | Who::Service(_) | Who::Other(..) => None,
        };
        let is_anyone = whom.contains(&Who::Anyone);
        let principals: Vec<_> = match is_anyone {
            true => Vec::new(),
            false => whom.iter().filter_map(names).collect(),
        };
        let to = if is_anyone { "all other accounts".into() } else { principals.join(", ") };
        let denied = Denied {
            name: "KintsugiForeignAdmin",
            says: format!("deny {} to {to}", actions.join(", ")),
            wrong: &wrong,
            principals,
            actions,
            conditions: if is_anyone { others.to_vec() } else { Vec::new() },
        };
        denied.plan(bucket, &id, case).asking(format!(
            "somebody allowed {to} to administer the bucket: see whether they still need to"
        ))
    }
}

/// Whom of another account the statement is about.
fn foreign(statement: &Statement, own: &str) -> impl Iterator<Item = Who> {
    let is_foreign = move |who: &&Who| match who {
        Who::Anyone | Who::Other(..) => true,
        // What is no account is AWS's own, such as CloudFront, or gone.
        Who::Aws(_) => who.account().is_some_and(|account| account != own),
        Who::Service(_) => false,
    };
    statement.about().iter().filter(is_foreign).cloned()
}

/// The actions that the control wants denied, where Security Hub passes them and they can be read.
fn wanted(signal: &Signal) -> Vec<String> {
    let is_ours = |key: &str| {
        let key = key.to_ascii_lowercase();
        ["blacklistedactionpattern", "blacklistedactionpatterns"].contains(&key.as_str())
    };
    let given = signal.parameters.iter().filter(|(key, _)| is_ours(key));
    let items = given.flat_map(|(_, values)| values).flat_map(|value| value.split(','));
    let items: Vec<_> = items.map(str::trim).filter(|item| !item.is_empty()).collect();
    let is_action = |item: &&str| {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"*?".contains(&b);
        item.strip_prefix("s3:").is_some_and(|name| !name.is_empty() && name.bytes().all(is_letter))
    };
    let chosen = if items.is_empty() || !items.iter().all(is_action) { DENIED } else { &items[..] };
    chosen.iter().copied().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet as _,
        check::{check, now, signal},
    };

    use super::*;
    use crate::s3::Document;

    const WEB: &str = "arn:aws:s3:::web";

    fn bucket(statements: &[String]) -> BucketPolicy {
        let text = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
        BucketPolicy { document: Some(Document::read(&text).unwrap()), ..BucketPolicy::default() }
    }

    fn says(effect: &str, principal: &str, action: &str) -> String {
        format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":{action},"Resource":["arn:aws:s3:::web","arn:aws:s3:::web/*"]}}"#
        )
    }

    fn allow(principal: &str, action: &str) -> String {
        says("Allow", principal, action)
    }

    fn plan(bucket: &BucketPolicy) -> Plan<PolicyChange> {
        DenyForeignAdmin.plan(bucket, &Case { signal: &signal(WEB), now: now() })
    }

    #[track_caller]
    fn denies(statements: &[String], what: &str) {
        let bucket = bucket(statements);
        let expected = format!("add the statement KintsugiForeignAdmin to the policy: deny {what}");
        check(&DenyForeignAdmin, &bucket, &signal(WEB), &[&expected]);
        assert!(plan(&bucket).ask.is_some());
    }

    const ALL: &str = "s3:DeleteBucketPolicy, s3:PutBucketAcl, s3:PutBucketPolicy, \
        s3:PutEncryptionConfiguration, s3:PutObjectAcl";

    #[test]
    fn principals_are_understood_however_they_are_written() {
        for (principal, to) in [
            (r#"{"AWS":"444455556666"}"#, "444455556666"),
            (r#"{"AWS":"arn:aws:iam::444455556666:root"}"#, "444455556666"),
            (r#"{"AWS":["444455556666","arn:aws:iam::444455556666:root"]}"#, "444455556666"),
            (
                r#"{"AWS":["111122223333","arn:aws:iam::111122223333:role/own","arn:aws:iam::444455556666:role/x"]}"#,
                "arn:aws:iam::444455556666:role/x",
            ),
            (r#""*""#, "all other accounts"),
            (r#"{"AWS":["*","444455556666"]}"#, "all other accounts"),
        ] {
            denies(&[allow(principal, r#""s3:*""#)], &format!("{ALL} to {to}"));
        }
    }

    #[test]
    fn own_accounts_services_and_what_is_not_administration_stay() {
        for statement in [
            allow(r#"{"AWS":"111122223333"}"#, r#""s3:*""#),
            allow(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, r#""s3:*""#),
            allow(r#"{"Service":"delivery.logs.amazonaws.com"}"#, r#""s3:PutObjectAcl""#),
            allow(
                r#"{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}"#,
                r#""s3:*""#,
            ),
            allow(r#"{"AWS":"444455556666"}"#, r#"["s3:GetObject","s3:PutObject"]"#),
            allow(r#""*""#, r#""s3:GetObject""#),
            // Nobody is allowed anything by what is denied them.
            says("Deny", r#"{"AWS":"444455556666"}"#, r#""s3:PutBucketPolicy""#),
        ] {
            check(&DenyForeignAdmin, &bucket(&[statement]), &signal(WEB), &[]);
        }
        check(&DenyForeignAdmin, &BucketPolicy::default(), &signal(WEB), &[]);
    }

    #[test]
    fn what_is_denied_already_is_not_denied_again_and_what_is_denied_to_others_is_not_theirs() {
        let them = r#"{"AWS":"444455556666"}"#;
        let put = r#"["s3:PutObjectAcl","s3:Put*Policy"]"#;
        let theirs = "s3:PutBucketPolicy, s3:PutObjectAcl to 444455556666";
        denies(&[allow(them, put)], theirs);
        denies(&[allow(them, put), says("Deny", r#"{"AWS":"777788889999"}"#, r#""s3:*""#)], theirs);
        let some = says("Deny", them, r#""s3:PutObjectAcl""#);
        denies(&[allow(them, put), some], "s3:PutBucketPolicy to 444455556666");
        for them_too in [them, r#"{"AWS":"arn:aws:iam::444455556666:root"}"#] {
            let all = says("Deny", them_too, r#""s3:Put*""#);
            check(&DenyForeignAdmin, &bucket(&[allow(them, put), all]), &signal(WEB), &[]);
        }
    }

    #[test]
    fn everybody_is_denied_it_except_the_own_account_and_services() {
        let bucket = bucket(&[allow(r#""*""#, r#""s3:PutBucketAcl""#)]);
        let after = bucket.clone().after(&plan(&bucket).changes[0]).document.unwrap().to_string();
        assert!(
            after.ends_with(
                r#""Condition":{"Bool":{"aws:PrincipalIsAWSService":"false"},"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}]}"#
            ),
            "{after}"
        );
    }

    #[test]
    fn whom_we_cannot_place_is_left_to_a_person() {
        for principal in [
            r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#,
            r#"{"Federated":"cognito-identity.amazonaws.com"}"#,
        ] {
            let bucket = bucket(&[allow(principal, r#""s3:*""#)]);
            check(&DenyForeignAdmin, &bucket, &signal(WEB), &[]);
            assert_eq!(plan(&bucket).left.len(), 1, "{principal}");
        }
    }

    #[test]
    fn the_controls_own_actions_come_before_ours() {
        let given = |value: &str| Signal {
            parameters: [("blacklistedActionPatterns".into(), vec![value.into()])].into(),
            ..signal(WEB)
        };
        let bucket = bucket(&[allow(r#"{"AWS":"444455556666"}"#, r#""s3:DeleteObject""#)]);
        let line = |what: &str| {
            format!(
                "add the statement KintsugiForeignAdmin to the policy: deny {what} to 444455556666"
            )
        };
        check(&DenyForeignAdmin, &bucket, &given("s3:Delete*"), &[&line("s3:Delete*")]);
        check(&DenyForeignAdmin, &bucket, &given("s3:Delete*,iam:*"), &[]);
        check(&DenyForeignAdmin, &bucket, &given(""), &[]);
    }
}
