//! Many findings at once, handled by many processes at once.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use futures_util::future::{try_join, try_join_all};
use serde_json::{Value, json};
use stage::{LIMIT, Queue, Record, Result, Stage, Trouble, events};

use super::play::{attack, of};
use crate::paint::{Paint, say};

/// How many findings, about how many addresses; one of so many comes by a call of the function.
const FINDINGS: u8 = 200;
const ADDRESSES: u8 = 60;
const EACH: u8 = 15;
/// How often the function is called again that asks for it.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(300);

/// What was sent, and what it cost.
#[derive(Debug)]
pub(crate) struct Burst {
    events: Vec<Value>,
    called: usize,
    took: Duration,
    calls: Calls,
}

/// How often the function called AWS, as the emulators counted.
#[derive(Debug, Clone, Copy)]
struct Calls {
    /// Objects written, or tried to.
    put: u64,
    /// Those of them that are what Kintsugi knows, not what GuardDuty reads.
    truth: u64,
    /// Lists made at GuardDuty.
    made: u64,
    /// Lists that GuardDuty was asked to read again.
    updated: u64,
}

/// What is going to be done.
pub(crate) fn headline() -> String {
    let called = FINDINGS.div_ceil(EACH);
    format!("{FINDINGS} findings at once, {called} of them by calls, a process each")
}

/// The address that a finding is about.
pub(crate) fn address(nth: u8) -> String {
    format!("203.0.113.{}", 100 + nth % ADDRESSES)
}

/// Sends all of them, some to the bus, some right to the function.
pub(crate) async fn send(stage: &Stage) -> Result<Burst> {
    // A fault that never comes counts the calls it would disturb.
    let never = json!({ "service": "s3", "action": "PutObject", "match": TRUTH, "nth": 1_000_000 });
    stage.platform_faults.add(&never)?;
    // Busy until it is told otherwise.
    stage.activation_takes(-1.0)?;
    let before = calls(stage)?;
    let first = events::now() - TimeDelta::minutes(20);
    let event =
        |nth: u8| attack(stage, &address(nth), first + TimeDelta::seconds(5 * i64::from(nth)));
    let all = (0..FINDINGS).map(event).collect::<Result<Vec<_>>>()?;
    let is_called = |nth: usize| nth.is_multiple_of(usize::from(EACH));
    let (called, sent): (Vec<_>, Vec<_>) =
        all.iter().enumerate().partition(|(nth, _)| is_called(*nth));
    let since = Instant::now();
    let bus = async {
        for (_, event) in &sent {
            stage.send(event).await?;
        }
        worked_off(stage).await
    };
    try_join(bus, try_join_all(called.iter().map(|(_, event)| handled(stage, event)))).await?;
    let (took, calls, called) = (since.elapsed(), calls(stage)?.since(before), called.len());
    Ok(Burst { took, calls, called, events: all })
}

/// Waits until all is handled, and asks seldom: whoever answers has better to do.
async fn worked_off(stage: &Stage) -> Result<()> {
    let late = Instant::now() + LIMIT;
    while stage.waiting(Queue::Findings).await? > 0 && Instant::now() < late {
        tokio::time::sleep(PAUSE).await;
    }
    stage.settled().await
}

/// A part of the key of the object that holds what Kintsugi knows.
const TRUTH: &str = "kintsugi.json";

fn calls(stage: &Stage) -> Result<Calls> {
    Ok(Calls {
        put: stage.platform_faults.calls("s3.PutObject")?,
        truth: stage.platform_faults.met(TRUTH)?,
        made: stage.estate_faults.calls("guardduty.CreateThreatEntitySet")?,
        updated: stage.estate_faults.calls("guardduty.UpdateThreatEntitySet")?,
    })
}

impl Calls {
    fn since(self, before: Self) -> Self {
        Self {
            put: self.put - before.put,
            truth: self.truth - before.truth,
            made: self.made - before.made,
            updated: self.updated - before.updated,
        }
    }
}

