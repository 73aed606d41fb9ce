//! What time brings, what could not be done at once, and what had to wait. Started on a schedule.

use std::process::ExitCode;

use guardduty::GuardDuty;
use lambda::Release;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve_beside(
        &["s3", "s3", "guardduty"],
        GuardDuty::new,
        catalog::sweep::runners,
        catalog::answers,
        |shell| Release::new(shell, catalog::function_of),
    )
    .await
}
