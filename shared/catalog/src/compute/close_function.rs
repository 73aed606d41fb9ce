//! Takes out of the policies of a Lambda function, of its versions and of its aliases what lets everybody
//! invoke it.
//!
//! Statements that a condition narrows to an organisation, an account, a source or signed requests stay.
//! One whose condition is not understood is left to a person, and so is S3 without an account: that would
//! have to be narrowed, not removed.

use remedy::{
    Case, Hold, Left, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo,
    Wrong, quoted,
};

use super::{FunctionAccess, Grant, GrantChange, LetsIn};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseFunction;

impl Remediation for CloseFunction {
    type Facet = FunctionAccess;

    const SPEC: Spec = Spec {
        id: "compute/close_function",
        title: "Remove what lets everybody invoke a Lambda function",
        triggers: &[
            Trigger::control("Lambda.1"),
            Trigger::config_rule("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED"),
        ],
        severity: Severity::Critical,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Partly(
            "a statement that is more than one permission for everybody cannot be made again",
        ),
        care: "Statements that a condition narrows stay, whichever way its key is written; versions and aliases are looked at, too. A public function URL asks a person first.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, access: &FunctionAccess, case: &Case<'_>) -> Plan<GrantChange> {
        let lets_in = |grant: &&Grant, who: LetsIn| grant.statement.lets_in() == who;
        let (open, nameless): (Vec<_>, Vec<_>) = (access.grants.iter())
            .filter(|grant| lets_in(grant, LetsIn::Everybody))
            .partition(|grant| grant.is_named());
        let mut plan: Plan<_> =
            open.iter().map(|grant| GrantChange::Remove((*grant).clone())).collect();
        if let Some(grant) = open.iter().find(|grant| serves_url(access, grant)) {
            let alias = if grant.qualifier.is_empty() { "the function" } else { &grant.qualifier };
            plan = plan.asking(format!(
                "the URL of {alias} is open to everybody, and would answer nobody any more"
            ));
        }
        let place = &case.signal.place;
        for grant in nameless {
            leave(
                &mut plan,
                grant,
                "it has no name by which it could be removed",
                edited(place, access, grant),
            );
        }
        for grant in &access.grants {
            match grant.statement.lets_in() {
                LetsIn::Unclear => {
                    let why = "it lets in everybody who meets a condition that is not understood here: narrow it, or remove it";
                    leave(&mut plan, grant, why, edited(place, access, grant));
                }
                LetsIn::AnyBucket => {
                    let why = "it lets in S3 for anybody's bucket: narrow it to the account of your bucket";
                    leave(&mut plan, grant, why, narrowed(place, access, grant));
                }
                LetsIn::Some | LetsIn::Everybody => {}
            }
        }
        plan
    }
}

/// Whether a URL without a sign-in stops answering once `grant` is gone.
fn serves_url(access: &FunctionAccess, grant: &Grant) -> bool {
    access.open_urls.contains(&grant.qualifier) || grant.statement.opens_url()
}

fn leave(plan: &mut Plan<GrantChange>, grant: &Grant, why: &str, commands: Vec<String>) {
    let of =
        if grant.qualifier.is_empty() { String::new() } else { format!(" of {}", grant.qualifier) };
    let what = format!("statement {}{of}", quoted(&grant.statement.sid));
    plan.left.push(Left { what, why: Hold::ByHand { why: why.into() } });
    plan.by_hand.extend(commands);
}

fn of(place: &Place, access: &FunctionAccess, grant: &Grant) -> String {
    let mut of = format!("--region {} --function-name {}", place.region, quoted(&access.name));
    if !grant.qualifier.is_empty() {
        of = format!("{of} --qualifier {}", quoted(&grant.qualifier));
    }
    of
}

fn edited(place: &Place, access: &FunctionAccess, grant: &Grant) -> Vec<String> {
    let of = of(place, access, grant);
    let show = format!("aws lambda get-policy {of}");
    if grant.is_named() {
        let sid = quoted(&grant.statement.sid);
        return vec![show, format!("aws lambda remove-permission {of} --statement-id {sid}")];
    }
    vec![show]
}

