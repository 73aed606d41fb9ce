//! What holds whatever the policies are, and whatever is asked.

use proptest::{collection::vec, prelude::*};
use remedy::{Place, Risk, Severity, Source, Tags};

use super::*;
use crate::Thing;

/// Conditions, some of which fail to evaluate on some resources.
const CONDITIONS: &[&str] = &[
    "true",
    "false",
    r#"resource.hasTag("a")"#,
    r#"resource.hasTag("a") && resource.getTag("a") == "1""#,
    r#"resource.getTag("b") == "2""#,
    r#"resource.owner == "none""#,
    r#"!["none", "eks"].contains(resource.owner)"#,
    "context.severity >= 70",
    r#"action in Action::"ec2""#,
    r#"action in [Action::"safe", Action::"interrupts"]"#,
    "context.asked",
    "resource.tagged && !context.asked",
];
const MODES: &[&str] = &[
    r#"@mode("enforce")"#,
    r#"@mode("approve")"#,
    r#"@mode("dry-run")"#,
    r#"@mode("enforce") @window("22:00-05:00")"#,
    r#"@mode("enforce") @window("sat 00:00-24:00; 11:00-13:00")"#,
];

#[derive(Debug, Clone)]
struct World {
    remediation: String,
    risk: Risk,
    texts: [String; 4],
    tags: Option<Tags>,
    owner: Option<String>,
    severity: Severity,
    asked_by: Option<String>,
    now: i64,
}

impl World {
    fn decided_by(&self, scope: &Scope) -> Verdict {
        let [kind, arn, id, trigger] = &self.texts;
        let place = Place { partition: arn.clone(), account: id.clone(), region: kind.clone() };
        scope.decide(&Ask {
            remediation: &self.remediation,
            risk: self.risk,
            resource: Thing {
                kind,
                arn,
                id,
                place: &place,
                tags: self.tags.as_ref(),
                owner: self.owner.as_deref(),
            },
            trigger,
            source: Source::Config,
            severity: self.severity,
            asked_by: self.asked_by.as_deref(),
            now: Timestamp::from_timestamp(self.now, 0).unwrap_or_default(),
        })
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ab12]", "(?s).{0,12}"]
}

fn world() -> impl Strategy<Value = World> {
    use prop::{option::of, sample::select};
    let tags = of(prop::collection::btree_map(text(), text(), 0..4));
    let remediation = prop_oneof![Just("ec2/a".to_owned()), Just("rds/b".to_owned()), text()];
    let risk = select(&[Risk::Safe, Risk::MayInterrupt, Risk::Interrupts]);
    let owner = of(prop_oneof![Just("eks".to_owned()), Just("iac".to_owned()), text()]);
    let severity = select(&[Severity::Low, Severity::High]);
    let texts = [text(), text(), text(), text()];
    (remediation, risk, texts, tags, owner, severity, of(text()), any::<i64>()).prop_map(
        |(remediation, risk, texts, tags, owner, severity, asked_by, now)| World {
            remediation,
            risk,
            texts,
            tags,
            owner,
            severity,
            asked_by,
            now: now % 10_000_000_000,
        },
    )
}

/// What a policy is made of: its condition, and the mode of a permit.
type Part = (usize, Option<usize>);

fn part() -> impl Strategy<Value = Part> {
    (0..CONDITIONS.len(), prop::option::of(0..MODES.len()))
}

fn policy(at: usize, (condition, mode): &Part) -> String {
    let (effect, mode) = mode.map_or(("forbid", ""), |mode| ("permit", MODES[mode]));
    let condition = CONDITIONS[*condition];
    format!(
        "@id(\"p{at}\") {mode} {effect} (principal, action, resource) when {{ {condition} }};\n"
    )
}

/// Policies of which the first is a permit.
fn policies(parts: &[Part]) -> String {
    parts.iter().enumerate().map(|(at, part)| policy(at, part)).collect()
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    ((0..CONDITIONS.len(), 0..MODES.len()), vec(part(), 0..6)).prop_map(
        |((condition, mode), mut rest)| {
            rest.insert(0, (condition, Some(mode)));
            rest
        },
    )
}

