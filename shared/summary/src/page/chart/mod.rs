//! Charts, as inline SVG. Each is drawn 400 units wide, which is about what it gets on a phone and beside another one
//! on a desk, so that its letters keep their size.

mod bars;
mod columns;
mod lines;
mod ranges;
mod severity;

use maud::{Markup, html};

pub(super) use bars::{Bar, bars, stacked};
pub(super) use columns::columns;
pub(super) use lines::{Line, lines};
pub(super) use ranges::{Range, ranges};
pub(super) use severity::{legend, level};

/// How wide a chart is drawn.
const WIDTH: f64 = 400.0;

/// A chart with its heading, and below it the same numbers as a table.
pub(super) struct Figure<'a> {
    /// Of this page only.
    pub(super) id: &'a str,
    /// What it shows.
    pub(super) title: &'a str,
    /// How it shows that, for who cannot see it. Has no numbers: the table has them.
    pub(super) description: &'a str,
    /// What its colours and patterns mean.
    pub(super) legend: Markup,
    /// How high it is, and what is drawn.
    pub(super) drawing: (f64, Markup),
    /// The same numbers.
    pub(super) table: Markup,
}

impl Figure<'_> {
    pub(super) fn shown(&self) -> Markup {
        let (height, drawing) = &self.drawing;
        let (title, description) = (format!("{}-title", self.id), format!("{}-about", self.id));
        html! {
            figure {
                h3 { (self.title) }
                svg role="img" aria-labelledby=(title) aria-describedby=(description)
                    viewBox=(format!("0 0 {WIDTH} {}", px(*height))) {
                    title id=(title) { (self.title) }
                    desc id=(description) { (self.description) }
                    (drawing)
                }
                (self.legend)
                details {
                    summary { "In numbers" span.unseen { ": " (self.title) } }
                    (self.table)
                }
            }
        }
    }
}

/// A length, to a tenth: a page has thousands of them.
fn px(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// `text` if it fits into so many letters, else its beginning. The table has all of it.
fn fitted(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The next round number from `most` on: 1, 2, 5, 10, 20, 50 and so on.
fn round_up(most: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for part in [1.0, 2.0, 4.0, 5.0, 10.0] {
            if step * part >= most {
                return step * part;
            }
        }
        step *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        for (length, text) in
            [(0.0, "0"), (12.0, "12"), (12.34, "12.3"), (99.96, "100"), (10.0, "10")]
        {
            assert_eq!(px(length), text);
        }
    }

    #[test]
    fn long_names_are_cut_by_letters() {
        assert_eq!(fitted("web", 3), "web");
        assert_eq!(fitted("the web team", 5), "the…");
        assert_eq!(fitted("äöüß", 3), "äö…");
    }

    #[test]
    fn axes_end_at_round_numbers() {
        for (most, end) in [(0.0, 1.0), (1.0, 1.0), (3.0, 4.0), (41.0, 50.0), (101.0, 200.0)] {
            assert!((round_up(most) - end).abs() < 1e-9, "{most}");
        }
    }
}
