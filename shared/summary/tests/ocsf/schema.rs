//! What the published schema says of an event, as far as its events here go.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The class and its objects.
#[derive(Debug, Deserialize)]
pub(crate) struct Schema {
    pub(crate) version: String,
    class: Thing,
    objects: BTreeMap<String, Thing>,
    types: BTreeMap<String, Type>,
}

#[derive(Debug, Deserialize)]
struct Thing {
    #[serde(default)]
    at_least_one: Vec<String>,
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    requirement: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    array: bool,
    profile: Option<String>,
    #[serde(rename = "enum")]
    values: Option<Vec<i64>>,
}

#[derive(Debug, Deserialize)]
struct Type {
    is: String,
    regex: Option<String>,
}

impl Schema {
    pub(crate) fn read() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../ocsf-7001.json"))
    }

    /// Everything that is wrong with `event`.
    pub(crate) fn faults(&self, event: &Value) -> Vec<String> {
        let profiles = event["metadata"]["profiles"].as_array().cloned().unwrap_or_default();
        let mut faults = Faults { schema: self, profiles, told: Vec::new() };
        match event.as_object() {
            Some(event) => {
                faults.thing(&self.class, event, "");
                faults.numbers(event);
            }
            None => faults.tell("", "is no object"),
        }
        faults.told
    }
}

struct Faults<'a> {
    schema: &'a Schema,
    profiles: Vec<Value>,
    told: Vec<String>,
}

impl Faults<'_> {
    fn tell(&mut self, path: &str, what: &str) {
        self.told.push(format!("{path} {what}").trim().to_owned());
    }

    fn thing(&mut self, thing: &Thing, fields: &Map<String, Value>, path: &str) {
        for (name, attribute) in &thing.attributes {
            let is_required = attribute.requirement == "required" && self.has(attribute);
            if is_required && !fields.contains_key(name) {
                self.tell(&join(path, name), "is missing");
            }
        }
        let one_of = &thing.at_least_one;
        if !one_of.is_empty() && !one_of.iter().any(|name| fields.contains_key(name)) {
            self.tell(path, &format!("has none of {}", one_of.join(", ")));
        }
        for (name, value) in fields {
            let path = join(path, name);
            let Some(attribute) = thing.attributes.get(name) else {
                self.tell(&path, "is not known");
                continue;
            };
            if !self.has(attribute) {
                let profile = attribute.profile.as_deref().unwrap_or_default();
                self.tell(&path, &format!("is only known with the profile {profile}"));
            }
            match (attribute.array, value) {
                (true, Value::Array(list)) => {
                    for (nth, value) in list.iter().enumerate() {
                        self.value(attribute, value, &join(&path, &nth.to_string()));
                    }
                }
                (true, _) => self.tell(&path, "is no list"),
                (false, value) => self.value(attribute, value, &path),
            }
        }
    }

    fn value(&mut self, attribute: &Attribute, value: &Value, path: &str) {
        if let Some(object) = attribute.kind.strip_prefix("object:") {
            match (self.schema.objects.get(object), value.as_object()) {
                // Anything may stand in one that has no attributes.
                (Some(thing), Some(_)) if thing.attributes.is_empty() => {}
                (Some(thing), Some(fields)) => self.thing(thing, fields, path),
                (None, _) => self.tell(path, &format!("is of {object}, which is not listed")),
                (_, None) => self.tell(path, "is no object"),
            }
            return;
        }
        let Some(kind) = self.schema.types.get(&attribute.kind) else {
            return self.tell(path, &format!("is of {}, which is not listed", attribute.kind));
        };
        let is_right = match kind.is.as_str() {
            "string_t" => value.is_string(),
            "boolean_t" => value.is_boolean(),
            "integer_t" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "long_t" => value.as_i64().is_some(),
            _ => false,
        };
        if !is_right {
            self.tell(path, &format!("is no {}", attribute.kind));
        }
        if kind.regex.is_some() {
            self.tell(path, "has a form that is not checked here");
        }
        if let Some(values) = &attribute.values
            && value.as_i64().is_none_or(|value| !values.contains(&value))
        {
            self.tell(path, &format!("is none of {values:?}"));
        }
    }

    /// What the schema only says in words.
    fn numbers(&mut self, event: &Map<String, Value>) {
        let number = |name: &str| event.get(name).and_then(Value::as_i64);
        if let (Some(class), Some(activity)) = (number("class_uid"), number("activity_id"))
            && number("type_uid") != Some(class * 100 + activity)
        {
            self.tell("type_uid", "is not that of class and activity");
        }
        for (id, name) in
            [("activity_id", "activity_name"), ("status_id", "status"), ("severity_id", "severity")]
        {
            if number(id) == Some(99) && !event.contains_key(name) {
                self.tell(name, "is missing, although its number says: other");
            }
        }
    }

    fn has(&self, attribute: &Attribute) -> bool {
        let Some(profile) = &attribute.profile else { return true };
        self.profiles.iter().any(|has| has == profile)
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
