//! One line of JSON for each decision, with the metrics in it (`CloudWatch`'s embedded metric format).

use std::io::Write;

use chrono::SecondsFormat;
use remedy::Timestamp;
use runtime::{
    Error, Outcome, Report,
    notice::{self, clean},
};
use serde_json::{Map, Value, json};

use crate::Released;

/// The metrics' namespace.
const NAMESPACE: &str = "Kintsugi";

/// Who writes.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    /// The function's name.
    pub(crate) function: String,
}

/// How bad it is; as Lambda's own lines say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Info,
    Warn,
    Error,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// A line that says no more than `message`.
pub(crate) fn say(level: Level, message: &str, now: Timestamp) {
    write(&Value::Object(line(level, message, now)));
}

impl Log {
    /// What became of one finding. `request` is the invocation, `since` its begin.
    pub(crate) fn decided(&self, report: &Report, request: &str, since: Timestamp, now: Timestamp) {
        write(&self.decision(report, request, since, now));
    }

    /// A message could not be sent.
    pub(crate) fn not_sent(&self, subject: &str, error: &Error, now: Timestamp) {
        let message = format!("{error}; the message was: {subject}");
        let mut line = line(Level::Error, &message, now);
        let metrics = [metrics(&["Function"], &[("NotSent", "Count")])];
        line.insert("NotSent".into(), 1.into());
        write(&self.with_metrics(line, &metrics, now));
    }

    /// The policies cannot be used, and so nothing is changed.
    pub(crate) fn policy_unusable(&self, why: &str, now: Timestamp) {
        let mut line = line(Level::Error, why, now);
        let metrics = [metrics(&["Function"], &[("PolicyUnusable", "Count")])];
        line.insert("PolicyUnusable".into(), 1.into());
        write(&self.with_metrics(line, &metrics, now));
    }

    /// One more of `metric`, for `channel` if it is of one.
    pub(crate) fn counted(
        &self,
        level: Level,
        message: &str,
        metric: &str,
        channel: Option<&str>,
        now: Timestamp,
    ) {
        let mut line = line(level, message, now);
        let mut directives = vec![metrics(&["Function"], &[(metric, "Count")])];
        line.insert(metric.into(), 1.into());
        if let Some(channel) = channel {
            line.insert("Channel".into(), channel.into());
            directives.push(metrics(&["Function", "Channel"], &[(metric, "Count")]));
        }
        write(&self.with_metrics(line, &directives, now));
    }

    /// What waited and was let go.
    pub(crate) fn released(&self, released: &Released, now: Timestamp) {
        let Released { sent, left, trouble } = released;
        if sent.is_empty() && trouble.is_empty() {
            return;
        }
        let level = if trouble.is_empty() { Level::Info } else { Level::Error };
        let message = format!("let {} go that waited, {left} are left", sent.len());
        let mut line = line(level, &message, now);
        let all = [("Released", sent.len()), ("NotReleased", trouble.len())];
        let names = all.map(|(name, _)| (name, "Count"));
        line.extend(all.map(|(name, count)| (name.to_owned(), count.into())));
        line.extend(object(json!({
            "records": sent,
            "trouble": trouble.iter().take(20).map(|t| clean(t, 600)).collect::<Vec<_>>(),
        })));
        write(&self.with_metrics(line, &[metrics(&["Function"], &names)], now));
    }

    fn decision(
        &self,
        Report { page, again, trouble, .. }: &Report,
        request: &str,
        since: Timestamp,
        now: Timestamp,
    ) -> Value {
        let why = notice::why(page);
        let about = &page.about;
        let name = if about.id.is_empty() { &about.resource } else { &about.id };
        let message = format!("{}: {}: {why}", page.outcome.word(), clean(name, 200));
        let mut line = line(level(&page.outcome, *again, trouble), &message, now);
        let signal = page.signal.as_ref();
        // A record that was there is older than this invocation.
        let ms = (now - page.at.max(since)).num_milliseconds().max(0);
        let age = signal.map(|signal| (now - signal.seen).num_milliseconds().max(0));
        line.extend(object(json!({
            "record": page.id,
            "request": request,
            "outcome": page.outcome.word(),
            "why": why,
            "remediation": page.remediation,
            "resource": clean(&about.resource, 400),
            "account": about.place.as_ref().map(|place| &place.account),
            "region": about.place.as_ref().map(|place| &place.region),
            "trigger": signal.map(|signal| clean(&signal.trigger.to_string(), 200)),
            "again": again,
            "trouble": trouble.iter().map(|trouble| clean(trouble, 600)).collect::<Vec<_>>(),
            "Handled": 1,
            "LatencyMs": ms,
        })));
        let mut all = vec![("Handled", "Count"), ("LatencyMs", "Milliseconds")];
        if let Some(age) = age {
            line.insert("EventAgeMs".into(), age.into());
            all.push(("EventAgeMs", "Milliseconds"));
        }
        let ended = metric(&page.outcome);
        let counted = ended.into_iter().chain(again.then_some("Retried"));
        for name in counted.clone() {
            line.insert(name.into(), 1.into());
            all.push((name, "Count"));
        }
        let mut directives = vec![metrics(&["Function"], &all)];
        if page.alarm.is_some() && page.outcome.has_changed_something() {
            line.insert("Alarmed".into(), 1.into());
            directives.push(metrics(&["Function"], &[("Alarmed", "Count")]));
        }
        if let Some(ended) = ended.filter(|_| !page.remediation.is_empty()) {
            line.insert("Remediation".into(), page.remediation.clone().into());
            directives.push(metrics(&["Function", "Remediation"], &[(ended, "Count")]));
        }
        if let Outcome::Held { why } = &page.outcome
            && let Some(hold) = why.first()
        {
            line.insert("Reason".into(), hold.kind().into());
            directives.push(metrics(&["Function", "Reason"], &[("Held", "Count")]));
        }
        self.with_metrics(line, &directives, now)
    }

