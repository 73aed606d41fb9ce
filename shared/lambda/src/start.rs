//! All that is made once, before the first event.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use remedy::{Settings, Signal, Wrong};
use runtime::{Elsewhere, Runner, Workshop};
use serde_json::json;

use crate::{
    Aws, AwsDesk, Shell,
    environment::Environment,
    http,
    setup::{REMEDIATIONS, Setup},
};

/// A function's remediations, made from its settings.
pub type Runners<C> = fn(&Settings) -> Result<Vec<Box<dyn Runner<C, AwsDesk>>>, Wrong>;

/// What Lambda's runtime cannot do without.
const LAMBDA: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// Why a function does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the function does not start: {0}")]
    Wrong(#[from] Wrong),
    #[error("the function does not start: {0}")]
    Tls(String),
    #[error("this program is a function of AWS Lambda and runs there: environment {0} is not set")]
    NotOnLambda(&'static str),
}

/// Reads the settings and makes the clients.
pub(crate) async fn start(environment: &Environment) -> Result<Shell, Failure> {
    if let Some(missing) = LAMBDA.into_iter().find(|name| environment.get(name).is_none()) {
        return Err(Failure::NotOnLambda(missing));
    }
    let settings = environment.settings();
    // What is set wrong is said before anything else goes wrong.
    Setup::read(&settings)?;
    let connector = http::connector(environment)?;
    let aws = Aws::load(environment, &connector).await;
    let name = environment.get("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
    Ok(Shell::new(settings, &aws, connector, name)?)
}

/// A workshop with the remediations that the function is to serve.
pub(crate) fn workshop<C>(
    shell: Shell,
    cloud: C,
    runners: Runners<C>,
    all: fn(&Signal) -> bool,
) -> Result<Workshop<C, AwsDesk>, Wrong> {
    let runners = chosen(runners(&shell.settings)?, &shell.settings)?;
    let elsewhere = Elsewhere { answers: all, tells: shell.answers_others };
    let Shell { limits, own, desk, .. } = shell;
    Ok(Workshop { runners, limits, own, elsewhere, cloud, desk })
}

/// Those of `runners` that the function is to serve.
fn chosen<C>(
    mut runners: Vec<Box<dyn Runner<C, AwsDesk>>>,
    settings: &Settings,
) -> Result<Vec<Box<dyn Runner<C, AwsDesk>>>, Wrong> {
    let known = |id: &str| runners.iter().any(|runner| runner.spec().id == id);
    let chosen = settings.each(&REMEDIATIONS, |id| known(id).then(|| id.to_owned()))?;
    runners.retain(|runner| chosen.is_empty() || chosen.iter().any(|id| id == runner.spec().id));
    Ok(runners)
}

impl Failure {
    /// Tells Lambda, so that whoever invokes the function reads why it does not start. Best effort: the
    /// log says it too.
    pub(crate) fn tell(&self, environment: &Environment) {
        let Some(api) = environment.get("AWS_LAMBDA_RUNTIME_API") else { return };
        let body = json!({
            "errorType": "Kintsugi.NotStarted",
            "errorMessage": self.to_string(),
            "stackTrace": [],
        })
        .to_string();
        let request = format!(
            "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {api}\r\n\
             Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: \
             Kintsugi.NotStarted\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        if let Ok(mut stream) = TcpStream::connect(api) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0; 512]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    const COMPLETE: [(&str, &str); 10] = [
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "kintsugi-ec2"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("TABLE_NAME", "kintsugi"),
        ("TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:kintsugi"),
        ("OWN_ROLES", "kintsugi-ec2"),
    ];

    async fn started(more: &[(&str, &str)]) -> Result<Workshop<(), AwsDesk>, String> {
        let environment = COMPLETE.iter().chain(more).copied().collect();
        let shell = start(&environment).await.map_err(|failure| failure.to_string())?;
        workshop(shell, (), |_| Ok(Vec::new()), |_| false).map_err(|wrong| wrong.to_string())
    }

    #[tokio::test]
    async fn what_the_template_gives_starts_it() {
        let shop = started(&[("WARM_UP", "false")]).await.unwrap();
        assert_eq!(shop.desk.table.name, "kintsugi");
        assert!(shop.desk.findings.is_some());
        let shop = started(&[("WARM_UP", "false"), ("UPDATE_FINDINGS", "false")]).await.unwrap();
        assert!(shop.desk.findings.is_none());
    }

    #[tokio::test]
    async fn what_is_wrong_or_missing_is_said() {
        for (name, given, said) in [
            ("TABLE_NAME", "", "parameter TableName (environment TABLE_NAME) is ``; allowed: "),
            ("REMEDIATIONS", "ec2/close_everything", "is `ec2/close_everything`; allowed: ids of"),
            ("AWS_LAMBDA_RUNTIME_API", "", "environment AWS_LAMBDA_RUNTIME_API is not set"),
            ("SSL_CERT_FILE", "/nonexistent", "/nonexistent (environment SSL_CERT_FILE)"),
        ] {
            let failure = started(&[(name, given)]).await.map(drop).unwrap_err();
            assert!(failure.contains(said), "{failure}");
        }
    }

    #[test]
    fn lambda_is_told_why_nothing_starts() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let api = listener.local_addr().unwrap().to_string();
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(b"}") {
                let mut some = [0; 512];
                let count = stream.read(&mut some).unwrap();
                heard.extend_from_slice(&some[..count]);
            }
            String::from_utf8(heard).unwrap()
        });
        let environment = Environment::from_iter([("AWS_LAMBDA_RUNTIME_API", api)]);
        Failure::Tls("no roots".into()).tell(&environment);
        let heard = heard.join().unwrap();
        assert!(heard.starts_with("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n"), "{heard}");
        assert!(heard.contains("the function does not start: no roots"), "{heard}");
    }
}
