//! What is open now: by severity, account, team and age, and the oldest.

use maud::{Markup, html};

use super::chart::{Bar, Figure, columns, legend, level, stacked};
use super::number::Number;
use super::{nothing, part, table, words};
use crate::{Problem, Report, Severities};

/// How many bars a chart has at most; the table below it has all.
const BARS: usize = 8;
/// What an age is called below its column.
const AGES: [[&str; 2]; 5] = [
    ["under", "1 day"],
    ["1 to 7", "days"],
    ["7 to 30", "days"],
    ["30 to 90", "days"],
    ["90 days", "and more"],
];

pub(super) fn section(report: &Report) -> Markup {
    part("open", &about(report), &shown(report))
}

fn about(report: &Report) -> Markup {
    html! {
        p { "Every problem that stands today, whoever found it. What is accepted is not among them." }
        @if report.open.total > 0 { (legend(&severities("/open/by_severity", &report.open.by_severity))) }
    }
}

/// The five numbers below `at`, the worst first.
pub(super) fn severities(at: &str, by: &Severities) -> [Number; 5] {
    [
        Number::new(format!("{at}/critical"), by.critical),
        Number::new(format!("{at}/high"), by.high),
        Number::new(format!("{at}/medium"), by.medium),
        Number::new(format!("{at}/low"), by.low),
        Number::new(format!("{at}/informational"), by.informational),
    ]
}

fn shown(report: &Report) -> Markup {
    if report.open.total == 0 {
        return nothing(
            "Nothing is open. Every problem that was met is repaired, solved or accepted.",
        );
    }
    let accounts: Vec<_> = report
        .open
        .by_account
        .iter()
        .enumerate()
        .map(|(place, of)| {
            row("/open/by_account", place, words::account(&of.account), of.total, &of.by_severity)
        })
        .collect();
    let teams: Vec<_> = report
        .open
        .by_team
        .iter()
        .enumerate()
        .map(|(place, of)| {
            row("/open/by_team", place, words::team(of.team.as_deref()), of.total, &of.by_severity)
        })
        .collect();
    html! {
        div.charts.tall {
            (by("accounts", "Open by account", "Account", &accounts))
            (by("teams", "Open by team", "Team", &teams))
            (ages(report))
        }
        h3 { "The oldest" }
        (oldest(&report.open.oldest))
    }
}

type Row = (Bar, [Number; 5]);

fn row(list: &str, place: usize, name: String, total: u64, by: &Severities) -> Row {
    let at = format!("{list}/{place}");
    let parts = severities(&format!("{at}/by_severity"), by);
    (Bar { name, total: Number::new(format!("{at}/total"), total) }, parts)
}

fn by(id: &str, title: &str, head: &str, rows: &[Row]) -> Markup {
    let drawn = rows.get(..BARS).unwrap_or(rows);
    let cells: Vec<_> = rows
        .iter()
        .map(|(bar, parts)| {
            let mut cells = vec![html! { span.text { (bar.name) } }, bar.total.count()];
            cells.extend(parts.iter().map(Number::count));
            cells
        })
        .collect();
    let heads = [head, "Open", "Critical", "High", "Medium", "Low", "Info"];
    Figure {
        id,
        title,
        description: "One bar each, the most first, divided by severity with critical on the left.",
        legend: html! {
            @if drawn.len() < rows.len() { p.note { "The first of a longer list; all are in the table." } }
        },
        drawing: stacked(drawn),
        table: table(title, &heads, &cells),
    }
    .shown()
}

fn ages(report: &Report) -> Markup {
    let ages = &report.open.by_age;
    let keys = ["under_1_day", "under_7_days", "under_30_days", "under_90_days", "older"];
    let numbers = keys
        .iter()
        .zip(ages.rows())
        .map(|(key, (_, count))| Number::new(format!("/open/by_age/{key}"), count));
    let rows: Vec<_> = AGES.into_iter().zip(numbers).collect();
    let cells: Vec<_> = ages
        .rows()
        .iter()
        .zip(&rows)
        .map(|((name, _), (_, number))| vec![html! { (name) }, number.count()])
        .collect();
    Figure {
        id: "ages",
        title: "Open by age",
        description: "One column for each age, the youngest on the left.",
        legend: html! {},
        drawing: columns(&rows, "plain"),
        table: table("Open by age", &["Age", "Open"], &cells),
    }
    .shown()
}

fn oldest(problems: &[Problem]) -> Markup {
    let rows: Vec<_> = problems
        .iter()
        .enumerate()
        .map(|(place, problem)| {
            let days = Number::new(format!("/open/oldest/{place}/days"), problem.days);
            vec![
                html! { span.headline { (words::outside(&problem.headline)) } (words::name(&problem.resource)) },
                level(problem.severity),
                html! { span.nowrap { (days.count()) " " (days.of("day", "days")) } br; span.quiet { (words::date(problem.since)) } },
                html! { (words::stands(problem.stands)) br; span.quiet { (words::outside(&problem.what)) } },
                html! { span.text { (words::account(&problem.account)) } br; span.quiet { (words::or_dash(&problem.region)) } },
                html! { (words::team(problem.team.as_deref())) br; span.quiet.nowrap { (problem.case) } },
            ]
        })
        .collect();
    table(
        "The oldest open problems",
        &["Problem", "Severity", "Open since", "Stands", "Account", "Team"],
        &rows,
    )
}
