//! Facets: policies of the account's own, those of a role, and server certificates.

use aws_sdk_iam::{Client, error::ProvideErrorMetadata};
use catalog::iam::{
    CustomerPolicy, CustomerPolicyId, RoleId, RolePolicies, RolePolicyChange, ServerCertificate,
    ServerCertificateId, Statement,
};
use lambda::Local;
use remedy::{Id, Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{GONE, Iam, Make, tags, time};

impl Cloud<RolePolicies> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &RoleId,
        _: &[&Signal],
    ) -> Result<Option<RolePolicies>, Error> {
        let iam = self.iam.at(place).await?;
        let found = match iam.client.get_role().role_name(&id.name).send().await {
            Ok(answer) => answer.role,
            Err(error) if error.code() == Some(GONE) => None,
            Err(error) => {
                return Err(iam.failed(&format!("read role {id}"), "iam:GetRole", &error));
            }
        };
        let Some(found) = found else { return Ok(None) };
        let call = iam.client.list_attached_role_policies().role_name(&id.name);
        let attached = call.into_paginator().items().send().try_collect().await;
        let attached = attached.map_err(|error| {
            let what = format!("list the policies of role {id}");
            iam.failed(&what, "iam:ListAttachedRolePolicies", &error)
        })?;
        Ok(Some(RolePolicies {
            attached: attached.into_iter().filter_map(|policy| policy.policy_arn).collect(),
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &RoleId,
        changes: &[RolePolicyChange],
    ) -> Vec<Result<(), Error>> {
        self.each(place, id, changes).await
    }
}

impl Make<RoleId> for RolePolicyChange {
    async fn make(&self, iam: &Local<Client>, _: &Place, id: &RoleId) -> Result<(), Error> {
        let what = format!("{self} of role {id}");
        match self {
            Self::Attach(arn) => {
                let call = iam.client.attach_role_policy().role_name(&id.name).policy_arn(arn);
                let done = call.send().await.map(drop);
                done.map_err(|error| iam.failed(&what, "iam:AttachRolePolicy", &error))
            }
            Self::Detach(arn) => {
                let call = iam.client.detach_role_policy().role_name(&id.name).policy_arn(arn);
                match call.send().await {
                    Ok(_) => Ok(()),
                    Err(error) if error.code() == Some(GONE) => Ok(()),
                    Err(error) => Err(iam.failed(&what, "iam:DetachRolePolicy", &error)),
                }
            }
        }
    }
}

impl Cloud<ServerCertificate> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &ServerCertificateId,
        _: &[&Signal],
    ) -> Result<Option<ServerCertificate>, Error> {
        let iam = self.iam.at(place).await?;
        let what = format!("read server certificate {id}");
        let call = iam.client.get_server_certificate().server_certificate_name(&id.name);
        let found = match call.send().await {
            Ok(answer) => answer.server_certificate,
            Err(error) if error.code() == Some(GONE) => None,
            Err(error) => return Err(iam.failed(&what, "iam:GetServerCertificate", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let ends =
            found.server_certificate_metadata.and_then(|data| data.expiration).and_then(time);
        Ok(Some(ServerCertificate {
            expires: ends.ok_or_else(|| iam.odd(&what, "it does not say when it ends"))?,
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &ServerCertificateId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

impl Cloud<CustomerPolicy> for Iam {
    async fn load(
        &self,
        place: &Place,
        id: &CustomerPolicyId,
        _: &[&Signal],
    ) -> Result<Option<CustomerPolicy>, Error> {
        let iam = self.iam.at(place).await?;
        let (what, arn) = (format!("read policy {id}"), id.arn(place));
        let found = match iam.client.get_policy().policy_arn(&arn).send().await {
            Ok(answer) => answer.policy,
            Err(error) if error.code() == Some(GONE) => None,
            Err(error) => return Err(iam.failed(&what, "iam:GetPolicy", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let version = found.default_version_id;
        let version =
            version.ok_or_else(|| iam.odd(&what, "it does not say which version holds"))?;
        let call = iam.client.get_policy_version().policy_arn(&arn).version_id(&version);
        let answer = call.send().await;
        let answer = answer.map_err(|error| iam.failed(&what, "iam:GetPolicyVersion", &error))?;
        let document = answer.policy_version.and_then(|version| version.document);
        let document = document.as_deref().map(decoded).unwrap_or_default();
        Ok(Some(CustomerPolicy {
            statements: Statement::of(&document).map_err(|why| iam.odd(&what, &why))?,
            attachments: found.attachment_count.and_then(|n| n.try_into().ok()).unwrap_or_default(),
            version,
            tags: tags(found.tags),
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &CustomerPolicyId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

/// What was percent-encoded, as IAM sends documents.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
