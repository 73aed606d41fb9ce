//! Columns: one beside the other, each with its number above and its name below.

use maud::{Markup, html};

use super::super::number::Number;
use super::{WIDTH, px};

const TOP: f64 = 20.0;
const DEEP: f64 = 150.0;

/// Columns of one colour. A name is two lines at most.
pub(in super::super) fn columns(rows: &[([&str; 2], Number)], class: &str) -> (f64, Markup) {
    let most = rows.iter().map(|(_, number)| number.size()).fold(1.0, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "a chart has a handful of columns")]
    let step = WIDTH / rows.len().max(1) as f64;
    let ground = TOP + DEEP;
    let mut x = 0.0;
    let mut drawn = Vec::new();
    for (name, number) in rows {
        let high = number.size() / most * DEEP;
        let middle = px(x + step / 2.0);
        drawn.push(html! {
            rect class=(class) x=(px(x + step * 0.12)) y=(px(ground - high)) width=(px(step * 0.76)) height=(px(high))
                data-n=(number.at) data-as="length" data-along="height" {}
            text.middle.total x=(middle) y=(px(ground - high - 6.0)) { (number.count_drawn()) }
            text.middle.quiet x=(middle) y=(px(ground + 17.0)) { (name[0]) }
            text.middle.quiet x=(middle) y=(px(ground + 32.0)) { (name[1]) }
        });
        x += step;
    }
    let drawing = html! {
        path.axis d=(format!("M0 {ground}H{WIDTH}")) {}
        @for column in drawn { (column) }
    };
    (ground + 38.0, drawing)
}
