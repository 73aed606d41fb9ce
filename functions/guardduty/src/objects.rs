//! The two objects in the stack's bucket: the truth, and the text that GuardDuty reads.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::ByteStream,
};
use catalog::guardduty::{ThreatListId, Time, Truth};
use lambda::{Clients, Local};
use remedy::{Place, Timestamp};
use runtime::Error;

/// No list of 250,000 is larger; what is, is not read into memory.
const LARGEST_TRUTH: i64 = 128 << 20;
/// GuardDuty's own limit.
const LARGEST_TEXT: i64 = 35 << 20;
/// By which a text is known as ours: as of which change it was made.
const SERIAL: &str = "kintsugi-serial";

/// The objects of the list.
#[derive(Debug)]
pub(crate) struct Objects {
    s3: Arc<Clients<Client>>,
    home: Place,
    bucket: String,
    name: String,
    /// The truth as it was read or written last; S3 says whether it is still so.
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    etag: String,
    truth: Truth,
}

/// The text, as far as it can be told without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) etag: String,
    /// Whether we wrote it; otherwise a person did.
    pub(crate) is_ours: bool,
    /// When.
    pub(crate) at: Time,
}

/// What became of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    Done,
    /// Somebody else was quicker.
    Beaten,
}

impl Objects {
    pub(crate) fn new(s3: Arc<Clients<Client>>, home: &Place, id: &ThreatListId) -> Self {
        let (bucket, name) = (id.bucket.clone(), id.name.clone());
        Self { s3, home: home.clone(), bucket, name, kept: Mutex::default() }
    }

    /// Where GuardDuty finds the text.
    pub(crate) fn location(&self) -> String {
        format!("s3://{}/{}.txt", self.bucket, self.name)
    }

    async fn client(&self) -> Result<Local<Client>, Error> {
        self.s3.at(&self.home).await
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, kept: Option<Kept>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// The truth as it is now; an empty one if there is none yet.
    pub(crate) async fn truth(&self) -> Result<Truth, Error> {
        let key = format!("{}.json", self.name);
        let what = format!("read the threat list s3://{}/{key}", self.bucket);
        let s3 = self.client().await?;
        let kept = self.kept();
        let call = s3.client.get_object().bucket(&self.bucket).key(&key);
        let call = call.set_if_none_match(kept.as_ref().map(|kept| kept.etag.clone()));
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if status(&error) == Some(304) => {
                return Ok(kept.map(|kept| kept.truth).unwrap_or_default());
            }
            Err(error) if error.code() == Some("NoSuchKey") => {
                self.keep(None);
                return Ok(Truth::default());
            }
            Err(error) => return Err(s3.failed(&what, "s3:GetObject and s3:ListBucket", &error)),
        };
        // What is kept of the old one goes before the new one comes: each can be large.
        drop(kept);
        self.keep(None);
        let etag = answer.e_tag.unwrap_or_default();
        let json = body(answer.body, answer.content_length, LARGEST_TRUTH);
        let json = json.await.map_err(|why| why.into_error(&s3, &what))?;
        let truth = Truth::read(&json).map_err(|why| {
            s3.odd(&what, &format!("{why}. Restore a former version of it: the bucket keeps them"))
        })?;
        self.keep(Some(Kept { etag, truth: truth.clone() }));
        Ok(truth)
    }

    /// The truth as it was read or written last, if there is one.
    pub(crate) fn truth_at_hand(&self) -> Option<Truth> {
        self.kept().map(|kept| kept.truth)
    }

    /// Writes the truth, if it is still what it was when it was read last.
    pub(crate) async fn put_truth(&self, truth: &Truth) -> Result<Put, Error> {
        let key = format!("{}.json", self.name);
        let what = format!("write the threat list s3://{}/{key}", self.bucket);
        let s3 = self.client().await?;
        let before = self.kept().map(|kept| kept.etag);
        let call = s3.client.put_object().bucket(&self.bucket).key(&key);
        let call = match before {
            Some(etag) => call.if_match(etag),
            None => call.if_none_match("*"),
        };
        let call = call.content_type("application/json").body(ByteStream::from(truth.write()));
        match call.send().await {
            Ok(answer) => {
                let kept = answer.e_tag.map(|etag| Kept { etag, truth: truth.clone() });
                self.keep(kept);
                Ok(Put::Done)
            }
            Err(error) if is_beaten(&error) => Ok(Put::Beaten),
            Err(error) => Err(s3.failed(&what, "s3:PutObject and s3:GetObject", &error)),
        }
    }

