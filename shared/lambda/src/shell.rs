//! What a function has before it has a cloud: its settings, its desk, and the clients of all.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use futures_util::future;
use remedy::{Own, Place, Settings, Wrong};
use runtime::Limits;

use crate::{
    Accounts, Aws, AwsDesk, Local, Queues,
    findings::Findings,
    in_force::InForce,
    log::Log,
    marks::Marks,
    setup::Setup,
    table::Table,
    topic::Topic,
    warm::{PATIENCE, warm},
    web::Web,
};

/// What a function makes its cloud from.
#[derive(Debug)]
pub struct Kit<'a> {
    /// The accounts it can act in.
    pub accounts: &'a Arc<Accounts>,
    /// What the operator set.
    pub settings: &'a Settings,
    /// Numbers that are remembered.
    pub marks: Marks,
    /// What anybody may read.
    pub web: Web,
}

/// What a function has before it has a cloud.
#[derive(Debug)]
pub struct Shell {
    /// What the operator set.
    pub settings: Settings,
    /// What the operator allows.
    pub limits: Limits,
    /// Who we are.
    pub own: Own,
    /// The ledger, the messages and the clock.
    pub desk: AwsDesk,
    /// The accounts it can act in.
    pub accounts: Arc<Accounts>,
    /// What anybody may read.
    pub web: Web,
    pub(crate) answers_others: bool,
    warms_up: bool,
    aws: Aws,
    role: String,
    connector: SharedHttpConnector,
}

/// What the shell itself calls for a repair, once for each call that it makes at the same time: opening
/// a record is three writes and a read.
const SHELL: [&str; 5] = ["dynamodb", "dynamodb", "dynamodb", "dynamodb", "sns"];

impl Shell {
    /// As the operator set it; `aws` and `connector` are how AWS is reached, `function` is what the
    /// function is called.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn new(
        settings: Settings,
        aws: &Aws,
        connector: SharedHttpConnector,
        function: &str,
    ) -> Result<Self, Wrong> {
        let setup = Setup::read(&settings)?;
        let mut home = setup.home.clone();
        home.region = aws.region().map_or(home.region, str::to_owned);
        let aws = aws.in_region(&home.region);
        let role = setup.role;
        let accounts = Accounts::new(home.clone(), &role, &setup.member_role, aws.clone());
        let table = Table::new(&aws, &home, &role, &setup.table, setup.keep);
        let log = Log { function: function.to_owned() };
        let sns = aws_sdk_sns::Client::new(&aws.service("SNS"));
        let findings = || Findings::new(aws.clone(), home.clone(), &role, setup.own.clone());
        let desk = AwsDesk {
            in_force: InForce::new(table.clone(), setup.bounds, log.clone()),
            table,
            topic: Topic { sns: Local::new(sns, home.clone(), &role), arn: setup.topic },
            findings: setup.update_findings.then(findings),
            log,
        };
        Ok(Self {
            settings,
            limits: Limits { home, ..setup.limits },
            own: setup.own,
            desk,
            accounts: Arc::new(accounts),
            web: Web::new(connector.clone()),
            answers_others: setup.answers_others,
            warms_up: setup.warm_up,
            aws,
            role,
            connector,
        })
    }

    /// Where the stack is.
    pub fn home(&self) -> &Place {
        &self.limits.home
    }

    /// What a cloud is made from.
    pub fn kit(&self) -> Kit<'_> {
        Kit {
            accounts: &self.accounts,
            settings: &self.settings,
            marks: Marks::new(self.desk.table.clone()),
            web: self.web.clone(),
        }
    }

    /// A client for what is at home; `service` as in `AWS_ENDPOINT_URL_<SERVICE>`.
    pub fn at_home<T>(&self, service: &str, make: fn(&SdkConfig) -> T) -> Local<T> {
        Local::new(make(&self.aws.service(service)), self.home().clone(), &self.role)
    }

    /// The queues of the functions.
    ///
    /// # Errors
    /// If they are set to what they cannot be.
    pub fn queues(&self) -> Result<Queues, Wrong> {
        Queues::new(self.at_home("SQS", aws_sdk_sqs::Client::new), &self.settings)
    }

    /// Makes ready what a first event needs beside clients, if that is wanted: connections to `calls` and to
    /// what the shell itself calls, and what people ordered. Whatever goes wrong goes wrong again, and is
    /// told, when it is needed.
    pub(crate) async fn ready(&self, calls: &[&str]) {
        if self.warms_up {
            // What reads the orders opens a connection to the table, too.
            let [_, shell @ ..] = &SHELL;
            let services = [calls, shell].concat();
            let connections = warm(&self.connector, &self.aws, self.home(), &services);
            let orders = tokio::time::timeout(PATIENCE, self.desk.in_force.orders());
            let _ = future::join(connections, orders).await;
        }
    }

    /// Opens connections to `calls`, and to what the shell itself calls, if that is wanted.
    pub(crate) async fn warm(&self, calls: &[&str]) {
        if self.warms_up {
            warm(&self.connector, &self.aws, self.home(), &[calls, &SHELL].concat()).await;
        }
    }
}
