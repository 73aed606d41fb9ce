//! Facet: whether Macie looks for sensitive data in buckets by itself.

use aws_sdk_macie2::types::{AutoEnableMode, AutomatedDiscoveryStatus};
use catalog::detect::{Discovery, DiscoveryId, DiscoverySetting, MacieState};
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Detect, macie::state};

impl Cloud<Discovery> for Detect {
    async fn load(
        &self,
        place: &Place,
        id: &DiscoveryId,
        _: &[&Signal],
    ) -> Result<Option<Discovery>, Error> {
        let macie = self.macie2.at(place).await?;
        let what = format!("read the automated discovery of Macie in account {id}");
        if state(&macie, &what).await? != MacieState::On {
            return Ok(Some(Discovery::default()));
        }
        let sent = macie.client.get_automated_discovery_configuration().send().await;
        let needs = "macie2:GetAutomatedDiscoveryConfiguration";
        let answer = sent.map_err(|error| macie.failed(&what, needs, &error))?;
        let on = match answer.status {
            Some(AutomatedDiscoveryStatus::Enabled) => true,
            Some(AutomatedDiscoveryStatus::Disabled) => false,
            other => return Err(macie.odd(&what, &format!("its status is {other:?}"))),
        };
        let members = answer.auto_enable_organization_members;
        let members = members.map(|mode| mode.as_str().to_owned());
        Ok(Some(Discovery { macie: true, on, members }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DiscoveryId,
        changes: &[Swap<DiscoverySetting>],
    ) -> Vec<Result<(), Error>> {
        let macie = match self.macie2.at(place).await {
            Ok(macie) => macie,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            let status = match change.to.on {
                true => AutomatedDiscoveryStatus::Enabled,
                false => AutomatedDiscoveryStatus::Disabled,
            };
            let members = change.to.members.as_deref().map(AutoEnableMode::from);
            let call = macie.client.update_automated_discovery_configuration().status(status);
            let sent = call.set_auto_enable_organization_members(members).send().await;
            let what = format!("set {} in account {id}", change.to);
            let needs = "macie2:UpdateAutomatedDiscoveryConfiguration";
            results.push(sent.map(drop).map_err(|error| macie.failed(&what, needs, &error)));
        }
        results
    }
}
