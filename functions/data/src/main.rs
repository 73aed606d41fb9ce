//! Repairs of what keeps data: DynamoDB, `ElastiCache`, Redshift, Athena, EFS.

use std::process::ExitCode;

use data::Data;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&[], |kit| Ok(Data::new(kit.accounts)), catalog::data::runners, catalog::answers)
        .await
}