fn narrowed(place: &Place, access: &FunctionAccess, grant: &Grant) -> Vec<String> {
    let (of, sid) = (of(place, access, grant), &grant.statement.sid);
    let account = &place.account;
    vec![
        format!(
            "aws lambda add-permission {of} --statement-id {} --principal s3.amazonaws.com --action lambda:InvokeFunction --source-account {account}",
            quoted(&format!("{sid}-narrowed"))
        ),
        format!("aws lambda remove-permission {of} --statement-id {}", quoted(sid)),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, now, signal},
    };

    use super::{super::testing::left, *};
    use crate::compute::{FunctionName, Statement};

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:orders";

    fn grant(qualifier: &str, sid: &str, principal: &str, condition: &str) -> Grant {
        let condition = if condition.is_empty() {
            String::new()
        } else {
            format!(r#","Condition":{condition}"#)
        };
        let policy = format!(
            r#"{{"Statement":[{{"Sid":"{sid}","Effect":"Allow","Principal":{principal},"Action":"lambda:InvokeFunction","Resource":"{ARN}"{condition}}}]}}"#
        );
        Grant { qualifier: qualifier.into(), statement: Statement::all(&policy).unwrap().remove(0) }
    }

    fn access(grants: &[Grant]) -> FunctionAccess {
        FunctionAccess {
            name: "orders".into(),
            grants: grants.iter().cloned().collect(),
            ..FunctionAccess::default()
        }
    }

    #[test]
    fn what_lets_everybody_in_is_removed_wherever_it_stands() {
        let access = access(&[
            grant("", "open", r#""*""#, ""),
            grant("", "list", r#"["*"]"#, ""),
            grant("", "tls", r#"{"AWS":"*"}"#, r#"{"Bool":{"aws:SecureTransport":"true"}}"#),
            grant("live", "open", r#"{"AWS":["*"]}"#, ""),
            grant("7", "old", r#""*""#, ""),
            grant("", "events", r#"{"Service":"events.amazonaws.com"}"#, ""),
        ]);
        let expected = [
            "remove statement list from the policy",
            "remove statement open from the policy",
            "remove statement tls from the policy",
            "remove statement old from the policy of 7",
            "remove statement open from the policy of live",
        ];
        check(&CloseFunction, &access, &signal(ARN), &expected);
    }

    #[test]
    fn what_a_condition_narrows_stays() {
        for condition in [
            r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}"#,
            r#"{"StringLike":{"AWS:principalorgid":["o-1234567890"]}}"#,
            r#"{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-west-1:111122223333:api/*/GET/"}}"#,
            r#"{"StringEquals":{"aws:sourceaccount":"111122223333"},"Bool":{"aws:SecureTransport":"true"}}"#,
            r#"{"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}"#,
        ] {
            let access = access(&[grant("", "narrow", r#""*""#, condition)]);
            check(&CloseFunction, &access, &signal(ARN), &[]);
            assert_eq!(left(&CloseFunction, &access, &signal(ARN)), [""; 0], "{condition}");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_to_a_person() {
        let unless = r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1234567890"}}"#;
        let access = access(&[
            grant("", "maybe", r#""*""#, unless),
            grant("live", "bucket", r#"{"Service":"s3.amazonaws.com"}"#, ""),
            grant("", "", r#""*""#, ""),
        ]);
        check(&CloseFunction, &access, &signal(ARN), &[]);
        let left = left(&CloseFunction, &access, &signal(ARN));
        let begin = [
            "statement '': it has no name",
            "statement maybe: it lets in everybody who meets",
            "statement bucket of live: it lets in S3",
        ];
        assert_eq!(left.len(), begin.len());
        for (left, begin) in left.iter().zip(begin) {
            assert!(left.starts_with(begin), "{left}");
        }
        let signal = signal(ARN);
        let plan = CloseFunction.plan(&access, &Case { signal: &signal, now: now() });
        assert_eq!(
            plan.by_hand.last().unwrap(),
            "aws lambda remove-permission --region eu-west-1 --function-name orders --qualifier live --statement-id bucket"
        );
    }

    #[test]
    fn a_public_url_asks_first_and_comes_back() {
        let none = r#"{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}"#;
        let by_url = r#"{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}"#;
        let access = FunctionAccess {
            open_urls: ["live".into()].into(),
            ..access(&[
                grant("live", "url", r#""*""#, none),
                grant("live", "call", r#""*""#, by_url),
            ])
        };
        let signal = signal(ARN);
        let expected = [
            "remove statement call from the policy of live",
            "remove statement url from the policy of live",
        ];
        check(&CloseFunction, &access, &signal, &expected);
        let plan = CloseFunction.plan(&access, &Case { signal: &signal, now: now() });
        assert_eq!(
            plan.ask.as_deref(),
            Some("the URL of live is open to everybody, and would answer nobody any more")
        );
        let back = FunctionAccess::commands(
            &signal.place,
            &FunctionName("orders".into()),
            &plan.inverse().unwrap(),
        );
        assert_eq!(
            back,
            [
                "aws lambda add-permission --region eu-west-1 --function-name orders --statement-id url --qualifier live --principal '*' --action lambda:InvokeFunction --function-url-auth-type NONE",
                "aws lambda add-permission --region eu-west-1 --function-name orders --statement-id call --qualifier live --principal '*' --action lambda:InvokeFunction --invoked-via-function-url",
            ]
        );
    }

    #[test]
    fn what_aws_cannot_make_again_does_not_come_back() {
        let access = access(&[grant("", "mixed", r#"{"AWS":["*","444455556666"]}"#, "")]);
        let signal = signal(ARN);
        check(&CloseFunction, &access, &signal, &["remove statement mixed from the policy"]);
        let plan = CloseFunction.plan(&access, &Case { signal: &signal, now: now() });
        assert_eq!(plan.inverse(), None);
    }
}
