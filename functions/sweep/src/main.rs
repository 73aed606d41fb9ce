//! What time brings, and what could not be done at once. Started on a schedule.

use std::process::ExitCode;

use guardduty::GuardDuty;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &["s3", "s3", "guardduty"],
        GuardDuty::new,
        catalog::sweep::runners,
        catalog::answers,
    )
    .await
}
