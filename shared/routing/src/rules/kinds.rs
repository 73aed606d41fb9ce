//! Channels from their text.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use remedy::Severity;
use scope::Window;

use super::{
    Backlog, Channel, Jira, Kind,
    part::{Part, Reader, number, word},
    text::{SEVERITIES, as_severity},
    words::{address, duration, site, topic},
};

const KINDS: [&str; 6] = ["mail", "chat", "slack", "webhook", "jira", "backlog"];
/// Where Slack's Web API is.
const SLACK: &str = "https://slack.com/api";
/// Sites of Backlog.
const BACKLOG: [&str; 3] = [".backlog.com", ".backlog.jp", ".backlogtool.com"];

/// What a channel's table tells of.
pub(super) fn channel(reader: &mut Reader<'_>, part: &mut Part<'_>) -> Option<Channel> {
    let word = part.needs(reader, "kind")?;
    let kind = match reader.one_of(word, "kind of channel", KINDS)? {
        "mail" => {
            let topic = part.word(reader, "topic").and_then(|word| topic(reader, word));
            Kind::Mail { topic }
        }
        "chat" => {
            let topic = part.needs(reader, "topic").and_then(|word| topic(reader, word));
            Kind::Chat { topic: topic.unwrap_or_default() }
        }
        "slack" => slack(reader, part),
        "webhook" => {
            let url = part.needs(reader, "url").and_then(|word| address(reader, word));
            Kind::Webhook { url: url.unwrap_or_default(), secret: secret(reader, part) }
        }
        "jira" => Kind::Jira(jira(reader, part)),
        _ => Kind::Backlog(backlog(reader, part)),
    };
    let mut channel = Channel::new(kind);
    manners(reader, part, &mut channel);
    Some(channel)
}

fn manners(reader: &mut Reader<'_>, part: &mut Part<'_>, channel: &mut Channel) {
    if let Some(severity) = severity(reader, part, "at_once") {
        channel.at_once = severity;
    }
    if let Some(severity) = severity(reader, part, "quiet_except") {
        channel.quiet_except = severity;
    }
    let window = part.word(reader, "window").and_then(|word| duration(reader, word, ["1m", "24h"]));
    if let Some(window) = window {
        channel.window = window;
    }
    let remind =
        part.word(reader, "remind").and_then(|word| duration(reader, word, ["1h", "365d"]));
    channel.remind = remind;
    if let Some((at, most)) = part.number(reader, "most") {
        match u32::try_from(most) {
            Ok(most @ 1..=1_000) => channel.most = most,
            _ => reader.wrong(at, "`most` is not from 1 to 1000", None),
        }
    }
    if let Some(word) = part.word(reader, "quiet") {
        match Window::parse(word.text) {
            Ok(quiet) if is_always(&quiet) => {
                let hint = Some("leave it out of the routes instead".into());
                reader.wrong(word.at, "it would be quiet for ever", hint);
            }
            Ok(quiet) => channel.quiet = Some(quiet),
            Err(why) => reader.wrong(word.at, why.message, Some(why.hint)),
        }
    }
}

fn is_always(window: &Window) -> bool {
    let monday = remedy::Timestamp::default();
    let minutes = (0..7 * 24 * 60).map(|n| monday.checked_add_signed(TimeDelta::minutes(n)));
    minutes.into_iter().flatten().all(|minute| window.is_open(minute))
}

fn severity(reader: &mut Reader<'_>, part: &mut Part<'_>, key: &'static str) -> Option<Severity> {
    let word = part.word(reader, key)?;
    as_severity(reader, word)
}

/// The name or ARN of a secret. What stands there may be the secret itself, so it is not repeated.
fn secret(reader: &mut Reader<'_>, part: &mut Part<'_>) -> String {
    let Some(word) = part.needs(reader, "secret") else { return String::new() };
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/_+=.@:-".contains(&b);
    let is_address = word.text.contains("://");
    if word.text.len() > 512 || is_address || !word.text.bytes().all(is_plain) {
        let hint = Some("keep it in Secrets Manager, and write its name or ARN here".into());
        reader.wrong(word.at, "`secret` is not the name of a secret", hint);
    }
    word.text.into()
}

