//! From the start of the process to its last event.

use std::{panic, process::ExitCode};

use chrono::TimeDelta;
use futures_util::future;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use remedy::{Delivery, Signal, Timestamp, Wrong, delivery};
use runtime::{Error, Handled, Report, Workshop, batch_response};
use serde_json::{Value, json};

use crate::{
    AwsDesk, Failure, Kit, Runners, Shell, Web,
    desk::now,
    environment::Environment,
    http,
    log::{Level, say},
    start::{start, workshop},
};

/// What an invocation keeps of its time to put its affairs in order.
const RESERVE: TimeDelta = TimeDelta::seconds(3);

/// What a function does beside its remediations, each time that it is called.
pub trait Beside: Send + Sync {
    /// Does it; what is not begun by `until` is left for the next time.
    fn look(&self, desk: &AwsDesk, until: Timestamp) -> impl Future<Output = ()> + Send;
}

impl Beside for () {
    async fn look(&self, _: &AwsDesk, _: Timestamp) {}
}

/// Handles events until Lambda ends the process.
///
/// `make` makes the cloud that the remediations of `runners` act on, from what it is given. `calls` are the services that it
/// calls for a repair, as the names of their endpoints begin, once for each call at the same time. `all`
/// tells whether some function of the stack answers a signal.
pub async fn serve<C, M>(
    calls: &[&str],
    make: M,
    runners: Runners<C>,
    all: fn(&Signal) -> bool,
) -> ExitCode
where
    C: Send + Sync,
    M: FnOnce(&Kit<'_>) -> Result<C, Wrong>,
{
    serve_beside(calls, make, runners, all, |_| Ok(())).await
}

/// As [`serve`], and does what `beside` makes each time that it is called.
pub async fn serve_beside<C, M, B>(
    calls: &[&str],
    make: M,
    runners: Runners<C>,
    all: fn(&Signal) -> bool,
    beside: fn(&Shell) -> Result<B, Wrong>,
) -> ExitCode
where
    C: Send + Sync,
    M: FnOnce(&Kit<'_>) -> Result<C, Wrong>,
    B: Beside,
{
    let begun = async |shell: Shell| {
        let (cloud, beside) = (make(&shell.kit())?, beside(&shell)?);
        shell.ready(calls).await;
        Ok((workshop(shell, cloud, runners, all)?, beside))
    };
    let (shop, beside) = match begin(begun).await {
        Ok(begun) => begun,
        Err(failure) => {
            failure.tell(&Environment::read());
            return ExitCode::FAILURE;
        }
    };
    ended(lambda_runtime::run(service_fn(|event| handle(&shop, &beside, event))).await)
}

/// Who answers requests.
pub trait Answers: Send + Sync {
    /// The desk that the answers are given at.
    fn desk(&self) -> &AwsDesk;
    /// The answer to a request, and what was decided for it. What is not begun by `until` is not done.
    fn answer(
        &self,
        request: Value,
        until: Timestamp,
    ) -> impl Future<Output = (Value, Vec<Report>)> + Send;
}

/// Answers requests until Lambda ends the process. `calls` as for [`serve`].
///
/// Where a setting cannot be, `sorry` answers every request, with the reason: whoever asks is there to
/// read it.
pub async fn answer<A: Answers>(
    calls: &[&str],
    make: impl FnOnce(Shell) -> Result<A, Wrong>,
    sorry: impl AsyncFn(&Wrong, Value, &Web) -> Value,
) -> ExitCode {
    let begun = async |shell: Shell| {
        shell.warm(calls).await;
        make(shell)
    };
    let who = match begin(begun).await {
        Ok(who) => who,
        Err(Failure::Wrong(wrong)) => return apologize(&wrong, sorry).await,
        Err(failure) => {
            failure.tell(&Environment::read());
            return ExitCode::FAILURE;
        }
    };
    let respond = async |LambdaEvent { payload, context }: LambdaEvent<Value>| {
        let since = now();
        let (answer, reports) = who.answer(payload, deadline(context.deadline, since)).await;
        who.desk().log_all(&reports, &context.request_id, since);
        Ok::<_, Diagnostic>(answer)
    };
    ended(lambda_runtime::run(service_fn(respond)).await)
}

/// What is asked of a function that does one thing.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The event.
    pub event: Value,
    /// What is not begun by then is not done.
    pub until: Timestamp,
    /// What the function is called.
    pub function: &'a str,
}

/// Who does one thing each time that they are called.
pub trait Works: Send + Sync {
    /// Does it, and says what was done.
    ///
    /// # Errors
    /// If it was not done: the invocation fails, so that Lambda repeats it, and an alarm goes off.
    fn work(&self, asked: Asked<'_>) -> impl Future<Output = Result<Value, Error>> + Send;
}

/// Works until Lambda ends the process. `calls` as for [`serve`].
pub async fn work<W: Works>(
    calls: &[&str],
    make: impl FnOnce(Shell) -> Result<W, Wrong>,
) -> ExitCode {
    let begun = async |shell: Shell| {
        shell.warm(calls).await;
        make(shell)
    };
    let who = match begin(begun).await {
        Ok(who) => who,
        Err(failure) => {
            failure.tell(&Environment::read());
            return ExitCode::FAILURE;
        }
    };
    let respond = async |LambdaEvent { payload, context }: LambdaEvent<Value>| {
        let until = deadline(context.deadline, now());
        let function = context.env_config.function_name.as_str();
        who.work(Asked { event: payload, until, function }).await.map_err(|error| {
            say(Level::Error, &error.to_string(), now());
            Diagnostic {
                error_type: "Kintsugi.NotDone".into(),
                error_message: runtime::notice::clean(&error.to_string(), 4_000),
            }
        })
    };
    ended(lambda_runtime::run(service_fn(respond)).await)
}

/// What there is before the first event, or how the process ends without it.
async fn begin<T>(make: impl AsyncFnOnce(Shell) -> Result<T, Wrong>) -> Result<T, Failure> {
    panic::set_hook(Box::new(|panic| say(Level::Error, &format!("a fault: {panic}"), now())));
    // For what libraries have to say; our own lines are written by `log`.
    let _ = tracing_subscriber::fmt().json().with_max_level(tracing::Level::WARN).try_init();
    let environment = Environment::read();
    let begun = async { Ok::<_, Failure>(make(start(&environment).await?).await?) };
    begun.await.inspect_err(|failure| say(Level::Error, &failure.to_string(), now()))
}

async fn apologize(wrong: &Wrong, sorry: impl AsyncFn(&Wrong, Value, &Web) -> Value) -> ExitCode {
    let web = match http::connector(&Environment::read()) {
        Ok(connector) => Web::new(connector),
        Err(failure) => {
            say(Level::Error, &failure.to_string(), now());
            return ExitCode::FAILURE;
        }
    };
    let respond = async |LambdaEvent { payload, .. }: LambdaEvent<Value>| {
        say(Level::Error, &wrong.to_string(), now());
        Ok::<_, Diagnostic>(sorry(wrong, payload, &web).await)
    };
    ended(lambda_runtime::run(service_fn(respond)).await)
}

fn ended(ended: Result<(), lambda_runtime::Error>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(Level::Error, &format!("Lambda's Runtime API failed: {error}"), now());
            ExitCode::FAILURE
        }
    }
}

