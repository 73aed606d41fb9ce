//! Ranges: from the time that half took to the one that nine of ten took, on a scale that gives a minute and a month
//! room.

use maud::{Markup, html};

use super::super::number::Number;
use super::{WIDTH, fitted, px};

const STEP: f64 = 14.0;
const LEFT: f64 = 8.0;
const ROOM: f64 = WIDTH - 2.0 * LEFT;
/// What is marked on the scale.
const MARKS: [(f64, &str); 5] = [
    (60.0, "1 min"),
    (3_600.0, "1 h"),
    (86_400.0, "1 d"),
    (604_800.0, "1 wk"),
    (2_592_000.0, "30 d"),
];

/// How long something took.
pub(in super::super) struct Range {
    /// Whose times they are: the class that it is drawn in.
    pub(in super::super) class: &'static str,
    pub(in super::super) median: Number,
    pub(in super::super) p90: Number,
}

/// One line a range, under the name of its group.
pub(in super::super) fn ranges(groups: &[(String, Vec<Range>)]) -> (f64, Markup) {
    let most = groups
        .iter()
        .flat_map(|(_, ranges)| ranges)
        .map(|range| reach(range.p90.size()))
        .fold(reach(3_600.0), f64::max);
    let scale = ROOM / most;
    let mut y = 16.0;
    let mut drawn = Vec::new();
    for (name, ranges) in groups {
        y += 16.0;
        drawn.push(html! { text.text x="0" y=(px(y)) { (fitted(name, 50)) } });
        y -= 1.0;
        for range in ranges {
            y += STEP;
            drawn.push(one(range, scale, y));
        }
        y += 9.0;
    }
    let drawing = html! {
        g aria-hidden="true" {
            @for (seconds, name) in MARKS {
                @let x = LEFT + reach(seconds) * scale;
                @if x <= WIDTH - LEFT {
                    path.grid d=(format!("M{} 16V{}", px(x), px(y))) {}
                    text.middle.quiet x=(px(x)) y="11" { (name) }
                }
            }
        }
        @for line in drawn { (line) }
    };
    (y + 2.0, drawing)
}

/// How far a time reaches: the logarithm of its minutes, and nothing for nothing.
fn reach(seconds: f64) -> f64 {
    (seconds / 60.0).ln_1p()
}

fn one(range: &Range, scale: f64, y: f64) -> Markup {
    let at = |number: &Number| LEFT + reach(number.size()) * scale;
    let (from, to) = (at(&range.median), at(&range.p90));
    html! {
        g class=(range.class) {
            path.span d=(format!("M{} {}H{}", px(from), px(y), px(to))) {}
            circle.dot cx=(px(from)) cy=(px(y)) r="4"
                data-n=(range.median.at) data-as="length" data-along="cx" data-base=(LEFT) data-scale="log" {}
            rect.end x=(px(to)) y=(px(y - 5.0)) width="2.5" height="10"
                data-n=(range.p90.at) data-as="length" data-along="x" data-base=(LEFT) data-scale="log" {}
        }
    }
}
