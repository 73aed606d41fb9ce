//! Repairs of SNS and SQS.

use std::process::ExitCode;

use messages::Messages;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &[],
        |kit| Ok(Messages::new(kit.accounts)),
        catalog::messages::runners,
        catalog::answers,
    )
    .await
}
