//! One start of one program: exec, init, a first invocation, warm ones; every repair is checked.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::unistd::Pid;
use serde_json::Value;

use crate::aws::State;
use crate::events::{ACCOUNT, REGION, Shape, event};
use crate::program::Program;
use crate::quota::{Quota, Throttled};
use crate::runtime_api::{Call, FUNCTION, Kind, RuntimeApi};
use crate::stub::{Seen, Stub};
use crate::{Failure, proc};

const PATIENCE: Duration = Duration::from_mins(1);
/// Under a quota invocations are this far apart, as on Lambda, so that one does not pay for the last.
const PAUSE: Duration = Duration::from_millis(25);

/// What is started, and against what.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) program: &'a Program,
    pub(crate) stub: &'a Stub,
    pub(crate) shape: Shape,
    pub(crate) warm: usize,
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
    pub(crate) opened_in_init: usize,
    pub(crate) calls_in_init: usize,
    pub(crate) memory_after_init: u64,
    pub(crate) first: Invocation,
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
pub(crate) fn start(job: &Job<'_>, api: &RuntimeApi, numbers: &mut u64) -> Result<Start, Failure> {
    api.clear();
    job.stub.take();
    let mut command = command(job, api)?;
    let began = Instant::now();
    let child = command.spawn().map_err(Failure::io("start the program"))?;
    let mut running = Running { job, api, child, next: None, throttled: None };

    let next = running.wait(Kind::Next)?;
    let init = next.at().duration_since(began);
    running.next = Some(next);
    let (memory_after_init, _) = proc::memory(running.pid())?;
    let (calls, opened_in_init) = job.stub.take();
    if let Some((quota, memory)) = job.throttle {
        running.throttled = Some(quota.apply(running.pid(), memory)?);
    }

    let first = running.invoke(numbers)?;
    let before = proc::cpu(running.pid())?;
    let warm = (0..job.warm).map(|_| running.invoke(numbers)).collect::<Result<Vec<_>, _>>()?;
    let used = proc::cpu(running.pid())?.saturating_sub(before);
    let (_, peak_memory) = proc::memory(running.pid())?;
    Ok(Start {
        init,
        opened_in_init,
        calls_in_init: calls.len(),
        memory_after_init,
        first,
        warm,
        cpu_per_warm: used / u32::try_from(job.warm).unwrap_or(1).max(1),
        peak_memory,
    })
}

struct Running<'a> {
    job: &'a Job<'a>,
    api: &'a RuntimeApi,
    child: Child,
    /// The function waits here for its next event.
    next: Option<Call>,
    throttled: Option<Throttled>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Before the child is gone: its id could be another's then.
        self.throttled = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running<'_> {
    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    fn invoke(&mut self, numbers: &mut u64) -> Result<Invocation, Failure> {
        let Some(next) = self.next.take() else { return Err(self.failed("asked for no event")) };
        *numbers += 1;
        let event = event(self.job.shape, *numbers).to_string();
        if self.throttled.is_some() {
            thread::sleep(PAUSE);
        }
        let sent = next
            .invoke(*numbers, event.as_bytes())
            .map_err(|error| self.failed(&format!("closed its connection: {error}")))?;
        let response = self.wait(Kind::Response)?;
        let took = response.at().duration_since(sent);
        self.check(*numbers, response.body())?;
        let (calls, opened) = self.job.stub.take();
        response.accepted().map_err(|error| self.failed(&format!("left: {error}")))?;
        self.next = Some(self.wait(Kind::Next)?);
        Ok(Invocation { sent, took, calls, opened })
    }

    /// The next call of the function, if it is of the kind it has to be.
    fn wait(&mut self, kind: Kind) -> Result<Call, Failure> {
        let began = Instant::now();
        loop {
            if let Some(call) = self.api.call(Duration::from_millis(100)) {
                return if call.kind() == kind {
                    Ok(call)
                } else {
                    Err(self.failed(&format!("was to ask for {kind:?} and said {}", call.text())))
                };
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.failed(&format!("ended with {status}")));
            }
            if began.elapsed() > PATIENCE {
                return Err(self.failed(&format!("said nothing for {PATIENCE:?}")));
            }
        }
    }

    fn check(&self, group: u64, response: &[u8]) -> Result<(), Failure> {
        if !self.job.program.repairs {
            return Ok(());
        }
        let answer: Value = serde_json::from_slice(response).unwrap_or_default();
        let failures = answer["batchItemFailures"].as_array().map_or(0, Vec::len);
        let wrong = match self.job.stub.state(group) {
            _ if failures > 0 => "gave the message back as failed",
            State::Open => "left the group open",
            State::TooMuch => "revoked a rule that has to stay",
            State::Closed => return Ok(()),
        };
        Err(self.failed(&format!("{wrong}; it answered {}", String::from_utf8_lossy(response))))
    }

    fn failed(&self, what: &str) -> Failure {
        let log = fs::read(self.job.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let tail: Vec<&str> = log.lines().rev().take(20).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        let calls: Vec<_> = self.job.stub.take().0.into_iter().map(|call| call.action).collect();
        Failure::Function(format!(
            "{} {what}\nits calls: {}\nits log:\n{}",
            self.job.program.name,
            calls.join(", "),
            tail.join("\n")
        ))
    }
}

