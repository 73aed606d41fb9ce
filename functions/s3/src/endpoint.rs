//! Where the settings of accounts are.

use std::net::IpAddr;

use aws_sdk_s3control::{
    Client,
    config::{
        Builder,
        endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
    },
};

/// An endpoint that is an address. The SDK puts the account before the name of every other one, as S3
/// wants it; before an address that makes no name.
#[derive(Debug)]
struct Address(String);

impl ResolveEndpoint for Address {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

/// The client; `endpoint` is set where it is not AWS's own.
pub(crate) fn s3control(config: Builder, endpoint: Option<&str>) -> Client {
    let address = endpoint.filter(|url| is_address(url)).map(|url| Address(url.to_owned()));
    Client::from_conf(match address {
        Some(address) => config.endpoint_resolver(address).build(),
        None => config.build(),
    })
}

fn is_address(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_stays_as_it_is() {
        for (url, is) in [
            ("http://127.0.0.1:8080", true),
            ("http://10.0.0.1:80/x", true),
            ("http://[::1]:8080", true),
            ("https://control.vpce-1.s3.eu-west-1.vpce.amazonaws.com", false),
            ("https://localhost:8080", false),
        ] {
            assert_eq!(is_address(url), is, "{url}");
        }
    }
}
