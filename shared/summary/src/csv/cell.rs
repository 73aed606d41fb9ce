//! Cells and rows.

use std::{
    borrow::Cow,
    io::{Result, Write},
};

use chrono::SecondsFormat;
use remedy::Timestamp;
use runtime::notice::clean;

/// Characters of a cell.
const LONGEST: usize = 2_000;

/// A table that is being written.
pub(super) struct Table<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    pub(super) fn new(out: W, columns: &[&str]) -> Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(columns)?;
        Ok(Self { out })
    }

    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cow<'a, str>>) -> Result<()> {
        let cells = cells.into_iter();
        for cell in cells {
            self.out.write_field(cell.as_bytes())?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    pub(super) fn finish(self) -> Result<W> {
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Text from outside: on one line, and no formula.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    let cell = clean(text, LONGEST);
    if is_formula(text) || is_formula(&cell) { format!("'{cell}").into() } else { cell.into() }
}

/// Whether a spreadsheet may compute it: also behind blanks, and with the wide characters of East Asia.
fn is_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// The same of what may not be known.
pub(super) fn maybe(value: Option<&str>) -> Cow<'_, str> {
    text(value.unwrap_or_default())
}

/// A time, if there is one.
pub(super) fn time(at: Option<Timestamp>) -> Cow<'static, str> {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_compute_is_text() {
        for (from_outside, expected) in [
            ("sg-1", "sg-1"),
            ("", ""),
            ("a=b", "a=b"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum(A1)", "'@sum(A1)"),
            ("\t=1", "' =1"),
            ("\rx", "' x"),
            ("\nx", "' x"),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "' =1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("two\nlines", "two lines"),
            ("\u{202e}fdp", " fdp"),
        ] {
            assert_eq!(text(from_outside), expected, "{from_outside:?}");
        }
    }
}
