//! Facets: the root user of an account, and who can open cases with AWS Support.

use aws_sdk_iam::types::{AssignmentStatusType, SummaryKeyType};
use catalog::iam::{Mfa, RootUser, RootUserId, SupportAccess, SupportAccessId};
use futures_util::try_join;
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::Iam;

impl Cloud<RootUser> for Iam {
    async fn load(
        &self,
        place: &Place,
        _: &RootUserId,
        _: &[&Signal],
    ) -> Result<Option<RootUser>, Error> {
        let iam = self.iam.at(place).await?;
        let what = "read what the root user signs in with";
        let summary = async {
            let answer = iam.client.get_account_summary().send().await;
            answer.map_err(|error| iam.failed(what, "iam:GetAccountSummary", &error))
        };
        let virtual_devices = async {
            let call = iam.client.list_virtual_mfa_devices();
            let call = call.assignment_status(AssignmentStatusType::Assigned);
            let devices = call.into_paginator().items().send().try_collect().await;
            devices.map_err(|error| iam.failed(what, "iam:ListVirtualMFADevices", &error))
        };
        let (summary, devices) = try_join!(summary, virtual_devices)?;
        let counts = summary.summary_map.unwrap_or_default();
        let has = |key: &SummaryKeyType| counts.get(key).map(|count| *count > 0);
        let said = |key: SummaryKeyType| {
            has(&key).ok_or_else(|| iam.odd(what, &format!("there is no {}", key.as_str())))
        };
        let is_root = |arn: &str| arn.ends_with(":root");
        let is_virtual = devices
            .iter()
            .any(|device| device.user.as_ref().is_some_and(|user| is_root(&user.arn)));
        let mfa = match (said(SummaryKeyType::AccountMfaEnabled)?, is_virtual) {
            (false, _) => None,
            (true, true) => Some(Mfa::Virtual),
            (true, false) => Some(Mfa::Hardware),
        };
        Ok(Some(RootUser {
            access_key: said(SummaryKeyType::AccountAccessKeysPresent)?,
            password: has(&SummaryKeyType::AccountPasswordPresent).unwrap_or(true),
            mfa,
        }))
    }

    async fn apply(&self, _: &Place, _: &RootUserId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

impl Cloud<SupportAccess> for Iam {
    async fn load(
        &self,
        place: &Place,
        _: &SupportAccessId,
        _: &[&Signal],
    ) -> Result<Option<SupportAccess>, Error> {
        let iam = self.iam.at(place).await?;
        let arn = format!("arn:{}:iam::aws:policy/AWSSupportAccess", place.partition);
        let mut pages =
            iam.client.list_entities_for_policy().policy_arn(&arn).into_paginator().send();
        let mut held_by = Vec::new();
        while let Some(page) = pages.try_next().await.map_err(|error| {
            iam.failed("read who has AWSSupportAccess", "iam:ListEntitiesForPolicy", &error)
        })? {
            let roles =
                page.policy_roles.unwrap_or_default().into_iter().map(|role| role.role_name);
            let users =
                page.policy_users.unwrap_or_default().into_iter().map(|user| user.user_name);
            let groups = page.policy_groups.unwrap_or_default();
            let groups = groups.into_iter().map(|group| group.group_name);
            held_by.extend(roles.chain(users).chain(groups).flatten());
        }
        Ok(Some(SupportAccess { held_by }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &SupportAccessId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