async fn handle<C: Send + Sync, B: Beside>(
    shop: &Workshop<C, AwsDesk>,
    beside: &B,
    LambdaEvent { payload, context }: LambdaEvent<Value>,
) -> Result<Value, Diagnostic> {
    let since = now();
    let delivery = delivery(payload);
    let is_bare = matches!(delivery, Delivery::Bare(_));
    let until = deadline(context.deadline, since);
    let (handled, ()) =
        future::join(shop.handle(delivery, until), beside.look(&shop.desk, until)).await;
    shop.desk.log_all(&handled.reports, &context.request_id, since);
    if is_bare { bare_response(&handled) } else { Ok(batch_response(&handled.again)) }
}

/// Until when work may be begun; `end` in milliseconds is when Lambda ends the invocation.
fn deadline(end: u64, since: Timestamp) -> Timestamp {
    let end = i64::try_from(end).ok().and_then(Timestamp::from_timestamp_millis);
    // Without one, what Lambda allows at most is as good as any.
    end.unwrap_or(since + TimeDelta::minutes(15)) - RESERVE
}

/// What somebody is answered who sends an event without a queue: Lambda itself sends it again if it
/// must come again.
fn bare_response(Handled { reports, again }: &Handled) -> Result<Value, Diagnostic> {
    let decisions: Vec<_> = reports
        .iter()
        .map(|report| {
            let page = &report.page;
            json!({
                "record": page.id,
                "remediation": page.remediation,
                "resource": page.about.resource,
                "outcome": page.outcome.word(),
                "why": runtime::notice::why(page),
                "trouble": report.trouble,
            })
        })
        .collect();
    let answer = json!({ "decisions": decisions });
    if again.is_empty() {
        return Ok(answer);
    }
    Err(Diagnostic {
        error_type: "Kintsugi.MustComeAgain".into(),
        error_message: runtime::notice::clean(&answer.to_string(), 4_000),
    })
}

#[cfg(test)]
mod tests {
    use remedy::check::{now, signal};
    use runtime::{Outcome, Page, Report};

    use super::*;

    #[test]
    fn work_is_begun_until_a_little_before_the_end() {
        let end = u64::try_from(now().timestamp_millis()).unwrap() + 60_000;
        assert_eq!(deadline(end, now()), now() + TimeDelta::seconds(57));
        assert!(deadline(u64::MAX, now()) > now());
    }

    #[test]
    fn a_bare_event_is_answered_with_the_decisions_or_fails_with_them() {
        let page = Page::of(&signal("sg-1"), "ec2/close_world_ingress", now());
        let page = Page { outcome: Outcome::Fixed, ..page };
        let report = Report { page, again: false, told: true, trouble: Vec::new() };
        let handled = Handled { reports: vec![report.clone()], again: Vec::new() };
        let answer = bare_response(&handled).unwrap();
        assert_eq!(answer["decisions"][0]["outcome"], "fixed");

        let handled = Handled { reports: vec![report], again: vec![String::new()] };
        let error = bare_response(&handled).unwrap_err();
        assert!(error.error_message.contains("fixed"), "{}", error.error_message);
    }
}
