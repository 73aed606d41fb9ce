//! Rules from their text.

use std::collections::{BTreeMap, BTreeSet};

use remedy::Severity;
use runtime::Stands;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Acceptance, Channel, Escalation, Known, Match, Misread, Regrade, Route, Rules, kinds,
    part::{Part, Reader, Word, hint, shown, words},
    words::{duration, end_of_day, is_account},
};

/// How bad something can be.
pub(super) const SEVERITIES: [&str; 5] = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];
/// How records end of which people are told, and what is told of what nobody repairs.
pub(super) const OUTCOMES: [&str; 11] = [
    "ignored",
    "unreadable",
    "gone",
    "right",
    "held",
    "fixed",
    "partial",
    "not-fixed",
    "failed",
    "ordered",
    "finding",
];
const STANDS: [(&str, Stands); 6] = [
    ("open", Stands::Open),
    ("asks", Stands::Asks),
    ("fixed", Stands::Fixed),
    ("solved", Stands::Solved),
    ("accepted", Stands::Accepted),
    ("notice", Stands::Notice),
];

/// Where the parts of rules stand.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) channels: BTreeMap<String, usize>,
    pub(super) routes: Vec<usize>,
    pub(super) severities: Vec<usize>,
    pub(super) accepted: Vec<usize>,
}

impl Rules {
    /// The rules that `text` tells of. Where neither channels nor routes are written, the usual ones hold.
    ///
    /// # Errors
    /// With all that is wrong with them.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let mut reader = Reader::new(text);
        let (rules, _) = read(&mut reader, text, None);
        reader.end().map(|_| rules)
    }
}

/// What `text` tells of, as far as it can be read.
pub(super) fn read(
    reader: &mut Reader<'_>,
    text: &str,
    known: Option<&Known<'_>>,
) -> (Rules, Places) {
    let (document, errors) = DeTable::parse_recoverable(text);
    reader.wrong_syntax(&errors);
    let usual = Rules::default();
    let mut places = Places::default();
    if !reader.is_fine() {
        return (usual, places);
    }
    let mut all = Part::new("the text", 0, document.get_ref());
    let mut rules = Rules { channels: BTreeMap::new(), routes: Vec::new(), ..usual.clone() };
    let mut whose = Vec::new();
    for (name, value) in all.table(reader, "channels") {
        places.channels.insert(name.text.into(), name.at);
        if let Some(channel) = channel(reader, name, value) {
            rules.channels.insert(name.text.into(), channel);
        }
    }
    let mut to = To { known, places: &places };
    let mut routes = Vec::new();
    for mut part in all.tables(reader, "routes") {
        routes.push(part.at);
        rules.routes.push(to.route(reader, &mut part));
        part.end(reader);
    }
    for mut part in all.tables(reader, "escalations") {
        rules.escalations.extend(to.escalation(reader, &mut part));
        part.end(reader);
    }
    let mut severities = Vec::new();
    for mut part in all.tables(reader, "severities") {
        severities.push(part.at);
        rules.severities.push(to.regrade(reader, &mut part));
        part.end(reader);
    }
    for mut part in all.tables(reader, "accepted") {
        whose.push(part.at);
        rules.accepted.extend(to.acceptance(reader, &mut part, &rules.accepted));
        part.end(reader);
    }
    all.end(reader);
    if places.channels.is_empty() && routes.is_empty() {
        Rules { channels: rules.channels, routes: rules.routes, .. } = usual;
    }
    (rules, Places { routes, severities, accepted: whose, ..places })
}

fn channel<'d>(
    reader: &mut Reader<'_>,
    name: Word<'d>,
    value: &'d Spanned<DeValue<'d>>,
) -> Option<Channel> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if name.text.is_empty() || name.text.len() > 50 || !name.text.bytes().all(is_plain) {
        let hint = Some("take letters, digits, - and _, at most 50".into());
        reader.wrong(
            name.at,
            format!("`{}` cannot be the name of a channel", shown(name.text)),
            hint,
        );
    }
    let Some(table) = value.get_ref().as_table() else {
        let why = format!("the channel `{}` is to be a table", shown(name.text));
        reader.wrong(name.at, why, Some(format!("write [channels.{}]", shown(name.text))));
        return None;
    };
    let mut part = Part::new(format!("the channel {}", shown(name.text)), name.at, table);
    let channel = kinds::channel(reader, &mut part);
    // Which keys there are depends on the kind.
    if channel.is_some() {
        part.end(reader);
    }
    channel
}

