//! A program that runs: started with the environment of a deployed function, handed events, stopped.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::Pid;

use crate::events::{ACCOUNT, REGION};
use crate::program::Program;
use crate::runtime_api::{Call, Kind, RuntimeApi};
use crate::stub::Stub;
use crate::{Failure, threats};

const PATIENCE: Duration = Duration::from_mins(1);

/// What is started, and against what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) program: &'a Program,
    pub(crate) stub: &'a Stub,
    /// In the environment, beside what every function has.
    pub(crate) more: &'a [(&'a str, String)],
    pub(crate) log: &'a Path,
}

#[derive(Debug)]
pub(crate) struct Process<'a> {
    setting: Setting<'a>,
    api: &'a mut RuntimeApi,
    child: Child,
    /// The function waits here for its next event.
    next: Option<Call>,
}

/// An event that was handled.
#[derive(Debug)]
pub(crate) struct Handled {
    pub(crate) sent: Instant,
    pub(crate) took: Duration,
    pub(crate) answer: Vec<u8>,
}

impl Drop for Process<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl<'a> Process<'a> {
    /// Starts it and waits until it asks for an event; answers how long that took, too.
    pub(crate) fn start(
        setting: Setting<'a>,
        api: &'a mut RuntimeApi,
    ) -> Result<(Self, Duration), Failure> {
        api.clear();
        let mut command = command(&setting, api.at)?;
        let began = Instant::now();
        let child = command.spawn().map_err(Failure::io("start the program"))?;
        let mut process = Self { setting, api, child, next: None };
        let next = process.wait(Kind::Next)?;
        let init = next.at().duration_since(began);
        process.next = Some(next);
        Ok((process, init))
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// Hands over an event and waits for the answer; `look` is called when it is there, before the function is let
    /// go on.
    pub(crate) fn handle(
        &mut self,
        number: u64,
        event: &[u8],
        mut look: impl FnMut(),
    ) -> Result<Handled, Failure> {
        let Some(next) = self.next.take() else { return Err(self.failed("asked for no event")) };
        let sent = next
            .invoke(number, event)
            .map_err(|error| self.failed(&format!("closed its connection: {error}")))?;
        let response = self.wait(Kind::Response)?;
        let took = response.at().duration_since(sent);
        let answer = response.body().to_vec();
        look();
        response.accepted().map_err(|error| self.failed(&format!("left: {error}")))?;
        self.next = Some(self.wait(Kind::Next)?);
        Ok(Handled { sent, took, answer })
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

    pub(crate) fn failed(&self, what: &str) -> Failure {
        let log = fs::read(self.setting.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let tail: Vec<&str> = log.lines().rev().take(20).collect();
        let tail: Vec<&str> = tail.into_iter().rev().collect();
        let calls = self.setting.stub.take().0.into_iter().rev().take(50);
        let calls: Vec<_> = calls.map(|call| format!("{} {}", call.action, call.status)).collect();
        Failure::Function(format!(
            "{} {what}\nits last calls, the newest first: {}\nits log:\n{}",
            self.setting.program.name,
            calls.join(", "),
            tail.join("\n")
        ))
    }
}

/// The environment of a deployed function, and nothing of ours.
fn command(setting: &Setting<'_>, at: SocketAddr) -> Result<Command, Failure> {
    let Setting { program, stub, more, log } = setting;
    let log = File::create(log).map_err(Failure::io("make the log of the program"))?;
    let errors = log.try_clone().map_err(Failure::io("share the log of the program"))?;
    let mut command = Command::new(&program.path);
    command
        .args(program.arguments)
        .current_dir(&program.directory)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .env_clear()
        .envs(LAMBDA)
        .envs(SETTINGS)
        .envs(stub.environment.iter().map(|(name, value)| (name, value)))
        .env("AWS_LAMBDA_RUNTIME_API", at.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", format!("kintsugi-{}", program.name))
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("LAMBDA_TASK_ROOT", &program.directory)
        .env("TOPIC_ARN", format!("arn:aws:sns:{REGION}:{ACCOUNT}:kintsugi"))
        .envs(more.iter().map(|(name, value)| (name, value)));
    Ok(command)
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

/// The stack's defaults, but for the cap.
const SETTINGS: [(&str, &str); 19] = [
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MODE", "enforce"),
    ("SCOPE_TAG_KEY", "AutoRemediate"),
    ("SCOPE_TAG_VALUE", "True"),
    ("OPT_OUT_TAG_KEY", "DoNotRemediate"),
    ("EXEMPT_TAG_KEY", "KintsugiExemptUntil"),
    // More than are measured.
    ("MAX_REPAIRS_PER_HOUR", "1000000"),
    ("RECORD_DAYS", "400"),
    ("UPDATE_FINDINGS", "true"),
    ("WIDE_RULE", "remove"),
    ("AUTHORIZED_TCP_PORTS", "80,443"),
    ("RESTRICTED_PORTS", "20,21,3306,3389,4333"),
    ("TABLE_NAME", "kintsugi"),
    ("OWN_ROLES", "kintsugi-ec2"),
    ("THREAT_LIST_BUCKET", threats::BUCKET),
    ("THREAT_LIST_NAME", threats::NAME),
    ("LIST_FROM_SEVERITY", "LOW"),
    ("LIST_DAYS", "30"),
    ("STACK_NAME", "kintsugi"),
];
