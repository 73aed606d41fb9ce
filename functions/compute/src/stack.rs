//! Facet: how a `CloudFormation` stack is kept.

use aws_sdk_cloudformation::{
    error::ProvideErrorMetadata,
    types::{StackStatus, Tag},
};
use catalog::compute::{Stack, StackId, StackSetting};
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Compute;

impl Cloud<Stack> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &StackId,
        _: &[&Signal],
    ) -> Result<Option<Stack>, Error> {
        let cloudformation = self.cloudformation.at(place).await?;
        let what = format!("read CloudFormation stack {id}");
        let call = cloudformation.client.describe_stacks().stack_name(id.arn(place));
        let found = match call.send().await {
            Ok(answer) => answer.stacks.unwrap_or_default().into_iter().next(),
            Err(error) if is_gone(error.code(), error.message()) => None,
            Err(error) => {
                return Err(cloudformation.failed(&what, "cloudformation:DescribeStacks", &error));
            }
        };
        let is_there = |status: Option<&StackStatus>| status != Some(&StackStatus::DeleteComplete);
        let Some(found) = found.filter(|found| is_there(found.stack_status.as_ref())) else {
            return Ok(None);
        };
        let is_nested = found.parent_id.is_some_and(|parent| !parent.is_empty());
        let protected = found.enable_termination_protection.or(is_nested.then_some(false));
        let odd = || cloudformation.odd(&what, "it does not say whether it is protected");
        let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
        let parameters = found.parameters.unwrap_or_default();
        let capabilities = found.capabilities.unwrap_or_default();
        Ok(Some(Stack {
            name: id.name.clone(),
            is_protected: protected.ok_or_else(odd)?,
            is_nested,
            is_going: found.stack_status == Some(StackStatus::DeleteInProgress),
            topics: found.notification_arns.unwrap_or_default(),
            parameters: parameters.into_iter().filter_map(|one| one.parameter_key).collect(),
            capabilities: capabilities.iter().map(|one| one.as_str().to_owned()).collect(),
            tags: found.tags.unwrap_or_default().into_iter().filter_map(pair).collect(),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &StackId,
        changes: &[Swap<StackSetting>],
    ) -> Vec<Result<(), Error>> {
        let cloudformation = match self.cloudformation.at(place).await {
            Ok(cloudformation) => cloudformation,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let StackSetting::Protection(on) = to;
            let call = cloudformation.client.update_termination_protection();
            let call = call.stack_name(id.arn(place)).enable_termination_protection(*on);
            let what = format!("set {to} of CloudFormation stack {id}");
            let needs = "cloudformation:UpdateTerminationProtection";
            let made = call.send().await;
            results.push(made.map(drop).map_err(|e| cloudformation.failed(&what, needs, &e)));
        }
        results
    }
}

fn is_gone(code: Option<&str>, message: Option<&str>) -> bool {
    code == Some("ValidationError")
        && message.is_some_and(|message| message.contains("does not exist"))
}
