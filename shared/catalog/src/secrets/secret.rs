//! Facet: how a secret is rotated, and when it was last used.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Arn, Facet, Id, Owner, Place, Setting, Swap, Tags, Timestamp, quoted};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What names a secret: its name and what Secrets Manager hangs on it, such as `web/db-a1B2c3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretId(pub String);

impl Id for SecretId {
    const TYPE: &'static str = "AWS::SecretsManager::Secret";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "secretsmanager")?;
        let name = arn.resource.strip_prefix("secret:")?;
        let is_name = name.len() > 7
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+=.@-!".contains(&b));
        is_name.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let (console, region, arn) = (place.console(), &place.region, self.arn(place));
        format!("{console}/secretsmanager/secret?name={arn}&region={region}")
    }
}

impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A secret; never what is kept in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secret {
    /// When it is rotated, if it is.
    pub rotation: Option<RotationRule>,
    /// When it was rotated before somebody turned that off.
    pub former: Option<RotationRule>,
    /// The ARN of the function that rotates it, or would.
    pub function: Option<String>,
    /// When it was last rotated.
    pub rotated: Option<Timestamp>,
    /// When it is to be rotated at the latest.
    pub next: Option<Timestamp>,
    /// When somebody last read it.
    pub accessed: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When somebody wrote to it, or changed how it is kept.
    pub changed: Option<Timestamp>,
    /// The Region of the secret that this one is a copy of.
    pub copy_of: Option<String>,
    /// The service of AWS that made it, and looks after it.
    pub service: Option<String>,
    /// Whether it is about to be deleted.
    pub is_leaving: bool,
    /// The secret's tags.
    pub tags: Tags,
}

/// When a secret is rotated: after so many days, or by a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RotationRule {
    /// After how many days, where there is no schedule.
    pub days: Option<u32>,
    /// Such as `rate(10 days)` or `cron(0 8 1 * ? *)`.
    pub schedule: Option<String>,
    /// How long rotation may take, such as `3h`.
    pub window: Option<String>,
}

impl RotationRule {
    /// Every `days` days.
    pub fn every(days: u32) -> Self {
        Self { days: Some(days), ..Self::default() }
    }

    /// How many days pass between two rotations at most, where that can be told.
    pub fn period(&self) -> Option<u32> {
        let Some(schedule) = &self.schedule else { return self.days };
        let rate = schedule.strip_prefix("rate(")?.strip_suffix(')')?;
        let (number, unit) = rate.split_once(' ')?;
        let number: u32 = number.parse().ok()?;
        match unit.trim_end_matches('s') {
            "day" => Some(number),
            "hour" => Some(number.div_ceil(24)),
            _ => None,
        }
    }

    /// Whether it is as often as every `days` days, as far as that can be told.
    pub fn is_within(&self, days: u32) -> bool {
        self.period().is_none_or(|period| period <= days)
    }
}

impl Secret {
    /// Since when nobody has read it; one that nobody ever read counts from when it was made.
    pub fn idle_since(&self) -> Timestamp {
        self.accessed.map_or(self.created, |accessed| accessed.max(self.created))
    }
}

/// What a secret is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretSetting {
    /// When it is rotated, if it is.
    Rotation(Option<RotationRule>),
}

const SECRETS: &str = "arn:${AWS::Partition}:secretsmanager:*:${AWS::AccountId}:secret:*";
const FUNCTIONS: &str = "arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:*";

// Secrets Manager asks that who turns rotation on may call the function that rotates: it is opted in, too.
const ROTATE: &[Action] = &[
    Action::on(FUNCTIONS, "lambda:InvokeFunction").tagged(),
    Action::on(SECRETS, "secretsmanager:RotateSecret").tagged(),
];
const CANCEL: &[Action] = &[Action::on(SECRETS, "secretsmanager:CancelRotateSecret").tagged()];

impl Facet for Secret {
    type Id = SecretId;
    type Change = Swap<SecretSetting>;

