//! What AWS answered instead, sorted and put into words.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use remedy::Place;
use runtime::{Error, notice::clean};

/// A call, for the sentence that says that it failed.
#[derive(Debug, Clone, Copy)]
pub struct Tried<'a> {
    /// What was to be done, such as `read security group sg-1`.
    pub what: &'a str,
    /// Where.
    pub place: &'a Place,
    /// The name of the role that it was done as.
    pub role: &'a str,
    /// The IAM action that it needs.
    pub needs: &'a str,
}

/// Codes of answers that another try may change, beside everything with a status of 429 or 5xx.
const TRANSIENT: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "ExpiredToken",
    "ExpiredTokenException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestExpired",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "Unavailable",
];

/// How much of AWS's own words is kept.
const LONGEST: usize = 300;

/// The error that the pipeline is told. It holds neither what was sent nor what the answer looked like,
/// only AWS's own code and words.
pub fn explain<E>(tried: Tried<'_>, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let (answer, is_transient) = answer(error);
    let Tried { what, place, role, needs } = tried;
    let text = format!("could not {what} in {place}: {answer}");
    if is_transient {
        return Error::Transient(text);
    }
    Error::Refused(match error.code().is_some_and(is_denied) {
        true => format!("{text}. The role {role} needs {needs}"),
        false => text,
    })
}

/// What came back, and whether it may be another thing the next time.
fn answer<E>(error: &SdkError<E, HttpResponse>) -> (String, bool)
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let code = error.code().unwrap_or_default();
            let is_transient = status == 429 || status >= 500 || TRANSIENT.contains(&code);
            (words(code, error.message().unwrap_or_default(), status), is_transient)
        }
        SdkError::TimeoutError(_) => ("no answer in time".into(), true),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            ("no answer in time".into(), true)
        }
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(|error| root(error)).unwrap_or_default();
            (format!("no connection ({cause})"), true)
        }
        SdkError::ResponseError(answer) => {
            let status = answer.raw().status().as_u16();
            (format!("an answer that cannot be read (status {status})"), true)
        }
        SdkError::ConstructionFailure(_) => {
            let cause = error.source().map(root).unwrap_or_default();
            (format!("the call could not be made ({cause})"), false)
        }
        other => (clean(&other.to_string(), LONGEST), true),
    }
}

fn words(code: &str, message: &str, status: u16) -> String {
    // What EC2 appends is long, and readable only to who may decode it.
    let message = message.split("Encoded authorization failure message").next().unwrap_or_default();
    let message = clean(message.trim(), LONGEST);
    match (code, message.is_empty()) {
        ("", _) => format!("status {status} without a code"),
        (code, true) => clean(code, 100),
        (code, false) => format!("{} ({})", clean(code, 100), message.trim_end_matches('.')),
    }
}

/// Whether a code means that the caller may not do it.
fn is_denied(code: &str) -> bool {
    code.starts_with("AccessDenied")
        || code.starts_with("AuthorizationError")
        || ["UnauthorizedOperation", "NotAuthorized", "Client.UnauthorizedOperation"]
            .contains(&code)
}

/// What is at the bottom of an error.
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    clean(&error.to_string(), LONGEST)
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::{body::SdkBody, error::ErrorMetadata};

    use super::*;

    type Answer = SdkError<ErrorMetadata, HttpResponse>;

    fn said(status: u16, code: &str, message: &str) -> Answer {
        let raw = HttpResponse::new(status.try_into().unwrap(), SdkBody::from("secret body"));
        let mut said = ErrorMetadata::builder().message(message);
        if !code.is_empty() {
            said = said.code(code);
        }
        SdkError::service_error(said.build(), raw)
    }

    fn told(error: &Answer) -> Error {
        explain(
            Tried {
                what: "read security group sg-1",
                place: &Place::new("111122223333", "eu-west-1"),
                role: "kintsugi-ec2",
                needs: "ec2:DescribeSecurityGroupRules",
            },
            error,
        )
    }

    #[test]
    fn what_was_denied_says_which_role_needs_what() {
        assert_eq!(
            told(&said(403, "UnauthorizedOperation", "You may not. Encoded authorization failure message: x1y2")),
            Error::Refused(
                "could not read security group sg-1 in 111122223333/eu-west-1: UnauthorizedOperation \
                 (You may not). The role kintsugi-ec2 needs ec2:DescribeSecurityGroupRules"
                    .into()
            )
        );
        assert_eq!(
            told(&said(400, "AccessDeniedException", "")),
            Error::Refused(
                "could not read security group sg-1 in 111122223333/eu-west-1: AccessDeniedException. \
                 The role kintsugi-ec2 needs ec2:DescribeSecurityGroupRules"
                    .into()
            )
        );
    }

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        for (error, is_transient) in [
            (said(503, "RequestLimitExceeded", "Slow down."), true),
            (said(400, "ThrottlingException", ""), true),
            (said(500, "", ""), true),
            (said(502, "Whatever", ""), true),
            (said(429, "", ""), true),
            (SdkError::timeout_error("8 s"), true),
            (SdkError::dispatch_failure(ConnectorError::io("refused".into())), true),
            (SdkError::dispatch_failure(ConnectorError::timeout("2 s".into())), true),
            (said(400, "InvalidGroup.NotFound", "gone"), false),
            (said(400, "", ""), false),
            (SdkError::construction_failure("no Region"), false),
        ] {
            let error = told(&error);
            assert_eq!(matches!(error, Error::Transient(_)), is_transient, "{error}");
        }
    }

    #[test]
    fn it_is_one_bounded_line_without_the_answer_s_body() {
        let error = told(&said(400, "Odd\nCode", &format!("line\r\nline {}", "x".repeat(5_000))));
        let text = error.to_string();
        assert!(text.len() < 600 && !text.contains(['\n', '\r']), "{text}");
        assert!(!text.contains("secret body"), "{text}");
    }
}
