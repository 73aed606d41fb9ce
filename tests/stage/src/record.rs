//! Records, as they are found in the stack's table.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use runtime::Page;

use crate::{Result, Trouble};

/// A record of the table: what its flat attributes say, and all of it.
#[derive(Debug, Clone)]
pub struct Record {
    /// `k-...`
    pub id: String,
    /// When it was decided, as the table sorts it.
    pub at: String,
    /// One word: fixed, held, ...
    pub outcome: String,
    /// One line for people.
    pub why: String,
    /// What changed or would change.
    pub changes: Vec<String>,
    /// The remediation; empty if none was called for.
    pub remediation: String,
    /// What set it off.
    pub trigger: String,
    /// All of it.
    pub page: Page,
}

impl Record {
    pub(crate) fn of(item: &HashMap<String, AttributeValue>) -> Result<Self> {
        let text = |name: &str| {
            let value = item.get(name).and_then(|value| value.as_s().ok());
            value.cloned().unwrap_or_default()
        };
        let lines = item.get("changes").and_then(|value| value.as_l().ok()).into_iter().flatten();
        let page = serde_json::from_str(&text("record"));
        Ok(Self {
            id: text("id"),
            at: text("at"),
            outcome: text("outcome"),
            why: text("why"),
            changes: lines.filter_map(|line| line.as_s().ok().cloned()).collect(),
            remediation: text("remediation"),
            trigger: text("trigger"),
            page: page
                .map_err(|error| Trouble::new(&format!("read record {}", text("id")), error))?,
        })
    }

    /// Whether it is about the resource with this id.
    pub fn is_about(&self, id: &str) -> bool {
        self.page.about.resource.rsplit(['/', ':']).next() == Some(id)
    }

    /// The id of what it is about, or what the event called it.
    pub fn resource(&self) -> &str {
        let about = &self.page.about;
        if about.id.is_empty() { &about.resource } else { &about.id }
    }
}
