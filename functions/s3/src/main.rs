//! Repairs of S3: buckets, and the settings of the account.

use std::process::ExitCode;

use s3::S3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&[], |kit| Ok(S3::new(kit.accounts)), catalog::s3::runners, catalog::answers)
        .await
}
