use remedy::{Place, Risk, Severity, Source, Tags};

use super::*;
use crate::Thing;

/// A plan that is as most are, but for what a case says.
#[derive(Clone)]
struct Plan {
    remediation: &'static str,
    risk: Risk,
    tags: Option<&'static [(&'static str, &'static str)]>,
    owner: Option<&'static str>,
    severity: Severity,
    asked_by: Option<&'static str>,
    now: &'static str,
}

const PLAN: Plan = Plan {
    remediation: "ec2/close_world_ingress",
    risk: Risk::MayInterrupt,
    tags: Some(&[]),
    owner: None,
    severity: Severity::High,
    asked_by: None,
    now: "2026-11-24T12:00:00Z",
};

fn decide(policies: &str, plan: &Plan) -> Verdict {
    let tags =
        plan.tags.map(|t| t.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect::<Tags>());
    Scope::load(policies).unwrap().decide(&Ask {
        remediation: plan.remediation,
        risk: plan.risk,
        resource: Thing {
            kind: "AWS::EC2::SecurityGroup",
            arn: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
            id: "sg-1",
            place: &Place::new("111122223333", "eu-west-1"),
            tags: tags.as_ref(),
            owner: plan.owner,
        },
        trigger: "EC2.19",
        source: Source::SecurityHubV2,
        severity: plan.severity,
        asked_by: plan.asked_by,
        now: plan.now.parse().unwrap(),
    })
}

fn permit(id: &str, mode: &str, when: &str) -> String {
    format!(
        "@id(\"{id}\") @mode(\"{mode}\") permit (principal, action, resource) when {{ {when} }};\n"
    )
}

fn windowed(id: &str, window: &str) -> String {
    format!(
        "@id(\"{id}\") @mode(\"enforce\") @window(\"{window}\") permit (principal, action, resource);\n"
    )
}

fn forbid(id: &str, when: &str) -> String {
    format!("@id(\"{id}\") forbid (principal, action, resource) when {{ {when} }};\n")
}

