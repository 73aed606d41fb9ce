//! Facet: how a stage of a REST API logs, traces and caches.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Arn, Case, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::word;

/// A stage of a REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestStageId {
    /// The API, such as `a1b2c3d4e5`.
    pub api: String,
    /// The stage, such as `prod`.
    pub stage: String,
}

/// How much a method writes down of what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Nothing.
    #[default]
    Off,
    /// What fails.
    Error,
    /// All of it.
    Info,
}

/// What holds for a method, or for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Method {
    /// How much it writes down.
    pub level: LogLevel,
    /// Whether answers are cached.
    pub caching: bool,
    /// Whether what is cached is encrypted.
    pub encrypted: bool,
}

/// A stage of a REST API.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestStage {
    /// What holds for methods, as AWS calls them: `*/*` is all that have nothing of their own, and is always
    /// there.
    pub methods: BTreeMap<String, Method>,
    /// Whether requests are traced.
    pub traced: bool,
    /// The certificate that it shows to what it calls, if it does.
    pub certificate: Option<String>,
    /// The web ACL before it, if there is one.
    pub acl: Option<String>,
    /// The role by which API Gateway writes logs in this account and Region, if there is one.
    pub log_role: Option<String>,
    /// The stage's tags.
    pub tags: Tags,
}

/// What a stage of a REST API is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestStageSetting {
    /// How much a method writes down.
    Level {
        /// Such as `*/*`.
        method: String,
        /// That much.
        level: LogLevel,
    },
    /// Whether what is cached of a method is encrypted.
    CacheEncryption {
        /// Such as `*/*`.
        method: String,
        /// Whether it is.
        on: bool,
    },
    /// Whether requests are traced.
    Tracing(bool),
}

const STAGES: &str = "arn:${AWS::Partition}:apigateway:*::/restapis/*/stages/*";
const UPDATE: &[Action] = &[Action::on(STAGES, "apigateway:PATCH").tagged()];
/// Who writes logs for API Gateway is set once for the account and Region.
pub(super) const GET_ACCOUNT: Action =
    Action::on("arn:${AWS::Partition}:apigateway:*::/account", "apigateway:GET");

/// The API and the stage that a path names, if it begins with `kind`.
pub(super) fn stage_of(resource: &str, kind: &str) -> Option<(String, String)> {
    let arn = Arn::parse(resource).filter(|arn| arn.service == "apigateway")?;
    let (api, stage) = arn.resource.strip_prefix(kind)?.split_once("/stages/")?;
    let is_api = !api.is_empty() && api.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_stage = |b: u8| b.is_ascii_alphanumeric() || b"-_$".contains(&b);
    let is_stage = !stage.is_empty() && stage.bytes().all(is_stage);
    (is_api && is_stage).then(|| (api.to_owned(), stage.to_owned()))
}

impl LogLevel {
    /// As AWS writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Error => "ERROR",
            Self::Info => "INFO",
        }
    }
    /// The reverse of [`label`](Self::label).
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Off, Self::Error, Self::Info].into_iter().find(|level| level.label() == label)
    }
    /// What the control asks for: its own parameter where that is passed and can be read.
    pub(super) fn wanted(case: &Case<'_>) -> Self {
        let mut given = case.signal.parameters.iter();
        let given = given.find(|(key, _)| key.eq_ignore_ascii_case("loggingLevel"));
        let values = given.map(|(_, values)| values.as_slice()).unwrap_or_default();
        let levels: Vec<_> =
            values.iter().filter_map(|value| Self::from_label(value.trim())).collect();
        match levels.as_slice() {
            // Where either will do, the lesser one does.
            [Self::Info] => Self::Info,
            _ => Self::Error,
        }
    }
}

impl Id for RestStageId {
    const TYPE: &'static str = "AWS::ApiGateway::Stage";

