//! What a finding and its news name, and nobody outside is told.

use std::collections::BTreeSet;

use runtime::News;
use serde_json::Value;

use super::{replaced, shape, visible, words};

/// Bytes of a text that are looked at.
const LONGEST: usize = 16 * 1024;
/// A name that is shorter is no name, or any word might be it.
const SHORTEST: usize = 3;
/// A name that is shorter than this counts only where it stands alone.
const DISTINCT: usize = 6;
/// What takes the place of a name.
const NAME: &str = "[resource]";
/// What takes the place of a word in a line of our own that may be a name.
const MAYBE: &str = "[name]";

/// Parts of a finding that name nothing of the account, or are told.
const TOLD: &[&str] = &[
    "Title",
    "Description",
    "Severity",
    "Types",
    "Compliance",
    "Workflow",
    "WorkflowState",
    "RecordState",
    "SchemaVersion",
    "Remediation",
    "CreatedAt",
    "UpdatedAt",
    "FirstObservedAt",
    "LastObservedAt",
    "ProcessedAt",
    "FindingProviderFields",
    "CompanyName",
    "ProductName",
    "Region",
    "severity",
    "compliance",
    "remediation",
    "activity_name",
    "category_name",
    "class_name",
    "type_name",
    "status",
    "time_dt",
    "vendor_attributes",
];
/// The same within others.
const TOLD_WITHIN: &[(&str, &[&str])] = &[
    ("Resources", &["Type", "Partition", "Region", "ResourceRole"]),
    ("resources", &["type", "region", "cloud_partition"]),
    ("cloud", &["provider", "region"]),
    ("metadata", &["product", "profiles", "version"]),
    (
        "finding_info",
        &[
            "title",
            "desc",
            "types",
            "created_time_dt",
            "first_seen_time_dt",
            "last_seen_time_dt",
            "modified_time_dt",
        ],
    ),
];
/// What names of fields are names of people in.
const NAMED: [&str; 3] = ["Tags", "tags", "UserDefinedFields"];
/// What names are put together with.
const JOINS: &[char] = &[':', '/', '"', ',', ';', '|', '=', '{', '}', '[', ']'];

/// Words that are values in findings and names of nothing.
const COMMON: &[&str] = &[
    "account",
    "active",
    "all",
    "allow",
    "amazon",
    "any",
    "api",
    "app",
    "arn",
    "assumed-role",
    "available",
    "aws",
    "bucket",
    "cluster",
    "data",
    "database",
    "db",
    "default",
    "deny",
    "disabled",
    "ec2",
    "enabled",
    "encrypted",
    "endpoint",
    "example",
    "failed",
    "false",
    "finding",
    "function",
    "group",
    "guardduty",
    "high",
    "http",
    "https",
    "iam",
    "icmp",
    "image",
    "inbound",
    "instance",
    "key",
    "kms",
    "lambda",
    "listener",
    "loadbalancer",
    "log-group",
    "low",
    "medium",
    "network",
    "new",
    "none",
    "null",
    "outbound",
    "passed",
    "policy",
    "port",
    "private",
    "product",
    "public",
    "queue",
    "rds",
    "role",
    "root",
    "rule",
    "running",
    "s3",
    "secret",
    "security",
    "security group",
    "security hub",
    "security-control",
    "security-group",
    "securityhub",
    "service",
    "snapshot",
    "ssh",
    "stack",
    "state",
    "status",
    "stopped",
    "subnet",
    "table",
    "target",
    "tcp",
    "the",
    "topic",
    "traffic",
    "trail",
    "true",
    "type",
    "udp",
    "unknown",
    "user",
    "value",
    "volume",
    "vpc",
];

/// Names that are replaced, in lower case.
#[derive(Debug)]
pub(crate) struct Kept(BTreeSet<String>);

