//! What arrives, as far as most tests care.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use remedy::{Place, Severity};
use runtime::{Clock, News, Stands};
use serde_json::{Value, json};

use super::world::CASE;
use crate::Notify;

/// News of a problem that stands like this, as of now.
pub(super) fn news(notify: &Notify, severity: Severity, stands: Stands) -> News {
    let outcome = match stands {
        Stands::Fixed => "fixed",
        Stands::Solved => "gone",
        _ => "held",
    };
    News {
        case: CASE.into(),
        at: notify.desk.now(),
        stands,
        outcome: outcome.into(),
        severity,
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.13".into(),
        kind: "security group".into(),
        id: "sg-1".into(),
        label: None,
        resource: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1".into(),
        place: Some(Place::new("111122223333", "eu-west-1")),
        link: None,
        tags: BTreeMap::from([("team".into(), "shop".into())]),
        record: Some(format!("k-{outcome}")),
        findings: Vec::new(),
        headline: format!("Kintsugi {outcome} security group sg-1"),
        sections: Vec::new(),
    }
}

/// A batch of messages of the topic, each with news.
pub(super) fn batch(all: &[News]) -> Value {
    let record = |(at, news): (usize, &News)| {
        let news = serde_json::to_string(news).unwrap();
        let body = json!({
            "Type": "Notification", "Message": "text",
            "MessageAttributes": {"news": {"Type": "String", "Value": news}},
        });
        json!({"messageId": format!("m{at}"), "eventSource": "aws:sqs", "body": body.to_string()})
    };
    json!({ "Records": all.iter().enumerate().map(record).collect::<Vec<_>>() })
}

/// The ids of those that must come again.
pub(super) async fn heard(notify: &Notify, all: &[News]) -> Vec<String> {
    let until = notify.now() + TimeDelta::seconds(50);
    notify.handle(batch(all), until).await.0
}
