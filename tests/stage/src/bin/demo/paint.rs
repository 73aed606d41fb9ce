//! What is shown: in colour on a terminal, plain elsewhere, never wider than a page.

use std::{env, io::IsTerminal};

/// Columns.
pub(crate) const WIDTH: usize = 100;

/// How things look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    color: bool,
}

impl Paint {
    /// In colour where people see it and do not mind.
    #[expect(clippy::disallowed_methods, reason = "NO_COLOR is a matter of the terminal")]
    pub(crate) fn new() -> Self {
        let minds = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { color: std::io::stdout().is_terminal() && !minds }
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }
    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }
    pub(crate) fn good(self, text: &str) -> String {
        self.with("1;32", text)
    }
    pub(crate) fn bad(self, text: &str) -> String {
        self.with("1;31", text)
    }
    /// What is gone.
    pub(crate) fn struck(self, text: &str) -> String {
        self.with("9;31", text)
    }
    /// What came.
    pub(crate) fn new_line(self, text: &str) -> String {
        self.with("32", text)
    }

    /// How something ended.
    pub(crate) fn outcome(self, word: &str) -> String {
        let code = match word {
            "fixed" => "1;32",
            "held" => "1;33",
            "right" | "gone" | "ignored" => "1;36",
            _ => "1;31",
        };
        self.with(code, word)
    }

    /// A headline.
    pub(crate) fn title(self, text: &str) {
        let line = "-".repeat(WIDTH.saturating_sub(text.chars().count() + 4));
        println!("\n{} {} {}", self.dim("--"), self.bold(text), self.dim(&line));
    }
}

/// A paragraph.
pub(crate) fn say(text: &str) {
    for line in wrapped(&format!("  {text}"), WIDTH, "  ") {
        println!("{line}");
    }
}

/// `text` in lines of at most `width`: the first begins as it does, the others with `indent`. Words that
/// are longer than a line are cut.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let words = text.trim_start();
    let mut lines = Vec::new();
    let mut line = text[..text.len() - words.len()].to_owned();
    let mut is_new = true;
    for word in words.split(' ') {
        let mut letters: Vec<char> = word.chars().collect();
        while line.chars().count() + usize::from(!is_new) + letters.len() > width {
            if is_new {
                let room = width.saturating_sub(line.chars().count()).max(1);
                line.extend(letters.drain(..room));
            }
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            is_new = true;
        }
        line.extend((!is_new).then_some(' ').into_iter().chain(letters));
        is_new = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_longer_than_the_page() {
        assert_eq!(wrapped("a bc def", 4, ""), ["a bc", "def"]);
        assert_eq!(wrapped("  a bc def", 7, "    "), ["  a bc", "    def"]);
        assert_eq!(
            wrapped("abcdefgh ij", 4, " "),
            ["abcd", " efg", " h", " ij"].map(str::to_owned)
        );
        assert_eq!(wrapped("", 4, ""), [""]);
    }
}
