//! What a person asked for.

use std::process::ExitCode;

use respond::Respond;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    Box::pin(lambda::answer(&["sqs"], Respond::new, respond::sorry)).await
}
