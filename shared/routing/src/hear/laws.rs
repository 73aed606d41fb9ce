//! What holds whatever comes, in whatever order, and whoever cannot be told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use proptest::prelude::*;
use remedy::{Severity, Timestamp};
use runtime::{News, Stands, news::case_id};

use super::world::{Got, World, at, news};
use crate::case::is_live;

const RULES: &str = r#"
[channels.chat]
kind = "slack"
secret = "s"
most = 3
quiet = "12:00-13:30"
[channels.mail]
kind = "mail"
window = "1h"
at_once = "CRITICAL"
[channels.tickets]
kind = "backlog"
site = "https://example.backlog.com"
secret = "s"
project = 1
issue_type = 2
most = 2
[[routes]]
severity = "LOW"
to = ["chat", "tickets"]
[[routes]]
to = ["mail"]
[[escalations]]
after = "30m"
to = ["mail"]
"#;

#[derive(Debug, Clone)]
struct Event {
    /// Minutes after the one before.
    after: i64,
    /// Minutes that it was under way.
    late: i64,
    nth: usize,
    stands: Stands,
    outcome: &'static str,
    record: Option<u8>,
    severity: Severity,
    down: Option<&'static str>,
}

impl Event {
    fn news(&self, now: Timestamp) -> News {
        let at = now - TimeDelta::minutes(self.late);
        let mut news = news(self.nth, at, self.stands, self.severity);
        // No finding says that Kintsugi put it right.
        let is_fixed = self.stands == Stands::Fixed;
        news.outcome = if is_fixed { "fixed" } else { self.outcome }.into();
        news.record = self.record.map(|nth| format!("k-{nth}"));
        if self.stands == Stands::Notice {
            // Notices are no problems: each is a case of its own.
            news.case = case_id("record", &format!("{at}{:?}{}", self.record, self.nth));
        }
        news
    }
}

fn event() -> impl Strategy<Value = Event> {
    let stands = prop::sample::select(vec![
        Stands::Open,
        Stands::Open,
        Stands::Asks,
        Stands::Fixed,
        Stands::Solved,
        Stands::Accepted,
        Stands::Notice,
    ]);
    let severity = prop::sample::select(vec![
        Severity::Informational,
        Severity::Low,
        Severity::High,
        Severity::Critical,
    ]);
    let outcome = prop::sample::select(vec!["held", "failed", "finding"]);
    let down = prop::sample::select(vec![None, None, Some("chat"), Some("tickets")]);
    let late = prop::sample::select(vec![0, 0, 1, 15]);
    (0..20_i64, late, 0..4_usize, stands, outcome, prop::option::of(0..3_u8), severity, down)
        .prop_map(|(after, late, nth, stands, outcome, record, severity, down)| Event {
            after,
            late,
            nth,
            stands,
            outcome,
            record,
            severity,
            down,
        })
}

/// Lets all of it happen, looking at the world after each.
fn play(events: &[Event], mut look: impl FnMut(&World, &[News])) -> World {
    let mut world = World::new(RULES);
    let mut now = at("20T10:00");
    let mut again: Vec<News> = Vec::new();
    for event in events {
        for _ in 0..event.after {
            now += TimeDelta::minutes(1);
            world.tick(now);
        }
        let news = event.news(now);
        world.down = event.down.map(str::to_owned).into_iter().collect();
        if !world.hears(&news, now) {
            again.push(news);
        }
        look(&world, &again);
        if event.down.is_none() {
            again.retain(|news| !world.hears(news, now));
            look(&world, &again);
        }
    }
    world.down.clear();
    again.retain(|news| !world.hears(news, now));
    assert_eq!(again, []);
    for _ in 0..48 * 60 {
        now += TimeDelta::minutes(1);
        world.tick(now);
    }
    look(&world, &[]);
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_case_ever_has_two_tickets(events in prop::collection::vec(event(), 1..40)) {
        let world = play(&events, |_, _| {});
        let mut made = BTreeSet::new();
        for (_, channel, got) in &world.got {
            if let Got::Created { case } = got {
                prop_assert!(made.insert((channel.clone(), case.clone())));
            }
        }
    }

    #[test]
    fn an_open_critical_is_told_or_waits_for_its_time(
        events in prop::collection::vec(event(), 1..40),
    ) {
        play(&events, |world, again| {
            for case in world.cases.values() {
                if !case.is_live() || case.news.severity < Severity::Critical {
                    continue;
                }
                for name in world.rules.route(&case.news) {
                    let told = case.told.get(name).filter(|told| told.round == case.round);
                    let waits = world.digests.keys().any(|(channel, due, id)| {
                        channel == name
                            && id == &case.id
                            && world.timers.iter().any(|timer| {
                                timer.at == *due && timer.name == name
                            })
                    });
                    let is_told = told.is_some_and(|told| {
                        told.at.is_some() || told.waits.is_some()
                    });
                    let comes_again = again.iter().any(|news| news.case == case.id);
                    assert!(waits || is_told || comes_again, "{name}: {case:?}");
                }
            }
        });
    }

    #[test]
    fn what_is_kept_for_a_digest_has_a_timer_and_is_sent(
        events in prop::collection::vec(event(), 1..40),
    ) {
        let world = play(&events, |world, _| {
            for (channel, due, _) in world.digests.keys() {
                let has_timer =
                    world.timers.iter().any(|timer| timer.at == *due && timer.name == *channel);
                assert!(has_timer, "{channel} {due}");
            }
        });
        prop_assert_eq!(world.digests.len(), 0);
    }

    #[test]
    fn a_window_has_no_more_messages_than_the_channel_takes(
        events in prop::collection::vec(event(), 1..80),
    ) {
        let world = play(&events, |_, _| {});
        let mut sent: BTreeMap<_, u32> = BTreeMap::new();
        for (time, channel, _) in &world.got {
            let start = world.rules.channels[channel].span(*time).start;
            let count = sent.entry((channel, start)).or_default();
            *count += 1;
            prop_assert!(*count <= world.rules.channels[channel].most, "{channel} {start}");
        }
    }

    #[test]
    fn the_same_is_not_told_twice_while_it_stands(
        events in prop::collection::vec(event(), 1..40),
    ) {
        let world = play(&events, |_, _| {});
        let mut known = BTreeSet::new();
        for said in &world.said {
            prop_assert!(known.insert(said), "{said:?}");
        }
    }

    #[test]
    fn hearing_it_again_changes_nothing(events in prop::collection::vec(event(), 1..20)) {
        let mut world = World::new(RULES);
        let mut now = at("20T10:00");
        for event in &events {
            now += TimeDelta::minutes(event.after);
            world.tick(now);
            let news = Event { late: 0, ..event.clone() }.news(now);
            prop_assert!(world.hears(&news, now));
            let (got, case) = (world.got.len(), world.cases.get(&news.case).cloned());
            let digests = world.digests.clone();
            prop_assert!(world.hears(&news, now));
            prop_assert_eq!(world.got.len(), got);
            prop_assert_eq!(world.cases.get(&news.case).cloned(), case);
            prop_assert_eq!(&world.digests, &digests);
        }
    }

    #[test]
    fn a_case_survives_storage(events in prop::collection::vec(event(), 1..20)) {
        let world = play(&events, |_, _| {});
        for case in world.cases.values() {
            let stored = serde_json::to_string(case).unwrap();
            prop_assert_eq!(&serde_json::from_str::<crate::Case>(&stored).unwrap(), case);
            prop_assert_eq!(case.is_live(), is_live(case.news.stands));
        }
    }
}
