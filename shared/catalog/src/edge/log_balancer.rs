//! Turns on the access logs of an Application Load Balancer.
//!
//! They go to the bucket that was set for it before, else to the stack's; where there is neither, it is
//! left to a person. No bucket is made and no bucket policy is changed: AWS refuses a bucket that does
//! not let it write.

use remedy::{
    Case, Facet as _, Hold, Id as _, Left, Parameter, Plan, Remediation, Risk, Settings, Severity,
    Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Kind, LoadBalancer, LoadBalancerId, LoadBalancerSetting, LogPlace};

/// See the [module](self).
#[derive(Debug)]
pub struct LogBalancer {
    bucket: String,
}

const BALANCER_LOG_BUCKET: Parameter = Parameter {
    name: "BalancerLogBucket",
    default: "",
    allowed: "the name of a bucket, in which {account} and {region} stand for those of the load balancer; or nothing",
    about: "where load balancers write their access logs under ELB.5; it must be in their Region and let them",
};

impl Remediation for LogBalancer {
    type Facet = LoadBalancer;

    const SPEC: Spec = Spec {
        id: "edge/log_balancer",
        title: "Turn on the access logs of an Application Load Balancer",
        triggers: &[Trigger::control("ELB.5"), Trigger::config_rule("ELB_LOGGING_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[BALANCER_LOG_BUCKET],
        undo: Undo::Yes,
        care: "A bucket that was set before is used again; no bucket is made, and none is opened.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { bucket: settings.read(&BALANCER_LOG_BUCKET, bucket)? })
    }

    fn plan(&self, balancer: &LoadBalancer, case: &Case<'_>) -> Plan<Swap<LoadBalancerSetting>> {
        if balancer.kind != Kind::Application || balancer.logs.is_some() {
            return Plan::none();
        }
        let place = &case.signal.place;
        let stacks = || {
            let name = self.bucket.replace("{account}", &place.account);
            let bucket = name.replace("{region}", &place.region);
            (!bucket.is_empty()).then(|| LogPlace { bucket, prefix: String::new() })
        };
        let logs = balancer.idle_logs.clone().or_else(stacks);
        let change = |logs| Swap {
            from: LoadBalancerSetting::Logs(None),
            to: LoadBalancerSetting::Logs(Some(logs)),
        };
        if let Some(logs) = logs {
            return [change(logs)].into_iter().collect();
        }
        let example = LogPlace { bucket: "BUCKET".into(), prefix: String::new() };
        let id = LoadBalancerId::locate(&case.signal.resource);
        let commands = id.map(|id| LoadBalancer::commands(place, &id, &[change(example)]));
        let why = "no bucket is set for its access logs; give one as BalancerLogBucket, or turn them on by hand";
        let left = Left { what: "access logs off".into(), why: Hold::ByHand { why: why.into() } };
        Plan { left: vec![left], by_hand: commands.unwrap_or_default(), ..Plan::none() }
    }
}

fn bucket(text: &str) -> Option<String> {
    let bare = text.replace("{account}", "").replace("{region}", "");
    let fits =
        bare.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b));
    (fits && text.len() <= 63).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

    fn to(bucket: &str) -> LogBalancer {
        LogBalancer::configured(&Settings::from_iter([("BALANCER_LOG_BUCKET", bucket)])).unwrap()
    }

    fn at(bucket: &str) -> LogPlace {
        LogPlace { bucket: bucket.into(), prefix: "web".into() }
    }

    #[test]
    fn logs_go_to_the_bucket_that_was_set_before_else_to_the_stacks() {
        let off = LoadBalancer::default();
        check(
            &to("logs"),
            &off,
            &signal(WEB),
            &["set access logs to logs (it is access logs off)"],
        );
        let named = ["set access logs to logs-111122223333-eu-west-1 (it is access logs off)"];
        check(&to("logs-{account}-{region}"), &off, &signal(WEB), &named);
        let was = LoadBalancer { idle_logs: Some(at("own")), ..LoadBalancer::default() };
        check(
            &to("logs"),
            &was,
            &signal(WEB),
            &["set access logs to own/web (it is access logs off)"],
        );
    }

    #[test]
    fn what_logs_already_keeps_its_bucket_and_other_kinds_are_left_alone() {
        for balancer in [
            LoadBalancer { logs: Some(at("own")), ..LoadBalancer::default() },
            LoadBalancer { kind: Kind::Network, ..LoadBalancer::default() },
        ] {
            check(&to("logs"), &balancer, &signal(WEB), &[]);
        }
    }

    #[test]
    fn without_a_bucket_a_person_is_told_what_to_type() {
        let signal = signal(WEB);
        check(&to(""), &LoadBalancer::default(), &signal, &[]);
        let plan = to("").plan(&LoadBalancer::default(), &Case { signal: &signal, now: now() });
        assert!(plan.by_hand[0].contains("Key=access_logs.s3.bucket,Value=BUCKET"), "{plan:?}");
    }

    #[test]
    fn what_is_no_bucket_is_refused() {
        for wrong in ["Logs", "logs/web", "s3://logs", "logs-{name}"] {
            assert!(
                LogBalancer::configured(&Settings::from_iter([("BALANCER_LOG_BUCKET", wrong)]))
                    .is_err()
            );
        }
    }
}
