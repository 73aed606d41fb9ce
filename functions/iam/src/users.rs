//! Facets: the policies of a user, and the second factor.

use std::collections::BTreeSet;

use aws_sdk_iam::{
    Client,
    error::ProvideErrorMetadata,
    types::{LoginProfile, User},
};
use catalog::iam::{UserId, UserMfa, UserPolicies, UserPolicyChange};
use futures_util::try_join;
use lambda::Local;
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{GONE, Iam, Make, tags};

/// The user, unless it is gone.
pub(crate) async fn user(iam: &Local<Client>, id: &UserId) -> Result<Option<User>, Error> {
    match iam.client.get_user().user_name(&id.name).send().await {
        Ok(answer) => Ok(answer.user),
        Err(error) if error.code() == Some(GONE) => Ok(None),
        Err(error) => Err(iam.failed(&format!("read user {id}"), "iam:GetUser", &error)),
    }
}

/// The password for the console, if there is one.
pub(crate) async fn login_profile(
    iam: &Local<Client>,
    id: &UserId,
) -> Result<Option<LoginProfile>, Error> {
    match iam.client.get_login_profile().user_name(&id.name).send().await {
        Ok(answer) => Ok(answer.login_profile),
        Err(error) if error.code() == Some(GONE) => Ok(None),
        Err(error) => {
            let what = format!("read whether user {id} has a password");
            Err(iam.failed(&what, "iam:GetLoginProfile", &error))
        }
    }
}

/// The ARNs of the policies that are attached to a user.
pub(crate) async fn attached(iam: &Local<Client>, id: &UserId) -> Result<BTreeSet<String>, Error> {
    let call = iam.client.list_attached_user_policies().user_name(&id.name);
    let found = call.into_paginator().items().send().try_collect().await.map_err(|error| {
        let what = format!("list the policies of user {id}");
        iam.failed(&what, "iam:ListAttachedUserPolicies", &error)
    })?;
    Ok(found.into_iter().filter_map(|policy| policy.policy_arn).collect())
}

impl Cloud<UserMfa> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &UserId,
        _: &[&Signal],
    ) -> Result<Option<UserMfa>, Error> {
        let iam = self.iam.at(place).await?;
        let Some(found) = user(&iam, id).await? else { return Ok(None) };
        let devices = async {
            let call = iam.client.list_mfa_devices().user_name(&id.name);
            call.into_paginator().items().send().try_collect().await.map_err(|error| {
                let what = format!("list the devices of user {id}");
                iam.failed(&what, "iam:ListMFADevices", &error)
            })
        };
        let (devices, profile) = try_join!(devices, login_profile(&iam, id))?;
        Ok(Some(UserMfa {
            devices: devices.into_iter().map(|device| device.serial_number).collect(),
            password: profile.is_some(),
            tags: tags(found.tags),
        }))
    }

    async fn apply(&self, _: &Place, _: &UserId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

impl Cloud<UserPolicies> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &UserId,
        _: &[&Signal],
    ) -> Result<Option<UserPolicies>, Error> {
        let iam = self.iam.at(place).await?;
        let Some(found) = user(&iam, id).await? else { return Ok(None) };
        let inline = async {
            let call = iam.client.list_user_policies().user_name(&id.name);
            call.into_paginator().items().send().try_collect().await.map_err(|error| {
                let what = format!("list the policies of user {id}");
                iam.failed(&what, "iam:ListUserPolicies", &error)
            })
        };
        let groups = async {
            let call = iam.client.list_groups_for_user().user_name(&id.name);
            call.into_paginator().items().send().try_collect().await.map_err(|error| {
                let what = format!("list the groups of user {id}");
                iam.failed(&what, "iam:ListGroupsForUser", &error)
            })
        };
        let (attached, inline, groups) = try_join!(attached(&iam, id), inline, groups)?;
        Ok(Some(UserPolicies {
            attached,
            inline: inline.into_iter().collect(),
            groups: groups.into_iter().map(|group| group.group_name).collect(),
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &UserId,
        changes: &[UserPolicyChange],
    ) -> Vec<Result<(), Error>> {
        self.each(place, id, changes).await
    }
}

impl Make<UserId> for UserPolicyChange {
    async fn make(&self, iam: &Local<Client>, _: &Place, id: &UserId) -> Result<(), Error> {
        match self {
            Self::Detach(arn) => detach(iam, id, arn).await,
            Self::Attach(arn) => attach(iam, id, arn).await,
        }
    }
}

/// Gives a user a policy.
pub(crate) async fn attach(iam: &Local<Client>, id: &UserId, arn: &str) -> Result<(), Error> {
    let call = iam.client.attach_user_policy().user_name(&id.name).policy_arn(arn);
    let what = format!("attach policy {arn} to user {id}");
    call.send().await.map(drop).map_err(|error| iam.failed(&what, "iam:AttachUserPolicy", &error))
}

/// Takes a policy from a user; one that the user does not have is taken already.
pub(crate) async fn detach(iam: &Local<Client>, id: &UserId, arn: &str) -> Result<(), Error> {
    match iam.client.detach_user_policy().user_name(&id.name).policy_arn(arn).send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(GONE) => Ok(()),
        Err(error) => {
            let what = format!("detach policy {arn} from user {id}");
            Err(iam.failed(&what, "iam:DetachUserPolicy", &error))
        }
    }
}
