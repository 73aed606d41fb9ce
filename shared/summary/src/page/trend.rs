//! Week by week.

use maud::{Markup, html};

use super::chart::{Figure, Line, lines};
use super::number::Number;
use super::{nothing, part, table, words};
use crate::{Report, Week};

pub(super) fn section(report: &Report) -> Markup {
    let about = html! {
        p { "Weeks begin on Monday, UTC; the last one is not over. What came back is missing from the weeks before it did." }
    };
    let weeks = &report.trend;
    if weeks.is_empty() {
        return part("trend", &about, &nothing("The first week is not over yet."));
    }
    let names: Vec<_> = weeks.iter().map(|week| words::short_day(week.from)).collect();
    let open = [line(weeks, "open", "open", "open at the week's end", |week| week.open)];
    let flow = [
        line(weeks, "found", "met", "met", |week| week.found),
        line(weeks, "repaired", "kintsugi", "repaired by Kintsugi", |week| week.repaired),
        line(weeks, "by_people", "people", "put right by people", |week| week.by_people),
        line(weeks, "held", "held", "held", |week| week.held),
    ];
    let shown = html! {
        div.charts {
            (figure("trend-open", "Open at the end of each week", &open, &names, weeks))
            (figure("trend-flow", "Met and put right in each week", &flow, &names, weeks))
        }
    };
    part("trend", &about, &shown)
}

fn line(
    weeks: &[Week],
    key: &str,
    class: &'static str,
    name: &'static str,
    of: fn(&Week) -> u64,
) -> Line {
    let weeks = weeks
        .iter()
        .enumerate()
        .map(|(place, week)| Number::new(format!("/trend/{place}/{key}"), of(week)))
        .collect();
    Line { class, name, weeks }
}

fn figure(id: &str, title: &str, all: &[Line], names: &[String], weeks: &[Week]) -> Markup {
    let (legend, drawing) = lines(all, names);
    let mut heads = vec!["Week", "From"];
    heads.extend(all.iter().map(|line| line.name));
    let rows: Vec<_> = weeks
        .iter()
        .enumerate()
        .map(|(place, week)| {
            let mut cells = vec![html! { (words::outside(&week.week)) }, words::date(week.from)];
            cells.extend(all.iter().filter_map(|line| line.weeks.get(place)).map(Number::count));
            cells
        })
        .collect();
    Figure {
        id,
        title,
        description: "Lines over the weeks, the oldest on the left. The legend has the newest number of each.",
        legend,
        drawing,
        table: table(title, &heads, &rows),
    }
    .shown()
}
