//! Taking back what was changed.

use runtime::{Outcome, Report, Undo, notice};

use crate::{
    Respond,
    given::{Answered, Done, Given, minute},
};

impl Respond {
    /// Takes back what was changed under a record, and leaves its resource alone for a time.
    pub(crate) async fn undo(&self, given: Given<'_>, record: &str, days: Option<u32>) -> Answered {
        let page = self.page(record).await?;
        page.may_be_undone()?;
        let until = self.end(given.now, days)?;
        let order = Undo { page: &page, by: given.by, why: given.why, until };
        let undoing = self.services.iter().find_map(|service| service.undo(&order, &self.desk));
        let undoing = undoing.ok_or_else(|| {
            format!("record {record} is of `{}`, which no function has", page.remediation)
        })?;
        let report = undoing.await;
        if let Outcome::Unreadable { why } = &report.page.outcome {
            return Err(why.clone());
        }
        if report.page.outcome == Outcome::Open {
            let Report { page, trouble, .. } = report;
            let what = match page.has_made_some() {
                true => format!("record {record} is taken back in part"),
                false => format!("record {record} is not taken back"),
            };
            return Err(format!("{what}: {}; try again", trouble.join("; ")));
        }
        let undone = report.page.clone();
        let mut said = format!(
            "undo of record {record} is {}, record {}: {}",
            undone.outcome.word(),
            undone.id,
            notice::why(&undone)
        );
        if let Some(until) = undone.exempt_until {
            said = format!("{said}; it is left alone until {}", minute(until));
        }
        for trouble in &report.trouble {
            said = format!("{said}; but {trouble}");
        }
        Ok(Done { said, record: Some(undone), reports: vec![report] })
    }
}
