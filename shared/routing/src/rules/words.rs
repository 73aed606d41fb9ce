//! What single words of rules mean: durations, days, addresses.

use chrono::{NaiveDate, TimeDelta};
use remedy::Timestamp;

use super::part::{Reader, Word, shown};

/// A duration such as `30m`, within bounds that are told as such.
pub(super) fn duration(
    reader: &mut Reader<'_>,
    word: Word<'_>,
    [least, most]: [&str; 2],
) -> Option<TimeDelta> {
    let read = read_duration(word.text);
    let bounds = read_duration(least).zip(read_duration(most));
    let fits =
        |time: &TimeDelta| bounds.is_none_or(|(least, most)| *time >= least && *time <= most);
    let text = shown(word.text);
    match read {
        None => {
            let hint = Some("write it like 30m, 12h, 7d or 2w".into());
            reader.wrong(word.at, format!("`{text}` is no duration"), hint);
        }
        Some(time) if !fits(&time) => {
            let why = format!("`{text}` is not from {least} to {most}");
            reader.wrong(word.at, why, None);
        }
        Some(_) => {}
    }
    read.filter(fits)
}

fn read_duration(text: &str) -> Option<TimeDelta> {
    let (at, unit) = text.char_indices().next_back()?;
    let number = text.get(..at)?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = number.parse().ok()?;
    match unit {
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        'w' => TimeDelta::try_weeks(number),
        _ => None,
    }
}

/// The end of a day in UTC.
pub(super) fn end_of_day(text: &str) -> Option<Timestamp> {
    let is_plain = text.len() == 10;
    let day: NaiveDate = is_plain.then(|| text.parse().ok()).flatten()?;
    Some(day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc())
}

/// An address that may be called: https, or http on this machine. Without a slash at its end.
pub(super) fn address(reader: &mut Reader<'_>, word: Word<'_>) -> Option<String> {
    let (host, is_https) = match (host(word.text, "https://"), host(word.text, "http://")) {
        (Some(host), _) => (host, true),
        (None, Some(host)) => (host, false),
        (None, None) => {
            let hint = Some("write it like https://example.com/path".into());
            reader.wrong(word.at, "this is no address that can be called", hint);
            return None;
        }
    };
    if !is_https && !is_loopback(host) {
        reader.wrong(
            word.at,
            "what is sent by http can be read by anybody",
            Some("use https".into()),
        );
        return None;
    }
    Some(word.text.trim_end_matches('/').to_owned())
}

/// The same of a site, whose host ends in one of `domains`.
pub(super) fn site(reader: &mut Reader<'_>, word: Word<'_>, domains: &[&str]) -> Option<String> {
    let site = address(reader, word)?;
    let (scheme, rest) = site.split_once("://")?;
    let host = host(&site, &format!("{scheme}://"))?;
    let is_known = domains.iter().any(|domain| host.ends_with(domain) && host.len() > domain.len());
    if is_loopback(host) || (is_known && rest == host) || is_gateway(rest) {
        return Some(site);
    }
    let domains: Vec<String> = domains.iter().map(|d| format!("https://SPACE{d}")).collect();
    let hint = Some(format!("write it like {}", domains.join(" or ")));
    reader.wrong(word.at, format!("`{}` is no such site", shown(&site)), hint);
    None
}

/// Where Jira Cloud is reached with tokens of limited scope.
fn is_gateway(rest: &str) -> bool {
    rest.strip_prefix("api.atlassian.com/ex/jira/").is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// The host of an address that begins like that, with its port.
fn host<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(scheme)?;
    let host = rest.split(['/', '?', '#']).next()?;
    let name = match host.strip_prefix("[::1]") {
        Some(_) => "localhost",
        None => host.split(':').next()?,
    };
    let is_host = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && !name.starts_with(['.', '-']);
    let port = host.rsplit_once(':').filter(|(before, _)| !before.is_empty() && *before != "[:");
    let is_port = |port: &str| port.ends_with(']') || port.parse::<u16>().is_ok();
    let is_fine = is_host
        && port.is_none_or(|(_, port)| is_port(port))
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'`\\^{|}".contains(&b));
    is_fine.then_some(host)
}

fn is_loopback(host: &str) -> bool {
    let name = host
        .strip_prefix("[::1]")
        .map_or_else(|| host.split(':').next().unwrap_or_default(), |_| "localhost");
    matches!(name, "localhost" | "127.0.0.1")
}

/// The ARN of a topic of SNS.
pub(super) fn topic(reader: &mut Reader<'_>, word: Word<'_>) -> Option<String> {
    let arn = remedy::Arn::parse(word.text)
        .filter(|arn| arn.service == "sns" && is_account(arn.account) && !arn.region.is_empty());
    let is_name =
        |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if arn.is_some_and(|arn| is_name(arn.resource)) {
        return Some(word.text.into());
    }
    let hint = Some("write it like arn:aws:sns:eu-west-1:111122223333:alerts".into());
    reader.wrong(word.at, format!("`{}` is no topic's ARN", shown(word.text)), hint);
    None
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, minutes) in [("1m", 1), ("90m", 90), ("2h", 120), ("1d", 1440), ("1w", 10080)] {
            assert_eq!(read_duration(text), Some(TimeDelta::minutes(minutes)), "{text}");
        }
        for text in [
            "",
            "m",
            "1",
            "1s",
            "-1m",
            "+1m",
            "1.5h",
            "1 h",
            "99999999999999999999d",
            "9223372036854775807w",
            "1é",
        ] {
            assert_eq!(read_duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_ends_when_the_next_begins() {
        assert_eq!(end_of_day("2027-12-31").unwrap().to_rfc3339(), "2028-01-01T00:00:00+00:00");
        for text in ["", "2027-02-29", "2027-1-1", "31.12.2027", "2027-12-31T00:00:00Z"] {
            assert_eq!(end_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn only_https_is_called_or_this_machine() {
        let read = |text| {
            let mut reader = Reader::new(text);
            address(&mut reader, Word { at: 0, text })
        };
        for text in [
            "https://example.com/hook?a=b",
            "https://example.com:8443",
            "http://localhost:8080/x",
            "http://127.0.0.1",
            "http://[::1]:80/x",
        ] {
            assert_eq!(read(text).as_deref(), Some(text));
        }
        assert_eq!(read("https://example.com/").as_deref(), Some("https://example.com"));
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "http://example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost@example.com",
            "https://user:secret@example.com",
            "https://",
            "https:///x",
            "https://a b",
            "https://example.com:x",
            "https://exa\u{6d}ple.com\n",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn sites_are_those_of_the_service() {
        let read = |text, domains: &[&str]| {
            let mut reader = Reader::new(text);
            site(&mut reader, Word { at: 0, text }, domains).is_some()
        };
        for (text, is_one) in [
            ("https://example.atlassian.net", true),
            ("https://example.atlassian.net/", true),
            ("http://127.0.0.1:9000", true),
            ("https://api.atlassian.com/ex/jira/1a2b-3c", true),
            ("https://api.atlassian.com/ex/jira/../x", false),
            ("https://example.atlassian.net/browse", false),
            ("https://.atlassian.net", false),
            ("https://example.atlassian.net.evil.example", false),
            ("https://evil.example", false),
        ] {
            assert_eq!(read(text, &[".atlassian.net"]), is_one, "{text}");
        }
    }
}
