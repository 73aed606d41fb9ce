//! Text that is safe within a page.

use runtime::notice::clean;

/// `text` on one line, with nothing in it that a browser would take for more than text. For elements and
/// for quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    for letter in clean(text, 5_000).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// A link, if `to` is a page of AWS's console; else only its words.
pub(crate) fn link(to: Option<&str>, words: &str) -> String {
    match to.filter(|to| to.starts_with("https://")) {
        Some(to) => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(to), escape(words)),
        None => escape(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        for (text, escaped) in [
            ("web", "web"),
            ("<script>", "&lt;script&gt;"),
            ("a & b", "a &amp; b"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
            ("one\ntwo\u{202e}", "one two "),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }

    #[test]
    fn only_pages_are_linked() {
        assert_eq!(link(None, "<x>"), "&lt;x&gt;");
        assert_eq!(link(Some("javascript:alert(1)"), "x"), "x");
        assert_eq!(
            link(Some("https://a/?b=1&c=\"2"), "x"),
            "<a href=\"https://a/?b=1&amp;c=&quot;2\" rel=\"noreferrer\">x</a>"
        );
    }
}
