//! Facet: whom a document of Systems Manager is shared with.

use std::collections::BTreeSet;

use aws_sdk_ssm::{
    Client,
    error::ProvideErrorMetadata,
    types::{DocumentPermissionType, ResourceTypeForTagging},
};
use catalog::secrets::{Document, DocumentChange, DocumentId};
use futures_util::try_join;
use lambda::Local;
use remedy::{Place, Signal, Tags};
use runtime::{Cloud, Error};

use crate::Secrets;

/// Every account there is, as Systems Manager writes it.
const ALL: &str = "all";
/// The version that is shared where none is named.
const DEFAULT: &str = "$DEFAULT";
const GONE: [&str; 2] = ["InvalidDocument", "InvalidResourceId"];

impl Cloud<Document> for Secrets {
    async fn load(
        &self,
        place: &Place,
        id: &DocumentId,
        _: &[&Signal],
    ) -> Result<Option<Document>, Error> {
        let ssm = self.ssm.at(place).await?;
        let (shared, tags) = try_join!(shared(&ssm, id), tags(&ssm, id))?;
        Ok(match (shared, tags) {
            (Some(document), Some(tags)) => Some(Document { tags, ..document }),
            (None, _) | (_, None) => None,
        })
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DocumentId,
        changes: &[DocumentChange],
    ) -> Vec<Result<(), Error>> {
        let ssm = match self.ssm.at(place).await {
            Ok(ssm) => ssm,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(share(&ssm, id, change).await);
        }
        results
    }
}

/// Whom it is shared with, without its tags; `None` if it is gone.
async fn shared(ssm: &Local<Client>, id: &DocumentId) -> Result<Option<Document>, Error> {
    let mut document = Document::default();
    let mut accounts = BTreeSet::new();
    let mut next = None;
    loop {
        let call = ssm.client.describe_document_permission().name(&id.0).set_next_token(next);
        let answer = match call.permission_type(DocumentPermissionType::Share).send().await {
            Ok(answer) => answer,
            Err(error) if error.code().is_some_and(|code| GONE.contains(&code)) => return Ok(None),
            Err(error) => {
                let what = format!("read whom document {id} is shared with");
                return Err(ssm.failed(&what, "ssm:DescribeDocumentPermission", &error));
            }
        };
        let versions = answer.account_sharing_info_list.unwrap_or_default();
        let of_all = versions.into_iter().find(|info| is_all(info.account_id.as_deref()));
        let version = of_all.and_then(|info| info.shared_document_version);
        for account in answer.account_ids.unwrap_or_default() {
            match is_all(Some(&account)) {
                true => document.public = Some(DEFAULT.into()),
                false => {
                    accounts.insert(account);
                }
            }
        }
        document.public = version.or(document.public);
        next = answer.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(Some(Document { accounts, ..document }));
        }
    }
}

fn is_all(account: Option<&str>) -> bool {
    account.is_some_and(|account| account.eq_ignore_ascii_case(ALL))
}

async fn tags(ssm: &Local<Client>, id: &DocumentId) -> Result<Option<Tags>, Error> {
    let call = ssm.client.list_tags_for_resource().resource_id(&id.0);
    match call.resource_type(ResourceTypeForTagging::Document).send().await {
        Ok(answer) => {
            let tags = answer.tag_list.unwrap_or_default().into_iter();
            Ok(Some(tags.map(|tag| (tag.key, tag.value)).collect()))
        }
        Err(error) if error.code().is_some_and(|code| GONE.contains(&code)) => Ok(None),
        Err(error) => {
            let what = format!("list the tags of document {id}");
            Err(ssm.failed(&what, "ssm:ListTagsForResource", &error))
        }
    }
}

async fn share(ssm: &Local<Client>, id: &DocumentId, change: &DocumentChange) -> Result<(), Error> {
    let call = ssm.client.modify_document_permission().name(&id.0);
    let call = call.permission_type(DocumentPermissionType::Share);
    let call = match change {
        DocumentChange::Unshare(_) => call.account_ids_to_remove(ALL),
        DocumentChange::Share(version) => {
            call.account_ids_to_add(ALL).shared_document_version(version)
        }
    };
    let is_taken = matches!(change, DocumentChange::Unshare(_));
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) if is_taken && error.code().is_some_and(|code| GONE.contains(&code)) => Ok(()),
        Err(error) => {
            let what = format!("{change} document {id}");
            Err(ssm.failed(&what, "ssm:ModifyDocumentPermission", &error))
        }
    }
}
