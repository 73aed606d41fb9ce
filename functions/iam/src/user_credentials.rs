//! Facet: what a user signs in and signs requests with, and when that was last used.

use aws_sdk_iam::{
    Client,
    error::ProvideErrorMetadata,
    types::{AccessKeyMetadata, StatusType},
};
use catalog::iam::{AccessKey, KeyChange, Password, UserCredentials, UserId};
use futures_util::{future::try_join_all, try_join};
use lambda::Local;
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    GONE, Iam, Make, tags, time,
    users::{login_profile, user},
};

impl Cloud<UserCredentials> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &UserId,
        _: &[&Signal],
    ) -> Result<Option<UserCredentials>, Error> {
        let iam = self.iam.at(place).await?;
        let Some(found) = user(&iam, id).await? else { return Ok(None) };
        let keys = async {
            let keys = keys(&iam, id).await?;
            try_join_all(keys.into_iter().map(|key| access_key(&iam, id, key))).await
        };
        let (keys, profile) = try_join!(keys, login_profile(&iam, id))?;
        let odd =
            || iam.odd(&format!("read user {id}"), "it does not say when its password was made");
        let password = profile
            .map(|profile| {
                let created = time(profile.create_date).ok_or_else(odd)?;
                Ok::<_, Error>(Password { created, used: found.password_last_used.and_then(time) })
            })
            .transpose()?;
        Ok(Some(UserCredentials { keys, password, tags: tags(found.tags) }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &UserId,
        changes: &[KeyChange],
    ) -> Vec<Result<(), Error>> {
        self.each(place, id, changes).await
    }
}

impl Make<UserId> for KeyChange {
    async fn make(&self, iam: &Local<Client>, _: &Place, id: &UserId) -> Result<(), Error> {
        set(iam, id, self).await
    }
}

/// The access keys of a user.
pub(crate) async fn keys(
    iam: &Local<Client>,
    id: &UserId,
) -> Result<Vec<AccessKeyMetadata>, Error> {
    let call = iam.client.list_access_keys().user_name(&id.name);
    call.into_paginator().items().send().try_collect().await.map_err(|error| {
        iam.failed(&format!("list the access keys of user {id}"), "iam:ListAccessKeys", &error)
    })
}

async fn access_key(
    iam: &Local<Client>,
    id: &UserId,
    key: AccessKeyMetadata,
) -> Result<AccessKey, Error> {
    let key_id = key.access_key_id.unwrap_or_default();
    let what = format!("read when access key {key_id} of user {id} was used");
    let call = iam.client.get_access_key_last_used().access_key_id(&key_id).send();
    let answer =
        call.await.map_err(|error| iam.failed(&what, "iam:GetAccessKeyLastUsed", &error))?;
    let used = answer.access_key_last_used.ok_or_else(|| iam.odd(&what, "it does not say"))?;
    let created = key.create_date.and_then(time);
    Ok(AccessKey {
        active: key.status != Some(StatusType::Inactive),
        created: created.ok_or_else(|| iam.odd(&what, "it does not say when the key was made"))?,
        used: used.last_used_date.and_then(time),
        service: used.service_name,
        id: key_id,
    })
}

/// Makes an access key active or inactive; one that is gone is inactive for good.
pub(crate) async fn set(iam: &Local<Client>, id: &UserId, change: &KeyChange) -> Result<(), Error> {
    let (key, status) = match change {
        KeyChange::Deactivate(key) => (key, StatusType::Inactive),
        KeyChange::Activate(key) => (key, StatusType::Active),
    };
    let is_taken = matches!(change, KeyChange::Deactivate(_));
    let call = iam.client.update_access_key().user_name(&id.name).access_key_id(key).status(status);
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) if is_taken && error.code() == Some(GONE) => Ok(()),
        Err(error) => {
            let what = format!("{change} of user {id}");
            Err(iam.failed(&what, "iam:UpdateAccessKey", &error))
        }
    }
}
