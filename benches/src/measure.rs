//! Which programs are started how often under which conditions, in turns, so that a busy moment hits all of them.

use std::path::Path;
use std::time::Duration;

use crate::args::{Args, Part};
use crate::events::Shape;
use crate::growth::{self, Grown};
use crate::harness::{Invocation, Job, Start, start};
use crate::policies::{self, Speed};
use crate::program::{self, Program, Work};
use crate::queue::{self, Throughput};
use crate::quota::Quota;
use crate::runtime_api::RuntimeApi;
use crate::stub::{Link, Stub};
use crate::{Failure, quota};

/// One program under one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) program: &'static str,
    pub(crate) link: Link,
    pub(crate) shape: Shape,
    /// Of every call to AWS.
    pub(crate) latency: Duration,
    /// The function's memory size, where its share of a core is imposed.
    pub(crate) memory: Option<u32>,
    /// Connections are opened during init.
    pub(crate) warm_up: bool,
    /// How many policies were pushed, where that is looked at.
    pub(crate) pushed: Option<usize>,
}

/// A case and what its starts showed.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) zip: Option<u64>,
    pub(crate) starts: Vec<Start>,
}

#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) rows: Vec<Row>,
    /// Of one function, with sets of policies.
    pub(crate) policies: Vec<Row>,
    /// Of policies by themselves.
    pub(crate) speed: Option<Speed>,
    pub(crate) starts: usize,
    pub(crate) warm: usize,
    pub(crate) latency: Duration,
    /// How the share of a core was imposed.
    pub(crate) quota: Option<&'static str>,
    pub(crate) throughput: Vec<Throughput>,
    pub(crate) growth: Vec<Grown>,
    /// Calls that the stub has no answer of its own for.
    pub(crate) unknown: Vec<String>,
}

impl Case {
    /// The usual condition: plain, at once, from a queue, a core.
    pub(crate) const fn of(program: &'static str, link: Link) -> Self {
        Self {
            program,
            link,
            shape: Shape::Sqs,
            latency: Duration::ZERO,
            memory: None,
            warm_up: true,
            pushed: None,
        }
    }
}

impl Results {
    pub(crate) fn row(&self, case: Case) -> Option<&Row> {
        self.rows.iter().chain(&self.policies).find(|row| row.case == case)
    }
}

impl Row {
    /// The median over the starts.
    pub(crate) fn median<T: Ord + Copy + Default>(&self, of: impl Fn(&Start) -> T) -> T {
        percentile(self.starts.iter().map(of), 50)
    }

    /// A percentile over all warm invocations.
    pub(crate) fn warm<T: Ord + Copy + Default>(
        &self,
        of: impl Fn(&Invocation) -> T,
        percent: usize,
    ) -> T {
        percentile(self.starts.iter().flat_map(|start| &start.warm).map(of), percent)
    }
}

/// By nearest rank.
pub(crate) fn percentile<T: Ord + Copy + Default>(
    values: impl Iterator<Item = T>,
    percent: usize,
) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let rank = (values.len() * percent).div_ceil(100);
    values.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Builds, installs, starts and measures everything.
