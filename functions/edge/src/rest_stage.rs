//! Facet: how a stage of a REST API logs, traces and caches.

use aws_sdk_apigateway::{
    Client,
    error::ProvideErrorMetadata,
    types::{MethodSetting, Op, PatchOperation},
};
use catalog::edge::{LogLevel, Method, RestStage, RestStageId, RestStageSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Edge;

/// What holds for all methods that have nothing of their own.
const ALL: &str = "*/*";

impl Cloud<RestStage> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &RestStageId,
        _: &[&Signal],
    ) -> Result<Option<RestStage>, Error> {
        let gateway = self.apigateway.at(place).await?;
        let what = format!("read stage {id}");
        let call = gateway.client.get_stage().rest_api_id(&id.api).stage_name(&id.stage);
        let (found, log_role) =
            future::join(Box::pin(call.send()), Box::pin(log_role(&gateway, &what))).await;
        let found = match found {
            Ok(found) => found,
            Err(error) if error.code() == Some("NotFoundException") => return Ok(None),
            Err(error) => return Err(gateway.failed(&what, "apigateway:GET on it", &error)),
        };
        let settings = found.method_settings.unwrap_or_default().into_iter();
        let methods = settings.map(|(name, setting)| Some((name, method(&setting)?)));
        let methods: Option<std::collections::BTreeMap<_, _>> = methods.collect();
        let mut methods =
            methods.ok_or_else(|| gateway.odd(&what, "a log level is none that is known"))?;
        methods.entry(ALL.into()).or_default();
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Some(RestStage {
            methods,
            traced: found.tracing_enabled,
            certificate: said(found.client_certificate_id),
            acl: said(found.web_acl_arn),
            log_role: log_role?,
            tags: found.tags.unwrap_or_default().into_iter().collect(),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &RestStageId,
        changes: &[Swap<RestStageSetting>],
    ) -> Vec<Result<(), Error>> {
        let gateway = match self.apigateway.at(place).await {
            Ok(gateway) => gateway,
            Err(error) => return vec![Err(error); changes.len()],
        };
        if changes.is_empty() {
            return Vec::new();
        }
        let operation = |change: &Swap<RestStageSetting>| {
            let (path, value) = change.to.patch();
            PatchOperation::builder().op(Op::Replace).path(path).value(value).build()
        };
        let operations = changes.iter().map(operation).collect();
        let call = gateway.client.update_stage().rest_api_id(&id.api).stage_name(&id.stage);
        let sent = call.set_patch_operations(Some(operations)).send().await;
        let names: Vec<_> = changes.iter().map(|change| change.to.to_string()).collect();
        let what = format!("set {} of stage {id}", names.join(", "));
        let result =
            sent.map(drop).map_err(|error| gateway.failed(&what, "apigateway:PATCH on it", &error));
        vec![result; changes.len()]
    }
}

/// None: how much it writes down cannot be told.
fn method(setting: &MethodSetting) -> Option<Method> {
    let level = match setting.logging_level.as_deref() {
        None | Some("") => LogLevel::Off,
        Some(label) => LogLevel::from_label(label)?,
    };
    let (caching, encrypted) = (setting.caching_enabled, setting.cache_data_encrypted);
    Some(Method { level, caching, encrypted })
}

/// The role by which API Gateway writes logs in this account and Region, if there is one.
pub(crate) async fn log_role(gateway: &Local<Client>, what: &str) -> Result<Option<String>, Error> {
    let answer = gateway.client.get_account().send().await;
    let answer =
        answer.map_err(|error| gateway.failed(what, "apigateway:GET on the account", &error))?;
    Ok(answer.cloudwatch_role_arn.filter(|role| !role.is_empty()))
}
