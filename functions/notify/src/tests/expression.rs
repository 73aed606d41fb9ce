//! As much of DynamoDB's expressions as is used here.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Map, Value};

pub(super) type Item = Map<String, Value>;

/// The names and values of a request.
pub(super) struct Given<'a> {
    pub(super) names: &'a Value,
    pub(super) values: &'a Value,
}

impl Given<'_> {
    fn name(&self, word: &str) -> String {
        if word.starts_with('#') {
            return self.names[word]
                .as_str()
                .unwrap_or_else(|| panic!("no name {word}"))
                .to_owned();
        }
        word.to_owned()
    }

    fn value(&self, word: &str) -> Value {
        let value = &self.values[word];
        assert!(!value.is_null(), "no value {word}");
        value.clone()
    }

    /// Whether the condition holds.
    pub(super) fn holds(&self, condition: &str, item: Option<&Item>) -> bool {
        let spaced = condition.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<_> = spaced.split_whitespace().collect();
        let mut at = 0;
        let holds = self.either(&words, &mut at, item);
        assert_eq!(at, words.len(), "{condition}");
        holds
    }

    fn either(&self, words: &[&str], at: &mut usize, item: Option<&Item>) -> bool {
        let mut holds = self.both(words, at, item);
        while words.get(*at) == Some(&"OR") {
            *at += 1;
            holds |= self.both(words, at, item);
        }
        holds
    }

    fn both(&self, words: &[&str], at: &mut usize, item: Option<&Item>) -> bool {
        let mut holds = self.one(words, at, item);
        while words.get(*at) == Some(&"AND") {
            *at += 1;
            holds &= self.one(words, at, item);
        }
        holds
    }

    fn one(&self, words: &[&str], at: &mut usize, item: Option<&Item>) -> bool {
        let word = words[*at];
        match word {
            "(" => {
                *at += 1;
                let holds = self.either(words, at, item);
                assert_eq!(words[*at], ")");
                *at += 1;
                holds
            }
            "attribute_exists" | "attribute_not_exists" => {
                let name = self.name(words[*at + 2]);
                *at += 4;
                let is_there = item.is_some_and(|item| item.contains_key(&name));
                is_there == (word == "attribute_exists")
            }
            _ => {
                let (name, is, value) =
                    (self.name(word), words[*at + 1], self.value(words[*at + 2]));
                *at += 3;
                let Some(known) = item.and_then(|item| item.get(&name)) else { return false };
                let order = compare(known, &value);
                match is {
                    "=" => order == Ordering::Equal,
                    "<" => order == Ordering::Less,
                    "<=" => order != Ordering::Greater,
                    other => panic!("{other}"),
                }
            }
        }
    }

    /// Makes an update.
    pub(super) fn update(&self, expression: &str, item: &mut Item) {
        let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut verb = "";
        for word in expression.split([' ', ',']).filter(|word| !word.is_empty()) {
            if ["SET", "ADD", "REMOVE"].contains(&word) {
                verb = word;
            } else {
                parts.entry(verb).or_default().push(word);
            }
        }
        for set in parts.get("SET").into_iter().flat_map(|words| words.chunks(3)) {
            assert_eq!(set[1], "=", "{expression}");
            item.insert(self.name(set[0]), self.value(set[2]));
        }
        for name in parts.get("REMOVE").into_iter().flatten() {
            item.remove(&self.name(name));
        }
        for add in parts.get("ADD").into_iter().flat_map(|words| words.chunks(2)) {
            let name = self.name(add[0]);
            let sum = number(item.get(&name)) + number(Some(&self.value(add[1])));
            item.insert(name, serde_json::json!({ "N": sum.to_string() }));
        }
    }
}

fn number(value: Option<&Value>) -> i64 {
    value.map_or(0, |value| value["N"].as_str().unwrap().parse().unwrap())
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one["N"].as_str(), other["N"].as_str()) {
        (Some(_), Some(_)) => number(Some(one)).cmp(&number(Some(other))),
        _ => one["S"].as_str().unwrap().cmp(other["S"].as_str().unwrap()),
    }
}
