//! `bench`: how fast, small and frugal the functions are, beside a bare function and a boto3 one, in one run.
//!
//! A Runtime API and an AWS of this program's own, on loopback, start each program again and again and time it.

mod args;
mod aws;
mod events;
mod growth;
mod harness;
mod http;
mod measure;
mod policies;
mod proc;
mod process;
mod program;
mod queue;
mod quota;
mod report;
mod runtime_api;
mod stub;
mod threats;
mod tls;

use std::process::ExitCode;

use args::Args;

/// Why there are no numbers.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}\n\n{help}", help = args::HELP)]
    Usage(String),
    #[error("cannot {0}: {1}")]
    Io(&'static str, std::io::Error),
    #[error("cannot make the stub's certificate: {0}")]
    Tls(String),
    #[error("{0}")]
    Setup(String),
    #[error("this machine does not let itself be measured: {0}")]
    Machine(String),
    #[error("the function under test failed: {0}")]
    Function(String),
}

impl Failure {
    /// For `map_err`: what could not be done.
    fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Io(what, error)
    }
}

fn main() -> ExitCode {
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<(), Failure> {
    let args = Args::parse(std::env::args().skip(1))?;
    if args.help {
        print!("{}", args::HELP);
        return Ok(());
    }
    let results = measure::all(&args)?;
    print!("{}", report::text(&results));
    if let Some(path) = &args.json {
        let text = report::json(&results);
        std::fs::write(path, text).map_err(Failure::io("write the --json file"))?;
    }
    Ok(())
}