/// What parts are read against.
struct To<'a> {
    known: Option<&'a Known<'a>>,
    places: &'a Places,
}

impl To<'_> {
    fn route(&mut self, reader: &mut Reader<'_>, part: &mut Part<'_>) -> Route {
        let severity = severity(reader, part, "severity");
        let on = self.on(reader, part, severity);
        let at = part.at;
        let to = part.take("to").map(|(_, value)| words(reader, "to", value));
        if to.is_none() {
            let hint = Some("write to = [\"CHANNEL\"], or to = [] for nobody".into());
            reader.wrong(at, format!("{} leads nowhere", part.what), hint);
        }
        let to = self.channels(reader, to.unwrap_or_default());
        Route { on, to, last: part.flag(reader, "last") }
    }

    fn escalation(&mut self, reader: &mut Reader<'_>, part: &mut Part<'_>) -> Option<Escalation> {
        let severity = severity(reader, part, "severity").or(Some(Severity::Critical));
        let on = self.on(reader, part, severity);
        let after = part.needs(reader, "after");
        let after = after.and_then(|word| duration(reader, word, ["1m", "30d"]));
        let to = part.words(reader, "to");
        if to.is_empty() {
            reader.wrong(part.at, format!("{} does not say to whom", part.what), None);
        }
        let to = self.channels(reader, to);
        Some(Escalation { on, after: after?, to })
    }

    fn regrade(&mut self, reader: &mut Reader<'_>, part: &mut Part<'_>) -> Regrade {
        let found = severity(reader, part, "found");
        let on = self.on(reader, part, found);
        let word = part.needs(reader, "severity");
        let severity = word.and_then(|word| as_severity(reader, word)).unwrap_or_default();
        let reason = part.needs(reader, "reason").map(|word| word.text.to_owned());
        if on == Match::default() {
            let hint = Some("name controls, resources, accounts or tags".into());
            reader.wrong(part.at, format!("{} is about every finding", part.what), hint);
        }
        Regrade { on, severity, reason: reason.unwrap_or_default() }
    }

    fn acceptance(
        &mut self,
        reader: &mut Reader<'_>,
        part: &mut Part<'_>,
        others: &[Acceptance],
    ) -> Option<Acceptance> {
        let severity = severity(reader, part, "severity");
        let on = self.on(reader, part, severity);
        let name = part.needs(reader, "name");
        let reason = part.needs(reader, "reason");
        let owner = part.needs(reader, "owner");
        let until = until(reader, part);
        if let Some(name) = name.filter(|name| others.iter().any(|other| other.name == name.text)) {
            let why = format!("another accepted risk is called `{}`, too", shown(name.text));
            reader.wrong(name.at, why, None);
        }
        if on.controls.is_empty() && on.resources.is_empty() {
            let hint = Some("name controls, resources, or both".into());
            reader.wrong(part.at, format!("{} does not say which findings", part.what), hint);
        }
        Some(Acceptance {
            name: name?.text.into(),
            on,
            reason: reason?.text.into(),
            owner: owner?.text.into(),
            until: until?,
        })
    }

    fn on(
        &mut self,
        reader: &mut Reader<'_>,
        part: &mut Part<'_>,
        severity: Option<Severity>,
    ) -> Match {
        let accounts = part.words(reader, "accounts");
        for word in accounts.iter().filter(|word| !is_account(word.text)) {
            let hint = Some("an account has twelve digits".into());
            reader.wrong(word.at, format!("`{}` is no account", shown(word.text)), hint);
        }
        let outcomes = part.words(reader, "outcomes");
        let outcomes =
            outcomes.into_iter().filter_map(|word| reader.one_of(word, "outcome", OUTCOMES));
        let outcomes = outcomes.map(str::to_owned).collect();
        let stands = part.words(reader, "stands");
        let names = STANDS.map(|(name, _)| name);
        let stands = stands.into_iter().filter_map(|word| {
            let name = reader.one_of(word, "way to stand", names)?;
            STANDS.iter().find(|(known, _)| *known == name).map(|(_, stands)| *stands)
        });
        let stands = stands.collect();
        let remediations = part.words(reader, "remediations");
        for word in &remediations {
            self.remediation(reader, *word);
        }
        let mut patterns = |key| {
            let words = part.words(reader, key);
            for word in &words {
                pattern(reader, *word);
            }
            set(words)
        };
        Match {
            severity,
            regions: patterns("regions"),
            controls: patterns("controls"),
            resources: patterns("resources"),
            accounts: set(accounts),
            remediations: set(remediations),
            tags: tags(reader, part),
            outcomes,
            stands,
        }
    }

    fn channels(&self, reader: &mut Reader<'_>, words: Vec<Word<'_>>) -> Vec<String> {
        // The usual channels hold only where no others are written.
        let names: Vec<&str> = self.places.channels.keys().map(String::as_str).collect();
        for word in words.iter().filter(|word| !names.contains(&word.text)) {
            let hint = hint(word.text, &names);
            reader.wrong(word.at, format!("there is no channel `{}`", shown(word.text)), hint);
        }
        words.into_iter().map(|word| word.text.to_owned()).collect()
    }

    fn remediation(&self, reader: &mut Reader<'_>, word: Word<'_>) {
        pattern(reader, word);
        let Some(known) = self.known else { return };
        let is_known = match word.text.strip_suffix('*') {
            Some(beginning) => known.remediations.iter().any(|id| id.starts_with(beginning)),
            None => known.remediations.contains(&word.text),
        };
        if !is_known {
            let meant = scope::nearest(word.text, known.remediations.iter().copied());
            let hint = meant.map(|meant| format!("did you mean `{meant}`?"));
            reader.wrong(word.at, format!("there is no remediation `{}`", shown(word.text)), hint);
        }
    }
}

