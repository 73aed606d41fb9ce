//! Facet: what becomes of a bucket's objects as they age.

use aws_sdk_s3::{
    operation::get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput as Found,
    types::{
        AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus,
        LifecycleRule as Rule, LifecycleRuleFilter, Transition,
    },
};
use catalog::s3::{AbortRule, BucketLifecycle, LifecycleChange, LifecycleRule};
use futures_util::future;
use runtime::Error;

use crate::bucket::{Bucket, Makes, Reads, Unread};

impl Reads<BucketLifecycle> for Bucket {
    async fn read(&self) -> Result<BucketLifecycle, Unread> {
        let (found, tags) =
            future::try_join(Box::pin(self.lifecycle()), Box::pin(self.tags())).await?;
        let rules = found.and_then(|found| found.rules).unwrap_or_default();
        Ok(BucketLifecycle { rules: rules.iter().map(rule).collect(), tags })
    }
}

impl Bucket {
    async fn lifecycle(&self) -> Result<Option<Found>, Unread> {
        let call = self.s3.client.get_bucket_lifecycle_configuration().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let none = "NoSuchLifecycleConfiguration";
        self.found("lifecycle rules", "s3:GetLifecycleConfiguration", none, answer)
    }
}

fn rule(rule: &Rule) -> LifecycleRule {
    let filter = rule.filter.as_ref();
    let is_part = filter.is_some_and(|filter| {
        filter.tag.is_some()
            || filter.and.is_some()
            || filter.object_size_greater_than.is_some()
            || filter.object_size_less_than.is_some()
    });
    let expiration = rule.expiration.as_ref();
    let expires = expiration.is_some_and(|expiration| {
        expiration.date.is_some() || expiration.expired_object_delete_marker == Some(true)
    });
    let versions = !rule.noncurrent_version_transitions().is_empty()
        || rule.noncurrent_version_expiration.is_some();
    let by_date = rule.transitions().iter().any(|to| to.days.is_none());
    #[expect(deprecated, reason = "buckets have rules of that kind all the same")]
    let prefix = filter.and_then(|filter| filter.prefix.clone()).or_else(|| rule.prefix.clone());
    let moves = |to: &Transition| Some((to.days?, to.storage_class.as_ref()?.as_str().to_owned()));
    LifecycleRule {
        id: rule.id.clone().unwrap_or_default(),
        enabled: rule.status == ExpirationStatus::Enabled,
        prefix: prefix.unwrap_or_default(),
        aborts_after: rule
            .abort_incomplete_multipart_upload
            .as_ref()
            .and_then(|abort| abort.days_after_initiation),
        expires_after: expiration.and_then(|expiration| expiration.days),
        moves: rule.transitions().iter().filter_map(moves).collect(),
        more: is_part || expires || versions || by_date,
    }
}

/// Our rule, in the words of the others: S3 takes none with a filter beside one without.
fn made(ours: &AbortRule, others: &[Rule]) -> Result<Rule, String> {
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(ours.days).build();
    let rule = Rule::builder()
        .id(&ours.id)
        .status(ExpirationStatus::Enabled)
        .abort_incomplete_multipart_upload(abort);
    let is_old = others.iter().any(|rule| rule.filter.is_none());
    #[expect(deprecated, reason = "others of that kind are there already")]
    let rule = match is_old {
        true => rule.set_prefix(Some(String::new())),
        false => rule.filter(LifecycleRuleFilter::builder().prefix("").build()),
    };
    rule.build().map_err(|why| why.to_string())
}

impl Makes<LifecycleChange> for Bucket {
    /// All rules are written: those that are there are read, and written back with ours or without it.
    async fn make(&self, change: &LifecycleChange) -> Result<(), Error> {
        let what = "change the lifecycle rules";
        let needs = "s3:PutLifecycleConfiguration";
        let odd = |why: &str| self.s3.odd(&format!("{what} of bucket {}", self.name), why);
        let found = self.there(self.lifecycle().await)?;
        let smallest =
            found.as_ref().and_then(|f| f.transition_default_minimum_object_size.clone());
        let mut rules = found.and_then(|found| found.rules).unwrap_or_default();
        let before = rules.len();
        match change {
            LifecycleChange::Begin(ours) | LifecycleChange::Add(ours) => {
                if !rules.iter().any(|one| rule(one) == ours.rule()) {
                    rules.push(made(ours, &rules).map_err(|why| odd(&why))?);
                }
            }
            LifecycleChange::Remove(ours) | LifecycleChange::End(ours) => {
                rules.retain(|one| rule(one) != ours.rule());
            }
        }
        if rules.len() == before {
            return Ok(());
        }
        if rules.is_empty() {
            let call = self.s3.client.delete_bucket_lifecycle().bucket(&self.name);
            let answer = call.expected_bucket_owner(&self.owner).send().await;
            return self.set(what, needs, answer);
        }
        let rules = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build();
        let rules = rules.map_err(|why| odd(&why.to_string()))?;
        let call = self.s3.client.put_bucket_lifecycle_configuration().bucket(&self.name);
        let call = call.expected_bucket_owner(&self.owner).lifecycle_configuration(rules);
        let answer = call.set_transition_default_minimum_object_size(smallest).send().await;
        self.set(what, needs, answer)
    }
}
