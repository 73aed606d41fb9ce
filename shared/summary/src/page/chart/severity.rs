//! Severities: their order, words, colours and patterns. What a colour says, a pattern and a word say too.

use maud::{Markup, html};
use remedy::Severity;

use super::super::number::Number;
use super::px;

/// The worst first.
pub(super) const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Informational];

/// The word for it, which is also its class.
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Informational => "informational",
    }
}

/// The pattern that lies over its colour; the worst has none. Lines with dashes, because a printer takes those for
/// lines, and SVG's own patterns for pictures.
pub(super) fn pattern(severity: Severity, x: f64, y: f64, wide: f64, thick: f64) -> Markup {
    let (class, heavy) = match severity {
        Severity::Critical => return html! {},
        Severity::High => ("stripes", thick),
        Severity::Medium => ("dots", thick * 0.24),
        Severity::Low => ("rule", thick * 0.22),
        Severity::Informational => ("mesh", thick),
    };
    html! {
        path class=(class) stroke-width=(px(heavy)) d=(format!("M{} {}h{}", px(x), px(y + thick / 2.0), px(wide))) {}
    }
}

/// A small square in its colour and pattern.
fn swatch(severity: Severity) -> Markup {
    html! {
        svg.swatch aria-hidden="true" viewBox="0 0 12 12" {
            rect class=(word(severity)) width="12" height="12" {}
            (pattern(severity, 0.0, 0.0, 12.0, 12.0))
        }
    }
}

/// The severity as it stands in a table.
pub(in super::super) fn level(severity: Severity) -> Markup {
    html! { span.level { (swatch(severity)) (word(severity)) } }
}

/// What the colours mean, with how many there are of each.
pub(in super::super) fn legend(numbers: &[Number; 5]) -> Markup {
    html! {
        ul.legend {
            @for (severity, number) in SEVERITIES.into_iter().zip(numbers) {
                li { (swatch(severity)) span { (word(severity)) " " b { (number.count()) } } }
            }
        }
    }
}
