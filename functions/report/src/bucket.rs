//! The bucket that reports go to.

use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use futures_util::future;
use lambda::Local;
use runtime::Error;

/// Bytes of a part: no part but the last may be smaller.
const PART: usize = 5 << 20;
const NEEDS: &str = "s3:PutObject";

/// The bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) s3: Local<Client>,
    pub(crate) name: String,
}

impl Bucket {
    /// Writes an object to each of `keys`.
    pub(crate) async fn put_all(
        &self,
        keys: &[String],
        kind: &str,
        body: Vec<u8>,
    ) -> Result<(), Error> {
        let puts = keys.iter().map(|key| self.put(key, kind, body.clone()));
        future::try_join_all(puts).await.map(drop)
    }

    async fn put(&self, key: &str, kind: &str, body: Vec<u8>) -> Result<(), Error> {
        let call = self.s3.client.put_object().bucket(&self.name).key(key).content_type(kind);
        call.body(ByteStream::from(body)).send().await.map(drop).map_err(|error| {
            self.s3.failed(&format!("write s3://{}/{key}", self.name), NEEDS, &error)
        })
    }

    async fn begin(&self, key: &str, kind: &str) -> Result<String, Error> {
        let what = format!("begin to write s3://{}/{key}", self.name);
        let call = self.s3.client.create_multipart_upload().bucket(&self.name).key(key);
        let answer = call.content_type(kind).send().await;
        let answer = answer.map_err(|error| self.s3.failed(&what, NEEDS, &error))?;
        answer.upload_id.ok_or_else(|| self.s3.odd(&what, "the upload has no id"))
    }

    async fn part(&self, target: &mut Target, body: Vec<u8>) -> Result<(), Error> {
        let Target { key, id, parts } = target;
        let what = format!("write a part of s3://{}/{key}", self.name);
        let number = i32::try_from(parts.len() + 1).unwrap_or(i32::MAX);
        let call = self.s3.client.upload_part().bucket(&self.name).key(&*key).upload_id(&*id);
        let answer = call.part_number(number).body(ByteStream::from(body)).send().await;
        let answer = answer.map_err(|error| self.s3.failed(&what, NEEDS, &error))?;
        parts.push(CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag).build());
        Ok(())
    }

    async fn complete(&self, Target { key, id, parts }: Target) -> Result<(), Error> {
        let what = format!("complete s3://{}/{key}", self.name);
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let call = self.s3.client.complete_multipart_upload().bucket(&self.name).key(key);
        let answer = call.upload_id(id).multipart_upload(parts).send().await;
        answer.map(drop).map_err(|error| self.s3.failed(&what, NEEDS, &error))
    }
}

/// An object that is written while it is made, under one or more keys. One that is not finished is never
/// seen; S3 deletes it by the bucket's own rule.
#[derive(Debug)]
pub(crate) struct Upload {
    kind: &'static str,
    keys: Vec<String>,
    held: Vec<u8>,
    begun: Vec<Target>,
}

/// An upload in parts.
#[derive(Debug)]
struct Target {
    key: String,
    id: String,
    parts: Vec<CompletedPart>,
}

impl Upload {
    pub(crate) fn new(kind: &'static str, keys: Vec<String>) -> Self {
        Self { kind, keys, held: Vec::new(), begun: Vec::new() }
    }

    /// Adds `some`, and sends what is large enough.
    pub(crate) async fn push(&mut self, bucket: &Bucket, some: Vec<u8>) -> Result<(), Error> {
        if self.held.is_empty() {
            self.held = some;
        } else {
            self.held.extend(some);
        }
        if self.held.len() < PART {
            return Ok(());
        }
        if self.begun.is_empty() {
            for key in &self.keys {
                let id = bucket.begin(key, self.kind).await?;
                self.begun.push(Target { key: key.clone(), id, parts: Vec::new() });
            }
        }
        self.send(bucket).await
    }

    /// Sends the rest. What is small is one object at once.
    pub(crate) async fn finish(mut self, bucket: &Bucket) -> Result<(), Error> {
        if self.begun.is_empty() {
            return bucket.put_all(&self.keys, self.kind, self.held).await;
        }
        if !self.held.is_empty() {
            self.send(bucket).await?;
        }
        future::try_join_all(self.begun.into_iter().map(|target| bucket.complete(target)))
            .await
            .map(drop)
    }

    async fn send(&mut self, bucket: &Bucket) -> Result<(), Error> {
        let body = std::mem::take(&mut self.held);
        for target in &mut self.begun {
            bucket.part(target, body.clone()).await?;
        }
        Ok(())
    }
}
