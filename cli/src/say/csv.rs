//! Tables for spreadsheets.

use runtime::notice::clean;

use crate::fail::Fail;

/// The most characters that a cell is given.
const LONGEST: usize = 5_000;

/// A table as CSV.
///
/// # Errors
/// If it cannot be written, which memory always can.
pub(crate) fn csv(heads: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Fail> {
    let wrong =
        |error: &dyn std::fmt::Display| Fail::Failed(format!("could not write CSV: {error}"));
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(heads).map_err(|error| wrong(&error))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| tame(cell))).map_err(|error| wrong(&error))?;
    }
    writer.into_inner().map_err(|error| wrong(&error))
}

/// `cell`, so that no spreadsheet takes it for a formula.
fn tame(cell: &str) -> String {
    let lines: Vec<_> = cell.split('\n').map(|line| clean(line, LONGEST)).collect();
    let cell = lines.join("; ");
    match cell.trim_start().starts_with(['=', '+', '-', '@']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_quoted() {
        for (cell, tamed) in [
            ("web", "web"),
            ("", ""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "' =1"),
            ("a=b", "a=b"),
            ("one\ntwo", "one; two"),
            ("a\u{1b}[2J\rb", "a [2J b"),
        ] {
            assert_eq!(tame(cell), tamed, "{cell:?}");
        }
    }

    #[test]
    fn commas_and_quotes_stay_within_their_cell() {
        let rows = [vec!["a,b".to_owned(), "say \"no\"".to_owned()]];
        let text = String::from_utf8(csv(&["x", "y"], &rows).unwrap()).unwrap();
        assert_eq!(text, "x,y\n\"a,b\",\"say \"\"no\"\"\"\n");
    }
}
