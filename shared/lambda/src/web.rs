//! What anybody may read in the internet, and what is sent to who is not AWS.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use aws_smithy_types::byte_stream::{AggregatedBytes, ByteStream};
use runtime::{Error, notice::clean};

use crate::http;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read at most.
const LARGEST: usize = 1024 * 1024;

/// What is sent. Its URL, headers and body may hold secrets, and are shown nowhere.
#[derive(Clone, Default)]
pub struct Call {
    /// Such as `POST`.
    pub method: &'static str,
    /// Where to.
    pub url: String,
    /// Each by its name in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// What came back.
#[derive(Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// How long to wait before another try, if that was said in seconds.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("method", &self.method).finish_non_exhaustive()
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What anybody may read, over the connections that all clients share.
#[derive(Clone)]
pub struct Web(SharedHttpConnector);

impl Web {
    /// Over these connections.
    pub fn new(connector: SharedHttpConnector) -> Self {
        Self(connector)
    }

    /// Reads the document at `url`.
    ///
    /// # Errors
    /// If it cannot be read; another try may do.
    pub async fn read(&self, url: &str) -> Result<Vec<u8>, Error> {
        let failed =
            |why: &dyn fmt::Display| Error::Transient(format!("could not read {url}: {why}"));
        let request = HttpRequest::get(url).map_err(|error| failed(&error))?;
        self.answer(request).await.map_err(|why| failed(&why))
    }

    /// Writes `body` to a `url` that whoever made it signed for that: without a type, since a type would be
    /// part of what is signed.
    ///
    /// # Errors
    /// If it cannot be written; another try may do. The error does not tell the URL: who has it may write.
    pub async fn put(&self, url: &str, body: String) -> Result<(), Error> {
        let failed = |why: &dyn fmt::Display| {
            Error::Transient(format!("could not write to the address that was given: {why}"))
        };
        let length = body.len().to_string();
        let mut request = HttpRequest::new(body.into());
        request.set_uri(url).map_err(|error| failed(&error))?;
        request.set_method("PUT").map_err(|error| failed(&error))?;
        request.headers_mut().try_insert("content-length", length).map_err(|e| failed(&e))?;
        self.answer(request).await.map(drop).map_err(|why| failed(&why))
    }

    /// Sends `call` and waits for the answer, whatever its status.
    ///
    /// # Errors
    /// If there is no whole answer within `patience`; what was sent may have arrived all the same. The
    /// error tells neither the URL nor what was sent.
    pub async fn send(&self, call: Call, patience: Duration) -> Result<Reply, Error> {
        let Call { method, url, headers, body } = call;
        // What cannot be a request is told without the words of who says so: they may repeat it.
        let odd = |what: &str| Error::Refused(format!("the {what} cannot be used"));
        let length = body.len().to_string();
        let mut request = HttpRequest::new(body.into());
        request.set_uri(url.as_str()).map_err(|_| odd("address"))?;
        request.set_method(method).map_err(|_| odd("method"))?;
        let length = (method != "GET").then_some(("content-length", length));
        for (name, value) in headers.into_iter().chain(length) {
            let added = request.headers_mut().try_insert(name, value);
            added.map_err(|_| odd(&format!("header {name}")))?;
        }
        match tokio::time::timeout(patience, self.reply(request)).await {
            Ok(Ok(reply)) => Ok(reply),
            // Some libraries repeat where they could not connect to.
            Ok(Err(why)) if !repeats(&why, &url) => Err(Error::Transient(why)),
            Ok(Err(_)) => Err(Error::Transient("no connection".into())),
            Err(_) => Err(Error::Transient(format!("no answer within {} s", patience.as_secs()))),
        }
    }

