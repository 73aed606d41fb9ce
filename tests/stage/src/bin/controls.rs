//! Every control in the embedded AWS: what is wrong is made, reported, put right, looked at and taken back.

use std::process::ExitCode;

use stage::{Result, Stage};

/// As an operator sets it who wants all of it.
const PARAMETERS: &[(&str, &str)] = &[("AccountSettings", "all"), ("MaxRepairsPerHour", "1000")];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Box::pin(played()).await {
        Ok(said) => {
            print!("{said}");
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("controls: {trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn played() -> Result<String> {
    let stage = Stage::up(PARAMETERS).await?;
    stage.play_cases()
}
