//! Facet: how a stage of an HTTP or WebSocket API logs.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    LogLevel,
    rest_stage::{GET_ACCOUNT, stage_of},
};

/// A stage of an HTTP or WebSocket API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct V2StageId {
    /// The API, such as `a1b2c3d4e5`.
    pub api: String,
    /// The stage, such as `$default`.
    pub stage: String,
}

/// What an API speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Requests and answers.
    #[default]
    Http,
    /// Messages both ways.
    WebSocket,
}

/// What holds for all routes that have nothing of their own. What is not said holds AWS's default for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RouteDefaults {
    /// How much is written down.
    pub level: LogLevel,
    /// Whether messages are written down in full.
    pub traces_data: Option<bool>,
    /// Whether there are metrics for each route.
    pub metrics: Option<bool>,
    /// How many at once.
    pub burst: Option<i32>,
    /// How many a second.
    pub rate: Option<f64>,
}

/// Where accesses are written down, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessLogs {
    /// The ARN of a log group or a delivery stream.
    pub destination: String,
    /// One line an access.
    pub format: String,
}

/// A stage of an HTTP or WebSocket API.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct V2Stage {
    /// What its API speaks.
    pub protocol: Protocol,
    /// What holds for all routes that have nothing of their own.
    pub defaults: RouteDefaults,
    /// How much the routes write down that have something of their own.
    pub routes: BTreeMap<String, LogLevel>,
    /// Where accesses are written down, if they are.
    pub accesses: Option<AccessLogs>,
    /// The role by which API Gateway writes logs in this account and Region, if there is one.
    pub log_role: Option<String>,
    /// The stage's tags.
    pub tags: Tags,
}

/// What a stage of an HTTP or WebSocket API is set to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum V2StageSetting {
    /// What holds for all routes that have nothing of their own.
    Defaults(RouteDefaults),
    /// Where accesses are written down.
    Accesses(Option<AccessLogs>),
}

const APIS: &str = "arn:${AWS::Partition}:apigateway:*::/apis/*";
const STAGES: &str = "arn:${AWS::Partition}:apigateway:*::/apis/*/stages/*";
const UPDATE: Action = Action::on(STAGES, "apigateway:PATCH").tagged();
const DELETE: Action = Action::on(
    "arn:${AWS::Partition}:apigateway:*::/apis/*/stages/*/accesslogsettings",
    "apigateway:DELETE",
)
.tagged();
/// Whoever lets an API write into a log group must be able to let logs be delivered.
const DELIVER: [Action; 4] = [
    Action::on("*", "logs:CreateLogDelivery"),
    Action::on("*", "logs:GetLogDelivery"),
    Action::on("*", "logs:ListLogDeliveries"),
    Action::on("*", "logs:UpdateLogDelivery"),
];
const STOP_DELIVERING: Action = Action::on("*", "logs:DeleteLogDelivery");

impl Id for V2StageId {
    const TYPE: &'static str = "AWS::ApiGatewayV2::Stage";

    fn locate(resource: &str) -> Option<Self> {
        let (api, stage) = stage_of(resource, "/apis/")?;
        Some(Self { api, stage })
    }
    fn arn(&self, Place { partition, region, .. }: &Place) -> String {
        let Self { api, stage } = self;
        format!("arn:{partition}:apigateway:{region}::/apis/{api}/stages/{stage}")
    }
    fn link(&self, place: &Place) -> String {
        let (console, region, Self { api, .. }) = (place.console(), &place.region, self);
        format!("{console}/apigateway/main/develop/stages?api={api}&region={region}")
    }
}

impl fmt::Display for V2StageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.api, self.stage)
    }
}

impl Facet for V2Stage {
    type Id = V2StageId;
    type Change = Swap<V2StageSetting>;

    const NAME: &'static str = "stage of an HTTP or WebSocket API";
    const READS: &'static [Action] =
        &[GET_ACCOUNT, Action::on(APIS, "apigateway:GET"), Action::on(STAGES, "apigateway:GET")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<V2StageSetting>) -> Self {
        match &change.to {
            V2StageSetting::Defaults(defaults) => self.defaults = defaults.clone(),
            V2StageSetting::Accesses(accesses) => self.accesses.clone_from(accesses),
        }
        self
    }

    fn commands(place: &Place, id: &V2StageId, changes: &[Swap<V2StageSetting>]) -> Vec<String> {
        let command = |change: &Swap<V2StageSetting>| {
            let (verb, rest) = match &change.to {
                V2StageSetting::Defaults(defaults) => (
                    "update-stage",
                    format!(" --default-route-settings {}", quoted(&defaults.words())),
                ),
                V2StageSetting::Accesses(None) => ("delete-access-log-settings", String::new()),
                V2StageSetting::Accesses(Some(AccessLogs { destination, format })) => {
                    let settings =
                        serde_json::json!({ "DestinationArn": destination, "Format": format })
                            .to_string();
                    ("update-stage", format!(" --access-log-settings {}", quoted(&settings)))
                }
            };
            let (region, V2StageId { api, stage }) = (&place.region, id);
            format!(
                "aws apigatewayv2 {verb} --region {region} --api-id {api} --stage-name {}{rest}",
                quoted(stage)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl RouteDefaults {
    /// As the AWS CLI takes them.
    fn words(&self) -> String {
        let said = [
            Some(format!("LoggingLevel={}", self.level.label())),
            self.traces_data.map(|on| format!("DataTraceEnabled={on}")),
            self.metrics.map(|on| format!("DetailedMetricsEnabled={on}")),
            self.burst.map(|burst| format!("ThrottlingBurstLimit={burst}")),
            self.rate.map(|rate| format!("ThrottlingRateLimit={rate}")),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(",")
    }
}

impl Setting for V2StageSetting {
    const MAKE: &'static [Action] = &[UPDATE, DELIVER[0], DELIVER[1], DELIVER[2], DELIVER[3]];
    const UNDO: &'static [Action] =
        &[UPDATE, DELETE, DELIVER[0], DELIVER[1], DELIVER[2], DELIVER[3], STOP_DELIVERING];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Defaults(_) => &[UPDATE],
            Self::Accesses(Some(_)) => Self::MAKE,
            Self::Accesses(None) => const { &[DELETE, DELIVER[1], DELIVER[2], STOP_DELIVERING] },
        }
    }
}

impl fmt::Display for V2StageSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults(defaults) => write!(f, "log level {}", defaults.level.label()),
            Self::Accesses(None) => f.write_str("access logs off"),
            Self::Accesses(Some(AccessLogs { destination, .. })) => {
                write!(f, "access logs to {destination}")
            }
        }
    }
}
