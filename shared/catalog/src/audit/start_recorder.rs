//! Starts AWS Config's recorder where there is one that was stopped.
//!
//! A person is asked, since every recorded change costs, and it must carry the opt-in tag. What the recorder records, as whom, and where it
//! delivers is never edited, and none is made: that is left to a person, with the commands.

use remedy::{
    Case, Facet, Hold, Left, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger,
    Undo, Wrong,
};

use super::{Recorder, RecorderChange, Recorders, RecordersId, fence::Fence};

/// See the [module](self).
#[derive(Debug)]
pub struct StartRecorder {
    fence: Fence,
}

const ROLE: &str = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";

impl Remediation for StartRecorder {
    type Facet = Recorders;

    const SPEC: Spec = Spec {
        id: "audit/start_recorder",
        title: "Start the recorder of AWS Config",
        triggers: &[Trigger::control("Config.1")],
        severity: Severity::Critical,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "The recorder that is there is started as it is, once a person agrees, since that costs. No bucket, channel, topic or role is made or replaced.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { fence: Fence::configured(settings)? })
    }

    fn plan(
        &self,
        Recorders { recorder, delivers }: &Recorders,
        case: &Case<'_>,
    ) -> Plan<RecorderChange> {
        let place = &case.signal.place;
        let Some(recorder) = recorder else {
            let why = "which resources it records, and where that goes, is yours to say, and costs";
            let commands = [service_role(), put("default", place)].into_iter();
            let channel = (!delivers).then(|| channel(place)).into_iter().flatten();
            return Plan::by_hand(
                "AWS Config has no recorder here",
                why,
                commands.chain(channel).chain(start("default", place)),
            );
        };
        if !recorder.recording && !delivers {
            return Plan::by_hand(
                format!("recorder {} is stopped, and has no delivery channel", recorder.name),
                "where what it records goes is yours to say",
                channel(place).into_iter().chain(start(&recorder.name, place)),
            );
        }
        let starts = (!recorder.recording).then(|| RecorderChange::Start(recorder.name.clone()));
        let mut left = left(recorder, case);
        let mut by_hand = Vec::new();
        if !left.is_empty() {
            by_hand.extend([service_role(), put(&recorder.name, place)]);
        }
        let hold = starts.as_ref().and_then(|_| self.fence.hold(&recorder.tags, case.now));
        let plan = match hold {
            None => starts.into_iter().collect(),
            Some(why) => {
                left.insert(
                    0,
                    Left { what: format!("recorder {} is stopped", recorder.name), why },
                );
                by_hand.extend(start(&recorder.name, place));
                Plan::none()
            }
        };
        let plan = plan.asking("AWS Config charges for every change that it records");
        Plan { left, by_hand, ..plan }
    }
}

/// What else is not as Security Hub may want it.
fn left(recorder: &Recorder, case: &Case<'_>) -> Vec<Left> {
    let name = &recorder.name;
    let given = case.signal.parameters.iter();
    let given =
        given.filter(|(key, _)| key.eq_ignore_ascii_case("includeConfigServiceLinkedRoleCheck"));
    let any_role = given
        .flat_map(|(_, values)| values)
        .any(|value| value.trim().eq_ignore_ascii_case("false"));
    let left = |what: String, why: &str| Left { what, why: Hold::ByHand { why: why.into() } };
    let role = (!any_role && !recorder.role.ends_with(ROLE)).then(|| {
        left(
            format!("recorder {name} does not use AWS Config's service-linked role"),
            "its own role may be meant so, and be told of to others",
        )
    });
    let kinds = (!recorder.every_kind).then(|| {
        left(
            format!("recorder {name} does not record every kind of resource"),
            "that may be meant so, and more of them cost more",
        )
    });
    let global = (recorder.every_kind && !recorder.global).then(|| {
        left(
            format!("recorder {name} does not record IAM's resources"),
            "they are to be recorded in one Region only, which may be another one",
        )
    });
    [role, kinds, global].into_iter().flatten().collect()
}

fn service_role() -> String {
    "aws iam create-service-linked-role --aws-service-name config.amazonaws.com".into()
}

