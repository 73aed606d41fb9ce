//! Lets a trail that is there record the account's calls: in every Region, and now.
//!
//! None is made and none is pointed at another bucket. Only a trail of this account that was made in this
//! Region and carries the opt-in tag is changed, the one with the least to change, after a person agreed.
//! Trails of an organization and of other Regions count if they record, and are left alone if not. For the
//! control that asks for any trail, one that records its own Region will do.

use remedy::{
    Case, Facet, Hold, Left, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Timestamp,
    Trigger, Undo, Wrong, guard,
};

use super::{AccountTrail, Trails, TrailsChange, TrailsId, fence::Fence, trails::Reach};

/// See the [module](self).
#[derive(Debug)]
pub struct RecordCalls {
    fence: Fence,
}

const ANY_TRAIL: [Trigger; 2] =
    [Trigger::control("CloudTrail.3"), Trigger::config_rule("CLOUD_TRAIL_ENABLED")];

/// What is asked for.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    AnyTrail,
    EveryRegion,
}

impl Remediation for RecordCalls {
    type Facet = Trails;

    const SPEC: Spec = Spec {
        id: "audit/record_calls",
        title: "Let a trail that is there record the account's calls in every Region",
        triggers: &[
            Trigger::control("CloudTrail.1"),
            Trigger::control("CloudTrail.3"),
            Trigger::config_rule("CLOUD_TRAIL_ENABLED"),
            Trigger::config_rule("MULTI_REGION_CLOUD_TRAIL_ENABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "No trail is made or pointed at another bucket: one that is there records more, once a person agrees. Trails of an organization and of other Regions count and stay as they are.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { fence: Fence::configured(settings)? })
    }

    fn plan(&self, Trails { trails }: &Trails, case: &Case<'_>) -> Plan<TrailsChange> {
        let is_any = ANY_TRAIL.iter().any(|trigger| trigger.is(&case.signal.trigger));
        let wanted = if is_any { Wanted::AnyTrail } else { Wanted::EveryRegion };
        let place = &case.signal.place;
        if trails.iter().any(|trail| records(trail, wanted)) {
            return Plan::none();
        }
        if trails.is_empty() {
            return Plan::by_hand(
                "no trail records this account",
                "Kintsugi makes no trails: where the records go, who reads them and what that costs is yours \
                 to say",
                from_scratch(place),
            );
        }
        let mut held = Vec::new();
        let mut open = Vec::new();
        for trail in trails {
            match self.hold(trail, wanted, place, case.now) {
                None => open.push(trail),
                Some(why) => held.push((trail, why)),
            }
        }
        match open.into_iter().min_by_key(|trail| (changes(trail, wanted).len(), &trail.arn)) {
            Some(trail) => Plan::from_iter(changes(trail, wanted)).asking(
                "its records, then of every Region if it says so, go to the bucket and the topics it has: \
                 that costs, and whoever reads them sees more",
            ),
            None => left(&held, wanted, place),
        }
    }
}

/// Whether it does what is asked for.
fn records(trail: &AccountTrail, wanted: Wanted) -> bool {
    trail.logging && (wanted == Wanted::AnyTrail || (trail.reach.every_region && trail.complete))
}

/// What makes it do so.
fn changes(trail: &AccountTrail, wanted: Wanted) -> Vec<TrailsChange> {
    let name = || trail.arn.clone();
    let mut changes = Vec::new();
    if wanted == Wanted::EveryRegion && !trail.reach.every_region {
        let to = Reach { every_region: true, global: true };
        changes.push(TrailsChange::Reach { trail: name(), from: trail.reach, to });
    }
    if !trail.logging {
        changes.push(TrailsChange::Start { trail: name() });
    }
    changes
}

/// What is left to people, and the commands for what they can change from here.
fn left(held: &[(&AccountTrail, Hold)], wanted: Wanted, place: &Place) -> Plan<TrailsChange> {
    let is_ours = |trail: &AccountTrail| {
        trail.is_of(place) && trail.home == place.region && !trail.organization
    };
    let id = TrailsId(place.account.clone());
    let commands = held.iter().filter(|(trail, _)| is_ours(trail)).flat_map(|(trail, _)| {
        let look = format!(
            "aws cloudtrail get-event-selectors --region {} --trail-name {}",
            place.region,
            trail.name()
        );
        let look = (wanted == Wanted::EveryRegion && !trail.complete).then_some(look);
        look.into_iter().chain(Trails::commands(place, &id, &changes(trail, wanted)))
    });
    let what = |trail: &AccountTrail| format!("trail {} in {}", trail.name(), trail.home);
    Plan {
        by_hand: commands.collect(),
        left: held
            .iter()
            .map(|(trail, why)| Left { what: what(trail), why: why.clone() })
            .collect(),
        ..Plan::none()
    }
}

impl RecordCalls {
    /// Why a trail is not to be changed, if so.
    fn hold(
        &self,
        trail: &AccountTrail,
        wanted: Wanted,
        place: &Place,
        now: Timestamp,
    ) -> Option<Hold> {
        let by_hand = |why: String| Some(Hold::ByHand { why });
        if !trail.is_of(place) {
            return Some(Hold::OtherAccount { account: trail.account().into() });
        }
        if trail.organization {
            return by_hand(
                "it is an organization's: what is changed of it is changed for every account"
                    .into(),
            );
        }
        if trail.home != place.region {
            return by_hand(format!("it can only be changed in its home Region {}", trail.home));
        }
        if wanted == Wanted::EveryRegion && !trail.complete {
            return by_hand(
                "its event selectors leave management events out, which may be meant so: put-event-selectors \
                 replaces all of them"
                    .into(),
            );
        }
        self.fence.hold(&trail.tags, now)
    }
}

/// A trail of every Region, and a bucket of its own.
fn from_scratch(place: &Place) -> Vec<String> {
    let Place { partition, account, region } = place;
    let bucket = format!("cloudtrail-{account}-{region}");
    let trail = format!("arn:{partition}:cloudtrail:{region}:{account}:trail/every-region");
    let statement = |sid: &str, action: &str, resource: &str, acl: &str| {
        format!(
            r#"{{"Sid":"{sid}","Effect":"Allow","Principal":{{"Service":"cloudtrail.amazonaws.com"}},"Action":"s3:{action}","Resource":"arn:{partition}:s3:::{bucket}{resource}","Condition":{{"StringEquals":{{{acl}"aws:SourceArn":"{trail}"}}}}}}"#
        )
    };
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{},{}]}}"#,
        statement("Check", "GetBucketAcl", "", ""),
        statement(
            "Write",
            "PutObject",
            &format!("/AWSLogs/{account}/*"),
            r#""s3:x-amz-acl":"bucket-owner-full-control","#
        )
    );
    let constraint = match region.as_str() {
        "us-east-1" => String::new(),
        _ => format!(" --create-bucket-configuration LocationConstraint={region}"),
    };
    let (key, value) = (guard::SCOPE_TAG_KEY.default, guard::SCOPE_TAG_VALUE.default);
    vec![
        format!("aws s3api create-bucket --region {region} --bucket {bucket}{constraint}"),
        format!(
            "aws s3api put-bucket-policy --region {region} --bucket {bucket} --policy '{policy}'"
        ),
        format!(
            "aws cloudtrail create-trail --region {region} --name every-region --s3-bucket-name {bucket} \
             --is-multi-region-trail --enable-log-file-validation --tags-list Key={key},Value={value}"
        ),
        format!("aws cloudtrail start-logging --region {region} --name every-region"),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    fn trail(name: &str) -> AccountTrail {
        AccountTrail {
            arn: format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/{name}"),
            home: "eu-west-1".into(),
            logging: true,
            complete: true,
            tags: [("AutoRemediate".into(), "True".into())].into(),
            ..AccountTrail::default()
        }
    }

    const EVERYWHERE: Reach = Reach { every_region: true, global: true };

    fn of(control: &'static str) -> Signal {
        let trigger = Trigger::control(control);
        Signal { trigger, ..signal("AWS::::Account:111122223333") }
    }

    #[track_caller]
    fn plan(
        control: &'static str,
        trails: Vec<AccountTrail>,
        expected: &[&str],
    ) -> Plan<TrailsChange> {
        let remediation = RecordCalls::configured(&Settings::default()).unwrap();
        let (facet, signal) = (Trails { trails }, of(control));
        check(&remediation, &facet, &signal, expected);
        remediation.plan(&facet, &Case { signal: &signal, now: now() })
    }

    #[test]
    fn a_trail_of_one_region_records_every_region_if_a_person_agrees() {
        let plan =
            plan("CloudTrail.1", vec![trail("main")], &["let trail main record every Region"]);
        assert!(plan.ask.is_some());
    }

    #[test]
    fn a_trail_that_was_stopped_is_started_and_the_one_with_the_least_to_change_is_chosen() {
        let stopped = AccountTrail { logging: false, ..trail("a") };
        let everywhere = AccountTrail { reach: EVERYWHERE, logging: false, ..trail("b") };
        plan(
            "CloudTrail.1",
            vec![stopped.clone()],
            &["let trail a record every Region", "start trail a"],
        );
        plan("CloudTrail.1", vec![stopped.clone(), everywhere], &["start trail b"]);
        plan("CloudTrail.3", vec![stopped], &["start trail a"]);
    }

    #[test]
    fn whoever_records_is_enough() {
        let shadow = AccountTrail {
            reach: EVERYWHERE,
            home: "us-east-1".into(),
            tags: [].into(),
            ..trail("shadow")
        };
        let organizations = AccountTrail {
            arn: "arn:aws:cloudtrail:us-east-1:444455556666:trail/all".into(),
            organization: true,
            ..shadow.clone()
        };
        for right in [shadow, organizations] {
            let plan = plan("CloudTrail.1", vec![trail("main"), right], &[]);
            assert_eq!(plan, Plan::none());
        }
        assert_eq!(plan("CloudTrail.3", vec![trail("main")], &[]), Plan::none());
    }

    #[test]
    fn what_is_not_ours_to_change_is_named_with_the_reason() {
        let other = |trail: AccountTrail| AccountTrail { logging: false, ..trail };
        let plan = plan(
            "CloudTrail.1",
            vec![
                other(AccountTrail {
                    arn: "arn:aws:cloudtrail:us-east-1:444455556666:trail/all".into(),
                    ..trail("x")
                }),
                other(AccountTrail { organization: true, ..trail("organization") }),
                other(AccountTrail { home: "us-east-1".into(), ..trail("shadow") }),
                other(AccountTrail { complete: false, ..trail("data") }),
                other(AccountTrail { tags: [].into(), ..trail("untagged") }),
            ],
            &[],
        );
        let kinds: Vec<_> = plan.left.iter().map(|left| left.why.kind()).collect();
        assert_eq!(kinds, ["other-account", "by-hand", "by-hand", "by-hand", "not-opted-in"]);
        assert_eq!(plan.left[2].what, "trail shadow in us-east-1");
        assert_eq!(
            plan.by_hand,
            [
                "aws cloudtrail get-event-selectors --region eu-west-1 --trail-name data",
                "aws cloudtrail update-trail --region eu-west-1 --name data --is-multi-region-trail \
                 --include-global-service-events",
                "aws cloudtrail start-logging --region eu-west-1 --name data",
                "aws cloudtrail update-trail --region eu-west-1 --name untagged --is-multi-region-trail \
                 --include-global-service-events",
                "aws cloudtrail start-logging --region eu-west-1 --name untagged",
            ]
        );
    }

    #[test]
    fn where_there_is_no_trail_people_are_told_how_to_make_one() {
        for control in ["CloudTrail.1", "CloudTrail.3"] {
            let commands = plan(control, vec![], &[]).by_hand;
            assert_eq!(commands.len(), 4);
            assert!(commands[1].contains(
                r#""Resource":"arn:aws:s3:::cloudtrail-111122223333-eu-west-1/AWSLogs/"#
            ));
            assert!(commands[2].contains("--is-multi-region-trail"));
            assert!(commands[2].ends_with("--tags-list Key=AutoRemediate,Value=True"));
        }
    }
}
