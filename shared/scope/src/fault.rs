//! Where in a text something is wrong.

use cedar_policy::{ParseErrors, ffi::DetailedError};

/// What is wrong, and where as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Bytes from the start of the text.
    pub(crate) offset: Option<usize>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    /// All that Cedar says of a text it cannot read.
    pub(crate) fn of(errors: &ParseErrors) -> Vec<Self> {
        errors.iter().map(|error| Self::from(DetailedError::from(error))).collect()
    }
}

impl From<DetailedError> for Fault {
    fn from(error: DetailedError) -> Self {
        let label = error.source_locations.into_iter().next();
        let (offset, label) = label.map_or((None, None), |l| (Some(l.loc.start), l.label));
        let message = match label.filter(|label| !error.message.contains(label.as_str())) {
            Some(label) => format!("{}: {label}", error.message),
            None => error.message,
        };
        Self { offset, message, hint: error.help }
    }
}

/// Line and column of a byte in `text`, both counted from 1, columns in letters.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_from_one_and_in_letters() {
        for (text, offset, expected) in [
            ("", 0, (1, 1)),
            ("abc", 2, (1, 3)),
            ("a\nbc", 3, (2, 2)),
            ("é x", 3, (1, 3)),
            ("a\r\nb", 3, (2, 1)),
            ("ab", 99, (1, 3)),
        ] {
            assert_eq!(position(text, offset), expected, "{text:?} {offset}");
        }
    }
}