impl Kept {
    /// What `news` and `finding` name; `control` is told.
    pub(crate) fn of(news: &News, finding: Option<&Value>, control: &str) -> Self {
        let mut kept = Self(BTreeSet::new());
        let place = news.place.iter().map(|place| &place.account);
        let tags = news.tags.iter().flat_map(|(key, value)| [key, value]);
        let findings = news.findings.iter().flat_map(|finding| match finding {
            remedy::Finding::Asff { id, product } => [Some(id), Some(product)],
            remedy::Finding::Ocsf { uid } => [Some(uid), None],
        });
        let own = [&news.case, &news.trigger, &news.id, &news.resource];
        let more = [&news.label, &news.record, &news.link].into_iter().flatten();
        let own = own.into_iter().chain(more).chain(place).chain(tags).chain(findings.flatten());
        own.for_each(|name| kept.add(name));
        for (key, value) in finding.and_then(Value::as_object).into_iter().flatten() {
            let within = TOLD_WITHIN.iter().find(|(within, _)| within == key);
            match within {
                _ if TOLD.contains(&key.as_str()) => {}
                Some((_, told)) => kept.add_but(value, told),
                None => kept.add_field(key, value),
            }
        }
        kept.0.remove(&control.to_ascii_lowercase());
        kept
    }

    /// All but these fields of it, or of what it lists.
    fn add_but(&mut self, value: &Value, told: &[&str]) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.add_but(value, told)),
            Value::Object(fields) => {
                let kept = fields.iter().filter(|(key, _)| !told.contains(&key.as_str()));
                kept.for_each(|(key, value)| self.add_field(key, value));
            }
            other => self.add_all(other),
        }
    }

    fn add_all(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Array(values) => values.iter().for_each(|value| self.add_all(value)),
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| self.add_field(key, value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn add_field(&mut self, key: &str, value: &Value) {
        if let Value::Object(named) = value
            && NAMED.contains(&key)
        {
            named.keys().for_each(|key| self.add(key));
        }
        self.add_all(value);
    }

    /// A name, and what it is put together of.
    fn add(&mut self, name: &str) {
        let name = visible(name).to_ascii_lowercase();
        for part in name.split(JOINS).chain([name.as_str()]).map(str::trim) {
            let is_port = part.len() < DISTINCT && part.bytes().all(|b| b.is_ascii_digit());
            if part.len() >= SHORTEST && !COMMON.contains(&part) && !is_port {
                self.0.insert(part.to_owned());
            }
        }
    }

    /// `text` by others, without names.
    pub(crate) fn free(&self, text: &str) -> String {
        self.without(text, shape::of_account)
    }

    /// A line of our own, which has names where nothing tells them from words: only what looks like a word is
    /// left.
    pub(crate) fn strict(&self, text: &str) -> String {
        self.without(text, |word| {
            shape::of_account(word).or_else(|| (!shape::is_plain(word)).then_some(MAYBE))
        })
    }

    fn without(&self, text: &str, of: impl Fn(&str) -> Option<&'static str>) -> String {
        let text = visible(cut(text));
        let lower = text.to_ascii_lowercase();
        let named = self.0.iter().flat_map(|name| {
            let found = lower.match_indices(name.as_str());
            let counts = |at: usize| name.len() >= DISTINCT || stands_alone(&lower, at, name.len());
            let found = found.filter(move |(at, _)| counts(*at));
            found.map(|(at, name)| (at, at + name.len(), NAME))
        });
        let shaped = words(&text);
        let shaped = shaped.iter().filter_map(|(at, word)| Some((*at, at + word.len(), of(word)?)));
        let quoted = quoted(&text).into_iter().map(|(from, to)| (from, to, MAYBE));
        let parts = named.chain(shaped).chain(quoted).collect();
        replaced(&text, parts)
    }
}

/// Whether no letter and no digit stands beside.
fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at + length..).and_then(|after| after.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}

/// What stands between quotation marks, if it is no longer than names are.
fn quoted(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for mark in ['"', '`'] {
        let mut marks = text.match_indices(mark).map(|(at, _)| at);
        while let (Some(from), Some(to)) = (marks.next(), marks.next()) {
            found.push((from + 1, to));
        }
    }
    found.retain(|(from, to)| from < to && to - from <= 100);
    found
}

/// The beginning of `text`, and no half word.
fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let mut at = LONGEST;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let text = text.get(..at).unwrap_or_default();
    text.rsplit_once(char::is_whitespace).map_or("", |(whole, _)| whole)
}