/// The environment of a deployed function, and nothing of ours.
fn command(job: &Job<'_>, api: &RuntimeApi) -> Result<Command, Failure> {
    let log = File::create(job.log).map_err(Failure::io("make the log of the program"))?;
    let errors = log.try_clone().map_err(Failure::io("share the log of the program"))?;
    let mut command = Command::new(&job.program.path);
    command
        .args(job.program.arguments)
        .current_dir(&job.program.directory)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .env_clear()
        .envs(LAMBDA)
        .envs(SETTINGS)
        .envs(job.stub.environment.iter().map(|(name, value)| (name, value)))
        .env("AWS_LAMBDA_RUNTIME_API", api.at.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", FUNCTION)
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("WARM_UP", job.warm_up.to_string())
        .env("LAMBDA_TASK_ROOT", &job.program.directory)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory_size(job).to_string())
        .env("TOPIC_ARN", format!("arn:aws:sns:{REGION}:{ACCOUNT}:kintsugi"));
    Ok(command)
}

fn memory_size(job: &Job<'_>) -> u32 {
    job.throttle.map_or(256, |(_, memory)| memory)
}

const LAMBDA: [(&str, &str); 15] = [
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/kintsugi-ec2"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]00000000000000000000000000000000"),
    ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
    ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
    ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2VjEXAMPLETOKEN"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
    ("LANG", "en_US.UTF-8"),
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("TZ", ":UTC"),
    ("_HANDLER", "handler.handler"),
];

/// The stack's defaults.
const SETTINGS: [(&str, &str); 14] = [
    ("MODE", "enforce"),
    ("SCOPE_TAG_KEY", "AutoRemediate"),
    ("SCOPE_TAG_VALUE", "True"),
    ("OPT_OUT_TAG_KEY", "DoNotRemediate"),
    ("EXEMPT_TAG_KEY", "KintsugiExemptUntil"),
    ("MAX_REPAIRS_PER_HOUR", "50"),
    ("RECORD_DAYS", "400"),
    ("UPDATE_FINDINGS", "true"),
    ("WIDE_RULE", "remove"),
    ("AUTHORIZED_TCP_PORTS", "80,443"),
    ("RESTRICTED_PORTS", "20,21,3306,3389,4333"),
    ("TABLE_NAME", "kintsugi"),
    ("OWN_ROLES", "kintsugi-ec2"),
    ("STACK_NAME", "kintsugi"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_overlap_are_waited_for_once() {
        let sent = Instant::now();
        let at = |ms| sent + Duration::from_millis(ms);
        let seen = |from, until| Seen { action: String::new(), from: at(from), until: at(until) };
        let calls = vec![seen(30, 40), seen(1, 5), seen(2, 4), seen(4, 8)];
        let invocation = Invocation { sent, took: Duration::from_millis(42), calls, opened: 0 };
        assert_eq!(invocation.waited(), Duration::from_millis(17));
        assert_eq!(invocation.own(), Duration::from_millis(25));
        assert_eq!(invocation.round_trips(), 3);
    }
}
