//! What the page says first: what is open, what was repaired, what needs a person.

use maud::{Markup, html};

use super::number::Number;
use super::{SECTIONS, words};
use crate::Report;

pub(super) fn header(report: &Report) -> Markup {
    let period = &report.period;
    let weeks = Number::new("/period/weeks", period.weeks);
    html! {
        header {
            p.brand { (words::outside(&report.title)) }
            h1 { "What is open, what was repaired, what needs you" }
            p.when {
                (words::date(period.from)) " to " (words::date(period.until)) ", "
                (weeks.count()) " " (weeks.of("week", "weeks")) ". Stack " code { (words::outside(&report.stack)) } "."
            }
            (seam())
        }
    }
}

/// A crack mended with gold.
fn seam() -> Markup {
    html! {
        svg.seam aria-hidden="true" viewBox="0 0 1200 40" preserveAspectRatio="none" {
            path d="M0 26L148 22L196 31L352 17L398 25L610 12L655 24L842 16L906 27L1060 14L1200 19" {}
            path.branch d="M352 17L378 4M655 24L690 37L742 39M906 27L938 38" {}
        }
    }
}

pub(super) fn lead(report: &Report) -> Markup {
    let open = Number::new("/open/total", report.open.total);
    let critical = Number::new("/open/by_severity/critical", report.open.by_severity.critical);
    let high = Number::new("/open/by_severity/high", report.open.by_severity.high);
    let repaired = Number::new("/problems/repaired", report.problems.repaired);
    let found = Number::new("/problems/found", report.problems.found);
    let people = Number::new("/problems/by_people", report.problems.by_people);
    let asks = Number::new("/open/asks", report.open.asks);
    html! {
        section.lead aria-label="In short" {
            div.fact {
                p.big { (open.count()) }
                p.what { (open.of("problem is open", "problems are open")) }
                p.more {
                    @if open.is_zero() {
                        "Nothing is wrong that Kintsugi knows of."
                    } @else if critical.is_zero() {
                        "None of them is critical, " (high.count()) " " (high.of("is", "are")) " high."
                    } @else {
                        strong { (critical.count()) " critical" } ", " (high.count()) " high."
                    }
                }
            }
            div.fact.mended {
                p.big { (repaired.count()) }
                p.what { (repaired.of("was repaired by Kintsugi", "were repaired by Kintsugi")) }
                p.more {
                    @if found.is_zero() {
                        "No problem was met in this time."
                    } @else {
                        "Of " (found.count()) " " (found.of("problem", "problems")) " met; people put "
                        (people.count()) " right."
                    }
                }
            }
            div.fact {
                p.big { (asks.count()) }
                p.what { (asks.of("needs a person", "need a person")) }
                p.more {
                    @if asks.is_zero() {
                        "Nothing waits for an answer."
                    } @else {
                        "Kintsugi asked and waits for the answer: " code { "kintsugi status" } "."
                    }
                }
            }
        }
        nav aria-label="Parts of this report" {
            ul {
                @for (id, heading) in SECTIONS { li { a href=(format!("#{id}")) { (heading) } } }
            }
        }
    }
}

pub(super) fn footer(report: &Report) -> Markup {
    let at = report.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    html! {
        footer {
            p {
                "Made by Kintsugi on " time datetime=(at) { (words::day(report.at)) ", " (report.at.format("%H:%M")) " UTC" }
                " from its own ledger. Beside this page lie the same numbers as JSON and CSV. A problem is counted once,
                however often it was found."
            }
        }
    }
}
