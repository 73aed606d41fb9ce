//! Tells people, once, where they look.

use std::process::ExitCode;

use lambda::Web;
use notify::Notify;
use remedy::Wrong;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let sorry = async |_: &Wrong, request: Value, _: &Web| notify::sorry(request);
    Box::pin(lambda::answer(&["dynamodb", "sns"], Notify::new, sorry)).await
}