pub(crate) fn all(args: &Args) -> Result<Results, Failure> {
    let mut programs = program::binaries(args.built.as_deref())?;
    if args.boto3 && args.parts.contains(&Part::Start) {
        programs.push(program::boto3()?);
    }
    if let Some(folder) = &args.before {
        programs.push(program::before(folder)?);
    }
    let scratch = program::release()?.join(format!("bench-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(Failure::io("make a folder for logs"))?;
    let results = programs
        .iter_mut()
        .try_for_each(|program| program.unpack(&scratch))
        .and_then(|()| parts(args, &programs, &scratch));
    // A folder that stays behind is no reason to withhold the numbers.
    let _ = std::fs::remove_dir_all(&scratch);
    results
}

fn parts(args: &Args, programs: &[Program], scratch: &Path) -> Result<Results, Failure> {
    let stubs = [Stub::start(Link::Http, scratch)?, Stub::start(Link::Https, scratch)?];
    let mut results = Results {
        rows: Vec::new(),
        policies: Vec::new(),
        // Before anything else of it runs in this process.
        speed: args.parts.contains(&Part::Policies).then(policies::speed).transpose()?,
        starts: args.starts,
        warm: args.warm,
        latency: Duration::from_millis(args.latency_ms),
        quota: None,
        throughput: Vec::new(),
        growth: Vec::new(),
        unknown: Vec::new(),
    };
    if args.parts.iter().any(|part| [Part::Start, Part::Policies].contains(part)) {
        rounds(args, programs, &stubs, scratch, &mut results)?;
    }
    if args.parts.contains(&Part::Queue) {
        for latency in [Duration::ZERO, results.latency] {
            eprintln!("queue, calls of {} ms", latency.as_millis());
            results.throughput.push(queue::measure(programs, &stubs[0], latency, scratch)?);
        }
    }
    if args.parts.contains(&Part::Growth) {
        results.growth = grown(args, programs, &stubs[1], scratch)?;
    }
    results.unknown = stubs.iter().flat_map(Stub::unknown).collect();
    Ok(results)
}

fn grown(
    args: &Args,
    programs: &[Program],
    stub: &Stub,
    scratch: &Path,
) -> Result<Vec<Grown>, Failure> {
    let mut api = RuntimeApi::start()?;
    let sizes = if args.quick { &growth::FEW_SIZES[..] } else { &growth::SIZES };
    let rounds = args.starts.min(5);
    let mut numbers = 0;
    let mut grown = Vec::new();
    for round in 0..rounds {
        eprint!("\rgrowth, round {} of {rounds} ", round + 1);
        for size in sizes {
            let one = growth::measure(programs, stub, &mut api, *size, scratch, &mut numbers)?;
            grown.push(one);
        }
    }
    eprintln!();
    Ok(grown)
}

fn rounds(
    args: &Args,
    programs: &[Program],
    stubs: &[Stub; 2],
    scratch: &Path,
    results: &mut Results,
) -> Result<(), Failure> {
    let quota = Quota::detect(args.quota);
    if quota.is_none() {
        eprintln!("small functions are left out: no quota on CPU time can be set here");
    }
    let latency = results.latency;
    let mut api = RuntimeApi::start()?;
    let mut numbers = 0;
    let sets = policies::SETS.map(|count| (count, policies::set(count)));
    let mut measure = |case: Case, warm: usize| {
        let stub = &stubs[usize::from(case.link == Link::Https)];
        stub.set_latency(case.latency);
        let throttle = case.memory.and_then(|memory| Some((quota.as_ref()?, memory)));
        let program = programs.iter().find(|program| program.name == case.program);
        let program = program.ok_or_else(|| Failure::Setup(format!("no {}", case.program)))?;
        let log = &scratch.join("log");
        let Case { shape, warm_up, .. } = case;
        let pushed =
            sets.iter().find(|(count, _)| case.pushed.is_some_and(|n| n > 0 && n == *count));
        let pushed = pushed.map(|(_, text)| text.as_str());
        let job = Job { program, stub, shape, warm, pushed, warm_up, throttle, log };
        start(&job, &mut api, &mut numbers)
    };

    let mut rows: Vec<Row> = programs
        .iter()
        .flat_map(|program| {
            cases(args, program, latency, quota.is_some())
                .into_iter()
                .map(|case| (case, program.zip))
        })
        .map(|(case, zip)| Row { case, zip, starts: Vec::new() })
        .collect();
    for program in programs {
        // Once for nothing: the first start reads the program from the disk.
        measure(Case::of(program.name, Link::Http), 1)?;
    }
    for round in 0..args.starts {
        eprint!("\rround {} of {} ", round + 1, args.starts);
        for row in rows.iter_mut().filter(|row| round < row.case.starts(args)) {
            row.starts.push(measure(row.case, row.case.warm(args))?);
        }
    }
    eprintln!();
    for stub in stubs {
        stub.estate().push(None);
    }
    (results.policies, results.rows) = rows.into_iter().partition(|row| row.case.pushed.is_some());
    results.quota = quota.as_ref().map(quota::Quota::name);
    Ok(())
}

fn cases(args: &Args, program: &Program, latency: Duration, small: bool) -> Vec<Case> {
    let mut cases = Vec::new();
    if args.parts.contains(&Part::Start) {
        cases.extend(start_cases(program, latency, small));
    }
    if args.parts.contains(&Part::Policies) {
        cases.extend(policy_cases(program, small));
    }
    cases
}

fn policy_cases(program: &Program, small: bool) -> Vec<Case> {
    let counts = match program.name {
        "ec2" => &policies::SETS[..],
        program::BEFORE => &[0],
        _ => &[],
    };
    let https = Case::of(program.name, Link::Https);
    let sizes = [None].into_iter().chain([128, 256].map(Some).into_iter().filter(|_| small));
    let case =
        |memory| counts.iter().map(move |count| Case { memory, pushed: Some(*count), ..https });
    sizes.flat_map(case).collect()
}

fn start_cases(program: &Program, latency: Duration, small: bool) -> Vec<Case> {
    let plain = Case::of(program.name, Link::Http);
    if program.work == Work::Nothing {
        return vec![plain];
    }
    let https = Case::of(program.name, Link::Https);
    if program.work == Work::Idles {
        return vec![plain, https];
    }
    let mut cases = vec![plain, https, Case { latency, ..plain }];
    if small {
        cases.extend([128, 256].map(|memory| Case { memory: Some(memory), ..https }));
    }
    if program.work == Work::Lists || program.work == Work::Sweeps {
        return cases;
    }
    if program.name == "ec2" {
        let lazy = cases.iter().filter(|case| case.link == Link::Https);
        let lazy: Vec<Case> = lazy.map(|case| Case { warm_up: false, ..*case }).collect();
        cases.extend(lazy);
        cases.insert(1, Case { shape: Shape::Bare, ..plain });
    }
    cases
}

impl Case {
    /// Round trips are the same in every start; a few tell.
    fn starts(&self, args: &Args) -> usize {
        if self.latency.is_zero() { args.starts } else { args.starts.min(5) }
    }

    fn warm(&self, args: &Args) -> usize {
        let slow = !self.latency.is_zero() || self.program == "boto3";
        match self.memory {
            Some(_) => args.warm.min(10),
            None if slow => args.warm.min(20),
            None => args.warm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values = || (1..=10).rev();
        assert_eq!(percentile(values(), 50), 5);
        assert_eq!(percentile(values(), 99), 10);
        assert_eq!(percentile(std::iter::empty::<u32>(), 50), 0);
    }
}
