//! A text in TOML, read part by part: whatever is wrong with one does not keep the others from being read.

use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use scope::nearest;

use super::{Misread, Problem};

/// What is read of a text, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    problems: Vec<(usize, String, Option<String>)>,
    warnings: Vec<(usize, String, Option<String>)>,
}

/// A table of the text.
#[derive(Debug)]
pub(super) struct Part<'d> {
    /// How people call it.
    pub(super) what: String,
    /// Where it begins.
    pub(super) at: usize,
    entries: BTreeMap<&'d str, (usize, &'d Spanned<DeValue<'d>>)>,
    allowed: Vec<&'static str>,
}

/// A text in quotes, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'d> {
    pub(super) at: usize,
    pub(super) text: &'d str,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, problems: Vec::new(), warnings: Vec::new() }
    }

    /// Something is wrong at `at`.
    pub(super) fn wrong(&mut self, at: usize, message: impl Into<String>, hint: Option<String>) {
        self.problems.push((at, message.into(), hint));
    }

    /// Something may not be meant.
    pub(super) fn warn(&mut self, at: usize, message: impl Into<String>, hint: Option<String>) {
        self.warnings.push((at, message.into(), hint));
    }

    pub(super) fn wrong_syntax(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            self.wrong(at, error.message().replace('\n', ", "), None);
        }
    }

    pub(super) fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    /// What should be looked at, if nothing is wrong.
    pub(super) fn end(self) -> Result<Vec<Problem>, Misread> {
        let problems = placed(self.text, self.problems);
        if problems.is_empty() {
            Ok(placed(self.text, self.warnings))
        } else {
            Err(Misread { problems })
        }
    }

    /// `word`, which must be one of `allowed`.
    pub(super) fn one_of<'w>(
        &mut self,
        word: Word<'_>,
        what: &str,
        allowed: impl IntoIterator<Item = &'w str>,
    ) -> Option<&'w str> {
        let allowed: Vec<&str> = allowed.into_iter().collect();
        let known = allowed.iter().find(|known| known.eq_ignore_ascii_case(word.text));
        if known.is_none() {
            let hint = hint(word.text, &allowed);
            self.wrong(word.at, format!("`{}` is no {what}", shown(word.text)), hint);
        }
        known.copied()
    }
}

impl<'d> Part<'d> {
    pub(super) fn new(what: impl Into<String>, at: usize, table: &'d DeTable<'d>) -> Self {
        let entries = table.iter().map(|(key, value)| {
            let name: &str = key.get_ref();
            (name, (key.span().start, value))
        });
        Self { what: what.into(), at, entries: entries.collect(), allowed: Vec::new() }
    }

    /// Where the key stands, and its value.
    pub(super) fn take(&mut self, key: &'static str) -> Option<(usize, &'d Spanned<DeValue<'d>>)> {
        self.allowed.push(key);
        self.entries.remove(key)
    }

    /// A text.
    pub(super) fn word(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<Word<'d>> {
        let (_, value) = self.take(key)?;
        let word = word(reader, key, value)?;
        if word.text.trim().is_empty()
            || word.text.len() > 2048
            || word.text.contains(char::is_control)
        {
            let why = format!("`{key}` is to be a line of text");
            reader.wrong(word.at, why, None);
            return None;
        }
        Some(word)
    }

    /// A text that must be there.
    pub(super) fn needs(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<Word<'d>> {
        if !self.entries.contains_key(key) {
            reader.wrong(self.at, format!("{} has no `{key}`", self.what), None);
        }
        self.word(reader, key)
    }

    /// Texts; one alone may stand without brackets.
    pub(super) fn words(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Vec<Word<'d>> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        words(reader, key, value)
    }

    /// A whole number that is not negative.
    pub(super) fn number(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
    ) -> Option<(usize, u64)> {
        let (_, value) = self.take(key)?;
        number(reader, key, value)
    }

    /// A number that must be there.
    pub(super) fn needs_number(&mut self, reader: &mut Reader<'_>, key: &'static str) -> u64 {
        if !self.entries.contains_key(key) {
            reader.wrong(self.at, format!("{} has no `{key}`", self.what), None);
        }
        self.number(reader, key).map(|(_, number)| number).unwrap_or_default()
    }

