//! From the start of the process to its last event.

use std::{panic, process::ExitCode};

use chrono::TimeDelta;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use remedy::{Delivery, Signal, Timestamp, Wrong, delivery};
use runtime::{Handled, Workshop, batch_response};
use serde_json::{Value, json};

use crate::{
    AwsDesk, Kit, Runners,
    desk::now,
    environment::Environment,
    log::{Level, say},
    start::start,
};

/// What an invocation keeps of its time to put its affairs in order.
const RESERVE: TimeDelta = TimeDelta::seconds(3);

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
    panic::set_hook(Box::new(|panic| say(Level::Error, &format!("a fault: {panic}"), now())));
    // For what libraries have to say; our own lines are written by `log`.
    let _ = tracing_subscriber::fmt().json().with_max_level(tracing::Level::WARN).try_init();
    let environment = Environment::read();
    let shop = match start(&environment, calls, make, runners, all).await {
        Ok(shop) => shop,
        Err(failure) => {
            say(Level::Error, &failure.to_string(), now());
            failure.tell(&environment);
            return ExitCode::FAILURE;
        }
    };
    let ended = lambda_runtime::run(service_fn(|event| handle(&shop, event))).await;
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(Level::Error, &format!("Lambda's Runtime API failed: {error}"), now());
            ExitCode::FAILURE
        }
    }
}

async fn handle<C: Send + Sync>(
    shop: &Workshop<C, AwsDesk>,
    LambdaEvent { payload, context }: LambdaEvent<Value>,
) -> Result<Value, Diagnostic> {
    let since = now();
    let delivery = delivery(payload);
    let is_bare = matches!(delivery, Delivery::Bare(_));
    let handled = shop.handle(delivery, deadline(context.deadline, since)).await;
    let ended = now();
    for report in &handled.reports {
        shop.desk.log.decided(report, &context.request_id, since, ended);
    }
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
