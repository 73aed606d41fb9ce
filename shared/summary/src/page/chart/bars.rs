//! Horizontal bars: one a line, under its name.

use maud::{Markup, html};

use super::super::number::Number;
use super::severity::{SEVERITIES, pattern, word};
use super::{WIDTH, fitted, px};

/// From one bar's name to the next one's.
const STEP: f64 = 38.0;
const THICK: f64 = 11.0;

/// One bar.
pub(in super::super) struct Bar {
    /// Text from outside.
    pub(in super::super) name: String,
    pub(in super::super) total: Number,
}

/// Bars, each of the colour of its class.
pub(in super::super) fn bars(rows: &[(&str, Bar)]) -> (f64, Markup) {
    let scale = scale(rows.iter().map(|(_, row)| &row.total));
    drawn(rows.iter().map(|(class, row)| {
        let bar = html! {
            rect class=(class) y="19" height=(THICK) width=(px(row.total.size() * scale))
                data-n=(row.total.at) data-as="length" {}
        };
        (row, bar)
    }))
}

/// Bars divided by severity, the worst first.
pub(in super::super) fn stacked(rows: &[(Bar, [Number; 5])]) -> (f64, Markup) {
    let scale = scale(rows.iter().map(|(row, _)| &row.total));
    drawn(rows.iter().map(|(row, parts)| (row, divided(parts, scale, 19.0, THICK))))
}

/// One bar, divided by severity.
fn divided(parts: &[Number; 5], scale: f64, y: f64, thick: f64) -> Markup {
    let mut x = 0.0;
    let mut pieces = Vec::new();
    for (severity, part) in SEVERITIES.into_iter().zip(parts) {
        if part.is_zero() {
            continue;
        }
        let wide = part.size() * scale;
        pieces.push(html! {
            rect class=(word(severity)) x=(px(x)) y=(y) width=(px(wide)) height=(thick)
                data-n=(part.at) data-as="length" {}
            (pattern(severity, x, y, wide, thick))
        });
        x += wide;
        // A gap, where the piece is not lost by it.
        if wide > 4.0 {
            pieces.push(html! { rect.gap x=(px(x - 1.5)) y=(y) width="1.5" height=(thick) {} });
        }
    }
    html! { @for piece in pieces { (piece) } }
}

fn scale<'a>(totals: impl Iterator<Item = &'a Number>) -> f64 {
    WIDTH / totals.map(Number::size).fold(1.0, f64::max)
}

fn drawn<'a>(rows: impl Iterator<Item = (&'a Bar, Markup)>) -> (f64, Markup) {
    let rows: Vec<_> = rows.collect();
    #[expect(clippy::cast_precision_loss, reason = "a chart has a dozen lines")]
    let height = |lines: usize| lines as f64 * STEP;
    let drawing = html! {
        @for (line, (row, bar)) in rows.iter().enumerate() {
            g transform=(format!("translate(0 {})", px(height(line)))) {
                text.text y="12" { (fitted(&row.name, 46)) }
                text.total x=(WIDTH) y="12" { (row.total.count_drawn()) }
                (bar)
            }
        }
    };
    (height(rows.len()) - 4.0, drawing)
}
