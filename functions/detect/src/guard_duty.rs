//! Facet: whether GuardDuty looks at an account and Region at all.

use aws_sdk_guardduty::{
    Client, error::ProvideErrorMetadata, operation::get_detector::GetDetectorOutput,
    types::DetectorStatus,
};
use catalog::detect::{DetectorState, GuardDuty, GuardDutyId};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Detect;

impl Cloud<GuardDuty> for Detect {
    async fn load(
        &self,
        place: &Place,
        id: &GuardDutyId,
        _: &[&Signal],
    ) -> Result<Option<GuardDuty>, Error> {
        let guardduty = self.guardduty.at(place).await?;
        let what = format!("read whether GuardDuty is on in account {id}");
        let Some(detector) = only(&guardduty, &what).await? else {
            return Ok(Some(GuardDuty::default()));
        };
        let Some(found) = detector_of(&guardduty, &detector, &what).await? else {
            return Ok(Some(GuardDuty::default()));
        };
        let state = match found.status {
            Some(DetectorStatus::Enabled) => DetectorState::On,
            Some(DetectorStatus::Disabled) => DetectorState::Suspended,
            other => return Err(guardduty.odd(&what, &format!("its status is {other:?}"))),
        };
        Ok(Some(GuardDuty { state, tags: found.tags.unwrap_or_default().into_iter().collect() }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &GuardDutyId,
        changes: &[Swap<DetectorState>],
    ) -> Vec<Result<(), Error>> {
        let guardduty = match self.guardduty.at(place).await {
            Ok(guardduty) => guardduty,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(self.set(&guardduty, id, change).await);
        }
        results
    }
}

impl Detect {
    async fn set(
        &self,
        guardduty: &Local<Client>,
        id: &GuardDutyId,
        change: &Swap<DetectorState>,
    ) -> Result<(), Error> {
        let what = format!("{change} in account {id}");
        let on = match change.to {
            DetectorState::Missing => return Err(guardduty.odd(&what, "a detector is not deleted")),
            DetectorState::Suspended => false,
            DetectorState::On => true,
        };
        // One may be there by now: an account has one at most.
        if let Some(detector) = only(guardduty, &what).await? {
            let sent =
                guardduty.client.update_detector().detector_id(detector).enable(on).send().await;
            return sent
                .map(drop)
                .map_err(|error| guardduty.failed(&what, "guardduty:UpdateDetector", &error));
        }
        let Some((key, value)) = self.opt_in.as_ref().filter(|_| on) else {
            return Err(guardduty.odd(&what, "there is no detector, and none is made here"));
        };
        let sent = guardduty.client.create_detector().enable(true).tags(key, value).send().await;
        sent.map(drop).map_err(|error| {
            guardduty.failed(
                &what,
                "guardduty:CreateDetector and iam:CreateServiceLinkedRole",
                &error,
            )
        })
    }
}

/// The only detector of the account in the Region, if it has one.
pub(crate) async fn only(guardduty: &Local<Client>, what: &str) -> Result<Option<String>, Error> {
    let answer = guardduty.client.list_detectors().send().await;
    let answer =
        answer.map_err(|error| guardduty.failed(what, "guardduty:ListDetectors", &error))?;
    Ok(answer.detector_ids.unwrap_or_default().into_iter().next())
}

/// A detector; none: it is gone, or somebody else's.
pub(crate) async fn detector_of(
    guardduty: &Local<Client>,
    detector: &str,
    what: &str,
) -> Result<Option<GetDetectorOutput>, Error> {
    match guardduty.client.get_detector().detector_id(detector).send().await {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(guardduty.failed(what, "guardduty:GetDetector", &error)),
    }
}

/// GuardDuty has one code for whatever is wrong with a request; its text tells.
pub(crate) fn is_gone(error: &impl ProvideErrorMetadata) -> bool {
    error.code() == Some("BadRequestException")
        && error.message().is_some_and(|text| text.contains("not owned by the current account"))
}
