//! What people type.

/// `text` as one word to a POSIX shell, whatever is in it; plain words stay as they are.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_in_it_is_one_word() {
        for (text, word) in [
            ("web-1", "web-1"),
            (
                "arn:aws:rds:eu-west-1:111122223333:db:web",
                "arn:aws:rds:eu-west-1:111122223333:db:web",
            ),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's $(rm -rf /)", r"'it'\''s $(rm -rf /)'"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }
}
