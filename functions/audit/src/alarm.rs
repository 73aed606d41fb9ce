//! Facet: what an alarm does when its state changes.

use aws_sdk_cloudwatch::{
    Client,
    operation::describe_alarms::DescribeAlarmsOutput as Found,
    types::{AlarmType, MetricAlarm},
};
use catalog::audit::{Alarm, AlarmId, AlarmSetting, AlarmState};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Audit, Pages};

impl Cloud<Alarm> for Audit {
    async fn load(
        &self,
        place: &Place,
        id: &AlarmId,
        _: &[&Signal],
    ) -> Result<Option<Alarm>, Error> {
        let cloudwatch = self.cloudwatch.at(place).await?;
        let found = Box::pin(find(&cloudwatch, id)).await?;
        let what = format!("read alarm {id}");
        let mut alarm = if let Some(found) = found.metric_alarms.into_iter().flatten().next() {
            Alarm {
                enabled: found.actions_enabled.ok_or_else(|| silent(&cloudwatch, &what))?,
                alarm: found.alarm_actions.unwrap_or_default(),
                ok: found.ok_actions.unwrap_or_default(),
                no_data: found.insufficient_data_actions.unwrap_or_default(),
                ..Alarm::default()
            }
        } else if let Some(found) = found.composite_alarms.into_iter().flatten().next() {
            Alarm {
                composite: true,
                enabled: found.actions_enabled.ok_or_else(|| silent(&cloudwatch, &what))?,
                alarm: found.alarm_actions.unwrap_or_default(),
                ok: found.ok_actions.unwrap_or_default(),
                no_data: found.insufficient_data_actions.unwrap_or_default(),
                ..Alarm::default()
            }
        } else {
            return Ok(None);
        };
        alarm.tags = tags(&cloudwatch, &id.arn(place)).await?;
        if !alarm.composite && alarm.alarm.is_empty() {
            alarm.parents = Box::pin(parents(&cloudwatch, id)).await?;
        }
        Ok(Some(alarm))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &AlarmId,
        changes: &[Swap<AlarmSetting>],
    ) -> Vec<Result<(), Error>> {
        let cloudwatch = match self.cloudwatch.at(place).await {
            Ok(cloudwatch) => cloudwatch,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(set(&cloudwatch, id, &change.to)).await);
        }
        results
    }
}

fn silent(cloudwatch: &Local<Client>, what: &str) -> Error {
    cloudwatch.odd(what, "it does not say whether its actions are on")
}

async fn find(cloudwatch: &Local<Client>, id: &AlarmId) -> Result<Found, Error> {
    let call = cloudwatch.client.describe_alarms().alarm_names(&id.0);
    let call = call.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
    let what = format!("read alarm {id}");
    call.send().await.map_err(|error| cloudwatch.failed(&what, "cloudwatch:DescribeAlarms", &error))
}

/// The names of the alarms that are made of this one.
async fn parents(cloudwatch: &Local<Client>, id: &AlarmId) -> Result<Vec<String>, Error> {
    let what = format!("read what alarm {id} is part of");
    let (mut names, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let call = cloudwatch.client.describe_alarms().parents_of_alarm_name(&id.0);
        let answer = call.set_next_token(pages.token.clone()).send().await;
        let answer = answer
            .map_err(|error| cloudwatch.failed(&what, "cloudwatch:DescribeAlarms", &error))?;
        let found = answer.composite_alarms.unwrap_or_default().into_iter();
        names.extend(found.filter_map(|found| found.alarm_name));
        pages.turn(answer.next_token).map_err(|why| cloudwatch.odd(&what, why))?;
    }
    Ok(names)
}

async fn tags(cloudwatch: &Local<Client>, arn: &str) -> Result<Tags, Error> {
    let what = format!("read the tags of {arn}");
    let answer = cloudwatch.client.list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer
        .map_err(|error| cloudwatch.failed(&what, "cloudwatch:ListTagsForResource", &error))?;
    let pair =
        |tag: aws_sdk_cloudwatch::types::Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    Ok(answer.tags.unwrap_or_default().into_iter().filter_map(pair).collect())
}

