//! Facet: how a secret is rotated, and when it was last used.

use aws_sdk_secretsmanager::{
    Client,
    error::ProvideErrorMetadata,
    types::builders::RotationRulesTypeBuilder,
    types::{RotationRulesType, Tag},
};
use catalog::secrets::{RotationRule, Secret, SecretId, SecretSetting};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Secrets, time};

impl Cloud<Secret> for Secrets {
    async fn load(
        &self,
        place: &Place,
        id: &SecretId,
        _: &[&Signal],
    ) -> Result<Option<Secret>, Error> {
        let secrets = self.secretsmanager.at(place).await?;
        let what = format!("read how secret {id} is kept");
        let call = secrets.client.describe_secret().secret_id(id.arn(place));
        let found = match call.send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(None),
            Err(error) => {
                return Err(secrets.failed(&what, "secretsmanager:DescribeSecret", &error));
            }
        };
        let rule = found.rotation_rules.map(rule);
        let (rotation, former) = match found.rotation_enabled {
            Some(true) => (Some(rule.unwrap_or_default()), None),
            Some(false) | None => (None, rule),
        };
        let created = found.created_date.and_then(time);
        Ok(Some(Secret {
            rotation,
            former,
            function: found.rotation_lambda_arn,
            rotated: found.last_rotated_date.and_then(time),
            next: found.next_rotation_date.and_then(time),
            accessed: found.last_accessed_date.and_then(time),
            created: created
                .ok_or_else(|| secrets.odd(&what, "it does not say when it was made"))?,
            changed: found.last_changed_date.and_then(time),
            copy_of: found.primary_region.filter(|region| *region != place.region),
            service: found.owning_service.filter(|service| !service.is_empty()),
            is_leaving: found.deleted_date.is_some(),
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &SecretId,
        changes: &[Swap<SecretSetting>],
    ) -> Vec<Result<(), Error>> {
        let secrets = match self.secretsmanager.at(place).await {
            Ok(secrets) => secrets,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&secrets, id, &id.arn(place), &change.to).await);
        }
        results
    }
}

/// Days are only given where there is no schedule: else Secrets Manager works them out from that.
fn rule(rules: RotationRulesType) -> RotationRule {
    let days = rules.automatically_after_days.and_then(|days| days.try_into().ok());
    RotationRule {
        days: days.filter(|_| rules.schedule_expression.is_none()),
        schedule: rules.schedule_expression,
        window: rules.duration,
    }
}

fn rules(rule: &RotationRule) -> RotationRulesTypeBuilder {
    let days = rule.days.filter(|_| rule.schedule.is_none());
    RotationRulesType::builder()
        .set_automatically_after_days(days.map(i64::from))
        .set_schedule_expression(rule.schedule.clone())
        .set_duration(rule.window.clone())
}

async fn set(
    secrets: &Local<Client>,
    id: &SecretId,
    arn: &str,
    to: &SecretSetting,
) -> Result<(), Error> {
    let what = format!("set {to} of secret {id}");
    let SecretSetting::Rotation(rotation) = to;
    match rotation {
        None => {
            let done = secrets.client.cancel_rotate_secret().secret_id(arn).send().await.map(drop);
            done.map_err(|error| secrets.failed(&what, "secretsmanager:CancelRotateSecret", &error))
        }
        Some(rule) => {
            let call = secrets.client.rotate_secret().secret_id(arn).rotate_immediately(false);
            let done = call.rotation_rules(rules(rule).build()).send().await.map(drop);
            let needs = "secretsmanager:RotateSecret, and lambda:InvokeFunction on its function, \
                         which must be opted in, too";
            done.map_err(|error| secrets.failed(&what, needs, &error))
        }
    }
}

fn tags(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}
