//! What the ledger adds up to. Started on a schedule.

use std::process::ExitCode;

use report::Reporter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    Box::pin(lambda::work(&["dynamodb", "dynamodb", "s3", "s3"], Reporter::new)).await
}
