//! One start of one program: exec, init, a first invocation, warm ones; what each was to do is checked.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::aws::State;
use crate::events::{Shape, attacker, event};
use crate::process::{Handled, Process, Setting};
use crate::program::{Program, Work};
use crate::quota::{Quota, Throttled};
use crate::runtime_api::RuntimeApi;
use crate::stub::{Seen, Stub};
use crate::{Failure, proc, threats};

/// Under a quota invocations are this far apart, as on Lambda, so that one does not pay for the last.
const PAUSE: Duration = Duration::from_millis(25);
/// How many are on the threat list that a start finds.
const LISTED: usize = 100;

/// What is started, and against what.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) program: &'a Program,
    pub(crate) stub: &'a Stub,
    pub(crate) shape: Shape,
    pub(crate) warm: usize,
    /// Policies that were pushed.
    pub(crate) pushed: Option<&'a str>,
    /// Whether connections are to be opened during init.
    pub(crate) warm_up: bool,
    /// After init, which runs at full speed on Lambda too.
    pub(crate) throttle: Option<(&'a Quota, u32)>,
    pub(crate) log: &'a Path,
}

/// What one start showed.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) init: Duration,
    pub(crate) cpu_in_init: Duration,
    pub(crate) opened_in_init: usize,
    pub(crate) calls_in_init: usize,
    pub(crate) memory_after_init: u64,
    pub(crate) first: Invocation,
    pub(crate) cpu_of_first: Duration,
    pub(crate) warm: Vec<Invocation>,
    pub(crate) cpu_per_warm: Duration,
    pub(crate) peak_memory: u64,
}

#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) sent: Instant,
    pub(crate) took: Duration,
    pub(crate) calls: Vec<Seen>,
    pub(crate) opened: usize,
}

impl Invocation {
    /// The time in which no call was with AWS.
    pub(crate) fn own(&self) -> Duration {
        self.took.saturating_sub(self.waited())
    }

    /// How many of the calls waited for one another: the most that do not overlap.
    pub(crate) fn round_trips(&self) -> usize {
        let mut calls: Vec<_> = self.calls.iter().map(|call| (call.until, call.from)).collect();
        calls.sort();
        let (mut trips, mut ended) = (0, self.sent);
        for (until, from) in calls {
            if from >= ended {
                (trips, ended) = (trips + 1, until);
            }
        }
        trips
    }

    /// The time in which at least one call was with AWS.
    fn waited(&self) -> Duration {
        let mut calls: Vec<_> = self.calls.iter().map(|call| (call.from, call.until)).collect();
        calls.sort();
        let (mut waited, mut reached) = (Duration::ZERO, self.sent);
        for (from, until) in calls {
            waited += until.saturating_duration_since(from.max(reached));
            reached = reached.max(until);
        }
        waited
    }
}

/// Starts the program, invokes it, and stops it.
pub(crate) fn start<'a>(
    job: &'a Job<'a>,
    api: &'a mut RuntimeApi,
    numbers: &mut u64,
) -> Result<Start, Failure> {
    if matches!(job.program.work, Work::Lists | Work::Sweeps) {
        let kind = catalog::guardduty::Kind::EntitySet;
        threats::fill(&mut job.stub.estate(), kind, &threats::list(LISTED, 1), Duration::ZERO);
    }
    job.stub.estate().push(job.pushed);
    job.stub.take();
    let memory = job.throttle.map_or(256, |(_, memory)| memory).to_string();
    let more = [("WARM_UP", job.warm_up.to_string()), ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory)];
    let Job { program, stub, log, .. } = *job;
    let (process, init) = Process::start(Setting { program, stub, more: &more, log }, api)?;
    let mut running = Running { throttled: None, job, process };
    let cpu_in_init = proc::cpu(running.process.pid())?;
    let (memory_after_init, _) = proc::memory(running.process.pid())?;
    let (calls, opened_in_init) = job.stub.take();
    if let Some((quota, memory)) = job.throttle {
        running.throttled = Some(quota.apply(running.process.pid(), memory)?);
    }

    let first = running.invoke(numbers)?;
    let before = proc::cpu(running.process.pid())?;
    let warm = (0..job.warm).map(|_| running.invoke(numbers)).collect::<Result<Vec<_>, _>>()?;
    let used = proc::cpu(running.process.pid())?.saturating_sub(before);
    let (_, peak_memory) = proc::memory(running.process.pid())?;
    Ok(Start {
        init,
        cpu_in_init,
        opened_in_init,
        calls_in_init: calls.len(),
        memory_after_init,
        first,
        cpu_of_first: before.saturating_sub(cpu_in_init),
        warm,
        cpu_per_warm: used / u32::try_from(job.warm).unwrap_or(1).max(1),
        peak_memory,
    })
}

struct Running<'a> {
    // Goes before the child does: its id could be another's then.
    throttled: Option<Throttled>,
    job: &'a Job<'a>,
    process: Process<'a>,
}

impl Running<'_> {
    fn invoke(&mut self, numbers: &mut u64) -> Result<Invocation, Failure> {
        *numbers += 1;
        let event = event(self.job.program.work, self.job.shape, *numbers).to_string();
        if self.throttled.is_some() {
            thread::sleep(PAUSE);
        }
        let mut seen = (Vec::new(), 0);
        let stub = self.job.stub;
        let Handled { sent, took, answer } =
            self.process.handle(*numbers, event.as_bytes(), || seen = stub.take())?;
        self.check(*numbers, &answer)?;
        Ok(Invocation { sent, took, calls: seen.0, opened: seen.1 })
    }

    fn check(&self, number: u64, response: &[u8]) -> Result<(), Failure> {
        let answer: Value = serde_json::from_slice(response).unwrap_or_default();
        let failures = answer["batchItemFailures"].as_array().map_or(0, Vec::len);
        let wrong = match self.job.program.work {
            Work::Nothing => return Ok(()),
            Work::Idles if failures == 0 => return Ok(()),
            _ if failures > 0 => "gave the message back as failed",
            Work::Closes => match self.job.stub.estate().state(number) {
                State::Open => "left the group open",
                State::TooMuch => "revoked a rule that has to stay",
                State::Closed => return Ok(()),
            },
            Work::Lists if threats::is_listed(&self.job.stub.estate(), attacker(number)) => {
                return Ok(());
            }
            Work::Lists => "did not list the attacker",
            Work::Sweeps if threats::is_told(&self.job.stub.estate()) => return Ok(()),
            Work::Sweeps => "did not let GuardDuty read the list",
            Work::Idles => "failed",
        };
        let answer = String::from_utf8_lossy(response);
        Err(self.process.failed(&format!("{wrong}; it answered {answer}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_overlap_are_waited_for_once() {
        let sent = Instant::now();
        let at = |ms| sent + Duration::from_millis(ms);
        let seen = |from, until| Seen {
            action: String::new(),
            status: 200,
            to: 0,
            back: 0,
            from: at(from),
            until: at(until),
        };
        let calls = vec![seen(30, 40), seen(1, 5), seen(2, 4), seen(4, 8)];
        let invocation = Invocation { sent, took: Duration::from_millis(42), calls, opened: 0 };
        assert_eq!(invocation.waited(), Duration::from_millis(17));
        assert_eq!(invocation.own(), Duration::from_millis(25));
        assert_eq!(invocation.round_trips(), 3);
    }
}
