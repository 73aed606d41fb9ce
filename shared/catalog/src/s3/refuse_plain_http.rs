//! Refuses requests to a bucket that come by plain HTTP.
//!
//! One statement is added to the policy, and nothing else of it changes. A statement that says the same
//! is enough, whatever it is called. The addresses of S3 websites speak plain HTTP only: a bucket that
//! serves one waits for a person.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{
    BucketPolicy, Document, PolicyChange,
    denial::Denied,
    statement::{Effect, Statement, Who},
};

/// See the [module](self).
#[derive(Debug)]
pub struct RefusePlainHttp;

const PLAIN: (&str, &str, &str) = ("Bool", "aws:SecureTransport", "false");

impl Remediation for RefusePlainHttp {
    type Facet = BucketPolicy;

    const SPEC: Spec = Spec {
        id: "s3/refuse_plain_http",
        title: "Refuse requests to a bucket that come by plain HTTP",
        triggers: &[Trigger::control("S3.5"), Trigger::config_rule("S3_BUCKET_SSL_REQUESTS_ONLY")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A statement that refuses it already counts, whatever its name; ours is never there twice, and the rest of the policy stays letter by letter. A website, which S3 serves by plain HTTP only, waits for a person.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketPolicy, case: &Case<'_>) -> Plan<PolicyChange> {
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        let resource = id.resource(&case.signal.place);
        let refuses = |statement: &Statement| {
            statement.effect == Effect::Deny
                && statement.named().contains(&Who::Anyone)
                && statement.covers("s3:*", &resource)
                && (statement.holds_if(&[PLAIN]) || statement.holds_if(&[]))
        };
        if bucket.document.iter().flat_map(Document::statements).any(refuses) {
            return Plan::none();
        }
        let denied = Denied {
            name: "KintsugiTlsOnly",
            says: "refuse plain HTTP".into(),
            wrong: "the bucket's policy lets plain HTTP through",
            principals: Vec::new(),
            actions: vec!["s3:*".into()],
            conditions: vec![PLAIN],
        };
        let plan = denied.plan(bucket, &id, case);
        if bucket.website {
            return plan.asking(
                "the bucket serves a website, whose address at S3 speaks plain HTTP only: it goes dark, \
                 and so does what CloudFront fetches from that address",
            );
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet as _, Place,
        check::{check, now, signal},
    };

    use super::*;
    use crate::s3::BucketId;

    const WEB: &str = "arn:aws:s3:::web";
    const ADD: &[&str] = &["add the statement KintsugiTlsOnly to the policy: refuse plain HTTP"];
    const MAKE: &[&str] = &["make a policy with the statement KintsugiTlsOnly: refuse plain HTTP"];
    const READ: &str = r#"{"Sid":"Read","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::web/*"}"#;

    fn bucket(statements: &str) -> BucketPolicy {
        let text = format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":{statements}}}"#);
        BucketPolicy { document: Some(Document::read(&text).unwrap()), ..BucketPolicy::default() }
    }

    fn plan(bucket: &BucketPolicy) -> Plan<PolicyChange> {
        RefusePlainHttp.plan(bucket, &Case { signal: &signal(WEB), now: now() })
    }

    fn deny(sid: &str, principal: &str, action: &str, resource: &str, condition: &str) -> String {
        format!(
            r#"{{"Sid":"{sid}","Effect":"Deny","Principal":{principal},"Action":{action},"Resource":{resource},"Condition":{condition}}}"#
        )
    }

    const BOTH: &str = r#"["arn:aws:s3:::web","arn:aws:s3:::web/*"]"#;
    const PLAIN: &str = r#"{"Bool":{"aws:SecureTransport":"false"}}"#;

    #[test]
    fn a_bucket_without_a_policy_gets_one() {
        check(&RefusePlainHttp, &BucketPolicy::default(), &signal(WEB), MAKE);
        let after = BucketPolicy::default().after(&plan(&BucketPolicy::default()).changes[0]);
        assert_eq!(
            after.document.unwrap().to_string(),
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"KintsugiTlsOnly","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":{BOTH},"Condition":{PLAIN}}}]}}"#
            )
        );
    }

    #[test]
    fn a_policy_gets_one_more_statement_and_stays_as_it_is() {
        for statements in [READ.to_owned(), format!("[{READ}]")] {
            let bucket = bucket(&statements);
            check(&RefusePlainHttp, &bucket, &signal(WEB), ADD);
            let after = bucket.after(&plan(&super::tests::bucket(&statements)).changes[0]);
            let text = after.document.unwrap().to_string();
            let beginning = format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":[{READ},"#);
            assert!(text.starts_with(&beginning), "{text}");
        }
    }

    #[test]
    fn what_refuses_it_already_counts_whatever_it_is_called() {
        for (principal, action, resource, condition) in [
            (r#""*""#, r#""s3:*""#, BOTH, PLAIN),
            (r#"{"AWS":"*"}"#, r#"["s3:*"]"#, BOTH, PLAIN),
            (r#"{"AWS":["*"]}"#, r#""*""#, r#""*""#, PLAIN),
            (r#""*""#, r#""S3:*""#, r#""arn:aws:s3:::web*""#, PLAIN),
            (r#""*""#, r#""s3:*""#, BOTH, r#"{"Bool":{"AWS:securetransport":false}}"#),
            (r#""*""#, r#""s3:*""#, BOTH, r#"{"BoolIfExists":{"aws:SecureTransport":["false"]}}"#),
        ] {
            let text = deny("Theirs", principal, action, resource, condition);
            check(&RefusePlainHttp, &bucket(&format!("[{READ},{text}]")), &signal(WEB), &[]);
        }
    }

    #[test]
    fn what_refuses_only_a_part_of_it_does_not_count() {
        for (principal, action, resource, condition) in [
            (r#"{"AWS":"444455556666"}"#, r#""s3:*""#, BOTH, PLAIN),
            (r#""*""#, r#""s3:GetObject""#, BOTH, PLAIN),
            (r#""*""#, r#""s3:*""#, r#""arn:aws:s3:::web/*""#, PLAIN),
            (r#""*""#, r#""s3:*""#, r#"["arn:aws:s3:::other","arn:aws:s3:::other/*"]"#, PLAIN),
            (r#""*""#, r#""s3:*""#, BOTH, r#"{"Bool":{"aws:SecureTransport":"true"}}"#),
            (r#""*""#, r#""s3:*""#, BOTH, r#"{"NumericLessThan":{"s3:TlsVersion":1.2}}"#),
            (
                r#""*""#,
                r#""s3:*""#,
                BOTH,
                r#"{"Bool":{"aws:SecureTransport":"false"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            ),
        ] {
            let text = deny("Theirs", principal, action, resource, condition);
            check(&RefusePlainHttp, &bucket(&format!("[{text}]")), &signal(WEB), ADD);
        }
    }

    #[test]
    fn a_name_that_is_taken_by_another_statement_is_not_used_twice() {
        let other = deny("KintsugiTlsOnly", r#""*""#, r#""s3:GetObject""#, BOTH, PLAIN);
        let expected = ["add the statement KintsugiTlsOnly2 to the policy: refuse plain HTTP"];
        check(&RefusePlainHttp, &bucket(&format!("[{other}]")), &signal(WEB), &expected);
    }

    #[test]
    fn a_policy_that_s3_would_not_take_is_left_to_a_person() {
        let gone = READ.replace("444455556666", "AROAEXAMPLEID1234567");
        let large = READ.replace("Read", &"x".repeat(20_300));
        for (statement, why) in [(gone, "AROAEXAMPLEID1234567"), (large, "20 KB")] {
            let bucket = bucket(&format!("[{statement}]"));
            check(&RefusePlainHttp, &bucket, &signal(WEB), &[]);
            let plan = plan(&bucket);
            let left = format!("{:?}", plan.left);
            assert!(left.contains(why), "{left}");
            assert_eq!(plan.by_hand.len(), 1);
        }
    }

    #[test]
    fn a_website_does_not_go_dark_by_itself() {
        let site = BucketPolicy { website: true, ..BucketPolicy::default() };
        check(&RefusePlainHttp, &site, &signal(WEB), MAKE);
        assert!(plan(&site).ask.is_some());
        assert!(plan(&BucketPolicy::default()).ask.is_none());
    }

    #[test]
    fn by_hand_the_statement_is_joined_too() {
        let place = Place::new("111122223333", "eu-west-1");
        let id = BucketId("web".into());
        let add = plan(&bucket(READ)).changes;
        let [command] = &BucketPolicy::commands(&place, &id, &add)[..] else { panic!() };
        assert!(command.starts_with("policy=$(aws s3api get-bucket-policy "), "{command}");
        assert!(command.contains("([.Statement] | flatten(1)) + [$one]"), "{command}");
        let back: Vec<_> = add.iter().filter_map(remedy::Change::inverse).collect();
        let [command] = &BucketPolicy::commands(&place, &id, &back)[..] else { panic!() };
        assert!(command.contains("map(select(. != $one))"), "{command}");
        assert!(
            command.contains(
                "in *'\"Statement\":[]'*) aws s3api delete-bucket-policy --region eu-west-1 --bucket \
                 web;; ?*) aws s3api put-bucket-policy "
            ),
            "{command}"
        );
    }
}