    fn with_metrics(
        &self,
        mut line: Map<String, Value>,
        directives: &[Value],
        now: Timestamp,
    ) -> Value {
        line.insert("Function".into(), self.function.clone().into());
        let metrics = json!({
            "Timestamp": now.timestamp_millis(),
            "CloudWatchMetrics": directives,
        });
        line.insert("_aws".into(), metrics);
        Value::Object(line)
    }
}

fn level(outcome: &Outcome, again: bool, trouble: &[String]) -> Level {
    match outcome {
        Outcome::Unreadable { .. }
        | Outcome::Partial
        | Outcome::NotFixed { .. }
        | Outcome::Failed => Level::Error,
        _ if again || !trouble.is_empty() => Level::Warn,
        _ => Level::Info,
    }
}

/// What an outcome is counted as, beside being handled.
fn metric(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Fixed => Some("Fixed"),
        Outcome::Held { .. } => Some("Held"),
        Outcome::Partial | Outcome::NotFixed { .. } | Outcome::Failed => Some("Failed"),
        Outcome::Unreadable { .. } => Some("Unreadable"),
        Outcome::Ignored { .. } => Some("Ignored"),
        Outcome::Open | Outcome::Gone | Outcome::Right | Outcome::Ordered { .. } => None,
    }
}

fn metrics(dimensions: &[&str], names: &[(&str, &str)]) -> Value {
    let metric = |(name, unit): &(&str, &str)| json!({ "Name": name, "Unit": unit });
    json!({
        "Namespace": NAMESPACE,
        "Dimensions": [dimensions],
        "Metrics": names.iter().map(metric).collect::<Vec<_>>(),
    })
}

fn line(level: Level, message: &str, now: Timestamp) -> Map<String, Value> {
    object(json!({
        "timestamp": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        "level": level.word(),
        "message": clean(message, 2_000),
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// A line that cannot be written has nobody to be told to.
fn write(line: &Value) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use remedy::{Hold, check::signal};
    use runtime::Page;

    use super::*;

    fn line_of(outcome: Outcome) -> Value {
        let at = remedy::check::now();
        let page = Page::of(&signal("sg-1"), "ec2/close_world_ingress", at);
        let report = Report {
            page: Page { outcome, ..page },
            again: false,
            told: true,
            trouble: Vec::new(),
        };
        let log = Log { function: "kintsugi-ec2".into() };
        let ms = TimeDelta::milliseconds;
        log.decision(&report, "request", at - ms(5), at + ms(20))
    }

    fn metrics_of(line: &Value) -> Vec<(String, Vec<String>)> {
        let texts = |list: &Value, at: &str| -> Vec<String> {
            let text = |item: &Value| item.pointer(at).and_then(Value::as_str).map(str::to_owned);
            list.as_array().unwrap().iter().map(|item| text(item).unwrap()).collect()
        };
        let directives = line["_aws"]["CloudWatchMetrics"].as_array().unwrap();
        let directive = |directive: &Value| {
            (
                texts(&directive["Dimensions"][0], "").join(" "),
                texts(&directive["Metrics"], "/Name"),
            )
        };
        directives.iter().map(directive).collect()
    }

    #[test]
    fn a_decision_is_one_line_with_everything_one_searches_for() {
        let line = line_of(Outcome::Fixed);
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["outcome"], "fixed");
        assert_eq!(line["remediation"], "ec2/close_world_ingress");
        assert_eq!(line["request"], "request");
        assert_eq!(line["LatencyMs"], 20);
        assert!(!line.to_string().contains('\n'));
        for name in ["record", "resource", "account", "region", "trigger"] {
            assert!(line[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {line}");
        }
    }

    #[test]
    fn every_metric_has_its_value_and_every_dimension_its_own() {
        let held = Outcome::Held { why: vec![Hold::DryRun] };
        for outcome in [Outcome::Fixed, held, Outcome::Right, Outcome::Failed] {
            let line = line_of(outcome);
            for (dimensions, names) in metrics_of(&line) {
                assert!(dimensions.split(' ').all(|name| line[name].is_string()), "{line}");
                assert!(names.iter().all(|name| line[name].is_number()), "{line}");
            }
        }
    }

    #[test]
    fn what_operators_should_hear_of_is_counted_once_it_is_done() {
        let line_of = |outcome| {
            let at = remedy::check::now();
            let page = Page::of(&signal("sg-1"), "guardduty/list_attackers", at);
            let page = Page { outcome, alarm: Some("the list is full".into()), ..page };
            let report = Report { page, again: false, told: true, trouble: Vec::new() };
            Log { function: "kintsugi-guardduty".into() }.decision(&report, "request", at, at)
        };
        let expected = ("Function".to_owned(), vec!["Alarmed".to_owned()]);
        assert!(metrics_of(&line_of(Outcome::Fixed)).contains(&expected));
        assert!(!metrics_of(&line_of(Outcome::Failed)).contains(&expected));
    }

    #[test]
    fn what_was_held_is_counted_by_its_reason() {
        let line = line_of(Outcome::Held { why: vec![Hold::DryRun] });
        assert_eq!(line["Reason"], "dry-run");
        let expected = ("Function Reason".to_owned(), vec!["Held".to_owned()]);
        assert!(metrics_of(&line).contains(&expected), "{line}");
    }
}
