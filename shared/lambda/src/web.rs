//! What anybody may read in the internet.

use std::{fmt, time::Duration};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use aws_smithy_types::byte_stream::{AggregatedBytes, ByteStream};
use runtime::Error;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

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

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}
