//! What is wrong in a text, where, and what to do, as compilers say it.

use std::fmt::Write;

use runtime::notice::clean;
use scope::author::Problem;

use super::paint::{self, paint};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// It cannot be used.
    Error,
    /// It is probably not meant.
    Warning,
}

/// `problem` in the file `name` with this text.
pub(crate) fn problem(grade: Grade, problem: &Problem, name: &str, text: &str) -> String {
    let (word, style) = match grade {
        Grade::Error => ("error", paint::BAD),
        Grade::Warning => ("warning", paint::WAITS),
    };
    let Problem { line, column, message, hint } = problem;
    let mut out = String::new();
    let message = clean(message, 1_000);
    let _ = writeln!(out, "{}: {}", paint(style, word), paint(paint::HEAD, &message));
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let _ = writeln!(out, "{margin}--> {}:{line}:{column}", clean(name, 500));
    let source = line.checked_sub(1).and_then(|nth| text.lines().nth(nth)).unwrap_or_default();
    if !source.trim().is_empty() {
        // A tab is one letter to whoever counts columns, and must be as wide under the caret.
        let shown = clean(&source.replace('\t', " "), 200);
        let caret = " ".repeat(column.saturating_sub(1));
        let _ = writeln!(out, "{margin} |");
        let _ = writeln!(out, "{number} | {shown}");
        let _ = writeln!(out, "{margin} | {caret}{}", paint(style, "^"));
    }
    if let Some(hint) = hint {
        let _ = writeln!(out, "{margin} = {}: {}", paint(paint::NOTE, "hint"), clean(hint, 1_000));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(grade: Grade, at: (usize, usize), hint: Option<&str>, text: &str) -> String {
        let it = Problem {
            line: at.0,
            column: at.1,
            message: "there is no `resouce`".into(),
            hint: hint.map(str::to_owned),
        };
        anstream::adapter::strip_str(&problem(grade, &it, "p.cedar", text)).to_string()
    }

    #[test]
    fn a_problem_points_at_its_place() {
        assert_eq!(
            plain(
                Grade::Error,
                (2, 8),
                Some("did you mean `resource`?"),
                "permit (\n\twhen { resouce };\n"
            ),
            "error: there is no `resouce`\n --> p.cedar:2:8\n  |\n2 |  when { resouce };\n  |        ^\n  \
             = hint: did you mean `resource`?\n"
        );
    }

    #[test]
    fn a_place_that_is_not_there_shows_no_line() {
        assert_eq!(
            plain(Grade::Warning, (9, 1), None, "permit"),
            "warning: there is no `resouce`\n --> p.cedar:9:1\n"
        );
    }
}
