//! What Linux tells about a running process.

use std::time::Duration;

use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;

use crate::Failure;

/// Processor time that all its threads, past and present, have used.
pub(crate) fn cpu(pid: Pid) -> Result<Duration, Failure> {
    clock_getcpuclockid(pid)
        .and_then(nix::time::ClockId::now)
        .map(Duration::from)
        .map_err(|error| Failure::Machine(format!("reading the CPU time of {pid}: {error}")))
}

/// Resident memory and its peak, in bytes.
pub(crate) fn memory(pid: Pid) -> Result<(u64, u64), Failure> {
    let path = format!("/proc/{pid}/status");
    let status = std::fs::read(&path)
        .map_err(|error| Failure::Machine(format!("reading {path}: {error}")))?;
    let status = String::from_utf8_lossy(&status);
    Ok((kilobytes(&status, "VmRSS:") * 1024, kilobytes(&status, "VmHWM:") * 1024))
}

fn kilobytes(status: &str, name: &str) -> u64 {
    status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