async fn set(cloudwatch: &Local<Client>, id: &AlarmId, to: &AlarmSetting) -> Result<(), Error> {
    let what = format!("set {to} of alarm {id}");
    let client = &cloudwatch.client;
    match to {
        AlarmSetting::Enabled(true) => {
            let answer = client.enable_alarm_actions().alarm_names(&id.0).send().await;
            answer
                .map(drop)
                .map_err(|error| cloudwatch.failed(&what, "cloudwatch:EnableAlarmActions", &error))
        }
        AlarmSetting::Enabled(false) => {
            let answer = client.disable_alarm_actions().alarm_names(&id.0).send().await;
            answer
                .map(drop)
                .map_err(|error| cloudwatch.failed(&what, "cloudwatch:DisableAlarmActions", &error))
        }
        AlarmSetting::Actions(state, actions) => {
            let found = Box::pin(find(cloudwatch, id)).await?;
            let found = found.metric_alarms.into_iter().flatten().next();
            let found = found.ok_or_else(|| cloudwatch.odd(&what, "it is gone"))?;
            Box::pin(put(cloudwatch, &what, with(found, *state, actions))).await
        }
    }
}

fn with(found: MetricAlarm, state: AlarmState, actions: &[String]) -> MetricAlarm {
    let mut alarm = found;
    let list = match state {
        AlarmState::Alarm => &mut alarm.alarm_actions,
        AlarmState::Ok => &mut alarm.ok_actions,
        AlarmState::NoData => &mut alarm.insufficient_data_actions,
    };
    *list = Some(actions.to_vec());
    alarm
}

/// Gives an alarm all that it is set to: `CloudWatch` changes alarms as a whole only.
async fn put(cloudwatch: &Local<Client>, what: &str, alarm: MetricAlarm) -> Result<(), Error> {
    if alarm.metric_name.is_none()
        && alarm.metrics().is_empty()
        && alarm.evaluation_criteria.is_none()
    {
        return Err(cloudwatch.odd(what, "it is of a kind that is not known here"));
    }
    let call = cloudwatch.client.put_metric_alarm();
    let call = call
        .set_action_configuration(alarm.action_configuration)
        .set_actions_enabled(alarm.actions_enabled)
        .set_alarm_actions(alarm.alarm_actions)
        .set_alarm_description(alarm.alarm_description)
        .set_alarm_name(alarm.alarm_name)
        .set_comparison_operator(alarm.comparison_operator)
        .set_datapoints_to_alarm(alarm.datapoints_to_alarm)
        .set_dimensions(alarm.dimensions)
        .set_evaluate_low_sample_count_percentile(alarm.evaluate_low_sample_count_percentile)
        .set_evaluation_criteria(alarm.evaluation_criteria)
        .set_evaluation_interval(alarm.evaluation_interval)
        .set_evaluation_periods(alarm.evaluation_periods)
        .set_evaluation_window(alarm.evaluation_window)
        .set_extended_statistic(alarm.extended_statistic)
        .set_insufficient_data_actions(alarm.insufficient_data_actions)
        .set_metric_name(alarm.metric_name)
        .set_metrics(alarm.metrics.filter(|metrics| !metrics.is_empty()))
        .set_namespace(alarm.namespace)
        .set_ok_actions(alarm.ok_actions)
        .set_period(alarm.period)
        .set_statistic(alarm.statistic)
        .set_threshold(alarm.threshold)
        .set_threshold_metric_id(alarm.threshold_metric_id)
        .set_treat_missing_data(alarm.treat_missing_data)
        .set_unit(alarm.unit)
        .set_warm_up_configuration(alarm.warm_up_configuration);
    let answer = call.send().await;
    answer.map(drop).map_err(|error| cloudwatch.failed(what, "cloudwatch:PutMetricAlarm", &error))
}