fn set(words: Vec<Word<'_>>) -> BTreeSet<String> {
    words.into_iter().map(|word| word.text.to_owned()).collect()
}

/// A star stands at the end, or nowhere.
fn pattern(reader: &mut Reader<'_>, word: Word<'_>) {
    let text = word.text.strip_suffix('*').unwrap_or(word.text);
    if text.contains('*') || word.text.is_empty() {
        let hint = Some("a * may only stand at the end".into());
        reader.wrong(word.at, format!("`{}` means nothing", shown(word.text)), hint);
    }
}

fn tags(reader: &mut Reader<'_>, part: &mut Part<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut tags = BTreeMap::new();
    for (key, value) in part.table(reader, "tags") {
        let values = words(reader, key.text, value);
        if values.is_empty() {
            let hint = Some("write \"*\" for any value".into());
            reader.wrong(key.at, format!("the tag `{}` has no value", shown(key.text)), hint);
        }
        for word in &values {
            pattern(reader, *word);
        }
        tags.insert(key.text.to_owned(), set(values));
    }
    tags
}

fn severity(reader: &mut Reader<'_>, part: &mut Part<'_>, key: &'static str) -> Option<Severity> {
    let word = part.word(reader, key)?;
    as_severity(reader, word)
}

/// How bad `word` is.
pub(super) fn as_severity(reader: &mut Reader<'_>, word: Word<'_>) -> Option<Severity> {
    reader.one_of(word, "severity", SEVERITIES).and_then(Severity::from_label)
}

/// The end of a day, which may stand with or without quotes.
fn until(reader: &mut Reader<'_>, part: &mut Part<'_>) -> Option<remedy::Timestamp> {
    let Some((_, value)) = part.take("until") else {
        reader.wrong(part.at, format!("{} has no `until`", part.what), None);
        return None;
    };
    let plain = value.get_ref().as_datetime().map(ToString::to_string);
    let text = plain.or_else(|| value.get_ref().as_str().map(str::to_owned));
    let until = text.as_deref().and_then(end_of_day);
    if until.is_none() {
        let hint = Some("write it like 2027-03-31".into());
        reader.wrong(value.span().start, "`until` is to be a day", hint);
    }
    until
}