#[test]
fn a_policy_can_ask_for_all_that_is_known() {
    let plan = Plan { tags: Some(&[("env", "prod")]), asked_by: Some("mend it"), ..PLAN };
    for (when, expected) in [
        (r#"resource.type == "AWS::EC2::SecurityGroup" && resource.id == "sg-1""#, true),
        (r#"resource.account == "111122223333" && resource.region == "eu-west-1""#, true),
        (r#"resource.owner == "none" && resource.tagged"#, true),
        (r#"resource.hasTag("env") && resource.getTag("env") == "prod""#, true),
        (r#"resource.hasTag("env") && resource.getTag("env") like "p*""#, true),
        (r#"resource.hasTag("ENV")"#, false),
        (r#"resource == Resource::"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1""#, true),
        (r#"action == Action::"ec2/close_world_ingress""#, true),
        (r#"action in Action::"ec2" && action in Action::"may-interrupt""#, true),
        (r#"action in [Action::"rds", Action::"safe", Action::"interrupts"]"#, false),
        (r#"principal == Person::"mend it" && context.asked"#, true),
        (r#"context.trigger == "EC2.19" && context.source == "security-hub-v2""#, true),
        (r#"context.severity == 70 && context.risk == "may-interrupt""#, true),
    ] {
        let verdict = decide(&permit("p", "enforce", when), &plan);
        assert_eq!(verdict.is_permitted(), expected, "{when}");
    }
    let alone = permit("p", "enforce", r#"principal == Person::"nobody" && !context.asked"#);
    assert!(decide(&alone, &PLAN).is_permitted());
    let untagged = permit("p", "enforce", "!resource.tagged");
    assert!(decide(&untagged, &Plan { tags: None, ..PLAN }).is_permitted());
    for (severity, rating) in [
        (Severity::Informational, 0),
        (Severity::Low, 1),
        (Severity::Medium, 40),
        (Severity::High, 70),
        (Severity::Critical, 90),
    ] {
        let policy = permit("p", "enforce", &format!("context.severity == {rating}"));
        assert!(decide(&policy, &Plan { severity, ..PLAN }).is_permitted(), "{severity}");
    }
}

#[test]
fn an_action_without_a_service_is_in_the_group_of_its_risk() {
    for remediation in ["sweep", "may-interrupt", "", "/"] {
        let policy = r#"@id("p") @mode("enforce") permit (principal, action in Action::"may-interrupt", resource);"#;
        assert!(decide(policy, &Plan { remediation, ..PLAN }).is_permitted(), "{remediation}");
    }
}

#[test]
fn of_the_permits_that_apply_the_strictest_counts() {
    for (modes, expected) in [
        (&["enforce"][..], Mode::Enforce),
        (&["enforce", "approve"], Mode::Approve),
        (&["dry-run", "enforce", "approve"], Mode::DryRun),
        (&["approve", "approve"], Mode::Approve),
    ] {
        let named = |(at, mode): (usize, &&str)| permit(&format!("p{at}"), mode, "true");
        let mut policies: String = modes.iter().enumerate().map(named).collect();
        policies += &permit("other", "dry-run", "context.asked");
        let verdict = decide(&policies, &PLAN);
        assert_eq!((verdict.mode, verdict.permits.len()), (expected, modes.len()), "{modes:?}");
        assert_eq!(verdict.permits[0], "p0");
    }
}

#[test]
fn of_the_windows_that_are_shut_the_last_to_open_counts() {
    let (evening, night) = (windowed("evening", "18:00-20:00"), windowed("night", "22:00-05:00"));
    let noon = windowed("noon", "11:00-13:00");
    let always = permit("always", "enforce", "true");
    let until = |policy: &str, until: &str| {
        Some(Shut { policy: policy.into(), until: until.parse().unwrap() })
    };
    for (policies, expected) in [
        (evening.clone() + &night, until("night", "2026-11-24T22:00:00Z")),
        (night.clone() + &evening, until("night", "2026-11-24T22:00:00Z")),
        (evening.clone() + &always, until("evening", "2026-11-24T18:00:00Z")),
        (evening.clone() + &noon, until("evening", "2026-11-24T18:00:00Z")),
        (noon.clone() + &always, None),
        (
            evening.clone() + &permit("ask", "approve", "true"),
            until("evening", "2026-11-24T18:00:00Z"),
        ),
        (evening.clone() + &permit("try", "dry-run", "true"), None),
    ] {
        assert_eq!(decide(&policies, &PLAN).window, expected, "{policies}");
    }
    let at_night = Plan { now: "2026-11-24T23:00:00Z", ..PLAN };
    assert_eq!(decide(&night, &at_night).window, None);
}

#[test]
fn what_forbids_is_told_beside_what_permits() {
    let policies = permit("all", "enforce", "true")
        + r#"@id("never") @reason("audit, until May") forbid (principal, action, resource);"#;
    let verdict = decide(&policies, &PLAN);
    assert!(!verdict.is_permitted() && !verdict.is_out_of_scope());
    assert_eq!(verdict.permits, ["all"]);
    let reason = Some("audit, until May".into());
    assert_eq!(verdict.forbids, [Denial { policy: "never".into(), reason, ..Denial::default() }]);
}

#[test]
fn a_denial_is_the_owners_only_if_it_would_not_be_without_the_owner() {
    let owned = Plan { owner: Some("eks"), ..PLAN };
    for (when, plan, expected) in [
        (r#"!["none"].contains(resource.owner)"#, &owned, Some(true)),
        (r#"resource.owner == "eks""#, &owned, Some(true)),
        (r#"resource.region == "eu-west-1""#, &owned, Some(false)),
        (r#"resource.owner == "none""#, &PLAN, Some(false)),
        (r#"resource.owner == "eks""#, &PLAN, None),
    ] {
        let policies = permit("all", "enforce", "true") + &forbid("f", when);
        let denials = decide(&policies, plan).forbids;
        assert_eq!(denials.first().map(|denial| denial.by_owner), expected, "{when}");
    }
}

#[test]
fn what_cannot_be_evaluated_forbids_and_never_permits() {
    let unguarded = r#"resource.getTag("env") == "prod""#;
    let policies = permit("all", "enforce", "true") + &forbid("f", unguarded);
    let verdict = decide(&policies, &PLAN);
    assert!(!verdict.is_permitted());
    let unclear = verdict.forbids[0].unclear.as_deref().unwrap();
    assert!(unclear.contains("does not have the tag `env`"), "{unclear}");
    assert!(decide(&policies, &Plan { tags: Some(&[("env", "test")]), ..PLAN }).is_permitted());

    let verdict = decide(&permit("p", "enforce", unguarded), &PLAN);
    assert!(verdict.is_out_of_scope());
}

#[test]
fn nothing_that_could_not_be_asked_is_permitted() {
    let verdict = Verdict::unclear("no reason".into());
    assert!(!verdict.is_permitted() && verdict.forbids[0].policy.is_empty());
}

type Case<'a> = (String, Option<&'static [(&'static str, &'static str)]>, &'a [&'a str]);

#[test]
fn the_single_tag_that_is_missing_is_told() {
    let tagged = |key: &str, value: &str| {
        format!(r#"resource.hasTag("{key}") && resource.getTag("{key}") == "{value}""#)
    };
    let auto = permit("auto", "enforce", &tagged("Auto", "True"));
    let cases: &[Case<'_>] = &[
        (auto.clone(), Some(&[]), &["auto: Auto=True"]),
        (auto.clone(), Some(&[("auto", " true")]), &["auto: Auto=True, nearly auto= true"]),
        (auto.clone(), Some(&[("Auto", "TRUE")]), &["auto: Auto=True, nearly Auto=TRUE"]),
        (auto.clone(), Some(&[("Auto", "False")]), &["auto: Auto=True"]),
        (auto.clone(), Some(&[("Auto", "True")]), &[]),
        (auto.clone(), None, &[]),
        // Two tags are missing: no single one helps.
        (
            permit("two", "enforce", &(tagged("a", "1") + " && " + &tagged("b", "2"))),
            Some(&[]),
            &[],
        ),
        (
            permit("two", "enforce", &(tagged("a", "1") + " && " + &tagged("b", "2"))),
            Some(&[("a", "1")]),
            &["two: b=2"],
        ),
        (permit("any", "enforce", r#"resource.hasTag("Mend")"#), Some(&[]), &["any: Mend"]),
        (
            permit("any", "enforce", r#"resource.hasTag("Mend")"#),
            Some(&[("mend ", "x")]),
            &["any: Mend, nearly mend =x"],
        ),
        (
            auto.clone() + &permit("any", "approve", r#"resource.hasTag("Mend")"#),
            Some(&[]),
            &["auto: Auto=True", "any: Mend"],
        ),
        (
            permit(
                "set",
                "enforce",
                r#"resource.hasTag("e") && ["1", "2"].contains(resource.getTag("e"))"#,
            ),
            Some(&[]),
            &["set: e=1", "set: e=2"],
        ),
        // A tag that would bring it in and forbid it at once is no help.
        (auto.clone() + &forbid("f", r#"resource.hasTag("Auto")"#), Some(&[]), &[]),
        (auto.clone() + &forbid("f", "true"), Some(&[]), &[]),
        (permit("not", "enforce", r#"!resource.hasTag("a")"#), Some(&[("a", "")]), &[]),
    ];
    for (policies, tags, expected) in cases {
        let told =
            decide(policies, &Plan { tags: *tags, ..PLAN }).missing.into_iter().map(|missing| {
                let nearly =
                    missing.nearly.map(|tag| format!(", nearly {tag}")).unwrap_or_default();
                format!("{}: {}{nearly}", missing.policy, missing.tag)
            });
        assert_eq!(told.collect::<Vec<_>>(), *expected, "{policies}{tags:?}");
    }
}

#[test]
fn what_a_verdict_is_due_to_is_known() {
    let night = windowed("night", "22:00-05:00");
    for (policies, expected) in [
        (permit("a", "enforce", "true") + &permit("b", "approve", "true"), &["b"][..]),
        (permit("a", "enforce", "true") + &night, &["night"]),
        (permit("a", "enforce", "true") + &forbid("f", "true"), &["f"]),
        (permit("a", "enforce", "context.asked"), &[]),
        (permit("a", "enforce", "true") + &permit("b", "enforce", "true"), &["a", "b"]),
    ] {
        let verdict = decide(&policies, &PLAN);
        assert_eq!(Scope::load(&policies).unwrap().deciding(&verdict), expected, "{policies}");
    }
}

#[test]
fn policies_that_cannot_be_used_say_why() {
    let ok = permit("a", "enforce", "true");
    let cases = [
        (String::new(), "no policy permits anything, so nothing would ever be touched"),
        ("// nothing".into(), "no policy permits anything, so nothing would ever be touched"),
        (forbid("f", "true"), "no policy permits anything, so nothing would ever be touched"),
        (
            ok.clone() + "permit (",
            "the policies cannot be read: 2:9: unexpected end of input: expected `)` or identifier",
        ),
        (
            "permit (principal, action, resource);".into(),
            "policy 1: a policy without @id, a permit without @mode",
        ),
        (ok.clone() + &ok, "policy a: there is another one with this id"),
        (permit("a b", "enforce", "true"), "policy a b: \"a b\" cannot be an id"),
        (permit(&"x".repeat(65), "enforce", "true"), "cannot be an id"),
        (permit("a", "now", "true"), "policy a: \"now\" is no mode"),
        (windowed("a", "at night"), "policy a: `at` is no day of the week"),
        (ok.clone().replace("@mode", "@modus(\"x\") @mode"), "policy a: unknown annotation @modus"),
        (
            ok.clone() + &forbid("f", "true").replace("forbid", "@mode(\"enforce\") forbid"),
            "policy f: a forbid has no @mode",
        ),
        (
            permit("a", "dry-run", "true").replace("permit", "@window(\"22:00-05:00\") permit"),
            "policy a: @window where the mode is dry-run",
        ),
        (
            "@id(\"t\") @mode(\"enforce\") permit (principal == ?principal, action, resource);"
                .into(),
            "policy t: templates are not supported",
        ),
        (
            permit("a", "enforce", &"(".repeat(20)),
            "the policies cannot be read: 1:86: more than 16 brackets within each other",
        ),
    ];
    for (text, expected) in cases {
        let error = Scope::load(&text).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{text}\n{error}");
    }
    assert!(Scope::load(&(ok + "// the end")).is_ok());
}

#[test]
fn a_scope_can_be_asked_from_anywhere() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&Scope::load(&permit("a", "enforce", "true")).unwrap());
}
