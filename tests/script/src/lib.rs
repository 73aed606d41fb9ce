//! An AWS that says what it was told to say, and keeps what it was asked: for tests of what goes over the
//! wire, with the SDK's own serialization and without its test features.

#![expect(clippy::unwrap_used, reason = "this is for tests only, which may panic")]

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;

/// A status and a body.
pub type Answer = (u16, String);

/// An answer with this status and body.
pub fn answer(status: u16, body: &str) -> Answer {
    (status, body.to_owned())
}

/// What is answered to a request's body; nothing closes the connection.
type Says = dyn FnMut(&str) -> Option<Answer> + Send;

/// Who answers; calls at the same time are answered in the order in which they are made.
#[derive(Clone)]
pub struct Script(Arc<Mutex<Scene>>);

struct Scene {
    says: Box<Says>,
    heard: Vec<String>,
}

impl Script {
    /// Says these, one after the other.
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        Self::by(move |_| answers.pop_front())
    }

    /// Says what `says` makes of a request's body.
    pub fn by(says: impl FnMut(&str) -> Option<Answer> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Scene { says: Box::new(says), heard: Vec::new() })))
    }

    /// The bodies of all requests so far.
    pub fn bodies(&self) -> Vec<String> {
        self.0.lock().unwrap().heard.clone()
    }

    /// A configuration for clients that talk to it. They try once.
    pub fn config(&self) -> SdkConfig {
        let connector = SharedHttpConnector::new(self.clone());
        let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(RetryConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build()
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let mut scene = self.0.lock().unwrap();
        let said = (scene.says)(&body);
        scene.heard.push(body);
        HttpConnectorFuture::ready(match said {
            Some((status, body)) => {
                Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body)))
            }
            None => Err(ConnectorError::io("the script ends here".into())),
        })
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}
