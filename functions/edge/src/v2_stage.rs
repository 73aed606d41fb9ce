//! Facet: how a stage of an HTTP or WebSocket API logs.

use aws_sdk_apigatewayv2::{
    Client,
    error::ProvideErrorMetadata,
    types::{AccessLogSettings, LoggingLevel, ProtocolType, RouteSettings},
};
use catalog::edge::{
    AccessLogs, LogLevel, Protocol, RouteDefaults, V2Stage, V2StageId, V2StageSetting,
};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Edge, rest_stage::log_role};

impl Cloud<V2Stage> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &V2StageId,
        _: &[&Signal],
    ) -> Result<Option<V2Stage>, Error> {
        let (gateway, first) =
            future::try_join(self.apigatewayv2.at(place), self.apigateway.at(place)).await?;
        let what = format!("read stage {id}");
        let (api, found, log_role) = future::join3(
            Box::pin(gateway.client.get_api().api_id(&id.api).send()),
            Box::pin(gateway.client.get_stage().api_id(&id.api).stage_name(&id.stage).send()),
            Box::pin(log_role(&first, &what)),
        )
        .await;
        let api = match api {
            Ok(api) => api,
            Err(error) if error.code() == Some("NotFoundException") => return Ok(None),
            Err(error) => return Err(gateway.failed(&what, "apigateway:GET on its API", &error)),
        };
        let found = match found {
            Ok(found) => found,
            Err(error) if error.code() == Some("NotFoundException") => return Ok(None),
            Err(error) => return Err(gateway.failed(&what, "apigateway:GET on it", &error)),
        };
        let protocol = match api.protocol_type {
            Some(ProtocolType::Http) => Protocol::Http,
            Some(ProtocolType::Websocket) => Protocol::WebSocket,
            other => return Err(gateway.odd(&what, &format!("its API speaks {other:?}"))),
        };
        let unknown = || gateway.odd(&what, "a log level is none that is known");
        let defaults = match &found.default_route_settings {
            Some(settings) => read(settings).ok_or_else(unknown)?,
            None => RouteDefaults::default(),
        };
        let routes = found.route_settings.unwrap_or_default().into_iter();
        let routes = routes.map(|(route, settings)| Some((route, read(&settings)?.level)));
        let routes: Option<_> = routes.collect();
        let accesses = found.access_log_settings.and_then(|settings| {
            let destination = settings.destination_arn.filter(|arn| !arn.is_empty())?;
            Some(AccessLogs { destination, format: settings.format.unwrap_or_default() })
        });
        Ok(Some(V2Stage {
            protocol,
            defaults,
            routes: routes.ok_or_else(unknown)?,
            accesses,
            log_role: log_role?,
            tags: found.tags.unwrap_or_default().into_iter().collect(),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &V2StageId,
        changes: &[Swap<V2StageSetting>],
    ) -> Vec<Result<(), Error>> {
        let gateway = match self.apigatewayv2.at(place).await {
            Ok(gateway) => gateway,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&gateway, id, &change.to).await);
        }
        results
    }
}

/// None: how much is written down cannot be told.
fn read(settings: &RouteSettings) -> Option<RouteDefaults> {
    let level = match &settings.logging_level {
        None => LogLevel::Off,
        Some(level) => LogLevel::from_label(level.as_str())?,
    };
    Some(RouteDefaults {
        level,
        traces_data: settings.data_trace_enabled,
        metrics: settings.detailed_metrics_enabled,
        burst: settings.throttling_burst_limit,
        rate: settings.throttling_rate_limit,
    })
}

async fn set(gateway: &Local<Client>, id: &V2StageId, to: &V2StageSetting) -> Result<(), Error> {
    let what = format!("set {to} of stage {id}");
    let update = gateway.client.update_stage().api_id(&id.api).stage_name(&id.stage);
    let update = match to {
        V2StageSetting::Defaults(defaults) => {
            let settings = RouteSettings::builder()
                .logging_level(LoggingLevel::from(defaults.level.label()))
                .set_data_trace_enabled(defaults.traces_data)
                .set_detailed_metrics_enabled(defaults.metrics)
                .set_throttling_burst_limit(defaults.burst)
                .set_throttling_rate_limit(defaults.rate);
            update.default_route_settings(settings.build())
        }
        V2StageSetting::Accesses(Some(AccessLogs { destination, format })) => {
            let settings = AccessLogSettings::builder().destination_arn(destination).format(format);
            update.access_log_settings(settings.build())
        }
        V2StageSetting::Accesses(None) => {
            let call = gateway.client.delete_access_log_settings().api_id(&id.api);
            return match call.stage_name(&id.stage).send().await {
                Ok(_) => Ok(()),
                Err(error) if error.code() == Some("NotFoundException") => Ok(()),
                Err(error) => {
                    let needs = "apigateway:DELETE on its access log settings";
                    Err(gateway.failed(&what, needs, &error))
                }
            };
        }
    };
    let needs = "apigateway:PATCH on it, and to let logs be delivered";
    update.send().await.map(drop).map_err(|error| gateway.failed(&what, needs, &error))
}
