//! What can be typed.

mod group;
mod value;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use remedy::Timestamp;

pub(crate) use self::{
    group::{DeadLetters, ExplainRules, List, Policy, Rules},
    value::{Problem, RecordId, Set, Span},
};

const EXIT_CODES: &str = "\
Exit codes:
  0  it is done, or nothing is wrong
  1  it was refused, or failed; the reason is on stderr
  2  it was called in a way that means nothing
  3  something was found: by `policy check`, `rules check`, `policy test`, and with --exit-code";

/// Looks after Kintsugi, which mends AWS accounts.
///
/// `preview` and `explain` say what it would do, and need nothing deployed. `history` and `show` say what
/// it did. `approve`, `reject`, `undo`, `run`, `pause`, `resume` and `exempt` answer it.
#[derive(Debug, Parser)]
#[command(name = "kintsugi", version, after_help = EXIT_CODES, max_term_width = 100)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be said with every command.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "With every command")]
pub(crate) struct Global {
    /// The Region of the stack, and of what is looked at.
    #[arg(long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The profile of ~/.aws/config that gives credentials and a Region.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The stack's name.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "KINTSUGI_STACK",
        default_value = "kintsugi"
    )]
    pub(crate) stack: String,
    /// Writes JSON, and nothing else, to stdout.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When there are colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

/// When there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Free(Free),
    #[command(flatten)]
    OfStack(OfStack),
}

/// What can be done without a stack.
#[derive(Debug, Subcommand)]
pub(crate) enum Free {
    /// What would be done about everything that is open now. Changes nothing and needs no stack.
    ///
    /// All open findings of Security Hub and all non-compliant results of AWS Config, planned on what there
    /// is now.
    Preview(Preview),
    /// What would become of an event, stage by stage.
    ///
    /// Without --live or --state it ends before the resource is looked at, and needs no AWS.
    Explain(Explain),
    /// The policies that say what may be touched.
    #[command(subcommand)]
    Policy(Policy),
    /// The rules that say who hears what, what matters, and which risks are accepted.
    #[command(subcommand)]
    Rules(Rules),
    /// Writes what completes these commands in a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Writes docs/commands.md.
    #[command(hide = true)]
    Reference,
}

/// What needs one.
#[derive(Debug, Subcommand)]
pub(crate) enum OfStack {
    /// What is deployed, what is paused, and what waits for a person.
    Status,
    /// What was decided, the newest first.
    History(History),
    /// All that is known of a record.
    Show {
        /// Its id, such as k-0123456789ab.
        #[arg(value_name = "ID")]
        record: RecordId,
    },
    /// Lets a plan that waits for a person be carried out.
    Approve {
        /// The record that asks.
        #[arg(value_name = "ID")]
        record: RecordId,
        #[command(flatten)]
        why: Why,
    },
    /// Leaves what a plan waits for a person for as it is, and the resource alone for a time.
    Reject {
        /// The record that asks.
        #[arg(value_name = "ID")]
        record: RecordId,
        /// For how many days it is left alone; by default as the stack has it.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_653))]
        days: Option<u32>,
        #[command(flatten)]
        why: Why,
    },
    /// Takes back what was changed under a record, and leaves the resource alone for a time.
    Undo {
        /// The record.
        #[arg(value_name = "ID")]
        record: RecordId,
        /// For how many days it is left alone; by default as the stack has it.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_653))]
        days: Option<u32>,
        #[command(flatten)]
        why: Why,
        #[command(flatten)]
        sure: Sure,
    },
    /// Takes care of a problem: it does not escalate, until it is put right and comes back.
    Acknowledge {
        /// Its case, such as c-0123456789ab, or a record of it.
        #[arg(value_name = "ID")]
        problem: Problem,
        #[command(flatten)]
        why: Why,
    },
    /// Makes the report from the stack's table: what is open, what was put right, what comes back and why.
    ///
    /// The page needs no network; the tables are for spreadsheets. With --json, the numbers go to stdout.
    /// Such as `kintsugi report --out monday --weeks 4 --open html`.
    Report(Report),
    /// Plans what a record or a finding is about anew, and carries it out.
    Run(Run),
    /// Stops repairs: of one remediation, or all.
    Pause {
        /// Such as `ec2/close_world_ingress`; none: all of them.
        remediation: Option<String>,
        /// When it ends by itself: 2027-03-31 (to the end of the day) or 2027-03-31T12:00:00Z.
        #[arg(long, value_name = "TIME", value_parser = value::time, conflicts_with = "span")]
        until: Option<Timestamp>,
        /// After what time it ends by itself: 30m, 2h, 3d, 1w.
        #[arg(long = "for", value_name = "TIME", id = "span")]
        span: Option<Span>,
        #[command(flatten)]
        why: Why,
    },
    /// Lets repairs go on that were paused, or that reached their cap.
    Resume {
        /// Such as `ec2/close_world_ingress`; none: all of them.
        remediation: Option<String>,
        /// The account whose cap was reached; none: all of them.
        #[arg(long, value_name = "ID", value_parser = value::account)]
        account: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Leaves a resource alone for a time.
    Exempt(Exempt),
    /// The threat list.
    #[command(subcommand)]
    List(List),
    /// Events that could not be handled.
    DeadLetters {
        #[command(subcommand)]
        what: Option<DeadLetters>,
    },
}

/// A reason, for the record.
#[derive(Debug, Clone, Group)]
pub(crate) struct Why {
    /// The reason, for the record.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) why: String,
}

/// Whether something is asked first.
#[derive(Debug, Clone, Copy, Group)]
pub(crate) struct Sure {
    /// Asks nothing.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// By which policies and parameters is decided.
#[derive(Debug, Clone, Group)]
pub(crate) struct Terms {
    /// Policies in Cedar, in place of those in force or of the parameters'.
    #[arg(long, value_name = "FILE")]
    pub(crate) policies: Option<PathBuf>,
    /// A parameter of the template, such as KeepOpenPorts=443; can be given many times.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) sets: Vec<Set>,
    /// A role to act with in other accounts, such as that of member.yaml.
    #[arg(long, value_name = "NAME")]
    pub(crate) member_role: Option<String>,
    /// As if it were this time (2027-03-31T12:00:00Z): exemptions and maintenance windows depend on it.
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub(crate) at: Option<Timestamp>,
}

/// What is to be explained.
#[derive(Debug, Clone, Group)]
pub(crate) struct Explain {
    /// The event as JSON, as EventBridge or SQS would send it; - is stdin.
    #[arg(long, value_name = "FILE")]
    pub(crate) event: PathBuf,
    /// Looks at the resources as they are now, and changes nothing.
    #[arg(long, conflicts_with = "state")]
    pub(crate) live: bool,
    /// Takes the resources from a file that --save-state wrote; needs no AWS.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Writes the resources to a file, for --state.
    #[arg(long, value_name = "FILE", requires = "live")]
    pub(crate) save_state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) terms: Terms,
}

/// How everything that is open is told.
#[derive(Debug, Clone, Group)]
pub(crate) struct Preview {
    /// Writes a page for a browser, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Writes a table for a spreadsheet, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// Ends with 3 if something would be fixed or waits for approval.
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) terms: Terms,
}