    /// Whether a flag is set.
    pub(super) fn flag(&mut self, reader: &mut Reader<'_>, key: &'static str) -> bool {
        let Some((_, value)) = self.take(key) else { return false };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            reader.wrong(value.span().start, format!("`{key}` is to be true or false"), None);
        }
        flag.unwrap_or_default()
    }

    /// The entries of a table within.
    pub(super) fn table(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
    ) -> Vec<(Word<'d>, &'d Spanned<DeValue<'d>>)> {
        let Some((at, value)) = self.take(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            reader.wrong(at, format!("`{key}` is to be a table"), None);
            return Vec::new();
        };
        let entry = |(key, value)| {
            let key: &'d Spanned<toml::de::DeString<'d>> = key;
            (Word { at: key.span().start, text: key.get_ref() }, value)
        };
        table.iter().map(entry).collect()
    }

    /// The tables of a list, such as `[[routes]]`.
    pub(super) fn tables(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Vec<Part<'d>> {
        let Some((at, value)) = self.take(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            let hint = format!("write [[{key}]] above each");
            reader.wrong(at, format!("`{key}` is to be a list of tables"), Some(hint));
            return Vec::new();
        };
        let mut parts = Vec::new();
        for (nth, item) in list.iter().enumerate() {
            let at = item.span().start;
            match item.get_ref().as_table() {
                Some(table) => parts.push(Part::new(format!("{key} {}", nth + 1), at, table)),
                None => reader.wrong(at, format!("`{key}` is to be a list of tables"), None),
            }
        }
        parts
    }

    /// Complains of what nobody asked for.
    pub(super) fn end(self, reader: &mut Reader<'_>) {
        for (name, (at, _)) in &self.entries {
            let hint = hint(name, &self.allowed);
            reader.wrong(*at, format!("{} has no `{}`", self.what, shown(name)), hint);
        }
    }
}

/// `value` as a text.
pub(super) fn word<'d>(
    reader: &mut Reader<'_>,
    key: &str,
    value: &'d Spanned<DeValue<'d>>,
) -> Option<Word<'d>> {
    let at = value.span().start;
    let word = value.get_ref().as_str().map(|text| Word { at, text });
    if word.is_none() {
        let hint = Some(format!("write it in quotes: {key} = \"...\""));
        reader.wrong(at, format!("`{key}` is to be a text, not {}", kind(value)), hint);
    }
    word
}

/// `value` as texts.
pub(super) fn words<'d>(
    reader: &mut Reader<'_>,
    key: &str,
    value: &'d Spanned<DeValue<'d>>,
) -> Vec<Word<'d>> {
    match value.get_ref().as_array() {
        Some(list) => list.iter().filter_map(|item| word(reader, key, item)).collect(),
        None => word(reader, key, value).into_iter().collect(),
    }
}

/// `value` as a number.
pub(super) fn number(
    reader: &mut Reader<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<(usize, u64)> {
    let at = value.span().start;
    let written = value.get_ref().as_integer();
    let number = written.and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
    if number.is_none() {
        reader.wrong(at, format!("`{key}` is to be a whole number"), None);
    }
    number.map(|number| (at, number))
}

fn kind(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What was probably meant, or all that may be.
pub(super) fn hint(word: &str, allowed: &[&str]) -> Option<String> {
    match nearest(word, allowed.iter().copied()) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None if allowed.is_empty() => None,
        None => Some(format!("there are {}", allowed.join(", "))),
    }
}

/// Some of a text, for a message.
pub(super) fn shown(text: &str) -> String {
    runtime::notice::clean(text, 60)
}

fn placed(text: &str, mut list: Vec<(usize, String, Option<String>)>) -> Vec<Problem> {
    list.sort_by_key(|(at, ..)| *at);
    let problem = |(at, message, hint)| {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Problem { line, column, message, hint }
    };
    list.into_iter().map(problem).collect()
}
