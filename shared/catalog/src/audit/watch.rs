//! Facet: what is watched for in what an account's trails record.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use remedy::{Action, Arn, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::{
    AccountTrail,
    log_group::GROUPS,
    trails::{DESCRIBE, SELECTORS, STATUS, TAGS},
};

remedy::account_id!(
    /// What is watched for in an account.
    WatchId, "cloudwatch", "watch", regional, "/cloudwatch/home?region={region}#alarmsV2:"
);

/// What is watched for in an account, as seen from one Region.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// The account's trails.
    pub trails: Vec<AccountTrail>,
    /// The log groups they deliver to, those that are there, and their tags.
    pub groups: BTreeMap<String, Tags>,
    /// The metric filters on those.
    pub filters: BTreeSet<MetricFilter>,
    /// The alarms on the metrics of those, and all that carry our names.
    pub alarms: BTreeMap<String, WatchAlarm>,
}

/// A metric filter: counts what it finds in a log group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricFilter {
    /// The log group.
    pub group: String,
    /// Its name there.
    pub name: String,
    /// What it finds.
    pub pattern: String,
    /// Where it counts.
    pub namespace: String,
    /// Where it counts.
    pub metric: String,
    /// What it counts each for.
    pub value: String,
    /// Whether it counts by dimensions, or only some of what it finds: then no sum is all of it.
    pub partial: bool,
}

/// An alarm on a metric.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchAlarm {
    /// What it looks at.
    pub namespace: String,
    /// What it looks at.
    pub metric: String,
    /// Such as `Sum`.
    pub statistic: String,
    /// Such as `GreaterThanOrEqualToThreshold`.
    pub comparison: String,
    /// What that is compared with.
    pub threshold: f64,
    /// How many periods must be so before it goes off.
    pub periods: i32,
    /// Whether it looks at one dimension of the metric only.
    pub partial: bool,
    /// Whether it does what it should.
    pub enabled: bool,
    /// What it does when it goes off, by ARN.
    pub actions: Vec<String>,
}

/// An edit of what is watched for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WatchChange {
    /// Makes a metric filter.
    AddFilter(MetricFilter),
    /// Deletes it.
    RemoveFilter(MetricFilter),
    /// Makes an alarm.
    AddAlarm(OurAlarm),
    /// Deletes it.
    RemoveAlarm(OurAlarm),
}

/// An alarm that we make: it is opted in from the start, and only so can it be deleted again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OurAlarm {
    /// Its name.
    pub name: String,
    /// What it looks at and does.
    pub alarm: WatchAlarm,
    /// Key and value of the opt-in tag.
    pub tag: (String, String),
}

impl MetricFilter {
    /// Where ours count, as Security Hub's guide has it.
    pub const NAMESPACE: &str = "LogMetrics";
    /// As many as `CloudWatch` Logs lets a log group have.
    pub const MOST: usize = 100;
}

impl WatchAlarm {
    /// What ours begin with: IAM lets no others be made or deleted.
    pub const PREFIX: &str = "kintsugi-watch-";
    /// How long, in seconds, one of our alarms counts.
    pub const PERIOD: i32 = 300;

    /// One that goes off as soon as `filter` finds anything, and tells `topic`.
    pub(super) fn on(filter: &MetricFilter, topic: &str) -> Self {
        Self {
            namespace: filter.namespace.clone(),
            metric: filter.metric.clone(),
            statistic: "Sum".into(),
            comparison: "GreaterThanOrEqualToThreshold".into(),
            threshold: 1.0,
            periods: 1,
            partial: false,
            enabled: true,
            actions: vec![topic.into()],
        }
    }

    /// Whether somebody is told as soon as `filter` finds anything.
    pub(super) fn hears(&self, filter: &MetricFilter) -> bool {
        let reached = match self.comparison.as_str() {
            "GreaterThanOrEqualToThreshold" => self.threshold <= 1.0,
            "GreaterThanThreshold" => self.threshold < 1.0,
            _ => false,
        };
        let tells = |action: &String| Arn::parse(action).is_some_and(|arn| arn.service == "sns");
        (&self.namespace, &self.metric) == (&filter.namespace, &filter.metric)
            && ["Sum", "Maximum"].contains(&self.statistic.as_str())
            && self.periods == 1
            && !self.partial
            && self.enabled
            && reached
            && self.actions.iter().any(tells)
    }
}

const PUT_FILTER: Action = Action::on(GROUPS, "logs:PutMetricFilter").tagged();
const DELETE_FILTER: Action = Action::on(GROUPS, "logs:DeleteMetricFilter").tagged();
const OURS: &str = "arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm:kintsugi-watch-*";
const PUT_ALARM: Action = Action::on(OURS, "cloudwatch:PutMetricAlarm").tagging();
/// Needed beside it, since it gets a tag.
const TAG_ALARM: Action = Action::on(OURS, "cloudwatch:TagResource").tagging();
const DELETE_ALARM: Action = Action::on(OURS, "cloudwatch:DeleteAlarms").tagged();

impl Facet for Watch {
    type Id = WatchId;
    type Change = WatchChange;

    const NAME: &'static str = "watch over an account's calls";
    const READS: &'static [Action] = &[
        DESCRIBE,
        SELECTORS,
        STATUS,
        TAGS,
        Action::on(
            "arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm:*",
            "cloudwatch:DescribeAlarms",
        ),
        Action::on(GROUPS, "logs:DescribeMetricFilters"),
        Action::on(GROUPS, "logs:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        None
    }