/// Which records.
#[derive(Debug, Clone, Group)]
pub(crate) struct History {
    /// Those about one resource: its ARN, or the id of a security group.
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: Option<String>,
    /// Those of the last days.
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_653))]
    pub(crate) days: u32,
    /// Those that ended so: fixed, held, failed, ...
    #[arg(long, value_name = "WORD", value_parser = value::OUTCOMES)]
    pub(crate) outcome: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
}

/// What a report is like.
#[derive(Debug, Clone, Group)]
pub(crate) struct Report {
    /// The folder that its files are written to; it is made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "kintsugi-report")]
    pub(crate) out: PathBuf,
    /// How many weeks it looks back.
    #[arg(long, value_name = "N", default_value_t = 13, value_parser = clap::value_parser!(u32).range(1..=53))]
    pub(crate) weeks: u32,
    /// Opens it with what this computer opens such files with.
    #[arg(long, value_name = "KIND")]
    pub(crate) open: Option<Opens>,
}

/// What can be opened of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Opens {
    /// The table of open problems.
    Csv,
    /// The numbers.
    Json,
    /// The page.
    Html,
}

/// What is run.
#[derive(Debug, Clone, Group)]
#[group(required = true, multiple = false)]
pub(crate) struct Run {
    /// The record whose finding is planned anew.
    #[arg(value_name = "ID")]
    pub(crate) record: Option<RecordId>,
    /// The ARN of a finding in Security Hub.
    #[arg(long, value_name = "ARN")]
    pub(crate) finding: Option<String>,
}

/// What is left alone, and for how long.
#[derive(Debug, Clone, Group)]
pub(crate) struct Exempt {
    /// The resource's ARN.
    #[arg(value_name = "ARN")]
    pub(crate) resource: String,
    #[command(flatten)]
    pub(crate) end: End,
    #[command(flatten)]
    pub(crate) why: Why,
}

/// When an exemption ends.
#[derive(Debug, Clone, Group)]
#[group(required = true, multiple = false)]
pub(crate) struct End {
    /// Until this day has passed (2027-03-31), or until a time (2027-03-31T12:00:00Z).
    #[arg(long, value_name = "DATE", value_parser = value::time)]
    pub(crate) until: Option<Timestamp>,
    /// For so many days.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_653))]
    pub(crate) days: Option<u32>,
    /// No longer.
    #[arg(long = "end", id = "end")]
    pub(crate) no_longer: bool,
}

#[cfg(test)]
mod tests;
