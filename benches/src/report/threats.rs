//! The threat list: many findings at once, and one finding on lists of many sizes.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Aim, at_most, in_mb, in_ms, megabytes, millis, ratio};
use crate::growth::{Cost, Grown, MOST_FINDINGS};
use crate::measure::percentile;
use crate::queue::{ACTIVATION, ATTACKERS, BATCH, FINDINGS, PROCESSES, Throughput};

/// The most that a process may need, whatever is on the list.
const MOST_MEMORY: f64 = 64.0;

pub(super) fn throughput(text: &mut String, all: &[Throughput]) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n{FINDINGS} findings about {ATTACKERS} attackers, in batches of {BATCH}, {PROCESSES} processes; GuardDuty reads for {} s",
        ACTIVATION.as_secs()
    );
    let mut line = |name: &str, of: &dyn Fn(&Throughput) -> String| {
        let _ = write!(text, "  {name:<52}");
        for one in all {
            let _ = write!(text, "{:>16}", of(one));
        }
        text.push('\n');
    };
    line("every call takes", &|one| format!("{} ms", one.latency.as_millis()));
    line("findings a second", &|one| format!("{:.0}", per_second(one)));
    line("a batch, median and 99th percentile, ms", &|one| {
        let of = |percent| millis(percentile(one.batches.iter().copied(), percent));
        format!("{} {}", of(50), of(99))
    });
    line("batches", &|one| one.batches.len().to_string());
    line("writes of the list a batch", &|one| share(writes(one), one.batches.len()));
    line("  and tries that another was quicker than (412)", &|one| {
        share(one.count("PutObject kintsugi.json", |status| status != 200), one.batches.len())
    });
    line("reads of the list a batch (not changed, 304)", &|one| {
        let of = |is: fn(u16) -> bool| {
            share(one.count("GetObject kintsugi.json", is), one.batches.len())
        };
        format!("{} ({})", of(|status| status != 304), of(|status| status == 304))
    });
    line("writes of the text, in all (412)", &|one| {
        let of = |is: fn(u16) -> bool| one.count("PutObject kintsugi.txt", is);
        format!("{} ({})", of(|status| status == 200), of(|status| status != 200))
    });
    line("Update calls a batch, in all (refused)", &|one| {
        let refused = one.count("Update threat", |status| status != 200);
        let done = one.count("Update threat", |status| status == 200);
        format!("{} {done} ({refused})", share(done + refused, one.batches.len()))
    });
    line("writes to DynamoDB a finding", &|one| share(table_writes(one), findings()));
    line("  of them without effect (condition not met)", &|one| {
        let of = |action| one.count(action, |status| status != 200);
        share(of("PutItem") + of("UpdateItem"), findings())
    });
    line("messages to people a finding", &|one| share(one.count("Publish", |_| true), findings()));
    line("calls a finding", &|one| share(one.calls.len(), findings()));
    line("CPU a finding, both processes, ms", &|one| {
        format!("{:.3}", in_ms(one.cpu) / number(findings()))
    });
    line("CPU, of one core for each process", &|one| {
        format!("{:.0} %", 100.0 * ratio(one.cpu, one.took) / number(PROCESSES))
    });
    line("messages given back, given up", &|one| format!("{} {}", one.again, one.dead));
    line("on the list in the end, attackers that are not", &|one| {
        format!("{} {}", one.listed, one.lost)
    });
    line("not told to GuardDuty, and after a sweep", &|one| {
        format!("{} {}", one.untold, one.untold_after_sweep)
    });
    line("peak memory of a process, MB", &|one| megabytes(one.peak_memory));
}

