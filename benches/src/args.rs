//! The command line.

use std::path::PathBuf;

use crate::Failure;

pub(crate) const HELP: &str = "\
bench: start-up, latency, memory and size of the functions, beside a bare function and a boto3 one;
what policies cost; how many findings the threat list takes, and what it costs as it grows

  --only PARTS     of start, policies, queue and growth, with commas; threats is queue and growth (all)
  --starts N       process starts of each kind (30)
  --warm N         warm invocations after each start (50)
  --latency MS     what every AWS call takes where round trips are counted (20)
  --quick          5 starts, 20 warm invocations; lists of a few sizes
  --quota METHOD   auto, cgroup, signals or none: how a small function's share of a core is imposed (auto)
  --built DIR      measure the binaries in this folder in place of building them
  --before DIR     measure the ec2 in this folder, an older one, in the same run
  --no-boto3       leave the boto3 function out
  --json FILE      write the numbers there too
";

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Start-up, latency, memory and size.
    Start,
    /// What is pushed, by itself and in an event.
    Policies,
    /// Many findings at once.
    Queue,
    /// One finding, on lists of many sizes.
    Growth,
}

/// How a share of a core is imposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuotaChoice {
    Auto,
    Cgroup,
    Signals,
    None,
}

#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) parts: Vec<Part>,
    pub(crate) quick: bool,
    pub(crate) starts: usize,
    pub(crate) warm: usize,
    pub(crate) latency_ms: u64,
    pub(crate) quota: QuotaChoice,
    pub(crate) built: Option<PathBuf>,
    pub(crate) before: Option<PathBuf>,
    pub(crate) boto3: bool,
    pub(crate) json: Option<PathBuf>,
    pub(crate) help: bool,
}

impl Args {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut args = Self {
            parts: vec![Part::Start, Part::Policies, Part::Queue, Part::Growth],
            quick: false,
            starts: 30,
            warm: 50,
            latency_ms: 20,
            quota: QuotaChoice::Auto,
            built: None,
            before: None,
            boto3: true,
            json: None,
            help: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--only" => args.parts = parts(&value(&word, words.next())?)?,
                "--starts" => args.starts = number(&word, words.next())?,
                "--warm" => args.warm = number(&word, words.next())?,
                "--latency" => args.latency_ms = number(&word, words.next())? as u64,
                "--quick" => (args.quick, args.starts, args.warm) = (true, 5, 20),
                "--quota" => args.quota = quota(&value(&word, words.next())?)?,
                "--built" => args.built = Some(value(&word, words.next())?.into()),
                "--before" => args.before = Some(value(&word, words.next())?.into()),
                "--no-boto3" => args.boto3 = false,
                "--json" => args.json = Some(value(&word, words.next())?.into()),
                "--help" | "-h" => args.help = true,
                _ => return Err(Failure::Usage(format!("`{word}` is not an option"))),
            }
        }
        Ok(args)
    }
}

fn parts(words: &str) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for word in words.split(',') {
        match word.trim() {
            "start" => parts.push(Part::Start),
            "policies" => parts.push(Part::Policies),
            "queue" => parts.push(Part::Queue),
            "growth" => parts.push(Part::Growth),
            "threats" => parts.extend([Part::Queue, Part::Growth]),
            _ => {
                let says = "`--only` takes start, policies, queue, growth and threats";
                return Err(Failure::Usage(format!("{says}, not `{word}`")));
            }
        }
    }
    Ok(parts)
}

fn value(option: &str, word: Option<String>) -> Result<String, Failure> {
    word.ok_or_else(|| Failure::Usage(format!("`{option}` needs a value")))
}

fn number(option: &str, word: Option<String>) -> Result<usize, Failure> {
    let word = value(option, word)?;
    match word.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Failure::Usage(format!("`{option}` takes a whole number above 0, not `{word}`"))),
    }
}

fn quota(word: &str) -> Result<QuotaChoice, Failure> {
    match word {
        "auto" => Ok(QuotaChoice::Auto),
        "cgroup" => Ok(QuotaChoice::Cgroup),
        "signals" => Ok(QuotaChoice::Signals),
        "none" => Ok(QuotaChoice::None),
        _ => Err(Failure::Usage(format!(
            "`--quota` takes auto, cgroup, signals or none, not `{word}`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, Failure> {
        Args::parse(line.split_whitespace().map(String::from))
    }

    #[test]
    fn reads_every_option() {
        let args =
            parse("--quick --warm 7 --quota signals --built f --no-boto3 --json j --only threats")
                .unwrap();
        assert_eq!((args.starts, args.warm, args.latency_ms), (5, 7, 20));
        assert_eq!(args.quota, QuotaChoice::Signals);
        assert_eq!(args.parts, [Part::Queue, Part::Growth]);
        assert!(!args.boto3 && args.built.is_some() && args.json.is_some());
    }

    #[test]
    fn says_what_is_wrong_with_an_option() {
        for (line, says) in [
            ("--starts 0", "takes a whole number"),
            ("--latency", "needs a value"),
            ("--quota some", "not `some`"),
            ("--only everything", "not `everything`"),
            ("fast", "is not an option"),
        ] {
            assert!(parse(line).unwrap_err().to_string().contains(says), "{line}");
        }
    }
}
