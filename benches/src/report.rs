//! The table, the ratios, the aims and one repair call by call.

mod policies;
mod table;
mod threats;

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::events::Shape;
use crate::harness::{Invocation, Start};
use crate::measure::{Case, Results, Row};
use crate::program::BEFORE;
use crate::stub::Link;

/// What was aimed at, and what was reached.
struct Aim {
    what: &'static str,
    limit: String,
    reached: String,
    met: bool,
}

pub(crate) fn text(results: &Results) -> String {
    let mut text = String::new();
    if !results.rows.is_empty() {
        start_up(&mut text, results);
    }
    policies::events(&mut text, results);
    policies::alone(&mut text, results.speed.as_ref());
    threats::throughput(&mut text, &results.throughput);
    threats::growth(&mut text, &results.growth);
    let _ = writeln!(text, "\nAims");
    for Aim { what, limit, reached, met } in aims(results) {
        let met = if met { "met" } else { "NOT MET" };
        let _ = writeln!(text, "  {what:<44} {limit:>10} {reached:>10}   {met}");
    }
    for call in &results.unknown {
        let _ = writeln!(text, "warning: the stub has no answer of its own for {call}");
    }
    text
}

fn start_up(text: &mut String, results: &Results) {
    let Results { starts, warm, latency, quota, .. } = results;
    let _ = writeln!(
        text,
        "{starts} starts of each kind (5 where calls take {} ms), up to {warm} warm invocations after each; medians.\n\
         Small functions: {}; init runs at full speed, as on Lambda.\n",
        latency.as_millis(),
        quota.unwrap_or("left out"),
    );
    table::write(text, &results.rows);
    ratios(text, results);
    for program in ["ec2", "guardduty", "sweep"] {
        timeline(text, results, program);
    }
}

fn ratios(text: &mut String, results: &Results) {
    let _ = writeln!(text, "\nRatios");
    let pairs = results.rows.iter().filter(|row| is_ours(row)).flat_map(|ours| {
        let hello =
            results.row(Case::of("hello", Link::Http)).filter(|_| ours.case.memory.is_none());
        let boto3 = results.row(Case { program: "boto3", warm_up: true, ..ours.case });
        let boto3 = boto3.filter(|_| ours.case.program == "ec2");
        [hello.map(|hello| (ours, hello)), boto3.map(|boto3| (boto3, ours))]
    });
    for (more, less) in pairs.flatten().filter(|(more, _)| more.case.latency.is_zero()) {
        let init = ratio(more.median(|start| start.init), less.median(|start| start.init));
        let _ = write!(
            text,
            "  {:<44} init {init:>6.1}",
            if less.case.program == "ec2" {
                format!("{} under boto3", name(&less.case))
            } else {
                format!("{} over hello", name(&more.case))
            }
        );
        if less.case.program == "ec2" {
            let _ = write!(
                text,
                "   first {:>6.1}   warm {:>6.1}   CPU {:>6.1}   peak memory {:>5.1}",
                ratio(more.median(first), less.median(first)),
                ratio(more.warm(took, 50), less.warm(took, 50)),
                ratio(more.median(|s| s.cpu_per_warm), less.median(|s| s.cpu_per_warm)),
                quotient(more.median(|s| s.peak_memory), less.median(|s| s.peak_memory)),
            );
        }
        text.push('\n');
    }
    for ours in ["guardduty", "sweep"].map(|program| Case::of(program, Link::Https)) {
        let (Some(row), Some(ec2)) =
            (results.row(ours), results.row(Case { program: "ec2", ..ours }))
        else {
            continue;
        };
        let _ = writeln!(
            text,
            "  {:<44} init {:>6.1}   first {:>6.1}   warm {:>6.1}   CPU {:>6.1}   peak memory {:>5.1}   zip {:>4.1}",
            format!("{} over ec2", name(&ours)),
            ratio(row.median(|s| s.init), ec2.median(|s| s.init)),
            ratio(row.median(first), ec2.median(first)),
            ratio(row.warm(took, 50), ec2.warm(took, 50)),
            ratio(row.median(|s| s.cpu_per_warm), ec2.median(|s| s.cpu_per_warm)),
            quotient(row.median(|s| s.peak_memory), ec2.median(|s| s.peak_memory)),
            quotient(row.zip.unwrap_or_default(), ec2.zip.unwrap_or_default()),
        );
    }
}

/// Whether it is one of the functions that are deployed.
fn is_ours(row: &Row) -> bool {
    !["hello", "boto3", BEFORE].contains(&row.case.program)
}

