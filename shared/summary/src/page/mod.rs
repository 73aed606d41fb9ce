//! The report as a page: one file that asks nothing of anybody. No script, no address to load from, drawings in the
//! text; text from outside is escaped by `maud` and cleaned of what cannot be seen.

mod chart;
mod lead;
mod number;
mod open;
mod prevent;
mod repair;
mod trend;
mod words;

#[cfg(test)]
mod colours;
#[cfg(test)]
mod tests;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Report;

/// Styles, among them the two sets of colours.
const STYLE: &str = include_str!("page.css");
/// Nothing is loaded, nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The page.
pub fn html(report: &Report) -> String {
    let title =
        format!("{}: security report, {}", words::outside(&report.title), words::day(report.at));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the numbers" }
                (lead::header(report))
                main id="main" tabindex="-1" {
                    (lead::lead(report))
                    (open::section(report))
                    (repair::time(report))
                    (repair::outcomes(report))
                    (repair::reopened(report))
                    (prevent::causes(report))
                    (prevent::accepted(report))
                    (trend::section(report))
                }
                (lead::footer(report))
            }
        }
    }
    .into_string()
}

/// The sections, in the order of the page: id and heading.
const SECTIONS: [(&str, &str); 7] = [
    ("open", "Open now"),
    ("time", "Time to repair"),
    ("outcomes", "What became of it"),
    ("reopened", "What came back"),
    ("causes", "Causes and prevention"),
    ("accepted", "Accepted and ending"),
    ("trend", "Week by week"),
];

/// A part of the page: its heading and what it is about on one side, what it shows on the other.
fn part(id: &str, about: &Markup, shown: &Markup) -> Markup {
    let heading =
        SECTIONS.iter().find(|(known, _)| *known == id).map_or(id, |(_, heading)| heading);
    html! {
        section id=(id) aria-labelledby=(format!("{id}-heading")) {
            div.about {
                h2 id=(format!("{id}-heading")) { (heading) }
                (about)
            }
            div.shown { (shown) }
        }
    }
}

/// A table within what scrolls where it is too wide; the keyboard can scroll it, too.
fn table(caption: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.scroll role="region" aria-label=(caption) tabindex="0" {
            table {
                caption.unseen { (caption) }
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (place, cell) in row.iter().enumerate() {
                                @if place == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What stands where there is nothing to show.
fn nothing(text: &str) -> Markup {
    html! { p.nothing { (text) } }
}