    async fn reply(&self, request: HttpRequest) -> Result<Reply, String> {
        let answer = self.0.call(request).await;
        let answer = answer.map_err(|error| format!("no connection ({})", root(&error)))?;
        let status = answer.status().as_u16();
        let seconds = answer.headers().get("retry-after").and_then(|text| text.trim().parse().ok());
        let mut stream = ByteStream::new(answer.into_body());
        let mut body = Vec::new();
        while let Some(some) = stream.next().await {
            let some = some.map_err(|error| format!("half an answer ({})", root(&error)))?;
            if body.len() + some.len() > LARGEST {
                return Err(format!("an answer of more than {} KiB", LARGEST / 1024));
            }
            body.extend_from_slice(&some);
        }
        Ok(Reply { status, retry_after: seconds.map(Duration::from_secs), body })
    }

    async fn answer(&self, request: HttpRequest) -> Result<Vec<u8>, String> {
        let answer = async {
            let answer = self.0.call(request).await.map_err(|error| error.to_string())?;
            let status = answer.status().as_u16();
            if status != 200 {
                return Err(format!("status {status}"));
            }
            let body = ByteStream::new(answer.into_body()).collect().await;
            body.map(AggregatedBytes::to_vec).map_err(|error| error.to_string())
        };
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }
}

/// Connections to who is not AWS: the system's roots are trusted. They are made when they are first
/// needed, since reading those roots takes longer than most functions live.
#[derive(Clone, Default)]
pub struct Outside(Arc<OnceLock<Result<Web, String>>>);

impl Outside {
    /// Over these connections instead.
    pub fn over(web: Web) -> Self {
        Self(Arc::new(Ok(web).into()))
    }

    /// The connections.
    ///
    /// # Errors
    /// If the environment names roots that cannot be used.
    pub fn web(&self) -> Result<&Web, Error> {
        let made = self.0.get_or_init(|| http::outside().map(Web::new));
        made.as_ref().map_err(|why| Error::Refused(why.clone()))
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outside")
    }
}

/// What is at the bottom of an error.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    clean(&error.to_string(), 200)
}

/// Whether `text` tells something of `url` beside its host.
fn repeats(text: &str, url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let secret = rest.find(['/', '?']).map_or("", |at| &rest[at + 1..]);
    !secret.is_empty()
        && secret.split(['/', '?', '&', '=']).any(|part| part.len() > 3 && text.contains(part))
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}

#[cfg(test)]
mod tests {
    use script::{Script, answer};

    use super::*;

    fn call(method: &'static str, url: &str) -> Call {
        Call { method, url: url.into(), body: "body".into(), ..Call::default() }
    }

    #[tokio::test]
    async fn whatever_the_status_is_what_came_back_is_told() {
        for (given, wait) in [("7", Some(7)), (" 0 ", Some(0)), ("soon", None), ("-1", None)] {
            let script = Script::of([answer(429, "slow down").with("retry-after", given)]);
            let web = Web::new(script.connector());
            let sent = web.send(call("POST", "https://example.com/x"), PATIENCE).await.unwrap();
            assert_eq!((sent.status, sent.body.as_slice()), (429, b"slow down".as_slice()));
            assert_eq!(sent.retry_after, wait.map(Duration::from_secs), "{given}");
            assert_eq!(script.requests()[0].header("content-length"), Some("4"));
        }
    }

    #[tokio::test]
    async fn what_goes_wrong_does_not_tell_where_to() {
        let large = answer(200, &"x".repeat(LARGEST + 1));
        let web = Web::new(Script::of([large]).connector());
        for (method, url, said) in [
            ("POST", "https://example.com/secret", "an answer of more than 1024 KiB"),
            ("POST", "https://example.com/secret", "no connection"),
            ("POST", "not an address, secret", "the address cannot be used"),
            ("no method", "https://example.com/secret", "the method cannot be used"),
        ] {
            let error = web.send(call(method, url), PATIENCE).await.unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains("secret"), "{error}");
        }
        let shown = format!("{:?}", call("GET", "https://example.com/secret"));
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn what_a_library_repeats_of_an_address_is_known() {
        let url = "https://hooks.example.com/services/T0/abcdef?apiKey=xyzw";
        for (text, repeated) in [
            ("could not connect to hooks.example.com", false),
            ("dns error", false),
            ("bad path services/T0/abcdef", true),
            ("key xyzw", true),
        ] {
            assert_eq!(repeats(text, url), repeated, "{text}");
        }
    }
}
