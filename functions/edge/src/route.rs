//! Facet: how a route of an HTTP or WebSocket API knows its callers.

use aws_sdk_apigatewayv2::error::ProvideErrorMetadata;
use catalog::edge::{Route, RouteId};
use futures_util::future;
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::Edge;

impl Cloud<Route> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &RouteId,
        _: &[&Signal],
    ) -> Result<Option<Route>, Error> {
        let gateway = self.apigatewayv2.at(place).await?;
        let what = format!("read route {id}");
        let (api, found) = future::join(
            Box::pin(gateway.client.get_api().api_id(&id.api).send()),
            Box::pin(gateway.client.get_route().api_id(&id.api).route_id(&id.route).send()),
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
        let authorization =
            found.authorization_type.map_or("NONE".into(), |kind| kind.as_str().to_owned());
        Ok(Some(Route {
            key: found.route_key.unwrap_or_default(),
            authorization,
            tags: api.tags.unwrap_or_default().into_iter().collect(),
        }))
    }

    async fn apply(&self, _: &Place, _: &RouteId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
