//! Facet: how a Lambda function is set up.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{FunctionName, function_access::FUNCTIONS};

/// A Lambda function, as far as its set-up goes. Its variables are not read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FunctionSetup {
    /// The function's name.
    pub name: String,
    /// Such as `python3.13`; none for container images.
    pub runtime: Option<String>,
    /// The role it runs as.
    pub role: String,
    /// The VPC it is in, if it is in one.
    pub vpc: Option<String>,
    /// Whether it samples and traces requests by itself.
    pub traces: bool,
    /// The function's tags.
    pub tags: Tags,
}

/// What a function is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionSetting {
    /// Whether it samples and traces requests by itself.
    Tracing(bool),
}

const UPDATE: &[Action] = &[Action::on(FUNCTIONS, "lambda:UpdateFunctionConfiguration").tagged()];

impl Facet for FunctionSetup {
    type Id = FunctionName;
    type Change = Swap<FunctionSetting>;

    const NAME: &'static str = "Lambda function";
    const READS: &'static [Action] = &[
        Action::on(FUNCTIONS, "lambda:GetFunctionConfiguration"),
        Action::on(FUNCTIONS, "lambda:ListTags"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<FunctionSetting>) -> Self {
        match change.to {
            FunctionSetting::Tracing(on) => self.traces = on,
        }
        self
    }

    fn commands(
        place: &Place,
        id: &FunctionName,
        changes: &[Swap<FunctionSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<FunctionSetting>| {
            let FunctionSetting::Tracing(on) = change.to;
            let mode = if on { "Active" } else { "PassThrough" };
            format!(
                "aws lambda update-function-configuration --region {} --function-name {} --tracing-config Mode={mode}",
                place.region,
                quoted(&id.0)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for FunctionSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for FunctionSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Tracing(on) = self;
        write!(f, "active tracing {}", if *on { "on" } else { "off" })
    }
}
