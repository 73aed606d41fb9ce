//! Repairs of what runs code: Lambda, ECS, ECR, EKS, Step Functions, `CodeBuild`, `CloudFormation`.

use std::process::ExitCode;

use compute::Compute;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(
        &[],
        |kit| Ok(Compute::new(kit.accounts)),
        catalog::compute::runners,
        catalog::answers,
    )
    .await
}
