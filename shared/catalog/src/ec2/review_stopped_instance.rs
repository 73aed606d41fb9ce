//! Leaves an instance that has been stopped for too long to a person, with an image of it made first.
//!
//! It is never terminated here: what is on its disks, and its addresses, would be gone for good.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Instance, InstanceId, InstanceSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewStoppedInstance;

impl Remediation for ReviewStoppedInstance {
    type Facet = Instance;

    const SPEC: Spec = Spec {
        id: "ec2/review_stopped_instance",
        title: "Ask a person whether a stopped instance can go",
        triggers: &[Trigger::control("EC2.4"), Trigger::config_rule("EC2_STOPPED_INSTANCE")],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is terminated. A person is told since when it is stopped, which volumes it has, and how to keep an image of it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &Instance, case: &Case<'_>) -> Plan<Swap<InstanceSetting>> {
        let Some(id) = self.target(case.signal).filter(|_| instance.state == "stopped") else {
            return Plan::none();
        };
        Plan::by_hand(what(instance), WHY, commands(&id, &case.signal.place.region))
    }
}

const WHY: &str = "to terminate it is for good; see whether anybody still needs it, start it now and then to \
     patch it if so, and else keep an image of it before it goes";

fn what(instance: &Instance) -> String {
    let since = match instance.since.trim() {
        "" => String::new(),
        since => format!(": {since}"),
    };
    let volumes = match instance.volumes.as_slice() {
        [] => "no volumes".to_owned(),
        volumes => format!("volumes {}", volumes.join(", ")),
    };
    format!("the instance is stopped{since}, with {volumes}")
}

fn commands(InstanceId(id): &InstanceId, region: &str) -> Vec<String> {
    vec![
        format!(
            "image=$(aws ec2 create-image --region {region} --instance-id {id} \
             --name before-terminating-{id} --query ImageId --output text)"
        ),
        format!("aws ec2 wait image-available --region {region} --image-ids \"$image\""),
        format!("aws ec2 terminate-instances --region {region} --instance-ids {id}"),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::{
        Hold,
        check::{check, now, signal},
    };

    use super::*;

    fn instance(state: &str) -> Instance {
        Instance {
            state: state.into(),
            since: "User initiated (2026-09-01 08:00:00 GMT)".into(),
            volumes: vec!["vol-1".into(), "vol-2".into()],
            ..Instance::default()
        }
    }

    #[test]
    fn a_stopped_instance_is_left_to_a_person_with_an_image_made_first() {
        let signal = signal("i-0a");
        check(&ReviewStoppedInstance, &instance("stopped"), &signal, &[]);
        let case = Case { signal: &signal, now: now() };
        let plan = ReviewStoppedInstance.plan(&instance("stopped"), &case);
        assert!(plan.changes.is_empty());
        let [left] = plan.left.as_slice() else { panic!("one thing is left: {:?}", plan.left) };
        assert_eq!(
            left.what,
            "the instance is stopped: User initiated (2026-09-01 08:00:00 GMT), with volumes vol-1, vol-2"
        );
        assert!(matches!(left.why, Hold::ByHand { .. }));
        assert!(plan.by_hand[0].contains("create-image") && plan.by_hand[0].contains("i-0a"));
        assert!(plan.by_hand[2].starts_with("aws ec2 terminate-instances"));
    }

    #[test]
    fn one_that_was_started_since_is_none_of_it() {
        let signal = signal("i-0a");
        for state in ["running", "pending", "stopping"] {
            let case = Case { signal: &signal, now: now() };
            assert_eq!(
                ReviewStoppedInstance.plan(&instance(state), &case),
                Plan::none(),
                "{state}"
            );
        }
    }
}
