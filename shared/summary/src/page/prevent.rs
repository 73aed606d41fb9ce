//! Causes with what prevents them, and what is accepted or ends soon.

use maud::{Markup, html};

use super::chart::level;
use super::number::Number;
use super::open::severities;
use super::{nothing, part, table, words};
use crate::{Accepted, Cause, Ending, Report};

pub(super) fn causes(report: &Report) -> Markup {
    let about = html! { p { "What most problems came from, and the one step that keeps each from coming again." } };
    let shown = if report.causes.is_empty() {
        nothing("No problem was met in this time.")
    } else {
        html! {
            ol.causes { @for (place, cause) in report.causes.iter().enumerate() { (one(place, cause)) } }
        }
    };
    part("causes", &about, &shown)
}

fn one(place: usize, cause: &Cause) -> Markup {
    let problems = Number::new(format!("/causes/{place}/problems"), cause.problems);
    let open = Number::new(format!("/causes/{place}/open"), cause.open);
    html! {
        li {
            div.cause {
                h3 { (words::outside(&cause.what)) }
                p.quiet {
                    (problems.count()) " " (problems.of("problem", "problems")) ", " (open.count()) " still open" br;
                    (level(cause.severity)) " at worst"
                }
            }
            @match &cause.prevention {
                Some(prevention) => {
                    p.step {
                        span.kind { (words::outside(&prevention.kind)) } " "
                        (words::outside(&prevention.step))
                        @if let Some(link) = prevention.link.as_deref().filter(|link| link.starts_with("https://")) {
                            " " a href=(words::outside(link)) rel="noreferrer" {
                                "Read on" span.unseen { " about " (words::outside(&cause.what)) }
                            }
                        }
                    }
                }
                None => { p.step.quiet { "No preventive step is known for this one." } }
            }
        }
    }
}

pub(super) fn accepted(report: &Report) -> Markup {
    let total = Number::new("/accepted/total", report.accepted.total);
    let ends = Number::new("/ending_total", report.ending_total);
    let about = html! {
        p { "Left alone on purpose, with a reason and a name, until a day." }
        @if !total.is_zero() {
            p.measure { b { (total.count()) } " " (total.of("problem is accepted", "problems are accepted")) }
        }
        @if !ends.is_zero() {
            p.measure { b { (ends.count()) } " " (ends.of("exemption or acceptance ends", "exemptions and acceptances end")) " within thirty days" }
        }
    };
    let shown = html! {
        h3 { "Ends soon" }
        (ending(&report.ending))
        h3 { "Accepted risks" }
        (risks(&report.accepted))
    };
    part("accepted", &about, &shown)
}

fn ending(all: &[Ending]) -> Markup {
    if all.is_empty() {
        return nothing("No exemption and no accepted risk ends within thirty days.");
    }
    let rows: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(place, ending)| {
            let days = Number::new(format!("/ending/{place}/days"), ending.days);
            vec![
                words::name(&ending.what),
                html! {
                    span.nowrap { "in " (days.count()) " " (days.of("day", "days")) } br;
                    span.quiet { (words::date(ending.until)) }
                },
                html! { (words::or_dash(&ending.by)) },
                html! { (words::or_dash(&ending.why)) },
            ]
        })
        .collect();
    table(
        "Exemptions and accepted risks that end soon",
        &["What", "Ends", "Wanted by", "Why"],
        &rows,
    )
}

fn risks(accepted: &Accepted) -> Markup {
    if accepted.total == 0 {
        return nothing("No risk is accepted.");
    }
    let rows: Vec<_> = accepted
        .risks
        .iter()
        .enumerate()
        .map(|(place, risk)| {
            vec![
                html! { span.headline { (words::or_dash(&risk.why)) } (words::name(&risk.example)) },
                Number::new(format!("/accepted/risks/{place}/problems"), risk.problems).count(),
                level(risk.severity),
                html! { (words::or_dash(&risk.by)) },
                html! { @if let Some(until) = risk.until { (words::date(until)) } @else { "no end" } },
            ]
        })
        .collect();
    let reasons = Number::new("/accepted/risks_total", accepted.risks_total);
    let more = accepted.risks_total > accepted.risks.len() as u64;
    html! {
        (super::chart::legend(&severities("/accepted/by_severity", &accepted.by_severity)))
        p.note { (reasons.count()) " " (reasons.of("reason", "reasons")) @if more { ", of which the first to end are shown" } "." }
        (table("Accepted risks", &["Why, and one example", "Problems", "Worst", "By", "Until"], &rows))
    }
}
