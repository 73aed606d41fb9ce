use remedy::{Finding, Severity};
use runtime::{News, Stands};

use super::world::{World, at, news};
use crate::{Answered, Found, Timer, Workflow, hear_finding};

const CHAT: &str = r#"
[channels.chat]
kind = "slack"
secret = "kintsugi/slack"
channel = "C0123456789"
"#;
const TICKETS: &str = r#"
[channels.tickets]
kind = "jira"
site = "https://example.atlassian.net"
secret = "kintsugi/jira"
project = "SEC"
most = 2
"#;

fn world(more: &str) -> World {
    World::new(&format!("{CHAT}{TICKETS}{more}"))
}

fn all_to_chat() -> World {
    world("[[routes]]\nto = [\"chat\"]")
}

use Severity::{Critical, High, Low, Medium};
use Stands::{Accepted, Asks, Fixed, Open, Solved};

/// News with a record, such as those of remediations.
fn outcome(at_: &str, stands: Stands, outcome: &str, record: &str) -> News {
    let (outcome, record) = (outcome.into(), Some(record.into()));
    News { outcome, record, ..news(1, at(at_), stands, High) }
}

/// What is heard one after the other: when, how it stands, how it ended, its record.
type Story<'a> = &'a [(&'a str, Stands, &'a str, &'a str)];

/// Each with a name, and what the chat is told.
fn check(stories: &[(&str, Story<'_>, &[&str])]) {
    for (name, story, told) in stories {
        let mut world = all_to_chat();
        for (time, stands, word, record) in *story {
            let mut news = outcome(time, *stands, word, record);
            news.record = news.record.filter(|record| !record.is_empty());
            assert!(world.hears(&news, news.at));
            assert!(world.hears(&news, news.at));
            world.tick(at("29T10:00"));
        }
        assert_eq!(world.told("chat"), *told, "{name}");
    }
}

#[test]
fn each_turn_of_a_problem_is_told_once() {
    check(&[
        (
            "the same again is only counted",
            &[("20T10:00", Open, "held", "k-1"), ("20T11:00", Open, "held", "k-2")],
            &["open held"],
        ),
        (
            "another outcome is told",
            &[("20T10:00", Open, "held", "k-1"), ("20T11:00", Open, "failed", "k-2")],
            &["open held", "open failed, was Open"],
        ),
        (
            "what goes to and fro is told once",
            &[
                ("20T10:00", Open, "held", "k-1"),
                ("20T11:00", Open, "failed", "k-2"),
                ("20T12:00", Open, "held", "k-3"),
            ],
            &["open held", "open failed, was Open"],
        ),
        (
            "each question is told",
            &[("20T10:00", Asks, "held", "k-1"), ("20T11:00", Asks, "held", "k-2")],
            &["asks k-1", "asks k-2, was Asks"],
        ),
        (
            "a fix, and that the control passes, are one end",
            &[
                ("20T10:00", Open, "held", "k-1"),
                ("20T11:00", Fixed, "fixed", "k-2"),
                ("20T12:00", Solved, "finding", ""),
            ],
            &["open held", "fixed, was Open"],
        ),
        (
            "a fix is told although the pass was faster",
            &[
                ("20T10:00", Open, "held", "k-1"),
                ("20T12:00", Solved, "finding", ""),
                ("20T11:00", Fixed, "fixed", "k-2"),
            ],
            &["open held", "solved, was Open", "fixed, was Solved"],
        ),
        (
            "what is old does not turn it back",
            &[
                ("20T10:00", Open, "held", "k-1"),
                ("20T12:00", Solved, "finding", ""),
                ("20T11:00", Open, "failed", "k-2"),
            ],
            &["open held", "solved, was Open"],
        ),
    ]);
}

#[test]
fn what_was_put_right_and_is_back_is_told_as_such() {
    check(&[
        (
            "what is back is told as such",
            &[
                ("20T10:00", Open, "held", "k-1"),
                ("20T11:00", Solved, "finding", ""),
                ("20T12:00", Open, "held", "k-2"),
                ("20T13:00", Solved, "finding", ""),
                ("20T14:00", Open, "held", "k-3"),
            ],
            &[
                "open held",
                "solved, was Open",
                "open held, back 1",
                "solved, was Open",
                "open held, back 2",
            ],
        ),
        (
            "what is fixed again was back",
            &[
                ("20T10:00", Fixed, "fixed", "k-1"),
                ("20T10:00", Fixed, "fixed", "k-1"),
                ("21T10:00", Fixed, "fixed", "k-2"),
            ],
            &["fixed", "fixed, back 1"],
        ),
        (
            "what a person takes back is told",
            &[("20T10:00", Fixed, "fixed", "k-1"), ("20T11:00", Accepted, "fixed", "k-2")],
            &["fixed", "accepted, was Fixed"],
        ),
        (
            "what was left alone and is open again is no return",
            &[
                ("20T10:00", Asks, "held", "k-1"),
                ("20T11:00", Accepted, "held", "k-1"),
                ("21T10:00", Open, "held", "k-2"),
            ],
            &["asks k-1", "accepted, was Asks", "open held, was Accepted"],
        ),
        (
            "what passes and was never told of is no news",
            &[("20T10:00", Solved, "finding", ""), ("20T11:00", Accepted, "finding", "")],
            &[],
        ),
    ]);
}

#[test]
fn a_hundred_alike_findings_in_ten_minutes_are_one_digest_with_the_count() {
    let mut world = all_to_chat();
    for nth in 0..100 {
        let now = at("20T10:00") + chrono::TimeDelta::seconds(5 * i64::try_from(nth).unwrap());
        assert!(world.hears(&news(nth, now, Open, Medium), now));
        assert!(world.hears(&news(nth, now, Open, Medium), now));
    }
    world.tick(at("20T10:09"));
    assert_eq!(world.told("chat"), [""; 0]);
    for minute in ["20T10:10", "20T10:11", "20T10:20"] {
        world.tick(at(minute));
    }
    assert_eq!(world.told("chat"), ["digest of 100"]);
    assert!(world.digests.is_empty());
}

#[test]
fn a_burst_is_as_many_messages_as_the_channel_takes() {
    let mut world = all_to_chat();
    for nth in 0..1_000 {
        let now = at("20T10:00");
        assert!(world.hears(&news(nth, now, Open, Critical), now));
    }
    world.tick(at("20T10:10"));
    let told = world.told("chat");
    assert_eq!((told.len(), told.last().unwrap().as_str()), (5, "digest of 996"));
}

#[test]
fn by_the_usual_rules_what_nobody_repairs_is_one_mail_a_day_and_what_is_minor_none() {
    let mut world = World::default();
    for nth in 0..300 {
        let now = at("20T10:00") + chrono::TimeDelta::minutes(i64::try_from(nth).unwrap());
        let severity = if nth % 2 == 0 { High } else { Low };
        assert!(world.hears(&news(nth, now, Open, severity), now));
    }
    world.tick(at("20T23:59"));
    assert_eq!(world.told("daily"), [""; 0]);
    world.tick(at("21T00:00"));
    assert_eq!(world.told("daily"), ["digest of 150"]);
    world.hears(&news(301, at("21T01:00"), Open, Critical), at("21T01:00"));
    assert_eq!(world.told("daily"), ["digest of 150", "open finding"]);
}

#[test]
fn what_was_collected_alone_is_sent_whole() {
    let mut world = all_to_chat();
    let now = at("20T10:00");
    world.hears(&news(1, now, Open, Low), now);
    world.tick(at("20T10:10"));
    assert_eq!(world.told("chat"), ["open finding"]);
    world.hears(&news(1, at("20T11:00"), Solved, Low), at("20T11:00"));
    world.tick(at("20T11:10"));
    assert_eq!(world.told("chat"), ["open finding", "solved, was Open"]);
}

#[test]
fn what_is_over_before_anybody_heard_of_it_is_not_told() {
    let mut world = all_to_chat();
    world.hears(&news(1, at("20T10:00"), Open, Low), at("20T10:00"));
    world.hears(&news(1, at("20T10:05"), Solved, Low), at("20T10:05"));
    assert!(world.digests.is_empty());
    world.hears(&news(2, at("20T10:00"), Open, Low), at("20T10:00"));
    let fixed = News {
        outcome: "fixed".into(),
        record: Some("k-1".into()),
        ..news(2, at("20T10:05"), Fixed, Low)
    };
    world.hears(&fixed, fixed.at);
    world.tick(at("20T10:10"));
    assert_eq!(world.told("chat"), ["fixed"]);
}

#[test]
fn what_gets_worse_is_told_at_once_and_not_again_in_the_digest() {
    let mut world = all_to_chat();
    world.hears(&news(1, at("20T10:00"), Open, Low), at("20T10:00"));
    world.hears(&news(1, at("20T10:05"), Open, Critical), at("20T10:05"));
    world.hears(&news(1, at("20T10:06"), Open, Low), at("20T10:06"));
    world.tick(at("20T10:20"));
    assert_eq!(world.told("chat"), ["open finding"]);
    assert!(world.digests.is_empty());
}

#[test]
fn quiet_hours_collect_all_but_the_worst() {
    let quiet = r#"
        [channels.chat]
        kind = "slack"
        secret = "s"
        quiet = "19:00-07:00; sat,sun 00:00-24:00"
        [[routes]]
        to = ["chat"]"#;
    let mut world = World::new(quiet);
    let night = at("20T23:30");
    world.hears(&news(1, night, Open, High), night);
    world.hears(&news(2, night, Asks, Medium), night);
    world.hears(&news(3, night, Open, Critical), night);
    assert_eq!(world.told("chat"), ["open finding"]);
    world.tick(at("22T12:00"));
    assert_eq!(world.told("chat").len(), 1);
    world.tick(at("23T07:00"));
    assert_eq!(world.told("chat"), ["open finding", "digest of 2"]);
}

#[test]
fn a_case_has_one_ticket_for_ever() {
    let mut world = world("[[routes]]\nto = [\"tickets\"]");
    for (time, stands) in [
        ("20T10:00", Open),
        ("20T11:00", Solved),
        ("20T12:00", Open),
        ("20T12:00", Open),
        ("20T13:00", Accepted),
        ("20T14:00", Open),
    ] {
        let news = news(1, at(time), stands, Low);
        world.hears(&news, news.at);
    }
    assert_eq!(
        world.told("tickets"),
        [
            "created",
            "comment solved",
            "comment open finding",
            "comment accepted",
            "comment open finding"
        ]
    );
}

#[test]
fn tickets_beyond_the_budget_wait_and_are_made_one_by_one() {
    let mut world = world("[[routes]]\nto = [\"tickets\"]");
    for nth in 0..5 {
        world.hears(&news(nth, at("20T10:00"), Open, High), at("20T10:00"));
    }
    assert_eq!(world.told("tickets").len(), 2);
    // The last is put right while it waits.
    world.hears(&news(4, at("20T10:05"), Solved, High), at("20T10:05"));
    for (minute, made) in [("20T10:10", 4), ("20T10:20", 4), ("20T10:30", 4)] {
        world.tick(at(minute));
        assert_eq!(world.told("tickets"), vec!["created"; made], "{minute}");
    }
}

#[test]
fn what_is_put_right_already_gets_no_ticket() {
    let mut world = world("[[routes]]\nto = [\"tickets\", \"chat\"]");
    world.hears(&outcome("20T10:00", Fixed, "fixed", "k-1"), at("20T10:00"));
    assert_eq!((world.told("tickets"), world.told("chat")), (vec![], vec!["fixed".into()]));
}

#[test]
fn who_heard_of_it_hears_of_its_end_wherever_the_routes_lead() {
    let mut world = world(
        "[[routes]]\nstands = [\"open\"]\nto = [\"chat\"]\n[[routes]]\noutcomes = [\"held\"]\nto = [\"tickets\"]",
    );
    world.hears(&outcome("20T10:00", Open, "held", "k-1"), at("20T10:00"));
    world.hears(&outcome("20T11:00", Fixed, "fixed", "k-2"), at("20T11:00"));
    world.hears(&outcome("20T12:00", Open, "failed", "k-3"), at("20T12:00"));
    assert_eq!(world.told("chat"), ["open held", "fixed, was Open", "open failed, back 1"]);
    assert_eq!(world.told("tickets"), ["created", "comment fixed", "comment open failed"]);
}

#[test]
fn who_could_not_be_told_is_told_when_it_comes_again() {
    let mut world = world("[[routes]]\nto = [\"chat\", \"tickets\"]");
    let news = news(1, at("20T10:00"), Open, High);
    world.down.insert("tickets".into());
    assert!(!world.hears(&news, news.at));
    assert!(!world.hears(&news, news.at));
    world.down.clear();
    assert!(world.hears(&news, at("20T10:03")));
    assert_eq!(world.told("chat"), ["open finding"]);
    assert_eq!(world.told("tickets"), ["created"]);
}

const ESCALATES: &str = r#"
[channels.oncall]
kind = "webhook"
url = "https://example.com/page"
secret = "kintsugi/oncall"
[[routes]]
to = ["chat"]
[[escalations]]
after = "30m"
to = ["oncall"]
"#;

#[test]
fn a_critical_that_nobody_takes_care_of_escalates_once() {
    for (name, then, told) in [
        ("nothing happens", None, vec!["open finding, escalation"]),
        ("it is put right", Some(Solved), vec![]),
    ] {
        let mut world = world(ESCALATES);
        let first = news(1, at("20T10:00"), Open, Critical);
        world.hears(&first, first.at);
        world.hears(&news(2, at("20T10:00"), Open, High), first.at);
        if let Some(stands) = then {
            let then = news(1, at("20T10:10"), stands, Critical);
            world.hears(&then, then.at);
        }
        world.tick(at("20T10:29"));
        assert_eq!(world.told("oncall"), [""; 0], "{name}");
        for minute in ["20T10:30", "20T10:31", "20T11:30"] {
            world.tick(at(minute));
        }
        assert_eq!(world.told("oncall"), told, "{name}");
    }
}

#[test]
fn what_is_acknowledged_does_not_escalate_until_it_is_back() {
    let mut world = world(ESCALATES);
    let first = news(1, at("20T10:00"), Open, Critical);
    world.hears(&first, first.at);
    world.cases.get_mut(&first.case).unwrap().acknowledge("alice", at("20T10:10"), "on it");
    world.tick(at("20T11:00"));
    assert_eq!(world.told("oncall"), [""; 0]);
    for (time, stands) in [("20T12:00", Solved), ("20T13:00", Open)] {
        let news = news(1, at(time), stands, Critical);
        world.hears(&news, news.at);
    }
    world.tick(at("20T13:30"));
    assert_eq!(world.told("oncall"), ["open finding, escalation"]);
    let end = news(1, at("20T14:00"), Solved, Critical);
    world.hears(&end, end.at);
    assert_eq!(world.told("oncall"), ["open finding, escalation", "solved, was Open"]);
}

#[test]
fn an_open_problem_is_told_again_after_a_while() {
    let mut world = World::new(
        "[channels.chat]\nkind = \"slack\"\nsecret = \"s\"\nremind = \"1d\"\n[[routes]]\nto = [\"chat\"]",
    );
    let first = news(1, at("20T10:00"), Open, High);
    world.hears(&first, first.at);
    for hour in ["21T09:00", "21T10:00", "21T11:00", "22T10:00"] {
        world.tick(at(hour));
    }
    let told = ["open finding", "open finding, reminder", "open finding, reminder"];
    assert_eq!(world.told("chat"), told);
    let end = news(1, at("22T11:00"), Solved, High);
    world.hears(&end, end.at);
    world.tick(at("29T11:00"));
    assert_eq!(world.told("chat").len(), 4);
}

const ACCEPTED: &str = r#"
[[routes]]
to = ["chat"]
[[accepted]]
name = "website"
controls = ["s3.8"]
resources = ["arn:aws:s3:::bucket-1"]
reason = "it is a website"
owner = "web team"
until = 2026-11-25
"#;

#[test]
fn an_accepted_risk_is_silent_until_it_ends() {
    let mut world = world(ACCEPTED);
    let first = news(1, at("20T10:00"), Open, High);
    world.hears(&first, first.at);
    let case = &world.cases[&first.case];
    assert_eq!((case.news.stands, case.closed.is_some()), (Accepted, true));
    assert_eq!(case.accepted.as_ref().unwrap().by, "web team");
    assert!(
        world.timers.iter().map(Timer::to_string).any(|key| key.contains("26T00:00:00Z#lapse"))
    );
    // Security Hub's own view of it, after it was suppressed.
    let echo = news(1, at("20T10:01"), Accepted, High);
    world.hears(&echo, echo.at);
    world.tick(at("25T23:59"));
    assert_eq!(world.told("chat"), [""; 0]);
    world.tick(at("26T00:00"));
    assert_eq!(world.told("chat"), ["open finding"]);
    assert_eq!(world.cases[&first.case].since, at("26T00:00"));
}

#[test]
fn an_accepted_risk_that_is_put_right_does_not_come_back_at_its_end() {
    let mut world = world(ACCEPTED);
    for (time, stands) in [("20T10:00", Open), ("21T10:00", Solved)] {
        let news = news(1, at(time), stands, High);
        world.hears(&news, news.at);
    }
    world.tick(at("29T00:00"));
    assert_eq!(world.told("chat"), [""; 0]);
}

#[test]
fn severities_are_those_of_the_rules() {
    let mut world = world(
        "[[routes]]\nseverity = \"MEDIUM\"\nto = [\"chat\"]\n[[severities]]\ncontrols = [\"S3.*\"]\n\
         tags = {team = [\"w*\"]}\nseverity = \"LOW\"\nreason = \"r\"",
    );
    let first = news(1, at("20T10:00"), Open, Critical);
    world.hears(&first, first.at);
    assert_eq!(world.told("chat"), [""; 0]);
    assert_eq!(world.cases[&first.case].news.severity, Low);
}

fn hear(world: &World, case: Option<crate::Case>, found: &Found) -> crate::Heard {
    hear_finding(&world.rules, case, found, at("20T10:00"))
}

#[test]
fn that_something_is_wrong_is_told_by_what_repairs_it() {
    let world = all_to_chat();
    let found = |stands, answered, by_kintsugi, workflow| Found {
        finding: Some(Finding::Ocsf { uid: "u".into() }),
        seen: at("20T10:00"),
        news: news(1, at("20T10:00"), stands, High),
        answered,
        leads: true,
        resources: 1,
        workflow,
        passed: Some(false),
        archived: false,
        by_kintsugi,
    };
    let open = hear(&world, None, &found(Open, Answered::ByNobody, false, Workflow::New));
    assert_eq!(open.tell.len(), 1);
    let case = open.case.unwrap();
    for (found, is_heard) in [
        (found(Open, Answered::ByRemediation, false, Workflow::New), false),
        (found(Solved, Answered::ByRemediation, false, Workflow::Resolved), true),
        (found(Solved, Answered::ByRemediation, true, Workflow::Resolved), false),
        (found(Accepted, Answered::ByRemediation, false, Workflow::Suppressed), true),
    ] {
        let heard = hear(&world, Some(case.clone()), &found);
        assert_eq!(heard.case.is_some(), is_heard, "{found:?}");
    }
}

#[test]
fn a_notice_is_told_and_changes_no_problem() {
    let mut world = all_to_chat();
    let first = news(1, at("20T10:00"), Open, High);
    world.hears(&first, first.at);
    let order = News {
        outcome: "ordered".into(),
        record: Some("k-9".into()),
        ..news(1, at("20T11:00"), Stands::Notice, High)
    };
    world.hears(&order, order.at);
    world.hears(&order, order.at);
    assert_eq!(world.cases[&first.case].news, first);
    assert_eq!(world.told("chat").len(), 2);
}