fn load(text: &str) -> Scope {
    Scope::load(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// How far a verdict lets a plan go: the less, the stricter.
fn freedom(verdict: &Verdict) -> (bool, Option<(u8, bool)>) {
    let mode = match verdict.mode {
        Mode::Enforce => 2,
        Mode::Approve => 1,
        Mode::DryRun => 0,
    };
    let is_permitted = verdict.is_permitted();
    (is_permitted, is_permitted.then_some((mode, verdict.window.is_none())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn nothing_is_permitted_without_a_permit_that_applies(parts in parts(), world in world()) {
        let verdict = world.decided_by(&load(&policies(&parts)));
        let applies = |(at, part): (usize, &Part)| {
            let alone = part.1.is_some() && world.decided_by(&load(&policy(at, part))).is_permitted();
            alone.then(|| format!("p{at}"))
        };
        let applying: Vec<String> = parts.iter().enumerate().filter_map(applies).collect();
        prop_assert_eq!(&verdict.permits, &applying);
        prop_assert!(!verdict.is_permitted() || !applying.is_empty());
    }

    #[test]
    fn another_forbid_never_enables_anything(
        parts in parts(),
        condition in 0..CONDITIONS.len(),
        world in world(),
    ) {
        let text = policies(&parts);
        let before = world.decided_by(&load(&text));
        let after = world.decided_by(&load(&(text + &policy(99, &(condition, None)))));
        prop_assert!(before.is_permitted() || !after.is_permitted());
        prop_assert_eq!(&after.permits, &before.permits);
        prop_assert_eq!((after.mode, &after.window), (before.mode, &before.window));
        prop_assert!(before.forbids.iter().all(|denial| after.forbids.contains(denial)));
    }

    #[test]
    fn another_permit_never_loosens_what_was_permitted(
        parts in parts(),
        condition in 0..CONDITIONS.len(),
        mode in 0..MODES.len(),
        world in world(),
    ) {
        let text = policies(&parts);
        let before = world.decided_by(&load(&text));
        let after = world.decided_by(&load(&(text + &policy(99, &(condition, Some(mode))))));
        prop_assert_eq!(&after.forbids, &before.forbids);
        if before.is_permitted() {
            prop_assert!(freedom(&after) <= freedom(&before), "{:?}\n{:?}", before, after);
        }
    }

    #[test]
    fn a_tag_that_is_said_to_be_missing_brings_it_in(parts in parts(), world in world()) {
        let scope = load(&policies(&parts));
        for missing in world.decided_by(&scope).missing {
            let (key, value) = missing.tag.split_once('=').unwrap_or((&missing.tag, ""));
            let mut world = world.clone();
            world.tags.get_or_insert_default().insert(key.to_owned(), value.to_owned());
            let verdict = world.decided_by(&scope);
            prop_assert!(verdict.is_permitted() && verdict.permits.contains(&missing.policy));
        }
    }

    #[test]
    fn no_text_makes_loading_panic(text in "(?s).{0,80}", at in 0..400_usize) {
        let _ = Scope::load(&text);
        let mut broken = policies(&[(3, Some(3)), (6, None), (4, Some(1))]);
        broken.insert_str(at % broken.len(), &text);
        let _ = Scope::load(&broken);
    }
}

#[test]
fn nesting_does_not_exhaust_the_stack() {
    let many = |n: usize, before: &str, inner: &str, after: &str| {
        let condition = format!("{}{inner}{}", before.repeat(n), after.repeat(n));
        format!(
            "@id(\"p\") @mode(\"enforce\") permit (principal, action, resource) when {{ {condition} }};"
        )
    };
    for (before, inner, after) in [
        ("(", "true", ")"),
        ("[", "1", "] == [1]"),
        ("{a: ", "1", "}.a"),
        ("if true then true else ", "true", ""),
        ("if ", "true", " then true else false"),
        ("(if true then ", "true", " else false)"),
        ("true && ", "true", ""),
        ("1 + ", "1 == 1", ""),
        ("resource.hasTag(\"a\") || ", "false", ""),
        ("!", "true", ""),
        ("!(", "true", ")"),
        ("context", "", ".a"),
    ] {
        for n in [14, 15, 16, 64, 65, 2000] {
            let text = many(n, before, inner, after);
            if let Ok(scope) = Scope::load(&text) {
                let world = World {
                    remediation: "ec2/a".into(),
                    risk: Risk::Safe,
                    texts: Default::default(),
                    tags: Some(Tags::new()),
                    owner: None,
                    severity: Severity::Low,
                    asked_by: None,
                    now: 0,
                };
                let _ = world.decided_by(&scope);
            }
        }
    }
}
