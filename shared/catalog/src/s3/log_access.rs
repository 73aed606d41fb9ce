//! Logs who uses a bucket, into the bucket that the operator keeps for that.
//!
//! That bucket itself is left alone: logs of logs have no end. It is never made here either; where none is
//! named, a person is told what to do.

use remedy::{
    Case, Id, Parameter, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger,
    Undo, Wrong,
};

use super::{AccessLog, BucketId, BucketLogging};

/// See the [module](self).
#[derive(Debug)]
pub struct LogAccess {
    bucket: Option<String>,
}

const ACCESS_LOG_BUCKET: Parameter = Parameter {
    name: "AccessLogBucket",
    default: "",
    allowed: "the name of a bucket; {account} and {region} stand for those of the bucket that is logged",
    about: "the bucket that access logs of buckets go to, one in each account and Region; it must let logging.s3.amazonaws.com write; without it, logging is left to a person",
};

impl LogAccess {
    /// The bucket for the logs of those in `place`.
    fn bucket_in(&self, place: &Place) -> Option<String> {
        let name = self.bucket.as_ref()?;
        Some(name.replace("{account}", &place.account).replace("{region}", &place.region))
    }
}

/// The text, if it names a bucket, or none.
fn name(text: &str) -> Option<String> {
    let one = text.replace("{account}", "111122223333").replace("{region}", "eu-west-1");
    let is_name = !one.contains(':') && BucketId::locate(&one).is_some();
    (text.is_empty() || is_name).then(|| text.to_owned())
}

impl Remediation for LogAccess {
    type Facet = BucketLogging;

    const SPEC: Spec = Spec {
        id: "s3/log_access",
        title: "Turn on the access log of a bucket",
        triggers: &[
            Trigger::control("S3.9"),
            Trigger::control("CloudTrail.7"),
            Trigger::config_rule("S3_BUCKET_LOGGING_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[ACCESS_LOG_BUCKET],
        undo: Undo::Yes,
        care: "The bucket that logs go to is never logged into itself, and no bucket is made that nobody asked for. A log that goes elsewhere stays as it is.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let bucket = settings.read(&ACCESS_LOG_BUCKET, name)?;
        Ok(Self { bucket: Some(bucket).filter(|name| !name.is_empty()) })
    }

    fn plan(&self, bucket: &BucketLogging, case: &Case<'_>) -> Plan<Swap<AccessLog>> {
        let (AccessLog::Off, Some(id)) = (&bucket.to, self.target(case.signal)) else {
            return Plan::none();
        };
        let place = &case.signal.place;
        let off = "the access log is off";
        let to = |bucket: String| AccessLog::To { bucket, prefix: format!("{id}/") };
        match self.bucket_in(place) {
            None => Plan::by_hand(
                off,
                "no bucket is named for access logs: name one by AccessLogBucket, or type the command \
                 with a bucket of this account and Region that lets logging.s3.amazonaws.com write",
                [to("LOG-BUCKET".into()).command(place, &id)],
            ),
            Some(logs) if logs == id.0 => Plan::by_hand(
                off,
                "this is the bucket that access logs go to, and its own would never end: suppress the \
                 finding, or exempt the bucket",
                [],
            ),
            Some(logs) => Swap::of(AccessLog::Off, to(logs)).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:s3:::web";

    fn to(bucket: &str) -> LogAccess {
        LogAccess::configured(&Settings::from_iter([("ACCESS_LOG_BUCKET", bucket)])).unwrap()
    }

    fn by_hand(remediation: &LogAccess, resource: &str) -> Plan<Swap<AccessLog>> {
        check(remediation, &BucketLogging::default(), &signal(resource), &[]);
        let case = Case { signal: &signal(resource), now: now() };
        remediation.plan(&BucketLogging::default(), &case)
    }

    #[test]
    fn a_bucket_is_logged_under_its_own_name() {
        for (parameter, bucket) in
            [("logs", "logs"), ("logs-{account}-{region}", "logs-111122223333-eu-west-1")]
        {
            let expected = format!("set access log to s3://{bucket}/web/ (it is access log off)");
            check(&to(parameter), &BucketLogging::default(), &signal(WEB), &[&expected]);
        }
    }

    #[test]
    fn a_log_that_goes_elsewhere_stays() {
        let log = AccessLog::To { bucket: "other".into(), prefix: String::new() };
        let bucket = BucketLogging { to: log, tags: [].into() };
        check(&to("logs"), &bucket, &signal(WEB), &[]);
        check(&to(""), &bucket, &signal(WEB), &[]);
    }

    #[test]
    fn no_bucket_is_logged_into_itself() {
        let plan = by_hand(&to("logs"), "arn:aws:s3:::logs");
        assert_eq!((plan.left.len(), plan.by_hand.len()), (1, 0));
    }

    #[test]
    fn where_no_bucket_is_named_a_person_is_told() {
        assert_eq!(
            by_hand(&to(""), WEB).by_hand,
            [
                "aws s3api put-bucket-logging --region eu-west-1 --bucket web --bucket-logging-status \
              'LoggingEnabled={TargetBucket=LOG-BUCKET,TargetPrefix=web/}'"
            ]
        );
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for given in ["a b", "arn:aws:s3:::logs", "logs-{acount}", "x"] {
            let settings = Settings::from_iter([("ACCESS_LOG_BUCKET", given)]);
            assert!(LogAccess::configured(&settings).is_err(), "{given}");
        }
    }
}
