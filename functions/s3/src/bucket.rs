//! A bucket: what is read of it beside everything else, and what its errors mean.

use std::future::Future;

use aws_sdk_s3::{
    Client,
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use catalog::s3::BucketId;
use lambda::Local;
use remedy::{Change, Facet, Never, Place, Signal, Tags};
use runtime::{Cloud, Error};

use crate::S3;

/// A bucket of an account. Every call names the account: a bucket of this name that another account made
/// since is not touched.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) s3: Local<Client>,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) region: String,
}

/// Why something was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The bucket is gone.
    Gone,
    Failed(Error),
}

/// How a facet of a bucket is read.
pub(crate) trait Reads<F> {
    fn read(&self) -> impl Future<Output = Result<F, Unread>> + Send;
}

/// How a change of a bucket is made.
pub(crate) trait Makes<C> {
    fn make(&self, change: &C) -> impl Future<Output = Result<(), Error>> + Send;
}

impl<F: Facet<Id = BucketId>> Cloud<F> for S3
where
    Bucket: Reads<F> + Makes<F::Change>,
    F::Change: Change,
{
    async fn load(&self, place: &Place, id: &BucketId, _: &[&Signal]) -> Result<Option<F>, Error> {
        let bucket = self.bucket(place, id).await?;
        match Box::pin(bucket.read()).await {
            Ok(facet) => Ok(Some(facet)),
            Err(Unread::Gone) => Ok(None),
            Err(Unread::Failed(error)) => Err(error),
        }
    }

    async fn apply(
        &self,
        place: &Place,
        id: &BucketId,
        changes: &[F::Change],
    ) -> Vec<Result<(), Error>> {
        let bucket = match self.bucket(place, id).await {
            Ok(bucket) => bucket,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(bucket.make(change)).await);
        }
        results
    }
}

impl S3 {
    async fn bucket(&self, place: &Place, id: &BucketId) -> Result<Bucket, Error> {
        Ok(Bucket {
            s3: self.s3.at(place).await?,
            name: id.0.clone(),
            owner: place.account.clone(),
            region: place.region.clone(),
        })
    }
}

type Failed<E> = SdkError<E, HttpResponse>;

impl Bucket {
    /// What S3 answers of the `part` of the bucket, or nothing, where it answers `none`.
    pub(crate) fn found<T, E>(
        &self,
        part: &str,
        needs: &str,
        none: &str,
        answer: Result<T, Failed<E>>,
    ) -> Result<Option<T>, Unread>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.code() == Some(none) => Ok(None),
            Err(error) if error.code() == Some("NoSuchBucket") => Err(Unread::Gone),
            Err(error) => {
                let what = format!("read the {part} of bucket {}", self.name);
                Err(Unread::Failed(self.failed(&what, needs, &error)))
            }
        }
    }

    /// What S3 answers of the `part` of the bucket, which every bucket has.
    pub(crate) fn all<T, E>(
        &self,
        part: &str,
        needs: &str,
        answer: Result<T, Failed<E>>,
    ) -> Result<T, Unread>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let found = self.found(part, needs, "NoSuchBucket", answer)?;
        found.ok_or(Unread::Gone)
    }

    /// The answer cannot be understood.
    pub(crate) fn odd(&self, part: &str, why: &str) -> Unread {
        let what = format!("read the {part} of bucket {}", self.name);
        Unread::Failed(self.s3.odd(&what, why))
    }

    /// What became of setting the `part` of the bucket to something.
    pub(crate) fn set<T, E>(
        &self,
        what: &str,
        needs: &str,
        answer: Result<T, Failed<E>>,
    ) -> Result<(), Error>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let what = || format!("{what} of bucket {}", self.name);
        answer.map(drop).map_err(|error| self.failed(&what(), needs, &error))
    }

    /// What was found where something is to be changed: a bucket that is gone by then is an error.
    pub(crate) fn there<T>(&self, read: Result<T, Unread>) -> Result<T, Error> {
        read.map_err(|unread| match unread {
            Unread::Failed(error) => error,
            Unread::Gone => self.s3.odd(&format!("change bucket {}", self.name), "it is gone"),
        })
    }

    fn failed<E>(&self, what: &str, needs: &str, error: &Failed<E>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let elsewhere = [
            "PermanentRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ];
        let is_elsewhere = error.code().is_some_and(|code| elsewhere.contains(&code))
            || error.raw_response().is_some_and(|answer| answer.status().as_u16() == 301);
        if is_elsewhere {
            let there = region_told(error).unwrap_or("another one than S3 tells");
            let why = format!("the bucket is not in {} but in {there}", self.region);
            return self.s3.odd(what, &why);
        }
        self.s3.failed(what, needs, error)
    }

    pub(crate) async fn tags(&self) -> Result<Tags, Unread> {
        let call = self.s3.client.get_bucket_tagging().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let found = self.found("tags", "s3:GetBucketTagging", "NoSuchTagSet", answer)?;
        let tags = found.map(|found| found.tag_set).unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    /// Whether it serves a website.
    pub(crate) async fn website(&self) -> Result<bool, Unread> {
        let call = self.s3.client.get_bucket_website().bucket(&self.name);
        let answer = call.expected_bucket_owner(&self.owner).send().await;
        let none = "NoSuchWebsiteConfiguration";
        Ok(self.found("website", "s3:GetBucketWebsite", none, answer)?.is_some())
    }
}

/// The Region that S3 sends to.
pub(crate) fn region_told<E>(error: &Failed<E>) -> Option<&str> {
    error.raw_response()?.headers().get("x-amz-bucket-region")
}

impl Makes<Never> for Bucket {
    async fn make(&self, change: &Never) -> Result<(), Error> {
        match *change {}
    }
}
