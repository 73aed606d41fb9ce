//! The share of a core that Lambda gives: one for 1,769 MB, so 7 % for 128 MB, in periods of 20 ms.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::args::QuotaChoice;
use crate::{Failure, proc};

const PERIOD: Duration = Duration::from_millis(20);
const MEMORY_OF_A_CORE: u32 = 1769;

/// How the share is imposed on this machine.
#[derive(Debug)]
pub(crate) enum Quota {
    CgroupV2(Group),
    CgroupV1(Group),
    Signals,
}

/// A control group of our own; it goes when the run ends.
#[derive(Debug)]
pub(crate) struct Group(PathBuf);

impl Drop for Group {
    fn drop(&mut self) {
        // Nothing can be done about one that stays, and it harms nobody: it is empty.
        let _ = fs::remove_dir(&self.0);
    }
}

/// A process under the quota, as long as this lives.
#[derive(Debug)]
pub(crate) enum Throttled {
    ByKernel,
    BySignals { stop: Arc<AtomicBool>, thread: Option<JoinHandle<()>> },
}

impl Drop for Throttled {
    fn drop(&mut self) {
        if let Self::BySignals { stop, thread } = self {
            stop.store(true, Ordering::Relaxed);
            let _ = thread.take().map(JoinHandle::join);
        }
    }
}

impl Quota {
    /// What this machine allows, or `None` where small functions are to be left out.
    pub(crate) fn detect(choice: QuotaChoice) -> Option<Self> {
        let cgroup = || {
            let v2 = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
            let v1 = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"];
            None.or_else(|| v2.iter().find_map(|at| group(at, "cpu.max")).map(Self::CgroupV2))
                .or_else(|| {
                    v1.iter().find_map(|at| group(at, "cpu.cfs_quota_us")).map(Self::CgroupV1)
                })
        };
        match choice {
            QuotaChoice::Auto => cgroup().or(Some(Self::Signals)),
            QuotaChoice::Cgroup => cgroup(),
            QuotaChoice::Signals => Some(Self::Signals),
            QuotaChoice::None => None,
        }
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::CgroupV2(_) => "cgroup v2 (cpu.max)",
            Self::CgroupV1(_) => "cgroup v1 (cpu.cfs_quota_us)",
            Self::Signals => "SIGSTOP and SIGCONT, by CPU time used",
        }
    }

    /// From now on the process gets what a function of this memory size gets.
    pub(crate) fn apply(&self, pid: Pid, memory: u32) -> Result<Throttled, Failure> {
        let quota = share(memory);
        let (micros, period) = (quota.as_micros(), PERIOD.as_micros());
        match self {
            Self::CgroupV2(group) => {
                group.write("cpu.max", &format!("{micros} {period}"))?;
                group.write("cgroup.procs", &pid.to_string())?;
                Ok(Throttled::ByKernel)
            }
            Self::CgroupV1(group) => {
                group.write("cpu.cfs_period_us", &period.to_string())?;
                group.write("cpu.cfs_quota_us", &micros.to_string())?;
                group.write("cgroup.procs", &pid.to_string())?;
                Ok(Throttled::ByKernel)
            }
            Self::Signals => {
                let stop = Arc::new(AtomicBool::new(false));
                let told = Arc::clone(&stop);
                let thread = thread::spawn(move || duty_cycle(pid, quota, &told));
                Ok(Throttled::BySignals { stop, thread: Some(thread) })
            }
        }
    }
}

impl Group {
    fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let path = self.0.join(file);
        fs::write(&path, text).map_err(|error| {
            Failure::Machine(format!("writing {text} to {}: {error}", path.display()))
        })
    }
}

fn share(memory: u32) -> Duration {
    PERIOD * memory / MEMORY_OF_A_CORE
}

/// A new group below `parent`, if that may be made and knows the limit.
fn group(parent: &str, limit: &str) -> Option<Group> {
    let path = Path::new(parent).join(format!("kintsugi-bench-{}", std::process::id()));
    fs::create_dir(&path).ok()?;
    let group = Group(path);
    (group.0.join(limit).exists() && group.0.join("cgroup.procs").exists()).then_some(group)
}

/// Stops the process for the rest of each period in which it has used its share. What it took too much is taken back,
/// what it left does not add up.
fn duty_cycle(pid: Pid, quota: Duration, stop: &AtomicBool) {
    let mut allowed = proc::cpu(pid).unwrap_or_default();
    let mut stopped = false;
    while !stop.load(Ordering::Relaxed) {
        let (began, Ok(used)) = (Instant::now(), proc::cpu(pid)) else { break };
        allowed = allowed.min(used) + quota;
        if stopped && used < allowed {
            stopped = kill(pid, Signal::SIGCONT).is_err();
        }
        while began.elapsed() < PERIOD && !stop.load(Ordering::Relaxed) {
            if !stopped && proc::cpu(pid).is_ok_and(|used| used >= allowed) {
                stopped = kill(pid, Signal::SIGSTOP).is_ok();
            }
            thread::sleep(Duration::from_micros(200));
        }
    }
    let _ = kill(pid, Signal::SIGCONT);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_a_core_as_lambda_does() {
        assert_eq!(share(128).as_micros(), 1447);
        assert_eq!(share(1769), PERIOD);
    }
}
