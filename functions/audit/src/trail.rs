//! Facet: how a trail keeps what it records.

use aws_sdk_cloudtrail::{Client, error::ProvideErrorMetadata};
use catalog::audit::{Delivery, Trail, TrailId, TrailSetting};
use lambda::Local;
use remedy::{Arn, Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::Audit;

impl Cloud<Trail> for Audit {
    async fn load(
        &self,
        place: &Place,
        id: &TrailId,
        _: &[&Signal],
    ) -> Result<Option<Trail>, Error> {
        let cloudtrail = self.cloudtrail.at(place).await?;
        let what = format!("read trail {id}");
        let found = match cloudtrail.client.get_trail().name(&id.0).send().await {
            Ok(answer) => answer.trail,
            Err(error) if error.code() == Some("TrailNotFoundException") => None,
            Err(error) => return Err(cloudtrail.failed(&what, "cloudtrail:GetTrail", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let odd = |why| cloudtrail.odd(&what, why);
        let home = found.home_region.ok_or_else(|| odd("it does not say where it was made"))?;
        let arn = found.trail_arn.ok_or_else(|| odd("it does not say its ARN"))?;
        let account = Arn::parse(&arn).map(|arn| arn.account.to_owned());
        let organization = found.is_organization_trail;
        let organization = organization.ok_or_else(|| odd("it does not say whose it is"))?;
        let is_ours = home == place.region && arn == id.arn(place);
        let tags = if is_ours { tags(&cloudtrail, &arn).await? } else { Tags::new() };
        let validated = found.log_file_validation_enabled;
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let role = found.cloud_watch_logs_role_arn.unwrap_or_default();
        Ok(Some(Trail {
            account: account.ok_or_else(|| odd("its ARN is none"))?,
            home,
            organization,
            validated: validated.ok_or_else(|| odd("it does not say whether digests are kept"))?,
            delivery: filled(found.cloud_watch_logs_log_group_arn)
                .map(|group| Delivery { group, role }),
            key: filled(found.kms_key_id),
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &TrailId,
        changes: &[Swap<TrailSetting>],
    ) -> Vec<Result<(), Error>> {
        let cloudtrail = match self.cloudtrail.at(place).await {
            Ok(cloudtrail) => cloudtrail,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(set(&cloudtrail, id, &change.to)).await);
        }
        results
    }
}

async fn set(cloudtrail: &Local<Client>, id: &TrailId, to: &TrailSetting) -> Result<(), Error> {
    let call = cloudtrail.client.update_trail().name(&id.0);
    let (call, needs) = match to {
        TrailSetting::Validation(on) => {
            (call.enable_log_file_validation(*on), "cloudtrail:UpdateTrail")
        }
        TrailSetting::Delivery(Some(Delivery { group, role })) => (
            call.cloud_watch_logs_log_group_arn(group).cloud_watch_logs_role_arn(role),
            "cloudtrail:UpdateTrail, and iam:PassRole on the role",
        ),
        TrailSetting::Delivery(None) => (
            call.cloud_watch_logs_log_group_arn("").cloud_watch_logs_role_arn(""),
            "cloudtrail:UpdateTrail",
        ),
        TrailSetting::Key(key) => {
            (call.kms_key_id(key.as_deref().unwrap_or_default()), "cloudtrail:UpdateTrail")
        }
    };
    let what = format!("set {to} of trail {id}");
    call.send().await.map(drop).map_err(|error| cloudtrail.failed(&what, needs, &error))
}

/// The tags of what CloudTrail calls by this ARN.
pub(crate) async fn tags(cloudtrail: &Local<Client>, arn: &str) -> Result<Tags, Error> {
    let what = format!("read the tags of {arn}");
    let call = cloudtrail.client.list_tags().resource_id_list(arn);
    let answer = call.send().await;
    let answer = answer.map_err(|error| cloudtrail.failed(&what, "cloudtrail:ListTags", &error))?;
    let lists = answer.resource_tag_list.unwrap_or_default().into_iter();
    let own = lists.filter(|list| list.resource_id() == Some(arn));
    let tags = own.filter_map(|list| list.tags_list);
    Ok(tags.flatten().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect())
}
