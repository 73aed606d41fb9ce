//! How long repairs took, what became of problems and records, and what came back.

use maud::{Markup, html};

use super::chart::{Bar, Figure, Range, bars, ranges};
use super::number::Number;
use super::{nothing, part, table, words};
use crate::{Numbers, OfControl, Report, Times};

/// How many controls are drawn; the table has all.
const DRAWN: usize = 8;

pub(super) fn time(report: &Report) -> Markup {
    let repair = &report.repair;
    let about = html! {
        p { "From when a problem was seen to when it was right. The median is what half of them took at most, p90 what
            nine of ten took at most." }
    };
    let shown = if repair.by_control.is_empty() {
        nothing("Nothing was put right in this time, so there is nothing to measure.")
    } else {
        html! {
            div.charts {
                (by_control(&repair.by_control))
                div.measures {
                    (whole("Kintsugi", "/repair/kintsugi", repair.kintsugi.as_ref()))
                    (whole("People", "/repair/people", repair.people.as_ref()))
                }
            }
        }
    };
    part("time", &about, &shown)
}

fn whole(who: &str, at: &str, times: Option<&Times>) -> Markup {
    let Some(times) = times else { return html! {} };
    let (median, p90) = (median(at, times), p90(at, times));
    let count = Number::new(format!("{at}/count"), times.count);
    html! {
        div.times {
            h3 { (who) }
            p.big { (median.duration()) }
            p.quiet {
                "median of " (count.count()) " " (count.of("problem", "problems")) "; p90: " (p90.duration())
            }
        }
    }
}

fn median(at: &str, times: &Times) -> Number {
    Number::new(format!("{at}/median_seconds"), times.median_seconds)
}

fn p90(at: &str, times: &Times) -> Number {
    Number::new(format!("{at}/p90_seconds"), times.p90_seconds)
}

fn by_control(controls: &[OfControl]) -> Markup {
    let groups: Vec<_> = controls
        .iter()
        .take(DRAWN)
        .enumerate()
        .map(|(place, of)| {
            let mut drawn = Vec::new();
            for (class, times) in [("kintsugi", &of.kintsugi), ("people", &of.people)] {
                if let Some(times) = times {
                    let at = format!("/repair/by_control/{place}/{class}");
                    drawn.push(Range { class, median: median(&at, times), p90: p90(&at, times) });
                }
            }
            (words::outside(&of.control), drawn)
        })
        .collect();
    let rows: Vec<_> = controls
        .iter()
        .enumerate()
        .map(|(place, of)| {
            let mut cells = vec![html! { span.text { (words::outside(&of.control)) } }];
            for (who, times) in [("kintsugi", &of.kintsugi), ("people", &of.people)] {
                let at = format!("/repair/by_control/{place}/{who}");
                match times {
                    Some(times) => cells.extend([
                        Number::new(format!("{at}/count"), times.count).count(),
                        median(&at, times).duration(),
                        p90(&at, times).duration(),
                    ]),
                    None => cells.extend([html! { "–" }, html! { "–" }, html! { "–" }]),
                }
            }
            cells
        })
        .collect();
    let heads = ["Control", "By Kintsugi", "Median", "p90", "By people", "Median", "p90"];
    Figure {
        id: "times",
        title: "Time to repair by control",
        description: "One line for Kintsugi and one for people, from the median, a dot, to p90, a bar, on a scale of \
                      times whose steps are a minute, an hour, a day, a week and thirty days.",
        legend: html! {
            ul.legend {
                @for (class, name) in [("kintsugi", "Kintsugi"), ("people", "people")] {
                    li {
                        svg.stroke aria-hidden="true" viewBox="0 0 32 12" {
                            g class=(class) {
                                path.span d="M5 6H28" {}
                                circle.dot cx="5" cy="6" r="4" {}
                                rect.end x="28" y="1" width="2.5" height="10" {}
                            }
                        }
                        span { (name) ", median to p90" }
                    }
                }
            }
            @if groups.len() < controls.len() { p.note { "The most frequent; all are in the table." } }
        },
        drawing: ranges(&groups),
        table: table("Time to repair by control", &heads, &rows),
    }
    .shown()
}

pub(super) fn outcomes(report: &Report) -> Markup {
    let about = html! {
        p { "Problems are counted once, records as often as something was decided." }
    };
    let shown = html! {
        div.charts {
            (became(report))
            (reasons(report))
        }
        div.charts {
            (recent(report))
            (records(report))
        }
    };
    part("outcomes", &about, &shown)
}

/// The numbers of [`Numbers`] below `at`, with what they are called.
fn four(at: &str, numbers: &Numbers) -> [(&'static str, Number); 4] {
    [
        ("Met", Number::new(format!("{at}/found"), numbers.found)),
        ("Repaired by Kintsugi", Number::new(format!("{at}/repaired"), numbers.repaired)),
        ("Put right by people, or gone", Number::new(format!("{at}/by_people"), numbers.by_people)),
        ("Held", Number::new(format!("{at}/held"), numbers.held)),
    ]
}

fn became(report: &Report) -> Markup {
    if report.problems.found == 0 {
        return nothing("No problem was met in this time.");
    }
    let classes = ["met", "kintsugi", "people", "held"].into_iter();
    let bar = |(name, total): (&str, Number)| Bar { name: name.to_owned(), total };
    let rows: Vec<_> = classes.zip(four("/problems", &report.problems).map(bar)).collect();
    let cells: Vec<_> =
        rows.iter().map(|(_, bar)| vec![html! { (bar.name) }, bar.total.count()]).collect();
    Figure {
        id: "became",
        title: "Problems of the period",
        description: "One bar for the problems that were met, and one for each thing that became of them.",
        legend: html! {},
        drawing: bars(&rows),
        table: table("Problems of the period", &["Problems", "Number"], &cells),
    }
    .shown()
}

fn reasons(report: &Report) -> Markup {
    let reasons = &report.records.held_by_reason;
    if reasons.is_empty() {
        return nothing("Nothing was held back.");
    }
    let rows: Vec<_> = reasons
        .iter()
        .enumerate()
        .map(|(place, reason)| {
            let total = Number::new(format!("/records/held_by_reason/{place}/count"), reason.count);
            ("plain", Bar { name: words::outside(&reason.words), total })
        })
        .collect();
    let cells: Vec<_> = rows
        .iter()
        .zip(reasons)
        .map(|((_, bar), reason)| {
            vec![html! { (bar.name) }, words::name(&reason.reason), bar.total.count()]
        })
        .collect();
    Figure {
        id: "reasons",
        title: "Why records were held",
        description: "One bar for each reason, the most frequent first.",
        legend: html! {},
        drawing: bars(rows.get(..DRAWN).unwrap_or(&rows)),
        table: table("Why records were held", &["Reason", "Its name", "Records"], &cells),
    }
    .shown()
}

fn recent(report: &Report) -> Markup {
    let last = four("/recent/last", &report.recent.last);
    let before = report.recent.before.as_ref().map(|before| four("/recent/before", before));
    let rows: Vec<_> = last
        .iter()
        .enumerate()
        .map(|(place, (name, number))| {
            let before = before.as_ref().and_then(|before| before.get(place));
            vec![
                html! { (name) },
                number.count(),
                html! { @if let Some((_, before)) = before { (before.count()) } @else { "–" } },
            ]
        })
        .collect();
    html! {
        div.plain-table {
            h3 { "The last seven days" }
            (table("The last seven days", &["Problems", "Last 7 days", "7 days before"], &rows))
        }
    }
}

fn records(report: &Report) -> Markup {
    let records = &report.records;
    let of = |key: &str, value: u64| Number::new(format!("/records/{key}"), value);
    let rows: Vec<_> = [
        ("All", of("total", records.total)),
        ("Repaired and verified", of("repaired", records.repaired)),
        ("Repaired in part", of("partly_repaired", records.partly_repaired)),
        ("Failed", of("failed", records.failed)),
        ("Held", of("held", records.held)),
        ("Taken back by a person", of("taken_back", records.taken_back)),
        ("Found to be right", of("right", records.right)),
        ("Resource gone", of("gone", records.gone)),
        ("Not readable", of("unreadable", records.unreadable)),
        ("Ignored", of("ignored", records.ignored)),
        ("Orders of people", of("ordered", records.ordered)),
        ("Under way", of("under_way", records.under_way)),
        ("Other", of("other", records.other)),
    ]
    .into_iter()
    .filter(|(name, number)| *name == "All" || !number.is_zero())
    .map(|(name, number)| vec![html! { (name) }, number.count()])
    .collect();
    html! {
        div.plain-table {
            h3 { "Records of the period" }
            (table("Records of the period", &["Records", "Number"], &rows))
        }
    }
}

pub(super) fn reopened(report: &Report) -> Markup {
    let reopened = &report.reopened;
    let problems = Number::new("/reopened/problems", reopened.problems);
    let times = Number::new("/reopened/times", reopened.times);
    let about = html! {
        p { "Put right, and wrong again: mostly because what makes the resource still says so. Mend it there." }
        @if !problems.is_zero() {
            p.measure {
                b { (problems.count()) } " " (problems.of("problem came back", "problems came back")) ", "
                (times.count()) " " (times.of("time", "times"))
            }
        }
    };
    if problems.is_zero() {
        return part("reopened", &about, &nothing("Nothing that was put right came back."));
    }
    let rows: Vec<_> = reopened
        .most
        .iter()
        .enumerate()
        .map(|(place, drift)| {
            let times = Number::new(format!("/reopened/most/{place}/times"), drift.times);
            vec![
                html! { span.headline { (words::outside(&drift.what)) } (words::name(&drift.resource)) },
                html! { span.nowrap { (times.count()) " " (times.of("time", "times")) } },
                html! { (drift.owner.as_deref().map_or_else(|| "not known".to_owned(), words::outside)) },
                html! { (drift.caused_by.as_deref().map_or_else(|| "not known".to_owned(), words::outside)) },
                html! { span.text { (words::account(&drift.account)) } br; span.quiet { (words::or_dash(&drift.region)) } },
                html! { (words::team(drift.team.as_deref())) },
            ]
        })
        .collect();
    let heads = ["Problem", "Came back", "Made by", "Caused by", "Account", "Team"];
    part("reopened", &about, &table("What came back most often", &heads, &rows))
}
