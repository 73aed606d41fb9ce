//! Lines over weeks. Each has a colour, a dash and a mark of its own.

use maud::{Markup, html};

use super::super::number::Number;
use super::{WIDTH, px, round_up};
use crate::page::number::thousands;

const TOP: f64 = 12.0;
const DEEP: f64 = 150.0;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 8.0;

/// What is followed week by week.
pub(in super::super) struct Line {
    /// Its class: colour and dash.
    pub(in super::super) class: &'static str,
    /// What it is called in the legend.
    pub(in super::super) name: &'static str,
    /// The oldest first.
    pub(in super::super) weeks: Vec<Number>,
}

/// The lines, and what they mean, with the newest number of each.
pub(in super::super) fn lines(all: &[Line], names: &[String]) -> (Markup, (f64, Markup)) {
    let legend = html! {
        ul.legend {
            @for line in all {
                li {
                    svg.stroke aria-hidden="true" viewBox="0 0 24 12" {
                        g class=(line.class) { path.run d="M0 6H24" {} (mark(line.class, 12.0, 6.0, 1.0, None)) }
                    }
                    span { (line.name) @if let Some(last) = line.weeks.last() { " " b { (last.count()) } } }
                }
            }
        }
    };
    (legend, drawn(all, names))
}

fn drawn(all: &[Line], names: &[String]) -> (f64, Markup) {
    let most = all.iter().flat_map(|line| &line.weeks).map(Number::size).fold(0.0, f64::max);
    let end = round_up(most);
    let ground = TOP + DEEP;
    let count = names.len();
    #[expect(clippy::cast_precision_loss, reason = "there are not that many weeks")]
    let x = |week: usize| LEFT + (WIDTH - LEFT - RIGHT) * week as f64 / (count.max(2) - 1) as f64;
    let y = |number: &Number| ground - number.size() / end * DEEP;
    let small = if count > 20 { 0.6 } else { 0.85 };
    let drawing = html! {
        g aria-hidden="true" {
            @for (part, value) in [(0.0, 0.0), (0.5, end / 2.0), (1.0, end)] {
                @if value.fract() == 0.0 {
                    path class=(if part == 0.0 { "axis" } else { "grid" })
                        d=(format!("M{LEFT} {}H{WIDTH}", px(ground - part * DEEP))) {}
                    text.last.quiet x=(LEFT - 6.0) y=(px(ground - part * DEEP + 4.0)) { (tick(value)) }
                }
            }
            @if let (Some(first), Some(last)) = (names.first(), names.last()) {
                text.quiet x=(LEFT) y=(ground + 18.0) { (first) }
                @if count > 1 { text.last.quiet x=(WIDTH) y=(ground + 18.0) { (last) } }
            }
        }
        @for line in all {
            g class=(line.class) {
                polyline.run points=(
                    line.weeks.iter().enumerate().map(|(week, number)| format!("{},{}", px(x(week)), px(y(number))))
                        .collect::<Vec<_>>().join(" ")
                ) {}
                @for (week, number) in line.weeks.iter().enumerate() {
                    (mark(line.class, x(week), y(number), small, Some((number, ground))))
                }
            }
        }
    };
    (ground + 24.0, drawing)
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number that came from one")]
fn tick(value: f64) -> String {
    thousands(value as i128)
}

/// A mark whose form tells the lines apart: a dot, or a square set around the same place.
fn mark(class: &str, x: f64, y: f64, size: f64, number: Option<(&Number, f64)>) -> Markup {
    // The number is measured at the middle of the dot that is in every mark.
    let r = 3.4 * size;
    html! {
        @match class {
            "people" => { path.form d=(format!("M{} {}h{d}v{d}h-{d}z", px(x - r), px(y - r), d = px(2.0 * r))) {} }
            "held" => { path.form d=(format!("M{} {}l{} {}h-{}z", px(x), px(y - r * 1.3), px(r * 1.2), px(r * 2.2), px(r * 2.4))) {} }
            "kintsugi" => { path.form d=(format!("M{} {}l{r} {r}l-{r} {r}l-{r} -{r}z", px(x), px(y - r * 1.35), r = px(r * 1.35))) {} }
            _ => {}
        }
        @if let Some((number, ground)) = number {
            circle.dot cx=(px(x)) cy=(px(y)) r=(px(r * 0.9))
                data-n=(number.at) data-as="length" data-along="cy" data-base=(ground) {}
        } @else {
            circle.dot cx=(px(x)) cy=(px(y)) r=(px(r * 0.9)) {}
        }
    }
}
