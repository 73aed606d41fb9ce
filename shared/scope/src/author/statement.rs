//! A text taken apart into its policies, without regard to whether they can be read.

use crate::token::tokens;

/// One policy, without the space and comments around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement<'a> {
    /// Bytes from the start of the whole text.
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

impl<'a> Statement<'a> {
    /// Every policy of `text`; what follows the last semicolon counts as one that is not finished.
    pub(crate) fn all(text: &'a str) -> Vec<Self> {
        let mut found = Vec::new();
        let mut begun: Option<(usize, usize)> = None;
        let statement = |start, end| text.get(start..end).map(|text| Self { start, text });
        for token in tokens(text) {
            let (start, end) =
                (begun.map_or(token.at, |(start, _)| start), token.at + token.text.len());
            begun = Some((start, end));
            if token.text == ";" {
                found.extend(statement(start, end));
                begun = None;
            }
        }
        found.extend(begun.and_then(|(start, end)| statement(start, end)));
        found
    }

    /// Where an annotation of it stands, in bytes from the start of the whole text.
    pub(crate) fn annotation(&self, name: &str) -> Option<usize> {
        let mut mark = None;
        for token in tokens(self.text) {
            if mark.is_some() && token.text == name {
                return mark.map(|at: usize| self.start + at);
            }
            mark = (token.text == "@").then_some(token.at);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_at_semicolons_outside_strings_and_comments() {
        for (text, expected) in [
            ("", &[][..]),
            (" // nothing; at all", &[]),
            ("a; b;", &[(0, "a;"), (3, "b;")]),
            ("// x;\na;\r// y;\rb // z", &[(6, "a;"), (15, "b")]),
            (
                r#"@reason("no; \"really\";") a;b"#,
                &[(0, r#"@reason("no; \"really\";") a;"#), (29, "b")],
            ),
            ("a \"b;c", &[(0, "a \"b;c")]),
            ("é;\u{a0}b;", &[(0, "é;"), (5, "b;")]),
            ("\"\\", &[(0, "\"\\")]),
        ] {
            let found: Vec<_> = Statement::all(text).iter().map(|s| (s.start, s.text)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn an_annotation_is_found_by_its_whole_name() {
        let text = "x; // @id\n@reason(\"@id\") @ids(\"\") @ id(\"a\") permit (principal, action, resource);";
        let statements = Statement::all(text);
        assert_eq!(statements[1].annotation("id"), text.find("@ id"));
        assert_eq!(statements[1].annotation("reason"), text.find("@reason"));
        assert_eq!(statements[1].annotation("mode"), None);
    }
}
