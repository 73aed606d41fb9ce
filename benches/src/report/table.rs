//! The table of starts.

use std::fmt::Write;

use super::{first, megabytes, millis, name, took};
use crate::harness::Invocation;
use crate::measure::Row;

/// A line for each row, and what the columns mean.
pub(super) fn write(text: &mut String, rows: &[Row]) {
    let _ = writeln!(
        text,
        "{:<30}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}  {:<9}{:<11}{:>6}",
        "",
        "init",
        "first",
        "warm",
        "p99",
        "own",
        "CPU",
        "memory",
        "peak",
        "calls",
        "connections",
        "zip"
    );
    let _ = writeln!(
        text,
        "{:<30}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}  {:<9}{:<11}{:>6}",
        "", "ms", "ms", "ms", "ms", "ms", "ms", "MB", "MB", "a repair", "in init +", "MB"
    );
    for row in rows {
        let zip = row.zip.map_or_else(|| "-".to_owned(), megabytes);
        let connections = format!(
            "{} + {}",
            row.median(|start| start.opened_in_init),
            row.median(|start| start.first.opened)
        );
        let _ = writeln!(
            text,
            "{:<30}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}  {:<9}{:<11}{:>6}",
            name(&row.case),
            millis(row.median(|start| start.init)),
            millis(row.median(first)),
            millis(row.warm(took, 50)),
            millis(row.warm(took, 99)),
            millis(row.warm(Invocation::own, 50)),
            millis(row.median(|start| start.cpu_per_warm)),
            megabytes(row.median(|start| start.memory_after_init)),
            megabytes(row.median(|start| start.peak_memory)),
            row.warm(|invocation| invocation.calls.len(), 50),
            connections,
            zip,
        );
    }
    let _ = writeln!(
        text,
        "init: exec to the first /next. own: the part of a warm invocation in which no call is with AWS.\n\
         CPU: of a warm invocation. memory: resident after init. connections: opened in init + by the first invocation."
    );
}