pub(super) fn growth(text: &mut String, all: &[Grown]) {
    let Some(base) = sizes(all).first().copied() else { return };
    let _ = writeln!(
        text,
        "\nOne more attacker on a list of many (ThreatIntelSet, https), medians; ratios to a list of {}\n\
         {:>11}{:>8}{:>17}{:>17}{:>17}{:>17}{:>8}{:>12}{:>8}{:>8}{:>17}{:>8}",
        base.0,
        "on it",
        "MB",
        "cold ms",
        "warm, busy ms",
        "warm, told ms",
        "CPU ms",
        "read",
        "written",
        "peak",
        "all",
        "sweep ms",
        "peak"
    );
    for size in sizes(all) {
        let with = |of: &dyn Fn(&Grown) -> Duration| {
            let (here, there) = (median(all, size, of), median(all, base, of));
            format!("{} {:>7}", millis(here), format!("x{:.1}", ratio(here, there)))
        };
        let bytes = |of: &dyn Fn(&Grown) -> usize| megabytes(median(all, size, of) as u64);
        let _ = writeln!(
            text,
            "{:>11}{:>8}{:>17}{:>17}{:>17}{:>17}{:>8}{:>12}{:>8}{:>8}{:>17}{:>8}",
            if size.1 == 1 { size.0.to_string() } else { format!("{} *{}", size.0, size.1) },
            bytes(&|one| one.bytes),
            with(&|one| one.cold.took),
            with(&|one| middle(&one.busy).took),
            with(&|one| middle(&one.told).took),
            with(&|one| one.cpu),
            bytes(&|one| one.cold.read),
            format!(
                "{} {}",
                bytes(&|one| middle(&one.busy).written),
                bytes(&|one| middle(&one.told).written)
            ),
            megabytes(median(all, size, &|one| one.peak_cold)),
            megabytes(median(all, size, &|one| one.peak)),
            with(&|one| one.sweep.took),
            megabytes(median(all, size, &|one| one.peak_sweep)),
        );
    }
    let _ = writeln!(
        text,
        "*4: each is known by four findings, which is as many as are kept on lists of up to 20,000; else by one.\n\
         cold: the first event of a process, which reads the whole list, writes it and its text. warm: a later event, while\n\
         GuardDuty is busy reading (the list is written) and while it is not (its text, too). read: MB in the cold event.\n\
         written: MB in a warm event, busy and told. peak: resident MB after the cold event, and after all. sweep: one with\n\
         nothing to do, cold."
    );
}

pub(super) fn aims(throughput: &[Throughput], growth: &[Grown]) -> Vec<Aim> {
    let mut aims = Vec::new();
    let most = |of: &dyn Fn(&Throughput) -> usize| throughput.iter().map(of).max().unwrap_or(0);
    if !throughput.is_empty() {
        let per_batch = |of: &dyn Fn(&Throughput) -> usize| {
            let each = throughput.iter().map(|one| part(of(one), one.batches.len()));
            each.fold(0.0, f64::max)
        };
        let updates = |one: &Throughput| one.count("Update threat", |_| true);
        aims.push(at_most("writes of the list a batch", per_batch(&writes), 1.0, ""));
        aims.push(at_most("Update calls a batch", per_batch(&updates), 1.0, ""));
        aims.push(none("attackers that are not on the list", most(&|one| one.lost)));
        aims.push(none("messages given up", most(&|one| one.dead)));
        aims.push(none("not told to GuardDuty after a sweep", most(&|one| one.untold_after_sweep)));
    }
    for (what, sweep, each) in [
        ("peak memory, lists of any size", "  the same, sweep", 1),
        ("peak memory, four findings each", "  the same, sweep", MOST_FINDINGS),
    ] {
        let these = || growth.iter().filter(|one| one.size.1 == each);
        if let Some(peak) = these().map(|one| one.peak).max() {
            let swept = these().map(|one| one.peak_sweep).max().unwrap_or_default();
            aims.push(at_most(what, in_mb(peak), MOST_MEMORY, " MB"));
            aims.push(at_most(sweep, in_mb(swept), MOST_MEMORY, " MB"));
        }
    }
    aims
}

