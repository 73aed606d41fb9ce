use proptest::prelude::*;
use remedy::{Place, Severity, Source, Tags};

use super::*;
use crate::{Ask, Scope, Thing, author};

const ACTIONS: &[(&str, Risk)] =
    &[("ec2/close", Risk::MayInterrupt), ("ec2/stop", Risk::Interrupts), ("s3/note", Risk::Safe)];

fn bounds(settings: &[(&str, &str)]) -> Bounds {
    Bounds::configured(&settings.iter().copied().collect()).unwrap()
}

fn asked(bounds: &Bounds, action: usize, tag: (&str, &str), owner: Option<&str>) -> crate::Verdict {
    let (remediation, risk) = ACTIONS[action];
    let tags = Tags::from([(tag.0.to_owned(), tag.1.to_owned())]);
    Scope::load(&bounds.policies()).unwrap().decide(&Ask {
        remediation,
        risk,
        resource: Thing {
            kind: "AWS::EC2::SecurityGroup",
            arn: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
            id: "sg-1",
            place: &Place::new("111122223333", "eu-west-1"),
            tags: Some(&tags),
            owner,
        },
        trigger: "EC2.19",
        source: Source::SecurityHub,
        severity: Severity::High,
        asked_by: None,
        now: "2026-11-24T12:00:00Z".parse().unwrap(),
    })
}

#[test]
fn nothing_set_means_the_tag_and_nobody_elses() {
    let bounds = bounds(&[]);
    assert_eq!(
        bounds.policies(),
        r#"// Only what its owners opted in by a tag is touched.
@id("opted-in") @mode("enforce")
permit (principal, action, resource)
when { resource.hasTag("AutoRemediate") && resource.getTag("AutoRemediate") == "True" };

// What CloudFormation, EKS, Terraform and their like keep is mended there.
@id("owned-by-others") @reason("whoever keeps it would put it back: mend it there")
forbid (principal, action, resource)
when { !["none"].contains(resource.owner) };
"#
    );
    let verdict = asked(&bounds, 0, ("AutoRemediate", "True"), None);
    assert!(verdict.is_permitted() && verdict.mode == Mode::Enforce && verdict.window.is_none());
    let near = asked(&bounds, 0, ("autoremediate", " true"), None);
    assert_eq!(near.missing[0].tag, "AutoRemediate=True");
    assert_eq!(near.missing[0].nearly.as_deref(), Some("autoremediate= true"));
    let owned = asked(&bounds, 0, ("AutoRemediate", "True"), Some("eks"));
    assert!(owned.forbids[0].by_owner && !owned.is_permitted());
}

