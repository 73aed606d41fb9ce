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

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Such as `GET`.
    pub method: String,
    /// All of it, as in `https://bucket.s3.eu-west-1.amazonaws.com/key?x-id=GetObject`.
    pub uri: String,
    /// Each by its name in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Each by its name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer with this status and body.
pub fn answer(status: u16, body: &str) -> Answer {
    encoded(status, body.as_bytes().to_vec())
}

/// The same, where the body is no text.
pub fn encoded(status: u16, body: Vec<u8>) -> Answer {
    Answer { status, headers: Vec::new(), body }
}

impl Answer {
    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Request {
    fn of(request: &HttpRequest) -> Self {
        let headers = request.headers().iter();
        Self {
            method: request.method().to_owned(),
            uri: request.uri().to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned(),
        }
    }

    /// The header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What is answered to a request; nothing closes the connection.
type Says = dyn FnMut(&Request) -> Option<Answer> + Send;

/// Who answers; calls at the same time are answered in the order in which they are made.
#[derive(Clone)]
pub struct Script(Arc<Mutex<Scene>>);

struct Scene {
    says: Box<Says>,
    heard: Vec<Request>,
}

impl Script {
    /// Says these, one after the other.
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        Self::by(move |_| answers.pop_front())
    }

    /// Says what `says` makes of a request's body.
    pub fn by(mut says: impl FnMut(&str) -> Option<Answer> + Send + 'static) -> Self {
        Self::to(move |request| says(&request.body))
    }

    /// Says what `says` makes of a request.
    pub fn to(says: impl FnMut(&Request) -> Option<Answer> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Scene { says: Box::new(says), heard: Vec::new() })))
    }

    /// The bodies of all requests so far.
    pub fn bodies(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.body).collect()
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.0.lock().unwrap().heard.clone()
    }

    /// The connection to it, for who needs no client.
    pub fn connector(&self) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }

    /// A configuration for clients that talk to it. They try once.
    pub fn config(&self) -> SdkConfig {
        let connector = self.connector();
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
        let request = Request::of(&request);
        let mut scene = self.0.lock().unwrap();
        let said = (scene.says)(&request);
        scene.heard.push(request);
        HttpConnectorFuture::ready(match said {
            Some(Answer { status, headers, body }) => {
                let body = SdkBody::from(body);
                let mut answer = HttpResponse::new(status.try_into().unwrap(), body);
                for (name, value) in headers {
                    answer.headers_mut().append(name, value);
                }
                Ok(answer)
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
