//! Lets an alarm do again what it should when its state changes.
//!
//! If that is more than telling people, such as stopping an instance, a person is asked: somebody may have
//! switched it off for a reason.

use remedy::{
    Arn, Case, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo,
    Wrong,
};

use super::{Alarm, AlarmId, AlarmSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EnableAlarm;

impl Remediation for EnableAlarm {
    type Facet = Alarm;

    const SPEC: Spec = Spec {
        id: "audit/enable_alarm",
        title: "Turn on the actions of an alarm",
        triggers: &[
            Trigger::control("CloudWatch.17"),
            Trigger::config_rule("CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "An alarm that does more than tell people, such as stopping instances or scaling, is turned on only when a person agrees.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn target(&self, signal: &Signal) -> Option<AlarmId> {
        AlarmId::reported(signal)
    }

    fn plan(&self, alarm: &Alarm, _: &Case<'_>) -> Plan<Swap<AlarmSetting>> {
        let (is, to) = (AlarmSetting::Enabled(alarm.enabled), AlarmSetting::Enabled(true));
        let plan: Plan<_> = Swap::of(is, to).into_iter().collect();
        let tells = |action: &&String| Arn::parse(action).is_some_and(|arn| arn.service == "sns");
        let actions = alarm.alarm.iter().chain(&alarm.ok).chain(&alarm.no_data);
        let others: Vec<_> = actions.filter(|action| !tells(action)).map(String::as_str).collect();
        match others[..] {
            [] => plan,
            _ => {
                plan.asking(format!("the alarm does more than tell people: {}", others.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const WEB: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web";
    const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:ops";
    const ON: [&str; 1] = ["set actions on (it is actions off)"];

    fn ask(alarm: &Alarm) -> Option<String> {
        EnableAlarm.plan(alarm, &Case { signal: &signal(WEB), now: now() }).ask
    }

    #[test]
    fn an_alarm_that_tells_people_or_does_nothing_is_turned_on() {
        for alarm in [
            Alarm::default(),
            Alarm { alarm: vec![TOPIC.into()], ok: vec![TOPIC.into()], ..Alarm::default() },
            Alarm { composite: true, ..Alarm::default() },
        ] {
            check(&EnableAlarm, &alarm, &signal(WEB), &ON);
            assert_eq!(ask(&alarm), None);
        }
        check(&EnableAlarm, &Alarm::default(), &signal("web"), &ON);
    }

    #[test]
    fn one_that_does_more_is_turned_on_if_a_person_agrees() {
        for action in [
            "arn:aws:automate:eu-west-1:ec2:terminate",
            "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:a:b",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
        ] {
            let alarm = Alarm { no_data: vec![TOPIC.into(), action.into()], ..Alarm::default() };
            check(&EnableAlarm, &alarm, &signal(WEB), &ON);
            assert_eq!(
                ask(&alarm),
                Some(format!("the alarm does more than tell people: {action}"))
            );
        }
    }

    #[test]
    fn one_that_is_on_stays_so() {
        let alarm = Alarm {
            enabled: true,
            alarm: vec!["arn:aws:automate:eu-west-1:ec2:stop".into()],
            ..Alarm::default()
        };
        check(&EnableAlarm, &alarm, &signal(WEB), &[]);
        assert_eq!(ask(&alarm), None);
    }
}
