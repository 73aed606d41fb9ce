//! Many findings at once: two processes take batches from one queue, as Lambda does with a concurrency of two.

use std::collections::{BTreeSet, VecDeque};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use catalog::guardduty::{Kind, Name, Truth};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::events::{attacker, message_id, now, record, threat};
use crate::process::{Process, Setting};
use crate::program::{Program, Work};
use crate::runtime_api::RuntimeApi;
use crate::stub::{Seen, Stub};
use crate::{Failure, events, proc, threats};

pub(crate) const PROCESSES: usize = 2;
pub(crate) const FINDINGS: u64 = 10_000;
pub(crate) const ATTACKERS: u64 = 3_000;
pub(crate) const BATCH: usize = 100;
/// How long GuardDuty takes to read a list.
pub(crate) const ACTIVATION: Duration = Duration::from_secs(3);
/// How often a message is handed out at most, as in the stack.
const TRIES: u32 = 5;

/// What was measured.
#[derive(Debug)]
pub(crate) struct Throughput {
    pub(crate) latency: Duration,
    pub(crate) took: Duration,
    /// Of each batch.
    pub(crate) batches: Vec<Duration>,
    /// Messages that were given back, and those given back too often.
    pub(crate) again: usize,
    pub(crate) dead: usize,
    pub(crate) calls: Vec<Seen>,
    /// Of the attackers, how many are not on the list in the end.
    pub(crate) lost: usize,
    pub(crate) listed: usize,
    /// What GuardDuty has read lacks this many of the list: at the end, and after a sweep.
    pub(crate) untold: usize,
    pub(crate) untold_after_sweep: usize,
    pub(crate) cpu: Duration,
    pub(crate) peak_memory: u64,
}

impl Throughput {
    /// How many calls began so and were answered so.
    pub(crate) fn count(&self, action: &str, is: impl Fn(u16) -> bool) -> usize {
        self.calls.iter().filter(|call| call.action.starts_with(action) && is(call.status)).count()
    }
}

#[derive(Debug)]
struct Message {
    number: u64,
    body: String,
    receives: u32,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Message>,
    /// Batches that are handed out.
    out: usize,
    again: usize,
    dead: usize,
}

/// Feeds all findings to two processes of `guardduty`, every call taking `latency`.
pub(crate) fn measure(
    programs: &[Program],
    stub: &Stub,
    latency: Duration,
    scratch: &Path,
) -> Result<Throughput, Failure> {
    let find = |work| programs.iter().find(|program| program.work == work);
    let (Some(lists), Some(sweeps)) = (find(Work::Lists), find(Work::Sweeps)) else {
        return Err(Failure::Setup("no guardduty or no sweep to measure".into()));
    };
    threats::fill(&mut stub.estate(), Kind::IntelSet, &Truth::default(), ACTIVATION);
    stub.set_latency(latency);
    let queue = Mutex::new(Queue { waiting: messages(), ..Queue::default() });
    let more = [("THREAT_LIST_KIND", Kind::IntelSet.to_string())];
    let logs: Vec<_> = (0..PROCESSES).map(|nth| scratch.join(format!("log{nth}"))).collect();
    let mut apis = (0..PROCESSES).map(|_| RuntimeApi::start()).collect::<Result<Vec<_>, _>>()?;
    let processes = logs.iter().zip(&mut apis).map(|(log, api)| {
        Process::start(Setting { program: lists, stub, more: &more, log }, api)
            .map(|(process, _)| process)
    });
    let mut processes = processes.collect::<Result<Vec<_>, _>>()?;
    stub.take();

    let began = Instant::now();
    let done = thread::scope(|scope| {
        let workers: Vec<_> =
            processes.iter_mut().map(|process| scope.spawn(|| work(process, &queue))).collect();
        let ended = workers.into_iter().map(|worker| {
            worker.join().unwrap_or_else(|_| Err(Failure::Setup("a worker panicked".into())))
        });
        ended.collect::<Result<Vec<_>, _>>()
    });
    let took = began.elapsed();
    let batches: Vec<Duration> = done?.into_iter().flatten().collect();
    let (calls, _) = stub.take();
    let mut cpu = Duration::ZERO;
    let mut peak_memory = 0;
    for process in &processes {
        cpu += proc::cpu(process.pid())?;
        peak_memory = proc::memory(process.pid())?.1.max(peak_memory);
    }
    drop(processes);

    let untold = untold(stub)?;
    // The schedule comes when GuardDuty is no longer busy.
    thread::sleep(ACTIVATION);
    stub.set_latency(Duration::ZERO);
    let log = &scratch.join("log");
    let setting = Setting { program: sweeps, stub, more: &more, log };
    let (mut sweep, _) = Process::start(setting, apis.first_mut().ok_or_else(none)?)?;
    let event = events::event(Work::Sweeps, events::Shape::Bare, 1).to_string();
    sweep.handle(1, event.as_bytes(), || {})?;
    let untold_after_sweep = self::untold(stub)?;

    let truth = threats::truth(&stub.estate()).map_err(Failure::Function)?;
    let is_lost = |nth: &u64| truth.roll.get(&Name::address(attacker(*nth))).is_none();
    let Queue { again, dead, .. } = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Throughput {
        latency,
        took,
        batches,
        again,
        dead,
        calls,
        lost: (0..ATTACKERS).filter(is_lost).count(),
        listed: truth.roll.len(),
        untold,
        untold_after_sweep,
        cpu,
        peak_memory,
    })
}