    /// Looks at the text; `None` if there is none.
    pub(crate) async fn look(&self) -> Result<Option<Text>, Error> {
        let key = format!("{}.txt", self.name);
        let s3 = self.client().await?;
        let answer = s3.client.head_object().bucket(&self.bucket).key(&key).send().await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if status(&error) == Some(404) => return Ok(None),
            Err(error) => {
                let what = format!("look at s3://{}/{key}", self.bucket);
                return Err(s3.failed(&what, "s3:GetObject and s3:ListBucket", &error));
            }
        };
        let at = answer.last_modified().map_or(0, aws_sdk_s3::primitives::DateTime::secs);
        Ok(Some(Text {
            is_ours: answer.metadata().is_some_and(|data| data.contains_key(SERIAL)),
            at: Timestamp::from_timestamp(at, 0).unwrap_or_default().into(),
            etag: answer.e_tag.unwrap_or_default(),
        }))
    }

    /// Reads the text.
    pub(crate) async fn text(&self) -> Result<String, Error> {
        let what = format!("read {}", self.location());
        let s3 = self.client().await?;
        let call = s3.client.get_object().bucket(&self.bucket).key(format!("{}.txt", self.name));
        let answer = call.send().await;
        let answer = answer.map_err(|error| s3.failed(&what, "s3:GetObject", &error))?;
        let text = body(answer.body, answer.content_length, LARGEST_TEXT).await;
        let text = text.map_err(|why| why.into_error(&s3, &what))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Writes the text, if it is still `before`.
    pub(crate) async fn put_text(
        &self,
        text: String,
        serial: u32,
        before: Option<&Text>,
    ) -> Result<Put, Error> {
        let s3 = self.client().await?;
        let call = s3.client.put_object().bucket(&self.bucket).key(format!("{}.txt", self.name));
        let call = match before {
            Some(text) => call.if_match(&text.etag),
            None => call.if_none_match("*"),
        };
        let call = call.content_type("text/plain").metadata(SERIAL, serial.to_string());
        match call.body(ByteStream::from(text.into_bytes())).send().await {
            Ok(_) => Ok(Put::Done),
            Err(error) if is_beaten(&error) => Ok(Put::Beaten),
            Err(error) => {
                let what = format!("write {}", self.location());
                Err(s3.failed(&what, "s3:PutObject and s3:GetObject", &error))
            }
        }
    }
}

/// Why a body was not read.
enum Unread {
    TooLarge(i64),
    CutOff(String),
}

impl Unread {
    fn into_error(self, s3: &Local<Client>, what: &str) -> Error {
        match self {
            Self::TooLarge(bytes) => s3.odd(what, &format!("it has {bytes} bytes")),
            Self::CutOff(why) => Error::Transient(format!("could not {what}: {why}")),
        }
    }
}

/// A whole body, in one piece that is no larger than it.
async fn body(mut from: ByteStream, length: Option<i64>, most: i64) -> Result<Vec<u8>, Unread> {
    let length = length.unwrap_or_default();
    if length > most {
        return Err(Unread::TooLarge(length));
    }
    let mut all = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    while let Some(chunk) = from.next().await {
        all.extend_from_slice(&chunk.map_err(|error| Unread::CutOff(error.to_string()))?);
        if i64::try_from(all.len()).is_ok_and(|read| read > most) {
            return Err(Unread::TooLarge(length));
        }
    }
    Ok(all)
}

type Failed<E> = SdkError<E, aws_sdk_s3::config::http::HttpResponse>;

fn status<E>(error: &Failed<E>) -> Option<u16> {
    error.raw_response().map(|answer| answer.status().as_u16())
}

/// Whether the object is another by now (412), is being written (409), or is gone (404).
fn is_beaten<E: ProvideErrorMetadata>(error: &Failed<E>) -> bool {
    match status(error) {
        Some(409 | 412) => true,
        Some(404) => error.code() == Some("NoSuchKey"),
        _ => false,
    }
}
