//! The whole page, as text. What a browser makes of it, tests/browser looks at.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{SECTIONS, html};
use crate as model;
use crate::Report;

#[path = "../../examples/page/sample/mod.rs"]
mod sample;

fn samples() -> [(&'static str, Report); 4] {
    [
        ("quarter", sample::quarter()),
        ("hostile", sample::hostile()),
        ("nothing", sample::nothing()),
        ("large", sample::large()),
    ]
}

/// The kinds of element on a page.
fn elements(page: &str) -> BTreeSet<&str> {
    page.split('<')
        .skip(1)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default())
        .collect()
}

/// The values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let begin = format!(" {attribute}=\"");
    page.split(begin.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn says_first_what_is_open_repaired_and_needs_a_person() {
    let page = html(&sample::quarter());
    let text =
        |needle: &str| page.find(needle).unwrap_or_else(|| panic!("{needle} is not on the page"));
    assert!(text("data-n=\"/open/total\">128<") < text("data-n=\"/open/by_severity/critical\">6<"));
    assert!(
        text("data-n=\"/open/by_severity/critical\">6<")
            < text("data-n=\"/problems/repaired\">1,207<")
    );
    assert!(text("data-n=\"/problems/repaired\">1,207<") < text("data-n=\"/open/asks\">9<"));
    assert!(text("data-n=\"/open/asks\">9<") < text("id=\"open\""));
}

#[test]
fn has_its_parts_in_order_each_with_a_link_and_a_heading() {
    for (name, report) in samples() {
        let page = html(&report);
        let mut last = 0;
        for (id, heading) in SECTIONS {
            let at = page
                .find(&format!("<section id=\"{id}\""))
                .unwrap_or_else(|| panic!("{name}: no {id}"));
            assert!(at > last, "{name}: {id} comes too early");
            last = at;
            assert!(
                page.contains(&format!("<a href=\"#{id}\">{heading}</a>")),
                "{name}: nothing leads to {id}"
            );
            assert!(
                page.contains(&format!("<h2 id=\"{id}-heading\">{heading}</h2>")),
                "{name}: {id} has no heading"
            );
        }
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
        assert_eq!(page.matches("<main").count(), 1, "{name}");
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{name}");
    }
}

#[test]
fn no_id_stands_twice_and_every_label_is_there() {
    for (name, report) in samples() {
        let page = html(&report);
        let ids = values(&page, "id");
        let known: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "{name}");
        for attribute in ["aria-labelledby", "aria-describedby"] {
            for label in values(&page, attribute) {
                assert!(known.contains(label), "{name}: {label}");
            }
        }
    }
}

#[test]
fn every_head_of_a_table_says_what_it_is_the_head_of() {
    for (name, report) in samples() {
        let page = html(&report);
        let heads = page.matches("<th ").count() + page.matches("<th>").count();
        assert_eq!(heads, page.matches("<th scope=\"").count(), "{name}");
        assert_eq!(page.matches("<table").count(), page.matches("<caption").count(), "{name}");
    }
}

#[test]
fn text_from_outside_makes_no_element_and_no_attribute() {
    let (usual, hostile) = (html(&sample::quarter()), html(&sample::hostile()));
    assert_eq!(elements(&usual), elements(&hostile));
    for part in [
        "<script",
        "<img",
        "<iframe",
        "<base",
        "<!--",
        "href=\"javascript",
        "\u{202e}",
        "\u{2066}",
        "\u{7}",
    ] {
        assert!(!hostile.contains(part), "{part:?}");
    }
    for part in [
        "&lt;script&gt;alert('title')&lt;/script&gt;",
        "&quot;&gt;&lt;img src=x",
        "&amp;lt;already escaped",
    ] {
        assert!(hostile.contains(part), "{part}");
    }
}

#[test]
fn asks_for_nothing_from_anywhere() {
    for (name, report) in samples() {
        let page = html(&report);
        for part in ["@import", "url(", "<link", "srcset", "http://", "<script", " style=\""] {
            assert!(!page.contains(part), "{name}: {part}");
        }
        assert!(values(&page, "src").is_empty(), "{name}");
        assert!(
            page.contains(
                "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""
            ),
            "{name}"
        );
        for link in values(&page, "href") {
            assert!(
                link.starts_with('#') || link.starts_with("https://docs.aws.amazon.com/"),
                "{name}: {link}"
            );
        }
    }
}

#[test]
fn every_number_says_where_it_stands_in_the_json() {
    for (name, report) in samples() {
        let page = html(&report);
        let json: Value = serde_json::from_str(&report.json().unwrap()).unwrap();
        let pointers = values(&page, "data-n");
        assert!(pointers.len() > 10, "{name}");
        for pointer in pointers {
            assert!(json.pointer(pointer).is_some_and(Value::is_number), "{name}: {pointer}");
        }
    }
}

#[test]
fn every_number_of_the_json_is_on_the_page() {
    fn numbers(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Number(number) if number.as_u64() != Some(0) => found.push(at.to_owned()),
            Value::Array(list) => {
                for (place, value) in list.iter().enumerate() {
                    numbers(value, &format!("{at}/{place}"), found);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    numbers(value, &format!("{at}/{key}"), found);
                }
            }
            Value::Number(_) | Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
    for (name, report) in samples() {
        let page = html(&report);
        let mut found = Vec::new();
        numbers(&serde_json::from_str(&report.json().unwrap()).unwrap(), "", &mut found);
        let shown: BTreeSet<_> = values(&page, "data-n").into_iter().collect();
        let lost: Vec<_> =
            found.iter().filter(|pointer| !shown.contains(pointer.as_str())).collect();
        assert!(lost.is_empty(), "{name}: {lost:?}");
    }
}

#[test]
fn says_so_where_there_is_nothing() {
    let page = html(&sample::nothing());
    for sentence in [
        "Nothing is wrong that Kintsugi knows of.",
        "Nothing waits for an answer.",
        "Nothing is open.",
        "Nothing was put right in this time",
        "Nothing was held back.",
        "Nothing that was put right came back.",
        "No exemption and no accepted risk ends within thirty days.",
        "No risk is accepted.",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
}

#[test]
fn one_is_not_many() {
    let mut report = sample::quarter();
    (report.open.total, report.open.asks, report.problems.repaired) = (1, 1, 1);
    let page = html(&report);
    for words in ["problem is open", "needs a person", "was repaired by Kintsugi"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_long_list_is_drawn_in_part_and_listed_in_full() {
    let page = html(&sample::large());
    assert_eq!(page.matches("data-n=\"/open/by_account/7/total\"").count(), 2);
    assert_eq!(page.matches("data-n=\"/open/by_account/99/total\"").count(), 1);
    assert!(page.contains("The first of a longer list"));
    assert!(page.contains(", of which the first to end are shown"));
}

#[test]
fn a_hundred_accounts_and_three_hundred_controls_are_less_than_a_megabyte() {
    let page = html(&sample::large());
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}