    fn locate(resource: &str) -> Option<Self> {
        let (api, stage) = stage_of(resource, "/restapis/")?;
        Some(Self { api, stage })
    }
    fn arn(&self, Place { partition, region, .. }: &Place) -> String {
        let Self { api, stage } = self;
        format!("arn:{partition}:apigateway:{region}::/restapis/{api}/stages/{stage}")
    }
    fn link(&self, place: &Place) -> String {
        let (console, region, Self { api, stage }) = (place.console(), &place.region, self);
        format!(
            "{console}/apigateway/main/apis/{api}/stages?api={api}&region={region}&stage={stage}"
        )
    }
}

impl fmt::Display for RestStageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.api, self.stage)
    }
}

impl Facet for RestStage {
    type Id = RestStageId;
    type Change = Swap<RestStageSetting>;

    const NAME: &'static str = "stage of a REST API";
    const READS: &'static [Action] = &[GET_ACCOUNT, Action::on(STAGES, "apigateway:GET")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<RestStageSetting>) -> Self {
        match &change.to {
            RestStageSetting::Level { method, level } => {
                self.methods.entry(method.clone()).or_default().level = *level;
            }
            RestStageSetting::CacheEncryption { method, on } => {
                self.methods.entry(method.clone()).or_default().encrypted = *on;
            }
            RestStageSetting::Tracing(on) => self.traced = *on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &RestStageId,
        changes: &[Swap<RestStageSetting>],
    ) -> Vec<String> {
        let operation = |change: &Swap<RestStageSetting>| {
            let (path, value) = change.to.patch();
            quoted(&format!("op=replace,path={path},value={value}"))
        };
        let operations: Vec<_> = changes.iter().map(operation).collect();
        if operations.is_empty() {
            return Vec::new();
        }
        vec![id.update(place, &operations.join(" "))]
    }
}

impl RestStageId {
    /// The command that makes these changes.
    pub(super) fn update(&self, place: &Place, operations: &str) -> String {
        let (region, Self { api, stage }) = (&place.region, self);
        format!(
            "aws apigateway update-stage --region {region} --rest-api-id {api} --stage-name {} \
             --patch-operations {operations}",
            quoted(stage)
        )
    }
}

impl RestStageSetting {
    /// What of the stage is replaced, and by what.
    pub fn patch(&self) -> (String, String) {
        match self {
            Self::Level { method, level } => {
                (format!("/{}/logging/loglevel", pointer(method)), level.label().into())
            }
            Self::CacheEncryption { method, on } => {
                (format!("/{}/caching/dataEncrypted", pointer(method)), on.to_string())
            }
            Self::Tracing(on) => ("/tracingEnabled".into(), on.to_string()),
        }
    }
}

/// A method as patches name it: slashes of its path are written `~1`.
fn pointer(method: &str) -> String {
    match method.rsplit_once('/') {
        Some((path, verb)) => format!("{}/{verb}", path.replace('/', "~1")),
        None => method.to_owned(),
    }
}

impl Setting for RestStageSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for RestStageSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level { method, level } => write!(f, "log level of {method} {}", level.label()),
            Self::CacheEncryption { method, on } => {
                write!(f, "encryption of the cache of {method} {}", word(*on))
            }
            Self::Tracing(on) => write!(f, "tracing {}", word(*on)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_stage_of_a_rest_api_is_located() {
        let id =
            RestStageId::locate("arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod").unwrap();
        assert_eq!(id.to_string(), "a1/prod");
        for other in [
            "a1/prod",
            "arn:aws:apigateway:eu-west-1::/apis/a1/stages/prod",
            "arn:aws:apigateway:eu-west-1::/restapis/a1",
            "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/",
            "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod/x",
            "",
        ] {
            assert_eq!(RestStageId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn a_method_is_named_by_its_path_with_escaped_slashes() {
        for (method, path) in [
            ("*/*", "/*/*/logging/loglevel"),
            ("~1pets~1{id}/GET", "/~1pets~1{id}/GET/logging/loglevel"),
            ("/pets/{id}/GET", "/~1pets~1{id}/GET/logging/loglevel"),
        ] {
            let setting = RestStageSetting::Level { method: method.into(), level: LogLevel::Error };
            assert_eq!(setting.patch(), (path.into(), "ERROR".into()));
        }
    }
}
