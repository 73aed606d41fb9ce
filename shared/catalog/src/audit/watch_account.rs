//! Lets somebody be told when what a control names happens in the account: a metric filter on the log group
//! of a trail that records all of it, and an alarm on what the filter counts.
//!
//! Whatever is there under any name and does the same is right; only what is missing is made, under names
//! of our own, and nothing that is there is edited. An alarm that nobody hears does not do: without a topic
//! it is left to a person, as is a log group that does not carry the opt-in tag or is full.

use remedy::{
    Arn, Case, Facet, Hold, Left, Place, Plan, Remediation, Risk, Settings, Severity, Spec,
    Trigger, Undo, Wrong,
};

use super::{
    MetricFilter, OurAlarm, Watch, WatchAlarm, WatchChange, WatchId,
    fence::Fence,
    given::{AUDIT_TOPIC_ARN, Given, is_in, is_in_region},
    patterns::Pattern,
};

/// See the [module](self).
#[derive(Debug)]
pub struct WatchAccount {
    topic: Option<Given>,
    fence: Fence,
}

impl Remediation for WatchAccount {
    type Facet = Watch;

    const SPEC: Spec = Spec {
        id: "audit/watch_account",
        title: "Tell a topic of what the control wants watched, by a metric filter and an alarm",
        triggers: &[
            Trigger::control("CloudWatch.1"),
            Trigger::control("CloudWatch.2"),
            Trigger::control("CloudWatch.3"),
            Trigger::control("CloudWatch.4"),
            Trigger::control("CloudWatch.5"),
            Trigger::control("CloudWatch.6"),
            Trigger::control("CloudWatch.7"),
            Trigger::control("CloudWatch.8"),
            Trigger::control("CloudWatch.9"),
            Trigger::control("CloudWatch.10"),
            Trigger::control("CloudWatch.11"),
            Trigger::control("CloudWatch.12"),
            Trigger::control("CloudWatch.13"),
            Trigger::control("CloudWatch.14"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[AUDIT_TOPIC_ARN],
        undo: Undo::Yes,
        care: "Filters and alarms that do the same under other names count, none is edited or made twice; the alarm goes off at the first record, not after an hour of them.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let topic = Given::configured(settings, &AUDIT_TOPIC_ARN, "sns", "")?;
        Ok(Self { topic, fence: Fence::configured(settings)? })
    }

    fn plan(&self, watch: &Watch, case: &Case<'_>) -> Plan<WatchChange> {
        let place = &case.signal.place;
        let Some(pattern) = Pattern::of(&case.signal.trigger) else { return Plan::none() };
        let what = format!("nobody is told when {}", pattern.about);
        let groups = groups(watch, place);
        let is_heard =
            |filter: &&MetricFilter| watch.alarms.values().any(|alarm| alarm.hears(filter));
        if filters(watch, pattern, &groups).any(|filter| is_heard(&filter)) {
            return Plan::none();
        }
        let Some(group) = groups.first() else {
            let why = "no trail of this account, made in this Region, records all management events of every \
                       Region and delivers to a log group: see CloudTrail.1 and CloudTrail.5";
            return Plan::by_hand(what, why, []);
        };
        let topic = self.topic.as_ref().map(|topic| topic.at(place));
        let missing = self.missing(
            watch,
            pattern,
            &groups,
            group,
            &topic.clone().unwrap_or_else(|| new_topic(place)),
        );
        let plan: Plan<_> = missing.into_iter().collect();
        match self.against(watch, &plan, topic.as_deref(), case) {
            None => plan,
            Some(why) => {
                let topic = topic.is_none().then(|| make_topic(place)).into_iter().flatten();
                let id = WatchId(place.account.clone());
                let by_hand = topic.chain(Watch::commands(place, &id, &plan.changes)).collect();
                Plan { left: vec![Left { what, why }], by_hand, ..Plan::none() }
            }
        }
    }
}

/// The log groups in which all that happens in the account is found, by name.
fn groups<'a>(watch: &'a Watch, place: &Place) -> Vec<&'a str> {
    let all = watch.trails.iter().filter(|trail| {
        let whole = trail.logging && trail.complete && trail.reach.every_region;
        whole && trail.is_of(place) && trail.home == place.region
    });
    let name = |arn: &'a str| {
        let name =
            Arn::parse(arn).filter(|_| is_in(arn, place))?.resource.strip_prefix("log-group:")?;
        Some(name.strip_suffix(":*").unwrap_or(name))
    };
    let names = all.filter_map(|trail| name(trail.group.as_deref()?));
    names.filter(|name| watch.groups.contains_key(*name)).collect()
}

