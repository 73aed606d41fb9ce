//! Attackers' addresses on GuardDuty's threat list: only the calls. Who is an attacker is decided in the
//! catalog.

use std::process::ExitCode;

use guardduty::GuardDuty;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let calls = ["s3", "s3", "guardduty", "ec2", "ec2"];
    lambda::serve(&calls, GuardDuty::new, catalog::guardduty::runners, catalog::answers).await
}