/// One warm repair with the latency: which calls there are, and which of them wait for one another.
fn timeline(text: &mut String, results: &Results, program: &'static str) {
    let case = Case { latency: results.latency, ..Case::of(program, Link::Http) };
    let Some(repair) = results.row(case).and_then(|row| row.starts.last()?.warm.last()) else {
        return;
    };
    let _ = writeln!(
        text,
        "\nOne warm event of {program}, {} ms, every call taking {} ms",
        millis(repair.took),
        results.latency.as_millis()
    );
    for call in sorted(repair) {
        let from = call.from.saturating_duration_since(repair.sent);
        let until = call.until.saturating_duration_since(repair.sent);
        let _ = writeln!(text, "  {:>7} - {:>7}   {}", millis(from), millis(until), call.action);
    }
    if let (Some(trips), Some(growth)) = (round_trips(results, program), growth(results, program)) {
        let _ = writeln!(
            text,
            "{trips} round trips one after another; a warm event grows by {growth:.2} times the latency of a call."
        );
    }
}

fn sorted(repair: &Invocation) -> Vec<&crate::stub::Seen> {
    let mut calls: Vec<_> = repair.calls.iter().collect();
    calls.sort_by_key(|call| call.from);
    calls
}

fn aims(results: &Results) -> Vec<Aim> {
    let mut aims = if results.rows.is_empty() { Vec::new() } else { start_aims(results) };
    aims.extend(policies::aims(results));
    aims.extend(threats::aims(&results.throughput, &results.growth));
    aims
}

fn start_aims(results: &Results) -> Vec<Aim> {
    let mut aims = Vec::new();
    let init = |case| results.row(case).map(|row| row.median(|start| start.init));
    let bare = init(Case::of("hello", Link::Http));
    let https = Case::of("ec2", Link::Https);
    for (case, against_bare, against_boto3) in [
        (
            Case::of("ec2", Link::Http),
            "init over a bare function, http",
            "init under boto3's, http",
        ),
        (Case::of("guardduty", Link::Https), "init of guardduty over a bare function, https", ""),
        (Case::of("sweep", Link::Https), "init of sweep over a bare function, https", ""),
        (https, "init over a bare function, https", "init under boto3's, https"),
        (
            Case { warm_up: false, ..https },
            "init over a bare function, https, no warm-up",
            "init under boto3's, https, no warm-up",
        ),
    ] {
        let Some(ours) = init(case) else { continue };
        if let Some(bare) = bare {
            aims.push(at_most(against_bare, ratio(ours, bare), 1.5, "x"));
        }
        let boto3 = init(Case::of("boto3", case.link)).filter(|_| case.program == "ec2");
        if let Some(boto3) = boto3 {
            aims.push(at_least(against_boto3, ratio(boto3, ours), 100.0, "x"));
        }
    }
    let ours = || results.rows.iter().filter(|row| is_ours(row));
    let slowest = ours()
        .filter(|row| row.case.link == Link::Http && row.case.latency.is_zero())
        .map(|row| row.median(|start| start.init))
        .max();
    if let (Some(slowest), Some(bare)) = (slowest, bare) {
        aims.push(at_most(
            "init of the slowest over a bare one, http",
            ratio(slowest, bare),
            1.5,
            "x",
        ));
    }
    let peak = ours().flat_map(|row| &row.starts).map(|start| start.peak_memory).max();
    aims.push(at_most(
        "peak resident memory, any start",
        in_mb(peak.unwrap_or_default()),
        30.0,
        " MB",
    ));
    let zip = ours().filter_map(|row| row.zip).max().unwrap_or_default();
    aims.push(at_most("zip, the largest", in_mb(zip), 5.0, " MB"));
    if let Some(row) = results.row(Case::of("ec2", Link::Http)) {
        let own = in_ms(row.warm(Invocation::own, 50));
        aims.push(at_most("warm overhead without AWS, http", own, 1.0, " ms"));
    }
    if let Some(row) = results.row(Case::of("ec2", Link::Https)) {
        let own = in_ms(row.warm(Invocation::own, 50));
        aims.push(at_most("warm overhead without AWS, https", own, 1.0, " ms"));
    }
    if let Some(trips) = round_trips(results, "ec2") {
        let (limit, reached) = ("<= 5".to_owned(), trips.to_string());
        aims.push(Aim { what: "critical path, round trips", limit, reached, met: trips <= 5 });
    }
    aims
}

/// How many calls of a warm repair wait for one another. With a latency, since at once is too short to overlap.
fn round_trips(results: &Results, program: &'static str) -> Option<usize> {
    let case = Case { latency: results.latency, ..Case::of(program, Link::Http) };
    Some(results.row(case)?.warm(Invocation::round_trips, 50))
}

/// How much a warm repair grows with the latency of a call: the round trips, and what a processor loses by sleeping.
fn growth(results: &Results, program: &'static str) -> Option<f64> {
    let case = Case::of(program, Link::Http);
    let at_once = results.row(case)?.warm(took, 50);
    let slow = results.row(Case { latency: results.latency, ..case })?.warm(took, 50);
    Some(ratio(slow.saturating_sub(at_once), results.latency))
}

