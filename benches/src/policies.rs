//! Sets of policies as people push them, and how long they take by themselves.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use remedy::{Place, Risk, Settings, Severity, Source, Tags, Timestamp};
use scope::{Ask, Bounds, Scope, Thing, author};

use crate::Failure;
use crate::events::{ACCOUNT, REGION};
use crate::measure::percentile;

/// How many are pushed; none: those of the stack's parameters hold.
pub(crate) const SETS: [usize; 3] = [0, 20, 100];
/// How often each is measured.
const RUNS: usize = 1_000;

const TWENTY: &str = include_str!("../policies/twenty.cedar");

/// What loading and deciding take in this process.
#[derive(Debug)]
pub(crate) struct Speed {
    /// The first policies of the process, those of the stack's parameters, and the first decision.
    pub(crate) first_load: Duration,
    pub(crate) first_decision: Duration,
    pub(crate) sets: Vec<Set>,
}

/// Medians for one set of policies.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) count: usize,
    pub(crate) load: Duration,
    pub(crate) permitted: Duration,
    pub(crate) forbidden: Duration,
    /// With the tags that would bring it in.
    pub(crate) out_of_scope: Duration,
    /// The same for the first time.
    pub(crate) first_out_of_scope: Duration,
    /// What a push does: everything is checked.
    pub(crate) check: Duration,
}

/// The twenty, and more like them for each team; of none, those of the stack's parameters.
///
/// # Errors
/// If those of the parameters cannot be made.
pub(crate) fn set(count: usize) -> String {
    let mut text = TWENTY.to_owned();
    for at in 20..count {
        let team = at / 4;
        let _ = match at % 4 {
            0 => writeln!(
                text,
                "@id(\"team-{team}\") @mode(\"enforce\")\n\
                 permit (principal, action in Action::\"may-interrupt\", resource)\n\
                 when {{ resource.hasTag(\"team\") && resource.getTag(\"team\") == \"team-{team}\" }}\n\
                 when {{ resource.hasTag(\"AutoRemediate\") && resource.account == \"{team:012}\" }};\n"
            ),
            1 => writeln!(
                text,
                "@id(\"team-{team}-asks-first\") @mode(\"approve\")\n\
                 permit (principal, action in Action::\"interrupts\", resource)\n\
                 when {{ resource.hasTag(\"team\") && resource.getTag(\"team\") == \"team-{team}\" }}\n\
                 when {{ context.severity >= 40 && resource.hasTag(\"env\") && resource.getTag(\"env\") == \"prod\" }};\n"
            ),
            2 => writeln!(
                text,
                "@id(\"team-{team}-at-night\") @mode(\"enforce\") @window(\"mon-fri 22:00-05:00; sat,sun 00:00-24:00\")\n\
                 permit (principal, action in Action::\"interrupts\", resource)\n\
                 when {{ resource.hasTag(\"team\") && resource.getTag(\"team\") == \"team-{team}\" }};\n"
            ),
            _ => writeln!(
                text,
                "@id(\"team-{team}-ledger\") @reason(\"ask team {team} first\")\n\
                 forbid (principal, action, resource)\n\
                 when {{ resource.hasTag(\"app\") && resource.getTag(\"app\") == \"ledger-{team}\" && resource.region like \"eu-*\" }};\n"
            ),
        };
    }
    text
}

/// Measures it, in a process in which nothing of it has run yet.
pub(crate) fn speed() -> Result<Speed, Failure> {
    let place = Place::new(ACCOUNT, REGION);
    let (inside, outside) = (tags(&[OPTED_IN]), tags(&[]));
    let ask = |tags, owner| ask(&place, tags, owner);
    let load = |text: &str| {
        Scope::load(text).map_err(|why| Failure::Setup(format!("policies to be measured: {why}")))
    };
    let bounds = Bounds::configured(&Settings::default());
    let configured = bounds.map_err(|wrong| Failure::Setup(wrong.to_string()))?.policies();
    let (first_load, scope) = timed(|| load(&configured));
    let scope = scope?;
    let (first_decision, _) = timed(|| scope.decide(&ask(&inside, None)));

    let actions: Vec<(&str, Risk)> =
        catalog::entries().map(|entry| (entry.spec.id, entry.spec.risk)).collect();
    let of = |count: usize| {
        let text = if count == 0 { configured.clone() } else { set(count) };
        let scope = load(&text)?;
        let (first_out_of_scope, _) = timed(|| scope.decide(&ask(&outside, None)));
        Ok(Set {
            count,
            load: median(RUNS / 4, || load(&text)),
            permitted: median(RUNS, || scope.decide(&ask(&inside, None))),
            forbidden: median(RUNS, || scope.decide(&ask(&inside, Some("eks")))),
            out_of_scope: median(RUNS, || scope.decide(&ask(&outside, None))),
            first_out_of_scope,
            check: median(RUNS / 50, || author::check(&text, &actions)),
        })
    };
    let sets = SETS.into_iter().map(of).collect::<Result<Vec<_>, _>>()?;
    Ok(Speed { first_load, first_decision, sets })
}

/// As the functions ask about a security group.
fn ask<'a>(place: &'a Place, tags: &'a Tags, owner: Option<&'a str>) -> Ask<'a> {
    Ask {
        remediation: "ec2/close_world_ingress",
        risk: Risk::MayInterrupt,
        resource: Thing {
            kind: "AWS::EC2::SecurityGroup",
            arn: "arn:aws:ec2:us-east-1:111122223333:security-group/sg-0123456789abcdef0",
            id: "sg-0123456789abcdef0",
            place,
            tags: Some(tags),
            owner,
        },
        trigger: "EC2.13",
        source: Source::SecurityHub,
        severity: Severity::High,
        asked_by: None,
        now: Timestamp::UNIX_EPOCH,
    }
}

const OPTED_IN: (&str, &str) = ("AutoRemediate", "True");

fn tags(first: &[(&str, &str)]) -> Tags {
    let more = [("Name", "web"), ("cost-center", "7"), ("env", "test"), ("app", "checkout")];
    let all = first.iter().copied().chain(more);
    all.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = black_box(run());
    (begun.elapsed(), result)
}

fn median<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    percentile((0..runs).map(|_| timed(&mut run).0), 50)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scope::Mode;

    #[test]
    fn what_is_pushed_can_be_used_and_repairs_the_groups_that_are_measured() {
        let actions: Vec<(&str, Risk)> =
            catalog::entries().map(|entry| (entry.spec.id, entry.spec.risk)).collect();
        for count in SETS.into_iter().filter(|count| *count > 0) {
            let text = set(count);
            let checked = author::check(&text, &actions).unwrap();
            assert_eq!(checked.policies.len(), count);
            let scope = Scope::load(&text).unwrap();
            let place = Place::new(ACCOUNT, REGION);
            let verdict = scope.decide(&ask(&place, &tags(&[OPTED_IN]), None));
            assert_eq!(verdict.mode, Mode::Enforce);
            assert!(!verdict.is_out_of_scope() && verdict.forbids.is_empty(), "{verdict:?}");
            assert!(verdict.window.is_none(), "{verdict:?}");
            assert!(
                !scope.decide(&ask(&place, &tags(&[OPTED_IN]), Some("eks"))).forbids.is_empty()
            );
            assert!(scope.decide(&ask(&place, &tags(&[]), None)).is_out_of_scope());
        }
    }
}