    const NAME: &'static str = "secret";
    const READS: &'static [Action] = &[Action::on(SECRETS, "secretsmanager:DescribeSecret")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn owner(&self) -> Option<Owner> {
        let is_rds = self.service.as_deref() == Some("rds");
        is_rds.then(|| Owner::new("rds", "the database that the secret is for"))
    }

    fn after(self, change: &Swap<SecretSetting>) -> Self {
        let SecretSetting::Rotation(rotation) = &change.to;
        Self { rotation: rotation.clone(), ..self }
    }

    fn commands(place: &Place, id: &SecretId, changes: &[Swap<SecretSetting>]) -> Vec<String> {
        let command = |change: &Swap<SecretSetting>| {
            let secret = secret_of(place, id);
            let SecretSetting::Rotation(rotation) = &change.to;
            match rotation {
                None => format!("aws secretsmanager cancel-rotate-secret {secret}"),
                Some(rule) => format!(
                    "aws secretsmanager rotate-secret {secret} --no-rotate-immediately --rotation-rules {}",
                    quoted(&rule.given())
                ),
            }
        };
        changes.iter().map(command).collect()
    }
}

/// How the AWS CLI is told which secret is meant.
pub(super) fn secret_of(place: &Place, id: &SecretId) -> String {
    format!("--region {} --secret-id {}", place.region, quoted(&id.arn(place)))
}

impl RotationRule {
    /// As Secrets Manager takes it: days, or a schedule.
    fn given(&self) -> String {
        let when = match (&self.schedule, self.days) {
            (Some(schedule), _) => Some(("ScheduleExpression", schedule.clone().into())),
            (None, Some(days)) => Some(("AutomaticallyAfterDays", days.into())),
            (None, None) => None,
        };
        let window = self.window.clone().map(|window| ("Duration", window.into()));
        let fields: BTreeMap<_, serde_json::Value> = when.into_iter().chain(window).collect();
        json!(fields).to_string()
    }
}

impl Setting for SecretSetting {
    const MAKE: &'static [Action] = ROTATE;
    const UNDO: &'static [Action] = &[
        Action::on(FUNCTIONS, "lambda:InvokeFunction").tagged(),
        Action::on(SECRETS, "secretsmanager:CancelRotateSecret").tagged(),
        Action::on(SECRETS, "secretsmanager:RotateSecret").tagged(),
    ];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Rotation(Some(_)) => ROTATE,
            Self::Rotation(None) => CANCEL,
        }
    }
}

impl fmt::Display for SecretSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation(None) => f.write_str("rotation off"),
            Self::Rotation(Some(rule)) => match (&rule.schedule, rule.days) {
                (Some(schedule), _) => write!(f, "rotation by {schedule}"),
                (None, Some(days)) => write!(f, "rotation every {days} days"),
                (None, None) => f.write_str("rotation on"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-a1B2c3";

    #[test]
    fn only_a_secret_is_located() {
        assert_eq!(SecretId::locate(ARN), Some(SecretId("web/db-a1B2c3".into())));
        for other in [
            "web/db",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a b-a1B2c3",
            "arn:aws:ssm:eu-west-1:111122223333:secret:web/db-a1B2c3",
        ] {
            assert_eq!(SecretId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn a_period_is_told_where_it_can_be() {
        let by = |schedule: &str| RotationRule {
            schedule: Some(schedule.into()),
            ..RotationRule::every(5)
        };
        for (rule, period) in [
            (RotationRule::every(30), Some(30)),
            (by("rate(10 days)"), Some(10)),
            (by("rate(1 day)"), Some(1)),
            (by("rate(36 hours)"), Some(2)),
            (by("cron(0 8 1 * ? *)"), None),
            (by("rate(x)"), None),
            (RotationRule::default(), None),
        ] {
            assert_eq!(rule.period(), period, "{rule:?}");
        }
    }

    #[test]
    fn the_command_gives_days_or_a_schedule() {
        let place = Place::new("111122223333", "eu-west-1");
        let id = SecretId("web/db-a1B2c3".into());
        let to =
            |rule| Swap { from: SecretSetting::Rotation(None), to: SecretSetting::Rotation(rule) };
        let by_schedule = RotationRule {
            schedule: Some("rate(10 days)".into()),
            window: Some("3h".into()),
            ..RotationRule::every(10)
        };
        let commands = Secret::commands(&place, &id, &[to(Some(by_schedule)), to(None)]);
        assert_eq!(
            commands[0],
            format!(
                "aws secretsmanager rotate-secret --region eu-west-1 --secret-id {ARN} \
                 --no-rotate-immediately --rotation-rules \
                 '{{\"Duration\":\"3h\",\"ScheduleExpression\":\"rate(10 days)\"}}'"
            )
        );
        let cancel = "aws secretsmanager cancel-rotate-secret --region eu-west-1 --secret-id ";
        assert_eq!(commands[1], format!("{cancel}{ARN}"));
    }
}
