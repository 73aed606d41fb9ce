//! What policies cost: in an event, and by themselves.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Aim, at_most, first, in_mb, in_ms, name, ratio, row_json, table, took};
use crate::measure::{Case, Results, Row};
use crate::policies::Speed;
use crate::stub::Link;

/// How long a decision may take, in microseconds.
const DECISION: f64 = 100.0;
/// What twenty policies may add to a first event, in milliseconds.
const FIRST: f64 = 2.0;
/// The same of a later one: what is not told from noise.
const LATER: f64 = 0.1;

pub(super) fn events(text: &mut String, results: &Results) {
    if results.policies.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nPolicies: those of the stack's parameters, or a set that was pushed");
    table::write(text, &results.policies);
    let _ = writeln!(
        text,
        "\nMore than with none pushed, ms: by the clock (ratio), of the processor (ratio)"
    );
    for (row, base) in results.policies.iter().filter_map(|row| Some((row, base(results, row)?))) {
        let more = |of: &dyn Fn(&Row) -> Duration| {
            let (more, less) = (of(row), of(base));
            format!("{:+.2} ({:.2})", in_ms(more) - in_ms(less), ratio(more, less))
        };
        let _ = writeln!(
            text,
            "  {:<38} init {:>13},{:>13}   first {:>13},{:>13}   warm {:>13},{:>13}   peak {:+.1} MB",
            name(&row.case),
            more(&|row| row.median(|start| start.init)),
            more(&|row| row.median(|start| start.cpu_in_init)),
            more(&|row| row.median(first)),
            more(&|row| row.median(|start| start.cpu_of_first)),
            more(&|row| row.warm(took, 50)),
            more(&|row| row.median(|start| start.cpu_per_warm)),
            in_mb(row.median(|start| start.peak_memory)) - in_mb(base.median(|s| s.peak_memory)),
        );
    }
}

/// What a row is compared with: the same without anything pushed. Of the older one, ours.
fn base<'a>(results: &'a Results, row: &Row) -> Option<&'a Row> {
    let base = Case { program: "ec2", pushed: Some(0), ..row.case };
    results.row(base).filter(|base| base.case != row.case)
}

pub(super) fn alone(text: &mut String, speed: Option<&Speed>) {
    let Some(speed) = speed else { return };
    let _ = writeln!(
        text,
        "\nPolicies by themselves, µs: medians; first: of the process\n\
         {:<16}{:>8}{:>11}{:>11}{:>14}{:>9}{:>8}",
        "", "load", "permitted", "forbidden", "out of scope", "(first)", "check"
    );
    let _ = writeln!(
        text,
        "{:<16}{:>8}{:>11}",
        "parameters first",
        micros(speed.first_load),
        micros(speed.first_decision)
    );
    for set in &speed.sets {
        let name = if set.count == 0 { "parameters".into() } else { set.count.to_string() };
        let _ = writeln!(
            text,
            "{name:<16}{:>8}{:>11}{:>11}{:>14}{:>9}{:>8}",
            micros(set.load),
            micros(set.permitted),
            micros(set.forbidden),
            micros(set.out_of_scope),
            micros(set.first_out_of_scope),
            micros(set.check),
        );
    }
}

pub(super) fn aims(results: &Results) -> Vec<Aim> {
    let mut aims = Vec::new();
    let row = |pushed| results.row(Case { pushed: Some(pushed), ..Case::of("ec2", Link::Https) });
    if let (Some(none), Some(twenty)) = (row(0), row(20)) {
        let more = |of: &dyn Fn(&Row) -> Duration| in_ms(of(twenty)) - in_ms(of(none));
        let (first, later) = (more(&|row| row.median(first)), more(&|row| row.warm(took, 50)));
        aims.push(at_most("20 policies, more in a first event", first, FIRST, " ms"));
        aims.push(at_most("20 policies, more in a later event", later, LATER, " ms"));
    }
    let twenty = results.speed.iter().flat_map(|speed| &speed.sets).find(|set| set.count == 20);
    if let Some(set) = twenty {
        for (what, took) in [
            ("20 policies, a decision: permitted", set.permitted),
            ("20 policies, a decision: forbidden", set.forbidden),
            ("20 policies, a decision: out of scope", set.out_of_scope),
        ] {
            aims.push(at_most(what, in_ms(took) * 1000.0, DECISION, " µs"));
        }
    }
    aims
}

pub(super) fn json(results: &Results) -> Value {
    let micros = |time: Duration| in_ms(time) * 1000.0;
    let sets = |speed: &Speed| -> Vec<Value> {
        let set = |set: &crate::policies::Set| {
            json!({
                "policies": set.count,
                "load_us": micros(set.load),
                "permitted_us": micros(set.permitted),
                "forbidden_us": micros(set.forbidden),
                "out_of_scope_us": micros(set.out_of_scope),
                "first_out_of_scope_us": micros(set.first_out_of_scope),
                "check_us": micros(set.check),
            })
        };
        speed.sets.iter().map(set).collect()
    };
    json!({
        "rows": results.policies.iter().map(row_json).collect::<Vec<_>>(),
        "first_load_us": results.speed.as_ref().map(|speed| micros(speed.first_load)),
        "first_decision_us": results.speed.as_ref().map(|speed| micros(speed.first_decision)),
        "sets": results.speed.as_ref().map(sets),
    })
}

fn micros(time: Duration) -> String {
    format!("{:.0}", in_ms(time) * 1000.0)
}
