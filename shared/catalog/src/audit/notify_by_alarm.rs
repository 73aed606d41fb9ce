//! Lets an alarm that does nothing when it goes off tell the operator's topic.
//!
//! Without a topic it is left to a person. An alarm that does anything keeps what it does; one that other
//! alarms are made of is left alone, since these speak for it; all else about an alarm stays as it is.

use remedy::{
    Case, Facet, Place, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger,
    Undo, Wrong,
};

use super::{
    Alarm, AlarmId, AlarmSetting, AlarmState,
    given::{AUDIT_TOPIC_ARN, Given, is_in_region},
};

/// See the [module](self).
#[derive(Debug)]
pub struct NotifyByAlarm {
    topic: Option<Given>,
}

const WRONG: &str = "the alarm tells nobody";

impl Remediation for NotifyByAlarm {
    type Facet = Alarm;

    const SPEC: Spec = Spec {
        id: "audit/notify_by_alarm",
        title: "Let an alarm that does nothing tell a topic",
        triggers: &[
            Trigger::control("CloudWatch.15"),
            Trigger::config_rule("CLOUDWATCH_ALARM_ACTION_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[AUDIT_TOPIC_ARN],
        undo: Undo::Yes,
        care: "What an alarm does already is kept, and so is all else of it. Alarms that speak through a composite alarm are left to a person.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { topic: Given::configured(settings, &AUDIT_TOPIC_ARN, "sns", "")? })
    }

    fn target(&self, signal: &Signal) -> Option<AlarmId> {
        AlarmId::reported(signal)
    }

    fn plan(&self, alarm: &Alarm, case: &Case<'_>) -> Plan<Swap<AlarmSetting>> {
        let silent: Vec<_> =
            states(case.signal).filter(|state| alarm.actions(*state).is_empty()).collect();
        if alarm.composite || silent.is_empty() {
            return Plan::none();
        }
        let Place { partition, account, region } = &case.signal.place;
        let given = self.topic.as_ref().map(|topic| topic.at(&case.signal.place));
        let topic = given
            .clone()
            .unwrap_or_else(|| format!("arn:{partition}:sns:{region}:{account}:alarms"));
        let change = |state: AlarmState| Swap {
            from: AlarmSetting::Actions(state, Vec::new()),
            to: AlarmSetting::Actions(state, vec![topic.clone()]),
        };
        let plan: Plan<_> = silent.into_iter().map(change).collect();
        let by_hand = |why: String| {
            let id = AlarmId::reported(case.signal);
            let commands = id.map(|id| Alarm::commands(&case.signal.place, &id, &plan.changes));
            Plan::by_hand(WRONG, why, commands.unwrap_or_default())
        };
        if !alarm.parents.is_empty() {
            return by_hand(format!(
                "it is part of {}, which may speak for it",
                alarm.parents.join(", ")
            ));
        }
        match given {
            None => by_hand("AuditTopicArn names no topic to tell".into()),
            Some(topic) if !is_in_region(&topic, &case.signal.place) => by_hand(format!(
                "{topic} is in another Region, and alarms tell topics of their own only"
            )),
            Some(_) => plan,
        }
    }
}

/// The states in which the control wants something done.
fn states(signal: &Signal) -> impl Iterator<Item = AlarmState> {
    let asked = |name: &str| {
        let given = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        given.is_some_and(|(_, values)| {
            values.iter().any(|value| value.trim().eq_ignore_ascii_case("true"))
        })
    };
    let ok = asked("okActionRequired").then_some(AlarmState::Ok);
    let no_data = asked("insufficientDataActionRequired").then_some(AlarmState::NoData);
    [Some(AlarmState::Alarm), ok, no_data].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web";
    const TOPIC: &str = "arn:aws:sns:{region}:{account}:audit";
    const TELLS: &str = "arn:aws:sns:eu-west-1:111122223333:audit";

    fn with(topic: &str) -> NotifyByAlarm {
        NotifyByAlarm::configured(&[("AUDIT_TOPIC_ARN", topic)].into_iter().collect()).unwrap()
    }

    #[test]
    fn an_alarm_that_does_nothing_tells_the_topic() {
        let expected = format!("set actions for ALARM: {TELLS} (it is no action for ALARM)");
        let alarm = Alarm { ok: vec!["arn:aws:sns:x".into()], ..Alarm::default() };
        check(&with(TOPIC), &alarm, &signal(WEB), &[&expected]);
        check(&with(TOPIC), &alarm, &signal("web"), &[&expected]);
    }

    #[test]
    fn what_it_does_already_is_kept() {
        let alarm =
            Alarm { alarm: vec!["arn:aws:automate:eu-west-1:ec2:stop".into()], ..Alarm::default() };
        check(&with(TOPIC), &alarm, &signal(WEB), &[]);
        check(&with(TOPIC), &Alarm { composite: true, ..Alarm::default() }, &signal(WEB), &[]);
    }

    #[test]
    fn the_other_states_count_where_the_control_says_so() {
        let alarm = Alarm { alarm: vec!["arn:aws:sns:x".into()], ..Alarm::default() };
        let asked = |name: &str, value: &str| Signal {
            parameters: [(name.into(), vec![value.into()])].into(),
            ..signal(WEB)
        };
        let expected = format!("set actions for OK: {TELLS} (it is no action for OK)");
        check(&with(TOPIC), &alarm, &asked("okActionRequired", "true"), &[&expected]);
        let expected = format!(
            "set actions for INSUFFICIENT_DATA: {TELLS} (it is no action for INSUFFICIENT_DATA)"
        );
        check(&with(TOPIC), &alarm, &asked("insufficientDataActionRequired", "True"), &[&expected]);
        check(&with(TOPIC), &alarm, &asked("okActionRequired", "what?"), &[]);
    }

    #[test]
    fn without_a_topic_that_can_be_told_or_with_a_parent_it_is_left_to_people() {
        let part = Alarm { parents: vec!["shop".into()], ..Alarm::default() };
        for (topic, alarm, why) in [
            ("", Alarm::default(), "AuditTopicArn names no topic"),
            ("arn:aws:sns:us-east-1:111122223333:a", Alarm::default(), "is in another Region"),
            (TOPIC, part, "it is part of shop"),
        ] {
            check(&with(topic), &alarm, &signal(WEB), &[]);
            let plan = with(topic).plan(&alarm, &Case { signal: &signal(WEB), now: now() });
            assert!(plan.left[0].why.to_string().contains(why), "{:?}", plan.left);
            assert!(
                plan.by_hand[0].starts_with("aws cloudwatch put-metric-alarm"),
                "{:?}",
                plan.by_hand
            );
        }
    }
}
