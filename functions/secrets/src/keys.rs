//! Facets: the life of a KMS key, and whom its policy lets use it.

use aws_sdk_kms::{
    Client,
    error::ProvideErrorMetadata,
    types::{KeyManagerType, KeyMetadata, MultiRegionKeyType},
};
use catalog::secrets::{Key, KeyId, KeyPolicy, KeySetting, PublicStatement};
use lambda::Local;
use remedy::{Id, Never, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Secrets, time};

const GONE: &str = "NotFoundException";

impl Cloud<Key> for Secrets {
    async fn load(&self, place: &Place, id: &KeyId, _: &[&Signal]) -> Result<Option<Key>, Error> {
        let (kms, arn) = (self.kms.at(place).await?, id.arn(place));
        let what = format!("read key {id}");
        let found = match kms.client.describe_key().key_id(&arn).send().await {
            Ok(answer) => answer.key_metadata,
            Err(error) if error.code() == Some(GONE) => None,
            Err(error) => return Err(kms.failed(&what, "kms:DescribeKey", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let state = found.key_state.as_ref().map(|state| state.as_str().to_owned());
        let mut key = Key {
            state: state.ok_or_else(|| kms.odd(&what, "it does not say which state it is in"))?,
            customer: found.key_manager == Some(KeyManagerType::Customer),
            spec: found.key_spec.as_ref().map(|spec| spec.as_str().to_owned()).unwrap_or_default(),
            origin: found.origin.as_ref().map(|from| from.as_str().to_owned()).unwrap_or_default(),
            copy_of: copy_of(&found),
            deletion: found.deletion_date.and_then(time),
            ..Key::default()
        };
        if key.can_rotate() {
            let answer = kms.client.get_key_rotation_status().key_id(&arn).send().await;
            let answer =
                answer.map_err(|error| kms.failed(&what, "kms:GetKeyRotationStatus", &error))?;
            key.rotation = answer.key_rotation_enabled;
        }
        key.tags = tags(&kms, id, &arn).await?;
        Ok(Some(key))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &KeyId,
        changes: &[Swap<KeySetting>],
    ) -> Vec<Result<(), Error>> {
        let kms = match self.kms.at(place).await {
            Ok(kms) => kms,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&kms, id, &id.arn(place), &change.to).await);
        }
        results
    }
}

/// The Region of the key that this one is a copy of.
fn copy_of(key: &KeyMetadata) -> Option<String> {
    let regions = key.multi_region_configuration.as_ref()?;
    let is_copy = regions.multi_region_key_type == Some(MultiRegionKeyType::Replica);
    let primary = regions.primary_key.as_ref().filter(|_| is_copy)?;
    primary.region.clone()
}

async fn tags(kms: &Local<Client>, id: &KeyId, arn: &str) -> Result<Tags, Error> {
    let call = kms.client.list_resource_tags().key_id(arn);
    let found = call.into_paginator().items().send().try_collect().await.map_err(|error| {
        kms.failed(&format!("list the tags of key {id}"), "kms:ListResourceTags", &error)
    })?;
    Ok(found.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())
}

async fn set(kms: &Local<Client>, id: &KeyId, arn: &str, to: &KeySetting) -> Result<(), Error> {
    let what = format!("set {to} of key {id}");
    match to {
        KeySetting::Rotation(true) => {
            let done = kms.client.enable_key_rotation().key_id(arn).send().await.map(drop);
            done.map_err(|error| kms.failed(&what, "kms:EnableKeyRotation", &error))
        }
        KeySetting::Rotation(false) => {
            let done = kms.client.disable_key_rotation().key_id(arn).send().await.map(drop);
            done.map_err(|error| kms.failed(&what, "kms:DisableKeyRotation", &error))
        }
        KeySetting::State(_) => {
            let done = kms.client.cancel_key_deletion().key_id(&id.0).send().await.map(drop);
            done.map_err(|error| kms.failed(&what, "kms:CancelKeyDeletion", &error))
        }
    }
}

impl Cloud<KeyPolicy> for Secrets {
    async fn load(
        &self,
        place: &Place,
        id: &KeyId,
        _: &[&Signal],
    ) -> Result<Option<KeyPolicy>, Error> {
        let (kms, arn) = (self.kms.at(place).await?, id.arn(place));
        let what = format!("read the policy of key {id}");
        let policy =
            match kms.client.get_key_policy().key_id(&id.0).policy_name("default").send().await {
                Ok(answer) => answer.policy,
                Err(error) if error.code() == Some(GONE) => return Ok(None),
                Err(error) => return Err(kms.failed(&what, "kms:GetKeyPolicy", &error)),
            };
        let policy = policy.unwrap_or_default();
        let public = PublicStatement::of(&policy).map_err(|why| kms.odd(&what, &why))?;
        Ok(Some(KeyPolicy { public, tags: tags(&kms, id, &arn).await? }))
    }

    async fn apply(&self, _: &Place, _: &KeyId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}
