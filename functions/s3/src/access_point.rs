//! Facet: what an access point refuses the public.

use aws_sdk_s3control::error::ProvideErrorMetadata;
use catalog::s3::{AccessPoint, AccessPointId};
use remedy::{Id, Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{S3, account_access::read};

impl Cloud<AccessPoint> for S3 {
    async fn load(
        &self,
        place: &Place,
        id: &AccessPointId,
        _: &[&Signal],
    ) -> Result<Option<AccessPoint>, Error> {
        let s3 = self.s3control.at(place).await?;
        let what = format!("read access point {id}");
        let call = s3.client.get_access_point().account_id(&place.account).name(&id.0);
        let found = match call.send().await {
            Ok(found) => found,
            Err(error) if error.code() == Some("NoSuchAccessPoint") => return Ok(None),
            Err(error) => return Err(s3.failed(&what, "s3:GetAccessPoint", &error)),
        };
        let call = s3.client.list_tags_for_resource().account_id(&place.account);
        let tags = call.resource_arn(id.arn(place)).send().await;
        let tags = tags.map_err(|error| s3.failed(&what, "s3:ListTagsForResource", &error))?;
        let tags = tags.tags.unwrap_or_default().into_iter();
        let block = found.public_access_block_configuration;
        Ok(Some(AccessPoint {
            bucket: found.bucket.unwrap_or_default(),
            vpc: found.vpc_configuration.map(|vpc| vpc.vpc_id),
            block: block.as_ref().map(read).unwrap_or_default(),
            tags: tags.map(|tag| (tag.key, tag.value)).collect(),
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &AccessPointId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