fn slack(reader: &mut Reader<'_>, part: &mut Part<'_>) -> Kind {
    let secret = secret(reader, part);
    let channel = part.word(reader, "channel");
    let is_id = |text: &str| {
        text.len() >= 5
            && text.starts_with(['C', 'G', 'D'])
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    if let Some(word) = channel.filter(|word| !is_id(word.text)) {
        let hint =
            Some("its id is at the end of \"View channel details\", such as C0123456789".into());
        reader.wrong(word.at, "this is not the id of a channel of Slack", hint);
    }
    let api = part.word(reader, "api").and_then(|word| address(reader, word));
    Kind::Slack {
        secret,
        channel: channel.map(|word| word.text.into()),
        api: api.unwrap_or_else(|| SLACK.into()),
    }
}

fn jira(reader: &mut Reader<'_>, part: &mut Part<'_>) -> Jira {
    let site = part.needs(reader, "site").and_then(|word| site(reader, word, &[".atlassian.net"]));
    let project = part.needs(reader, "project");
    let is_key = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    if let Some(word) = project.filter(|word| !is_key(word.text)) {
        let hint = Some("its issues are called KEY-1, KEY-2".into());
        reader.wrong(word.at, "this is not the key of a project", hint);
    }
    let labels = part.words(reader, "labels");
    for word in labels.iter().filter(|word| word.text.is_empty() || word.text.contains(' ')) {
        reader.wrong(word.at, "a label of Jira has no spaces", None);
    }
    let priorities = priorities(reader, part, |reader, value| {
        word(reader, "priorities", value).map(|word| word.text.to_owned())
    });
    let mut text = |key| part.word(reader, key).map(|word| word.text.to_owned());
    let (issue_type, assignee) = (text("issue_type"), text("assignee"));
    let (close, reopen) = (text("close"), text("reopen"));
    Jira {
        site: site.unwrap_or_default(),
        secret: secret(reader, part),
        project: project.map(|word| word.text.into()).unwrap_or_default(),
        issue_type: issue_type.unwrap_or_else(|| "Task".into()),
        priorities,
        assignee,
        labels: labels.into_iter().map(|word| word.text.to_owned()).collect::<BTreeSet<_>>(),
        close,
        reopen,
    }
}

fn backlog(reader: &mut Reader<'_>, part: &mut Part<'_>) -> Backlog {
    let site = part.needs(reader, "site").and_then(|word| site(reader, word, &BACKLOG));
    let priorities = priorities(reader, part, |reader, value| {
        let (at, id) = number(reader, "priorities", value)?;
        if !(2..=4).contains(&id) {
            let hint = Some("2 is high, 3 normal, 4 low".into());
            reader.wrong(at, format!("{id} is no priority of Backlog"), hint);
        }
        Some(id)
    });
    let categories = part.take("categories").map(|(_, value)| {
        let list = value.get_ref().as_array();
        if list.is_none() {
            reader.wrong(value.span().start, "`categories` is to be a list of numbers", None);
        }
        let ids = list.into_iter().flat_map(|list| list.iter());
        ids.filter_map(|id| number(reader, "categories", id)).map(|(_, id)| id).collect()
    });
    let secret = secret(reader, part);
    let mut id = |key| part.number(reader, key).map(|(_, id)| id);
    let (assignee, close, reopen) = (id("assignee"), id("close"), id("reopen"));
    Backlog {
        site: site.unwrap_or_default(),
        secret,
        project: part.needs_number(reader, "project"),
        issue_type: part.needs_number(reader, "issue_type"),
        priorities,
        assignee,
        categories: categories.unwrap_or_default(),
        close,
        reopen: reopen.unwrap_or(1),
    }
}

/// What stands for each severity.
fn priorities<T>(
    reader: &mut Reader<'_>,
    part: &mut Part<'_>,
    read: impl Fn(&mut Reader<'_>, &toml::Spanned<toml::de::DeValue<'_>>) -> Option<T>,
) -> BTreeMap<Severity, T> {
    let mut all = BTreeMap::new();
    for (key, value) in part.table(reader, "priorities") {
        let severity = reader.one_of(key, "severity", SEVERITIES).and_then(Severity::from_label);
        let value = read(reader, value);
        all.extend(severity.zip(value));
    }
    all
}
