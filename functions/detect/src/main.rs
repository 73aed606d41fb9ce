//! Repairs of what detects: GuardDuty, Inspector, Macie.

use std::process::ExitCode;

use detect::Detect;
use remedy::Guard;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &[],
        |kit| Ok(Detect::new(kit.accounts).making(Guard::configured(kit.settings)?.opt_in)),
        catalog::detect::runners,
        catalog::answers,
    )
    .await
}
