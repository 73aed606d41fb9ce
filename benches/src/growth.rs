//! What one more attacker costs, on lists of many sizes.

use std::path::Path;
use std::time::Duration;

use catalog::guardduty::Kind;

use crate::events::{Shape, event};
use crate::process::{Process, Setting};
use crate::program::{Program, Work};
use crate::runtime_api::RuntimeApi;
use crate::stub::{Seen, Stub};
use crate::{Failure, proc, threats};

/// How many are on the list, and by how many findings each of them is known. 250,000 is full.
pub(crate) const SIZES: [(usize, usize); 7] = [
    (100, 1),
    (1_000, 1),
    (10_000, 1),
    (100_000, 1),
    (249_900, 1),
    (250_000, 1),
    (20_000, MOST_FINDINGS),
];
pub(crate) const FEW_SIZES: [(usize, usize); 3] = [(100, 1), (10_000, 1), (250_000, 1)];
/// As many as are kept, on lists of up to 20,000; on larger ones it is the newest.
pub(crate) const MOST_FINDINGS: usize = 4;
/// Warm events while GuardDuty reads the list, and as many while it does not.
const WARM: usize = 4;
/// Longer than anything that is measured.
const FOR_GOOD: Duration = Duration::from_hours(1);

/// One start on a list of one size.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(crate) size: (usize, usize),
    /// Bytes of the truth.
    pub(crate) bytes: usize,
    /// The first event of the process; GuardDuty is told.
    pub(crate) cold: Cost,
    /// Later ones while GuardDuty is busy: only the truth is written.
    pub(crate) busy: Vec<Cost>,
    /// Later ones while it is not: it is told each time.
    pub(crate) told: Vec<Cost>,
    pub(crate) cpu: Duration,
    /// After the first event, and after all.
    pub(crate) peak_cold: u64,
    pub(crate) peak: u64,
    /// Of an idle sweep: the first event, and the most memory.
    pub(crate) sweep: Cost,
    pub(crate) peak_sweep: u64,
}

/// What one event took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) took: Duration,
    /// Bytes from and to S3.
    pub(crate) read: usize,
    pub(crate) written: usize,
}

/// One start of `guardduty`, and one of `sweep`, on a list of `size`.
pub(crate) fn measure(
    programs: &[Program],
    stub: &Stub,
    api: &mut RuntimeApi,
    size: (usize, usize),
    scratch: &Path,
    numbers: &mut u64,
) -> Result<Grown, Failure> {
    let find = |work| programs.iter().find(|program| program.work == work);
    let (Some(lists), Some(sweeps)) = (find(Work::Lists), find(Work::Sweeps)) else {
        return Err(Failure::Setup("no guardduty or no sweep to measure".into()));
    };
    let truth = threats::list(size.0, size.1);
    let bytes = truth.write().len();
    threats::fill(&mut stub.estate(), Kind::IntelSet, &truth, Duration::ZERO);
    drop(truth);
    stub.set_latency(Duration::ZERO);
    let more = [("THREAT_LIST_KIND", Kind::IntelSet.to_string())];
    let log = &scratch.join("log");
    let setting = |program| Setting { program, stub, more: &more, log };

    let (mut process, _) = Process::start(setting(lists), api)?;
    let cold = cost(&mut process, stub, Work::Lists, numbers)?;
    let (_, peak_cold) = proc::memory(process.pid())?;
    let before = proc::cpu(process.pid())?;
    let mut warm = |busy: Duration| {
        (0..WARM)
            .map(|_| {
                stub.estate().lists.make_busy(busy);
                cost(&mut process, stub, Work::Lists, numbers)
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let busy = warm(FOR_GOOD)?;
    let told = warm(Duration::ZERO)?;
    let used = proc::cpu(process.pid())?.saturating_sub(before);
    let (_, peak) = proc::memory(process.pid())?;
    drop(process);

    let (mut process, _) = Process::start(setting(sweeps), api)?;
    let sweep = cost(&mut process, stub, Work::Sweeps, numbers)?;
    let (_, peak_sweep) = proc::memory(process.pid())?;
    let cpu = used / u32::try_from(2 * WARM).unwrap_or(1);
    Ok(Grown { size, bytes, cold, busy, told, cpu, peak_cold, peak, sweep, peak_sweep })
}

fn cost(
    process: &mut Process<'_>,
    stub: &Stub,
    work: Work,
    numbers: &mut u64,
) -> Result<Cost, Failure> {
    *numbers += 1;
    let event = event(work, Shape::Sqs, *numbers).to_string();
    stub.take();
    let mut calls = Vec::new();
    let handled = process.handle(*numbers, event.as_bytes(), || calls = stub.take().0)?;
    let answer = String::from_utf8_lossy(&handled.answer);
    if work == Work::Lists && answer != r#"{"batchItemFailures":[]}"# {
        return Err(process.failed(&format!("was to list an attacker and said {answer}")));
    }
    let sum = |of: fn(&Seen) -> usize, action: &str| {
        calls.iter().filter(|call| call.action.starts_with(action)).map(of).sum()
    };
    Ok(Cost {
        took: handled.took,
        read: sum(|call| call.back, "GetObject"),
        written: sum(|call| call.to, "PutObject"),
    })
}