pub(super) fn throughput_json(one: &Throughput) -> Value {
    let all = |action: &str| one.count(action, |_| true);
    json!({
        "latency_ms": in_ms(one.latency),
        "findings_per_second": per_second(one),
        "batches": one.batches.len(),
        "batch_p50_ms": in_ms(percentile(one.batches.iter().copied(), 50)),
        "batch_p99_ms": in_ms(percentile(one.batches.iter().copied(), 99)),
        "list_written": writes(one),
        "list_beaten": all("PutObject kintsugi.json") - writes(one),
        "text_written": one.count("PutObject kintsugi.txt", |status| status == 200),
        "updates": all("Update threat"),
        "updates_refused": one.count("Update threat", |status| status != 200),
        "table_writes_per_finding": part(table_writes(one), findings()),
        "calls_per_finding": part(one.calls.len(), findings()),
        "cpu_per_finding_ms": in_ms(one.cpu) / number(findings()),
        "given_back": one.again,
        "given_up": one.dead,
        "lost": one.lost,
        "untold": one.untold,
        "untold_after_sweep": one.untold_after_sweep,
        "peak_memory": one.peak_memory,
    })
}

pub(super) fn growth_json(all: &[Grown]) -> Vec<Value> {
    let of_size = |size: (usize, usize)| {
        let ms = |of: &dyn Fn(&Grown) -> Duration| in_ms(median(all, size, of));
        json!({
            "size": size.0,
            "findings_each": size.1,
            "bytes": median(all, size, &|one| one.bytes),
            "cold_ms": ms(&|one| one.cold.took),
            "busy_ms": ms(&|one| middle(&one.busy).took),
            "told_ms": ms(&|one| middle(&one.told).took),
            "cpu_ms": ms(&|one| one.cpu),
            "read_cold": median(all, size, &|one| one.cold.read),
            "written_busy": median(all, size, &|one| middle(&one.busy).written),
            "written_told": median(all, size, &|one| middle(&one.told).written),
            "peak_cold": median(all, size, &|one| one.peak_cold),
            "peak": median(all, size, &|one| one.peak),
            "sweep_ms": ms(&|one| one.sweep.took),
            "peak_sweep": median(all, size, &|one| one.peak_sweep),
        })
    };
    sizes(all).into_iter().map(of_size).collect()
}

fn per_second(one: &Throughput) -> f64 {
    number(findings()) / one.took.as_secs_f64()
}

fn findings() -> usize {
    usize::try_from(FINDINGS).unwrap_or(usize::MAX)
}

fn writes(one: &Throughput) -> usize {
    one.count("PutObject kintsugi.json", |status| status == 200)
}

fn table_writes(one: &Throughput) -> usize {
    one.count("PutItem", |_| true) + one.count("UpdateItem", |_| true)
}

fn sizes(all: &[Grown]) -> Vec<(usize, usize)> {
    let mut sizes: Vec<(usize, usize)> = all.iter().map(|one| one.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

fn median<T: Ord + Copy + Default>(
    all: &[Grown],
    size: (usize, usize),
    of: &dyn Fn(&Grown) -> T,
) -> T {
    percentile(all.iter().filter(|one| one.size == size).map(of), 50)
}

/// The median of each by itself.
fn middle(costs: &[Cost]) -> Cost {
    Cost {
        took: percentile(costs.iter().map(|cost| cost.took), 50),
        read: percentile(costs.iter().map(|cost| cost.read), 50),
        written: percentile(costs.iter().map(|cost| cost.written), 50),
    }
}

fn share(of: usize, all: usize) -> String {
    format!("{:.2}", part(of, all))
}

fn part(of: usize, all: usize) -> f64 {
    number(of) / number(all.max(1))
}

/// None here is near the largest.
fn number(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}

fn none(what: &'static str, reached: usize) -> Aim {
    Aim { what, limit: "0".into(), reached: reached.to_string(), met: reached == 0 }
}