/// The filters that count what is to be watched, all of it.
fn filters<'a>(
    watch: &'a Watch,
    pattern: &'a Pattern,
    groups: &'a [&str],
) -> impl Iterator<Item = &'a MetricFilter> {
    let counts =
        |filter: &MetricFilter| filter.value.parse::<f64>().is_ok_and(|value| value >= 1.0);
    watch.filters.iter().filter(move |filter| {
        groups.contains(&filter.group.as_str())
            && pattern.is(&filter.pattern)
            && !filter.partial
            && counts(filter)
    })
}

impl WatchAccount {
    /// What is to be made: an alarm, and the filter that it needs if there is none.
    fn missing(
        &self,
        watch: &Watch,
        pattern: &Pattern,
        groups: &[&str],
        group: &str,
        topic: &str,
    ) -> Vec<WatchChange> {
        let name = format!("{}{}", WatchAlarm::PREFIX, pattern.name);
        let found = filters(watch, pattern, groups).next();
        let filter = found.cloned().unwrap_or_else(|| MetricFilter {
            group: group.to_owned(),
            name: name.clone(),
            pattern: pattern.filter.to_owned(),
            namespace: MetricFilter::NAMESPACE.to_owned(),
            metric: name.clone(),
            value: "1".to_owned(),
            partial: false,
        });
        let alarm = WatchAlarm::on(&filter, topic);
        let alarm = OurAlarm { name, alarm, tag: self.fence.opt_in() };
        let filter = found.is_none().then_some(WatchChange::AddFilter(filter));
        filter.into_iter().chain([WatchChange::AddAlarm(alarm)]).collect()
    }

    /// What speaks against making what is missing, if anything.
    fn against(
        &self,
        watch: &Watch,
        plan: &Plan<WatchChange>,
        topic: Option<&str>,
        case: &Case<'_>,
    ) -> Option<Hold> {
        let by_hand = |why: String| Some(Hold::ByHand { why });
        let place = &case.signal.place;
        match topic {
            None => {
                return by_hand(
                    "AuditTopicArn names no topic to tell, and an alarm must tell one".into(),
                );
            }
            Some(topic) if !is_in_region(topic, place) => {
                return by_hand(format!(
                    "{topic} is in another Region, and alarms tell topics of their own only"
                ));
            }
            Some(_) => {}
        }
        plan.changes.iter().find_map(|change| match change {
            WatchChange::AddFilter(filter) => self.against_filter(watch, filter, case),
            WatchChange::AddAlarm(OurAlarm { name, .. }) => {
                watch.alarms.contains_key(name).then(|| Hold::ByHand {
                    why: format!(
                        "the alarm {name} is there, and was changed so that it is not heard"
                    ),
                })
            }
            WatchChange::RemoveFilter(_) | WatchChange::RemoveAlarm(_) => None,
        })
    }

    fn against_filter(
        &self,
        watch: &Watch,
        filter: &MetricFilter,
        case: &Case<'_>,
    ) -> Option<Hold> {
        let MetricFilter { group, name, .. } = filter;
        let tags = watch.groups.get(group)?;
        let on_it: Vec<_> = watch.filters.iter().filter(|other| other.group == *group).collect();
        let taken = on_it.iter().any(|other| other.name == *name);
        let why = if taken {
            format!(
                "the metric filter {name} is there, and was changed so that it finds something else"
            )
        } else if on_it.len() >= MetricFilter::MOST {
            format!(
                "the log group {group} has {} metric filters, and can have no more",
                on_it.len()
            )
        } else {
            return self.fence.hold(tags, case.now);
        };
        Some(Hold::ByHand { why })
    }
}

fn new_topic(Place { partition, account, region }: &Place) -> String {
    format!("arn:{partition}:sns:{region}:{account}:audit")
}

fn make_topic(place: &Place) -> [String; 2] {
    let (region, topic) = (&place.region, new_topic(place));
    [
        format!("aws sns create-topic --region {region} --name audit"),
        format!(
            "aws sns subscribe --region {region} --topic-arn {topic} --protocol email --notification-endpoint \
             \"$ADDRESS\""
        ),
    ]
}
