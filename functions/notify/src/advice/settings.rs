//! Whether a model is asked, which, where, and as whom.

use std::time::Duration;

use remedy::{Arn, Parameter, Place, Settings, Wrong};

/// Which model.
const ADVICE_MODEL_ID: Parameter = Parameter {
    name: "AdviceModelId",
    default: "",
    allowed: "the id or ARN of a model or an inference profile of Amazon Bedrock, or nothing",
    about: "the model that explains what nobody repairs; without it nothing leaves the account",
};
/// Where it is.
const ADVICE_REGION: Parameter = Parameter {
    name: "AdviceRegion",
    default: "",
    allowed: "a Region, or nothing for the stack's own",
    about: "the Region that the model is asked in",
};
/// Who asks.
const ADVICE_ROLE_ARN: Parameter = Parameter {
    name: "AdviceRoleArn",
    default: "",
    allowed: "the ARN of a role, or nothing for the function's own",
    about: "the role that asks the model, also in another account",
};
/// How long it may take.
const ADVICE_SECONDS: Parameter = Parameter {
    name: "AdviceSeconds",
    default: "8",
    allowed: "a whole number from 1 to 15",
    about: "how many seconds asking a model may take; after that the catalog's words are told",
};
/// Where it is kept.
const ADVICE_BUCKET: Parameter = Parameter {
    name: "AdviceBucket",
    default: "",
    allowed: "the name of the stack's bucket for reports, or nothing",
    about: "where is kept what models were asked and what they answered",
};

/// What an operator sets, in the order of the template.
pub const PARAMETERS: &[Parameter] =
    &[ADVICE_MODEL_ID, ADVICE_REGION, ADVICE_ROLE_ARN, ADVICE_SECONDS];
/// What the template gives, and no operator sets.
pub const WIRING: &[Parameter] = &[ADVICE_BUCKET];

/// All of them, read and checked.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) model: String,
    pub(super) region: Option<String>,
    pub(super) role: Option<String>,
    pub(super) patience: Duration,
    pub(super) bucket: String,
}

impl Setup {
    pub(super) fn read(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self {
            model: settings.read(&ADVICE_MODEL_ID, model)?,
            region: maybe(settings, &ADVICE_REGION, is_region)?,
            role: maybe(settings, &ADVICE_ROLE_ARN, is_role)?,
            patience: settings.read(&ADVICE_SECONDS, seconds)?,
            bucket: settings.text(&ADVICE_BUCKET).to_owned(),
        })
    }
}

fn model(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".:/_-".contains(c);
    (text.len() <= 256 && text.chars().all(plain)).then(|| text.to_owned())
}

/// Nothing is nothing; something has to be right.
fn maybe(
    settings: &Settings,
    parameter: &Parameter,
    is_right: fn(&str) -> bool,
) -> Result<Option<String>, Wrong> {
    let read = |text: &str| (text.is_empty() || is_right(text)).then(|| text.to_owned());
    settings.read(parameter, read).map(|text| Some(text).filter(|text| !text.is_empty()))
}

fn is_region(text: &str) -> bool {
    Place::new("111122223333", text).is_plausible()
}

fn is_role(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_+=,.@-".contains(c);
    Arn::parse(text).is_some_and(|arn| {
        let name = arn.resource.strip_prefix("role/").unwrap_or_default();
        let is_account = arn.account.len() == 12 && arn.account.bytes().all(|b| b.is_ascii_digit());
        arn.service == "iam" && is_account && !name.is_empty() && name.chars().all(plain)
    })
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds = text.parse().ok().filter(|seconds| (1..=15).contains(seconds))?;
    Some(Duration::from_secs(seconds))
}
