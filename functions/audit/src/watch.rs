//! Facet: what is watched for in what an account's trails record.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::types::{AlarmType, ComparisonOperator, MetricAlarm, Statistic, Tag};
use aws_sdk_cloudwatchlogs::{
    error::ProvideErrorMetadata,
    types::{MetricFilter as FoundFilter, MetricTransformation},
};
use catalog::audit::{
    AccountTrail, LogGroupId, MetricFilter, OurAlarm, Watch, WatchAlarm, WatchChange, WatchId,
};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Place, Signal, Tags};
use runtime::{Cloud, Error};

use crate::{Audit, Pages, log_group, trails};

type Logs = Local<aws_sdk_cloudwatchlogs::Client>;
type CloudWatch = Local<aws_sdk_cloudwatch::Client>;

/// As many alarms as `CloudWatch` puts on a page.
const PAGE: i32 = 100;

impl Cloud<Watch> for Audit {
    async fn load(
        &self,
        place: &Place,
        _: &WatchId,
        _: &[&Signal],
    ) -> Result<Option<Watch>, Error> {
        let cloudtrail = self.cloudtrail.at(place).await?;
        let logs = self.cloudwatchlogs.at(place).await?;
        let cloudwatch = self.cloudwatch.at(place).await?;
        let trails = Box::pin(trails::trails(&cloudtrail, place)).await?;
        let groups = group_names(&trails, place);
        let read = groups.into_iter().map(|id| Box::pin(group(&logs, place, id)));
        let read: Vec<_> = future::try_join_all(read).await?.into_iter().flatten().collect();
        let mut watch = Watch { trails, ..Watch::default() };
        for (name, tags, filters) in read {
            watch.groups.insert(name, tags);
            watch.filters.extend(filters);
        }
        if !watch.groups.is_empty() {
            watch.alarms = Box::pin(alarms(&cloudwatch, &watch.filters)).await?;
        }
        Ok(Some(watch))
    }

    async fn apply(
        &self,
        place: &Place,
        _: &WatchId,
        changes: &[WatchChange],
    ) -> Vec<Result<(), Error>> {
        let clients = future::try_join(
            Box::pin(self.cloudwatchlogs.at(place)),
            Box::pin(self.cloudwatch.at(place)),
        );
        let (logs, cloudwatch) = match clients.await {
            Ok(clients) => clients,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(make(&logs, &cloudwatch, change)).await);
        }
        results
    }
}

/// The log groups in the account and Region of `place` that trails deliver to.
fn group_names(trails: &[AccountTrail], place: &Place) -> BTreeSet<String> {
    let name = |trail: &AccountTrail| {
        let arn = trail.group.as_deref()?;
        let id = LogGroupId::locate(arn)?;
        let own = id.arn(place);
        (arn.strip_suffix(":*").unwrap_or(arn) == own).then_some(id.0)
    };
    trails.iter().filter_map(name).collect()
}

/// A log group's name, its tags and its metric filters; none if it is gone.
async fn group(
    logs: &Logs,
    place: &Place,
    name: String,
) -> Result<Option<(String, Tags, Vec<MetricFilter>)>, Error> {
    let what = format!("read the metric filters of log group {name}");
    let (mut filters, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let call = logs.client.describe_metric_filters().log_group_name(&name);
        let answer = match call.set_next_token(pages.token.clone()).send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(None),
            Err(error) => return Err(logs.failed(&what, "logs:DescribeMetricFilters", &error)),
        };
        for found in answer.metric_filters.unwrap_or_default() {
            filters.push(filter(&name, found).ok_or_else(|| logs.odd(&what, "one has no name"))?);
        }
        pages.turn(answer.next_token).map_err(|why| logs.odd(&what, why))?;
    }
    let tags = log_group::tags(logs, place, &LogGroupId(name.clone())).await?;
    Ok(tags.map(|tags| (name, tags, filters)))
}

fn filter(group: &str, found: FoundFilter) -> Option<MetricFilter> {
    let is_partial = found.field_selection_criteria().is_some_and(|text| !text.is_empty())
        || !found.emit_system_field_dimensions().is_empty();
    let filter = MetricFilter {
        group: group.to_owned(),
        name: found.filter_name?,
        pattern: found.filter_pattern.unwrap_or_default(),
        partial: is_partial,
        ..MetricFilter::default()
    };
    let Some(counts) = found.metric_transformations.unwrap_or_default().into_iter().next() else {
        return Some(filter);
    };
    let by_dimension = counts.dimensions().is_some_and(|dimensions| !dimensions.is_empty());
    Some(MetricFilter {
        namespace: counts.metric_namespace,
        metric: counts.metric_name,
        value: counts.metric_value,
        partial: is_partial || by_dimension,
        ..filter
    })
}

