//! Facet: the rules for the passwords of an account's users.

use aws_sdk_iam::{Client, error::ProvideErrorMetadata};
use catalog::iam::{Characters, PasswordPolicy, PasswordPolicyId, PasswordSetting};
use lambda::Local;
use remedy::{Facet, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{GONE, Iam};

impl Cloud<PasswordPolicy> for Iam {
    async fn load(
        &self,
        place: &Place,
        _: &PasswordPolicyId,
        _: &[&Signal],
    ) -> Result<Option<PasswordPolicy>, Error> {
        read(&self.iam.at(place).await?).await.map(Some)
    }

    /// IAM replaces a policy as a whole: it is read again, changed, and written once.
    async fn apply(
        &self,
        place: &Place,
        _: &PasswordPolicyId,
        changes: &[Swap<PasswordSetting>],
    ) -> Vec<Result<(), Error>> {
        let write = async {
            let iam = self.iam.at(place).await?;
            let old = read(&iam).await?;
            let new = changes.iter().fold(old.clone(), Facet::after);
            match (old.own, new.own) {
                _ if new == old => Ok(()),
                (_, true) => update(&iam, &new).await,
                (_, false) => delete(&iam).await,
            }
        };
        vec![write.await; changes.len()]
    }
}

async fn read(iam: &Local<Client>) -> Result<PasswordPolicy, Error> {
    let what = "read the password policy";
    let found = match iam.client.get_account_password_policy().send().await {
        Ok(answer) => answer.password_policy,
        Err(error) if error.code() == Some(GONE) => return Ok(PasswordPolicy::default()),
        Err(error) => return Err(iam.failed(what, "iam:GetAccountPasswordPolicy", &error)),
    };
    let found = found.ok_or_else(|| iam.odd(what, "there is none in the answer"))?;
    let number = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
    let length = number(found.minimum_password_length);
    let requires = [
        (Characters::Uppercase, found.require_uppercase_characters),
        (Characters::Lowercase, found.require_lowercase_characters),
        (Characters::Numbers, found.require_numbers),
        (Characters::Symbols, found.require_symbols),
    ];
    Ok(PasswordPolicy {
        own: true,
        minimum_length: length
            .ok_or_else(|| iam.odd(what, "it does not say how long passwords are"))?,
        requires: requires.into_iter().filter(|(_, is)| *is).map(|(kind, _)| kind).collect(),
        remembered: number(found.password_reuse_prevention).unwrap_or_default(),
        max_age: number(found.max_password_age).filter(|days| *days > 0),
        users_may_change: found.allow_users_to_change_password,
        hard_expiry: found.hard_expiry.unwrap_or_default(),
    })
}

async fn update(iam: &Local<Client>, policy: &PasswordPolicy) -> Result<(), Error> {
    let number = |number: u32| i32::try_from(number).ok();
    let requires = |characters| policy.requires.contains(&characters);
    let call = iam
        .client
        .update_account_password_policy()
        .set_minimum_password_length(number(policy.minimum_length))
        .require_uppercase_characters(requires(Characters::Uppercase))
        .require_lowercase_characters(requires(Characters::Lowercase))
        .require_numbers(requires(Characters::Numbers))
        .require_symbols(requires(Characters::Symbols))
        .set_password_reuse_prevention(number(policy.remembered).filter(|number| *number > 0))
        .set_max_password_age(policy.max_age.and_then(number))
        .allow_users_to_change_password(policy.users_may_change)
        .hard_expiry(policy.hard_expiry);
    call.send().await.map(drop).map_err(|error| {
        iam.failed("write the password policy", "iam:UpdateAccountPasswordPolicy", &error)
    })
}

async fn delete(iam: &Local<Client>) -> Result<(), Error> {
    match iam.client.delete_account_password_policy().send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(GONE) => Ok(()),
        Err(error) => {
            let what = "delete the password policy";
            Err(iam.failed(what, "iam:DeleteAccountPasswordPolicy", &error))
        }
    }
}
