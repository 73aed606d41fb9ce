//! The SDK's configuration: made by hand on Lambda, where everything is in the environment.

use std::{collections::BTreeMap, time::Duration};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;

use crate::{environment::Environment, http};

/// How long one try of a call may take.
const ATTEMPT: Duration = Duration::from_secs(8);
/// How long a call may take with all its tries.
const OPERATION: Duration = Duration::from_secs(20);
/// EC2 throttles by a bucket that refills 5 times a second: what is refused now is taken soon.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// How often a call is tried.
const TRIES: u32 = 5;

/// The SDK's configuration, and where it differs from service to service.
#[derive(Debug, Clone)]
pub struct Aws {
    base: SdkConfig,
    /// Endpoints by the SDK's name of the service in capital letters; under no name: for all others.
    endpoints: BTreeMap<String, String>,
}

impl Aws {
    /// `base` for every service.
    pub fn new(base: SdkConfig) -> Self {
        Self { base, endpoints: BTreeMap::new() }
    }

    /// From the environment alone where it holds Region and credentials, as it does on Lambda: without
    /// a chain of providers, profile files or the metadata service. Elsewhere as any SDK does it.
    pub(crate) async fn load(environment: &Environment, connector: &SharedHttpConnector) -> Self {
        let base = match by_hand(environment) {
            Some(config) => config,
            None => {
                aws_config::defaults(BehaviorVersion::latest())
                    .http_client(http::client(connector))
                    .load()
                    .await
            }
        };
        let mut base = base.into_builder();
        base.set_app_name(AppName::new("kintsugi").ok());
        let base = base
            .http_client(http::client(connector))
            .retry_config(retries())
            .timeout_config(timeouts())
            // Answers are small, and have their time-outs.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self { base, endpoints: environment.endpoints() }
    }

    /// What a client of `service` is made from; `service` as in `AWS_ENDPOINT_URL_<SERVICE>`.
    pub fn service(&self, service: &str) -> SdkConfig {
        let endpoint = self.endpoint(service).map(str::to_owned);
        let mut builder = self.base.to_builder();
        if endpoint.is_some() {
            builder.set_endpoint_url(endpoint);
        }
        builder.build()
    }

    /// The same in another Region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let base = self.base.to_builder().region(Region::new(region.to_owned())).build();
        Self { base, endpoints: self.endpoints.clone() }
    }

    /// The same with other credentials.
    #[must_use]
    pub fn with(&self, credentials: Credentials) -> Self {
        let provider = SharedCredentialsProvider::new(credentials);
        // What was cached is somebody else's.
        let mut builder = self.base.to_builder().credentials_provider(provider);
        builder.set_identity_cache(None);
        Self { base: builder.build(), endpoints: self.endpoints.clone() }
    }

    /// The Region that is used if nothing else is said.
    pub fn region(&self) -> Option<&str> {
        self.base.region().map(AsRef::as_ref)
    }

    /// The endpoint that was set for `service` in place of AWS's own.
    pub(crate) fn endpoint(&self, service: &str) -> Option<&str> {
        let endpoint = self.endpoints.get(service).or_else(|| self.endpoints.get(""));
        endpoint.map(String::as_str)
    }

    /// Whether AWS's endpoints have other names than usual.
    pub(crate) fn is_special(&self) -> bool {
        self.base.use_fips() == Some(true) || self.base.use_dual_stack() == Some(true)
    }
}

fn by_hand(environment: &Environment) -> Option<SdkConfig> {
    environment.get("AWS_LAMBDA_FUNCTION_NAME")?;
    let credentials = Credentials::new(
        environment.get("AWS_ACCESS_KEY_ID")?,
        environment.get("AWS_SECRET_ACCESS_KEY")?,
        environment.get("AWS_SESSION_TOKEN").map(str::to_owned),
        None,
        "environment",
    );
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(environment.get("AWS_REGION")?.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    builder.set_use_fips(environment.says("AWS_USE_FIPS_ENDPOINT"));
    builder.set_use_dual_stack(environment.says("AWS_USE_DUALSTACK_ENDPOINT"));
    Some(builder.build())
}

fn retries() -> RetryConfig {
    let (first, most) = BACKOFF;
    RetryConfig::standard()
        .with_max_attempts(TRIES)
        .with_initial_backoff(first)
        .with_max_backoff(most)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build()
}

impl Environment {
    /// `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`.
    fn endpoints(&self) -> BTreeMap<String, String> {
        const ALL: &str = "AWS_ENDPOINT_URL";
        if self.says("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == Some(true) {
            return BTreeMap::new();
        }
        let service = |name: &str| match name.strip_prefix(ALL)? {
            "" => Some(String::new()),
            service => service.strip_prefix('_').map(str::to_owned),
        };
        self.names().filter_map(|name| Some((service(name)?, self.get(name)?.to_owned()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: [(&str, &str); 4] = [
        ("AWS_LAMBDA_FUNCTION_NAME", "kintsugi-ec2"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];

    async fn load(more: &[(&str, &str)]) -> Aws {
        let environment: Environment = LAMBDA.iter().chain(more).copied().collect();
        let connector = http::connector(&environment).unwrap();
        Aws::load(&environment, &connector).await
    }

    #[tokio::test]
    async fn on_lambda_the_environment_is_enough() {
        let aws = load(&[("AWS_USE_FIPS_ENDPOINT", "true")]).await;
        assert_eq!(aws.region(), Some("eu-west-1"));
        assert!(aws.is_special());
        let config = aws.service("EC2");
        assert_eq!(config.endpoint_url(), None);
        assert_eq!(config.retry_config().map(RetryConfig::max_attempts), Some(5));
    }

    #[tokio::test]
    async fn endpoints_are_set_for_one_service_or_for_all() {
        let aws = load(&[
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:2"),
        ])
        .await;
        let endpoint = |service| aws.service(service).endpoint_url().map(str::to_owned);
        assert_eq!(endpoint("EC2").as_deref(), Some("http://127.0.0.1:2"));
        assert_eq!(endpoint("SNS").as_deref(), Some("http://127.0.0.1:1"));
    }

    #[tokio::test]
    async fn endpoints_can_be_told_to_be_ignored() {
        let aws = load(&[
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ])
        .await;
        assert_eq!(aws.service("EC2").endpoint_url(), None);
    }
}
