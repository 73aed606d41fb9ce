//! Facet: how a Lambda function is set up.

use aws_sdk_lambda::{
    error::ProvideErrorMetadata,
    types::{TracingConfig, TracingMode},
};
use catalog::compute::{FunctionName, FunctionSetting, FunctionSetup};
use futures_util::future;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Compute, busy,
    function_access::{GONE, is_busy, tags},
};

impl Cloud<FunctionSetup> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &FunctionName,
        _: &[&Signal],
    ) -> Result<Option<FunctionSetup>, Error> {
        let lambda = self.lambda.at(place).await?;
        let what = format!("read Lambda function {id}");
        let call = lambda.client.get_function_configuration().function_name(&id.0);
        let (found, tags) = future::join(call.send(), tags(&lambda, place, id, &what)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) if error.code() == Some(GONE) => return Ok(None),
            Err(error) => {
                return Err(lambda.failed(&what, "lambda:GetFunctionConfiguration", &error));
            }
        };
        let Some(tags) = tags? else { return Ok(None) };
        let mode = found.tracing_config.and_then(|tracing| tracing.mode);
        let mode = mode.ok_or_else(|| lambda.odd(&what, "it does not say whether it traces"))?;
        let vpc = found.vpc_config.and_then(|vpc| vpc.vpc_id).filter(|vpc| !vpc.is_empty());
        Ok(Some(FunctionSetup {
            name: id.0.clone(),
            runtime: found.runtime.map(|runtime| runtime.as_str().to_owned()),
            role: found.role.unwrap_or_default(),
            vpc,
            traces: mode == TracingMode::Active,
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &FunctionName,
        changes: &[Swap<FunctionSetting>],
    ) -> Vec<Result<(), Error>> {
        let lambda = match self.lambda.at(place).await {
            Ok(lambda) => lambda,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let FunctionSetting::Tracing(on) = to;
            let mode = if *on { TracingMode::Active } else { TracingMode::PassThrough };
            let tracing = TracingConfig::builder().mode(mode).build();
            let call = lambda.client.update_function_configuration().function_name(&id.0);
            let answer = call.tracing_config(tracing).send().await;
            results.push(answer.map(drop).map_err(|error| {
                let what = format!("set {to} of Lambda function {id}");
                let failed = lambda.failed(&what, "lambda:UpdateFunctionConfiguration", &error);
                if is_busy(error.code()) { busy(failed) } else { failed }
            }));
        }
        results
    }
}