fn none() -> Failure {
    Failure::Setup("no process was started".into())
}

/// Every finding is of its own; attackers come again and again, in no order that a batch could know.
fn messages() -> VecDeque<Message> {
    let first = now() - TimeDelta::hours(1);
    (0..FINDINGS)
        .map(|number| {
            let whose: Ipv4Addr = attacker(number * 7919 % ATTACKERS);
            let seen =
                first + TimeDelta::milliseconds(i64::try_from(number).unwrap_or_default() * 300);
            Message { number, body: threat(number, whose, seen).to_string(), receives: 0 }
        })
        .collect()
}

/// Takes batches until none is left and none can come back.
fn work(process: &mut Process<'_>, queue: &Mutex<Queue>) -> Result<Vec<Duration>, Failure> {
    let mut took = Vec::new();
    loop {
        let mut batch = {
            let mut queue = lock(queue);
            let most = queue.waiting.len().min(BATCH);
            let batch: Vec<Message> = queue.waiting.drain(..most).collect();
            queue.out += usize::from(!batch.is_empty());
            if batch.is_empty() && queue.out == 0 {
                return Ok(took);
            }
            batch
        };
        if batch.is_empty() {
            thread::sleep(Duration::from_millis(5));
            continue;
        }
        let records: Vec<Value> = batch
            .iter_mut()
            .map(|message| {
                message.receives += 1;
                record(message.number, &message.body, message.receives)
            })
            .collect();
        let number = batch.first().map_or(0, |message| message.number);
        let event = json!({ "Records": records }).to_string();
        let handled = process.handle(number + 1, event.as_bytes(), || {});
        let mut queue = lock(queue);
        queue.out -= 1;
        let handled = handled?;
        took.push(handled.took);
        let again = given_back(&handled.answer);
        for message in batch.into_iter().filter(|m| again.contains(&message_id(m.number))) {
            queue.again += 1;
            match message.receives < TRIES {
                true => queue.waiting.push_back(message),
                false => queue.dead += 1,
            }
        }
    }
}

fn given_back(answer: &[u8]) -> BTreeSet<String> {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let items = answer["batchItemFailures"].as_array().into_iter().flatten();
    items.filter_map(|item| item["itemIdentifier"].as_str().map(str::to_owned)).collect()
}

/// How many of the list's lines GuardDuty has not read.
fn untold(stub: &Stub) -> Result<usize, Failure> {
    let estate = stub.estate();
    let truth = threats::truth(&estate).map_err(Failure::Function)?;
    let read = estate.lists.read();
    let read = String::from_utf8_lossy(&read);
    let read: BTreeSet<&str> = read.lines().collect();
    let text = threats::text(&truth, Kind::IntelSet);
    Ok(text.lines().filter(|line| !read.contains(line)).count())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attacker_has_findings_and_every_finding_an_id() {
        let messages = messages();
        let address = |message: &Message| {
            let event: Value = serde_json::from_str(&message.body).unwrap();
            let remote =
                "/detail/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4";
            event.pointer(remote).unwrap().as_str().unwrap().to_owned()
        };
        let addresses: BTreeSet<String> = messages.iter().map(address).collect();
        assert_eq!((messages.len() as u64, addresses.len() as u64), (FINDINGS, ATTACKERS));
    }

    #[test]
    fn what_is_given_back_is_read_from_the_answer() {
        let answer = br#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}"#;
        assert_eq!(given_back(answer), BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert!(given_back(b"null").is_empty());
    }
}
