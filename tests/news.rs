//! What channels are told: the same as a message, in parts.

use remedy::{Hold, Left, check};
use runtime::{Asks, News, Outcome, Page, Stands, State, Step, news::case_id, notice};

fn page(outcome: Outcome) -> Page {
    let arn = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1";
    let page = Page::of(&check::signal(arn), "ec2/close_world_ingress", check::now());
    Page { outcome, ..page }
}

fn held(why: Hold) -> Page {
    page(Outcome::Held { why: vec![why] })
}

#[test]
fn news_says_how_the_problem_stands() {
    let exempt = Hold::Exempt { until: check::now(), by: "tag KintsugiExemptUntil".into() };
    let asks = Asks { plan: "p".into(), until: check::now() };
    let left = Left { what: "tcp/443".into(), why: Hold::Irreversible };
    let ordered = Outcome::Ordered { what: "pause all repairs".into() };
    for (case, page, stands) in [
        ("repaired", page(Outcome::Fixed), Stands::Fixed),
        (
            "repaired, with something left alone",
            Page { left: vec![left], ..page(Outcome::Fixed) },
            Stands::Open,
        ),
        (
            "taken back",
            Page { undoes: Some("k-1".into()), ..page(Outcome::Fixed) },
            Stands::Accepted,
        ),
        ("a part only", page(Outcome::Partial), Stands::Open),
        ("refused", page(Outcome::Failed), Stands::Open),
        ("unreadable", page(Outcome::Unreadable { why: "denied".into() }), Stands::Open),
        ("a dry run", held(Hold::DryRun), Stands::Open),
        ("exempt", held(exempt), Stands::Accepted),
        (
            "waiting for a person",
            Page { asks: Some(asks), ..held(Hold::NeedsApproval { policies: vec!["p".into()] }) },
            Stands::Asks,
        ),
        ("gone", page(Outcome::Gone), Stands::Solved),
        ("right", page(Outcome::Right), Stands::Solved),
        ("an order", page(ordered), Stands::Notice),
    ] {
        assert_eq!(News::of(&page).stands, stands, "{case}");
    }
}

#[test]
fn the_same_thing_wrong_with_the_same_resource_is_one_case_for_ever() {
    let first = page(Outcome::Failed);
    let mut later = page(Outcome::Fixed);
    if let Some(signal) = &mut later.signal {
        signal.id = "another finding".into();
        signal.seen += chrono::TimeDelta::days(40);
    }
    assert_ne!(first.about.resource, "");
    assert_eq!(News::of(&first).case, News::of(&later).case);
    assert_eq!(
        News::of(&first).case,
        case_id("ec2/close_world_ingress", &first.about.resource),
        "so that what somebody else says of it finds it"
    );

    let mut elsewhere = page(Outcome::Fixed);
    elsewhere.about.resource.push('2');
    let mut otherwise = page(Outcome::Fixed);
    otherwise.remediation = "ec2/limit_world_ingress".into();
    for other in [elsewhere, otherwise] {
        assert_ne!(News::of(&other).case, News::of(&first).case);
    }
}

#[test]
fn each_attacker_on_the_shared_list_and_each_order_is_a_case_of_its_own() {
    let listed = |instance: &str| {
        let mut page = page(Outcome::Fixed);
        page.about.resource = "arn:aws:guardduty:eu-west-1:111122223333:list/kintsugi".into();
        page.about.verb = Some("update".into());
        if let Some(signal) = &mut page.signal {
            signal.resource = instance.into();
        }
        News::of(&page).case
    };
    assert_ne!(listed("i-1"), listed("i-2"));

    let order = |id: &str| {
        let page = page(Outcome::Ordered { what: "resume".into() });
        News::of(&Page { id: id.into(), ..page }).case
    };
    assert_ne!(order("k-1"), order("k-2"));
}

#[test]
fn news_has_what_the_message_has() {
    let mut page = page(Outcome::Fixed);
    page.steps = vec![Step { what: "revoke tcp/22".into(), state: State::Made, routine: false }];
    page.undo = vec!["aws ec2 authorize-security-group-ingress".into()];
    let news = News::of(&page);
    let text = notice::text(&page);
    assert!(text.starts_with(&news.headline), "{}", news.headline);
    for section in &news.sections {
        assert!(text.contains(&section.title), "{section:?}");
        assert!(section.lines.iter().all(|line| text.contains(line)), "{section:?}");
    }
    let typed = news.sections.iter().filter(|section| section.commands);
    let typed: Vec<_> = typed.flat_map(|section| &section.lines).collect();
    assert_eq!(
        typed,
        [&format!("kintsugi undo {}", page.id), "aws ec2 authorize-security-group-ingress"]
    );
}

#[test]
fn news_of_many_changes_is_no_larger_than_a_topic_takes_and_says_where_the_whole_is() {
    let mut page = page(Outcome::Partial);
    let what = "\u{1f980}".repeat(400);
    let state = State::Refused("no".repeat(300));
    page.steps = vec![Step { what, state, routine: false }; 400];
    page.make = vec!["y".repeat(400); 40];
    let news = News::of(&page);
    let json = serde_json::to_string(&news).unwrap();
    assert!(json.len() <= 48 * 1024, "{} bytes", json.len());
    let lines = || news.sections.iter().flat_map(|section| &section.lines);
    assert!(lines().any(|line| line.ends_with("in the record")), "{news:?}");
    // A part of a list of commands must not be taken for the whole.
    let typed = news.sections.iter().filter(|section| section.commands);
    assert!(typed.clone().all(|section| section.lines.len() <= 5), "{typed:?}");
    assert_eq!(serde_json::from_str::<News>(&json).unwrap(), news);
}
