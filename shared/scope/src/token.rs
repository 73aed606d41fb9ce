//! A text taken apart into its words, without regard to whether it can be read.

use crate::fault::Fault;

/// A word, a string with its quotes, or a single sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// Bytes from the start of the text.
    pub(crate) at: usize,
    pub(crate) text: &'a str,
}

/// The tokens of `text`, without space and comments.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let first = rest.chars().next()?;
            if rest.starts_with("//") {
                at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                continue;
            }
            let length = match first {
                '"' => string(rest),
                c if is_of_word(c) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
                other => other.len_utf8(),
            };
            let token = Token { at, text: rest.get(..length)? };
            at += length;
            if !first.is_whitespace() {
                return Some(token);
            }
        }
    })
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The length of the string that `text` begins with; all of it, if it does not end.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            c => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}

/// A text that is longer than any policy set needs to be takes time and memory away from work.
const LONGEST: usize = 256 * 1024;
/// Brackets within brackets: Cedar's parser takes a piece of the stack for each.
const DEEPEST: usize = 16;
/// Each `if` of a policy may stand within another.
const MOST_IFS: usize = 64;

/// What makes `text` too much to be read with the stack and time there are.
pub(crate) fn excess(text: &str) -> Option<Fault> {
    let fault = |at, message: String, hint: &str| {
        Some(Fault { offset: Some(at), message, hint: Some(hint.into()) })
    };
    if text.len() > LONGEST {
        let message = format!("the policies are longer than {LONGEST} bytes");
        return fault(0, message, "say the same of many things by a tag or a set");
    }
    let (mut depth, mut ifs) = (0_usize, 0);
    for token in tokens(text) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "if" => ifs += 1,
            ";" => (depth, ifs) = (0, 0),
            _ => {}
        }
        if depth > DEEPEST {
            let message = format!("more than {DEEPEST} brackets within each other");
            return fault(token.at, message, "split the policy in two");
        }
        if ifs > MOST_IFS {
            let message = format!("more than {MOST_IFS} times `if` in one policy");
            return fault(token.at, message, "split the policy in two");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_into_words_strings_and_signs() {
        for (text, expected) in [
            ("", &[][..]),
            ("a_1.b(\"c d\")==2;", &["a_1", ".", "b", "(", "\"c d\"", ")", "=", "=", "2", ";"]),
            ("a // \"b\n\"//\" /c", &["a", "\"//\"", "/", "c"]),
            ("// a\rb", &["b"]),
            (r#""\"\\" "é"#, &[r#""\"\\""#, "\"é"]),
            ("ä\u{a0}b", &["ä", "b"]),
        ] {
            let found: Vec<&str> = tokens(text).map(|token| token.text).collect();
            assert_eq!(found, expected, "{text}");
            assert!(tokens(text).all(|t| text[t.at..].starts_with(t.text)), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_too_much_is_refused_before_it_is_read() {
        let deep = |n: usize| "(".repeat(n) + &")".repeat(n);
        for (text, expected) in [
            (deep(16), None),
            (deep(17), Some(16)),
            (format!("\"{}\"", deep(17)), None),
            (deep(16) + &deep(16), None),
            ("(".repeat(9) + ";" + &"(".repeat(9), None),
            ("if ".repeat(64), None),
            ("if ".repeat(65), Some(192)),
            (" ".repeat(LONGEST + 1), Some(0)),
        ] {
            assert_eq!(excess(&text).and_then(|fault| fault.offset), expected, "{text:.40}");
        }
    }
}
