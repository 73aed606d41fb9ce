//! Facet: what an account refuses the public in all its buckets.

use aws_sdk_s3control::{
    Client, error::ProvideErrorMetadata, types::PublicAccessBlockConfiguration,
};
use catalog::s3::{AccessBlock, AccountAccess, AccountAccessId, AccountBlock};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::S3;

impl Cloud<AccountAccess> for S3 {
    async fn load(
        &self,
        place: &Place,
        id: &AccountAccessId,
        _: &[&Signal],
    ) -> Result<Option<AccountAccess>, Error> {
        let s3 = self.s3control.at(place).await?;
        let answer = s3.client.get_public_access_block().account_id(&id.0).send().await;
        let found = match answer {
            Ok(answer) => answer.public_access_block_configuration,
            Err(error) if error.code() == Some("NoSuchPublicAccessBlockConfiguration") => None,
            Err(error) => {
                let what = format!("read the public access block of account {id}");
                return Err(s3.failed(&what, "s3:GetAccountPublicAccessBlock", &error));
            }
        };
        Ok(Some(AccountAccess { block: found.as_ref().map(read).unwrap_or_default() }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &AccountAccessId,
        changes: &[Swap<AccountBlock>],
    ) -> Vec<Result<(), Error>> {
        let s3 = match self.s3control.at(place).await {
            Ok(s3) => s3,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&s3, id, change.to.0).await);
        }
        results
    }
}

pub(crate) fn read(block: &PublicAccessBlockConfiguration) -> AccessBlock {
    let is = |setting: Option<bool>| setting == Some(true);
    AccessBlock {
        block_public_acls: is(block.block_public_acls),
        ignore_public_acls: is(block.ignore_public_acls),
        block_public_policy: is(block.block_public_policy),
        restrict_public_buckets: is(block.restrict_public_buckets),
    }
}

async fn set(s3: &Local<Client>, id: &AccountAccessId, to: AccessBlock) -> Result<(), Error> {
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(to.block_public_acls)
        .ignore_public_acls(to.ignore_public_acls)
        .block_public_policy(to.block_public_policy)
        .restrict_public_buckets(to.restrict_public_buckets)
        .build();
    let call = s3.client.put_public_access_block().account_id(&id.0);
    let answer = call.public_access_block_configuration(block).send().await;
    let what = format!("set {to} of account {id}");
    answer.map(drop).map_err(|error| s3.failed(&what, "s3:PutAccountPublicAccessBlock", &error))
}
