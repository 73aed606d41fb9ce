//! Repairs of what faces callers: load balancers, Auto Scaling, API Gateway, `CloudFront`.

use std::process::ExitCode;

use edge::Edge;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::serve(&[], |kit| Ok(Edge::new(kit.accounts)), catalog::edge::runners, catalog::answers)
        .await
}
