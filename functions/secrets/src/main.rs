//! Repairs of what is kept secret: KMS, Secrets Manager, Systems Manager.

use std::process::ExitCode;

use secrets::Secrets;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &[],
        |kit| Ok(Secrets::new(kit.accounts)),
        catalog::secrets::runners,
        catalog::answers,
    )
    .await
}
