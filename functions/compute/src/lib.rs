//! Repairs of what runs code: Lambda, ECS, ECR, EKS, Step Functions, `CodeBuild`, `CloudFormation`: only the
//! calls. What is right and what is wrong is decided in the catalog.

mod build_project;
mod ecs;
mod eks;
mod function_access;
mod function_setup;
mod report_group;
mod repository;
mod stack;
mod state_machine;
mod task_definition;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lambda::{Accounts, Clients};
use runtime::Error;

/// What runs code: Lambda, ECS, ECR, EKS, Step Functions, `CodeBuild`, `CloudFormation`: wherever the resources
/// are.
#[derive(Debug)]
pub struct Compute {
    cloudformation: Clients<aws_sdk_cloudformation::Client>,
    codebuild: Clients<aws_sdk_codebuild::Client>,
    ecr: Clients<aws_sdk_ecr::Client>,
    ecs: Clients<aws_sdk_ecs::Client>,
    eks: Clients<aws_sdk_eks::Client>,
    lambda: Clients<aws_sdk_lambda::Client>,
    sfn: Clients<aws_sdk_sfn::Client>,
}

impl Compute {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self {
            cloudformation: Clients::later(
                accounts,
                "CLOUDFORMATION",
                aws_sdk_cloudformation::Client::new,
            ),
            codebuild: Clients::later(accounts, "CODEBUILD", aws_sdk_codebuild::Client::new),
            ecr: Clients::later(accounts, "ECR", aws_sdk_ecr::Client::new),
            ecs: Clients::later(accounts, "ECS", aws_sdk_ecs::Client::new),
            eks: Clients::later(accounts, "EKS", aws_sdk_eks::Client::new),
            lambda: Clients::later(accounts, "LAMBDA", aws_sdk_lambda::Client::new),
            sfn: Clients::later(accounts, "SFN", aws_sdk_sfn::Client::new),
        }
    }
}

/// Nobody makes a change of a facet that nobody changes.
fn never(changes: &[remedy::Never]) -> Vec<Result<(), Error>> {
    changes.iter().map(|change| match *change {}).collect()
}

/// The same error, worth another try: the resource is being changed by somebody just now.
fn busy(error: Error) -> Error {
    match error {
        Error::Refused(text) | Error::Transient(text) => Error::Transient(text),
    }
}

/// The pages of a list.
#[derive(Debug, Default)]
struct Pages {
    token: Option<String>,
    over: bool,
}

impl Pages {
    /// Goes to the page that `token` names; none: that was the last one.
    fn turn(&mut self, token: Option<String>) -> Result<(), &'static str> {
        let token = token.filter(|token| !token.is_empty());
        if token.is_some() && token == self.token {
            return Err("its list does not come to an end");
        }
        self.over = token.is_none();
        self.token = token;
        Ok(())
    }
}
