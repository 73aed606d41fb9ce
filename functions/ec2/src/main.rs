//! Repairs of EC2.

use std::process::ExitCode;

use ec2::Ec2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &["ec2", "ec2"],
        |kit| Ok(Ec2::new(kit.accounts)),
        catalog::ec2::runners,
        catalog::answers,
    )
    .await
}
