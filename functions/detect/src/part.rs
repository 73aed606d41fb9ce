//! Facet: the tags of a detector of GuardDuty, or of a filter or list of one.

use catalog::detect::{DetectorPart, DetectorPartId};
use remedy::{Id as _, Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{Detect, guard_duty::is_gone};

impl Cloud<DetectorPart> for Detect {
    async fn load(
        &self,
        place: &Place,
        id: &DetectorPartId,
        _: &[&Signal],
    ) -> Result<Option<DetectorPart>, Error> {
        let guardduty = self.guardduty.at(place).await?;
        let call = guardduty.client.list_tags_for_resource().resource_arn(id.arn(place));
        match call.send().await {
            Ok(answer) => Ok(Some(DetectorPart {
                tags: answer.tags.unwrap_or_default().into_iter().collect(),
            })),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => {
                let what = format!("read the tags of detector {id}");
                Err(guardduty.failed(&what, "guardduty:ListTagsForResource", &error))
            }
        }
    }

    async fn apply(
        &self,
        _: &Place,
        _: &DetectorPartId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
