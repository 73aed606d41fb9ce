//! What channels are reached with: read when it is first needed, kept for a little while, shown nowhere.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_secretsmanager::Client;
use chrono::TimeDelta;
use futures_util::lock::Mutex as AsyncMutex;
use lambda::Local;
use remedy::Timestamp;
use runtime::Error;
use serde_json::Value;

/// How long a secret is used before it is read again.
const KEPT: TimeDelta = TimeDelta::minutes(5);

/// A secret: JSON with named texts.
pub(crate) struct Secret {
    name: String,
    fields: Value,
}

impl Secret {
    /// The text of this name, if there is one.
    pub(crate) fn maybe(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// The text of this name.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn text(&self, field: &str) -> Result<&str, Error> {
        self.maybe(field).ok_or_else(|| {
            Error::Refused(format!(
                "secret {} has no text `{field}`; it is JSON with it",
                self.name
            ))
        })
    }

    /// `text` without what the secret holds, nor parts of a URL in it.
    pub(crate) fn hidden(&self, text: &str) -> String {
        let texts = self.fields.as_object().into_iter().flatten();
        let texts = texts.filter_map(|(_, secret)| secret.as_str());
        let parts = texts.flat_map(|secret| {
            let url = secret.split_once("://").map_or("", |(_, rest)| rest);
            std::iter::once(secret).chain(url.split('/').skip(1))
        });
        let parts = parts.filter(|part| part.len() >= 4);
        parts.fold(text.to_owned(), |text, part| text.replace(part, "(secret)"))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A secret that is read by one of those who want it at the same time.
type Place = Arc<AsyncMutex<Option<(Timestamp, Arc<Secret>)>>>;

/// The secrets that channels are reached with.
pub(crate) struct Secrets {
    client: Local<Client>,
    kept: Mutex<HashMap<String, Place>>,
}

impl Secrets {
    pub(crate) fn new(client: Local<Client>) -> Self {
        Self { client, kept: Mutex::default() }
    }

    /// The secret of this name or ARN, as it was within the last minutes.
    ///
    /// # Errors
    /// If it cannot be read, or is no JSON object.
    pub(crate) async fn read(&self, name: &str, now: Timestamp) -> Result<Arc<Secret>, Error> {
        let place = self.place(name);
        let mut kept = place.lock().await;
        if let Some((_, secret)) = kept.as_ref().filter(|(at, _)| (now - *at).abs() < KEPT) {
            return Ok(Arc::clone(secret));
        }
        *kept = None;
        let secret = Arc::new(self.ask(name).await?);
        *kept = Some((now, Arc::clone(&secret)));
        Ok(secret)
    }

    /// Forgets `secret`, which was refused; one that was read since is kept.
    pub(crate) async fn forget(&self, secret: &Arc<Secret>) {
        let place = self.place(&secret.name);
        let mut kept = place.lock().await;
        if kept.as_ref().is_some_and(|(_, known)| Arc::ptr_eq(known, secret)) {
            *kept = None;
        }
    }

    fn place(&self, name: &str) -> Place {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(kept.entry(name.to_owned()).or_default())
    }

    async fn ask(&self, name: &str) -> Result<Secret, Error> {
        let what = format!("read secret {name}");
        let answer = self.client.client.get_secret_value().secret_id(name).send().await;
        let answer = answer
            .map_err(|error| self.client.failed(&what, "secretsmanager:GetSecretValue", &error))?;
        // Why it is none is not told: it might repeat a part of it.
        let fields = answer.secret_string().and_then(|text| serde_json::from_str(text).ok());
        match fields {
            Some(fields @ Value::Object(_)) => Ok(Secret { name: name.to_owned(), fields }),
            _ => Err(Error::Refused(format!("could not {what}: it is no JSON object"))),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}
