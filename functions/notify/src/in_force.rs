//! The rules in force, as they were read last.

use std::{fmt, sync::Arc};

use chrono::TimeDelta;
use futures_util::lock::Mutex;
use lambda::Table;
use remedy::Timestamp;
use routing::Rules;
use runtime::Error;

/// How long they are used: what is pushed holds half a minute later.
const FRESH: TimeDelta = TimeDelta::seconds(25);

/// The rules in force.
pub(crate) struct InForce {
    table: Table,
    kept: Mutex<Option<(Timestamp, u32, Arc<Rules>)>>,
}

impl InForce {
    pub(crate) fn new(table: Table) -> Self {
        Self { table, kept: Mutex::default() }
    }

    /// The rules; where none were pushed: everything to the stack's own mail.
    ///
    /// # Errors
    /// If they cannot be read.
    pub(crate) async fn rules(&self, now: Timestamp) -> Result<Arc<Rules>, Error> {
        // Whoever comes second waits for what the first one reads.
        let mut kept = self.kept.lock().await;
        if let Some((.., rules)) = kept.as_ref().filter(|(at, ..)| (now - *at).abs() <= FRESH) {
            return Ok(Arc::clone(rules));
        }
        let pushed = self.table.rules().await?;
        let version = pushed.as_ref().map_or(0, |pushed| pushed.version);
        let known = kept.take().filter(|(_, known, _)| *known == version);
        let rules = match (known, &pushed) {
            (Some((.., rules)), _) => rules,
            (None, None) => Arc::new(Rules::default()),
            (None, Some(pushed)) => Arc::new(Rules::parse(&pushed.text).map_err(|misread| {
                Error::Refused(format!(
                    "could not use version {version} of the rules: {misread}; push another one (kintsugi rules)"
                ))
            })?),
        };
        *kept = Some((now, version, Arc::clone(&rules)));
        Ok(rules)
    }
}

impl fmt::Debug for InForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InForce")
    }
}
