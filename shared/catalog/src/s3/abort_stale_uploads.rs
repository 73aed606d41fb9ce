//! Gives a bucket without a lifecycle a rule that deletes no object: uploads in parts that nobody completed
//! for a week are aborted.
//!
//! A bucket with any rule that is carried out has what the controls ask for. Where they want objects to
//! expire or move, a person decides which.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::{AbortRule, BucketLifecycle, LifecycleChange, LifecycleRule};

/// See the [module](self).
#[derive(Debug)]
pub struct AbortStaleUploads;

const ID: &str = "kintsugi-abort-stale-uploads";
const DAYS: i32 = 7;

impl Remediation for AbortStaleUploads {
    type Facet = BucketLifecycle;

    const SPEC: Spec = Spec {
        id: "s3/abort_stale_uploads",
        title: "Abort uploads to a bucket that nobody completes",
        triggers: &[
            Trigger::control("S3.10"),
            Trigger::control("S3.13"),
            Trigger::config_rule("S3_LIFECYCLE_POLICY_CHECK"),
            Trigger::config_rule("S3_VERSION_LIFECYCLE_POLICY_CHECK"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Partly("uploads that were aborted meanwhile begin anew"),
        care: "The rule is added to those that are there, and no object expires or moves by it; which may is for its owner to decide.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketLifecycle, case: &Case<'_>) -> Plan<LifecycleChange> {
        let wanted = Wanted::by(case.signal);
        if bucket.rules.iter().any(|rule| rule.enabled && wanted.is_met_by(rule)) {
            return Plan::none();
        }
        let get = self
            .target(case.signal)
            .map(|id| id.command(&case.signal.place, "get-bucket-lifecycle-configuration"));
        if wanted.is_some() {
            return Plan::by_hand(
                "no lifecycle rule does what the control's parameters want",
                "a rule by which objects expire or move is for the owner of the objects to write",
                get,
            );
        }
        if bucket.rules.iter().any(|rule| rule.id == ID) {
            return Plan::by_hand(
                format!("the lifecycle rule {ID} is not carried out"),
                "somebody turned it off: see why, and write another rule",
                get,
            );
        }
        let rule = AbortRule { id: ID.into(), days: DAYS };
        let change = match bucket.rules.is_empty() {
            true => LifecycleChange::Begin(rule),
            false => LifecycleChange::Add(rule),
        };
        [change].into_iter().collect()
    }
}

/// What the control wants of a rule, where Security Hub passes more than that there be one.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted<'a> {
    expires: Option<&'a str>,
    moves: Option<&'a str>,
    class: Option<&'a str>,
    prefix: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn by(signal: &'a Signal) -> Self {
        let given = |name: &str| {
            let found = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            let value = found.and_then(|(_, values)| values.first()).map(|value| value.trim());
            value.filter(|value| !value.is_empty())
        };
        Self {
            expires: given("targetExpirationDays"),
            moves: given("targetTransitionDays"),
            class: given("targetTransitionStorageClass"),
            prefix: given("targetPrefix"),
        }
    }

    fn is_some(&self) -> bool {
        *self != Self::default()
    }

    fn is_met_by(&self, rule: &LifecycleRule) -> bool {
        let days = |is: i32, wanted: Option<&str>| wanted.is_none_or(|w| w == is.to_string());
        let class = |is: &str| self.class.is_none_or(|wanted| wanted.eq_ignore_ascii_case(is));
        let moves = rule.moves.iter().any(|(is, to)| days(*is, self.moves) && class(to));
        self.expires.is_none_or(|_| rule.expires_after.is_some_and(|is| days(is, self.expires)))
            && ((self.moves.is_none() && self.class.is_none()) || moves)
            && self.prefix.is_none_or(|wanted| wanted == rule.prefix)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:s3:::web";
    const ADD: &[&str] = &["add the rule kintsugi-abort-stale-uploads: abort uploads that nobody \
                            completed for 7 days"];

    fn rule(id: &str, enabled: bool) -> LifecycleRule {
        LifecycleRule {
            id: id.into(),
            enabled,
            expires_after: Some(365),
            ..LifecycleRule::default()
        }
    }

    fn bucket(rules: &[LifecycleRule]) -> BucketLifecycle {
        BucketLifecycle { rules: rules.to_vec(), ..BucketLifecycle::default() }
    }

    fn wants(parameters: &[(&str, &str)]) -> Signal {
        let given = |(key, value): &(&str, &str)| ((*key).into(), vec![(*value).into()]);
        Signal { parameters: parameters.iter().map(given).collect(), ..signal(WEB) }
    }

    fn left(bucket: &BucketLifecycle, signal: &Signal) -> usize {
        check(&AbortStaleUploads, bucket, signal, &[]);
        AbortStaleUploads.plan(bucket, &Case { signal, now: now() }).left.len()
    }

    #[test]
    fn a_bucket_without_a_rule_that_is_carried_out_gets_one_beside_those_that_are_not() {
        check(&AbortStaleUploads, &bucket(&[]), &signal(WEB), ADD);
        check(
            &AbortStaleUploads,
            &bucket(&[rule("a", false), rule("b", false)]),
            &signal(WEB),
            ADD,
        );
    }

    #[test]
    fn any_rule_that_is_carried_out_is_enough() {
        assert_eq!(left(&bucket(&[rule("a", false), rule("b", true)]), &signal(WEB)), 0);
    }

    #[test]
    fn our_rule_is_not_turned_on_again_behind_somebodys_back() {
        assert_eq!(left(&bucket(&[rule(ID, false)]), &signal(WEB)), 1);
    }

    #[test]
    fn what_expires_or_moves_is_for_a_person_to_decide() {
        let glacier = LifecycleRule { moves: vec![(30, "GLACIER".into())], ..rule("a", true) };
        for (rules, parameters, expected) in [
            (&[][..], &[("targetExpirationDays", "365")][..], 1),
            (&[rule("a", true)], &[("targetExpirationDays", "365")], 0),
            (&[rule("a", true)], &[("targetExpirationDays", "30")], 1),
            (&[rule("a", true)], &[("targetTransitionDays", "30")], 1),
            (
                std::slice::from_ref(&glacier),
                &[("targetTransitionDays", "30"), ("targetTransitionStorageClass", "GLACIER")],
                0,
            ),
            (std::slice::from_ref(&glacier), &[("targetPrefix", "logs/")], 1),
        ] {
            assert_eq!(
                left(&bucket(rules), &wants(parameters)),
                expected,
                "{rules:?} {parameters:?}"
            );
        }
        check(&AbortStaleUploads, &bucket(&[]), &wants(&[("targetExpirationDays", " ")]), ADD);
    }
}
