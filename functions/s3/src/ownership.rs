//! Facet: whether access control lists count in a bucket.

use aws_sdk_s3::types::{Grant, ObjectOwnership, OwnershipControls, OwnershipControlsRule};
use catalog::s3::{BucketOwnership, Ownership};
use futures_util::future;
use remedy::Swap;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

const PART: &str = "object ownership";

impl Reads<BucketOwnership> for Bucket {
    async fn read(&self) -> Result<BucketOwnership, Unread> {
        let (ownership, granted, tags) = future::try_join3(
            Box::pin(self.ownership()),
            Box::pin(self.granted()),
            Box::pin(self.tags()),
        )
        .await?;
        Ok(BucketOwnership { ownership, granted, tags })
    }
}

impl Bucket {
    async fn ownership(&self) -> Result<Ownership, Unread> {
        let call = self.s3.client.get_bucket_ownership_controls().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let none = "OwnershipControlsNotFoundError";
        let found = self.found(PART, "s3:GetBucketOwnershipControls", none, answer)?;
        let rules = found.and_then(|found| found.ownership_controls);
        let rule = rules.and_then(|rules| rules.rules.into_iter().next());
        Ok(match rule.map(|rule| rule.object_ownership) {
            None => Ownership::Unset,
            Some(ObjectOwnership::ObjectWriter) => Ownership::ObjectWriter,
            Some(ObjectOwnership::BucketOwnerPreferred) => Ownership::BucketOwnerPreferred,
            Some(ObjectOwnership::BucketOwnerEnforced) => Ownership::BucketOwnerEnforced,
            Some(other) => return Err(self.odd(PART, &format!("`{other}` is not known here"))),
        })
    }

    /// Whom the bucket's own list lets in beside its owner.
    async fn granted(&self) -> Result<Vec<String>, Unread> {
        let part = "access control list";
        let call = self.s3.client.get_bucket_acl().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let found = self.all(part, "s3:GetBucketAcl", answer)?;
        let owner = found.owner.and_then(|owner| owner.id);
        let owner = owner.ok_or_else(|| self.odd(part, "it does not say who owns the bucket"))?;
        Ok(found.grants.iter().flatten().filter_map(|grant| words(grant, &owner)).collect())
    }
}

fn words(grant: &Grant, owner: &str) -> Option<String> {
    let permission = grant.permission.as_ref().map_or("something", |known| known.as_str());
    let grantee = grant.grantee.as_ref()?;
    if grantee.id.as_deref() == Some(owner) {
        return None;
    }
    let group = grantee.uri.as_deref().and_then(|uri| uri.rsplit('/').next());
    let who = group.map(|group| format!("the group {group}"));
    let who = who.or_else(|| grantee.id.as_ref().map(|id| format!("the account {id}")));
    Some(format!("{permission} to {}", who.unwrap_or_else(|| "somebody".into())))
}

impl Makes<Swap<Ownership>> for Bucket {
    async fn make(&self, change: &Swap<Ownership>) -> Result<(), Error> {
        let to = change.to;
        let what = format!("set {to}");
        let needs = "s3:PutBucketOwnershipControls";
        let Some(name) = to.name() else {
            let call = self.s3.client.delete_bucket_ownership_controls().bucket(&self.name);
            return self.set(&what, needs, call.expected_bucket_owner(&self.owner).send().await);
        };
        let rule = OwnershipControlsRule::builder().object_ownership(name.into()).build();
        let controls = rule.and_then(|rule| OwnershipControls::builder().rules(rule).build());
        let controls = controls.map_err(|why| self.s3.odd(&what, &why.to_string()))?;
        let call = self.s3.client.put_bucket_ownership_controls().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner).ownership_controls(controls);
        self.set(&what, needs, call.send().await)
    }
}
