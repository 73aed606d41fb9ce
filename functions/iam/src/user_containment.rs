//! Facet: whether a user can do anything at all.

use aws_sdk_iam::{Client, types::StatusType};
use catalog::iam::{ContainmentChange, KeyChange, UserContainment, UserId};
use futures_util::try_join;
use lambda::Local;
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Iam, Make, tags,
    user_credentials::{keys, set},
    users::{attach, attached, detach, user},
};

impl Cloud<UserContainment> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &UserId,
        _: &[&Signal],
    ) -> Result<Option<UserContainment>, Error> {
        let iam = self.iam.at(place).await?;
        let Some(found) = user(&iam, id).await? else { return Ok(None) };
        let (keys, policies) = try_join!(keys(&iam, id), attached(&iam, id))?;
        let active = keys.into_iter().filter(|key| key.status != Some(StatusType::Inactive));
        let mut active_keys: Vec<_> = active.filter_map(|key| key.access_key_id).collect();
        active_keys.sort();
        Ok(Some(UserContainment {
            path: found.path,
            active_keys,
            denied: policies.contains(&UserContainment::deny_all(place)),
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &UserId,
        changes: &[ContainmentChange],
    ) -> Vec<Result<(), Error>> {
        self.each(place, id, changes).await
    }
}

impl Make<UserId> for ContainmentChange {
    async fn make(&self, iam: &Local<Client>, place: &Place, id: &UserId) -> Result<(), Error> {
        let deny_all = UserContainment::deny_all(place);
        match self {
            Self::Deactivate(key) => set(iam, id, &KeyChange::Deactivate(key.clone())).await,
            Self::Activate(key) => set(iam, id, &KeyChange::Activate(key.clone())).await,
            Self::Deny => attach(iam, id, &deny_all).await,
            Self::Allow => detach(iam, id, &deny_all).await,
        }
    }
}
