//! Repairs of RDS, Neptune and `DocumentDB`.

use std::process::ExitCode;

use rds::Rds;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &["rds"],
        |kit| Ok(Rds::new(kit.accounts)),
        catalog::rds::runners,
        catalog::answers,
    )
    .await
}