/// The alarms on what `filters` count, and all that carry our names.
async fn alarms(
    cloudwatch: &CloudWatch,
    filters: &BTreeSet<MetricFilter>,
) -> Result<BTreeMap<String, WatchAlarm>, Error> {
    let metrics: BTreeSet<_> =
        filters.iter().map(|filter| (filter.namespace.as_str(), filter.metric.as_str())).collect();
    let (mut alarms, mut pages) = (BTreeMap::new(), Pages::default());
    while !pages.over {
        let call = cloudwatch.client.describe_alarms().alarm_types(AlarmType::MetricAlarm);
        let answer = call.max_records(PAGE).set_next_token(pages.token.clone()).send().await;
        let answer = answer.map_err(|error| {
            cloudwatch.failed("read the alarms", "cloudwatch:DescribeAlarms", &error)
        })?;
        for found in answer.metric_alarms.unwrap_or_default() {
            let Some(name) = found.alarm_name.clone() else {
                return Err(cloudwatch.odd("read the alarms", "one has no name"));
            };
            let metric =
                (found.namespace().unwrap_or_default(), found.metric_name().unwrap_or_default());
            if metrics.contains(&metric) || name.starts_with(WatchAlarm::PREFIX) {
                alarms.insert(name, alarm(found));
            }
        }
        pages.turn(answer.next_token).map_err(|why| cloudwatch.odd("read the alarms", why))?;
    }
    Ok(alarms)
}

fn alarm(found: MetricAlarm) -> WatchAlarm {
    let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
    WatchAlarm {
        statistic: name(found.statistic().map(Statistic::as_str)),
        comparison: name(found.comparison_operator().map(ComparisonOperator::as_str)),
        partial: !found.dimensions().is_empty(),
        threshold: found.threshold.unwrap_or(f64::MAX),
        periods: found.datapoints_to_alarm.or(found.evaluation_periods).unwrap_or_default(),
        enabled: found.actions_enabled.unwrap_or_default(),
        namespace: found.namespace.unwrap_or_default(),
        metric: found.metric_name.unwrap_or_default(),
        actions: found.alarm_actions.unwrap_or_default(),
    }
}

async fn make(logs: &Logs, cloudwatch: &CloudWatch, change: &WatchChange) -> Result<(), Error> {
    match change {
        WatchChange::AddFilter(filter) => Box::pin(put_filter(logs, filter)).await,
        WatchChange::RemoveFilter(MetricFilter { group, name, .. }) => {
            let what = change.to_string();
            let call = logs.client.delete_metric_filter().log_group_name(group).filter_name(name);
            match call.send().await {
                Ok(_) => Ok(()),
                Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(()),
                Err(error) => Err(logs.failed(&what, "logs:DeleteMetricFilter", &error)),
            }
        }
        WatchChange::AddAlarm(alarm) => Box::pin(put_alarm(cloudwatch, alarm)).await,
        WatchChange::RemoveAlarm(OurAlarm { name, .. }) => {
            let what = change.to_string();
            let answer = cloudwatch.client.delete_alarms().alarm_names(name).send().await;
            match answer {
                Ok(_) => Ok(()),
                Err(error) if is_gone(error.code()) => Ok(()),
                Err(error) => Err(cloudwatch.failed(&what, "cloudwatch:DeleteAlarms", &error)),
            }
        }
    }
}

/// What `CloudWatch` says when there is no such alarm.
fn is_gone(code: Option<&str>) -> bool {
    code.is_some_and(|code| ["ResourceNotFound", "ResourceNotFoundException"].contains(&code))
}

async fn put_filter(logs: &Logs, filter: &MetricFilter) -> Result<(), Error> {
    let what = format!("add metric filter {} to log group {}", filter.name, filter.group);
    let counts = MetricTransformation::builder()
        .metric_name(&filter.metric)
        .metric_namespace(&filter.namespace)
        .metric_value(&filter.value)
        .default_value(0.0)
        .build()
        .map_err(|error| logs.odd(&what, &error.to_string()))?;
    let call = logs.client.put_metric_filter().log_group_name(&filter.group);
    let call = call.filter_name(&filter.name).filter_pattern(&filter.pattern);
    let answer = call.metric_transformations(counts).send().await;
    answer.map(drop).map_err(|error| logs.failed(&what, "logs:PutMetricFilter", &error))
}

async fn put_alarm(cloudwatch: &CloudWatch, ours: &OurAlarm) -> Result<(), Error> {
    let OurAlarm { name, alarm, tag: (key, value) } = ours;
    let what = format!("add alarm {name}");
    let call = cloudwatch.client.put_metric_alarm().alarm_name(name);
    let call = call
        .namespace(&alarm.namespace)
        .metric_name(&alarm.metric)
        .statistic(Statistic::from(alarm.statistic.as_str()))
        .comparison_operator(ComparisonOperator::from(alarm.comparison.as_str()))
        .threshold(alarm.threshold)
        .period(WatchAlarm::PERIOD)
        .evaluation_periods(alarm.periods)
        .treat_missing_data("notBreaching")
        .actions_enabled(alarm.enabled)
        .set_alarm_actions(Some(alarm.actions.clone()));
    let tag = Tag::builder().key(key).value(value).build();
    let answer = call.tags(tag).send().await;
    let needs = "cloudwatch:PutMetricAlarm and cloudwatch:TagResource";
    answer.map(drop).map_err(|error| cloudwatch.failed(&what, needs, &error))
}
