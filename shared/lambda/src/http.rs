//! One HTTP client for all clients of the SDK, and whom it trusts.

use std::{
    fmt, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use aws_smithy_http_client::{
    Connector,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};

use crate::{Failure, Web, environment::Environment};

/// The roots that AWS's endpoints are signed by: Amazon Root CA 1 to 4, and the Starfield root that
/// they were signed by before (<https://www.amazontrust.com/repository/>). Parsing these instead of
/// everything a system trusts is most of what a first call costs.
const AMAZON: &[u8] = include_bytes!("amazon-roots.pem");

/// Variables that name another file of roots, for those behind a proxy that breaks TLS open.
const BUNDLES: [&str; 2] = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"];
/// Variables that name a proxy.
const PROXIES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// How long a connection may take to open, its handshake included.
const CONNECT: Duration = Duration::from_secs(2);
/// AWS closes idle connections sooner or later; one that it has closed costs a retry.
const IDLE: Duration = Duration::from_secs(45);

/// The connections that all clients share.
pub(crate) fn connector(environment: &Environment) -> Result<SharedHttpConnector, Failure> {
    let trust = trust(environment)?;
    let context = TlsContext::builder().with_trust_store(trust).build();
    let context = context.map_err(|error| Failure::Tls(error.to_string()))?;
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
    let mut builder = Connector::builder()
        .connector_settings(settings)
        .pool_idle_timeout(IDLE)
        .tls_provider(Provider::rustls(CryptoMode::Ring))
        .tls_context(context);
    if PROXIES.iter().any(|name| environment.get(name).is_some()) {
        builder = builder.proxy_config(ProxyConfig::from_env());
    }
    // It panics over what it cannot parse.
    let connector = catch_unwind(AssertUnwindSafe(|| builder.build())).map_err(|_| {
        let named = bundle(environment).map(|(name, file)| format!("{file} (environment {name})"));
        Failure::Tls(format!("{} holds no usable roots", named.as_deref().unwrap_or("the system")))
    })?;
    Ok(SharedHttpConnector::new(connector))
}

/// The connections of a program that runs elsewhere than on Lambda. Proxies, and files of roots, are
/// read from the environment; without one, the system's roots are trusted.
#[derive(Clone)]
pub struct Connections(SharedHttpConnector);

impl Connections {
    /// Opens none yet.
    ///
    /// # Errors
    /// If what the environment names cannot be used.
    pub fn new() -> Result<Self, String> {
        outside().map(Self)
    }

    /// A client for the SDK on them.
    pub fn client(&self) -> SharedHttpClient {
        client(&self.0)
    }

    /// What anybody may read, over them.
    pub fn web(&self) -> Web {
        Web::new(self.0.clone())
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connections")
    }
}

/// Connections that trust the system's roots, or those that the environment names, wherever they run.
pub(crate) fn outside() -> Result<SharedHttpConnector, String> {
    let environment = Environment::read();
    let wanted = BUNDLES.into_iter().chain(PROXIES);
    let set = wanted.filter_map(|name| Some((name, environment.get(name)?)));
    match connector(&set.collect()) {
        Ok(connector) => Ok(connector),
        Err(Failure::Tls(why)) => Err(why),
        Err(other) => Err(other.to_string()),
    }
}

/// A client of the SDK's on these connections; the time-outs of the SDK's own for connections do not
/// matter to it.
pub(crate) fn client(connector: &SharedHttpConnector) -> SharedHttpClient {
    let connector = connector.clone();
    http_client_fn(move |_, _| connector.clone())
}

fn bundle(environment: &Environment) -> Option<(&'static str, &str)> {
    BUNDLES.into_iter().find_map(|name| Some((name, environment.get(name)?)))
}

fn trust(environment: &Environment) -> Result<TrustStore, Failure> {
    if let Some((name, file)) = bundle(environment) {
        let wrong = |why: String| {
            Failure::Tls(format!("cannot use {file} (environment {name}): {why}; name a PEM file"))
        };
        let pem = fs::read(file).map_err(|error| wrong(error.to_string()))?;
        let begins = b"-----BEGIN CERTIFICATE-----";
        if !pem.windows(begins.len()).any(|window| window == begins) {
            return Err(wrong("it holds no certificate".into()));
        }
        return Ok(TrustStore::empty().with_pem_certificate(pem));
    }
    Ok(match environment.get("AWS_REGION").is_some_and(is_signed_by_amazon) {
        true => TrustStore::empty().with_pem_certificate(AMAZON),
        false => TrustStore::default(),
    })
}

/// Other partitions than `aws` may have certificates of other authorities.
fn is_signed_by_amazon(region: &str) -> bool {
    remedy::Place::new("", region).partition == "aws"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(variables: &[(&str, &str)]) -> Result<(), String> {
        let environment = variables.iter().copied().collect();
        connector(&environment).map(drop).map_err(|failure| failure.to_string())
    }

    #[test]
    fn amazon_s_roots_are_five_and_parse() {
        let pem = String::from_utf8(AMAZON.to_vec()).unwrap();
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 5);
        assert_eq!(built(&[("AWS_REGION", "eu-west-1")]), Ok(()));
    }

    #[test]
    fn a_file_of_roots_that_cannot_be_used_is_named() {
        let missing = built(&[("SSL_CERT_FILE", "/nonexistent/roots.pem")]).unwrap_err();
        assert!(
            missing.contains("/nonexistent/roots.pem (environment SSL_CERT_FILE)"),
            "{missing}"
        );
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let none = built(&[("AWS_CA_BUNDLE", manifest)]).unwrap_err();
        assert!(none.contains("holds no certificate"), "{none}");
    }

    #[test]
    fn a_file_of_roots_is_used_instead_of_amazon_s() {
        let roots = concat!(env!("CARGO_MANIFEST_DIR"), "/src/amazon-roots.pem");
        assert_eq!(built(&[("SSL_CERT_FILE", roots), ("AWS_REGION", "cn-north-1")]), Ok(()));
    }
}
