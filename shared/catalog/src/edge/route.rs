//! Facet: how a route of an HTTP or WebSocket API knows its callers.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

/// A route of an HTTP or WebSocket API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteId {
    /// The API, such as `a1b2c3d4e5`.
    pub api: String,
    /// The route, such as `f6g7h8i`.
    pub route: String,
}

/// A route, as far as its callers go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Route {
    /// Such as `GET /pets`.
    pub key: String,
    /// Such as `NONE` or `JWT`.
    pub authorization: String,
    /// The API's tags: routes have none.
    pub tags: Tags,
}

impl Id for RouteId {
    const TYPE: &'static str = "AWS::ApiGatewayV2::Route";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "apigateway")?;
        let (api, route) = arn.resource.strip_prefix("/apis/")?.split_once("/routes/")?;
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
        (is_id(api) && is_id(route)).then(|| Self { api: api.into(), route: route.into() })
    }
    fn arn(&self, Place { partition, region, .. }: &Place) -> String {
        format!("arn:{partition}:apigateway:{region}::/apis/{}/routes/{}", self.api, self.route)
    }
    fn link(&self, place: &Place) -> String {
        let (console, region, Self { api, route }) = (place.console(), &place.region, self);
        format!("{console}/apigateway/main/develop/routes?api={api}&region={region}&routes={route}")
    }
}

impl fmt::Display for RouteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.api, self.route)
    }
}

impl Facet for Route {
    type Id = RouteId;
    type Change = Never;

    const NAME: &'static str = "route of an API";
    const READS: &'static [Action] = &[
        Action::on("arn:${AWS::Partition}:apigateway:*::/apis/*", "apigateway:GET"),
        Action::on("arn:${AWS::Partition}:apigateway:*::/apis/*/routes/*", "apigateway:GET"),
    ];

    fn label(&self) -> Option<&str> {
        Some(&self.key)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &RouteId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}
