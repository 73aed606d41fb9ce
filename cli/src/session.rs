//! Who is at the terminal, and which stack they speak to.

use std::{sync::Arc, time::Duration};

use aws_config::{
    AppName, BehaviorVersion, Region, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};
use aws_sdk_lambda::{Client, error::ProvideErrorMetadata, primitives::Blob};
use chrono::TimeDelta;
use lambda::{Accounts, Aws, Connections, Kit, Local, Marks, Table, Tried, Web, explain};
use remedy::{Arn, Place, Settings};
use runtime::order::{Order, Reply, What};
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::{args::Global, fail::Fail, stack::Stack};

/// How long one try of a call may take, and all of them together.
const TIMES: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(100));
/// How often a call is tried: Security Hub lets findings be read three times a second.
const TRIES: u32 = 8;
/// How long a stack may take over an order: it reads back what it changed.
const PATIENCE: Duration = Duration::from_mins(5);

/// The credentials at hand, and what is known of the stack.
pub(crate) struct Session {
    pub(crate) aws: Aws,
    pub(crate) web: Web,
    /// The ARN of whoever is at the terminal.
    pub(crate) by: String,
    /// Their account, and the Region.
    pub(crate) home: Place,
    pub(crate) name: String,
    stack: OnceCell<Option<Stack>>,
}

impl Session {
    /// With the credentials that the AWS CLI would find.
    ///
    /// # Errors
    /// If there are none, or no Region.
    pub(crate) async fn begin(global: &Global) -> Result<Self, Fail> {
        let connections = Connections::new().map_err(Fail::Failed)?;
        let aws = Box::pin(configured(global, &connections)).await;
        let web = connections.web();
        let Some(region) = aws.region().map(str::to_owned) else {
            return Err(Fail::Usage(
                "no Region is known: give --region, set AWS_REGION, or write `region` into the profile"
                    .into(),
            ));
        };
        let nowhere = Place::new("", region.as_str());
        let sts = aws_sdk_sts::Client::new(&aws.service("STS"));
        let who = Box::pin(sts.get_caller_identity().send()).await.map_err(|error| {
            let what = "ask AWS who you are (sts:GetCallerIdentity); log in, or give --profile";
            explain(Tried { what, place: &nowhere, role: "you use", needs: "that" }, &error)
        })?;
        let by = who.arn.unwrap_or_default();
        let account = who.account.unwrap_or_default();
        let partition = Arn::parse(&by).map(|arn| arn.partition.to_owned());
        let home = Place::new(account, region);
        let home = Place { partition: partition.unwrap_or(home.partition), ..home };
        Ok(Self { aws, web, by, home, name: global.stack.clone(), stack: OnceCell::new() })
    }

    /// Who can act here and, if they assume `member_role`, in other accounts.
    pub(crate) fn accounts(&self, member_role: &str) -> Arc<Accounts> {
        Arc::new(Accounts::new(self.home.clone(), &self.by, member_role, self.aws.clone()))
    }

    /// A client of a service, with which to say what failed.
    pub(crate) fn local<T>(&self, client: T) -> Local<T> {
        Local::new(client, self.home.clone(), &self.by)
    }

    /// How the stack is set up.
    ///
    /// # Errors
    /// If there is none, or it does not answer.
    pub(crate) async fn stack(&self) -> Result<&Stack, Fail> {
        self.stack_if_any().await?.ok_or_else(|| self.no_stack())
    }

    /// How the stack is set up, if there is one.
    ///
    /// # Errors
    /// If it does not answer.
    pub(crate) async fn stack_if_any(&self) -> Result<Option<&Stack>, Fail> {
        let ask = || async { Stack::of(self, &self.function()).await };
        Ok(self.stack.get_or_try_init(ask).await?.as_ref())
    }

    /// Orders something of the stack.
    ///
    /// # Errors
    /// If there is none, it does not answer, or it refuses.
    pub(crate) async fn order(&self, what: What, why: &str) -> Result<Reply, Fail> {
        match self.order_if_any(what, why).await? {
            None => Err(self.no_stack()),
            Some(Reply::Refused { why }) => Err(Fail::Failed(why)),
            Some(reply) => Ok(reply),
        }
    }

    /// The function that does what people order.
    fn function(&self) -> String {
        format!("{}-respond", self.name)
    }

