//! What words look like.

use std::net::IpAddr;

/// What stands for everybody, and names nobody.
const EVERYBODY: [&str; 2] = ["0.0.0.0/0", "::/0"];
/// Ends of names of files, which look like names of hosts.
const FILES: [&str; 7] = ["json", "yaml", "yml", "tf", "txt", "js", "cfg"];
/// How credentials of services begin.
const CREDENTIALS: [&str; 9] =
    ["xoxb-", "xoxp-", "xoxa-", "xapp-", "ghp_", "gho_", "github_pat_", "glpat-", "eyJ"];
/// How ids of IAM begin, those of keys first.
const IAM_IDS: [&str; 8] = ["AKIA", "ASIA", "ABIA", "ACCA", "AIDA", "AROA", "AGPA", "AIPA"];

/// Whether it is the name of a control or of a type of finding, which AWS gave. Rules of AWS Config are named
/// by whoever makes them.
pub(crate) fn is_control(word: &str) -> bool {
    let letters = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let capital = |text: &str| text.starts_with(|c: char| c.is_ascii_uppercase()) && letters(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_id = word.split_once('.').is_some_and(|(service, nth)| {
        capital(service) && service.len() <= 30 && nth.len() <= 4 && nth.split('.').all(digits)
    });
    let is_type = word.len() <= 100
        && word.split_once(':').is_some_and(|(purpose, rest)| {
            capital(purpose)
                && rest.split_once('/').is_some_and(|(service, what)| {
                    capital(service) && what.split(['.', '!']).all(capital)
                })
        });
    is_id || is_type
}

/// Whether it says of what kind a resource is.
pub(crate) fn is_kind(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b' ' || b == b':';
    !text.is_empty() && text.len() <= 80 && text.bytes().all(plain) && !has_digits(text, 4)
}

/// Whether it leads somewhere, as `https://host/path?query` does.
pub(super) fn is_address(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.contains("://") || lower.starts_with("www.") || lower.starts_with("//")
}

/// Whether a program that shows it might make a link of it.
pub(super) fn leads_out(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if lower.starts_with("s3://") {
        return false;
    }
    let schemes = ["javascript:", "data:", "vbscript:", "mailto:", "tel:", "file:", "sms:"];
    is_address(word)
        || schemes.iter().any(|scheme| lower.starts_with(scheme))
        || is_mail(&lower)
        || is_host(&lower)
}

fn is_mail(lower: &str) -> bool {
    lower.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
}

/// Whether it begins with the name of a host, whatever follows.
fn is_host(lower: &str) -> bool {
    let (host, path) = lower.split_once('/').unwrap_or((lower, ""));
    let host = host.split_once(':').map_or(host, |(host, _)| host).trim_matches('.');
    let labels: Vec<_> = host.split('.').collect();
    let [.., before, last] = labels.as_slice() else { return false };
    let label =
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let top = last.chars().count() >= 2 && !last.chars().any(|c| c.is_ascii_digit())
        || last.starts_with("xn--");
    // A service, such as `ec2.amazonaws.com`, which policies name.
    let is_principal = path.is_empty() && labels.len() == 3 && host.ends_with(".amazonaws.com");
    let is_file = labels.len() == 2 && FILES.contains(last) && !before.is_empty();
    labels.iter().all(label) && top && !is_principal && !is_file
}

/// Whether it looks like something that opens a door.
pub(super) fn is_credential(word: &str) -> bool {
    let begins = |with: &&str| word.starts_with(*with) && word.len() >= 16;
    if CREDENTIALS.iter().any(begins) || is_iam_id(word) {
        return true;
    }
    // An ARN is long and names things.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b);
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    // Names of AWS's own policies have a digit or two.
    word.len() >= 32 && word.bytes().all(plain) && count(u8::is_ascii_digit) >= 4 && {
        let is_hex = count(u8::is_ascii_hexdigit) == word.len();
        is_hex || count(u8::is_ascii_lowercase) > 0 && count(u8::is_ascii_uppercase) > 0
    }
}

fn is_iam_id(word: &str) -> bool {
    word.len() >= 16
        && IAM_IDS.iter().any(|with| word.starts_with(with))
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Whether it names a record of Kintsugi.
pub(super) fn is_record(word: &str) -> bool {
    let digits = word.strip_prefix("k-").unwrap_or_default();
    digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What takes the place of a word that names something of the account; none: it names nothing.
pub(super) fn of_account(word: &str) -> Option<&'static str> {
    let lower = word.trim_end_matches('.').to_ascii_lowercase();
    if EVERYBODY.contains(&lower.as_str()) || is_control(word) {
        return None;
    }
    if lower.contains("arn:") {
        return Some("[arn]");
    }
    if is_address(word) {
        return Some("[url]");
    }
    if lower.contains('@') {
        return Some("[person]");
    }
    if has_ip(&lower) {
        return Some("[address]");
    }
    if lower.len() == 12 && has_digits(&lower, 12) {
        return Some("[account]");
    }
    if has_digits(&lower, 9) || is_id(&lower) || is_iam_id(word) {
        return Some("[resource]");
    }
    if is_host(&lower) || lower.ends_with(".amazonaws.com") {
        return Some("[host]");
    }
    is_long(&lower).then_some("[resource]")
}

/// Whether a word of a line of our own says no more than what is done, with no name in it.
pub(super) fn is_plain(word: &str) -> bool {
    let word = word.trim_matches(['.', ':', '-', '/']);
    let all = |is: fn(u8) -> bool| word.bytes().all(is);
    let port =
        |text: &str| text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit()) || text == "all";
    let is_ports = word.split_once('/').is_some_and(|(protocol, ports)| {
        ["tcp", "udp", "icmp", "icmpv6"].contains(&protocol) && ports.split('-').all(port)
    });
    all(|b| b.is_ascii_lowercase())
        || word.len() <= 5 && (all(|b| b.is_ascii_uppercase()) || all(|b| b.is_ascii_digit()))
        || is_ports
        || is_control(word)
        || EVERYBODY.contains(&word)
}

fn has_digits(text: &str, most: usize) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= most)
}

