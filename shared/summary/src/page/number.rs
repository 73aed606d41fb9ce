//! Numbers, as the page writes them. Each says which number of the JSON it is, so that the two can be compared.

use maud::{Markup, html};

/// A number of the report, and where it stands in its JSON (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) at: String,
    pub(super) value: i128,
}

impl Number {
    pub(super) fn new(at: impl Into<String>, value: impl Into<i128>) -> Self {
        Self { at: at.into(), value: value.into() }
    }

    /// Within text.
    pub(super) fn count(&self) -> Markup {
        html! { span data-n=(self.at) { (thousands(self.value)) } }
    }

    /// Within text: seconds, as people say them.
    pub(super) fn duration(&self) -> Markup {
        html! { span data-n=(self.at) data-as="duration" { (duration(self.value)) } }
    }

    /// Within a text of a chart.
    pub(super) fn count_drawn(&self) -> Markup {
        html! { tspan data-n=(self.at) { (thousands(self.value)) } }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.value == 0
    }

    /// `one` if it is one, else `many`.
    pub(super) fn of<'a>(&self, one: &'a str, many: &'a str) -> &'a str {
        if self.value == 1 { one } else { many }
    }

    /// For drawing.
    #[expect(clippy::cast_precision_loss, reason = "nobody sees a millionth of a bar")]
    pub(super) fn size(&self) -> f64 {
        self.value.max(0) as f64
    }
}

/// `12,345`.
pub(super) fn thousands(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::from(if value < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `2 h 5 min`: two units at most, cut, not rounded.
pub(super) fn duration(seconds: i128) -> String {
    const UNITS: [(i128, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let Some(place) = UNITS.iter().position(|(unit, _)| seconds >= *unit) else {
        return "0 s".to_owned();
    };
    let [(unit, word), rest @ ..] = &UNITS[place..] else { return String::new() };
    let whole = format!("{} {word}", thousands(seconds / unit));
    match rest.first().map(|(unit_below, word)| (seconds % unit / unit_below, word)) {
        None | Some((0, _)) => whole,
        Some((below, word)) => format!("{whole} {below} {word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (value, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
            (-4_200, "-4,200"),
        ] {
            assert_eq!(thousands(value), text);
        }
    }

    #[test]
    fn times_have_two_units_at_most() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "1 min 1 s"),
            (3_661, "1 h 1 min"),
            (7_200, "2 h"),
            (180_000, "2 d 2 h"),
            (86_400 * 1_200, "1,200 d"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn a_number_says_where_it_stands_and_is_escaped() {
        assert_eq!(
            Number::new("/open/total", 1_234u64).count().into_string(),
            r#"<span data-n="/open/total">1,234</span>"#
        );
    }
}
