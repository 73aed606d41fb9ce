//! Repairs of IAM: users, keys, the password policy, roles.

use std::process::ExitCode;

use iam::Iam;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&[], |kit| Ok(Iam::new(kit.accounts)), catalog::iam::runners, catalog::answers)
        .await
}