    fn no_stack(&self) -> Fail {
        Fail::Failed(format!(
            "there is no stack `{}` in {}: the function {} does not exist; deploy it, or name another \
             with --stack, --region or --profile",
            self.name,
            self.home,
            self.function()
        ))
    }

    fn odd(&self, why: &str) -> Fail {
        let function = self.function();
        Fail::Failed(format!(
            "the function {function} in {} gave an answer that cannot be read: {why}; is it of another \
             version than this kintsugi {}?",
            self.home,
            runtime::VERSION
        ))
    }

    async fn order_if_any(&self, what: What, why: &str) -> Result<Option<Reply>, Fail> {
        let order = Order { by: self.by.clone(), why: why.to_owned(), what };
        let payload = serde_json::to_vec(&order)
            .map_err(|error| Fail::Failed(format!("could not write the order as JSON: {error}")))?;
        let function = self.function();
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(PATIENCE)
            .operation_timeout(PATIENCE)
            .build();
        let config = self.aws.service("LAMBDA").into_builder().timeout_config(timeouts).build();
        let call = Client::new(&config).invoke().function_name(&function);
        let answer = match Box::pin(call.payload(Blob::new(payload)).send()).await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(None),
            Err(error) => {
                let what = format!("ask the stack {} (function {function})", self.name);
                let needs = format!("lambda:InvokeFunction on {function}");
                let tried = Tried { what: &what, place: &self.home, role: &self.by, needs: &needs };
                return Err(explain(tried, &error).into());
            }
        };
        let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
        if answer.function_error.is_some() {
            let why = fault(&payload);
            return Err(Fail::Failed(format!(
                "the function {function} in {} failed: {why}; its log says more",
                self.home
            )));
        }
        serde_json::from_slice(&payload).map(Some).map_err(|error| self.odd(&error.to_string()))
    }

    /// What adapters are made from that read what the stack keeps.
    pub(crate) fn kit<'a>(&self, accounts: &'a Arc<Accounts>, settings: &'a Settings) -> Kit<'a> {
        let table = settings.text(&lambda::TABLE_NAME);
        let marks = Marks::alone(&self.aws, &self.home, &self.by, table);
        Kit { accounts, settings, marks, web: self.web.clone() }
    }

    /// The stack's table.
    ///
    /// # Errors
    /// If there is no stack, or it does not say which.
    pub(crate) async fn table(&self) -> Result<Table, Fail> {
        let stack = self.stack().await?;
        self.table_of(stack)
    }

    /// The table of this stack.
    pub(crate) fn table_of(&self, stack: &Stack) -> Result<Table, Fail> {
        let settings: Settings = stack.settings.clone().into_iter().collect();
        match settings.text(&lambda::TABLE_NAME) {
            "" => Err(self.odd("it does not name its table (TABLE_NAME)")),
            name => Ok(Table::new(&self.aws, &self.home, &self.by, name, TimeDelta::days(1))),
        }
    }
}

/// As the AWS CLI would have it.
async fn configured(global: &Global, connections: &Connections) -> Aws {
    let mut defaults =
        aws_config::defaults(BehaviorVersion::latest()).http_client(connections.client());
    if let Some(profile) = &global.profile {
        defaults = defaults.profile_name(profile);
    }
    if let Some(region) = &global.region {
        defaults = defaults.region(Region::new(region.clone()));
    }
    let (attempt, operation) = TIMES;
    let times = TimeoutConfig::builder()
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build();
    let mut base = defaults
        .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
        .timeout_config(times)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .load()
        .await
        .into_builder();
    base.set_app_name(AppName::new("kintsugi").ok());
    Aws::new(base.build())
}

/// What a function says that failed, as Lambda wraps it.
fn fault(payload: &[u8]) -> String {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Fault {
        error_message: String,
    }
    match serde_json::from_slice::<Fault>(payload) {
        Ok(fault) => runtime::notice::clean(&fault.error_message, 500),
        Err(_) => "it does not say why".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_function_says_that_failed_is_cleaned() {
        for (payload, said) in [
            (&br#"{"errorType":"X","errorMessage":"no\ntable"}"#[..], "no table"),
            (b"null", "it does not say why"),
            (b"", "it does not say why"),
        ] {
            assert_eq!(fault(payload), said);
        }
    }
}
