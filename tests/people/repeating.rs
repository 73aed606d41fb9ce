//! What is opened again and again.

use crate::world::{rule, world};
use chrono::TimeDelta;
use runtime::Outcome;

#[test]
fn the_third_repair_of_a_day_says_so_and_who_opens_it_again() {
    let mut w = world();
    let mut messages = Vec::new();
    for nth in 0..3 {
        w.desk.set(&format!("2026-11-20T1{nth}:00:00Z"));
        w.signal.seen += TimeDelta::minutes(1);
        w.signal.caused_by = (nth == 1).then(|| "arn:aws:sts::1:assumed-role/terraform/ci".into());
        assert_eq!(w.handled(&w.signal).outcome, Outcome::Fixed);
        messages.push(w.desk.notices().last().unwrap().text.clone());
        let rules = (0..1).map(|_| rule(20 + nth, "tcp/22 from 0.0.0.0/0"));
        w.cloud.edit("sg-1", |group| group.ingress.extend(rules));
    }
    assert!(!messages[0].contains("Mind:") && !messages[1].contains("Mind:"));
    let said =
        "Mind:\n  this is put right for the 3rd time within 24 hours, before at 10:00 UTC (k-";
    assert!(messages[2].contains(said), "{}", messages[2]);
    assert!(messages[2].contains("opened again by arn:aws:sts::1:assumed-role/terraform/ci"));
    w.desk.set("2026-11-22T10:00:00Z");
    w.signal.seen += TimeDelta::minutes(1);
    w.handled(&w.signal);
    assert!(!w.desk.notices().last().unwrap().text.contains("Mind:"), "another day");
}
