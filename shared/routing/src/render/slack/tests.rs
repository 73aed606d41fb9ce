use proptest::prelude::*;

use super::super::{sample, text::allowed};
use super::*;
use crate::{Turn, render::sample::at};

/// What Slack would refuse of a message, or show as markup.
fn faults(message: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let text = message["text"].as_str().unwrap();
    must(!text.is_empty() && !text.contains(['<', '>']), "the fallback is escaped");
    must(message["mrkdwn"] == false, "the fallback is no markup");
    let blocks = message["blocks"].as_array().unwrap();
    must((1..=50).contains(&blocks.len()), "1 to 50 blocks");
    must(message.to_string().chars().count() < 12_000, "below 12,000 characters");
    for block in blocks {
        let is_plain = |text: &Value, most: usize| {
            let length = text["text"].as_str().unwrap().chars().count();
            text["type"] == "plain_text" && text["emoji"] == false && (1..=most).contains(&length)
        };
        match block["type"].as_str().unwrap() {
            "header" => must(is_plain(&block["text"], 150), "a header of 1 to 150 characters"),
            "section" => match block["fields"].as_array() {
                Some(fields) => {
                    must((1..=10).contains(&fields.len()), "1 to 10 fields");
                    must(
                        fields.iter().all(|f| is_plain(f, 2_000)),
                        "fields of 1 to 2,000 characters",
                    );
                }
                None => must(is_plain(&block["text"], 3_000), "a section of 1 to 3,000 characters"),
            },
            "context" => {
                let elements = block["elements"].as_array().unwrap();
                must((1..=10).contains(&elements.len()), "1 to 10 elements");
                must(
                    elements.iter().all(|element| is_plain(element, 3_000)),
                    "a context of plain text",
                );
            }
            "rich_text" => must(is_rich(block), "rich text of text and links to AWS"),
            other => must(false, other),
        }
    }
    faults
}

fn is_rich(block: &Value) -> bool {
    let inline = |element: &Value| {
        let has_text = element["text"].as_str().is_some_and(|text| !text.is_empty());
        let is_known = match element["type"].as_str().unwrap() {
            "text" => element["url"].is_null(),
            "link" => allowed(element["url"].as_str().unwrap()).is_some(),
            _ => false,
        };
        has_text && is_known
    };
    let all = |element: &Value, is: &dyn Fn(&Value) -> bool| {
        let elements = element["elements"].as_array().unwrap();
        !elements.is_empty() && elements.iter().all(is)
    };
    let outer = |element: &Value| match element["type"].as_str().unwrap() {
        "rich_text_section" => all(element, &inline),
        "rich_text_preformatted" => all(element, &|inner| inline(inner) && inner["type"] == "text"),
        "rich_text_list" => {
            all(element, &|item| item["type"] == "rich_text_section" && all(item, &inline))
        }
        _ => false,
    };
    all(block, &outer)
}

#[test]
fn the_checks_of_these_tests_can_fail() {
    let news = sample::fixed();
    let good = message(&Said::One(sample::one(&news)));
    assert_eq!(faults(&good), Vec::<String>::new());
    let spoilt: [fn(&mut Value); 6] = [
        |message| message["text"] = "<!channel>".into(),
        |message| message["blocks"][0]["text"]["text"] = "x".repeat(151).into(),
        |message| message["blocks"][0]["text"]["type"] = "mrkdwn".into(),
        |message| {
            message["blocks"][2]["elements"][0]["elements"][0]["url"] =
                "https://evil.example".into();
        },
        |message| message["blocks"][3]["elements"][0]["elements"][0]["text"] = "".into(),
        |message| message["blocks"] = vec![message["blocks"][0].clone(); 51].into(),
    ];
    for (nth, spoil) in spoilt.into_iter().enumerate() {
        let mut message = good.clone();
        spoil(&mut message);
        assert_eq!(faults(&message).len(), 1, "{nth}");
    }
}

#[test]
fn the_longest_news_keep_their_commands_whole() {
    let mut news = sample::asks();
    for section in &mut news.sections {
        let line = if section.commands { section.lines[0].clone() } else { "x y ".repeat(100) };
        section.lines = vec![line; 400];
    }
    let message = message(&Said::One(sample::one(&news)));
    assert_eq!(faults(&message), Vec::<String>::new());
    let blocks = message["blocks"].as_array().unwrap();
    let code = |block: &&Value| block["elements"][1]["type"] == "rich_text_preformatted";
    let code: Vec<_> = blocks.iter().filter(code).collect();
    assert_eq!(code.len(), 2);
    for block in code {
        let code = block["elements"][1]["elements"][0]["text"].as_str().unwrap();
        let (last, commands) = {
            let mut all: Vec<_> = code.lines().collect();
            (all.pop().unwrap(), all)
        };
        assert!(!commands.is_empty());
        assert!(
            commands.iter().all(|c| c.starts_with("kintsugi ") && c.ends_with(" k-aaaaaaaaaaaa"))
        );
        assert!(
            last.starts_with("# ... and ") && last.ends_with(" more, in record k-aaaaaaaaaaaa")
        );
    }
}

#[test]
fn a_reply_says_how_it_stands_now() {
    let news = sample::fixed();
    let one = One { turn: Turn::Changed { from: runtime::Stands::Asks }, ..sample::one(&news) };
    let reply = reply(&one);
    assert_eq!(reply["blocks"][1]["text"]["text"], "Now: put right");
    assert!(
        reply["text"]
            .as_str()
            .unwrap()
            .starts_with("Changed, it was waiting for an answer before: ")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_news_stay_text(news in sample::hostile_news(), advice in sample::hostile_advice()) {
        let one = One { news: &news, turn: Turn::Reminder { since: at() }, advice: Some(&advice) };
        prop_assert_eq!(faults(&reply(&one)), Vec::<String>::new());
        prop_assert_eq!(faults(&message(&Said::One(one))), Vec::<String>::new());
    }

    #[test]
    fn hostile_digests_stay_text(digest in sample::hostile_digest()) {
        prop_assert_eq!(faults(&message(&Said::Digest(digest))), Vec::<String>::new());
    }
}
