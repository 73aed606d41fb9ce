//! Facet: what an account refuses the public in all its buckets.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, account_id};
use serde::{Deserialize, Serialize};

use super::AccessBlock;

account_id!(
    /// The block of public access of an account.
    AccountAccessId, "s3", "public-access-block", global, "/s3/settings?region={region}"
);

/// What an account refuses the public.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountAccess {
    /// In each of its buckets, whatever the bucket itself says.
    pub block: AccessBlock,
}

/// What the block of an account is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountBlock(pub AccessBlock);

// S3 knows no resource for these; the account is that of the role.
const BLOCK: &[Action] = &[Action::on("*", "s3:PutAccountPublicAccessBlock")];

impl Facet for AccountAccess {
    type Id = AccountAccessId;
    type Change = Swap<AccountBlock>;

    const NAME: &'static str = "public access block of the account";
    const READS: &'static [Action] = &[Action::on("*", "s3:GetAccountPublicAccessBlock")];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(self, change: &Swap<AccountBlock>) -> Self {
        Self { block: change.to.0 }
    }

    fn commands(
        place: &Place,
        id: &AccountAccessId,
        changes: &[Swap<AccountBlock>],
    ) -> Vec<String> {
        let command = |change: &Swap<AccountBlock>| {
            format!(
                "aws s3control put-public-access-block --region {} --account-id {id} \
                 --public-access-block-configuration {}",
                place.region,
                change.to.0.argument()
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for AccountBlock {
    const MAKE: &'static [Action] = BLOCK;
    const UNDO: &'static [Action] = BLOCK;

    fn needs(&self) -> &'static [Action] {
        BLOCK
    }
}

impl fmt::Display for AccountBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
