//! Connections that are open before the first event: while a function starts, Lambda gives it a whole
//! processor, later only its share of one.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use aws_smithy_runtime_api::client::{http::HttpConnector, orchestrator::HttpRequest};
use aws_smithy_types::byte_stream::ByteStream;
use futures_util::future;
use remedy::Place;

use crate::Aws;

/// How long a start may wait for connections.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// Opens a connection for each of `services`, as their endpoints are called; a service that is named
/// twice gets two. Whatever goes wrong goes wrong again, and is told, when the connection is needed.
pub(crate) async fn warm(
    connector: &SharedHttpConnector,
    aws: &Aws,
    home: &Place,
    services: &[&str],
) {
    let urls = services.iter().filter_map(|service| url(aws, home, service));
    let greetings = urls.map(|url| greet(connector, url));
    let _ = tokio::time::timeout(PATIENCE, future::join_all(greetings)).await;
}

/// Asks for `/ping`, unsigned. Which answer comes does not matter; that it is read to its end does:
/// only then the connection is free for others.
async fn greet(connector: &SharedHttpConnector, url: String) {
    let Ok(request) = HttpRequest::get(url) else { return };
    if let Ok(answer) = connector.call(request).await {
        let _ = ByteStream::new(answer.into_body()).collect().await;
    }
}

/// Where to; nowhere if there is no handshake to be saved, or the name is not known for sure.
fn url(aws: &Aws, home: &Place, service: &str) -> Option<String> {
    let root = match aws.endpoint(&service.to_ascii_uppercase()) {
        Some(endpoint) => endpoint.strip_prefix("https://").map(|_| endpoint.to_owned())?,
        None if aws.is_special() => return None,
        None => format!("https://{service}.{}.{}", home.region, domain(home)?),
    };
    Some(format!("{}/ping", root.trim_end_matches('/')))
}

fn domain(home: &Place) -> Option<&'static str> {
    match home.partition.as_str() {
        "aws" | "aws-us-gov" => Some("amazonaws.com"),
        "aws-cn" => Some("amazonaws.com.cn"),
        "aws-eusc" => Some("amazonaws.eu"),
        _ => None,
    }
}