fn put(name: &str, Place { partition, account, region }: &Place) -> String {
    let recorder =
        format!(r#"{{"name":"{name}","roleARN":"arn:{partition}:iam::{account}:role/{ROLE}"}}"#);
    format!(
        "aws configservice put-configuration-recorder --region {region} --configuration-recorder {} \
         --recording-group allSupported=true,includeGlobalResourceTypes=true",
        remedy::quoted(&recorder)
    )
}

fn channel(Place { account, region, .. }: &Place) -> [String; 1] {
    [format!(
        "aws configservice put-delivery-channel --region {region} --delivery-channel \
         name=default,s3BucketName=config-{account}-{region}"
    )]
}

fn start(name: &str, place: &Place) -> Vec<String> {
    let id = RecordersId(place.account.clone());
    Recorders::commands(place, &id, &[RecorderChange::Start(name.to_owned())])
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    fn account() -> Signal {
        signal("AWS::::Account:111122223333")
    }

    fn recorders(edit: impl FnOnce(&mut Recorder)) -> Recorders {
        let mut recorder = Recorder {
            name: "default".into(),
            role: format!("arn:aws:iam::111122223333:role/{ROLE}"),
            recording: true,
            every_kind: true,
            global: true,
            tags: [("AutoRemediate".into(), "True".into())].into(),
        };
        edit(&mut recorder);
        Recorders { recorder: Some(recorder), delivers: true }
    }

    #[track_caller]
    fn plan(recorders: &Recorders, signal: &Signal, expected: &[&str]) -> Plan<RecorderChange> {
        let remediation = StartRecorder::configured(&Settings::default()).unwrap();
        check(&remediation, recorders, signal, expected);
        remediation.plan(recorders, &Case { signal, now: now() })
    }

    #[test]
    fn a_recorder_that_was_stopped_is_started_if_a_person_agrees() {
        let stopped = recorders(|recorder| recorder.recording = false);
        let plan = plan(&stopped, &account(), &["start recorder default"]);
        assert!(plan.ask.is_some() && plan.left.is_empty());
    }

    #[test]
    fn one_that_records_everything_is_right() {
        assert_eq!(plan(&recorders(|_| {}), &account(), &[]), Plan::none());
    }

    #[test]
    fn what_it_records_and_as_whom_is_left_to_people() {
        let own = |recorder: &mut Recorder| {
            recorder.role = "arn:aws:iam::111122223333:role/config".into();
        };
        for (recorders, why) in [
            (recorders(own), "service-linked role"),
            (recorders(|recorder| recorder.every_kind = false), "every kind"),
            (recorders(|recorder| recorder.global = false), "IAM's resources"),
        ] {
            let plan = plan(&recorders, &account(), &[]);
            assert_eq!((plan.left.len(), plan.by_hand.len(), plan.ask), (1, 2, None));
            assert!(plan.left[0].what.contains(why), "{:?}", plan.left);
        }
        let parameters =
            [("includeConfigServiceLinkedRoleCheck".into(), vec!["false".into()])].into();
        let lenient = Signal { parameters, ..account() };
        assert_eq!(plan(&recorders(own), &lenient, &[]), Plan::none());
    }

    #[test]
    fn it_is_started_although_something_is_left() {
        let stopped = recorders(|recorder| (recorder.recording, recorder.global) = (false, false));
        let plan = plan(&stopped, &account(), &["start recorder default"]);
        assert_eq!(plan.left.len(), 1);
    }

    #[test]
    fn one_that_is_out_of_scope_is_left_to_people() {
        let untagged =
            recorders(|recorder| (recorder.recording, recorder.tags) = (false, [].into()));
        let plan = plan(&untagged, &account(), &[]);
        assert_eq!(
            (plan.left[0].why.kind(), plan.by_hand.len(), plan.ask),
            ("not-opted-in", 1, None)
        );
    }

    #[test]
    fn none_is_made_and_neither_is_a_channel() {
        let stopped = recorders(|recorder| recorder.recording = false);
        for (recorders, commands) in [
            (Recorders::default(), 4),
            (Recorders { delivers: true, ..Recorders::default() }, 3),
            (Recorders { delivers: false, ..stopped }, 2),
        ] {
            let plan = plan(&recorders, &account(), &[]);
            assert_eq!((plan.left.len(), plan.by_hand.len()), (1, commands));
            assert_eq!(
                plan.by_hand.last().map(String::as_str),
                Some(
                    "aws configservice start-configuration-recorder --region eu-west-1 \
                     --configuration-recorder-name default"
                )
            );
        }
    }
}
