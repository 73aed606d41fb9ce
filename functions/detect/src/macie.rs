//! Facet: whether Macie looks at the buckets of an account and Region.

use aws_sdk_macie2::{Client, error::ProvideErrorMetadata, types::MacieStatus};
use catalog::detect::{Macie, MacieId, MacieState};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Detect;

impl Cloud<Macie> for Detect {
    async fn load(
        &self,
        place: &Place,
        id: &MacieId,
        _: &[&Signal],
    ) -> Result<Option<Macie>, Error> {
        let macie = self.macie2.at(place).await?;
        let what = format!("read whether Macie is on in account {id}");
        Ok(Some(Macie { state: state(&macie, &what).await? }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &MacieId,
        changes: &[Swap<MacieState>],
    ) -> Vec<Result<(), Error>> {
        let macie = match self.macie2.at(place).await {
            Ok(macie) => macie,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&macie, id, change).await);
        }
        results
    }
}

/// Macie refuses whoever asks while it is off, in other words than IAM does.
pub(crate) async fn state(macie: &Local<Client>, what: &str) -> Result<MacieState, Error> {
    match macie.client.get_macie_session().send().await {
        Ok(answer) => match answer.status {
            Some(MacieStatus::Enabled) => Ok(MacieState::On),
            Some(MacieStatus::Paused) => Ok(MacieState::Paused),
            other => Err(macie.odd(what, &format!("its status is {other:?}"))),
        },
        Err(error) if is_off(&error) => Ok(MacieState::Off),
        Err(error) => Err(macie.failed(what, "macie2:GetMacieSession", &error)),
    }
}

fn is_off(error: &impl ProvideErrorMetadata) -> bool {
    let says = |words: &str| error.message().is_some_and(|text| text.contains(words));
    match error.code() {
        Some("AccessDeniedException") => says("not enabled"),
        Some("ResourceNotFoundException") => true,
        _ => false,
    }
}

async fn set(macie: &Local<Client>, id: &MacieId, change: &Swap<MacieState>) -> Result<(), Error> {
    let what = format!("{change} in account {id}");
    let status = match change.to {
        MacieState::Off => return Err(macie.odd(&what, "Macie is not turned off")),
        MacieState::Paused => MacieStatus::Paused,
        MacieState::On => MacieStatus::Enabled,
    };
    if change.from == MacieState::Off {
        return match macie.client.enable_macie().status(status).send().await {
            Ok(_) => Ok(()),
            // It is on by now.
            Err(error) if error.code() == Some("ConflictException") => Ok(()),
            Err(error) => Err(macie.failed(
                &what,
                "macie2:EnableMacie and iam:CreateServiceLinkedRole",
                &error,
            )),
        };
    }
    let sent = macie.client.update_macie_session().status(status).send().await;
    sent.map(drop).map_err(|error| macie.failed(&what, "macie2:UpdateMacieSession", &error))
}