#[test]
fn every_parameter_shows_in_the_policies() {
    let tag = ("k", "v");
    let base = [("SCOPE_TAG_KEY", "k"), ("SCOPE_TAG_VALUE", "v")];
    let with = |more: &[(&'static str, &'static str)]| {
        bounds(&base.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
    };
    assert_eq!(asked(&with(&[("MODE", "dry-run")]), 0, tag, None).mode, Mode::DryRun);
    assert!(asked(&with(&[("ALLOWED_OWNERS", "eks, rds")]), 0, tag, Some("rds")).is_permitted());
    assert!(!asked(&with(&[("ALLOWED_OWNERS", "eks, rds")]), 0, tag, Some("emr")).is_permitted());
    let night = ("MAINTENANCE_WINDOW", "mon-fri 22:00-05:00");
    for (risk, waiting) in [
        (None, [false, true, false]),
        (Some("interrupts"), [false, true, false]),
        (Some("may-interrupt"), [true, true, false]),
        (Some("safe"), [true, true, true]),
    ] {
        let risk = risk.map(|risk| ("MAINTENANCE_RISK", risk));
        let settings: Vec<_> = [night].into_iter().chain(risk).collect();
        for (action, waits) in waiting.into_iter().enumerate() {
            let verdict = asked(&with(&settings), action, tag, None);
            assert!(verdict.is_permitted());
            assert_eq!(verdict.window.is_some(), waits, "{risk:?} {action}");
        }
    }
    let dry = with(&[night, ("MODE", "dry-run")]);
    assert_eq!(asked(&dry, 1, tag, None).window, None);
}

#[test]
fn settings_of_the_account_are_touched_where_they_are_named_and_wait_for_the_window() {
    let decide = |settings: &[(&str, &str)], action: usize| {
        let (remediation, risk) = ACTIONS[action];
        Scope::load(&bounds(settings).policies()).unwrap().decide(&Ask {
            remediation,
            risk,
            resource: Thing {
                kind: "AWS::::Account",
                arn: "arn:aws:iam::111122223333:account-setting/password-policy",
                id: "111122223333",
                place: &Place::new("111122223333", "eu-west-1"),
                tags: None,
                owner: None,
            },
            trigger: "IAM.7",
            source: Source::SecurityHub,
            severity: Severity::High,
            asked_by: None,
            now: "2026-11-24T12:00:00Z".parse().unwrap(),
        })
    };
    assert!(decide(&[], 0).is_out_of_scope());
    let named = ("ACCOUNT_SETTINGS", "s3/note, ec2/stop");
    assert!(decide(&[named], 0).is_out_of_scope());
    assert!(decide(&[named], 1).is_permitted());
    assert!(decide(&[("ACCOUNT_SETTINGS", "all")], 0).is_permitted());
    let night = ("MAINTENANCE_WINDOW", "mon-fri 22:00-05:00");
    assert!(decide(&[named, night], 1).window.is_some());
    assert!(decide(&[named, night], 2).window.is_none());
    assert!(decide(&[named, night], 0).is_out_of_scope());
    assert_eq!(decide(&[named, ("MODE", "dry-run")], 1).mode, Mode::DryRun);
}

#[test]
fn what_cannot_be_is_refused() {
    for (name, value) in [
        ("MODE", "approve"),
        ("SCOPE_TAG_KEY", ""),
        ("ALLOWED_OWNERS", "somebody"),
        ("MAINTENANCE_WINDOW", "at night"),
        ("MAINTENANCE_RISK", "none"),
        ("ACCOUNT_SETTINGS", "password policy"),
        ("ACCOUNT_SETTINGS", "ec2/close\"]; permit"),
    ] {
        let wrong = Bounds::configured(&[(name, value)].into_iter().collect()).unwrap_err();
        assert_eq!(wrong.parameter.variable(), name);
    }
    assert_eq!(Bounds::PARAMETERS.len(), 7);
}

#[test]
fn what_is_generated_passes_the_check() {
    for settings in [
        &[][..],
        &[("MODE", "dry-run")],
        &[("MAINTENANCE_WINDOW", "22:00-05:00"), ("MAINTENANCE_RISK", "safe")],
        &[("MAINTENANCE_WINDOW", "22:00-05:00"), ("ACCOUNT_SETTINGS", "ec2/close, s3/note")],
        &[("ACCOUNT_SETTINGS", "all"), ("MODE", "dry-run")],
        &[("SCOPE_TAG_KEY", "a\"b\\c\n'*\u{202e}"), ("ALLOWED_OWNERS", "eks")],
    ] {
        let text = bounds(settings).policies();
        author::check(&text, ACTIONS).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    }
}

#[test]
fn a_tag_cannot_smuggle_a_policy_in() {
    let hostile =
        r#"x") == "" }; @id("all") @mode("enforce") permit (principal, action, resource); //"#;
    let bounds = Bounds { opt_in: (hostile.into(), "\\\" || true || \"".into()), ..bounds(&[]) };
    assert!(asked(&bounds, 0, ("k", "v"), None).is_out_of_scope());
    assert!(asked(&bounds, 0, (hostile, "\\\" || true || \""), None).is_permitted());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_tag_is_meant_to_the_letter(key in "(?s).{1,20}", value in "(?s).{1,20}") {
        let bounds = Bounds { opt_in: (key.clone(), value.clone()), ..bounds(&[]) };
        prop_assert!(asked(&bounds, 0, (&key, &value), None).is_permitted());
        let other = format!("{value}x");
        prop_assert!(asked(&bounds, 0, (&key, &other), None).is_out_of_scope());
    }
}
