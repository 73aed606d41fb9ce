//! Facet: whether new EBS volumes of an account are encrypted unless somebody asks for it.

use aws_sdk_ec2::Client;
use catalog::ec2::{EbsEncryption, EbsEncryptionId, EbsEncryptionSetting};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one};

impl Cloud<EbsEncryption> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        _: &EbsEncryptionId,
        _: &[&Signal],
    ) -> Result<Option<EbsEncryption>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = "read the default encryption of EBS volumes";
        let answer = ec2.client.get_ebs_encryption_by_default().send().await;
        let answer =
            answer.map_err(|error| ec2.failed(what, "ec2:GetEbsEncryptionByDefault", &error))?;
        let on = answer.ebs_encryption_by_default;
        let on = on.ok_or_else(|| ec2.odd(what, "the answer does not say whether it is on"))?;
        Ok(Some(EbsEncryption { on }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &EbsEncryptionId,
        changes: &[Swap<EbsEncryptionSetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, set)
    }
}

async fn set(
    ec2: &Local<Client>,
    id: &EbsEncryptionId,
    change: &Swap<EbsEncryptionSetting>,
) -> Result<(), Error> {
    let what = format!("set {} of EBS volumes of account {id}", change.to);
    match change.to {
        EbsEncryptionSetting::ByDefault(true) => {
            let answer = ec2.client.enable_ebs_encryption_by_default().send().await;
            let answer = answer.map(drop);
            answer.map_err(|error| ec2.failed(&what, "ec2:EnableEbsEncryptionByDefault", &error))
        }
        EbsEncryptionSetting::ByDefault(false) => {
            let answer = ec2.client.disable_ebs_encryption_by_default().send().await;
            let answer = answer.map(drop);
            answer.map_err(|error| ec2.failed(&what, "ec2:DisableEbsEncryptionByDefault", &error))
        }
    }
}
