//! The operator's command line: what Kintsugi would do, what it did, and how to answer it.

mod args;
mod command;
mod fail;
mod look;
mod reference;
mod say;
mod session;
mod settings;
mod stack;

use std::process::ExitCode;

use clap::Parser;

use crate::{args::Args, say::Say};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let say = Say::of(&args.global);
    match command::run(&args, &say).await {
        Ok(said) => say.out(&said),
        Err(fail) => say.fail(&fail),
    }
}
