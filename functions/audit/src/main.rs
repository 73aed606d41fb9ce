//! Repairs of what is recorded: CloudTrail, `CloudWatch` and AWS Config.

use std::process::ExitCode;

use audit::Audit;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &[],
        |kit| Ok(Audit::new(kit.accounts)),
        catalog::audit::runners,
        catalog::answers,
    )
    .await
}
