//! Tables without borders, as wide as the terminal.

use std::fmt::Write;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use runtime::notice::clean;

use super::paint::{self, paint};

/// What a column is left at least, where others are not wrapped.
const NARROW: usize = 14;
/// Between two columns.
const GAP: usize = 2;
/// The most characters that a cell is given.
const LONGEST: usize = 2_000;

/// A table with these headings. Text from outside is cleaned; a line of a cell is ended by `\n`.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(heads.iter().copied());
    match width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    for row in rows {
        table.add_row(row.iter().map(|cell| lines(cell)));
    }
    let kept = width.map(|width| kept_whole(heads, rows, width.into())).unwrap_or_default();
    for (nth, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if kept.contains(&nth) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text = table.to_string();
    let mut painted = String::new();
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim_end();
        let first = line.split("  ").next().unwrap_or_default();
        let line = match (nth, paint::of_word(first)) {
            (0, _) => paint(paint::HEAD, line),
            (_, Some(style)) => {
                format!("{}{}", paint(style, first), line.get(first.len()..).unwrap_or_default())
            }
            (_, None) => line.to_owned(),
        };
        painted.push_str(&line);
        painted.push('\n');
    }
    painted
}

/// The columns that are not wrapped, the narrowest first, as long as all others keep some room: an id
/// that is broken in two cannot be copied.
fn kept_whole(heads: &[&str], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    let wide = |text: &str| text.split('\n').map(|line| line.chars().count()).max().unwrap_or(0);
    let natural = |nth: usize, head: &str| {
        rows.iter()
            .filter_map(|row| row.get(nth))
            .map(|cell| wide(cell))
            .fold(wide(head), usize::max)
    };
    let mut columns: Vec<_> =
        heads.iter().enumerate().map(|(nth, head)| (natural(nth, head) + GAP, nth)).collect();
    columns.sort_unstable();
    let (mut taken, mut left, mut kept) = (0, columns.len(), Vec::new());
    for (natural, nth) in columns {
        left -= 1;
        if taken + natural + left * NARROW > width {
            break;
        }
        taken += natural;
        kept.push(nth);
    }
    kept
}

fn lines(cell: &str) -> String {
    let lines: Vec<_> = cell.split('\n').map(|line| clean(line, LONGEST)).collect();
    lines.join("\n")
}

/// Names and what they are, one a line.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let pairs = || pairs.iter().filter(|(_, value)| !value.is_empty());
    let widest = pairs().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, value) in pairs() {
        let mut lines = value.split('\n');
        let first = clean(lines.next().unwrap_or_default(), LONGEST);
        let _ = writeln!(text, "{}  {first}", paint(paint::HEAD, &format!("{name:widest$}")));
        for line in lines {
            let _ = writeln!(text, "{:widest$}  {}", "", clean(line, LONGEST));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_stand_two_spaces_apart_and_no_line_ends_in_space() {
        let rows = [row(&["fixed", "sg-1", "all"]), row(&["held", "sg-12345", ""])];
        assert_eq!(
            plain(&table(&["outcome", "id", "why"], &rows, None)),
            "outcome  id        why\nfixed    sg-1      all\nheld     sg-12345\n"
        );
    }

    #[test]
    fn a_narrow_terminal_wraps_and_a_pipe_does_not() {
        let long =
            "it is kept by cloudformation (stack shop), which would put it back: mend it there";
        let rows = [row(&["held", long])];
        let narrow = plain(&table(&["outcome", "why"], &rows, Some(60)));
        assert!(narrow.lines().count() > 2, "{narrow}");
        assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
        assert_eq!(plain(&table(&["outcome", "why"], &rows, None)).lines().count(), 2);
    }

    #[test]
    fn ids_stay_in_one_piece_as_long_as_there_is_room() {
        let why = "it is kept by cloudformation, which would put it back: mend it there";
        let rows = [row(&["held", "sg-20c222927bc077da2", why])];
        assert!(
            plain(&table(&["outcome", "id", "why"], &rows, Some(60)))
                .contains("sg-20c222927bc077da2  it")
        );
        assert_eq!(kept_whole(&["outcome", "id", "why"], &rows, 60), [0, 1]);
        assert_eq!(kept_whole(&["outcome", "id", "why"], &rows, 40), [0]);
        assert_eq!(kept_whole(&["outcome", "id", "why"], &rows, 200), [0, 1, 2]);
    }

    #[test]
    fn text_from_outside_cannot_forge_a_line_or_a_colour() {
        let rows = [row(&["held", "\u{1b}[2Jx\r\u{202e}y"])];
        let text = table(&["outcome", "why"], &rows, None);
        assert_eq!(plain(&text), "outcome  why\nheld      [2Jx  y\n");
    }

    #[test]
    fn the_word_that_a_line_begins_with_is_coloured() {
        let text = table(&["outcome"], &[row(&["fixed"]), row(&["elsewhere"])], None);
        assert!(text.contains("\u{1b}[32mfixed\u{1b}[0m"), "{text:?}");
        assert!(text.ends_with("elsewhere\n"), "{text:?}");
    }

    #[test]
    fn pairs_line_up_and_empty_ones_are_left_out() {
        let text = pairs(&[
            ("by", "ada".into()),
            ("until", "never\nreally".into()),
            ("why", String::new()),
        ]);
        assert_eq!(plain(&text), "by     ada\nuntil  never\n       really\n");
    }
}