/// The function is called with an event, as often as Lambda calls it that must come again.
async fn handled(stage: &Stage, event: &Value) -> Result<()> {
    let mut answer = Value::Null;
    for _ in 0..TRIES {
        answer = stage.invoke("GuarddutyFunctionName", event).await?;
        if answer["decisions"].is_array() {
            return Ok(());
        }
    }
    Err(Trouble::new("have a finding handled", answer))
}

impl Burst {
    /// How many findings.
    pub(crate) fn size(&self) -> usize {
        self.events.len()
    }
}

/// What became of them.
struct Became {
    addresses: usize,
    /// How many of the addresses are on the list.
    listed: usize,
    /// How many records each finding has.
    records: Vec<usize>,
    /// How many records put an address on the list, and how many keep one on it.
    list: usize,
    keep: usize,
    dead: u64,
}

async fn became(stage: &Stage, burst: &Burst, records: &[Record]) -> Result<Became> {
    let all: BTreeSet<String> = (0..ADDRESSES).map(address).collect();
    let listed = stage.listed().await?;
    let mine: Vec<_> = burst.events.iter().map(|event| of(records, event)).collect();
    let doing = |what: &str| {
        let is_so = |record: &&&Record| record.changes.iter().any(|line| line.starts_with(what));
        mine.iter().flatten().filter(is_so).count()
    };
    Ok(Became {
        addresses: all.len(),
        listed: listed.iter().filter(|name| all.contains(*name)).count(),
        records: mine.iter().map(Vec::len).collect(),
        list: doing("list "),
        keep: doing("keep "),
        dead: stage.waiting(Queue::DeadFindings).await?,
    })
}

/// What became of them, and what it cost.
pub(crate) async fn show(
    paint: Paint,
    stage: &Stage,
    burst: &Burst,
    records: &[Record],
    messages: usize,
) -> Result<Vec<String>> {
    let Burst { events, called, took, calls } = burst;
    let became = became(stage, burst, records).await?;
    let Became { addresses, listed, list, keep, dead, .. } = became;
    let written: usize = became.records.iter().sum();
    let (all, bus) = (events.len(), events.len() - called);
    println!();
    say(&format!(
        "{all} findings from {addresses} addresses, handled within {:.1} s: {bus} came over the bus and the \
         queue, in batches; {called} by calls of the function, all at the same time.",
        took.as_secs_f32()
    ));
    let share = format!("{listed} of {addresses}");
    let share = if listed == addresses { paint.good(&share) } else { paint.bad(&share) };
    println!("  {share} addresses are on the list.");
    say(&format!(
        "{written} records: {list} list an address, {keep} keep one on the list; {messages} messages; \
         {dead} findings in the dead-letter queue."
    ));
    costs(*calls);
    Ok(wrong(burst, &became))
}

fn costs(calls: Calls) {
    let Calls { put, truth, made, updated } = calls;
    say(&format!(
        "{put} calls of PutObject: {truth} for {TRUTH}, what is known (who is beaten to it reads again, \
         joins and tries again), and {} for kintsugi.txt, what GuardDuty reads.",
        put - truth
    ));
    say(&format!(
        "{made} calls of CreateThreatEntitySet, {updated} of UpdateThreatEntitySet; GuardDuty is busy since."
    ));
}

fn wrong(burst: &Burst, became: &Became) -> Vec<String> {
    let Burst { events, called, calls, .. } = burst;
    let Became { addresses, listed, records, dead, .. } = became;
    let mut wrong = Vec::new();
    if listed != addresses {
        wrong.push(format!("the burst: {listed} of {addresses} addresses are on the list"));
    }
    let odd = records.iter().filter(|count| **count != 1).count();
    if odd != 0 {
        wrong.push(format!("the burst: {odd} of {} findings have not one record", events.len()));
    }
    if *dead != 0 {
        wrong.push(format!("the burst: {dead} findings are in the dead-letter queue"));
    }
    // Those may ask at the same time that do not know of one another: a process each, and the queue's.
    let asked = calls.made + calls.updated;
    if asked == 0 || asked > 2 + *called as u64 {
        wrong.push(format!("the burst: GuardDuty was asked {asked} times to read the list"));
    }
    wrong
}
