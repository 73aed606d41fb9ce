//! Facet: what an access point of EFS holds those who use it to.

use aws_sdk_efs::error::ProvideErrorMetadata;
use catalog::data::{AccessPoint, AccessPointId};
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Data,
    file_system::{is_going, tags},
};

impl Cloud<AccessPoint> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &AccessPointId,
        _: &[&Signal],
    ) -> Result<Option<AccessPoint>, Error> {
        let efs = self.efs.at(place).await?;
        let what = format!("read access point {id}");
        let call = efs.client.describe_access_points().access_point_id(&id.0);
        let found = match call.send().await {
            Ok(answer) => answer.access_points.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("AccessPointNotFound") => None,
            Err(error) => {
                return Err(efs.failed(&what, "elasticfilesystem:DescribeAccessPoints", &error));
            }
        };
        let found = found.filter(|found| !found.life_cycle_state.as_ref().is_some_and(is_going));
        let Some(found) = found else { return Ok(None) };
        let why = "EFS does not tell its file system";
        Ok(Some(AccessPoint {
            file_system: found.file_system_id.ok_or_else(|| efs.odd(&what, why))?,
            root: found.root_directory.and_then(|root| root.path).unwrap_or_default(),
            user: found.posix_user.map(|user| (user.uid, user.gid)),
            tags: tags(found.tags.unwrap_or_default()),
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
