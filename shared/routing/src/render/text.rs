//! Text from outside, made harmless for every channel; each channel escapes what it reads as markup.

use runtime::notice::clean;

/// Pages of AWS itself.
const PAGES: [&str; 3] = ["aws.amazon.com", "docs.aws.amazon.com", "docs.amazonaws.cn"];

/// Web consoles; also one of a Region, or of a session.
const CONSOLES: [&str; 4] = [
    "console.aws.amazon.com",
    "console.amazonaws.cn",
    "console.amazonaws-us-gov.com",
    "console.amazonaws-eusc.eu",
];

/// What some channel could take for the end of a link.
const UNLINKED: &[u8] = b"\"'`<>\\^{|}()[]*";

/// `url`, if it leads to a page of AWS, and no channel can take it for anything but a link.
pub(super) fn allowed(url: &str) -> Option<&str> {
    let host = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let is_console = |domain: &&str| {
        let before = host.strip_suffix(*domain);
        before.is_some_and(|before| before.is_empty() || is_subdomain(before))
    };
    let is_aws = PAGES.contains(&host) || CONSOLES.iter().any(is_console);
    let is_plain = url.len() <= 2_000
        && url.matches("://").count() == 1
        && url.bytes().all(|byte| byte.is_ascii_graphic() && !UNLINKED.contains(&byte));
    (is_aws && is_plain).then_some(url)
}

/// Labels, each with its dot.
fn is_subdomain(before: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    before.strip_suffix('.').is_some_and(|labels| labels.split('.').all(is_label))
}

/// `text` on one line, at most `most` characters, and without addresses that a channel would make a link of:
/// all but those of AWS are written as `https[:]//`.
pub(super) fn prose(text: &str, most: usize) -> String {
    let line = clean(text, usize::MAX);
    let words: Vec<_> = line.split(' ').map(unlinked).collect();
    clean(words.join(" ").trim(), most)
}

fn unlinked(word: &str) -> String {
    let is_around = |c: char| "\"'(),.;:<>[]".contains(c);
    match word.contains("://") && allowed(word.trim_matches(is_around)).is_none() {
        true => word.replace("://", "[:]//"),
        false => word.to_owned(),
    }
}

/// The name of a record or a case: letters, digits, dots and dashes.
pub(super) fn name(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).take(40).collect()
}

/// An ARN, if nothing in it can be taken for markup.
pub(super) fn arn(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'&' && !UNLINKED.contains(&byte);
    let is_arn = text.starts_with("arn:") && !text.contains("://") && text.len() <= 1_000;
    (is_arn && text.bytes().all(is_plain)).then_some(text)
}

/// `text` in lines of at most `width` characters, where its words allow it.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let long = line.chars().count() + 1 + word.chars().count() > width;
        if long && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_pages_of_aws_are_linked() {
        for url in [
            "https://console.aws.amazon.com/ec2",
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Settings:",
            "https://111122223333-abc.eu-west-1.console.aws.amazon.com/",
            "https://cn-north-1.console.amazonaws.cn/x",
            "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
            "https://aws.amazon.com",
        ] {
            assert_eq!(allowed(url), Some(url));
        }
        for url in [
            "",
            "http://console.aws.amazon.com/",
            "https://console.aws.amazon.com.evil.example/",
            "https://console.aws.amazon.com@evil.example/",
            "https://evil.example/console.aws.amazon.com",
            "https://evil.example#.console.aws.amazon.com",
            "https://evil.example\\.console.aws.amazon.com",
            "https://evilconsole.aws.amazon.com/",
            "https://.console.aws.amazon.com/",
            "https://a..console.aws.amazon.com/",
            "https://console.aws.amazon.com:8443/",
            "https://bucket.s3.amazonaws.com/",
            "https://console.aws.amazon.com/a|b",
            "https://console.aws.amazon.com/a>b",
            "https://console.aws.amazon.com/a)b",
            "https://console.aws.amazon.com/a b",
            "https://console.aws.amazon.com/\u{e4}",
            "javascript:alert(1)",
        ] {
            assert_eq!(allowed(url), None, "{url}");
        }
    }

    #[test]
    fn other_addresses_are_no_links_any_more() {
        for (given, expected) in [
            ("see https://evil.example/x now", "see https[:]//evil.example/x now"),
            ("a\nb\thttp://x", "a b http[:]//x"),
            ("(see https://docs.aws.amazon.com/x).", "(see https://docs.aws.amazon.com/x)."),
            ("[AWS](https://docs.aws.amazon.com/x)", "[AWS](https[:]//docs.aws.amazon.com/x)"),
            (
                "https://docs.aws.amazon.com/,https://e.x",
                "https[:]//docs.aws.amazon.com/,https[:]//e.x",
            ),
        ] {
            assert_eq!(prose(given, 100), expected);
        }
    }

    #[test]
    fn prose_is_wrapped_between_words_and_long_words_stay_whole() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("arn:aws:iam::1:user/x y", 5), ["arn:aws:iam::1:user/x", "y"]);
        assert_eq!(wrapped("  ", 5), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn prose_is_one_line_and_no_longer_than_it_may_be(text in ".{0,200}", most in 3usize..200) {
            let line = prose(&text, most);
            prop_assert!(line.chars().count() <= most);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