pub(crate) fn json(results: &Results) -> String {
    let rows: Vec<Value> = results.rows.iter().map(row_json).collect();
    let aims: Vec<Value> = aims(results)
        .into_iter()
        .map(|Aim { what, limit, reached, met }| {
            json!({ "what": what, "aim": limit, "reached": reached, "met": met })
        })
        .collect();
    let trips = |program| round_trips(results, program);
    let value = json!({
        "starts": results.starts,
        "warm": results.warm,
        "latency_ms": in_ms(results.latency),
        "quota": results.quota,
        "rows": rows,
        "policies": policies::json(results),
        "round_trips": { "ec2": trips("ec2"), "guardduty": trips("guardduty"), "sweep": trips("sweep"), "boto3": trips("boto3") },
        "growth": { "ec2": growth(results, "ec2"), "boto3": growth(results, "boto3") },
        "throughput": results.throughput.iter().map(threats::throughput_json).collect::<Vec<_>>(),
        "list": threats::growth_json(&results.growth),
        "aims": aims,
        "unknown_calls": results.unknown,
    });
    format!("{value:#}\n")
}

fn row_json(row: &Row) -> Value {
    json!({
        "program": row.case.program,
        "https": row.case.link == Link::Https,
        "event": if row.case.shape == Shape::Sqs { "sqs" } else { "bare" },
        "latency_ms": in_ms(row.case.latency),
        "memory_size": row.case.memory,
        "warm_up": row.case.warm_up,
        "pushed": row.case.pushed,
        "starts": row.starts.len(),
        "cpu_in_init_ms": in_ms(row.median(|start| start.cpu_in_init)),
        "cpu_of_first_ms": in_ms(row.median(|start| start.cpu_of_first)),
        "init_ms": in_ms(row.median(|start| start.init)),
        "first_ms": in_ms(row.median(first)),
        "warm_p50_ms": in_ms(row.warm(took, 50)),
        "warm_p99_ms": in_ms(row.warm(took, 99)),
        "own_p50_ms": in_ms(row.warm(Invocation::own, 50)),
        "cpu_per_warm_ms": in_ms(row.median(|start| start.cpu_per_warm)),
        "memory_after_init": row.median(|start| start.memory_after_init),
        "peak_memory": row.median(|start| start.peak_memory),
        "calls_in_init": row.median(|start| start.calls_in_init),
        "calls_first": row.median(|start| start.first.calls.len()),
        "calls_warm": row.warm(|invocation| invocation.calls.len(), 50),
        "connections_in_init": row.median(|start| start.opened_in_init),
        "connections_first": row.median(|start| start.first.opened),
        "connections_warm_p99": row.warm(|invocation| invocation.opened, 99),
        "zip": row.zip,
    })
}

fn name(case: &Case) -> String {
    let mut name = case.program.to_owned();
    if case.program != "hello" {
        name += if case.link == Link::Https { ", https" } else { ", http" };
    }
    if case.shape == Shape::Bare {
        name += ", bare event";
    }
    if !case.latency.is_zero() {
        let _ = write!(name, ", calls of {} ms", case.latency.as_millis());
    }
    if let Some(memory) = case.memory {
        let _ = write!(name, ", {memory} MB");
    }
    if !case.warm_up {
        name += ", no warm-up";
    }
    match case.pushed {
        None => {}
        Some(0) => name += ", none pushed",
        Some(count) => {
            let _ = write!(name, ", {count} pushed");
        }
    }
    name
}

fn first(start: &Start) -> Duration {
    start.first.took
}

fn took(invocation: &Invocation) -> Duration {
    invocation.took
}

fn at_most(what: &'static str, reached: f64, aim: f64, unit: &str) -> Aim {
    let limit = format!("<= {aim}{unit}");
    Aim { what, limit, reached: format!("{reached:.2}{unit}"), met: reached <= aim }
}

fn at_least(what: &'static str, reached: f64, aim: f64, unit: &str) -> Aim {
    let limit = format!(">= {aim}{unit}");
    Aim { what, limit, reached: format!("{reached:.1}{unit}"), met: reached >= aim }
}

fn ratio(more: Duration, less: Duration) -> f64 {
    more.as_secs_f64() / less.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn quotient(more: u64, less: u64) -> f64 {
    in_mb(more) / in_mb(less).max(f64::MIN_POSITIVE)
}

fn in_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "sizes here are far below 2^52")]
fn in_mb(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

fn millis(time: Duration) -> String {
    let ms = in_ms(time);
    let digits = if ms < 10.0 { 2 } else { usize::from(ms < 100.0) };
    format!("{ms:.digits$}")
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", in_mb(bytes))
}