/// Whether it has an address of IP in it, with a port, a prefix or a name around it.
fn has_ip(lower: &str) -> bool {
    let is_six = |text: &str| {
        let colons = text.matches(':').count();
        let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
        // With more than four it may be the address of a network card, too.
        colons >= 2 && (text.parse::<IpAddr>().is_ok() || is_hex && colons > 4)
    };
    let number = |text: &&str| (1..=3).contains(&text.len());
    // Also in names, where dashes stand for the dots.
    let has_four = |dot: char| {
        lower.split(|c: char| !c.is_ascii_digit() && c != dot).any(|text| {
            let parts: Vec<_> = text.split(dot).collect();
            parts.windows(4).any(|four| four.iter().all(number))
        })
    };
    let parts = || lower.split(['/', '%', '-']).map(|text| text.trim_matches('.'));
    parts().any(|text| is_six(text) || is_six(text.trim_end_matches(':')))
        || has_four('.')
        || has_four('-')
}

/// Whether it is an id such as `sg-0123abcd` or a UUID.
fn is_id(lower: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    let ends_so = lower.rsplit_once('-').is_some_and(|(kind, id)| {
        !kind.is_empty() && id.len() >= 7 && hex(id) && has_digits(id, 1)
    });
    ends_so || lower.len() >= 16 && hex(lower)
}

/// Whether it is longer than words are, and mixed as words are not.
fn is_long(lower: &str) -> bool {
    let has = |is: fn(u8) -> bool| lower.bytes().any(is);
    lower.len() >= 20 && has(|b| b.is_ascii_digit()) && has(|b| b.is_ascii_lowercase())
}