    fn after(mut self, change: &WatchChange) -> Self {
        let other = |one: &MetricFilter, other: &MetricFilter| {
            (&one.group, &one.name) != (&other.group, &other.name)
        };
        match change.clone() {
            WatchChange::AddFilter(filter) => {
                self.filters.retain(|found| other(found, &filter));
                self.filters.insert(filter);
            }
            WatchChange::RemoveFilter(filter) => self.filters.retain(|found| other(found, &filter)),
            WatchChange::AddAlarm(OurAlarm { name, alarm, .. }) => {
                self.alarms.insert(name, alarm);
            }
            WatchChange::RemoveAlarm(OurAlarm { name, .. }) => {
                self.alarms.remove(&name);
            }
        }
        self
    }

    fn commands(Place { region, .. }: &Place, _: &WatchId, changes: &[WatchChange]) -> Vec<String> {
        let command = |change: &WatchChange| match change {
            WatchChange::AddFilter(MetricFilter {
                group,
                name,
                pattern,
                namespace,
                metric,
                value,
                ..
            }) => {
                let counts = format!(
                    "metricName={metric},metricNamespace={namespace},metricValue={value},defaultValue=0"
                );
                format!(
                    "aws logs put-metric-filter --region {region} --log-group-name {} --filter-name {} \
                     --filter-pattern {} --metric-transformations {}",
                    quoted(group),
                    quoted(name),
                    quoted(pattern),
                    quoted(&counts)
                )
            }
            WatchChange::RemoveFilter(MetricFilter { group, name, .. }) => format!(
                "aws logs delete-metric-filter --region {region} --log-group-name {} --filter-name {}",
                quoted(group),
                quoted(name)
            ),
            WatchChange::AddAlarm(OurAlarm { name, alarm, tag: (key, value) }) => format!(
                "aws cloudwatch put-metric-alarm --region {region} --alarm-name {} --namespace {} --metric-name \
                 {} --statistic {} --period {} --evaluation-periods {} --threshold {} --comparison-operator {} \
                 --treat-missing-data notBreaching --alarm-actions {} --tags {}",
                quoted(name),
                quoted(&alarm.namespace),
                quoted(&alarm.metric),
                quoted(&alarm.statistic),
                WatchAlarm::PERIOD,
                alarm.periods,
                alarm.threshold,
                quoted(&alarm.comparison),
                alarm.actions.iter().map(|action| quoted(action)).collect::<Vec<_>>().join(" "),
                quoted(&format!("Key={key},Value={value}"))
            ),
            WatchChange::RemoveAlarm(OurAlarm { name, .. }) => {
                format!(
                    "aws cloudwatch delete-alarms --region {region} --alarm-names {}",
                    quoted(name)
                )
            }
        };
        changes.iter().map(command).collect()
    }
}

impl Change for WatchChange {
    const MAKE: &'static [Action] = &[PUT_FILTER, PUT_ALARM, TAG_ALARM];
    const UNDO: &'static [Action] =
        &[PUT_FILTER, PUT_ALARM, TAG_ALARM, DELETE_FILTER, DELETE_ALARM];

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::AddFilter(_) => &[PUT_FILTER],
            Self::RemoveFilter(_) => &[DELETE_FILTER],
            Self::AddAlarm(_) => &[PUT_ALARM, TAG_ALARM],
            Self::RemoveAlarm(_) => &[DELETE_ALARM],
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::AddFilter(filter) => Self::RemoveFilter(filter),
            Self::RemoveFilter(filter) => Self::AddFilter(filter),
            Self::AddAlarm(alarm) => Self::RemoveAlarm(alarm),
            Self::RemoveAlarm(alarm) => Self::AddAlarm(alarm),
        })
    }
}

impl fmt::Display for WatchChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddFilter(filter) => {
                write!(f, "add metric filter {} to log group {}", filter.name, filter.group)
            }
            Self::RemoveFilter(filter) => {
                write!(f, "remove metric filter {} from log group {}", filter.name, filter.group)
            }
            Self::AddAlarm(OurAlarm { name, alarm, .. }) => {
                write!(
                    f,
                    "add alarm {name} on metric {}, which tells {}",
                    alarm.metric,
                    alarm.actions.join(", ")
                )
            }
            Self::RemoveAlarm(OurAlarm { name, .. }) => write!(f, "remove alarm {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_hears_only_what_makes_it_tell_somebody_at_once() {
        let filter =
            MetricFilter { namespace: "N".into(), metric: "M".into(), ..MetricFilter::default() };
        let topic = "arn:aws:sns:eu-west-1:111122223333:audit";
        let good = WatchAlarm::on(&filter, topic);
        let above_zero = WatchAlarm {
            comparison: "GreaterThanThreshold".into(),
            threshold: 0.0,
            statistic: "Maximum".into(),
            ..good.clone()
        };
        for alarm in [&good, &above_zero] {
            assert!(alarm.hears(&filter), "{alarm:?}");
        }
        for alarm in [
            WatchAlarm { metric: "other".into(), ..good.clone() },
            WatchAlarm { namespace: "other".into(), ..good.clone() },
            WatchAlarm { statistic: "Average".into(), ..good.clone() },
            WatchAlarm { threshold: 3.0, ..good.clone() },
            WatchAlarm { comparison: "GreaterThanThreshold".into(), ..good.clone() },
            WatchAlarm { comparison: "LessThanThreshold".into(), ..good.clone() },
            WatchAlarm { periods: 12, ..good.clone() },
            WatchAlarm { partial: true, ..good.clone() },
            WatchAlarm { enabled: false, ..good.clone() },
            WatchAlarm { actions: vec![], ..good.clone() },
            WatchAlarm { actions: vec!["arn:aws:automate:eu-west-1:ec2:stop".into()], ..good },
        ] {
            assert!(!alarm.hears(&filter), "{alarm:?}");
        }
    }
}
